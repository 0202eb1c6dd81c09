/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary.h - the fields of a transport header that a packet's line shows.
 *
 * A summary holds values only, so that a line can be formatted later, by
 * another thread, when the packet's bytes are gone.
 */
#ifndef PACKET_SUMMARY_H
#define PACKET_SUMMARY_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"

struct packet_summary {
	/* Bits, as a parsed frame is to fit into two cache lines. */
	bool ports : 1;		/* 'a' and 'b' are the ports */
	bool tcp : 1;		/* 'flags' is set */
	bool icmp : 1;		/* 'type', 'code' and 'a' are set */
	bool fragment : 1;		/* a fragment, which shows nothing else */
	bool cut : 1;		/* the snap length cut the header */
	bool detailed : 1;		/* there may be more to show: detail.h */
	uint8_t tunnel;		/* enum tunnel + 1 of a packet that carries another
				 * one (base/tunnel.h); 0: none, or with --decap */
	uint16_t a, b;		/* source and destination port; 'a' is ICMP's id */
	uint8_t flags;		/* of TCP, as in its header */
	uint8_t type, code;	/* of ICMP and ICMPv6 */
};

/*
 * Reads the summary of a parsed packet, but for the tunnel.  A field that lies beyond
 * the packet's end, or was not captured, is not set.
 */
void summary_read(struct packet_summary *s, const struct ct_packet *pkt);

#endif
