/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packet.h - the packets that the connection-tracking engine looks at.
 *
 * A struct ct_packet is a view of one network-layer packet.  It does not own
 * the packet's bytes, and ct_packet_parse() has found the headers in them.
 * Three lengths matter and must not be confused:
 *
 *   caplen  bytes that were captured, from the IP header on;
 *   len     bytes that the packet had according to its IP header;
 *   l4off   where the transport header begins, counted from the IP header.
 *
 * A capture may hold less than was on the wire (its "snap length").  Bytes
 * between caplen and len were sent but not captured; the engine reads them as
 * zero, and works with len wherever the kernel works with skb->len.  Bytes at
 * or beyond len do not exist.
 *
 * Numbers are in host byte order unless a member says otherwise.  Addresses
 * are in network byte order.  Nothing here allocates memory.
 */
#ifndef CTREPLAY_PACKET_H
#define CTREPLAY_PACKET_H 1

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/* IP protocols that have a tracker of their own, by number. */
enum ct_l4 {
	CT_L4_ICMP    = 1,
	CT_L4_TCP     = 6,
	CT_L4_UDP     = 17,
	CT_L4_DCCP = 33,	/* in kernels before 6.17 */
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
	CT_PACKET_VERSION,	/* the IP version is not the one announced */
	CT_PACKET_IHL,		/* IPv4 header length below 20, or beyond the packet */
	CT_PACKET_CHECKSUM,	/* wrong IPv4 header checksum */
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
#define CT_PACKET_OFFLOAD	0x20u	/* length 0: segmentation was left to the
					 * card, so the checksum says nothing */
#define CT_PACKET_LONG_CHAIN	0x40u	/* more IPv6 extension headers than some
					 * kernels follow to the transport header */

/* A TCP header as the engine reads it (RFC 9293 section 3.1).  Private. */
struct ct_segment {
	uint32_t seq, ack;
	uint32_t sack;		/* right-most edge that it acknowledges, also
				 * selectively (RFC 2018); else ack */
	uint32_t end;		/* number after its last; SYN and FIN count */
	uint16_t win;		/* as in the header, not scaled */
	uint8_t  flags;		/* the header's 14th byte */
	uint8_t  header_len;	/* bytes, with options */
	uint8_t  index;		/* its row of the state table */
	uint8_t  offers;	/* options of a SYN that the tracker notes */
	uint8_t  scale;		/* window scale, at most 14 (RFC 7323) */
};

/* What ct_packet_private prepared says. */
#define CT_PREPARED_FLOW	0x01u	/* hash, l4 and entry are set */
#define CT_PREPARED_CHECKSUM	0x02u	/* the transport checksum was judged ... */
#define CT_PREPARED_BAD		0x04u	/* ... and is wrong */
#define CT_PREPARED_SEGMENT	0x08u	/* segment is set; no fault was found */

/*
 * The engine's own notes about a packet, from ct_prepare() of fast.h.  Private:
 * other programs neither read nor write them, and a new release may change
 * them.  ct_packet_parse() clears 'prepared', and so says that there are none.
 */
struct ct_packet_private {
	uint8_t  prepared;	/* CT_PREPARED_... */
	uint32_t hash;		/* of the packet's flow */
	uint32_t entry;		/* the number of its connection, as far as the
				 * index tells, or 0 */
	struct ct_segment segment;
	/* Last, in front of l3num and protonum: as in a struct ct_tuple. */
	uint32_t l4;		/* the tuple's l4 */
};

struct ct_packet {
	const uint8_t *data;	/* the IP header; borrowed, not owned */
	uint32_t caplen;	/* bytes at data */
	uint32_t l4off;		/* transport header, from data; may lie beyond len */
	uint32_t len;		/* bytes of the packet by its own header */
	struct ct_packet_private priv;
	uint8_t  l3num;		/* enum ct_l3 */
	uint8_t  protonum;	/* IP protocol of the transport header */
	uint8_t  flags;		/* CT_PACKET_... */
	uint64_t number;	/* frame number in the capture, for reports */
	union ct_addr src, dst;
};

/* ct_packet_parse() options */
#define CT_PARSE_OFFLOAD	0x1u	/* the sender's network card would have
					 * filled in what is missing: take an
					 * IPv4 header checksum of 0 as right,
					 * and the frame's length for an IPv4
					 * total length of 0 with TCP; an IPv6
					 * payload length of 0 with TCP is
					 * CT_PACKET_LENGTH, as Linux 6.18 drops
					 * such a packet */

/*
 * Finds the headers of the network-layer packet at 'data'.
 *
 * 'caplen' is the number of bytes at 'data', 'wirelen' the number that the
 * frame had there on the wire (>= caplen).  Both may include padding of the
 * link layer, which the IP header's length cuts off.  'l3num' is the protocol
 * that the link layer announced.  On CT_PACKET_OK all public members of '*pkt'
 * are set, and 'number' is 0; on any other class only data, caplen, len
 * (= wirelen), l3num and number are.
 *
 * Extension headers of IPv6 are walked as ipv6_skip_exthdr() does; where that
 * fails, CT_PACKET_NO_L4 is set and the class is still CT_PACKET_OK, since the
 * kernel calls such a packet INVALID and does not drop it.
 */
enum ct_packet_class ct_packet_parse(struct ct_packet *pkt, const uint8_t *data,
				     uint32_t caplen, uint32_t wirelen,
				     enum ct_l3 l3num, unsigned int options);

/* A short name for a class, such as "ip-checksum"; static storage. */
const char *ct_packet_class_name(enum ct_packet_class packet_class);

#ifdef __cplusplus
}
#endif

#endif
