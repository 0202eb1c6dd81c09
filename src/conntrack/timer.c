/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer.c - who ends next: a wheel of slots for what is far, a heap for what
 * is near.
 *
 * Nearly every packet moves its connection's expiry away from now.  The timer
 * does not follow: it stands for a time that is a lower bound, and is put right
 * when that comes.  An expiry that comes nearer (a connection that closes)
 * moves its timer only if that stands too late.  So a packet seldom touches it.
 *
 * Time is counted in ticks of 2^30 ns, about a second.  Of the timers beyond
 * the tick that we have come to, those within the same 256 ticks have a slot
 * for each tick, those within the same 65536 a slot for each 256, and so on: a
 * timer's level is that of the highest digit in which its tick differs from
 * ours.  When time comes to a slot, its timers go to slots of lower levels, or
 * into the heap, which has them in their exact order: by time, connections
 * before expectations, equal ones in order of creation.
 *
 * A slot is a list through the timers themselves.  Expectations are among them,
 * their numbers marked with EXPECT_BIT.
 */
#include "conntrack/helper.h"

#include <stdlib.h>

#define TICK_SHIFT	30
#define LEVELS		4u
#define DIGIT_BITS	8u	/* but the last level's digit, which has 10 */
#define DIGIT		(1u << DIGIT_BITS)

/* Where a timer is, besides a slot of the wheel.  Slot 0 would be for a tick
 * that is a multiple of 256 and yet within the same 256 as an earlier one. */
#define SLOT_NONE	0u
#define SLOT_HEAP	0xffffu

_Static_assert((LEVELS - 1) * DIGIT + (1u << (64 - TICK_SHIFT - DIGIT_BITS *
	       (LEVELS - 1))) == TIMER_SLOTS, "the wheel reaches to the end of time");

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

static struct timer_link *link_of(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? &expect_get(ct, number)->link :
				     &entry_rest(ct, number)->link;
}

static uint16_t *slot_of(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? &expect_get(ct, number)->slot :
				     &table_entry(ct, number)->slot;
}

/* ---- the heap ---- */

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
	ct->timers.heap[pos] = node;
	link_of(ct, node.entry)->next = pos;
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

static void heap_remove(struct ct *ct, uint32_t pos)
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

/* ---- the wheel ---- */

/* The slot for 'tick', which is later than t->tick. */
static uint32_t slot_for(const struct timers *t, uint64_t tick)
{
	uint64_t differs = tick ^ t->tick;
	uint32_t level = 0;

	while (level < LEVELS - 1 && differs >> (DIGIT_BITS * (level + 1)))
		level++;
	if (level == LEVELS - 1)
		return level * DIGIT + (uint32_t)(tick >> DIGIT_BITS * level);
	return level * DIGIT + (tick >> DIGIT_BITS * level) % DIGIT;
}

/* The first tick of a slot that is not empty. */
static uint64_t slot_start(const struct timers *t, uint32_t slot)
{
	uint32_t level = slot / DIGIT < LEVELS ? slot / DIGIT : LEVELS - 1;
	uint32_t shift = DIGIT_BITS * level;
	uint64_t digit = slot - level * DIGIT;

	if (level == LEVELS - 1)
		return digit << shift;
	return (t->tick >> (shift + DIGIT_BITS) << DIGIT_BITS | digit) << shift;
}

/* The slot that time comes to next, or SLOT_NONE: lower levels are earlier, and
 * so are lower slots of one level. */
static uint32_t next_slot(const struct timers *t)
{
	for (uint32_t i = 0; i < TIMER_SLOTS / 64; i++)
		if (t->used[i])
			return i * 64 + (uint32_t)__builtin_ctzll(t->used[i]);
	return SLOT_NONE;
}

static void due_by(struct timers *t, ct_time when)
{
	if (when < t->due)
		t->due = when;
}

/* Into the slot or the heap, by the time that it ends. */
static void set(struct ct *ct, uint32_t number)
{
	struct timers *t = &ct->timers;
	struct timer_node node = { node_expires(ct, number), number };
	struct timer_link *link = link_of(ct, number);
	uint64_t tick = node.when >> TICK_SHIFT;
	uint32_t slot;

	if (tick <= t->tick) {
		*slot_of(ct, number) = SLOT_HEAP;
		sift_up(ct, ++t->heap_len, node);
		due_by(t, node.when);
		return;
	}
	slot = slot_for(t, tick);
	*slot_of(ct, number) = (uint16_t)slot;
	link->prev = 0;
	link->next = t->used[slot / 64] & 1ull << slot % 64 ? t->slot[slot] : 0;
	if (link->next)
		link_of(ct, link->next)->prev = number;
	t->slot[slot] = number;
	t->used[slot / 64] |= 1ull << slot % 64;
	due_by(t, slot_start(t, slot) << TICK_SHIFT);
}

