/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - two engines in step, and what must hold of them after each packet
 * whatever it was.  They differ in their hash keys, and the second is told of
 * each packet ahead.
 */
#ifndef CHECK_H
#define CHECK_H 1

#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"
#include "ctreplay/fast.h"

#define CHECK_ENTRIES	256u	/* of the table that are looked at */
#define CHECK_IDS	4096u	/* connections whose events are followed */

#define CHECK(what) do { if (!(what)) abort(); } while (0)

/* What an engine's events tell. */
struct check_events {
	uint64_t live, made, gone;
	ct_time last;
	bool known[CHECK_IDS];
};

struct check {
	struct ct *ct[2];
	struct ct_config cfg;
	struct check_events events[2];
	ct_time now;
	size_t n;			/* entries in 'record' */
	struct ct_record record[CHECK_ENTRIES];
};

static inline void check_event(void *arg, const struct ct_event *ev)
{
	struct check_events *e = arg;
	uint64_t id = ev->record.id;

	CHECK(id && id < CHECK_IDS && ev->when >= e->last);
	CHECK(ev->record.status & CT_STATUS_CONFIRMED);
	CHECK(e->known[id] == (ev->type != CT_EVENT_NEW));
	e->last = ev->when;
	switch (ev->type) {
	case CT_EVENT_NEW:
		e->known[id] = true;
		e->made++;
		break;
	case CT_EVENT_UPDATE:
		CHECK(ev->changed);
		break;
	case CT_EVENT_DESTROY:
		e->known[id] = false;
		e->gone++;
		break;
	}
	e->live = e->made - e->gone;
}

static inline bool check_begin(struct check *c, const struct ct_config *cfg)
{
	memset(c, 0, sizeof(*c));
	c->cfg = *cfg;
	c->now = 1000000000 * CT_NSEC_PER_SEC;
	for (unsigned int i = 0; i < 2; i++) {
		c->cfg.on_event = check_event;
		c->cfg.event_arg = &c->events[i];
		memset(c->cfg.hash_key, i ? 0xa5 : 0, sizeof(c->cfg.hash_key));
		c->ct[i] = ct_create(&c->cfg);
		if (c->ct[i])
			ct_advance(c->ct[i], c->now);
	}
	if (c->ct[0] && c->ct[1])
		return true;
	ct_destroy(c->ct[0]);
	ct_destroy(c->ct[1]);
	return false;
}

/* An entry by itself. */
static inline void check_entry(const struct check *c, const struct ct_record *r)
{
	const struct ct_tuple *o = &r->tuple[0], *b = &r->tuple[1];

	CHECK(r->id && r->use >= 2 && r->now == c->now && r->expires > c->now);
	CHECK(r->first_seen <= r->last_seen && r->last_seen <= c->now);
	CHECK(r->status & CT_STATUS_CONFIRMED);
	CHECK(!(r->status & CT_STATUS_ASSURED) ||
	      (r->status & CT_STATUS_SEEN_REPLY));
	CHECK(!memcmp(&o->src, &b->dst, 16) && !memcmp(&o->dst, &b->src, 16));
	CHECK(o->l3num == b->l3num && o->protonum == b->protonum &&
	      !o->zero && !b->zero);
	if (o->protonum == CT_L4_TCP || o->protonum == CT_L4_SCTP)
		CHECK(r->state && ct_proto_state_name(o->protonum, r->state));
	else
		CHECK(!r->state);
	if (c->cfg.sysctl.acct) {
		CHECK(r->counter[0].packets &&
		      r->counter[0].bytes >= 20 * r->counter[0].packets);
		/* The tracker of TCP takes some without counting them. */
		CHECK(!r->counter[1].packets ||
		      (r->status & CT_STATUS_SEEN_REPLY));
	} else {
		CHECK(!r->counter[0].packets && !r->counter[1].packets);
	}
}

static inline bool check_first(void *arg, const struct ct_record *r)
{
	struct check *c = arg;

	CHECK(!c->n || r->id > c->record[(c->n - 1) % CHECK_ENTRIES].id);
	check_entry(c, r);
	c->record[c->n++ % CHECK_ENTRIES] = *r;
	return true;
}

static inline bool check_second(void *arg, const struct ct_record *r)
{
	struct check *c = arg;
	const struct ct_record *o = &c->record[c->n++ % CHECK_ENTRIES];

	CHECK(o->id == r->id && o->status == r->status && o->state == r->state &&
	      o->expires == r->expires && o->last_seen == r->last_seen &&
	      o->first_seen == r->first_seen && o->use == r->use);
	CHECK(!memcmp(o->tuple, r->tuple, sizeof(o->tuple)));
	CHECK(!memcmp(o->counter, r->counter, sizeof(o->counter)));
	return true;
}

/* Nothing may stand for the same packets as anything else. */
static inline void check_unique(const struct check *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < i; j++)
			for (unsigned int d = 0; d < 2; d++)
				CHECK(memcmp(&c->record[i].tuple[0],
					     &c->record[j].tuple[d],
					     sizeof(struct ct_tuple)));
}

static inline void check_table(struct check *c)
{
	c->n = 0;
	CHECK(ct_table(c->ct[0], check_first, c) == 0 &&
	      c->n == ct_count(c->ct[0]));
	if (c->n > CHECK_ENTRIES)
		return;
	check_unique(c);
	c->n = 0;
	CHECK(ct_table(c->ct[1], check_second, c) == 0 &&
	      c->n == ct_count(c->ct[0]) && c->n == ct_count(c->ct[1]));
}

