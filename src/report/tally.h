/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tally.h - what is counted on the way, for -s: every frame in one class,
 * every packet in one state.
 */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H 1

#include <stdbool.h>
#include <stdint.h>

#include "capture/link/link.h"
#include "ctreplay/conntrack.h"

/* Senders whose checksums failed; few of them matter, so few are kept. */
#define TALLY_SENDERS	64u
/* From so many failures on, a sender is worth a word. */
#define TALLY_MANY	10u

struct tally_sender {
	union ct_addr addr;
	uint8_t l3num;		/* 0: place not used */
	uint64_t failed, first;	/* packets; number of the first frame */
};

struct tally {
	uint64_t frames, bytes;
	uint64_t filtered;			/* -f did not match */
	uint64_t link[LINK_CLASSES];		/* frames by what the link layer held */
	uint64_t packet[CT_PACKET_CLASSES];	/* IP packets by their header */
	uint64_t ctstate[CT_CTSTATES];
	uint64_t invalid[CT_REASON_COUNT];	/* INVALID packets by first reason */
	uint64_t noted[CT_REASON_COUNT];	/* the others, where they have one */
	uint64_t cut;				/* packets cut by the snap length */
	uint64_t helper_dropped;		/* packets dropped by a helper */
	struct tally_sender sender[TALLY_SENDERS];
};

/* Counts the reason of a packet that has one. */
void tally_reason(struct tally *t, const struct ct_packet *pkt,
		  const struct ct_verdict *v);

/* Counts one packet with its word. */
static inline void tally_packet(struct tally *t, const struct ct_packet *pkt,
				const struct ct_verdict *v)
{
	t->ctstate[v->ctstate]++;
	if (v->dropped)
		t->helper_dropped++;
	if (pkt->flags & CT_PACKET_CUT)
		t->cut++;
	if (v->nwhy)
		tally_reason(t, pkt, v);
}

/* The sender with most failed checksums, or NULL when none has many. */
const struct tally_sender *tally_suspect(const struct tally *t);

#endif
