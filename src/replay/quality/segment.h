/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * segment.h - the fields of a TCP header that the notes need, of any packet that
 * holds them.
 */
#ifndef REPLAY_QUALITY_SEGMENT_H
#define REPLAY_QUALITY_SEGMENT_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ctreplay/packet.h"

#define SEGMENT_FIN	0x01u
#define SEGMENT_SYN	0x02u
#define SEGMENT_RST	0x04u
#define SEGMENT_ACK	0x10u

struct segment {
	uint16_t sport, dport, win;
	uint32_t seq, ack, end;	/* 'end' counts data, SYN and FIN */
	uint32_t data;		/* offset of the data from the IP header */
	uint8_t flags;
};

/* False if the header was not captured up to its window. */
static inline bool segment_read(const struct ct_packet *pkt, struct segment *s)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	const uint8_t *h = pkt->data + pkt->l4off;
	uint32_t header;

	if (pkt->protonum != CT_L4_TCP || !bytes_there(&b, pkt->l4off, 16) ||
	    pkt->flags & (CT_PACKET_NO_L4 | CT_PACKET_FRAGMENT))
		return false;
	header = (h[12] >> 4) * 4u;
	if (header < 20 || pkt->l4off + header > pkt->len)
		return false;
	s->sport = load_be16(h);
	s->dport = load_be16(h + 2);
	s->seq = load_be32(h + 4);
	s->ack = load_be32(h + 8);
	s->flags = h[13];
	s->win = load_be16(h + 14);
	s->data = pkt->l4off + header;
	s->end = s->seq + pkt->len - s->data + !!(s->flags & SEGMENT_SYN) +
		 !!(s->flags & SEGMENT_FIN);
	return true;
}

#endif
