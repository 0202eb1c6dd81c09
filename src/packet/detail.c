/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/detail.h"

#include <string.h>

#include "base/bytes.h"
#include "packet/ip.h"

#define SCTP_HEADER	12u
#define GRE_SUM		0x8000u	/* RFC 2784, RFC 2890; version 1: RFC 2637 */
#define GRE_KEY		0x2000u
#define GRE_VERSION	0x0007u
#define ICMP_HEADER	8u

bool detail_wanted(uint8_t protonum, uint8_t type)
{
	switch (protonum) {
	case CT_L4_SCTP:
	case CT_L4_GRE:
		return true;
	case CT_L4_ICMP:
		return type == 3 || type == 4 || type == 5 || type == 11 ||
		       type == 12;
	case CT_L4_ICMPV6:
		return type < 128;
	}
	return false;
}

/* Bytes that were not captured are no chunks. */
static void read_chunks(struct packet_detail *d, const struct bytes *b, uint32_t off)
{
	d->kind = DETAIL_SCTP;
	for (off += SCTP_HEADER; bytes_there(b, off, 4); ) {
		uint32_t len = load_be16(b->p + off + 2);

		if (d->chunks == DETAIL_CHUNKS) {
			d->more = true;
			return;
		}
		d->type[d->chunks++] = b->p[off];
		if (!len)
			return;
		off += (len + 3) & ~3u;
	}
	d->more = bytes_has(b, off, 4);
}

static void read_gre(struct packet_detail *d, const struct bytes *b, uint32_t off)
{
	uint16_t flags, call;

	if (!bytes_there(b, off, 4))
		return;
	d->kind = DETAIL_GRE;
	flags = load_be16(b->p + off);
	d->inner = load_be16(b->p + off + 2);
	if ((flags & GRE_VERSION) == 1) {
		d->call = bytes_there(b, off, 8) && bytes_be16(b, off + 6, &call);
		if (d->call)
			d->number = call;
		return;
	}
	off += flags & GRE_SUM ? 8 : 4;
	d->key = flags & GRE_KEY && bytes_there(b, off, 4) &&
		 bytes_be32(b, off, &d->number);
}

static void read_quote(struct packet_detail *d, const struct bytes *b, uint32_t off,
		       uint8_t l3num)
{
	const uint8_t *h = b->p + off;
	uint32_t header = l3num == CT_L3_IPV4 ? IPV4_HEADER : IPV6_HEADER, l4;

	if (!bytes_there(b, off, header) || h[0] >> 4 != (l3num == CT_L3_IPV4 ? 4 : 6))
		return;
	d->kind = DETAIL_QUOTE;
	memcpy(d->src.b, h + (l3num == CT_L3_IPV4 ? 12 : 8), l3num == CT_L3_IPV4 ? 4 : 16);
	memcpy(d->dst.b, h + (l3num == CT_L3_IPV4 ? 16 : 24), l3num == CT_L3_IPV4 ? 4 : 16);
	d->protonum = h[l3num == CT_L3_IPV4 ? 9 : 6];
	if (!ip_transport(b, off, l3num, true, &l4, &d->protonum))
		return;
	d->ports = (d->protonum == CT_L4_TCP || d->protonum == CT_L4_UDP ||
		    d->protonum == CT_L4_SCTP || d->protonum == CT_L4_UDPLITE) &&
		   bytes_there(b, l4, 4) && bytes_be16(b, l4, &d->sport) &&
		   bytes_be16(b, l4 + 2, &d->dport);
}

void detail_read(struct packet_detail *d, const struct ct_packet *pkt)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };

	*d = (struct packet_detail){ 0 };
	if (pkt->flags & (CT_PACKET_FRAGMENT | CT_PACKET_NO_L4))
		return;
	if (pkt->protonum == CT_L4_SCTP)
		read_chunks(d, &b, pkt->l4off);
	else if (pkt->protonum == CT_L4_GRE)
		read_gre(d, &b, pkt->l4off);
	else
		read_quote(d, &b, pkt->l4off + ICMP_HEADER, pkt->l3num);
}
