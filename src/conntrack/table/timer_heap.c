/* SPDX-License-Identifier: GPL-2.0-only */
/* timer_heap.c - timers that expire within the next milliseconds, in order. */
#include "conntrack/table/timer_heap.h"

#include "conntrack/table/index.h"

static uint64_t timer_id(const struct table *t, uint32_t number)
{
	return number & EXPECT_BIT ? t->expect[number & ~EXPECT_BIT]->id :
				     table_entry(t, number)->id;
}

static bool earlier(const struct table *t, const struct timer_node *a,
		    const struct timer_node *b)
{
	if (a->when != b->when)
		return a->when < b->when;
	if ((a->number ^ b->number) & EXPECT_BIT)
		return b->number & EXPECT_BIT;
	return timer_id(t, a->number) < timer_id(t, b->number);
}

static void place(struct table *t, uint32_t pos, struct timer_node node)
{
	t->timers.heap[pos] = node;
	timer_of(t, node.number)->place = pos;
}

static void sift_up(struct table *t, uint32_t pos, struct timer_node node)
{
	const struct timer_node *heap = t->timers.heap;

	while (pos > 1 && earlier(t, &node, &heap[pos / 2])) {
		place(t, pos, heap[pos / 2]);
		pos /= 2;
	}
	place(t, pos, node);
}

static void sift_down(struct table *t, uint32_t pos, struct timer_node node)
{
	const struct timer_node *heap = t->timers.heap;
	uint32_t len = t->timers.heap_len;

	for (;;) {
		uint32_t child = pos * 2;

		if (child > len)
			break;
		if (child < len && earlier(t, &heap[child + 1], &heap[child]))
			child++;
		if (!earlier(t, &heap[child], &node))
			break;
		place(t, pos, heap[child]);
		pos = child;
	}
	place(t, pos, node);
}

void heap_remove(struct table *t, uint32_t pos)
{
	struct timers *timers = &t->timers;
	struct timer_node last = timers->heap[timers->heap_len--];

	if (pos > timers->heap_len)
		return;
	if (pos > 1 && earlier(t, &last, &timers->heap[pos / 2]))
		sift_up(t, pos, last);
	else
		sift_down(t, pos, last);
}

void heap_add(struct table *t, uint32_t number)
{
	struct timer_node node = { .when = timer_of(t, number)->expires,
				   .number = number };

	/* Its connection is about to expire, unless a packet comes. */
	if (!(number & EXPECT_BIT)) {
		fetch((const char *)table_entry(t, number) + CACHE_LINE);
		index_fetch(t, table_rest(t, number)->hash);
	}
	sift_up(t, ++t->timers.heap_len, node);
}

void heap_shorten(struct table *t, uint32_t pos, ct_time when)
{
	struct timer_node node = t->timers.heap[pos];

	node.when = when;
	sift_up(t, pos, node);
}
