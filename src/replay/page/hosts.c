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
	hash_index_free(&h->index);
}

static uint32_t hash(const struct hosts *h, const union ct_addr *a)
{
	uint64_t words[2];

	memcpy(words, a, sizeof(words));
	return keyed_hash_words(&h->hash, words, 2);
}

static bool is_host(const void *a, const void *b)
{
	const struct page_host *x = a, *y = b;

	return x->l3num == y->l3num && memcmp(&x->addr, &y->addr, sizeof(x->addr)) == 0;
}

static bool grow(struct hosts *h)
{
	struct page_host *host =
		hash_index_grow(&h->index, h->host, sizeof(*host), CAPACITY_MIN);

	if (host)
		h->host = host;
	return host != NULL;
}

bool hosts_find(struct hosts *h, const union ct_addr *a, uint8_t l3num, uint32_t most,
		uint32_t *number)
{
	const struct page_host key = { *a, l3num };
	uint32_t at = hash(h, a);
	struct hash_place *p;

	*number = 0;
	if (h->n == h->index.capacity && !grow(h))
		return false;
	p = hash_index_place(&h->index, at, h->host, sizeof(key), is_host, &key);
	if (!p->number && h->n < most) {
		h->host[h->n] = key;
		*p = (struct hash_place){ .hash = at, .number = ++h->n };
	}
	*number = p->number;
	return true;
}
