/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * quality.h - what the capture can be trusted with.
 *
 * A capture that lacks segments, holds packets twice or shows one direction makes
 * connection tracking call packets INVALID that were sound on the network.  The
 * counters here find out, and quality_notes() says what was found: how often, from
 * which frame on, how many INVALID packets follow from it, and what to do.
 *
 * They belong to the tracker, which feeds them, and change nothing but the reason of
 * an answer to a multicast question.  Packets with a reason, and those that are NEW,
 * come all.  Of the others, which take the fast path, all come up to
 * QUALITY_WATCH_ALL frames, and all once something was found; of a longer capture
 * without a fault one stretch in 64.
 */
#ifndef REPLAY_QUALITY_H
#define REPLAY_QUALITY_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "ctreplay/conntrack.h"
#include "replay/quality/copies.h"
#include "replay/quality/datagrams.h"
#include "replay/quality/flows.h"
#include "replay/quality/groups.h"

#define QUALITY_WATCH_ALL	16384u
#define QUALITY_SKIP		0x3f000u	/* then frames without these bits: of
						 * each 64 times 4,096 the first */

struct first_count {
	uint64_t count, first;	/* the first frame */
};

struct quality {
	uint64_t skip;		/* frames with one of these bits are not watched */
	uint64_t epoch;		/* as for flows_packet() */
	struct flows flows;
	struct copies copies;
	uint64_t copies_invalid;	/* copies that are INVALID */
	struct datagrams datagrams;
	struct groups groups;
	struct first_count cut_header;
	struct first_count no_length, no_length6, no_crc;	/* left to the card */
	struct first_count not_taken, tls;	/* announcements */
	struct first_count not_ip;
	uint64_t like_ip, like_ethernet;	/* of these, by their bytes */
	uint64_t lost;		/* packets that were never captured; capture_lost() */
};

bool quality_init(struct quality *q);	/* false: no memory */
void quality_free(struct quality *q);

/* Whether a packet of the fast path is to be handed over. */
static inline bool quality_watches(const struct quality *q, uint64_t number)
{
	return !(number & q->skip);
}

/* How many frames from this one on are not watched, as far as can be said at once. */
static inline size_t quality_unwatched(const struct quality *q, uint64_t number)
{
	const uint64_t stretch = QUALITY_SKIP & -QUALITY_SKIP;

	return number & q->skip ? (size_t)(stretch - (number & (stretch - 1))) : 0;
}

/* A packet and its verdict, which may get a reason. */
void quality_packet(struct quality *q, const struct frame *f,
		    const struct ct_packet *pkt, ct_time time,
		    struct ct_verdict *v);

/* A packet whose IP header is not sound. */
void quality_bad_header(struct quality *q, const struct ct_packet *pkt,
			enum ct_packet_class class, uint64_t frame);
/* The part of it that changes a verdict: a packet in NEW that answers a group's
 * question gets its reason, where it has none. */
void quality_group(struct groups *g, const struct ct_packet *pkt, ct_time time,
		   struct ct_verdict *v);

/* A frame that holds no IP packet with a sound header. */
void quality_not_ip(struct quality *q, const struct frame *f);

#endif
