/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/community_ids.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 1024u

void community_ids_free(struct community_ids *c)
{
	free(c->place);
}

static bool grow(struct community_ids *c, uint32_t slot)
{
	size_t capacity = c->capacity ? c->capacity : CAPACITY_MIN;
	struct community_place *place;

	while (capacity <= slot)
		capacity *= 2;
	place = realloc(c->place, capacity * sizeof(*place));
	if (!place)
		return false;
	memset(place + c->capacity, 0, (capacity - c->capacity) * sizeof(*place));
	c->place = place;
	c->capacity = (uint32_t)capacity;
	return true;
}

noinline const struct community_text *
community_ids_add(struct community_ids *c, const struct ct_packet *pkt,
		  const struct packet_summary *s, const struct ct_verdict *v)
{
	/* A type of ICMP has a direction of its own. */
	bool has_ports = pkt->protonum == CT_L4_TCP || pkt->protonum == CT_L4_UDP;
	struct community_flow flow = {
		.src = pkt->src, .dst = pkt->dst, .a = s->a, .b = s->b,
		.l3num = pkt->l3num, .protonum = pkt->protonum,
	};
	struct community_place *place;

	if (!v->id || !has_ports || !s->ports || s->fragment ||
	    (v->slot >= c->capacity && !grow(c, v->slot)))
		return NULL;
	place = &c->place[v->slot];
	place->id = v->id;
	put_community_id(place->text.s, &flow, 0);
	return &place->text;
}
