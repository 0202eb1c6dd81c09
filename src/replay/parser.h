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
#include "replay/dedup.h"
#include "replay/settings.h"

struct parser {
	const struct settings *settings;
	const struct ct *ct;	/* for ct_prepare(), which any thread may call */
	const struct dedup *dedup;	/* for dedup_hash(), likewise */
	const struct ct *second;	/* --versus: the other engine, or NULL */
};

/* Fills in the batch's parsed frames. */
void parser_parse(const struct parser *p, struct batch *b);

/* Reads the summary of a packet again, which may be a datagram that reassembly has
 * completed; without --decap it names the tunnel, too. */
void parser_summarise(const struct settings *s, struct packet_summary *to,
		      const struct ct_packet *pkt);

/*
 * For a datagram that reassembly has completed, to->pkt: with --decap, what is in it
 * takes its place, as an engine with the configuration 'cfg' sees it.  False if there
 * is no tunnel.  The packet's bytes are those of the datagram.
 */
bool parser_decap(const struct settings *s, const struct ct_config *cfg,
		  struct parsed_frame *to);

#endif
