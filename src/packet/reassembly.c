/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "packet/reassembly_queue.h"

#define SECOND 1000000000ull

struct reassembly *reassembly_create(const struct reassembly_limits *limits)
{
	struct reassembly *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->v4.timeout = limits->ipv4_seconds * SECOND;
	r->v4.limit = limits->ipv4_bytes;
	r->v4.queue_cost = QUEUE4_COST;
	r->v6.timeout = limits->ipv6_seconds * SECOND;
	r->v6.limit = limits->ipv6_bytes;
	r->v6.queue_cost = QUEUE6_COST;
	r->max_dist = limits->ipv4_max_dist;
	return r;
}

void reassembly_free(struct reassembly *r)
{
	if (!r)
		return;
	store_clear(r, &r->v4);
	store_clear(r, &r->v6);
	free(r);
}

enum reassembly_result reassembly_whole(struct reassembly *r, uint32_t len,
					uint32_t caplen, struct ct_packet *pkt,
					enum ct_reason *why)
{
	struct ct_packet whole;

	/* The bridge looks at the header once more when it forwards, and
	 * routes what has got another destination (br_nf_forward_ip,
	 * br_nf_pre_routing_finish_ipv6).  See reassembly6.c for how a header
	 * can come to harm. */
	if (ct_packet_parse(&whole, r->whole, caplen < len ? caplen : len, len,
			    pkt->l3num, 0) != CT_PACKET_OK ||
	    memcmp(&whole.dst, &pkt->dst, sizeof(whole.dst))) {
		*why = CT_REASON_FRAG_WHOLE;
		r->nframes = 0;
		return REASSEMBLY_DROPPED;
	}
	whole.number = pkt->number;
	/* A second fragment header is walked over as any other header is. */
	whole.flags &= (uint8_t)~CT_PACKET_FRAGMENT;
	whole.flags |= CT_PACKET_REASSEMBLED;
	*pkt = whole;
	return REASSEMBLY_WHOLE;
}

static void count(struct reassembly_stats *s, enum reassembly_result result)
{
	switch (result) {
	case REASSEMBLY_PASS:
		break;
	case REASSEMBLY_WHOLE:
		s->whole++;
		break;
	case REASSEMBLY_HELD:
		s->held++;
		break;
	case REASSEMBLY_DROPPED:
		s->dropped++;
		break;
	}
}

enum reassembly_result reassembly_packet(struct reassembly *r, uint64_t now,
					 struct ct_packet *pkt,
					 enum ct_reason *why)
{
	enum reassembly_result result = REASSEMBLY_PASS;

	*why = CT_REASON_NONE;
	r->nframes = 0;
	r->stats.timed_out += store_expire(r, &r->v4, now);
	r->stats.timed_out += store_expire(r, &r->v6, now);
	if (pkt->l3num == CT_L3_IPV6)
		result = reassembly_ipv6(r, now, pkt, why);
	else if (pkt->flags & CT_PACKET_FRAGMENT)
		result = reassembly_ipv4(r, now, pkt, why);
	count(&r->stats, result);
	r->stats.out_of_memory += *why == CT_REASON_FRAG_MEMORY;
	return result;
}

const uint64_t *reassembly_frames(const struct reassembly *r, uint32_t *n)
{
	*n = r->nframes;
	return r->frames;
}

const struct reassembly_stats *reassembly_stats(const struct reassembly *r)
{
	return &r->stats;
}
