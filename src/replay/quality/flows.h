/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flows.h - the last TCP connections as the capture shows them: which segments it
 * lacks, which direction, and which INVALID packets follow from that.
 *
 * This is not connection tracking: it never says what a packet is, only whether the
 * capture holds what the network carried.  The memory is fixed, and a connection that
 * has not been seen for long makes room for another.
 */
#ifndef REPLAY_QUALITY_FLOWS_H
#define REPLAY_QUALITY_FLOWS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "ctreplay/conntrack.h"
#include "replay/quality/segment.h"

#define FLOWS_SETS	512u
#define FLOWS_WAYS	4u

/* What is wrong with a connection's packets, the strongest explanation first. */
enum flow_fault {
	FLOW_REWRITTEN,		/* both sides of a device that rewrites are there */
	FLOW_LOST,		/* segments are missing */
	FLOW_ONE_WAY,		/* one direction is missing */
	FLOW_PICKED_UP,		/* its beginning is missing */
	FLOW_FAULTS
};

/* What one side has sent. */
struct flow_side {
	uint32_t next;		/* number after the highest that was seen */
	uint32_t hole, hole_end;	/* the first gap; none: equal */
	uint32_t lost, lost_end;	/* the last gap that was acknowledged */
	uint32_t acked;		/* acknowledged by the peer, but not seen ... */
	bool ahead;		/* ... which what it sends next confirms */
	bool seen;		/* 'next' is set */
};

/* Places for connections: all that most lookups read, in one cache line. */
struct flow_set {
	_Alignas(CACHE_LINE) uint64_t key[FLOWS_WAYS];	/* of addresses and ports; 0: free */
	uint64_t last[FLOWS_WAYS];	/* frames */
};

/* The rest of a connection. */
struct flow {
	uint64_t first;		/* frame */
	uint64_t epoch;		/* the frames that were followed without a break */
	uint32_t pending;	/* INVALID packets that nothing explains yet */
	uint32_t unanswered;	/* packets that an answer must have preceded */
	uint32_t first_ack;	/* of the first of them */
	uint32_t first_seq;
	uint8_t faults;		/* 1 << enum flow_fault */
	struct flow_side side[2];
};

struct flow_count {
	uint64_t count, first;	/* segments or connections; the first frame */
	uint64_t invalid;	/* INVALID packets that follow from it */
};

struct flows {
	struct flow_set *set;	/* FLOWS_SETS */
	struct flow *flow;	/* FLOWS_WAYS of each set */
	uint64_t frame;		/* the one at hand */
	struct flow_count fault[FLOW_FAULTS];
};

bool flows_init(struct flows *f);	/* false: no memory */
void flows_free(struct flows *f);

/*
 * One packet, with its TCP header.  'epoch' is the same for packets between which
 * none is missing here; 0: its numbers are not to be followed.
 */
void flows_packet(struct flows *f, const struct ct_packet *pkt,
		  const struct segment *s, const struct ct_verdict *v,
		  uint64_t epoch);

/*
 * flows_packet() for a TCP packet in NEW without a reason whose numbers are not to be
 * followed: it says only that the connection is there.  False: not this one.
 */
bool flows_opened(struct flows *f, const struct ct_packet *pkt);

/* A copy of the packet with other numbers or addresses was seen. */
void flows_rewritten(struct flows *f, const struct ct_packet *pkt,
		     const struct segment *s);

#endif