static void unset(struct ct *ct, uint32_t number)
{
	struct timers *t = &ct->timers;
	uint32_t slot = *slot_of(ct, number);
	const struct timer_link *link = link_of(ct, number);

	if (slot == SLOT_HEAP) {
		heap_remove(ct, link->next);
		return;
	}
	if (link->next)
		link_of(ct, link->next)->prev = link->prev;
	if (link->prev)
		link_of(ct, link->prev)->next = link->next;
	else if (link->next)
		t->slot[slot] = link->next;
	else
		t->used[slot / 64] &= ~(1ull << slot % 64);
}

/* Time has come to a slot. */
static void open_slot(struct ct *ct, uint32_t slot)
{
	struct timers *t = &ct->timers;
	uint32_t number = t->slot[slot];

	t->tick = slot_start(t, slot);
	t->used[slot / 64] &= ~(1ull << slot % 64);
	while (number) {
		uint32_t next = link_of(ct, number)->next;

		set(ct, number);
		number = next;
	}
}

/* All slots up to now have been opened, so the wheel may turn that far. */
static void turn(struct ct *ct)
{
	uint64_t tick = ct->now >> TICK_SHIFT;

	if (tick > ct->timers.tick)
		ct->timers.tick = tick;
}

/* ---- what the engine asks for ---- */

bool timer_init(struct ct *ct)
{
	ct->timers.due = UINT64_MAX;
	return timer_reserve(ct);
}

bool timer_reserve(struct ct *ct)
{
	struct timers *t = &ct->timers;
	uint32_t room;
	struct timer_node *heap;

	/* The heap may have to take them all.  Room for two: a connection that
	 * has no timer yet may have made an expectation before it gets one. */
	if (likely(t->set + 2 < t->heap_room))
		return true;
	room = t->heap_room ? t->heap_room * 2 : 1024;
	/* Not realloc(), which would touch, and so take, memory for them all;
	 * few are in the heap at a time. */
	heap = malloc(room * sizeof(*heap));
	if (!heap)
		return false;
	if (t->heap)
		memcpy(heap, t->heap, (t->heap_len + 1) * sizeof(*heap));
	free(t->heap);
	t->heap = heap;
	t->heap_room = room;
	return true;
}

void timer_add(struct ct *ct, uint32_t number)
{
	turn(ct);
	ct->timers.set++;
	set(ct, number);
}

void timer_remove(struct ct *ct, uint32_t number)
{
	unset(ct, number);
	*slot_of(ct, number) = SLOT_NONE;
	ct->timers.set--;
}

void timer_nearer(struct ct *ct, uint32_t number, struct ct_entry *e,
		  ct_time expires)
{
	struct timers *t = &ct->timers;

	e->expires = expires;
	if (e->slot == SLOT_NONE)
		return;
	if (e->slot == SLOT_HEAP) {
		uint32_t pos = entry_rest(ct, number)->link.next;
		struct timer_node node = { expires, number };

		if (expires < t->heap[pos].when) {
			sift_up(ct, pos, node);
			due_by(t, expires);
		}
	} else if (expires >> TICK_SHIFT < slot_start(t, e->slot)) {
		unset(ct, number);
		turn(ct);
		set(ct, number);
	}
}

uint32_t timer_due(struct ct *ct, ct_time now)
{
	struct timers *t = &ct->timers;
	uint32_t slot;

	for (;;) {
		while (t->heap_len && t->heap[1].when <= now) {
			struct timer_node node = t->heap[1];

			if (node_expires(ct, node.entry) == node.when)
				return node.entry;
			heap_remove(ct, 1);
			set(ct, node.entry);
		}
		slot = next_slot(t);
		if (slot == SLOT_NONE || slot_start(t, slot) > now >> TICK_SHIFT)
			break;
		open_slot(ct, slot);
	}
	t->due = slot == SLOT_NONE ? UINT64_MAX :
		 slot_start(t, slot) << TICK_SHIFT;
	if (t->heap_len)
		due_by(t, t->heap[1].when);
	return ENTRY_NONE;
}

void timer_free(struct ct *ct)
{
	free(ct->timers.heap);
}
