/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packet.h - what the connection-tracking engine looks at.
 *
 * A struct ct_packet is a view of one network-layer packet: whose bytes it
 * does not own, and whose headers ct_packet_parse() has found.  Three lengths
 * matter and must not be confused:
 *
 *   caplen  bytes that are really there, from the IP header on;
 *   len     bytes that the IP header says the packet had;
 *   l4off   where the transport header begins, counted from the IP header.
 *
 * A capture may hold less than was on the wire (its "snap length").  Bytes
 * between caplen and len were sent but not captured; the engine reads them as
 * zero, and works with len wherever the kernel works with skb->len.  Bytes at
 * or beyond len do not exist.
 *
 * Numbers are in host byte order unless a member says otherwise.  Addresses
 * are in network byte order.  Nothing here allocates.
 */
#ifndef CTREPLAY_PACKET_H
#define CTREPLAY_PACKET_H 1

#include <stdbool.h>
#include <stdint.h>

/* An IPv4 address fills the first four bytes; the others are zero. */
union ct_addr {
	uint8_t  b[16];
	uint32_t w[4];
	uint64_t d[2];
};

/* Layer 3 protocols, numbered as /proc/net/nf_conntrack prints them. */
enum ct_l3 {
	CT_L3_IPV4 = 2,
	CT_L3_IPV6 = 10,
};

/* IP protocol numbers that have a tracker of their own. */
enum ct_l4 {
	CT_L4_ICMP    = 1,
	CT_L4_TCP     = 6,
	CT_L4_UDP     = 17,
	CT_L4_GRE     = 47,
	CT_L4_ICMPV6  = 58,
	CT_L4_SCTP    = 132,
	CT_L4_UDPLITE = 136,
};

/*
 * Why a frame never reached connection tracking.  These are the checks of the
 * kernel's br_validate_ipv4() and br_validate_ipv6(), the path that the
 * differential test takes; ip_rcv_core() and ip6_rcv_core() agree with them
 * except for IP options, which only the routed path reads.
 */
enum ct_packet_class {
	CT_PACKET_OK,
	CT_PACKET_SHORT,	/* too short for an IP header */
	CT_PACKET_VERSION,	/* version nibble is not the one announced */
	CT_PACKET_IHL,		/* IPv4 header length below 20, or beyond the packet */
	CT_PACKET_CHECKSUM,	/* IPv4 header checksum */
	CT_PACKET_LENGTH,	/* total length beyond the frame, or below the header */
	CT_PACKET_JUMBO,	/* broken hop-by-hop options, or a broken jumbo length */
	CT_PACKET_CLASSES
};

/* struct ct_packet flags */
#define CT_PACKET_FRAGMENT	0x01u	/* fragment offset or more-fragments set */
#define CT_PACKET_NO_L4		0x02u	/* no transport header can be found */
#define CT_PACKET_NOTRACK	0x04u	/* UNTRACKED, as by -j NOTRACK */
#define CT_PACKET_REASSEMBLED	0x08u	/* made from several fragments */
#define CT_PACKET_CUT		0x10u	/* caplen < len */

/* What a TCP header says (RFC 9293 section 3.1). */
struct ct_segment {
	uint32_t seq, ack;
	uint32_t sack;		/* right-most edge that it acknowledges, also
				 * selectively (RFC 2018); else ack */
	uint32_t end;		/* number after its last; SYN and FIN count */
	uint16_t win;		/* as it stands there, not scaled */
	uint8_t  flags;		/* the header's 14th byte */
	uint8_t  header_len;	/* bytes, with options */
	uint8_t  index;		/* its kind; the engine's */
	uint8_t  offers;	/* options that a SYN asks for; the engine's */
	uint8_t  scale;		/* of the window, 14 at the most (RFC 7323) */
};

struct ct_packet {
	const uint8_t *data;	/* the IP header; borrowed, not owned */
	uint32_t caplen;	/* bytes at data */
	uint32_t l4off;		/* transport header, from data; may lie beyond len */
	uint32_t len;		/* bytes of the packet by its own header */
	uint32_t hash;		/* of its flow, if CT_PREPARED_FLOW */
	uint32_t l4;		/* ports or the like, if CT_PREPARED_FLOW: the
				 * member of struct ct_tuple */
	uint8_t  l3num;		/* enum ct_l3 */
	uint8_t  protonum;	/* IP protocol of the transport header */
	uint8_t  flags;		/* CT_PACKET_... */
	uint8_t  prepared;	/* CT_PREPARED_..., by ct_prepare() */
	uint64_t number;	/* frame number in the capture, for reports */
	union ct_addr src, dst;
	struct ct_segment segment;	/* if CT_PREPARED_SEGMENT */
	uint32_t entry;		/* where its connection may be, or 0, if
				 * CT_PREPARED_FLOW; the engine's */
};

/* struct ct_packet prepared: what ct_prepare() of conntrack.h has found out.
 * ct_packet_parse() sets none of them, and none is needed. */
#define CT_PREPARED_FLOW	0x01u	/* hash and l4 */
#define CT_PREPARED_CHECKSUM	0x02u	/* the transport checksum was judged ... */
#define CT_PREPARED_BAD		0x04u	/* ... and fails */
#define CT_PREPARED_SEGMENT	0x08u	/* segment; no fault was found */

/*
 * Finds the headers of the network-layer packet at 'data'.
 *
 * 'caplen' is the number of bytes at 'data', 'wirelen' the number that the
 * frame had there on the wire (>= caplen; link-layer padding included: it is
 * cut off by the IP header's length).  'l3num' is what the link layer
 * announced.  On CT_PACKET_OK all members of '*pkt' are set but 'number', which
 * is 0, and what ct_prepare() finds out; on any other class only data, caplen,
 * len (= wirelen) and l3num are.
 *
 * Extension headers of IPv6 are walked as ipv6_skip_exthdr() does; where that
 * fails, CT_PACKET_NO_L4 is set and the class is still CT_PACKET_OK, since the
 * kernel calls such a packet INVALID and does not drop it.
 */
enum ct_packet_class ct_packet_parse(struct ct_packet *pkt, const uint8_t *data,
				     uint32_t caplen, uint32_t wirelen,
				     enum ct_l3 l3num, unsigned int options);

/* ct_packet_parse() options */
#define CT_PARSE_OFFLOAD	0x1u	/* an IPv4 header checksum of 0 is right:
					 * the sender's card would have made it */

/* A short name for 'class', such as "ip-checksum"; static storage. */
const char *ct_packet_class_name(enum ct_packet_class class);

#endif
