/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * community_ids.h - the Community ID of each connection in the table, for lines of
 * packets that show it.
 *
 * A hash for each packet would cost as much as the rest of its line.  All packets of a
 * TCP or UDP connection have one ID, and the engine numbers the connections that live
 * at a time with small slots, as for connections.h.
 *
 * Belongs to the tracker.
 */
#ifndef REPLAY_COMMUNITY_IDS_H
#define REPLAY_COMMUNITY_IDS_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "ctreplay/conntrack.h"
#include "packet/summary.h"
#include "report/community_id.h"

struct community_place {
	uint64_t id;		/* of the connection; 0: none */
	struct community_text text;
};

struct community_ids {
	bool wanted;		/* the format shows them */
	struct community_place *place;	/* by slot */
	uint32_t capacity;
};

void community_ids_free(struct community_ids *c);

/* Of a connection that is not known yet; NULL: there is none, or no memory. */
const struct community_text *community_ids_add(struct community_ids *c,
					       const struct ct_packet *pkt,
					       const struct packet_summary *s,
					       const struct ct_verdict *v);

/* The ID of the packet's connection; NULL: the packet's line has to find it. */
static inline const struct community_text *
community_ids_get(struct community_ids *c, const struct ct_packet *pkt,
		  const struct packet_summary *s, const struct ct_verdict *v)
{
	if (likely(v->slot < c->capacity && c->place[v->slot].id == v->id && v->id))
		return &c->place[v->slot].text;
	return community_ids_add(c, pkt, s, v);
}

/* For a packet of this slot that comes soon. */
static inline void community_ids_prefetch(const struct community_ids *c, uint32_t slot)
{
	if (slot < c->capacity)
		fetch(&c->place[slot]);
}

#endif
