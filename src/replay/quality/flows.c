/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/quality/flows.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "ctreplay/fast.h"
#include "replay/quality/mix.h"

/* Answers existed and were not captured if this many packets have no other
 * explanation, and acknowledgements or data advanced meanwhile. */
#define UNANSWERED	3u
#define REPEATED_SYN	(1u << 20)	/* a number this far behind: a new connection */
#define WINDOW_SURE	65536u	/* a sender without answers stops before this */

bool flows_init(struct flows *f)
{
	f->set = aligned_alloc(_Alignof(struct flow_set), FLOWS_SETS * sizeof(*f->set));
	f->flow = calloc((size_t)FLOWS_SETS * FLOWS_WAYS, sizeof(*f->flow));
	if (f->set)
		memset(f->set, 0, FLOWS_SETS * sizeof(*f->set));
	return f->set && f->flow;
}

void flows_free(struct flows *f)
{
	free(f->set);
	free(f->flow);
}

static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* The same for both directions; '*side' is the sender's. */
static always_inline uint64_t flow_key(const struct ct_packet *pkt, uint16_t sport,
				       uint16_t dport, int *side)
{
	uint64_t a = mix_addr(sport, &pkt->src);
	uint64_t b = mix_addr(dport, &pkt->dst);

	*side = a > b;
	return mix(a + b, a ^ b) | 1;
}

/* The way of the connection that was not seen for longest, which makes room. */
static always_inline unsigned int oldest_way(const struct flow_set *set)
{
	uint64_t oldest = UINT64_MAX;

	/* Without a branch that depends on the ages; of equal ones the first. */
	for (unsigned int way = 0; way < FLOWS_WAYS; way++) {
		uint64_t age = set->last[way] * FLOWS_WAYS + way;

		oldest = age < oldest ? age : oldest;
	}
	return oldest % FLOWS_WAYS;
}

/* The connection, which 'frame' is of; 0: a copy of such a frame. */
static always_inline struct flow *find(struct flows *f, uint64_t key, uint64_t frame)
{
	static const struct flow none;
	size_t at = key >> 32 & (FLOWS_SETS - 1);
	struct flow_set *set = &f->set[at];
	struct flow *w = &f->flow[at * FLOWS_WAYS];
	unsigned int way = 0;

	while (way < FLOWS_WAYS && set->key[way] != key)
		way++;
	if (way == FLOWS_WAYS) {
		way = oldest_way(set);
		/* Copied with a few moves; gcc would zero it with REP STOS, whose start
		 * takes longer than all else here. */
		w[way] = none;
		set->key[way] = key;
		set->last[way] = 0;
	}
	w += way;
	if (frame) {
		f->frame = set->last[way] = frame;
		if (!w->first)
			w->first = frame;
	}
	return w;
}

/* Attributes the connection's INVALID packets, earlier and later ones, to a fault. */
static void blame(struct flows *f, struct flow *w, enum flow_fault fault)
{
	w->faults |= (uint8_t)(1u << fault);
	f->fault[fault].invalid += w->pending;
	w->pending = 0;
}

static void count(struct flows *f, enum flow_fault fault, uint64_t frame)
{
	if (f->fault[fault].count++ == 0)
		f->fault[fault].first = frame;
}

/* True if the packet itself is the cause of the INVALID, not one before it. */
static bool is_packets_own(const struct ct_verdict *v)
{
	switch (v->nwhy ? v->why[0].reason : CT_REASON_NONE) {
	case CT_REASON_CUT_HEADER:
	case CT_REASON_TCP_CHECKSUM:
	case CT_REASON_TCP_TRUNCATED:
	case CT_REASON_TCP_FLAGS:
		return true;
	default:
		return false;
	}
}

static void count_invalid(struct flows *f, struct flow *w)
{
	for (int i = 0; i < FLOW_FAULTS; i++) {
		if (w->faults & 1u << i) {
			f->fault[i].invalid++;
			return;
		}
	}
	w->pending++;
}

static void lost(struct flows *f, struct flow *w, struct flow_side *s,
		 uint32_t from, uint32_t to)
{
	count(f, FLOW_LOST, f->frame);
	blame(f, w, FLOW_LOST);
	s->lost = from;
	s->lost_end = to;
}

/* A gap that counted as lost is filled after all: frames are in the wrong order. */
static void found_again(struct flows *f, struct flow_side *s)
{
	f->fault[FLOW_LOST].count--;
	s->lost = s->lost_end;
}

/* Whether the side's numbers begin anew: not with a SYN that is repeated. */
static bool begins(const struct flow_side *s, const struct segment *seg)
{
	return !s->seen || (seg->flags & SEGMENT_SYN &&
			    s->next - seg->end > REPEATED_SYN);
}

