/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/prevented.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/state_io.h"

#define FLAGS_AT 13u	/* in a TCP header */
#define SYN	0x02u
#define ACK	0x10u

static uint64_t mix(uint64_t h)
{
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t end_of(const union ct_addr *a, uint16_t port)
{
	return mix(mix(a->d[0]) + a->d[1]) + port;
}

static bool has_ports(uint8_t protonum)
{
	return protonum == CT_L4_TCP || protonum == CT_L4_UDP ||
	       protonum == CT_L4_SCTP || protonum == CT_L4_UDPLITE ||
	       protonum == CT_L4_DCCP;
}

/* The flow in any direction, as a number whose lowest bit says which one it is. */
static uint64_t flow_of(const struct ct_packet *pkt)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint16_t sport = 0, dport = 0;
	uint64_t src, dst;

	if (has_ports(pkt->protonum) &&
	    !(pkt->flags & (CT_PACKET_FRAGMENT | CT_PACKET_NO_L4))) {
		bytes_be16(&b, pkt->l4off, &sport);
		bytes_be16(&b, pkt->l4off + 2, &dport);
	}
	src = end_of(&pkt->src, sport);
	dst = end_of(&pkt->dst, dport);
	return (mix(src + dst + pkt->protonum) & ~(uint64_t)1) | (src < dst);
}

bool prevented_opens(const struct ct_packet *pkt)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint8_t flags;

	if (pkt->protonum != CT_L4_TCP)
		return true;
	return bytes_u8(&b, pkt->l4off + FLAGS_AT, &flags) &&
	       (flags & (SYN | ACK)) == SYN;
}

static uint64_t *place_of(const struct prevented *p, uint64_t flow)
{
	return &p->flow[flow >> 1 & (PREVENTED_PLACES - 1)];
}

bool prevented_is(const struct prevented *p, const struct ct_packet *pkt)
{
	uint64_t flow, dropped;

	if (!p->flow)
		return false;
	flow = flow_of(pkt);
	dropped = *place_of(p, flow);
	if (dropped >> 1 != flow >> 1)
		return false;
	return dropped != flow || !prevented_opens(pkt);
}

void prevented_note(struct prevented *p, const struct ct_packet *pkt, bool passed)
{
	uint64_t flow;

	if (!p->flow && passed)
		return;
	if (!p->flow)
		p->flow = calloc(PREVENTED_PLACES, sizeof(*p->flow));
	if (!p->flow)	/* marks are missing, and nothing else */
		return;
	flow = flow_of(pkt);
	if (!passed)
		*place_of(p, flow) = flow;
	else if (*place_of(p, flow) >> 1 == flow >> 1)
		*place_of(p, flow) = 0;
}

void prevented_free(struct prevented *p)
{
	free(p->flow);
}

void prevented_state(struct prevented *p, struct state_io *io)
{
	state_begin(io, STATE_TAG('P', 'R', 'E', 'V'));
	for (uint32_t i = 0; io->save && p->flow && i < PREVENTED_PLACES; i++)
		if (p->flow[i])
			state_u64(io, &p->flow[i]);
	while (!io->save && state_more(io)) {
		uint64_t flow = 0;

		state_u64(io, &flow);
		if (!p->flow)
			p->flow = calloc(PREVENTED_PLACES, sizeof(*p->flow));
		if (!p->flow)
			state_no_memory(io);
		else
			*place_of(p, flow) = flow;
	}
	state_end(io);
}
