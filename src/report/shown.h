/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shown.h - what the lines of every format show of a packet.
 */
#ifndef REPORT_SHOWN_H
#define REPORT_SHOWN_H 1

#include "ctreplay/conntrack.h"
#include "packet/summary.h"
#include "report/out.h"

/*
 * A packet with its word, as values: to be printed later, when its bytes are
 * gone.
 */
struct packet_view {
	uint64_t number;	/* of its frame */
	ct_time time;
	union ct_addr src, dst;
	uint32_t len;
	uint8_t l3num, protonum;
	struct packet_summary shown;
	struct ct_verdict v;	/* what is not in use is not set */
};

/* Fills in what '*view' has of the packet, but for 'shown'. */
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
/* And the verdict. */
void shown_view(struct packet_view *view, ct_time time,
		const struct ct_packet *pkt, const struct ct_verdict *v);
/* tcpdump's letters in tcpdump's order, or "none". */
void shown_tcp_flags(uint8_t flags, char out[9]);
/* "original", "reply" or NULL. */
const char *shown_dir(uint8_t dir);
/* What becomes of the packet; NULL: nothing yet, a fragment is held. */
const char *shown_verdict(const struct ct_verdict *v);
/* "192.0.2.1:80", "[2001:db8::1]:80", or the address alone. */
void shown_endpoint(struct out *o, const union ct_addr *a, uint8_t l3num,
		    bool with_port, uint16_t port);
/* The packet as tcpdump would put it, always five words. */
void shown_packet(struct out *o, const struct packet_view *pkt);

#endif
