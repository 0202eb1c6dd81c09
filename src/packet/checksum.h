/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * checksum.h - Internet checksums (RFC 1071) and SCTP's CRC-32C (RFC 9260).
 */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H 1

#include <arpa/inet.h>
#include <stdint.h>

#include "ctreplay/packet.h"

/*
 * Adds 'n' bytes to a running sum; all blocks but the last must have an even
 * length.  Only checksum_fold() can interpret the result.
 */
uint64_t checksum_add(uint64_t sum, const uint8_t *p, uint32_t n);

/*
 * Folds a running sum to the ones' complement sum of 16 bits, in host order;
 * 0xffff for correct data.  Each half is added to both, so that the upper half
 * also gets the carry of the lower one: an end-around carry.
 */
static inline uint16_t checksum_fold(uint64_t sum)
{
	uint32_t half;

	sum += sum << 32 | sum >> 32;
	half = (uint32_t)(sum >> 32);
	half += half << 16 | half >> 16;
	return ntohs((uint16_t)(half >> 16));
}

/* Adds with end-around carry. */
static inline uint64_t checksum_carry(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

/* The sum of a packet's addresses, at most 33 bits. */
static inline uint64_t checksum_ipv4(const struct ct_packet *pkt)
{
	return (uint64_t)pkt->src.w[0] + pkt->dst.w[0];
}

static inline uint64_t checksum_ipv6(const struct ct_packet *pkt)
{
	uint64_t sum = checksum_carry(pkt->src.d[0], pkt->src.d[1]);

	sum = checksum_carry(checksum_carry(sum, pkt->dst.d[0]), pkt->dst.d[1]);
	return (sum >> 32) + (uint32_t)sum;
}

/* The offset of the checksum in its header. */
#define TCP_CHECK	16u
#define UDP_CHECK	6u
#define ICMP_CHECK	2u	/* and ICMPv6's */

enum checksum_result {
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_OFFLOAD,	/* the pseudo-header's sum, which the sender's
				 * card would have completed */
	CHECKSUM_CUT,		/* not all bytes were captured */
};

/*
 * Verifies the transport checksum at 'field' (from the transport header) as
 * nf_ip_checksum() and nf_ip6_checksum() do: the sum extends to the end of the
 * IP packet whatever length the transport header gives, and IPv6 uses the
 * header's destination even if there is a routing header.  'protonum' goes into
 * the pseudo-header; IPv4 has one for TCP and UDP only.  Bytes that were not
 * captured count as zero; CHECKSUM_CUT tells a failure for this cause.
 */
enum checksum_result packet_checksum(const struct ct_packet *pkt,
				     uint8_t protonum, uint32_t field);

/*
 * Judges a checksum over the first 'coverage' bytes as nf_checksum_partial()
 * does: with 'protonum' in the pseudo-header, and in IPv4's only the low byte of
 * the length.  A packet that is right by its RFC may fail, the more since the
 * kernel gives UDP's number for UDP-Lite.
 */
enum checksum_result packet_checksum_partial(const struct ct_packet *pkt,
					     uint8_t protonum, uint32_t coverage);

/* Verifies SCTP's CRC over the whole transport packet, with its field as
 * zero. */
enum checksum_result packet_checksum_sctp(const struct ct_packet *pkt);

#endif
