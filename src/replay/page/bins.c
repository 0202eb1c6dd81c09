/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/bins.h"

#include <stdlib.h>
#include <string.h>

bool bins_init(struct bins *b)
{
	*b = (struct bins){ .width = BIN_MIN };
	b->bin = calloc(BINS, sizeof(*b->bin));
	return b->bin != NULL;
}

void bins_free(struct bins *b)
{
	free(b->bin);
}

void bins_start(struct bins *b, ct_time start)
{
	b->start = start;
	b->end = start + b->width;
}

/* Two bins become one. */
static void unite(struct bin *to, const struct bin *a, const struct bin *b)
{
	struct bin both = *b;

	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		both.word[i] += a->word[i];
	both.dropped += a->dropped;
	if (a->most > both.most)
		both.most = a->most;
	*to = both;
}

static void halve(struct bins *b)
{
	for (size_t i = 0; i < BINS / 2; i++)
		unite(&b->bin[i], &b->bin[2 * i], &b->bin[2 * i + 1]);
	memset(b->bin + BINS / 2, 0, BINS / 2 * sizeof(*b->bin));
	b->width *= 2;
	b->current /= 2;
}

static void close_current(struct bins *b)
{
	memcpy(b->bin[b->current].live, b->live, sizeof(b->live));
}

void bins_advance_slowly(struct bins *b, ct_time now)
{
	uint64_t since = now - b->start;

	while (since / b->width >= BINS)
		halve(b);
	while (b->current < since / b->width) {
		close_current(b);
		b->current++;
		b->bin[b->current].most = b->entries;
	}
	b->end = b->start + (b->current + 1) * b->width;
}

void bins_add(struct bins *b, uint8_t state)
{
	b->live[state]++;
	if (++b->entries > b->bin[b->current].most)
		b->bin[b->current].most = b->entries;
}

void bins_remove(struct bins *b, uint8_t state)
{
	b->live[state]--;
	b->entries--;
}

void bins_move(struct bins *b, uint8_t from, uint8_t to)
{
	b->live[from]--;
	b->live[to]++;
}

void bins_close(struct bins *b)
{
	close_current(b);
}
