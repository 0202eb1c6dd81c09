/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer.c - which connection or expectation expires next: a wheel of slots for
 * the far future, a heap for the near one.
 *
 * Nearly every packet moves the expiry of its connection into the future.  The
 * timer does not follow: it is set for a lower bound of the expiry, and set
 * again when that time comes.  An expiry that moves towards the present (a
 * connection that closes) moves the timer only if the timer is set for a later
 * time.  So few packets touch the wheel.
 *
 * Time is counted in ticks of 2^22 ns, about 4 ms.  Of the timers beyond the
 * current tick, those within the same 256 ticks have a slot for each tick,
 * those within the same 65536 ticks a slot for each 256 ticks, and so on: the
 * level of a timer is that of the highest digit in which its tick differs from
 * the current one.  When the clock reaches a slot, the slot's timers move to
 * slots of lower levels, or to the heap, which keeps the exact order.  Ticks
 * are short to keep the heap small.
 *
 * A slot is a list of blocks of numbers; all blocks but the first are full.
 * Most connections whose slot comes up were not used for a while, so their
 * cache lines are fetched one block, or one slot, in advance.
 */
#include "conntrack/table/timer_heap.h"

#include <stdlib.h>
#include <string.h>

#include "base/debug.h"

#define TICK_SHIFT	22
#define LEVELS		5u
#define DIGIT_BITS	8u	/* of each level but the last, which has 10 */
#define DIGIT		(1u << DIGIT_BITS)

_Static_assert(TIMER_SLOTS / 64 == 32, "a bit for each word of them fits into a word");
_Static_assert((LEVELS - 1) * DIGIT + (1u << (64 - TICK_SHIFT - DIGIT_BITS *
	       (LEVELS - 1))) == TIMER_SLOTS, "the wheel reaches to the end of time");

/*
 * A connection that opens or closes often gets a shorter life soon.  Its timer
 * is set no later than this: to look at it once more is cheaper than to move
 * it. In ticks, 29 s; the last states of TCP live for 30 s or longer.
 */
#define SOON		7000u

#define SLOT_NONE	0u	/* see TIMER_NOT_SET */
#define BLOCK_TIMERS	15u

struct timer_block {
	uint32_t number[BLOCK_TIMERS];
	uint32_t next;		/* block of the slot, or free block; 0: none */
};

_Static_assert(sizeof(struct timer_block) == CACHE_LINE, "a block is a line");

/* The most blocks that 'n' timers need: full ones, one that is not full in each
 * slot, and the one that open_slot() empties. */
static uint32_t blocks_for(uint32_t n)
{
	return n / BLOCK_TIMERS + TIMER_SLOTS + 1;
}

static uint32_t block_take(struct timers *timers)
{
	uint32_t b = timers->block_free;

	if (!b)
		return ++timers->blocks_made;
	timers->block_free = timers->block[b].next;
	return b;
}

static void block_release(struct timers *timers, uint32_t b)
{
	timers->block[b].next = timers->block_free;
	timers->block_free = b;
}

static void place_in(struct table *t, uint32_t number, uint32_t block, uint32_t i)
{
	t->timers.block[block].number[i] = number;
	timer_of(t, number)->place = block * (BLOCK_TIMERS + 1) + i;
}

/* The slot for 'tick', which is later than timers->tick. */
static uint32_t slot_for(const struct timers *timers, uint64_t tick)
{
	uint64_t differs = tick ^ timers->tick;	/* not 0 */
	uint32_t level = (63 - (uint32_t)__builtin_clzll(differs)) / DIGIT_BITS;

	if (level >= LEVELS - 1)
		return (LEVELS - 1) * DIGIT +
		       (uint32_t)(tick >> DIGIT_BITS * (LEVELS - 1));
	return level * DIGIT + (tick >> DIGIT_BITS * level) % DIGIT;
}

