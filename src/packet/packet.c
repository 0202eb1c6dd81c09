/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/compiler.h"
#include "ctreplay/packet.h"

#include <string.h>

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/ip.h"
#include "packet/ipv4.h"

#define IPV6_MAX_PAYLOAD 65535u

/*
 * Parses the IPv4 header at 'h', where IPV4_HEADER_MAX bytes or 'size' can be
 * read; the frame had 'size' bytes.  The kernel drops a packet that this
 * refuses before any hook of connection tracking (br_validate_ipv4,
 * ip_rcv_core).  A total length of 0 stands for the whole frame where the
 * packet is to be segmented as TCP: iph_totlen(), skb_ip_totlen().
 */
static always_inline enum ct_packet_class parse_ipv4(struct ct_packet *pkt,
					      const uint8_t *h, uint32_t size,
					      unsigned int options)
{
	uint32_t ihl, len;

	if (size < IPV4_HEADER)
		return CT_PACKET_SHORT;
	if (h[0] >> 4 != 4)
		return CT_PACKET_VERSION;
	ihl = (h[0] & 0xfu) * 4;
	if (ihl < IPV4_HEADER || ihl > size)
		return CT_PACKET_IHL;
	if (!ipv4_sum_good(h, ihl) &&
	    !((options & CT_PARSE_OFFLOAD) && load_be16(h + 10) == 0))
		return CT_PACKET_CHECKSUM;
	len = load_be16(h + 2);
	if (len == 0 && (options & CT_PARSE_OFFLOAD) &&
	    h[9] == CT_L4_TCP) {
		len = size;
		pkt->flags |= CT_PACKET_OFFLOAD;
	}
	if (len > size || len < ihl)
		return CT_PACKET_LENGTH;

	pkt->len = len;
	pkt->l4off = ihl;
	pkt->protonum = h[9];
	if (load_be16(h + 6) & (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK))
		pkt->flags |= CT_PACKET_FRAGMENT;
	ipv4_address(&pkt->src, h + 12);
	ipv4_address(&pkt->dst, h + 16);
	return CT_PACKET_OK;
}

/* The capture may end within the header.  'frame' is passed by value, so that
 * the caller can keep it in registers. */
__attribute__((cold)) noinline
static enum ct_packet_class parse_ipv4_cut(struct ct_packet *pkt,
					   const struct bytes frame,
					   unsigned int options)
{
	uint8_t h[IPV4_HEADER_MAX];

	bytes_copy(&frame, 0, h,
		   frame.len < IPV4_HEADER_MAX ? frame.len : IPV4_HEADER_MAX);
	return parse_ipv4(pkt, h, frame.len, options);
}

/*
 * Checks the hop-by-hop options, and reads one of them: a jumbo payload length
 * (RFC 2675) replaces the header's.  nf_ip6_check_hbh_len().
 */
static bool hop_by_hop_length(const struct bytes *frame, uint16_t header_len,
			      uint32_t *payload)
{
	uint32_t off = IPV6_HEADER, end;
	uint8_t ext[2];

	if (!bytes_has(frame, off, 8) || !bytes_copy(frame, off, ext, 2))
		return false;
	end = off + (ext[1] + 1u) * 8;
	if (!bytes_has(frame, off, end - off))
		return false;

	for (off += 2; off < end; ) {
		uint8_t type, len;
		uint32_t jumbo;

		if (!bytes_u8(frame, off, &type))
			return false;
		if (type == IPV6_OPT_PAD1) {
			off++;
			continue;
		}
		if (end - off < 2 || !bytes_u8(frame, off + 1, &len) ||
		    len + 2u > end - off)
			return false;
		if (type == IPV6_OPT_JUMBO) {
			if (len != 4 || (off & 3) != 2 ||
			    !bytes_be32(frame, off + 2, &jumbo))
				return false;
			if (jumbo <= IPV6_MAX_PAYLOAD || header_len != 0 ||
			    jumbo > frame->len - IPV6_HEADER)
				return false;
			*payload = jumbo;
		}
		off += len + 2u;
	}
	return true;
}

/*
 * A payload length of 0 with TCP behind it: segmentation was left to the card, and
 * with it the checksum, so that the kernel cannot trim the packet to its header and
 * drops it (pskb_trim_rcsum_slow()).  Link layers pad by less than a TCP header.
 */
