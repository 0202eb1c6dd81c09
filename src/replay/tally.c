/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/tally.h"

#include <stdbool.h>
#include <string.h>

static bool is_checksum(enum ct_reason reason)
{
	switch (reason) {
	case CT_REASON_TCP_CHECKSUM:
	case CT_REASON_UDP_CHECKSUM:
	case CT_REASON_ICMP_CHECKSUM:
	case CT_REASON_ICMPV6_CHECKSUM:
	case CT_REASON_SCTP_CRC:
		return true;
	default:
		return false;
	}
}

/* Each sender has one place; where two share it, the first keeps it. */
static void count_sender(struct tally *t, const struct ct_packet *pkt)
{
	uint64_t mix = (pkt->src.d[0] ^ pkt->src.d[1]) * 0x9e3779b97f4a7c15u;
	struct tally_sender *s = &t->sender[mix >> 32 & (TALLY_SENDERS - 1)];

	if (s->l3num == 0) {
		s->l3num = pkt->l3num;
		s->addr = pkt->src;
		s->first = pkt->number;
	}
	if (s->l3num == pkt->l3num &&
	    memcmp(&s->addr, &pkt->src, sizeof(s->addr)) == 0)
		s->failed++;
}

void tally_reason(struct tally *t, const struct ct_packet *pkt,
		  const struct ct_verdict *v)
{
	if (v->ctstate == CT_INVALID)
		t->counts.invalid[v->why[0].reason]++;
	else
		t->counts.noted[v->why[0].reason]++;
	if (is_checksum(v->why[0].reason))
		count_sender(t, pkt);
}

const struct statistics *tally_finish(struct tally *t)
{
	size_t n = 0;

	for (int i = 0; i < LINK_CLASSES; i++)
		if (i != LINK_IPV4 && i != LINK_IPV6)
			t->other[n++] = (struct named_count){
				link_class_name((enum link_class)i), t->link[i]
			};
	t->counts.link = t->other;
	t->counts.nlink = n;
	return &t->counts;
}

const struct tally_sender *tally_suspect(const struct tally *t)
{
	const struct tally_sender *most = NULL;

	for (unsigned int i = 0; i < TALLY_SENDERS; i++)
		if (t->sender[i].failed >= TALLY_MANY &&
		    (!most || t->sender[i].failed > most->failed))
			most = &t->sender[i];
	return most;
}
