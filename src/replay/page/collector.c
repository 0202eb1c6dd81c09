/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/collector.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "packet/summary.h"

static void init_tops(struct tops *t)
{
	t->wanted = true;
	for (int by = 0; by < TOP_KINDS; by++) {
		top_init(&t->top[by], (enum top_by)by, PAGE_TOP);
		t->top[by].limit = TOP_KEPT;
	}
}

struct collector *collector_create(const struct settings *s)
{
	struct collector *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->settings = s;
	c->firewall = s->firewall[0];
	packets_init(&c->packets);
	hosts_init(&c->hosts);
	init_tops(&c->tops);
	if (bins_init(&c->bins) &&
	    (!c->firewall || places_init(&c->places, c->firewall)))
		return c;
	collector_free(c);
	return NULL;
}

void collector_free(struct collector *c)
{
	if (!c)
		return;
	bins_free(&c->bins);
	lanes_free(&c->lanes);
	packets_free(&c->packets);
	hosts_free(&c->hosts);
	told_free(&c->told);
	places_free(&c->places);
	tops_free(&c->tops);
	free(c);
}

void collector_start(struct collector *c, ct_time start)
{
	c->started = true;
	/* Times are cut to microseconds, as everywhere, and not their differences. */
	c->start = start - start % 1000;
	c->end = start;
	c->lanes.start = c->start;
	bins_start(&c->bins, c->start);
}

static bool is_dropped(const struct ct_verdict *v, const struct rule_view *rule)
{
	return v->dropped || v->ctstate == CT_DROP ||
	       (rule && (rule->verdict == RULE_VERDICT_DROP ||
			 rule->verdict == RULE_VERDICT_REJECT));
}

static bool is_same(const union ct_addr *a, const union ct_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* By its addresses, and its ports where both are one; NO_DIR: it has others, as an ICMP
 * error has, or is of another protocol. */
static enum packet_dir way_of(const struct ct_packet *pkt, const struct page_connection *c)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint16_t port;

	if (pkt->protonum != c->protonum)
		return PACKET_NO_DIR;
	if (is_same(&pkt->src, &c->src) && is_same(&pkt->dst, &c->dst))
		return is_same(&c->src, &c->dst) && bytes_there(&b, pkt->l4off, 2) &&
		       bytes_be16(&b, pkt->l4off, &port) && port != c->sport ?
		       PACKET_AS_REPLY : PACKET_AS_ORIGINAL;
	return is_same(&pkt->src, &c->dst) && is_same(&pkt->dst, &c->src) ?
	       PACKET_AS_REPLY : PACKET_NO_DIR;
}

/* The packet's own addresses, and ports if it has any. */
static bool set_ends(struct collector *c, const struct ct_packet *pkt,
		     struct packet_row *row)
{
	struct packet_summary s;

	summary_read(&s, pkt);
	if (s.ports) {
		row->sport = s.a;
		row->dport = s.b;
	}
	return hosts_find(&c->hosts, &pkt->src, pkt->l3num, HOSTS_KEPT, &row->src) &&
	       hosts_find(&c->hosts, &pkt->dst, pkt->l3num, HOSTS_KEPT, &row->dst);
}

/* The state after a packet.  One that is dropped may change it without an event, or after
 * its verdict: a rule's reset closes a connection, and what a helper drops is an answer
 * nevertheless. */
static bool follow(struct collector *c, const struct ct_packet *pkt,
		   const struct ct_verdict *v, bool dropped)
{
	struct ct_record rec;

	if (unlikely(dropped) && ct_current(c->ct, pkt, v, &rec))
		return lanes_update(&c->lanes, &rec, c->end, &c->bins);
	return lanes_follow(&c->lanes, v, c->end, &c->bins);
}

