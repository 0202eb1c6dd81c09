/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * detail.h - what the lines of few packets show besides their summary: the chunks of
 * SCTP, the key or call id of GRE, and the packet that an ICMP error quotes.
 */
#ifndef PACKET_DETAIL_H
#define PACKET_DETAIL_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"

#define DETAIL_CHUNKS	8u

enum detail_kind { DETAIL_NONE, DETAIL_SCTP, DETAIL_GRE, DETAIL_QUOTE };

struct packet_detail {
	uint8_t kind;			/* enum detail_kind */
	uint8_t chunks;			/* SCTP: chunks in 'type' */
	bool more;			/* there are more, or they were not captured */
	bool key, call;			/* GRE: 'number' is the key, or the call id */
	uint8_t type[DETAIL_CHUNKS];
	uint16_t inner;			/* GRE: EtherType of what it carries */
	uint32_t number;
	/* The quoted packet. */
	uint8_t protonum;
	bool ports;			/* of the quoted packet: sport and dport */
	uint16_t sport, dport;
	union ct_addr src, dst;
};

/* Whether a packet of this protocol may have a detail; 'type' is ICMP's. */
bool detail_wanted(uint8_t protonum, uint8_t type);

/* Reads it; DETAIL_NONE where it was not captured. */
void detail_read(struct packet_detail *d, const struct ct_packet *pkt);

#endif
