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
 * Time is counted in ticks of 2^22 ns, about 4 ms.  Of the timers beyond the
 * tick that we have come to, those within the same 256 ticks have a slot for
 * each tick, those within the same 65536 a slot for each 256, and so on: a
 * timer's level is that of the highest digit in which its tick differs from
 * ours.  When time comes to a slot, its timers go to slots of lower levels, or
 * into the heap, which has them in their exact order: by time, connections
 * before expectations, equal ones in order of creation.  Ticks are short, so
 * that the heap is small.
 *
 * A slot is a list of blocks with numbers of timers, all full but the first.
 * Nobody has looked at most of these connections for a while when time comes to
 * them, so their memory is asked for a block or a slot ahead.  Expectations are
 * among them, their numbers marked with EXPECT_BIT.
 */
#include "conntrack/table/timer.h"

#include <stdlib.h>

#define TICK_SHIFT	22
#define LEVELS		5u
#define DIGIT_BITS	8u	/* but the last level's digit, which has 10 */
#define DIGIT		(1u << DIGIT_BITS)

_Static_assert((LEVELS - 1) * DIGIT + (1u << (64 - TICK_SHIFT - DIGIT_BITS *
	       (LEVELS - 1))) == TIMER_SLOTS, "the wheel reaches to the end of time");

/* Whose connection opens or closes is likely to end sooner than it says now, so
 * its timer stands no later than this; moving it costs more than a look. */
#define SOON		7000u	/* ticks: 29 s; TCP's last steps have 30 s or more */

#define BLOCK_TIMERS	15u

struct timer_block {
	uint32_t number[BLOCK_TIMERS];
	uint32_t next;		/* of the slot, or of the free; 0: none */
};

_Static_assert(sizeof(struct timer_block) == CACHE_LINE, "a block is a line");

/* Blocks that 'n' timers may need: full ones, one in each slot that is not, and
 * one that is being emptied. */
static uint32_t blocks_for(uint32_t n)
{
	return n / BLOCK_TIMERS + TIMER_SLOTS + 1;
}

static uint32_t block_take(struct timers *t)
{
	uint32_t b = t->block_free;

	if (!b)
		return ++t->blocks_made;
	t->block_free = t->block[b].next;
	return b;
}

static void block_release(struct timers *t, uint32_t b)
{
	t->block[b].next = t->block_free;
	t->block_free = b;
}

static void place_in(struct ct *ct, uint32_t number, uint32_t block, uint32_t i)
{
	ct->timers.block[block].number[i] = number;
	*timer_place(ct, number) = block * (BLOCK_TIMERS + 1) + i;
}

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

/* The first slot from 'slot' on that is not empty, or SLOT_NONE.  Time comes to
 * it before the next: lower levels are earlier, and so are lower slots of one
 * level. */
static uint32_t next_slot(const struct timers *t, uint32_t slot)
{
	uint64_t mask = UINT64_MAX << slot % 64;

	for (uint32_t i = slot / 64; i < TIMER_SLOTS / 64; i++, mask = UINT64_MAX)
		if (t->used[i] & mask)
			return i * 64 +
			       (uint32_t)__builtin_ctzll(t->used[i] & mask);
	return SLOT_NONE;
}

static void due_by(struct timers *t, ct_time when)
{
	if (when < t->due)
		t->due = when;
}

static void slot_add(struct ct *ct, uint32_t slot, uint32_t number)
{
	struct timers *t = &ct->timers;
	uint32_t head = t->slot[slot];

	if (!head || t->fill[slot] == BLOCK_TIMERS) {
		uint32_t new = block_take(t);

		t->block[new].next = head;
		t->slot[slot] = head = new;
		t->fill[slot] = 0;
		t->used[slot / 64] |= 1ull << slot % 64;
	}
	place_in(ct, number, head, t->fill[slot]++);
}

/* The last of the first block takes the place of the one that goes. */
static void slot_remove(struct ct *ct, uint32_t slot, uint32_t place)
{
	struct timers *t = &ct->timers;
	uint32_t head = t->slot[slot];
	uint32_t last = t->block[head].number[--t->fill[slot]];

	place_in(ct, last, place / (BLOCK_TIMERS + 1), place % (BLOCK_TIMERS + 1));
	if (t->fill[slot])
		return;
	t->slot[slot] = t->block[head].next;
	t->fill[slot] = BLOCK_TIMERS;
	if (!t->slot[slot])
		t->used[slot / 64] &= ~(1ull << slot % 64);
	block_release(t, head);
}

