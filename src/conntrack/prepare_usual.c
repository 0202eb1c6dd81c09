/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prepare_usual.c - most packets of most captures: IPv4 without options, no
 * fragment, TCP, captured whole, and nothing wrong with them.  What parsing and
 * preparing find out about such a packet is found out in one go, by the very
 * functions that they are made of; of all others nothing is said here.
 */
#include "conntrack/hash_ipv4.h"
#include "conntrack/tcp_header.h"
#include "packet/checksum.h"
#include "packet/checksum_short.h"
#include "packet/ip.h"
#include "packet/ipv4.h"

#define VERSION_IHL	0x45u	/* version 4, a header of five words */

/* The length of the packet of which 'b' is all there is, or 0 if its IP header, or that
 * length, is another. */
static inline uint32_t usual_length(const struct bytes *b)
{
	const uint8_t *h = b->p;
	uint32_t len;

	if (!bytes_there(b, 0, IPV4_HEADER + TCP_HEADER))
		return 0;
	len = load_be16(h + 2);
	return plain(h[0] == VERSION_IHL) & plain(h[9] == CT_L4_TCP) &
	       plain(!(load_be16(h + 6) &
		       (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK))) &
	       plain(len >= IPV4_HEADER + TCP_HEADER) &
	       plain(bytes_there(b, 0, len)) &&
	       ipv4_sum_good(h, IPV4_HEADER) ? len : 0;
}

/* The checksum of the segment at 'h' of 'n' bytes, with the packet's addresses. */
static inline bool tcp_sum_good(const struct ct_packet *pkt, const uint8_t *h,
				uint32_t n)
{
	uint64_t sum = (uint64_t)pkt->src.w[0] + pkt->dst.w[0] +
		       htonl(CT_L4_TCP) + htonl(n);

	if (likely(checksum_is_short(IPV4_HEADER, n)))
		sum += checksum_short(h, n);
	else
		sum = checksum_add(sum, h, n);
	return checksum_fold(sum) == 0xffff;
}

bool ct_prepare_usual(const struct ct *ct, struct ct_packet *pkt,
		      const uint8_t *data, uint32_t caplen)
{
	const struct bytes b = { data, caplen, caplen };
	const uint8_t *h = data + IPV4_HEADER;
	uint32_t len = usual_length(&b);
	uint16_t sport, dport;

	if (!len)
		return false;
	ipv4_address(&pkt->src, data + 12);
	ipv4_address(&pkt->dst, data + 16);
	if (ct->check_sums && !tcp_sum_good(pkt, h, len - IPV4_HEADER))
		return false;

	pkt->data = data;
	pkt->caplen = pkt->len = len;
	pkt->l4off = IPV4_HEADER;
	pkt->l3num = CT_L3_IPV4;
	pkt->protonum = CT_L4_TCP;
	pkt->flags = 0;
	pkt->entry = ENTRY_NONE;
	sport = load_be16(h);
	dport = load_be16(h + 2);
	pkt->l4 = tuple_ports(sport, dport);
	pkt->hash = hash_ipv4(ct->hash_key.k, &pkt->src, &pkt->dst, sport, dport,
			      hash_protocol(CT_L3_IPV4, CT_L4_TCP));
	pkt->prepared = CT_PREPARED_FLOW | CT_PREPARED_SEGMENT;
	if (ct->check_sums)
		pkt->prepared |= CT_PREPARED_CHECKSUM;
	return tcp_find_length(pkt, h, &pkt->segment) &&
	       tcp_read_numbers(pkt, h, len - IPV4_HEADER, &pkt->segment);
}
