/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prepare_fast.c - ct_packet_parse() and ct_prepare() in one step for most
 * packets of most captures: TCP directly behind an IP header without options,
 * no fragment, captured completely, and without any fault.  It is made of the
 * functions that those two use, and refuses all other packets.
 */
#include "ctreplay/fast.h"

#include "conntrack/engine.h"
#include "conntrack/proto/tcp_header.h"
#include "conntrack/table/hash_flow.h"
#include "conntrack/tuple.h"
#include "packet/checksum.h"
#include "packet/checksum_short.h"
#include "packet/ip.h"
#include "packet/ipv4.h"

#define VERSION_IHL	0x45u	/* version 4, a header of five words */

/* Whether the checksum of the segment is right: of 'n' bytes at 'h', 'off'
 * bytes into its packet, with 'sum' over the addresses. */
static always_inline bool tcp_sum_good(uint64_t sum, const uint8_t *h, uint32_t off,
				       uint32_t n)
{
	sum += (uint64_t)htonl(CT_L4_TCP) + htonl(n);
	if (likely(checksum_is_short(off, n)))
		sum += checksum_short(h, n);
	else
		sum = checksum_add(sum, h, n);
	return checksum_fold(sum) == 0xffff;
}

/* The segment behind an IP header of 'off' bytes in a packet of 'len' bytes;
 * 'addresses' is the checksum over the addresses. */
static always_inline bool take_segment(const struct ct *ct, struct ct_packet *pkt,
				       const uint8_t *data, uint32_t off,
				       uint32_t len, enum ct_l3 l3num,
				       uint64_t addresses)
{
	const uint8_t *h = data + off;
	uint16_t sport = load_be16(h), dport = load_be16(h + 2);

	if (ct->check_sums && !tcp_sum_good(addresses, h, off, len - off))
		return false;
	pkt->data = data;
	pkt->caplen = pkt->len = len;
	pkt->l4off = off;
	pkt->l3num = (uint8_t)l3num;
	pkt->protonum = CT_L4_TCP;
	pkt->flags = 0;
	pkt->priv.entry = ENTRY_NONE;
	pkt->priv.l4 = tuple_ports(sport, dport);
	pkt->priv.hash = hash_ports(ct->hash_key.k, &pkt->src, &pkt->dst, sport,
				    dport, (uint8_t)l3num, CT_L4_TCP);
	pkt->priv.prepared = CT_PREPARED_FLOW | CT_PREPARED_SEGMENT;
	if (ct->check_sums)
		pkt->priv.prepared |= CT_PREPARED_CHECKSUM;
	return tcp_find_length(pkt, h, &pkt->priv.segment) &&
	       tcp_read_numbers(pkt, h, len - off, &pkt->priv.segment);
}

static inline bool fast_ipv4(const struct ct *ct, struct ct_packet *pkt,
			      const struct bytes *b)
{
	const uint8_t *h = b->p;
	uint32_t len;

	if (!bytes_there(b, 0, IPV4_HEADER + TCP_HEADER))
		return false;
	len = load_be16(h + 2);
	if (!(opaque(h[0] == VERSION_IHL) & opaque(h[9] == CT_L4_TCP) &
	      opaque(!(load_be16(h + 6) &
		      (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK))) &
	      opaque(len >= IPV4_HEADER + TCP_HEADER) &
	      opaque(bytes_there(b, 0, len))) || !ipv4_sum_good(h, IPV4_HEADER))
		return false;
	ipv4_address(&pkt->src, h + 12);
	ipv4_address(&pkt->dst, h + 16);
	return take_segment(ct, pkt, h, IPV4_HEADER, len, CT_L3_IPV4,
			    checksum_ipv4(pkt));
}

/* Out of line, so that the code for IPv4 saves fewer registers. */
static noinline bool fast_ipv6(const struct ct *ct, struct ct_packet *pkt,
				const struct bytes b)
{
	const uint8_t *h = b.p;
	uint32_t len;

	if (!bytes_there(&b, 0, IPV6_HEADER + TCP_HEADER))
		return false;
	len = IPV6_HEADER + load_be16(h + 4);
	if (!(opaque(h[0] >> 4 == 6) & opaque(h[6] == CT_L4_TCP) &
	      opaque(len >= IPV6_HEADER + TCP_HEADER) &
	      opaque(bytes_there(&b, 0, len))))
		return false;
	memcpy(pkt->src.b, h + 8, 16);
	memcpy(pkt->dst.b, h + 24, 16);
	return take_segment(ct, pkt, h, IPV6_HEADER, len, CT_L3_IPV6,
			    checksum_ipv6(pkt));
}

bool ct_prepare_fast(const struct ct *ct, struct ct_packet *pkt,
		      const uint8_t *data, uint32_t caplen, enum ct_l3 l3num)
{
	const struct bytes b = { data, caplen, caplen };

	return likely(l3num == CT_L3_IPV4) ? fast_ipv4(ct, pkt, &b) :
					     fast_ipv6(ct, pkt, b);
}
