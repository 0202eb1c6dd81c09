/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer.h - expiry of connections and expectations: a timer is armed, moved,
 * cancelled, and reported when it is due.
 *
 * A timer is known by the number of what contains it: an entry's number, or an
 * expectation's number, which has EXPECT_BIT set.  timer.c explains the wheel.
 */
#ifndef CONNTRACK_TABLE_TIMER_H
#define CONNTRACK_TABLE_TIMER_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "ctreplay/conntrack.h"

struct table;

/* Distinguishes the number of an expectation from the number of an entry. */
#define EXPECT_BIT 0x80000000u

/* Part of each entry and each expectation.  Packed, so that the first cache
 * line of an entry has space for it. */
struct timer {
	ct_time  expires;
	uint32_t place;		/* in the heap, or block and position in a slot */
	uint16_t slot;		/* of the wheel, or TIMER_... */
} __attribute__((packed, aligned(2)));

/* timer.slot.  No timer is ever in slot 0 of the wheel: its tick would have to
 * be a multiple of 256 and lie within the current 256 ticks, but after their
 * first. */
#define TIMER_NOT_SET	0u
#define TIMER_IN_HEAP	0xffffu

/* Begins each expectation; timers of equal expiry fire in order of 'id'. */
struct expect_timer {
	struct timer timer;
	uint64_t id;		/* from 1, in order of creation */
};

struct timer_node {
	ct_time  when;		/* never later than the timer's expiry */
	uint32_t number;
};

struct timer_block;

#define TIMER_SLOTS	2048u

struct timers {
	ct_time  due;		/* no timer expires before this */
	uint64_t tick;		/* timers outside the heap belong to later ticks */
	uint32_t set;		/* timers that are set */
	struct timer_node *heap;	/* the first is heap[1] */
	uint32_t heap_len, heap_capacity;
	struct timer_block *block;	/* the first is block[1] */
	uint32_t blocks_made;	/* blocks that were ever used */
	uint32_t block_free;	/* chain of those that are free again */
	uint64_t used[TIMER_SLOTS / 64];	/* a bit for each slot that has timers */
	uint32_t words;		/* a bit for each word of these that is not 0 */
	uint32_t slot[TIMER_SLOTS];	/* first block, or 0 */
	uint8_t  fill[TIMER_SLOTS];	/* timers in that block */
};

bool timer_init(struct table *t);
void timer_free(struct table *t);
/* Memory for one more timer; false: there is none. */
bool timer_reserve(struct table *t);
/* Sets the timer of 'number' for its 'expires'; 'now' is the clock. */
void timer_add(struct table *t, uint32_t number, ct_time now);
void timer_remove(struct table *t, uint32_t number);
/* An entry or expectation that is due at 'now', in order of expiry; 0: none
 * is.  The timer stays set. */
uint32_t timer_due(struct table *t, ct_time now);

/* timer_set() where 'expires' is earlier than before. */
void timer_shorten(struct table *t, uint32_t number, struct timer *timer,
		   ct_time expires, ct_time now);

/* A new expiry for the timer of 'number', whether it is set already or not. */
static inline void timer_set(struct table *t, uint32_t number,
			     struct timer *timer, ct_time expires, ct_time now)
{
	if (expires < timer->expires)
		timer_shorten(t, number, timer, expires, now);
	else
		timer->expires = expires;
}

#endif
