/* SPDX-License-Identifier: GPL-2.0-only */
/* tracker_firewall.c - a packet that goes through the rules of a firewall. */
#include "base/compiler.h"
#include "ctreplay/fast.h"
#include "replay/printer.h"
#include "replay/tracker_steps.h"

/* Connection tracking has judged the packet, and it is not confirmed yet: what is
 * selected must be known before the events of its connection come. */
static void on_judged(void *arg, const struct ct_packet *pkt,
		      const struct ct_verdict *v)
{
	struct tracker *t = arg;

	if (t->selection.active)
		t->rules_shown = selection_packet(&t->selection, t->ct, pkt, v);
}

/* The rules that matched come behind the packet in the buffer; printer_format()
 * finds them by their place. */
static void add_path(struct tracker *t, struct rule_view *view)
{
	uint32_t n = firewall_path_length(t->firewall);
	size_t at;

	view->path_known = true;
	if (!n)
		return;
	t->record_open = true;
	at = add_record(t, RECORD_NONE, n * sizeof(struct rule_place));
	t->record_open = false;
	if (at == RECORDS_FULL)
		return;
	firewall_copy_path(t->firewall, records_at(&t->batch->records, at));
	view->path_at = at;
	view->npath = n;
}

static bool is_dropped(const struct ct_verdict *v, const struct rule_view *view)
{
	return v->dropped || view->verdict == RULE_VERDICT_DROP ||
	       view->verdict == RULE_VERDICT_REJECT;
}

/* The rules' word: whether the packet is to be counted by --fail-on. */
static void fail_on_rules(struct tracker *t, const struct frame *f,
			  const struct ct_verdict *v, const struct rule_view *view)
{
	const struct options *o = t->settings->opt;
	struct ct_verdict both = *v;

	both.dropped = is_dropped(v, view);
	fail_on_packet(&t->fail_on, o, f->number, &both);
}

/* The short record of a packet without a reason. */
static void add_ruled(struct tracker *t, const struct frame *f,
		      const struct ct_verdict *v, struct rule_view *view)
{
	size_t at = add_record(t, RECORD_RULED, sizeof(struct ruled_record));
	struct ruled_record *r;

	if (at == RECORDS_FULL)
		return;
	if (t->settings->opt->format == REPORT_JSON)
		add_path(t, view);
	r = records_at(&t->batch->records, at);
	r->verdict = (struct verdict_record){
		.time = t->clock.now, .id = v->id, .slot = v->slot,
		.frame = (uint32_t)(f - frame_batch_get(t->batch->frames, 0)),
		.ctstate = v->ctstate, .dir = v->dir, .proto = v->proto,
		.state = v->state,
	};
	r->rule = *view;
}

/* The packet has a reason, or more is to be learnt from it. */
static noinline void finish_slowly(struct tracker *t, const struct frame *f,
				   struct parsed_frame *p, const struct ct_verdict *v,
				   struct rule_view *view)
{
	struct records *records = &t->batch->records;
	size_t mark, at = RECORDS_FULL;

	if (records->size - records->used < RECORDS_SPARE)
		printer_format(t->batch);
	mark = records->used;
	if (t->packet_lines) {
		at = add_record(t, RECORD_PACKET, sizeof(struct packet_view));
		if (t->settings->opt->format == REPORT_JSON)
			add_path(t, view);
	}
	t->verdict = *v;
	tracker_settle(t, &(struct settled){ .frame = f, .parsed = p, .mark = mark,
					     .at = at, .shown = true, .rule = view });
}

/* With rules_quickly.  '*view' is what the rules say, or NULL. */
static void finish_quickly(struct tracker *t, const struct frame *f,
			   struct parsed_frame *p, const struct ct_verdict *v,
			   struct rule_view *view)
{
	if (v->ctstate != CT_ESTABLISHED || v->nwhy || v->dropped ||
	    t->ct_stats->no_memory || quality_watches(&t->quality, p->pkt.number) ||
	    (view && p->summary.detailed)) {
		finish_slowly(t, f, p, v, view);
		return;
	}
	if (view)
		add_ruled(t, f, v, view);
	if (t->more_counts)
		tracker_count(t, f, &p->pkt, v);
	else
		tally_established(&t->tally, &p->pkt);
}

static void pass_quickly(struct tracker *t, const struct frame *f,
			 struct parsed_frame *p)
{
	struct firewall *fw = t->firewall;
	struct rule_view view, *shown = t->packet_lines ? &view : NULL;