/* A packet of a connection.  False: no memory. */
static bool count_packet(struct collector *c, const struct ct_packet *pkt,
			 const struct ct_verdict *v, const struct lane_slot *lane,
			 bool dropped, bool *changed)
{
	const uint8_t before = lane->state;

	lanes_packet(&c->lanes, lane, v, dropped);
	if (!follow(c, pkt, v, dropped))
		return false;
	*changed = lane->state != before || lanes_is_first(&c->lanes, lane);
	return true;
}

static bool add_row(struct collector *c, const struct ct_packet *pkt,
		    const struct ct_verdict *v, const struct rule_view *rule,
		    const struct lane_slot *lane)
{
	struct packet_row row = {
		.frame = pkt->number, .at = (c->end - c->start) / 1000,
		.length = pkt->len, .protonum = pkt->protonum,
	};
	enum packet_dir way = PACKET_NO_DIR;

	if (lane) {
		row.id = lane->id;
		row.state = lane->state;
		if (lane->lane)
			way = way_of(pkt, &c->lanes.lane[lane->lane - 1]);
	}
	if (way == PACKET_NO_DIR && !set_ends(c, pkt, &row))
		return false;
	row.dir = (uint8_t)(v->dir == CT_DIR_NONE ? way :
			    v->dir == CT_DIR_ORIGINAL ? PACKET_ORIGINAL : PACKET_REPLY);
	if (v->dropped) {
		/* By its helper, behind all rules: no rule's word is the last. */
		row.rule_verdict = RULE_VERDICT_DROP;
	} else if (rule) {
		row.rule_verdict = rule->verdict;
		row.rule = places_find(&c->places, pkt->l3num, &rule->rule);
	}
	return packets_add(&c->packets, &row, v);
}

bool collector_packet(struct collector *c, const struct ct_packet *pkt,
		      const struct ct_verdict *v, const struct rule_view *rule,
		      ct_time now)
{
	const struct lane_slot *lane = lanes_find(&c->lanes, v->slot, v->id);
	bool dropped = is_dropped(v, rule), changed = false;

	c->end = now;
	bins_advance(&c->bins, now);
	bins_packet(&c->bins, v->ctstate, dropped);
	if (lane && !count_packet(c, pkt, v, lane, dropped, &changed))
		return false;
	if ((v->dropped || v->nwhy || !rule || !rule->verdict) &&
	    (dropped || v->ctstate == CT_INVALID) &&
	    !told_add(&c->told, pkt, v, ct_count(c->ct), c->settings->opt->config.sysctl.max))
		return false;
	return !packets_keep(&c->packets,
			     dropped || changed || v->ctstate == CT_INVALID) ||
	       add_row(c, pkt, v, rule, lane);
}

bool collector_event(struct collector *c, const struct ct_event *ev)
{
	if (ev->type == CT_EVENT_NEW && !tops_begin(&c->tops, &ev->record))
		return false;
	if (c->closed)
		return true;
	bins_advance(&c->bins, ev->when);
	switch (ev->type) {
	case CT_EVENT_NEW:
		return lanes_new(&c->lanes, &ev->record, &c->bins);
	case CT_EVENT_UPDATE:
		return lanes_update(&c->lanes, &ev->record, ev->when, &c->bins);
	case CT_EVENT_DESTROY:
		return lanes_end(&c->lanes, ev, &c->bins);
	}
	return true;
}

bool collector_invalid(struct collector *c, const struct ct_packet *pkt)
{
	return tops_invalid(&c->tops, pkt);
}

void collector_ended(struct collector *c, const struct connection_view *view)
{
	tops_end(&c->tops, view);
	lanes_count(&c->lanes, view);
}

void collector_open(struct collector *c, const struct connection_view *view)
{
	tops_open(&c->tops, view);
	lanes_count(&c->lanes, view);
}

void collector_close(struct collector *c, ct_time end)
{
	c->closed = true;
	if (!c->started)
		return;
	c->end = end;
	bins_advance(&c->bins, end);
	bins_close(&c->bins);
}
