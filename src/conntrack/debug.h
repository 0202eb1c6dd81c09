/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debug.h - checks of whole data structures, for tests of debug builds.
 *
 * Each aborts where an invariant is violated.  Without CTREPLAY_DEBUG
 * engine_check() does nothing and the others do not exist.
 */
#ifndef CONNTRACK_DEBUG_H
#define CONNTRACK_DEBUG_H 1

#include "conntrack/engine.h"

#ifdef CTREPLAY_DEBUG

/* Everything below, and what the engine itself demands. */
void engine_check(const struct ct *ct);

/* Slabs: numbers, the chain of free entries, entries in and out of the index. */
void table_check(const struct table *t);
/* Every connection is found in the index exactly once, and nothing else. */
void index_check(const struct table *t);
/* Every timer is where it says it is, and none is set too late. */
void timer_check(const struct table *t);
/* Every connection that is not ASSURED is in the queue, in order of creation. */
void early_drop_check(const struct table *t);
/* Expectations: chains, lists of their masters, counts. */
void expectations_check(const struct ct *ct);

#else

static inline void engine_check(const struct ct *ct)
{
	(void)ct;
}

#endif

#endif
