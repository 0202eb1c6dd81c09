/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/source_heap.h"

#include <stdlib.h>

bool source_heap_init(struct source_heap *h, size_t capacity)
{
	h->n = 0;
	h->at = calloc(capacity + 1, sizeof(*h->at));
	return h->at != NULL;
}

static bool before(const struct source *a, const struct source *b)
{
	return a->time != b->time ? a->time < b->time : a->rank < b->rank;
}

static void swap(struct source **a, struct source **b)
{
	struct source *t = *a;

	*a = *b;
	*b = t;
}

void source_heap_moved(struct source_heap *h)
{
	size_t i = 0;

	for (;;) {
		size_t least = i, child = 2 * i + 1;

		for (size_t k = child; k < child + 2 && k < h->n; k++)
			if (before(h->at[k], h->at[least]))
				least = k;
		if (least == i)
			return;
		swap(&h->at[i], &h->at[least]);
		i = least;
	}
}

void source_heap_push(struct source_heap *h, struct source *s)
{
	size_t i = h->n++;

	h->at[i] = s;
	while (i > 0 && before(h->at[i], h->at[(i - 1) / 2])) {
		swap(&h->at[i], &h->at[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

void source_heap_pop(struct source_heap *h)
{
	h->at[0] = h->at[--h->n];
	source_heap_moved(h);
}

bool source_heap_latest(const struct source_heap *h, uint64_t *latest)
{
	const struct source *second;

	*latest = UINT64_MAX;
	if (h->n < 2)
		return true;
	second = h->n > 2 && before(h->at[2], h->at[1]) ? h->at[2] : h->at[1];
	*latest = second->time;
	if (second->rank > h->at[0]->rank)
		return true;
	return (*latest)-- > 0;
}
