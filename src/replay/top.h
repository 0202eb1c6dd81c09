/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top.h - counts connections by their source, destination, port or pair (--top).
 *
 * Packets and bytes are added when a connection is reported (connections.h), so a
 * packet costs nothing here unless it is INVALID and belongs to no connection.
 */
#ifndef REPLAY_TOP_H
#define REPLAY_TOP_H 1

#include "base/state_io.h"
#include "replay/hash_index.h"
#include "replay/keyed_hash.h"
#include "report/connection_view.h"
#include "report/report.h"

/*
 * At most this many keys are counted one by one; a flood of forged addresses makes
 * more.  What belongs to others is counted in 'others'.
 */
#define TOP_KEYS_MAX (1u << 20)

struct top_entry;

struct top {
	enum top_by by;
	unsigned int wanted;	/* how many are printed */
	struct top_entry *entry;	/* in the order of their first use */
	struct hash_index index;	/* by key */
	uint32_t used;
	uint32_t limit;		/* of 'used'; TOP_KEYS_MAX, unless it is made less */
	uint32_t *of_slot;		/* a connection's entry, from 1; 0: none */
	uint32_t slots;
	uint32_t live, most;	/* entries in the table, and the most of them */
	uint32_t peak;		/* which maximum that is: counts of an older one
				 * no longer hold */
	uint64_t others;	/* connections without a key of their own */
	struct keyed_hash hash;
};

void top_init(struct top *t, enum top_by by, unsigned int wanted);
void top_free(struct top *t);

/* These return false if there is no memory. */
bool top_begin(struct top *t, const struct ct_record *rec);	/* it was created */
/* An INVALID packet of no connection. */
bool top_invalid(struct top *t, const struct ct_packet *pkt);

/* A connection for which top_begin() returned true has ended, or is still there
 * at the end of the replay. */
void top_end(struct top *t, const struct connection_view *c);
void top_open(struct top *t, const struct connection_view *c);

/* What was counted as bytes, for the connections of the engine's table; both ways. */
void top_state(struct top *t, struct ct *ct, struct state_io *io);

/* Prints the largest: by entries, then connections, packets, bytes, INVALID. */
bool top_print(struct top *t, struct report *r);

#endif
