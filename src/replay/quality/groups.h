/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * groups.h - questions to multicast groups and broadcast addresses, and what hosts
 * answer from addresses of their own.
 */
#ifndef REPLAY_QUALITY_GROUPS_H
#define REPLAY_QUALITY_GROUPS_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"

#define GROUPS_SLOTS	64u
/* An answer comes within this time. */
#define GROUPS_WITHIN	(30 * CT_NSEC_PER_SEC)

struct group_question {
	uint64_t number;	/* frame; 0: free */
	ct_time time;
	union ct_addr from, group;
	uint16_t sport, dport;
	uint8_t l3num;
};

struct groups {
	struct group_question slot[GROUPS_SLOTS];
	uint64_t answers, first;
	bool asked;		/* a slot is not free */
};

/* A UDP packet in NEW.  The number of the frame that it answers, or 0. */
uint64_t groups_packet(struct groups *g, const struct ct_packet *pkt, ct_time time);

#endif
