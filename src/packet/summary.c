/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/summary.h"

#include "base/bytes.h"
#include "packet/detail.h"

#define TCP_FLAGS	13u	/* offset of the flags in the header */

/* Copies 'n' bytes that were captured. */
static bool read_captured(const struct bytes *b, uint32_t off, uint8_t *to, uint32_t n)
{
	return bytes_there(b, off, n) && bytes_copy(b, off, to, n);
}

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
		s->tcp = read_captured(&b, off + TCP_FLAGS, &s->flags, 1);
		s->cut = !s->tcp && bytes_has(&b, off, TCP_FLAGS + 1);
		/* fall through */
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		s->ports = read_captured(&b, off, h, 4);
		if (s->ports) {
			s->a = load_be16(h);
			s->b = load_be16(h + 2);
		}
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		s->icmp = bytes_has(&b, off, 8) && read_captured(&b, off, h, 6);
		if (s->icmp) {
			s->type = h[0];
			s->code = h[1];
			s->a = load_be16(h + 4);
		}
		break;
	}
	s->detailed = detail_wanted(pkt->protonum, s->type) &&
		      (s->icmp || s->ports || pkt->protonum == CT_L4_GRE);
}

void summary_read(struct packet_summary *s, const struct ct_packet *pkt)
{
	const uint8_t *h = pkt->data + pkt->l4off;

	if (!(pkt->priv.prepared & CT_PREPARED_SEGMENT)) {
		*s = (struct packet_summary){ 0 };
		summary_read_any(s, pkt);
		return;
	}
	/* The segment was read, so its whole header was captured. */
	*s = (struct packet_summary){
		.ports = true, .tcp = true, .a = load_be16(h),
		.b = load_be16(h + 2), .flags = h[TCP_FLAGS],
	};
}
