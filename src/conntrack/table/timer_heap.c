/* SPDX-License-Identifier: GPL-2.0-only */
/* timer_heap.c - timers that end within the next milliseconds, in order. */
#include "conntrack/table/timer.h"

static uint64_t timer_id(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? expect_get(ct, number)->id :
				     table_entry(ct, number)->id;
}

static bool earlier(const struct ct *ct, const struct timer_node *a,
		    const struct timer_node *b)
{
	if (a->when != b->when)
		return a->when < b->when;
	if ((a->number ^ b->number) & EXPECT_BIT)
		return b->number & EXPECT_BIT;
	return timer_id(ct, a->number) < timer_id(ct, b->number);
}

static void place(struct ct *ct, uint32_t pos, struct timer_node node)
{
	ct->timers.heap[pos] = node;
	*timer_place(ct, node.number) = pos;
}

static void sift_up(struct ct *ct, uint32_t pos, struct timer_node node)
{
	const struct timer_node *heap = ct->timers.heap;

	while (pos > 1 && earlier(ct, &node, &heap[pos / 2])) {
		place(ct, pos, heap[pos / 2]);
		pos /= 2;
	}
	place(ct, pos, node);
}

static void sift_down(struct ct *ct, uint32_t pos, struct timer_node node)
{
	const struct timer_node *heap = ct->timers.heap;
	uint32_t len = ct->timers.heap_len;

	for (;;) {
		uint32_t child = pos * 2;

		if (child > len)
			break;
		if (child < len && earlier(ct, &heap[child + 1], &heap[child]))
			child++;
		if (!earlier(ct, &heap[child], &node))
			break;
		place(ct, pos, heap[child]);
		pos = child;
	}
	place(ct, pos, node);
}

void heap_remove(struct ct *ct, uint32_t pos)
{
	struct timers *t = &ct->timers;
	struct timer_node last = t->heap[t->heap_len--];

	if (pos > t->heap_len)
		return;
	if (pos > 1 && earlier(ct, &last, &t->heap[pos / 2]))
		sift_up(ct, pos, last);
	else
		sift_down(ct, pos, last);
}

void heap_add(struct ct *ct, uint32_t number)
{
	struct timer_node node = { .when = timer_expires(ct, number),
				   .number = number };

	/* Its connection ends soon, if nothing comes. */
	if (!(number & EXPECT_BIT)) {
		fetch((const char *)table_entry(ct, number) + CACHE_LINE);
		index_fetch(ct, entry_rest(ct, number)->hash);
	}
	sift_up(ct, ++ct->timers.heap_len, node);
}

void heap_nearer(struct ct *ct, uint32_t pos, ct_time when)
{
	struct timer_node node = ct->timers.heap[pos];

	node.when = when;
	sift_up(ct, pos, node);
}
