/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary.h - the fields of a transport header that a packet's line shows.
 *
 * A summary holds values only, so that a line can be formatted later, by another
 * thread, when the packet's bytes are gone.
 */
#ifndef PACKET_SUMMARY_H
#define PACKET_SUMMARY_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"

struct packet_summary {
	bool ports;		/* 'a' and 'b' are the ports */
	bool tcp;		/* 'flags' is set */
	bool icmp;		/* 'type', 'code' and 'a' are set */
	bool fragment;		/* a fragment, which shows nothing else */
	uint16_t a, b;		/* source and destination port; 'a' is ICMP's id */
	uint8_t flags;		/* of TCP, as in its header */
	uint8_t type, code;	/* of ICMP and ICMPv6 */
};

/*
 * Reads the summary of a parsed packet.  A field that lies beyond the packet's
 * end is not set; bytes that were not captured count as zero.
 */
void summary_read(struct packet_summary *s, const struct ct_packet *pkt);

#endif
