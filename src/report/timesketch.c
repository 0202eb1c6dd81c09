/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timesketch.c - a timeline of what an investigator looks for: connections that
 * begin, change and end, packets that a firewall would not let through, and
 * expectations.  Nothing is kept from event to event, so memory does not grow with
 * the capture.
 */
#include "report/formats.h"

#include <string.h>

#include "report/json.h"
#include "report/record.h"

/* Which parts of a tuple are set: an expectation may leave its source open. */
struct known {
	bool src, sport, dport;
};

static struct known known_of(const struct ct_tuple *t)
{
	bool ports = t->protonum == CT_L4_TCP || t->protonum == CT_L4_UDP ||
		     t->protonum == CT_L4_UDPLITE || t->protonum == CT_L4_SCTP ||
		     t->protonum == CT_L4_DCCP;

	return (struct known){ .src = true, .sport = ports, .dport = ports };
}

static struct known known_record(const struct ct_record *rec)
{
	struct known k = known_of(&rec->tuple[0]);

	k.sport = k.sport && !rec->generic;
	k.dport = k.dport && !rec->generic;
	return k;
}

static struct known known_expected(const struct ct_expect_record *x)
{
	static const union ct_addr any;
	struct known k = known_of(&x->tuple);

	k.src = memcmp(&x->mask.src, &any, sizeof(any)) != 0;
	k.sport = k.sport && x->mask.sport;
	return k;
}

/* "tcp 192.0.2.1:1 > 192.0.2.2:80", "udp any > 192.0.2.1:5060" */
static void out_known_tuple(struct out *o, const struct ct_tuple *t,
			    struct known k)
{
	if (ct_proto_is_generic(t->protonum)) {
		out_str(o, "proto-");
		out_u64(o, t->protonum);
	} else {
		out_str(o, ct_proto_name(t->protonum));
	}
	out_char(o, ' ');
	if (k.src)
		out_endpoint(o, &t->src, t->l3num, k.sport, t->sport);
	else
		out_str(o, "any");
	out_str(o, " > ");
	out_endpoint(o, &t->dst, t->l3num, k.dport, t->dport);
}

/* Ends the message, and adds the members that every event has. */
static void end_message(struct out *o, ct_time t, const char *desc,
			const char *type)
{
	out_str(o, "\",\"datetime\":\"");
	out_time_offset(o, t);
	out_str(o, "\"");
	json_u64(o, "timestamp", t / 1000);
	json_str(o, "timestamp_desc", desc);
	json_str(o, "data_type", type);
}

static void tuple_members(struct out *o, const struct ct_tuple *t,
			  struct known k)
{
	json_str(o, "proto", ct_proto_name(t->protonum));
	if (k.src)
		json_address(o, "src_ip", &t->src, t->l3num);
	else
		json_str(o, "src_ip", NULL);
	json_address(o, "dst_ip", &t->dst, t->l3num);
	json_u64_or_null(o, "src_port", k.sport, t->sport);
	json_u64_or_null(o, "dst_port", k.dport, t->dport);
}

/* 'known': the flow is. */
static void community_member(struct report *r, bool known,
			     const struct community_flow *flow)
{
	struct out *o = &r->out;

	if (!known) {
		json_str(o, "community_id", NULL);
		return;
	}
	json_key(o, "community_id");
	out_char(o, '"');
	out_reserve(o);
	out_end(o, put_community_id_cached(o->buf + o->len, flow, 0, &r->community));
	out_char(o, '"');
}

