/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shown.h - a packet as every format shows it: its values, and the names of
 * these that do not depend on the format.
 */
#ifndef REPORT_SHOWN_H
#define REPORT_SHOWN_H 1

#include "ctreplay/conntrack.h"
#include "packet/summary.h"

/*
 * A packet with its verdict, as values only: a line can be made of it later, by
 * another thread, when the packet's bytes are gone.
 */
struct packet_view {
	uint64_t number;	/* of its frame, from 1 */
	ct_time time;
	union ct_addr src, dst;
	uint32_t len;		/* of the packet, in bytes on the wire */
	uint8_t l3num, protonum;
	struct packet_summary shown;
	struct ct_verdict v;	/* why[] up to 'nwhy', 'window' if 'windowed' */
};

/* Sets the members of '*view' that the packet has, but for 'shown'. */
static inline void shown_packet_of(struct packet_view *view, ct_time time,
				   const struct ct_packet *pkt)
{
	view->number = pkt->number;
	view->time = time;
	view->src = pkt->src;
	view->dst = pkt->dst;
	view->len = pkt->len;
	view->l3num = pkt->l3num;
	view->protonum = pkt->protonum;
}

/* The same, and the verdict. */
void shown_view(struct packet_view *view, ct_time time,
		const struct ct_packet *pkt, const struct ct_verdict *v);

/* tcpdump's letters in tcpdump's order, or "none". */
#define TCP_FLAGS_SIZE 9u
void shown_tcp_flags(uint8_t flags, char out[TCP_FLAGS_SIZE]);
/* The name of an ICMP or ICMPv6 type, or NULL. */
const char *shown_icmp_type(uint8_t protonum, uint8_t type);
/* "original", "reply", or NULL for CT_DIR_NONE. */
const char *shown_dir(uint8_t dir);
/* "accept", "drop", or NULL for a fragment that waits for its datagram. */
const char *shown_verdict(const struct ct_verdict *v);

/* "ipv4" or "ipv6" */
static inline const char *shown_l3proto(uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? "ipv4" : "ipv6";
}

#endif
