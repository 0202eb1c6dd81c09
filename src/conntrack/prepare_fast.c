/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prepare_fast.c - ct_packet_parse() and ct_prepare() in one step for most
 * packets of most captures.  packet/parse_fast.h reads the IP header; the rest is
 * made of the functions that ct_prepare() uses.  All packets with any fault are
 * refused, and go through those two.
 */
#include "ctreplay/fast.h"

#include "conntrack/engine.h"
#include "conntrack/proto/tcp_header.h"
#include "conntrack/table/hash_flow.h"
#include "conntrack/tuple.h"
#include "packet/checksum.h"
#include "packet/checksum_short.h"
#include "packet/parse_fast.h"

_Static_assert(PARSE_FAST_TCP == TCP_HEADER, "a TCP header without options");

/* Whether the checksum of the segment is right: of 'n' bytes at 'h', 'off' bytes
 * into its packet, with 'sum' over the addresses. */
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
	parse_fast_members(pkt, data, off, len, l3num);
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
	uint32_t len = parse_fast_ipv4(pkt, b);

	return len && take_segment(ct, pkt, b->p, IPV4_HEADER, len, CT_L3_IPV4,
				   checksum_ipv4(pkt));
}

/* Out of line, so that the code for IPv4 saves fewer registers. */
static noinline bool fast_ipv6(const struct ct *ct, struct ct_packet *pkt,
			       const struct bytes b)
{
	uint32_t len = parse_fast_ipv6(pkt, &b);

	return len && take_segment(ct, pkt, b.p, IPV6_HEADER, len, CT_L3_IPV6,
				   checksum_ipv6(pkt));
}

bool ct_prepare_fast(const struct ct *ct, struct ct_packet *pkt,
		     const uint8_t *data, uint32_t caplen, enum ct_l3 l3num)
{
	const struct bytes b = { data, caplen, caplen };

	return likely(l3num == CT_L3_IPV4) ? fast_ipv4(ct, pkt, &b) :
					     fast_ipv6(ct, pkt, b);
}
