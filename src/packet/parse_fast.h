/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parse_fast.h - the fast twin of ct_packet_parse(), which is packet.c's: TCP
 * directly behind an IP header without options, no fragment, captured
 * completely, and without any fault.  Most packets of most captures are of this
 * kind; the functions refuse all others, which go through ct_packet_parse().
 *
 * A packet that they take gets the same members from ct_packet_parse():
 * tests/unit/conntrack/test_prepare.c and tests/fuzz give both the same
 * packets.
 */
#ifndef PACKET_PARSE_FAST_H
#define PACKET_PARSE_FAST_H 1

#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "packet/ip.h"
#include "packet/ipv4.h"

#define IPV4_VERSION_IHL	0x45u	/* version 4, a header of five words */
#define PARSE_FAST_TCP		20u	/* bytes of a TCP header without options */

/*
 * These two read the IP header of the packet in 'b', which may end with padding
 * of the link layer, and set the packet's addresses.  They return the packet's
 * length: it was captured whole and holds at least a TCP header.  0: some other
 * packet.
 */
static always_inline uint32_t parse_fast_ipv4(struct ct_packet *pkt,
					      const struct bytes *b)
{
	const uint8_t *h = b->p;
	uint32_t len, other;

	if (!bytes_there(b, 0, IPV4_HEADER + PARSE_FAST_TCP))
		return 0;
	len = load_be16(h + 2);
	/* One branch for all. */
	other = (h[0] ^ IPV4_VERSION_IHL) | (h[9] ^ (uint32_t)CT_L4_TCP) |
		(load_be16(h + 6) & (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK)) |
		opaque(len < IPV4_HEADER + PARSE_FAST_TCP) |
		opaque(!bytes_there(b, 0, len));
	if (other || !ipv4_sum_good(h, IPV4_HEADER))
		return 0;
	ipv4_address(&pkt->src, h + 12);
	ipv4_address(&pkt->dst, h + 16);
	return len;
}

static always_inline uint32_t parse_fast_ipv6(struct ct_packet *pkt,
					      const struct bytes *b)
{
	const uint8_t *h = b->p;
	uint32_t len, other;

	if (!bytes_there(b, 0, IPV6_HEADER + PARSE_FAST_TCP))
		return 0;
	len = IPV6_HEADER + load_be16(h + 4);
	other = ((h[0] >> 4) ^ 6u) | (h[6] ^ (uint32_t)CT_L4_TCP) |
		opaque(len < IPV6_HEADER + PARSE_FAST_TCP) |
		opaque(!bytes_there(b, 0, len));
	if (other)
		return 0;
	memcpy(pkt->src.b, h + 8, 16);
	memcpy(pkt->dst.b, h + 24, 16);
	return len;
}

/* Sets the other members for a packet of 'len' bytes that one of the two has
 * taken; its IP header has 'l4off' bytes. */
static always_inline void parse_fast_members(struct ct_packet *pkt,
					     const uint8_t *data, uint32_t l4off,
					     uint32_t len, enum ct_l3 l3num)
{
	pkt->data = data;
	pkt->caplen = pkt->len = len;
	pkt->l4off = l4off;
	pkt->l3num = (uint8_t)l3num;
	pkt->protonum = CT_L4_TCP;
	pkt->flags = 0;
}

#endif
