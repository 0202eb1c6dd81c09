/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/hosts.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 256u

void hosts_init(struct hosts *h)
{
	*h = (struct hosts){ .n = 0 };
	keyed_hash_init(&h->hash);
}

void hosts_free(struct hosts *h)
{
	free(h->host);
	free(h->place);
}

static uint32_t hash(const struct hosts *h, const union ct_addr *a)
{
	uint64_t words[2];

	memcpy(words, a, sizeof(words));
	return keyed_hash_words(&h->hash, words, 2);
}

/* The place of the address, or the free place where it would be. */
static uint32_t *place_of(const struct hosts *h, const union ct_addr *a, uint8_t l3num)
{
	for (uint32_t i = hash(h, a);; i++) {
		uint32_t *p = &h->place[i & (2 * h->capacity - 1)];

		if (!*p || (h->host[*p - 1].l3num == l3num &&
			    memcmp(&h->host[*p - 1].addr, a, sizeof(*a)) == 0))
			return p;
	}
}

static bool grow(struct hosts *h)
{
	uint32_t capacity = h->capacity ? 2 * h->capacity : CAPACITY_MIN;
	struct page_host *host = realloc(h->host, capacity * sizeof(*host));
	uint32_t *place;

	if (!host)
		return false;
	h->host = host;
	place = calloc(2 * (size_t)capacity, sizeof(*place));
	if (!place)
		return false;
	free(h->place);
	h->place = place;
	h->capacity = capacity;
	for (uint32_t i = 0; i < h->n; i++)
		*place_of(h, &host[i].addr, host[i].l3num) = i + 1;
	return true;
}

bool hosts_find(struct hosts *h, const union ct_addr *a, uint8_t l3num, uint32_t most,
		uint32_t *number)
{
	uint32_t *p;

	*number = 0;
	if (h->n == h->capacity && !grow(h))
		return false;
	p = place_of(h, a, l3num);
	if (!*p && h->n < most) {
		h->host[h->n] = (struct page_host){ *a, l3num };
		*p = ++h->n;
	}
	*number = *p;
	return true;
}
