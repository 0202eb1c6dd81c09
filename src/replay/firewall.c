/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/firewall.h"

#include <stdlib.h>
#include <string.h>

#include "ctreplay/firewall.h"

/* The calls of struct rules_engine. */

static void engine_track(void *arg, const struct ct_packet *pkt,
			 const struct rules_template *tmpl, struct ct_verdict *v,
			 bool *more)
{
	struct firewall *fw = arg;

	if (!tmpl) {
		*more = ct_track(fw->ct, pkt, v);
	} else {
		const struct ct_template t = {
			.notrack = tmpl->notrack, .helper = tmpl->helper,
			.zone = tmpl->zone_set ? tmpl->zone : 0,
			.zone_dirs = tmpl->zone_dirs,
		};

		*more = ct_track_as(fw->ct, pkt, &t, v);
	}
	fw->pkt = pkt;
	fw->v = v;
	/* The answers that REJECT sends are tracked as well. */
	if (fw->judged)
		return;
	fw->judged = true;
	if (fw->on_judged)
		fw->on_judged(fw->arg, pkt, v);
}

static void engine_confirm(void *arg, struct ct_verdict *v)
{
	ct_confirm(((struct firewall *)arg)->ct, v);
}

static void engine_drop(void *arg)
{
	struct firewall *fw = arg;
	struct ct_record r;

	if (fw->v == &fw->outcome.ct && ct_current(fw->ct, fw->pkt, fw->v, &r) &&
	    !(r.status & CT_STATUS_CONFIRMED)) {
		fw->forgotten = true;
		fw->lost = r;
	}
	ct_drop(fw->ct);
}

static bool engine_conn(void *arg, struct rules_conn *out)
{
	const struct firewall *fw = arg;
	struct ct_record r;

	if (!ct_current(fw->ct, fw->pkt, fw->v, &r))
		return false;
	*out = (struct rules_conn){
		.id = r.id, .status = r.status, .mark = r.mark,
		.tuple = { r.tuple[0], r.tuple[1] },
		.counter = { r.counter[0], r.counter[1] },
		.expires = r.status & CT_STATUS_CONFIRMED ? r.expires : 0,
		.has_master = r.master != 0, .proto_state = r.state,
		.zone = r.zone,
	};
	if (r.master)
		out->master_helper = ct_master_helper(fw->ct, fw->pkt, fw->v);
	return true;
}

static void engine_set_mark(void *arg, uint32_t mark)
{
	struct firewall *fw = arg;

	ct_set_mark(fw->ct, fw->pkt, fw->v, mark);
	fw->marked = true;
}

static void engine_set_closing(void *arg)
{
	struct firewall *fw = arg;

	ct_set_closing(fw->ct, fw->pkt, fw->v);
}

static bool engine_defragment(void *arg, struct ct_packet *pkt)
{
	struct firewall *fw = arg;
	enum ct_reason why;

	return ct_reassembly_packet(fw->reassembly, ct_now(fw->ct), pkt, &why) <
	       CT_REASSEMBLY_HELD;
}

static bool engine_find(void *arg, const struct ct_tuple *t, uint16_t zone,
			struct rules_found *out)
{
	struct ct_record r;

	if (!ct_lookup_zone(((struct firewall *)arg)->ct, t, zone, NULL, &r))
		return false;
	*out = (struct rules_found){ r.status, r.state };
	return true;
}

void firewall_attach(struct firewall *fw, struct ct *ct,
		     struct ct_reassembly *reassembly)
{
	fw->ct = ct;
	fw->reassembly = reassembly;
	fw->engine = (struct rules_engine){
		.arg = fw, .track = engine_track, .confirm = engine_confirm,
		.drop = engine_drop, .conn = engine_conn,
		.set_mark = engine_set_mark, .set_closing = engine_set_closing,
		.defragment = engine_defragment, .find = engine_find,
	};
}

/* What the rules have said. */

static struct rule_place place_of(const struct firewall *fw,
				  const struct rules_ref *ref)
{
	return (struct rule_place){
		rules_table_name((enum rules_table)ref->table),
		rules_chain_name(fw->rules, (enum ct_l3)fw->pkt->l3num, ref),
		ref->number,
	};
}