/* The first tick of a slot that is not empty. */
static uint64_t slot_start(const struct timers *timers, uint32_t slot)
{
	uint32_t level = slot / DIGIT < LEVELS ? slot / DIGIT : LEVELS - 1;
	uint32_t shift = DIGIT_BITS * level;
	uint64_t digit = slot - level * DIGIT;

	if (level == LEVELS - 1)
		return digit << shift;
	return (timers->tick >> (shift + DIGIT_BITS) << DIGIT_BITS | digit) << shift;
}

/*
 * The first slot from 'slot' on that is not empty, or SLOT_NONE.  Slots are in
 * order of time: lower levels are earlier, and so are lower slots of a level.
 */
static uint32_t next_slot(const struct timers *timers, uint32_t slot)
{
	uint32_t i = slot / 64, later;
	uint64_t used;

	if (slot >= TIMER_SLOTS)
		return SLOT_NONE;
	used = timers->used[i] & UINT64_MAX << slot % 64;
	if (!used) {
		later = timers->words & UINT32_MAX << i << 1;
		if (!later)
			return SLOT_NONE;
		i = (uint32_t)__builtin_ctz(later);
		used = timers->used[i];
	}
	return i * 64 + (uint32_t)__builtin_ctzll(used);
}

static void mark_used(struct timers *timers, uint32_t slot)
{
	timers->used[slot / 64] |= 1ull << slot % 64;
	timers->words |= 1u << slot / 64;
}

static void mark_empty(struct timers *timers, uint32_t slot)
{
	timers->used[slot / 64] &= ~(1ull << slot % 64);
	if (!timers->used[slot / 64])
		timers->words &= ~(1u << slot / 64);
}

static void due_by(struct timers *timers, ct_time when)
{
	if (when < timers->due)
		timers->due = when;
}

static void slot_add(struct table *t, uint32_t slot, uint32_t number)
{
	struct timers *timers = &t->timers;
	uint32_t head = timers->slot[slot];

	if (!head || timers->fill[slot] == BLOCK_TIMERS) {
		uint32_t new = block_take(timers);

		timers->block[new].next = head;
		timers->slot[slot] = head = new;
		timers->fill[slot] = 0;
		mark_used(timers, slot);
	}
	place_in(t, number, head, timers->fill[slot]++);
}

/* The last timer of the first block moves to where the removed one was. */
static void slot_remove(struct table *t, uint32_t slot, uint32_t place)
{
	struct timers *timers = &t->timers;
	uint32_t head = timers->slot[slot];
	uint32_t last = timers->block[head].number[--timers->fill[slot]];

	place_in(t, last, place / (BLOCK_TIMERS + 1), place % (BLOCK_TIMERS + 1));
	if (timers->fill[slot])
		return;
	timers->slot[slot] = timers->block[head].next;
	timers->fill[slot] = BLOCK_TIMERS;
	if (!timers->slot[slot])
		mark_empty(timers, slot);
	block_release(timers, head);
}

/* Into the slot or the heap where it belongs by its expiry, but into a slot no
 * further away than 'most' ticks. */
static void place_timer(struct table *t, uint32_t number, uint64_t most)
{
	struct timers *timers = &t->timers;
	struct timer *timer = timer_of(t, number);
	ct_time when = timer->expires;
	uint64_t tick = when >> TICK_SHIFT;
	uint32_t slot;

	if (tick <= timers->tick) {
		timer->slot = TIMER_IN_HEAP;
		heap_add(t, number);
		due_by(timers, when);
		return;
	}
	if (tick - timers->tick > most)
		tick = timers->tick + most;
	slot = slot_for(timers, tick);
	timer->slot = (uint16_t)slot;
	slot_add(t, slot, number);
	due_by(timers, slot_start(timers, slot) << TICK_SHIFT);
}

static void take_out(struct table *t, const struct timer *timer)
{
	debug_assert(timer->slot != TIMER_NOT_SET);
	if (timer->slot == TIMER_IN_HEAP)
		heap_remove(t, timer->place);
	else
		slot_remove(t, timer->slot, timer->place);
}

