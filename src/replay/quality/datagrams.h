/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * datagrams.h - datagrams of which fragments are missing.
 */
#ifndef REPLAY_QUALITY_DATAGRAMS_H
#define REPLAY_QUALITY_DATAGRAMS_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"

#define DATAGRAMS_SLOTS	256u

struct datagram_slot {
	uint64_t key;		/* of its addresses and identification; 0: free */
	uint64_t first;		/* frame */
};

struct datagrams {
	struct datagram_slot slot[DATAGRAMS_SLOTS];
	uint64_t evicted;	/* did not become whole while others came */
	uint64_t evicted_first;	/* frame */
	uint64_t later;		/* fragments behind the first of their datagram */
};

/* A fragment that waits for the others. */
void datagrams_held(struct datagrams *d, const struct ct_packet *pkt);
/* The fragment completed, or ended, its datagram. */
void datagrams_settled(struct datagrams *d, const struct ct_packet *pkt);

/* How many never became whole, and the first frame of them. */
uint64_t datagrams_incomplete(const struct datagrams *d, uint64_t *first);

#endif