	fw->on_judged = NULL;
	finish_quickly(t, f, p, firewall_packet(fw, f, &p->pkt, shown), shown);
}

/* Any packet. */
static noinline void pass(struct tracker *t, const struct frame *f,
			  struct parsed_frame *p)
{
	struct firewall *fw = t->firewall;
	struct records *records = &t->batch->records;
	struct rule_view view = { .path = NULL };
	size_t mark, at = RECORDS_FULL;
	struct ct_verdict *v;

	if (records->size - records->used < RECORDS_SPARE)
		printer_format(t->batch);
	mark = records->used;
	if (t->packet_lines)
		at = add_record(t, RECORD_PACKET, sizeof(struct packet_view));
	t->rules_shown = true;
	fw->on_judged = on_judged;
	fw->arg = t;
	t->record_open = true;
	v = firewall_packet(fw, f, &p->pkt, &view);
	t->record_open = false;
	/* Dropped before connection tracking. */
	if (!fw->judged)
		on_judged(t, &p->pkt, v);
	if (t->selection.may_be_dropped && is_dropped(v, &view))
		t->rules_shown = selection_dropped(&t->selection, v);
	if (t->selection.active && !selection_settle(&t->selection, v) &&
	    !fw->forgotten)
		t->rules_shown = false;
	if (t->settings->opt->format == REPORT_JSON && t->rules_shown && t->packet_lines)
		add_path(t, &view);
	t->verdict = *v;
	tracker_settle(t, &(struct settled){ .frame = f, .parsed = p, .mark = mark,
					     .at = at, .shown = t->rules_shown,
					     .rule = &view });
	if (t->settings->opt->fail_on && t->rules_shown)
		fail_on_rules(t, f, &t->verdict, &view);
}

void tracker_firewall_packet(struct tracker *t, const struct frame *f,
			     struct parsed_frame *p)
{
	if (t->rules_quickly)
		pass_quickly(t, f, p);
	else
		pass(t, f, p);
}

/* The packet is tracked, and more is to be done of it than to count it. */
static noinline void pass_tracked(struct tracker *t, const struct frame *f,
				  struct parsed_frame *p, struct quick_path *path,
				  const struct rules_iface *on, bool more)
{
	struct firewall *fw = t->firewall;
	struct rule_view view, *shown = t->packet_lines ? &view : NULL;
	const struct ct_verdict *v;

	fw->on_judged = NULL;
	v = path ? firewall_known(fw, path, &p->pkt, more, shown) :
		   firewall_tracked(fw, f, &p->pkt, on, more, shown);
	finish_quickly(t, f, p, v, shown);
}

/* Most packets are done here, as those in mid-stream are without a firewall. */
static always_inline void pass_by(struct tracker *t, const struct frame *f,
				  struct parsed_frame *p, const struct quick *q)
{
	struct firewall *fw = t->firewall;
	struct ct_verdict *v = &fw->outcome.ct;
	const struct rules_iface *on = p->quick == FRAME_QUICK ? NULL :
				       firewall_interface(fw, f);
	uint32_t number = on ? rules_iface_number(on) : 0;
	bool more = ct_track_at(t->ct, &p->pkt, v, t->clock.now);
	struct quick_path *path;

	if (unlikely(t->no_memory))	/* for what expired before */
		return;
	path = quick_find(q, v, number);
	if (unlikely(!path))
		path = rules_quick_way(fw->rules, &p->pkt, v, number);
	if (!path || more || v->nwhy || t->more || t->ct_stats->no_memory ||
	    quality_watches(&t->quality, p->pkt.number)) {
		pass_tracked(t, f, p, path, on, more);
		return;
	}
	quick_count(path, &p->pkt);
	fw->verdict[RULE_VERDICT_ACCEPT]++;
	tally_established(&t->tally, &p->pkt);
}

void tracker_ruled(struct tracker *t, const struct frame *f, struct parsed_frame *p)
{
	const struct quick *q = t->firewall->quick[p->pkt.l3num == CT_L3_IPV6];

	if (likely(p->quick && q && t->rules_quickly)) {
		pass_by(t, f, p, q);
		return;
	}
	ct_advance(t->ct, t->clock.now);
	if (likely(!t->no_memory))
		tracker_firewall_packet(t, f, p);
}