/*
 * Prefetches what place_timer() reads and, with 'heap', what heap_add() does.
 */
static void fetch_timers(const struct table *t, uint32_t block, uint32_t n,
			 bool heap)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number = t->timers.block[block].number[i];

		if (number & EXPECT_BIT)
			continue;
		fetch(table_entry(t, number));
		if (heap)
			table_fetch_rest(t, number);
	}
}

/* Prefetches for the slot after 'slot', and a little for the one after that. */
static void fetch_slots(const struct table *t, uint32_t slot)
{
	const struct timers *timers = &t->timers;

	slot = next_slot(timers, slot + 1);
	if (slot == SLOT_NONE)
		return;
	fetch_timers(t, timers->slot[slot], timers->fill[slot], slot < DIGIT);
	slot = next_slot(timers, slot + 1);
	if (slot != SLOT_NONE)
		fetch(&timers->block[timers->slot[slot]]);
}

/* The clock has reached a slot: its timers move on. */
static void open_slot(struct table *t, uint32_t slot)
{
	struct timers *timers = &t->timers;
	uint32_t b = timers->slot[slot], n = timers->fill[slot], next;

	timers->tick = slot_start(timers, slot);
	timers->slot[slot] = 0;
	mark_empty(timers, slot);
	fetch_slots(t, slot);
	for (; b; b = next, n = BLOCK_TIMERS) {
		next = timers->block[b].next;
		if (next) {
			fetch_timers(t, next, BLOCK_TIMERS, slot < DIGIT);
			fetch(&timers->block[timers->block[next].next]);
		}
		for (uint32_t i = 0; i < n; i++)
			place_timer(t, timers->block[b].number[i], UINT64_MAX);
		block_release(timers, b);
	}
}

/* The current tick is that of 'now': all slots up to it have been opened. */
static void turn(struct timers *timers, ct_time now)
{
	uint64_t tick = now >> TICK_SHIFT;

	if (tick > timers->tick)
		timers->tick = tick;
}

bool timer_init(struct table *t)
{
	t->timers.due = UINT64_MAX;
	return timer_reserve(t);
}

/*
 * An array of 'n' elements of 'size' bytes that begins with the first 'old' of
 * 'from'.  realloc() would copy, and so occupy, memory for all of them, of
 * which few are in use at a time.
 */
static void *grow(void *from, uint32_t old, uint32_t n, size_t size)
{
	void *to = aligned_alloc(CACHE_LINE, n * size);

	if (to && from)
		memcpy(to, from, old * size);
	return to;
}

bool timer_reserve(struct table *t)
{
	struct timers *timers = &t->timers;
	uint32_t capacity = timers->heap_capacity ?
			    timers->heap_capacity * 2 : 1024;
	struct timer_block *block;
	struct timer_node *heap;

	/* The heap may have to hold all timers.  Memory for two, since a new
	 * connection may make an expectation before its own timer is set. */
	if (likely(timers->set + 2 < timers->heap_capacity))
		return true;
	heap = grow(timers->heap, timers->heap_len + 1, capacity, sizeof(*heap));
	block = grow(timers->block, timers->blocks_made + 1,
		     blocks_for(capacity) + 1, sizeof(*block));
	if (!heap || !block) {
		free(heap);
		free(block);
		return false;
	}
	free(timers->heap);
	free(timers->block);
	timers->heap = heap;
	timers->heap_capacity = capacity;
	timers->block = block;
	return true;
}

void timer_add(struct table *t, uint32_t number, ct_time now)
{
	debug_assert(timer_of(t, number)->slot == TIMER_NOT_SET);
	debug_assert(t->timers.set + 1 < t->timers.heap_capacity);
	turn(&t->timers, now);
	t->timers.set++;
	place_timer(t, number, SOON);
}

