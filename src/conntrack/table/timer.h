/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer.h - what the timers' wheel and heap share; nobody else includes it.
 *
 * A timer is a connection's or, where its number is marked with EXPECT_BIT, an
 * expectation's.  It knows by 'slot' and 'place' where it stands.
 */
#ifndef CONNTRACK_TIMER_H
#define CONNTRACK_TIMER_H 1

#include "conntrack/helper/helper.h"

/* Where a timer is, besides a slot of the wheel.  Slot 0 would be for a tick
 * that is a multiple of 256 and yet within the same 256 as an earlier one. */
#define SLOT_NONE	0u
#define SLOT_HEAP	0xffffu

static inline ct_time timer_expires(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? expect_get(ct, number)->expires :
				     table_entry(ct, number)->expires;
}

/* In the heap, its node; in a slot, which member of which block. */
static inline uint32_t *timer_place(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? &expect_get(ct, number)->timer_place :
				     &table_entry(ct, number)->timer_place;
}

static inline uint16_t *timer_slot(const struct ct *ct, uint32_t number)
{
	return number & EXPECT_BIT ? &expect_get(ct, number)->slot :
				     &table_entry(ct, number)->slot;
}

/* timer_heap.c: by time, connections before expectations, equal ones in order
 * of creation.  There must be room. */
void heap_add(struct ct *ct, uint32_t number);
void heap_remove(struct ct *ct, uint32_t pos);
/* The timer of the node at 'pos' ends sooner than that says. */
void heap_nearer(struct ct *ct, uint32_t pos, ct_time when);

#endif
