/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dedup.h - --dedup: recognises a packet that was captured before.
 *
 * One packet is captured several times by "tcpdump -i any", on a bridge and its
 * ports, on a bond and its members, and by a mirror port that sends what comes in
 * and what goes out.  Two packets are copies of one if they were captured within
 * some time, and their network layer has the same bytes except those that change on
 * the way:
 *
 *	TTL and hop limit	a router decrements them
 *	DS field and ECN	a router may mark the packet
 *	header checksum		follows from these
 *	TCP and UDP checksum	the card may complete it, between two places
 *
 * All else of a frame does not count: addresses of the link layer, tags, padding, and
 * with --decap the tunnel.  A packet that NAT has rewritten is another one.
 *
 * IPv4's identification tells a retransmission from a copy.  IPv6 has none, so that
 * equal acknowledgements within the time are copies, too.
 *
 * The table keeps a keyed hash of 64 bits for each packet, so that nobody can make a
 * packet that is taken for another one, and has a fixed size.
 */
#ifndef REPLAY_DEDUP_H
#define REPLAY_DEDUP_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/state_io.h"
#include "ctreplay/packet.h"

#define DEDUP_WAYS	4u

struct dedup_slot {
	uint64_t hash, time;
};

struct dedup {
	uint64_t window;	/* nanoseconds; 0: off */
	uint64_t key[4];
	struct dedup_slot (*set)[DEDUP_WAYS];	/* NULL: off */
	uint64_t forgotten;	/* packets that were forgotten before their time */
};

/* False: no memory.  A window of 0 turns it off. */
bool dedup_init(struct dedup *d, uint64_t window);
void dedup_free(struct dedup *d);

/* The hash of a parsed packet; it reads 'key' only, so any thread may call it. */
uint64_t dedup_hash(const struct dedup *d, const struct ct_packet *pkt);

/* Whether a packet captured at 'time' is a copy; if not, it is remembered. */
bool dedup_is_copy(struct dedup *d, uint64_t hash, uint64_t time);

/* What it remembers as bytes, with its key; both ways. */
void dedup_state(struct dedup *d, struct state_io *io);

#endif