void timer_remove(struct table *t, uint32_t number)
{
	struct timer *timer = timer_of(t, number);

	take_out(t, timer);
	timer->slot = TIMER_NOT_SET;
	t->timers.set--;
}

void timer_shorten(struct table *t, uint32_t number, struct timer *timer,
		   ct_time expires, ct_time now)
{
	struct timers *timers = &t->timers;

	timer->expires = expires;
	if (timer->slot == TIMER_NOT_SET)
		return;
	if (timer->slot == TIMER_IN_HEAP) {
		if (expires < timers->heap[timer->place].when) {
			heap_shorten(t, timer->place, expires);
			due_by(timers, expires);
		}
	} else if (expires >> TICK_SHIFT < slot_start(timers, timer->slot)) {
		take_out(t, timer);
		turn(timers, now);
		place_timer(t, number, SOON);
	}
}

uint32_t timer_due(struct table *t, ct_time now)
{
	struct timers *timers = &t->timers;
	uint32_t slot;

	for (;;) {
		while (timers->heap_len && timers->heap[1].when <= now) {
			struct timer_node node = timers->heap[1];

			if (timer_of(t, node.number)->expires == node.when)
				return node.number;
			heap_remove(t, 1);
			place_timer(t, node.number, UINT64_MAX);
		}
		slot = next_slot(timers, 0);
		if (slot == SLOT_NONE ||
		    slot_start(timers, slot) > now >> TICK_SHIFT)
			break;
		open_slot(t, slot);
	}
	timers->due = slot == SLOT_NONE ? UINT64_MAX :
		 slot_start(timers, slot) << TICK_SHIFT;
	if (timers->heap_len)
		due_by(timers, timers->heap[1].when);
	return ENTRY_NONE;
}

void timer_free(struct table *t)
{
	free(t->timers.heap);
	free(t->timers.block);
}

#ifdef CTREPLAY_DEBUG

#include "conntrack/debug.h"

static void check_heap(const struct table *t)
{
	const struct timers *timers = &t->timers;

	for (uint32_t i = 1; i <= timers->heap_len; i++) {
		const struct timer_node *node = &timers->heap[i];
		const struct timer *timer = timer_of(t, node->number);

		debug_assert(timer->slot == TIMER_IN_HEAP && timer->place == i);
		debug_assert(node->when <= timer->expires);
		debug_assert(i == 1 || timers->heap[i / 2].when <= node->when);
	}
	debug_assert(!timers->heap_len || timers->due <= timers->heap[1].when);
}

/* The number of timers in the slot. */
static uint32_t check_slot(const struct table *t, uint32_t slot)
{
	const struct timers *timers = &t->timers;
	uint32_t b = timers->slot[slot], n = timers->fill[slot], sum = 0;

	for (; b; b = timers->block[b].next, n = BLOCK_TIMERS) {
		debug_assert(b <= timers->blocks_made && n && n <= BLOCK_TIMERS);
		for (uint32_t i = 0; i < n; i++) {
			const struct timer *timer =
				timer_of(t, timers->block[b].number[i]);

			debug_assert(timer->slot == slot &&
				     timer->place == b * (BLOCK_TIMERS + 1) + i);
			debug_assert(slot_start(timers, slot) <=
				     timer->expires >> TICK_SHIFT);
		}
		sum += n;
	}
	debug_assert(!sum || timers->due <= slot_start(timers, slot) << TICK_SHIFT);
	return sum;
}

void timer_check(const struct table *t)
{
	const struct timers *timers = &t->timers;
	uint32_t sum = timers->heap_len;

	check_heap(t);
	for (uint32_t slot = 0; slot < TIMER_SLOTS; slot++) {
		debug_assert((timers->used[slot / 64] >> slot % 64 & 1) ==
			     !!timers->slot[slot]);
		debug_assert((timers->words >> slot / 64 & 1) ==
			     !!timers->used[slot / 64]);
		sum += check_slot(t, slot);
	}
	debug_assert(sum == timers->set);
}

#endif
