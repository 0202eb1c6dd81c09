/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refused.h - connections whose first packet the rules of a firewall dropped, for -C:
 * they never were in the table, and no event tells of them.
 *
 * Packets that are sent again count for the same one, until there are REFUSED_MAX.
 */
#ifndef REPLAY_REFUSED_H
#define REPLAY_REFUSED_H 1

#include <stdbool.h>

#include "replay/hash_index.h"
#include "replay/keyed_hash.h"
#include "report/connection_view.h"

#define REFUSED_MAX 65536u

struct refused {
	struct connection_view *view;	/* in the order of their first packets */
	uint32_t n;
	struct hash_index index;	/* by zone and tuple */
	uint32_t limit;		/* REFUSED_MAX, unless a test makes it less */
	uint64_t others;	/* packets of those that came later */
	struct keyed_hash hash;
};

void refused_init(struct refused *r);
void refused_free(struct refused *r);

/* A packet whose connection was to be 'rec', and which 'rule' dropped.  False: no
 * memory. */
bool refused_packet(struct refused *r, const struct ct_record *rec,
		    const struct ct_packet *pkt, const struct ct_verdict *v,
		    const struct rule_place *rule);

/* All of it as bytes, both ways. */
struct firewall;
struct state_io;
void refused_state(struct refused *r, const struct firewall *fw, ct_time now,
		   struct state_io *io);

#endif