static void set_rule(const struct firewall *fw, struct rule_view *view)
{
	static const char *const whys[] = {
		[RULES_WHY_CONNTRACK] = "conntrack", [RULES_WHY_TTL] = "ttl",
		[RULES_WHY_NO_ROUTE] = "no-route", [RULES_WHY_MARTIAN] = "martian",
		[RULES_WHY_OTHERHOST] = "other-host", [RULES_WHY_LOCAL] = "local",
		[RULES_WHY_NOT_MEMBER] = "not-a-member",
		[RULES_WHY_OPTIONS] = "ip-options",
	};
	const struct rules_outcome *o = &fw->outcome;

	view->why = NULL;
	view->rule.chain = view->doubt.chain = NULL;
	/* Where no chain of the table filter was there, no rule has accepted it. */
	if (o->why == RULES_WHY_POLICY || o->why == RULES_WHY_HOTDROP ||
	    (o->why == RULES_WHY_RULE && o->rule.number))
		view->rule = place_of(fw, &o->rule);
	else if (o->why < sizeof(whys) / sizeof(whys[0]))
		view->why = whys[o->why];
	if (o->unknown)
		view->doubt = place_of(fw, &o->doubt);
}

static void count(struct firewall_count *c, const struct ct_packet *pkt)
{
	if (c->packets++ == 0)
		c->first = pkt->number;
}

/* Whether the packet opens a flow: one that belongs to no connection, and is none, was
 * sent whatever became of those before it. */
static bool is_first(const struct rules_outcome *o, const struct ct_packet *pkt)
{
	switch (o->ct.ctstate) {
	case CT_NEW:
	case CT_RELATED:
		return true;
	case CT_UNTRACKED:
	case CT_DROP:
		return prevented_opens(pkt);
	}
	return false;
}

/* Of a packet that goes on, since its connection is there, nothing can be said. */
static bool note_prevented(struct firewall *fw, const struct ct_packet *pkt)
{
	const struct rules_outcome *o = &fw->outcome;
	bool passed = o->verdict == RULES_ACCEPT;

	if (o->ct.ctstate == CT_ESTABLISHED || o->verdict == RULES_STOLEN)
		return false;
	if (prevented_is(&fw->prevented, pkt)) {
		count(&fw->follow, pkt);
		return true;
	}
	if (passed || ((o->why <= RULES_WHY_POLICY || o->why == RULES_WHY_HOTDROP) &&
		       is_first(o, pkt)))
		prevented_note(&fw->prevented, pkt, passed);
	return false;
}

/* Counts what the rules say, and shows it in '*view' unless that is NULL. */
static void set_view(struct firewall *fw, const struct ct_packet *pkt,
		     struct rule_view *view)
{
	static const uint8_t verdicts[] = {
		[RULES_ACCEPT] = RULE_VERDICT_ACCEPT,
		[RULES_DROP] = RULE_VERDICT_DROP,
		[RULES_REJECT] = RULE_VERDICT_REJECT,
		[RULES_STOLEN] = RULE_VERDICT_NONE,	/* a fragment waits */
	};
	const struct rules_outcome *o = &fw->outcome;
	bool prevented = note_prevented(fw, pkt);

	fw->verdict[verdicts[o->verdict]]++;
	if (o->nat)
		count(&fw->nat, pkt);
	if (o->unknown)
		count(&fw->unknown, pkt);
	if (!view)
		return;
	view->verdict = verdicts[o->verdict];
	view->nat = o->nat;
	view->npath = 0;
	view->path_known = false;
	view->prevented = prevented;
	fw->pkt = pkt;
	set_rule(fw, view);
}

/* No rules for this family: packets pass. */
static struct ct_verdict *track_alone(struct firewall *fw,
				      const struct ct_packet *pkt,
				      struct rule_view *view)
{
	struct ct_verdict *v = &fw->outcome.ct;
	bool more;

