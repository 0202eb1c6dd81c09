/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packet_view.h - a packet with its verdict, as every format shows it.
 */
#ifndef REPORT_PACKET_VIEW_H
#define REPORT_PACKET_VIEW_H 1

#include <stddef.h>

#include "ctreplay/conntrack.h"
#include "packet/detail.h"
#include "packet/summary.h"
#include "report/rule_view.h"

/*
 * It holds values only: a line can be made of it later, by another thread, when
 * the packet's bytes are gone.
 */
struct packet_view {
	uint64_t number;	/* of its frame, from 1 */
	ct_time time;
	union ct_addr src, dst;
	uint32_t len;		/* of the packet, in bytes on the wire */
	uint8_t l3num, protonum;
	struct packet_summary summary;
	struct packet_detail detail;	/* only if the summary says so */
	struct ct_verdict v;	/* why[] up to 'nwhy', 'window' if 'windowed' */
	struct rule_view rule;
};

/* Sets what the packet itself says, but for the summary. */
static inline void packet_view_set(struct packet_view *view, ct_time time,
				   const struct ct_packet *pkt)
{
	view->number = pkt->number;
	view->time = time;
	view->src = pkt->src;
	view->dst = pkt->dst;
	view->len = pkt->len;
	view->l3num = pkt->l3num;
	view->protonum = pkt->protonum;
	view->rule.verdict = RULE_VERDICT_NONE;
}

/* Copies a verdict.  It is large and most packets have no reason, so only the
 * members that are set are copied. */
static inline void packet_view_set_verdict(struct packet_view *view,
					   const struct ct_verdict *v)
{
	view->v.id = v->id;
	view->v.slot = v->slot;
	view->v.ctstate = v->ctstate;
	view->v.dir = v->dir;
	view->v.proto = v->proto;
	view->v.state = v->state;
	view->v.dropped = v->dropped;
	view->v.nwhy = v->nwhy;
	view->v.windowed = v->windowed;
	for (unsigned int i = 0; i < v->nwhy; i++)
		view->v.why[i] = v->why[i];
	if (v->windowed)
		view->v.window = v->window;
}

#endif
