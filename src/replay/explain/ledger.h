/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ledger.h - what --explain remembers of the frames before the one that it tells
 * about: where each connection began, its last frame, who announced it, and which
 * connections have ended lately.
 *
 * Its memory grows with the connections that live at a time, and the expectations.
 * Of the connections that have ended it keeps LEDGER_ENDED at most: a later one
 * takes the place of one with the same hash.
 */
#ifndef REPLAY_EXPLAIN_LEDGER_H
#define REPLAY_EXPLAIN_LEDGER_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "replay/side.h"

#define LEDGER_ENDED	16384u

/* A connection that lives. */
struct ledger_line {
	uint64_t id, first, last;
	uint64_t expect_frame;	/* announced it; 0: none */
	const char *helper, *class_name;	/* of its expectation, or NULL */
};

/* An expectation that waits. */
struct ledger_expect {
	struct ct_expect_record record;
	uint64_t frame;		/* that announced it */
};

struct ledger_ended {
	struct ct_event event;
	uint64_t last;		/* its last frame */
};

struct ledger {
	struct ledger_line *line;	/* by slot */
	uint32_t lines;
	struct ledger_expect *expect;
	size_t nexpects, expects;
	struct ledger_ended *ended;	/* LEDGER_ENDED of them, by hash */
	bool no_memory;
};

bool ledger_init(struct ledger *l);	/* false: no memory */
void ledger_free(struct ledger *l);	/* one of zeros is fine */

/* Takes down the frame that 's' has tracked last, alone. */
void ledger_frame(struct ledger *l, const struct side *s, const struct word *w,
		  uint64_t number);

/* The connection with this id in this slot, or NULL. */
const struct ledger_line *ledger_find(const struct ledger *l, uint32_t slot,
				      uint64_t id);

/* The expectation that waits for this packet, or NULL. */
const struct ledger_expect *ledger_find_expect(const struct ledger *l,
					       const struct packet_view *pkt);

/* The connection between these ends that ended last, as far as it is known. */
const struct ledger_ended *ledger_find_ended(const struct ledger *l,
					     const struct packet_view *pkt);

#endif