	if (view)
		view->verdict = RULE_VERDICT_NONE;
	fw->outcome.npath = 0;
	fw->outcome.verdict = RULES_ACCEPT;
	engine_track(fw, pkt, NULL, v, &more);
	if (more)
		ct_confirm(fw->ct, v);
	return v;
}

/* What a packet in mid-stream that the rules accept leaves to be done. */
static struct ct_verdict *accepted(struct firewall *fw, struct rule_view *view)
{
	fw->verdict[RULE_VERDICT_ACCEPT]++;
	if (view) {
		view->verdict = RULE_VERDICT_ACCEPT;
		view->nat = view->prevented = view->path_known = false;
		view->npath = 0;
		set_rule(fw, view);
	}
	return &fw->outcome.ct;
}

/* Asks all rules. */
static struct ct_verdict *judge(struct firewall *fw, const struct rules_frame *frame,
				struct rule_view *view)
{
	struct rules_outcome *o = &fw->outcome;

	rules_run(fw->rules, &fw->engine, frame, o);
	if (!o->tracked)
		o->ct = (struct ct_verdict){ .ctstate = CT_DROP,
					     .dir = CT_DIR_NONE };
	else if (o->verdict == RULES_ACCEPT && fw->marked)
		ct_confirm(fw->ct, &o->ct);	/* it waits for that */
	/* A connection that never was in the table has no id. */
	if (fw->forgotten) {
		o->ct.id = 0;
		o->ct.slot = 0;
		o->ct.proto = o->ct.state = 0;
	}
	set_view(fw, frame->pkt, view);
	return &o->ct;
}

struct ct_verdict *firewall_packet(struct firewall *fw, const struct frame *f,
				   const struct ct_packet *pkt,
				   struct rule_view *view)
{
	struct rules_tracked tracked = { false, false };
	struct rules_frame frame;

	fw->judged = fw->forgotten = fw->marked = false;
	if (!fw->has[pkt->l3num == CT_L3_IPV6])
		return track_alone(fw, pkt, view);
	if (firewall_frame_is_plain(f) &&
	    rules_quick(fw->rules, &fw->engine, pkt, firewall_interface(fw, f),
			&tracked, &fw->outcome))
		return accepted(fw, view);
	firewall_frame(fw, f, pkt, &frame);
	frame.tracked = tracked;
	return judge(fw, &frame, view);
}

struct ct_verdict *firewall_known(struct firewall *fw, struct quick_path *path,
				  const struct ct_packet *pkt, bool more,
				  struct rule_view *view)
{
	quick_count(path, pkt);
	quick_tell(path, &fw->outcome);
	fw->pkt = pkt;
	if (more)
		ct_confirm(fw->ct, &fw->outcome.ct);
	return accepted(fw, view);
}

struct ct_verdict *firewall_tracked(struct firewall *fw, const struct frame *f,
				    const struct ct_packet *pkt,
				    const struct rules_iface *on, bool more,
				    struct rule_view *view)
{
	struct rules_frame frame;

	fw->forgotten = fw->marked = false;
	fw->judged = true;
	fw->pkt = pkt;
	fw->v = &fw->outcome.ct;
	firewall_plain_frame(fw, f, pkt, on, &frame);
	frame.tracked = (struct rules_tracked){ true, more };
	return judge(fw, &frame, view);
}

uint32_t firewall_path_length(const struct firewall *fw)
{
	uint32_t n = fw->outcome.npath;

	return n < RULES_PATH_MAX ? n : RULES_PATH_MAX;
}

void firewall_copy_path(const struct firewall *fw, struct rule_place *to)
{
	uint32_t n = firewall_path_length(fw);

	for (uint32_t i = 0; i < n; i++)
		to[i] = place_of(fw, &fw->outcome.path[i]);
}

void firewall_copy_texts(const struct firewall *fw, const char **to)
{
	uint32_t n = firewall_path_length(fw);

	for (uint32_t i = 0; i < n; i++)
		to[i] = rules_rule_text(fw->rules, (enum ct_l3)fw->pkt->l3num,
					&fw->outcome.path[i]);
}
