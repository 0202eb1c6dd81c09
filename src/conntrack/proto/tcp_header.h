/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_header.h - reading the TCP header of most segments, inline; tcp_segment.c
 * has the rest.
 */
#ifndef CONNTRACK_TCP_HEADER_H
#define CONNTRACK_TCP_HEADER_H 1

#include "conntrack/proto/tcp.h"

enum {
	TCPOPT_END = 0, TCPOPT_NOP = 1, TCPOPT_WINDOW_SCALE = 3,
	TCPOPT_SACK_PERMITTED = 4, TCPOPT_SACK = 5, TCPOPT_TIMESTAMP = 8,
};

/*
 * Valid combinations of flags; PSH, ECE and CWR may accompany any.  Each has
 * its index and the sequence numbers that it occupies, one for SYN and one for
 * FIN. 0: an invalid combination.
 */
#define TCP_KIND(index, more) (uint8_t)(0x80u | (more) << 4 | (index))
#define TCP_KIND_MASK (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK | TCP_URG)

extern const uint8_t tcp_kinds[TCP_KIND_MASK + 1];

/* Reads the options.  If an option is repeated, the first SACK counts, but the
 * last one of the others. */
void tcp_read_options(const struct ct_packet *pkt, struct ct_segment *s);

/* The header's length into '*s'; false: it is invalid, or the packet is
 * shorter. */
static inline bool tcp_find_length(const struct ct_packet *pkt, const uint8_t *h,
				   struct ct_segment *s)
{
	s->header_len = (uint8_t)((h[12] >> 4) * 4);
	return s->header_len >= TCP_HEADER &&
	       s->header_len <= pkt->len - pkt->l4off;
}

/*
 * Whether the header at 'h', of which 'there' bytes were captured, has no
 * options or only a timestamp in the layout of RFC 7323 appendix A, as nearly
 * all have.
 */
static inline bool tcp_needs_no_options(const uint8_t *h, uint32_t there,
					uint8_t len)
{
	static const uint8_t begin[4] = { TCPOPT_NOP, TCPOPT_NOP,
					  TCPOPT_TIMESTAMP, 10 };
	static const uint8_t end[4] = { TCPOPT_END };

	/* Without a branch, since segments of both kinds alternate. */
	const uint8_t *o = there >= TCP_HEADER + sizeof(begin) ? h + TCP_HEADER :
								 end;

	return opaque(len == TCP_HEADER) |
	       (opaque(len == TCP_HEADER + 12) &
		opaque(memcmp(o, begin, sizeof(begin)) == 0));
}

/* False where the combination of flags is invalid. */
static inline bool tcp_read_numbers(const struct ct_packet *pkt, const uint8_t *h,
				    uint32_t there, struct ct_segment *s)
{
	uint8_t kind = tcp_kinds[h[13] & TCP_KIND_MASK];

	if (!kind)
		return false;
	s->flags = h[13];
	s->seq = load_be32(h + 4);
	s->ack = load_be32(h + 8);
	s->win = load_be16(h + 14);
	s->index = kind & 0xf;
	s->end = s->seq + pkt->len - pkt->l4off - s->header_len + (kind >> 4 & 1);
	s->sack = s->ack;
	s->offers = s->scale = 0;
	if (!tcp_needs_no_options(h, there, s->header_len))
		tcp_read_options(pkt, s);
	return true;
}

#endif