void timesketch_packet(struct report *r, const struct packet_view *pkt)
{
	const struct ct_verdict *v = &pkt->v;
	const struct packet_summary *s = &pkt->summary;
	struct out *o = &r->out;
	struct community_flow flow;

	bool dropped = pkt->rule.verdict > RULE_VERDICT_ACCEPT;

	if (v->ctstate != CT_INVALID && v->ctstate != CT_DROP && !v->dropped &&
	    !dropped)
		return;
	out_line(o);
	out_str(o, "{\"message\":\"");
	out_str(o, ct_ctstate_name((enum ct_ctstate)v->ctstate));
	out_char(o, ' ');
	out_packet(o, pkt);
	if (pkt->rule.verdict) {
		out_str(o, ": ");
		out_rule(o, &pkt->rule);
	}
	if (v->nwhy) {
		out_str(o, ": ");
		out_reasons(o, v);
	}
	end_message(o, pkt->time, v->ctstate == CT_INVALID && !dropped ? "Packet Invalid" :
							     "Packet Dropped",
		    "ctreplay:packet");
	json_u64(o, "frame", pkt->number);
	json_str(o, "ctstate", ct_ctstate_name((enum ct_ctstate)v->ctstate));
	json_u64_or_null(o, "connection", v->id != 0, v->id);
	json_str(o, "proto", ct_proto_name(pkt->protonum));
	json_address(o, "src_ip", &pkt->src, pkt->l3num);
	json_address(o, "dst_ip", &pkt->dst, pkt->l3num);
	json_u64_or_null(o, "src_port", s->ports, s->a);
	json_u64_or_null(o, "dst_port", s->ports, s->b);
	json_str(o, "reason_code", v->nwhy ? ct_reason_code(v->why[0].reason) :
					     NULL);
	community_member(r, community_flow_packet(&flow, pkt), &flow);
	if (r->rules)
		json_rule_word(r, &pkt->rule);
	out_str(o, "}\n");
}

void timesketch_event(struct report *r, const struct ct_event *ev)
{
	static const struct { const char *text, *desc, *type; } kinds[] = {
		[CT_EVENT_NEW] = { "connection begins: ", "Connection Start",
				   "ctreplay:connection:new" },
		[CT_EVENT_UPDATE] = { "connection changes: ",
				      "Connection State Change",
				      "ctreplay:connection:update" },
		[CT_EVENT_DESTROY] = { "connection ends: ", "Connection End",
				       "ctreplay:connection:destroy" },
	};
	const struct ct_record *rec = &ev->record;
	const struct known known = known_record(rec);
	const char *state = record_state(rec);
	struct out *o = &r->out;
	struct community_flow flow;

	/* People read a timeline: an update of a timeout alone tells them
	 * nothing. */
	if (ev->type == CT_EVENT_UPDATE &&
	    !(ev->changed & (CT_CHANGED_PROTOINFO | CT_CHANGED_REPLY)))
		return;
	out_line(o);
	out_str(o, "{\"message\":\"");
	out_str(o, kinds[ev->type].text);
	out_known_tuple(o, &rec->tuple[0], known);
	if (state) {
		out_char(o, ' ');
		out_str(o, state);
	}
	end_message(o, ev->when, kinds[ev->type].desc, kinds[ev->type].type);
	json_u64(o, "connection", rec->id);
	tuple_members(o, &rec->tuple[0], known);
	json_str(o, "state", state);
	json_key(o, "replied");
	out_str(o, rec->status & CT_STATUS_SEEN_REPLY ? "true" : "false");
	json_key(o, "assured");
	out_str(o, rec->status & CT_STATUS_ASSURED ? "true" : "false");
	json_str(o, "helper", rec->helper);
	json_u64_or_null(o, "master", rec->master != 0, rec->master);
	json_str(o, "end", ct_end_name(ev->end));
	community_flow_tuple(&flow, &rec->tuple[0]);
	community_member(r, true, &flow);
	out_str(o, "}\n");
}

void timesketch_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	const struct ct_expect_record *x = &ev->record;
	bool made = ev->type == CT_EVENT_NEW;
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"message\":\"");
	out_str(o, x->helper);
	out_str(o, made ? " expects " : " no longer expects ");
	out_known_tuple(o, &x->tuple, known_expected(x));
	end_message(o, ev->when, made ? "Expectation Created" :
					"Expectation Removed",
		    made ? "ctreplay:expectation:new" :
			   "ctreplay:expectation:destroy");
	json_u64(o, "master", x->master);
	tuple_members(o, &x->tuple, known_expected(x));
	json_str(o, "helper", x->helper);
	out_str(o, "}\n");
}
