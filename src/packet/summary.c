/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/summary.h"

#include "base/bytes.h"

#define TCP_FLAGS	13u	/* offset of the flags in the header */

/* Slow path: any packet. */
static void summary_read_any(struct packet_summary *s,
			     const struct ct_packet *pkt)
{
	struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint8_t h[8];
	uint32_t off = pkt->l4off;

	s->fragment = pkt->flags & CT_PACKET_FRAGMENT;
	if (s->fragment || (pkt->flags & CT_PACKET_NO_L4))
		return;
	switch (pkt->protonum) {
	case CT_L4_TCP:
		s->tcp = bytes_u8(&b, off + TCP_FLAGS, &s->flags);
		/* fall through */
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		s->ports = bytes_be16(&b, off, &s->a) &&
			   bytes_be16(&b, off + 2, &s->b);
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		s->icmp = bytes_copy(&b, off, h, sizeof(h));
		if (s->icmp) {
			s->type = h[0];
			s->code = h[1];
			s->a = load_be16(h + 4);
		}
		break;
	}
}

void summary_read(struct packet_summary *s, const struct ct_packet *pkt)
{
	const uint8_t *h = pkt->data + pkt->l4off;

	*s = (struct packet_summary){ 0 };
	/* The segment was read, so its whole header was captured. */
	if (!(pkt->priv.prepared & CT_PREPARED_SEGMENT)) {
		summary_read_any(s, pkt);
		return;
	}
	s->ports = s->tcp = true;
	s->a = load_be16(h);
	s->b = load_be16(h + 2);
	s->flags = h[TCP_FLAGS];
}
