/* SPDX-License-Identifier: GPL-2.0-only */
#include "ctreplay/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "packet/reassembly_queue.h"

#define SECOND 1000000000ull

struct ct_reassembly *ct_reassembly_create(const struct ct_sysctl *sysctl)
{
	struct ct_reassembly *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->v4.timeout = sysctl->ipfrag_time * SECOND;
	r->v4.limit = sysctl->ipfrag_high_thresh;
	r->v4.queue_cost = QUEUE4_COST;
	r->v4.release = reassembly_ipv4_release;
	r->v6.timeout = sysctl->frag6_timeout * SECOND;
	r->v6.limit = sysctl->frag6_high_thresh;
	r->v6.queue_cost = QUEUE6_COST;
	r->max_dist = sysctl->ipfrag_max_dist;
	return r;
}

void ct_reassembly_free(struct ct_reassembly *r)
{
	if (!r)
		return;
	store_clear(r, &r->v4);
	store_clear(r, &r->v6);
	free(r);
}

enum ct_reassembly_result reassembly_whole(struct ct_reassembly *r, uint32_t len,
					   uint32_t caplen, struct ct_packet *pkt,
					   enum ct_reason *why)
{
	struct ct_packet whole;

	/* The bridge validates the header once more when it forwards the
	 * packet, and routes a packet whose destination has changed
	 * (br_nf_forward_ip, br_nf_pre_routing_finish_ipv6).  finish() in
	 * reassembly6.c can damage both. */
	if (ct_packet_parse(&whole, r->whole, caplen < len ? caplen : len, len,
			    pkt->l3num, 0) != CT_PACKET_OK ||
	    memcmp(&whole.dst, &pkt->dst, sizeof(whole.dst))) {
		*why = CT_REASON_FRAG_WHOLE;
		r->nframes = 0;
		return CT_REASSEMBLY_DROPPED;
	}
	whole.number = pkt->number;
	/* A second fragment header is an extension header like any other. */
	whole.flags &= (uint8_t)~CT_PACKET_FRAGMENT;
	whole.flags |= CT_PACKET_REASSEMBLED;
	*pkt = whole;
	return CT_REASSEMBLY_WHOLE;
}

static void count(struct ct_reassembly_stats *s, enum ct_reassembly_result result)
{
	switch (result) {
	case CT_REASSEMBLY_PASS:
		break;
	case CT_REASSEMBLY_WHOLE:
		s->whole++;
		break;
	case CT_REASSEMBLY_HELD:
		s->held++;
		break;
	case CT_REASSEMBLY_DROPPED:
		s->dropped++;
		break;
	}
}

enum ct_reassembly_result ct_reassembly_packet(struct ct_reassembly *r,
					       uint64_t now,
					       struct ct_packet *pkt,
					       enum ct_reason *why)
{
	enum ct_reassembly_result result = CT_REASSEMBLY_PASS;

	*why = CT_REASON_NONE;
	r->nframes = 0;
	r->stats.timed_out += store_expire(r, &r->v4, now);
	r->stats.timed_out += store_expire(r, &r->v6, now);
	if (pkt->l3num == CT_L3_IPV6)
		result = reassembly_ipv6(r, now, pkt, why);
	else if (pkt->flags & CT_PACKET_FRAGMENT)
		result = reassembly_ipv4(r, now, pkt, why);
	if (result == CT_REASSEMBLY_HELD)
		*why = CT_REASON_FRAG_HELD;
	count(&r->stats, result);
	r->stats.out_of_memory += *why == CT_REASON_FRAG_MEMORY;
	return result;
}

const uint64_t *ct_reassembly_frames(const struct ct_reassembly *r, uint32_t *n)
{
	*n = r->nframes;
	return r->frames;
}

const struct ct_reassembly_stats *
ct_reassembly_stats(const struct ct_reassembly *r)
{
	return &r->stats;
}