/* What a side sends. */
static void follow_data(struct flows *f, struct flow *w, struct flow_side *s,
			const struct segment *seg)
{
	if (begins(s, seg)) {
		*s = (struct flow_side){ .seen = true, .next = seg->end,
					 .hole = seg->end, .hole_end = seg->end };
		return;
	}
	if (s->ahead) {
		s->ahead = false;
		if (!after(s->acked, seg->seq)) {
			lost(f, w, s, s->next, s->acked);
			s->next = s->acked;
		}
	}
	if (after(seg->seq, s->next) && s->hole == s->hole_end) {
		s->hole = s->next;
		s->hole_end = seg->seq;
	} else if (s->hole != s->hole_end && !after(seg->seq, s->hole) &&
		   after(seg->end, s->hole)) {
		s->hole = after(seg->end, s->hole_end) ? s->hole_end : seg->end;
	} else if (s->lost != s->lost_end && seg->end != seg->seq &&
		   !after(s->lost, seg->seq) && after(s->lost_end, seg->seq)) {
		found_again(f, s);
	}
	if (after(seg->end, s->next))
		s->next = seg->end;
}

/* The peer's acknowledgement of what 's' has sent. */
static void follow_ack(struct flows *f, struct flow *w, struct flow_side *s,
		       uint32_t ack)
{
	if (!s->seen)
		return;
	if (s->hole != s->hole_end && !after(s->hole_end, ack) &&
	    !after(ack, s->next)) {
		lost(f, w, s, s->hole, s->hole_end);
		s->hole = s->hole_end;
	}
	/* It acknowledges data that is not in the capture.  The number may be
	 * forged: what the side sends next confirms it or does not. */
	if (after(ack, s->next) && !s->ahead) {
		s->ahead = true;
		s->acked = ack;
	}
}

static void follow(struct flows *f, struct flow *w, int side,
		   const struct segment *s, uint64_t epoch)
{
	if (w->epoch != epoch) {
		w->epoch = epoch;
		w->side[0] = w->side[1] = (struct flow_side){ 0 };
	}
	if (s->flags & SEGMENT_RST)
		return;
	follow_data(f, w, &w->side[side], s);
	if (s->flags & SEGMENT_ACK && !(s->flags & SEGMENT_SYN))
		follow_ack(f, w, &w->side[!side], s->ack);
}

/*
 * True if only an answer that is not in the capture explains the packet: an ACK in a
 * connection that was picked up and has no reply, or an ACK after a SYN without a
 * SYN/ACK.
 */
static bool wants_answer(const struct segment *s, const struct ct_verdict *v)
{
	if (!(s->flags & SEGMENT_ACK) || s->flags & (SEGMENT_SYN | SEGMENT_RST))
		return false;
	if (v->ctstate == CT_NEW)
		return true;
	return v->ctstate == CT_INVALID && v->dir == CT_DIR_NONE &&
	       v->proto == CT_L4_TCP && v->state == CT_TCP_SYN_SENT;
}

static void look_one_way(struct flows *f, struct flow *w, const struct segment *s,
			 const struct ct_verdict *v)
{
	bool moved;

	if (!wants_answer(s, v)) {
		if (v->ctstate == CT_ESTABLISHED)
			w->unanswered = 0;
		return;
	}
	if (w->unanswered++ == 0) {
		w->first_ack = s->ack;
		w->first_seq = s->seq;
	}
	moved = v->ctstate == CT_INVALID || s->ack != w->first_ack ||
		after(s->seq, w->first_seq + WINDOW_SURE);
	if (w->unanswered >= UNANSWERED && moved &&
	    !(w->faults & 1u << FLOW_ONE_WAY)) {
		count(f, FLOW_ONE_WAY, w->first);
		blame(f, w, FLOW_ONE_WAY);
	}
}

void flows_packet(struct flows *f, const struct ct_packet *pkt,
		  const struct segment *s, const struct ct_verdict *v,
		  uint64_t epoch)
{
	int side;
	struct flow *w = find(f, flow_key(pkt, s->sport, s->dport, &side), pkt->number);

	if (epoch)
		follow(f, w, side, s, epoch);
	if (v->ctstate == CT_INVALID && !is_packets_own(v))
		count_invalid(f, w);
	if (v->nwhy && v->why[0].reason == CT_REASON_TCP_PICKED_UP) {
		count(f, FLOW_PICKED_UP, pkt->number);
		blame(f, w, FLOW_PICKED_UP);
	}
	if (!(w->side[0].seen && w->side[1].seen))
		look_one_way(f, w, s, v);
}

bool flows_opened(struct flows *f, const struct ct_packet *pkt)
{
	struct ct_ports ports;
	struct segment s;
	int side;

	/* Mostly known already, so that the packet itself is not looked at. */
	if (likely(ct_prepared_tcp(pkt, &ports, &s.flags))) {
		s.sport = ports.src;
		s.dport = ports.dst;
	} else if (!segment_read(pkt, &s)) {
		return true;
	}
	if (s.flags & SEGMENT_ACK && !(s.flags & (SEGMENT_SYN | SEGMENT_RST)))
		return false;
	find(f, flow_key(pkt, s.sport, s.dport, &side), pkt->number);
	return true;
}

void flows_rewritten(struct flows *f, const struct ct_packet *pkt,
		     const struct segment *s)
{
	int side;

	blame(f, find(f, flow_key(pkt, s->sport, s->dport, &side), 0), FLOW_REWRITTEN);
}
