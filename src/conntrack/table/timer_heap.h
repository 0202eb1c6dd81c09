/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer_heap.h - the timers of the current tick in exact order, for timer.c.
 *
 * The order is by time; of equal times connections come before expectations,
 * and each kind in order of creation.
 */
#ifndef CONNTRACK_TABLE_TIMER_HEAP_H
#define CONNTRACK_TABLE_TIMER_HEAP_H 1

#include "conntrack/table/table.h"

/* The timer of an entry or an expectation. */
static inline struct timer *timer_of(const struct table *t, uint32_t number)
{
	return number & EXPECT_BIT ? &t->expect[number & ~EXPECT_BIT]->timer :
				     &table_entry(t, number)->timer;
}

/* timer_reserve() must have been called. */
void heap_add(struct table *t, uint32_t number);
void heap_remove(struct table *t, uint32_t pos);
/* The timer of the node at 'pos' now expires earlier, at 'when'. */
void heap_shorten(struct table *t, uint32_t pos, ct_time when);

#endif
