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

#include "replay/firewall.h"
#include "replay/parser.h"
#include "replay/side.h"
#include "report/explain_view.h"

struct lane {
	struct options opt;	/* those of the command line, but for 'config' and -N */
	struct settings settings;
	struct ct *ct;
	struct ct_reassembly *reassembly;
	struct parser parser;
	struct firewall *firewall;	/* or NULL */
	size_t firewall_bytes;	/* that it takes, about */
	struct rule_place path[RULES_PATH_MAX];
	const char *path_text[RULES_PATH_MAX];
	struct side side;
};

/*
 * An engine with the configuration 'cfg'; 'watched': it reports its events, and the
 * bounds of windows.  'notrack': with those of -N.  'files': those of a firewall whose
 * rules judge the packets, or NULL.  NULL: no memory.
 */
struct lane *lane_create(const struct settings *s, const struct ct_config *cfg,
			 const struct firewall_files *files, bool watched,
			 bool notrack);
void lane_free(struct lane *l);		/* NULL is fine */

/* Parses the batch's frames as the lane sees them.  'copy' says which frames --dedup
 * leaves out, or is NULL. */
void lane_parse(const struct lane *l, struct batch *b, const bool *copy);

/* Tracks the frames from number 'from' to before 'to'. */
void lane_track(struct lane *l, const struct batch *b, uint32_t from, uint32_t to);

/* What the lane says of the frame of index 'i', the last one that it tracked. */
void lane_word(const struct lane *l, const struct batch *b, uint32_t i,
	       struct explain_word *word);

/* Adds the rules that matched the last packet to its view; they stay with the lane. */
void lane_add_path(struct lane *l, struct packet_view *view);

/* Bytes of its table and its rules, about. */
size_t lane_bytes(const struct lane *l);

#endif
