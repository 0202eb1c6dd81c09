/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explain_view.h - what --explain tells about a frame, as values.
 */
#ifndef REPORT_EXPLAIN_VIEW_H
#define REPORT_EXPLAIN_VIEW_H 1

#include "ctreplay/conntrack.h"
#include "report/packet_view.h"

/* Two values that the kernel compared.  The third column is how a text calls the
 * first one. */
#define EXPLAIN_VALUES(X) \
X(NONE,		"none",		"") \
X(SEQ,		"seq",		"the segment's first sequence number") \
X(SEQ_END,	"seq-end",	"the sequence number behind the segment's last byte") \
X(ACK,		"ack",		"the number that the segment acknowledges") \
X(LENGTH,	"length",	"the number of bytes from the transport header on") \
X(HEADER,	"header-length", "the header length that the segment states") \
X(DATAGRAM,	"datagram-length", "the length that the UDP header states") \
X(COVERAGE,	"coverage",	"the checksum coverage that the header states") \
X(CHECKSUM,	"checksum",	"the checksum in the packet") \
X(TAG,		"verification-tag", "the verification tag of the packet") \
X(ENTRIES,	"entries",	"the number of connections in the table") \
X(ADDRESS,	"address",	"the destination address of the error")

enum explain_value {
#define EXPLAIN_VALUE_ENUM(sym, key, text) EXPLAIN_##sym,
	EXPLAIN_VALUES(EXPLAIN_VALUE_ENUM)
#undef EXPLAIN_VALUE_ENUM
	EXPLAIN_VALUE_COUNT
};

enum explain_relation { EXPLAIN_AT_MOST, EXPLAIN_AT_LEAST, EXPLAIN_BELOW, EXPLAIN_EQUAL };

/* 'value' should have stood in 'relation' to 'bound'. */
struct explain_comparison {
	enum explain_value what;	/* EXPLAIN_NONE: there is none */
	enum explain_relation relation;
	uint32_t value, bound;
	uint32_t by;		/* how far it is off; 0: it is not a distance */
	uint64_t frame;		/* set the bound; 0: no frame did, or it is unknown */
	union ct_addr addr[2];	/* of EXPLAIN_ADDRESS: value and bound */
};

enum explain_kind {
	EXPLAIN_PACKET,		/* it has a verdict */
	EXPLAIN_FRAME,		/* it never reached connection tracking: 'class' */
	EXPLAIN_FILTERED,	/* -f or --interface leaves it out */
	EXPLAIN_COPY,		/* --dedup leaves it out */
};

/* What a replay said of the frame. */
struct explain_word {
	bool there;		/* it has a verdict: 'v' */
	const char *class;	/* else why not */
	struct ct_verdict v;
	struct rule_view rule;	/* a firewall's; without a path */
};

enum explain_change {
	EXPLAIN_SAME,		/* the same word, for the same reason */
	EXPLAIN_RULES,		/* the same word, but another verdict of the rules */
	EXPLAIN_REASON,		/* the same word, but for another reason or in another
				 * direction */
	EXPLAIN_WORD,		/* another word */
	EXPLAIN_NOT_TRIED,	/* there was not enough memory */
};

/* A replay with another setting. */
struct explain_setting {
	char text[64];		/* as the command line has it */
	enum explain_change change;
	struct explain_word word;
	bool table;		/* it is about the size of the table: */
	uint64_t most;		/* most entries at once */
};

/* A connection's place in time. */
struct explain_frames {
	uint64_t first, last;	/* its first frame, and the last one before this; 0:
				 * unknown */
};

struct explain_view {
	uint64_t number;
	ct_time time;		/* the clock's */
	enum explain_kind kind;
	const char *class;	/* of EXPLAIN_FRAME */
	struct packet_view packet;	/* of EXPLAIN_PACKET */
	bool reassembled;
	const uint64_t *fragment;	/* the frames that its datagram came in */
	uint32_t nfragments;
	struct explain_comparison comparison;	/* of the first reason */

	/* The connection of the packet, or that it quotes. */
	bool has_before, has_after;
	struct ct_record before, after;
	struct explain_frames frames;
	bool has_ended;		/* the packet ended a connection: */
	struct ct_event ended;
	bool has_earlier;	/* there is none before, but there was one: */
	struct ct_event earlier;
	uint64_t earlier_last;	/* its last frame */

	/* Announced by the helper of another connection. */
	bool expected;
	const char *expect_helper, *expect_class;
	uint64_t expect_frame;	/* announced it; 0: unknown */
	bool has_master;
	struct ct_record master;

	size_t entries;		/* connections in the table, before the packet */
	uint32_t table_max;	/* nf_conntrack_max */
	struct ct_kernel kernel;
	const struct explain_setting *setting;	/* in the order of trial */
	size_t nsettings;
};

struct report;

void report_explain(struct report *r, const struct explain_view *v);

#endif
