/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prevented.h - packets that would not have come: what they answer, or follow, was
 * dropped by the rules.  The capture has them because another ruleset was in force.
 */
#ifndef REPLAY_PREVENTED_H
#define REPLAY_PREVENTED_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"

/* Flows whose first packet was dropped; later ones take the places of earlier ones. */
#define PREVENTED_PLACES 16384u

struct prevented {
	uint64_t *flow;		/* NULL until the first */
};

/* Whether the packet would not have come. */
bool prevented_is(const struct prevented *p, const struct ct_packet *pkt);
/* A packet that opens a connection by itself, whatever came before: all but TCP's
 * without SYN. */
bool prevented_opens(const struct ct_packet *pkt);
/* The rules have let the packet, which would have come, pass or not. */
void prevented_note(struct prevented *p, const struct ct_packet *pkt, bool passed);
struct state_io;
/* As bytes, both ways. */
void prevented_state(struct prevented *p, struct state_io *io);
void prevented_free(struct prevented *p);

#endif
