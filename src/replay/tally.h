/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tally.h - counts every frame in one class and every packet in one state, for -s.
 *
 * Belongs to the tracker.
 */
#ifndef REPLAY_TALLY_H
#define REPLAY_TALLY_H 1

#include "base/tunnel.h"
#include "capture/link/link.h"
#include "ctreplay/conntrack.h"
#include "report/statistics.h"

/* Few senders of bad checksums matter, so few are kept. */
#define TALLY_SENDERS	64u
/* A sender of this number of bad checksums gets a warning. */
#define TALLY_MANY	10u

struct tally_sender {
	union ct_addr addr;
	uint8_t l3num;		/* 0: this place is free */
	uint64_t failed, first;	/* packets; number of the first frame */
};

struct tally {
	struct statistics counts;
	uint64_t link[LINK_CLASSES];		/* frames by what the link layer held */
	struct named_count other[LINK_CLASSES];	/* those without IP; at the end */
	struct tally_sender sender[TALLY_SENDERS];
	uint64_t tunnels[TUNNELS];		/* packets that --decap could look into */
	uint64_t tunnel_first;			/* frame of the first one; 0: none */
};

/* Counts the reason of a packet that has one. */
void tally_reason(struct tally *t, const struct ct_packet *pkt,
		  const struct ct_verdict *v);

/* Counts one packet with its verdict. */
static inline void tally_packet(struct tally *t, const struct ct_packet *pkt,
				const struct ct_verdict *v)
{
	t->counts.ctstate[v->ctstate]++;
	t->counts.protocol[pkt->protonum]++;
	if (v->dropped)
		t->counts.helper_dropped++;
	if (pkt->flags & CT_PACKET_CUT)
		t->counts.cut++;
	if (v->nwhy)
		tally_reason(t, pkt, v);
}

/* The same for a packet in ESTABLISHED without a reason that no helper dropped. */
static inline void tally_established(struct tally *t, const struct ct_packet *pkt)
{
	t->counts.ctstate[CT_ESTABLISHED]++;
	t->counts.protocol[pkt->protonum]++;
	if (pkt->flags & CT_PACKET_CUT)
		t->counts.cut++;
}

/* The counts in the form that the report wants. */
const struct statistics *tally_finish(struct tally *t);

/* The sender with most bad checksums, or NULL when none has many. */
const struct tally_sender *tally_suspect(const struct tally *t);

#endif