static bool is_unsegmented6(const struct bytes *frame, const uint8_t *h)
{
	return load_be16(h + 4) == 0 && h[6] == CT_L4_TCP &&
	       frame->len >= IPV6_HEADER + 20;
}

/* Out of line, so that IPv4 needs no stack for these variables. */
noinline
static enum ct_packet_class parse_ipv6(struct ct_packet *pkt,
				       const struct bytes frame,
				       unsigned int options)
{
	uint8_t spare[IPV6_HEADER];
	const uint8_t *h = bytes_look(&frame, 0, IPV6_HEADER, spare);
	uint32_t payload;
	struct bytes packet = frame;
	struct ipv6_chain chain;

	if (!h)
		return CT_PACKET_SHORT;
	if (h[0] >> 4 != 6)
		return CT_PACKET_VERSION;
	if ((options & CT_PARSE_OFFLOAD) && is_unsegmented6(&frame, h))
		return CT_PACKET_LENGTH;
	payload = load_be16(h + 4);
	if (h[6] == IPV6_EXT_HOP_BY_HOP &&
	    !hop_by_hop_length(&frame, (uint16_t)payload, &payload))
		return CT_PACKET_JUMBO;
	if (payload + IPV6_HEADER > frame.len)
		return CT_PACKET_LENGTH;
	/* Once more without the padding, as ip6_rcv_core() does; a bridge, when it
	 * forwards the packet, after it was tracked. */
	packet.len = payload + IPV6_HEADER;
	if (h[6] == IPV6_EXT_HOP_BY_HOP &&
	    !hop_by_hop_length(&packet, load_be16(h + 4), &payload))
		return CT_PACKET_JUMBO;

	pkt->len = payload + IPV6_HEADER;
	memcpy(pkt->src.b, h + 8, 16);
	memcpy(pkt->dst.b, h + 24, 16);

	if (packet.cap > packet.len)
		packet.cap = packet.len;
	if (!ipv6_skip_extensions(&packet, IPV6_HEADER, h[6], &chain))
		pkt->flags |= CT_PACKET_NO_L4;
	if (chain.fragment)
		pkt->flags |= CT_PACKET_FRAGMENT;
	if (chain.is_long)
		pkt->flags |= CT_PACKET_LONG_CHAIN;
	pkt->l4off = chain.off;
	pkt->protonum = chain.protonum;
	return CT_PACKET_OK;
}

enum ct_packet_class ct_packet_parse(struct ct_packet *pkt, const uint8_t *data,
				     uint32_t caplen, uint32_t wirelen,
				     enum ct_l3 l3num, unsigned int options)
{
	const struct bytes frame = {
		data, caplen, wirelen < caplen ? caplen : wirelen
	};
	enum ct_packet_class class;

	/* Member by member: most others are set below, the rest is never
	 * read. */
	pkt->data = data;
	pkt->caplen = frame.cap;
	pkt->l4off = 0;
	pkt->len = frame.len;
	pkt->l3num = (uint8_t)l3num;
	pkt->protonum = pkt->flags = pkt->priv.prepared = 0;
	pkt->number = 0;
	if (l3num != CT_L3_IPV4)
		class = parse_ipv6(pkt, frame, options);
	else if (frame.cap == frame.len || frame.cap >= IPV4_HEADER_MAX)
		class = parse_ipv4(pkt, data, frame.len, options);
	else
		class = parse_ipv4_cut(pkt, frame, options);
	if (pkt->caplen > pkt->len)
		pkt->caplen = pkt->len;
	else if (pkt->caplen < pkt->len)
		pkt->flags |= CT_PACKET_CUT;
	return class;
}

const char *ct_packet_class_name(enum ct_packet_class packet_class)
{
	static const char *const names[CT_PACKET_CLASSES] = {
		[CT_PACKET_OK]       = "ip",
		[CT_PACKET_SHORT]    = "ip-short",
		[CT_PACKET_VERSION]  = "ip-version",
		[CT_PACKET_IHL]      = "ip-header-length",
		[CT_PACKET_CHECKSUM] = "ip-checksum",
		[CT_PACKET_LENGTH]   = "ip-total-length",
		[CT_PACKET_JUMBO]    = "ip-hop-by-hop",
	};

	return packet_class < CT_PACKET_CLASSES ? names[packet_class] : "?";
}
