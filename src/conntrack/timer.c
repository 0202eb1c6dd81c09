/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer.c - a binary heap of expiry times, with entries that are late.
 *
 * Nearly every packet moves its connection's expiry away from now.  The heap
 * does not follow: a node's time is a lower bound of its entry's, and is put
 * right when it comes to the top.  An expiry that comes nearer (a connection
 * that closes) moves its node at once.  So entries leave in the exact order
 * of their times, equal ones in order of creation, and a packet seldom
 * touches the heap.  Position 0 is not used: it means "not in the heap".
 *
 * Expectations are in the same heap, their numbers marked with EXPECT_BIT, so
 * that all that ends ends in one order.
 */
#include "conntrack/helper.h"

#include <stdlib.h>

static uint64_t node_id(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? expect_get(ct, number)->id :
				     table_entry(ct, number)->id;
}

static ct_time node_expires(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? expect_get(ct, number)->expires :
				     table_entry(ct, number)->expires;
}

static uint32_t *node_pos(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? &expect_get(ct, number)->heap_pos :
				     &table_entry(ct, number)->heap_pos;
}

static bool earlier(const struct ct *ct, const struct timer_node *a,
		    const struct timer_node *b)
{
	if (a->when != b->when)
		return a->when < b->when;
	if ((a->entry ^ b->entry) & EXPECT_BIT)
		return b->entry & EXPECT_BIT;
	return node_id(ct, a->entry) < node_id(ct, b->entry);
}

static void place(struct ct *ct, uint32_t pos, struct timer_node node)
{
	ct->heap[pos] = node;
	*node_pos(ct, node.entry) = pos;
}

static void sift_up(struct ct *ct, uint32_t pos, struct timer_node node)
{
	while (pos > 1 && earlier(ct, &node, &ct->heap[pos / 2])) {
		place(ct, pos, ct->heap[pos / 2]);
		pos /= 2;
	}
	place(ct, pos, node);
}

static void sift_down(struct ct *ct, uint32_t pos, struct timer_node node)
{
	for (;;) {
		uint32_t child = pos * 2;

		if (child > ct->heap_len)
			break;
		if (child < ct->heap_len &&
		    earlier(ct, &ct->heap[child + 1], &ct->heap[child]))
			child++;
		if (!earlier(ct, &ct->heap[child], &node))
			break;
		place(ct, pos, ct->heap[child]);
		pos = child;
	}
	place(ct, pos, node);
}

bool timer_reserve(struct ct *ct)
{
	uint32_t room;
	struct timer_node *heap;

	/* Room for two: a connection that is not in the heap yet may have made
	 * an expectation before it gets there. */
	if (ct->heap_len + 2 < ct->heap_room)
		return true;
	room = ct->heap_room ? ct->heap_room * 2 : 1024;
	heap = realloc(ct->heap, room * sizeof(*heap));
	if (!heap)
		return false;
	ct->heap = heap;
	ct->heap_room = room;
	return true;
}

void timer_add(struct ct *ct, uint32_t number)
{
	struct timer_node node = { node_expires(ct, number), number };

	sift_up(ct, ++ct->heap_len, node);
}

void timer_remove(struct ct *ct, uint32_t number)
{
	uint32_t *place_of = node_pos(ct, number), pos = *place_of;
	struct timer_node last = ct->heap[ct->heap_len--];

	*place_of = 0;
	if (last.entry == number)
		return;
	if (pos > 1 && earlier(ct, &last, &ct->heap[pos / 2]))
		sift_up(ct, pos, last);
	else
		sift_down(ct, pos, last);
}

void timer_nearer(struct ct *ct, struct ct_entry *e, ct_time expires)
{
	e->expires = expires;
	/* The node is not looked at where that can be avoided: it is seldom
	 * in the cache. */
	if (e->heap_pos && expires < ct->heap[e->heap_pos].when) {
		struct timer_node node = { expires, ct->heap[e->heap_pos].entry };

		sift_up(ct, e->heap_pos, node);
	}
}

uint32_t timer_due(struct ct *ct, ct_time now)
{
	while (ct->heap_len && ct->heap[1].when <= now) {
		struct timer_node node = ct->heap[1];
		ct_time expires = node_expires(ct, node.entry);

		if (expires == node.when)
			return node.entry;
		node.when = expires;
		sift_down(ct, 1, node);
	}
	return ENTRY_NONE;
}

void timer_free(struct ct *ct)
{
	free(ct->heap);
}
