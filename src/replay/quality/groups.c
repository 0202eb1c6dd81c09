/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/quality/groups.h"

#include <string.h>

#include "base/bytes.h"
#include "replay/quality/mix.h"

/* A broadcast address of a subnet is known by its last octet alone: the prefix is
 * not in the capture. */
static bool is_group(const union ct_addr *a, uint8_t l3num)
{
	if (l3num == CT_L3_IPV6)
		return a->b[0] == 0xff;
	return a->b[0] >> 4 == 14 || a->b[3] == 255;
}

static struct group_question *slot_of(struct groups *g, const union ct_addr *asker,
				      uint16_t sport, uint16_t dport)
{
	uint64_t h = mix(mix(asker->d[0], asker->d[1]),
			 (uint64_t)sport << 16 | dport);

	return &g->slot[h >> 32 & (GROUPS_SLOTS - 1)];
}

uint64_t groups_packet(struct groups *g, const struct ct_packet *pkt, ct_time time)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	struct group_question *q;
	uint16_t sport, dport;

	if (!g->asked && !is_group(&pkt->dst, pkt->l3num))
		return 0;
	if (pkt->protonum != CT_L4_UDP || !bytes_there(&b, pkt->l4off, 4))
		return 0;
	sport = load_be16(pkt->data + pkt->l4off);
	dport = load_be16(pkt->data + pkt->l4off + 2);
	if (is_group(&pkt->dst, pkt->l3num)) {
		g->asked = true;
		q = slot_of(g, &pkt->src, sport, dport);
		*q = (struct group_question){ pkt->number, time, pkt->src, pkt->dst,
					      sport, dport, pkt->l3num };
		return 0;
	}
	q = slot_of(g, &pkt->dst, dport, sport);
	if (!q->number || q->l3num != pkt->l3num || q->sport != dport ||
	    q->dport != sport || time - q->time > GROUPS_WITHIN ||
	    memcmp(&q->from, &pkt->dst, sizeof(q->from)) != 0)
		return 0;
	if (g->answers++ == 0)
		g->first = pkt->number;
	return q->number;
}
