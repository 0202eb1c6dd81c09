/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * community_table.h - the Community ID of each connection that lives, for lines of
 * packets and events.
 *
 * A hash for each line would cost as much as the rest of it.  All packets of a TCP or UDP
 * connection have one ID, and the engine numbers the connections that live at a time with
 * small slots.
 *
 * Any number of threads that make lines use it at once, without locks: an ID is read as
 * it was stored, or not at all, and a line that does not find one makes a hash.
 */
#ifndef REPORT_COMMUNITY_TABLE_H
#define REPORT_COMMUNITY_TABLE_H 1

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * The digits of an ID, which are between "1:" and "=", as the bytes of three words, and
 * the last three in the low bytes of 'rest', the first of them in the lowest.  The other
 * bytes of 'rest' are the table's.
 */
#define COMMUNITY_DIGITS 0xffffffu
struct community_text {
	uint64_t digits[3];
	uint64_t rest;
};

/* In 'rest' above the digits: the connection's id.  Two places share a cache line. */
#define COMMUNITY_SHIFT		24
#define COMMUNITY_CONNECTIONS	(1ull << (64 - COMMUNITY_SHIFT))
#define COMMUNITY_BUSY		1u	/* 'rest' of a place that is being written */

struct community_place {
	_Atomic uint64_t digits[3];
	_Atomic uint64_t rest;
};

/* Slots are in chunks, of which each is twice as large as the one before it: none moves
 * when the table grows. */
#define COMMUNITY_CHUNKS	23u
#define COMMUNITY_FIRST		1024u	/* slots of the first chunk */

struct community_table {
	_Atomic(struct community_place *) chunk[COMMUNITY_CHUNKS];
};

struct community_table *community_table_create(void);	/* NULL: no memory */
void community_table_free(struct community_table *t);	/* NULL is fine */

/* Which chunk has the slot. */
static inline unsigned int community_table_chunk(uint32_t slot)
{
	uint64_t n = (uint64_t)slot + COMMUNITY_FIRST;

	return 63u - (unsigned int)__builtin_clzll(n / COMMUNITY_FIRST);
}

/* NULL: nothing was stored for this slot or one near it. */
static inline struct community_place *
community_table_place(struct community_table *t, uint32_t slot)
{
	uint64_t n = (uint64_t)slot + COMMUNITY_FIRST;
	unsigned int chunk = community_table_chunk(slot);
	struct community_place *first =
		atomic_load_explicit(&t->chunk[chunk], memory_order_acquire);

	return first ? first + (n - ((uint64_t)COMMUNITY_FIRST << chunk)) : NULL;
}

/* Stores an ID.  One of a later connection stays. */
void community_table_set(struct community_table *t, uint32_t slot, uint64_t id,
			 const struct community_text *text);

/*
 * The ID of a connection; false: it is not there.  Ids of a slot only grow, so that
 * 'rest' never gets an earlier value again: if it is the same before and after, the
 * digits between are its own.
 */
static inline bool community_table_get(struct community_table *t, uint32_t slot,
				       uint64_t id, struct community_text *text)
{
	struct community_place *place = community_table_place(t, slot);
	uint64_t rest;

	if (!place)
		return false;
	rest = atomic_load_explicit(&place->rest, memory_order_acquire);
	if (rest >> COMMUNITY_SHIFT != id)
		return false;
	/* Not in a loop: they stay in registers. */
	text->digits[0] = atomic_load_explicit(&place->digits[0], memory_order_acquire);
	text->digits[1] = atomic_load_explicit(&place->digits[1], memory_order_acquire);
	text->digits[2] = atomic_load_explicit(&place->digits[2], memory_order_acquire);
	text->rest = rest;
	return atomic_load_explicit(&place->rest, memory_order_relaxed) == rest;
}

/* For a line of this slot that comes soon. */
static inline void community_table_prefetch(struct community_table *t, uint32_t slot)
{
	const struct community_place *place = community_table_place(t, slot);

	if (place)
		fetch(place);
}

#endif
