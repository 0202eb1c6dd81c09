/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lane.h - one replay of --explain: an engine with settings of its own.
 *
 * Lanes are independent of each other.  They see the same batches, one after the
 * other: lane_parse(), then lane_track().
 */
#ifndef REPLAY_EXPLAIN_LANE_H
#define REPLAY_EXPLAIN_LANE_H 1

#include <stdbool.h>

#include "replay/parser.h"
#include "replay/side.h"
#include "report/explain_view.h"

struct lane {
	struct options opt;	/* those of the command line, but for 'config' and -N */
	struct settings settings;
	struct ct *ct;
	struct ct_reassembly *reassembly;
	struct parser parser;
	struct side side;
};

/*
 * An engine with the configuration 'cfg'; 'watched': it reports its events, and the
 * bounds of windows.  'notrack': with those of -N.  NULL: no memory.
 */
struct lane *lane_create(const struct settings *s, const struct ct_config *cfg,
			 bool watched, bool notrack);
void lane_free(struct lane *l);		/* NULL is fine */

/* Parses the batch's frames as the lane sees them.  'copy' says which frames --dedup
 * leaves out, or is NULL. */
void lane_parse(const struct lane *l, struct batch *b, const bool *copy);

/* Tracks the frames from number 'from' to before 'to'. */
void lane_track(struct lane *l, const struct batch *b, uint32_t from, uint32_t to);

/* What the lane says of the frame of index 'i', the last one that it tracked. */
void lane_word(const struct lane *l, const struct batch *b, uint32_t i,
	       struct explain_word *word);

/* Bytes of its table, about. */
size_t lane_bytes(const struct lane *l);

#endif