static inline void check_counts(const struct check *c)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct ct_stats *s = ct_stats(c->ct[i]);
		uint64_t count = ct_count(c->ct[i]);

		CHECK(s->created - s->destroyed == count && s->most >= count);
		CHECK(s->early_dropped <= s->destroyed);
		CHECK(c->events[i].live == count &&
		      c->events[i].made == s->created &&
		      c->events[i].gone == s->destroyed);
		CHECK(!c->cfg.sysctl.max || count <= c->cfg.sysctl.max);
	}
}

/* Time passes, and with it whatever has had its own. */
static inline void check_step(struct check *c, uint64_t step)
{
	c->now += step;
	for (unsigned int i = 0; i < 2; i++) {
		ct_advance(c->ct[i], c->now);
		CHECK(ct_now(c->ct[i]) == c->now);
	}
}

/* The word on a packet, by itself. */
static inline void check_verdict(const struct check *c, const struct ct_packet *pkt,
				 const struct ct_verdict *v)
{
	CHECK(v->ctstate < CT_CTSTATES && v->dir <= CT_DIR_NONE && v->nwhy <= 2);
	for (unsigned int i = 0; i < v->nwhy; i++)
		CHECK(v->why[i].reason && v->why[i].reason < CT_REASON_COUNT);
	CHECK(!v->windowed || (c->cfg.track_bounds && v->proto == CT_L4_TCP));
	CHECK(!v->state || ct_proto_state_name(v->proto, v->state));
	switch (v->ctstate) {
	case CT_NEW:
		CHECK(v->id && v->dir == CT_DIR_ORIGINAL);
		break;
	case CT_ESTABLISHED:
	case CT_RELATED:
		CHECK(v->id && v->dir != CT_DIR_NONE);
		break;
	case CT_INVALID:
		CHECK(v->nwhy && v->dir == CT_DIR_NONE);
		break;
	case CT_UNTRACKED:
		CHECK(!v->id && v->dir == CT_DIR_NONE);
		break;
	default:
		CHECK(v->ctstate == CT_DROP && v->nwhy && !v->id);
	}
	if (pkt->flags & CT_PACKET_NOTRACK)
		CHECK(v->ctstate == CT_UNTRACKED);
}

static inline void check_same(const struct ct_verdict *a, const struct ct_verdict *b)
{
	CHECK(a->id == b->id && a->ctstate == b->ctstate && a->dir == b->dir &&
	      a->proto == b->proto && a->state == b->state &&
	      a->dropped == b->dropped && a->nwhy == b->nwhy &&
	      a->windowed == b->windowed);
	for (unsigned int i = 0; i < a->nwhy; i++)
		CHECK(a->why[i].reason == b->why[i].reason);
}

enum check_sum { SUM_RIGHT, SUM_WRONG, SUM_UNKNOWN };

static inline bool check_is_sum(uint16_t reason)
{
	return reason == CT_REASON_TCP_CHECKSUM ||
	       reason == CT_REASON_UDP_CHECKSUM ||
	       reason == CT_REASON_SCTP_CRC ||
	       reason == CT_REASON_ICMP_CHECKSUM ||
	       reason == CT_REASON_ICMPV6_CHECKSUM;
}

/* A right checksum is not called wrong, nor a wrong one right.  (UDP's may be
 * left out, UDP-Lite's may not cover what is wrong.) */
static inline void check_checksum(const struct check *c, const struct ct_packet *pkt,
				  const struct ct_verdict *v, enum check_sum sum)
{
	if (sum == SUM_RIGHT)
		for (unsigned int i = 0; i < v->nwhy; i++)
			CHECK(!check_is_sum(v->why[i].reason));
	if (sum == SUM_WRONG && c->cfg.checksum == CT_CHECKSUM_ALL &&
	    c->cfg.sysctl.checksum &&
	    (pkt->protonum == CT_L4_TCP || pkt->protonum == CT_L4_SCTP))
		CHECK(v->ctstate == CT_INVALID || v->ctstate == CT_DROP ||
		      v->ctstate == CT_UNTRACKED);
}

/* The second engine gets the packet prepared, in one go if it is a usual one. */
static inline const struct ct_packet *
check_prepared(struct check *c, struct ct_packet *pkt, struct ct_packet *usual)
{
	if (!pkt->flags &&
	    ct_prepare_fast(c->ct[1], usual, pkt->data, pkt->caplen, pkt->l3num)) {
		CHECK(usual->len == pkt->len && usual->l4off == pkt->l4off);
		CHECK(usual->l3num == pkt->l3num && pkt->protonum == CT_L4_TCP);
		usual->number = pkt->number;
		pkt = usual;
	} else {
		ct_prepare(c->ct[1], pkt);
	}
	ct_prefetch(c->ct[1], pkt);
	ct_prefetch_entry(c->ct[1], pkt);
	return pkt;
}

static inline void check_packet(struct check *c, struct ct_packet *pkt, bool drop,
				enum check_sum sum)
{
	struct ct_packet usual;
	struct ct_verdict v[2];

	for (unsigned int i = 0; i < 2; i++) {
		ct_track(c->ct[i], i ? check_prepared(c, pkt, &usual) : pkt, &v[i]);
		if (drop)
			ct_drop(c->ct[i]);
		else
			ct_confirm(c->ct[i], &v[i]);
	}
	check_verdict(c, pkt, &v[0]);
	check_same(&v[0], &v[1]);
	check_checksum(c, pkt, &v[0], sum);
	check_step(c, 0);
	check_table(c);
	check_counts(c);
}

/* At the end of time nothing is left. */
static inline void check_end(struct check *c)
{
	check_step(c, CT_SECONDS_MAX * 2 * CT_NSEC_PER_SEC);
	check_counts(c);
	CHECK(!ct_count(c->ct[0]));
	ct_destroy(c->ct[0]);
	ct_destroy(c->ct[1]);
}

#endif