/* Into a slot or the heap, by the time that it ends, or that in 'most' ticks. */
static void set(struct ct *ct, uint32_t number, uint64_t most)
{
	struct timers *t = &ct->timers;
	ct_time when = timer_expires(ct, number);
	uint64_t tick = when >> TICK_SHIFT;
	uint32_t slot;

	if (tick <= t->tick) {
		*timer_slot(ct, number) = SLOT_HEAP;
		heap_add(ct, number);
		due_by(t, when);
		return;
	}
	if (tick - t->tick > most)
		tick = t->tick + most;
	slot = slot_for(t, tick);
	*timer_slot(ct, number) = (uint16_t)slot;
	slot_add(ct, slot, number);
	due_by(t, slot_start(t, slot) << TICK_SHIFT);
}

static void unset(struct ct *ct, uint32_t number)
{
	uint32_t slot = *timer_slot(ct, number);
	uint32_t place = *timer_place(ct, number);

	if (slot == SLOT_HEAP)
		heap_remove(ct, place);
	else
		slot_remove(ct, slot, place);
}

/* Asks memory for what set() looks at; and of those that are to end now, for
 * what heap_add() does. */
static void fetch_timers(const struct ct *ct, uint32_t block, uint32_t n,
			 bool end)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number = ct->timers.block[block].number[i];

		if (number & EXPECT_BIT)
			continue;
		fetch(table_entry(ct, number));
		if (end)
			fetch(entry_rest(ct, number));
	}
}

/* The slot after 'slot' is next, and then the one after that. */
static void fetch_slots(const struct ct *ct, uint32_t slot)
{
	const struct timers *t = &ct->timers;

	slot = next_slot(t, slot + 1);
	if (slot == SLOT_NONE)
		return;
	fetch_timers(ct, t->slot[slot], t->fill[slot], slot < DIGIT);
	slot = next_slot(t, slot + 1);
	if (slot != SLOT_NONE)
		fetch(&t->block[t->slot[slot]]);
}

/* Time has come to a slot. */
static void open_slot(struct ct *ct, uint32_t slot)
{
	struct timers *t = &ct->timers;
	uint32_t b = t->slot[slot], n = t->fill[slot], next;

	t->tick = slot_start(t, slot);
	t->slot[slot] = 0;
	t->used[slot / 64] &= ~(1ull << slot % 64);
	fetch_slots(ct, slot);
	for (; b; b = next, n = BLOCK_TIMERS) {
		next = t->block[b].next;
		if (next) {
			fetch_timers(ct, next, BLOCK_TIMERS, slot < DIGIT);
			fetch(&t->block[t->block[next].next]);
		}
		for (uint32_t i = 0; i < n; i++)
			set(ct, t->block[b].number[i], UINT64_MAX);
		block_release(t, b);
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

/* Memory for 'n' of 'size' octets, with the first 'old' of 'from' in it.  Not
 * realloc(), which would touch, and so take, memory for them all; few are in
 * use at a time. */
static void *grown(void *from, uint32_t old, uint32_t n, size_t size)
{
	void *to = aligned_alloc(CACHE_LINE, n * size);

	if (to && from)
		memcpy(to, from, old * size);
	return to;
}

bool timer_reserve(struct ct *ct)
{
	struct timers *t = &ct->timers;
	uint32_t room = t->heap_room ? t->heap_room * 2 : 1024;
	struct timer_block *block;
	struct timer_node *heap;

	/* The heap may have to take them all.  Room for two: a connection that
	 * has no timer yet may have made an expectation before it gets one. */
	if (likely(t->set + 2 < t->heap_room))
		return true;
	heap = grown(t->heap, t->heap_len + 1, room, sizeof(*heap));
	block = grown(t->block, t->blocks_made + 1, blocks_for(room) + 1,
		      sizeof(*block));
	if (!heap || !block) {
		free(heap);
		free(block);
		return false;
	}
	free(t->heap);
	free(t->block);
	t->heap = heap;
	t->heap_room = room;
	t->block = block;
	return true;
}

void timer_add(struct ct *ct, uint32_t number)
{
	turn(ct);
	ct->timers.set++;
	set(ct, number, SOON);
}

void timer_remove(struct ct *ct, uint32_t number)
{
	unset(ct, number);
	*timer_slot(ct, number) = SLOT_NONE;
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
		uint32_t place = e->timer_place;

		if (expires < t->heap[place].when) {
			heap_nearer(ct, place, expires);
			due_by(t, expires);
		}
	} else if (expires >> TICK_SHIFT < slot_start(t, e->slot)) {
		unset(ct, number);
		turn(ct);
		set(ct, number, SOON);
	}
}

uint32_t timer_due(struct ct *ct, ct_time now)
{
	struct timers *t = &ct->timers;
	uint32_t slot;

	for (;;) {
		while (t->heap_len && t->heap[1].when <= now) {
			struct timer_node node = t->heap[1];

			if (timer_expires(ct, node.number) == node.when)
				return node.number;
			heap_remove(ct, 1);
			set(ct, node.number, UINT64_MAX);
		}
		slot = next_slot(t, 0);
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
	free(ct->timers.block);
}
