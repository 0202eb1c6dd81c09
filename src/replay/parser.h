/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parser.h - the second stage: all that needs nothing but the frame itself, which is
 * link layer, IP header, checksums and the flow's hash.
 *
 * Any number of threads parse at once, each its own batch; the parser is constant.
 */
#ifndef REPLAY_PARSER_H
#define REPLAY_PARSER_H 1

#include "ctreplay/conntrack.h"
#include "replay/batch.h"
#include "replay/settings.h"

struct parser {
	const struct settings *settings;
	const struct ct *ct;	/* for ct_prepare(), which any thread may call */
	const struct ct *second;	/* --versus: the other engine, or NULL */
};

/* Fills in the batch's parsed frames. */
void parser_parse(const struct parser *p, struct batch *b);

#endif
