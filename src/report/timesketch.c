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
static char *put_known_tuple(char *p, const struct ct_tuple *t, struct known k)
{
	if (ct_proto_is_generic(t->protonum))
		p = put_u64(put_str(p, "proto-"), t->protonum);
	else
		p = put_str(p, ct_proto_name(t->protonum));
	p = put_char(p, ' ');
	p = k.src ? put_endpoint(p, &t->src, t->l3num, k.sport, t->sport) :
		    put_str(p, "any");
	return put_endpoint(put_str(p, " > "), &t->dst, t->l3num, k.dport, t->dport);
}

/* A member that is a name of this program, or null; 'key' has all up to the value. */
static always_inline char *put_name(char *p, const char *key, const char *s)
{
	p = put_str(p, key);
	return s ? put_char(put_str(put_char(p, '"'), s), '"') : put_str(p, "null");
}

static always_inline char *put_number(char *p, const char *key, bool there, uint64_t n)
{
	p = put_str(p, key);
	return there ? put_u64(p, n) : put_str(p, "null");
}

static always_inline char *put_address_member(char *p, const char *key, bool there,
				const union ct_addr *a, uint8_t l3num)
{
	p = put_str(p, key);
	if (!there)
		return put_str(p, "null");
	return put_char(put_address(put_char(p, '"'), a, l3num), '"');
}

/* Ends the message, and adds the members that every event has. */
static char *put_message_end(char *p, struct report *r, ct_time t, const char *desc,
			     const char *type)
{
	p = put_time_offset(put_str(p, "\",\"datetime\":\""), t, &r->iso_time);
	p = put_u64(put_str(p, "\",\"timestamp\":"), t / 1000);
	p = put_name(p, ",\"timestamp_desc\":", desc);
	return put_name(p, ",\"data_type\":", type);
}

/* The ends of a packet, a connection or an expectation. */
static char *put_tuple_members(char *p, const struct ct_tuple *t, struct known k)
{
	p = put_name(p, ",\"proto\":", ct_proto_name(t->protonum));
	p = put_address_member(p, ",\"src_ip\":", k.src, &t->src, t->l3num);
	p = put_address_member(p, ",\"dst_ip\":", true, &t->dst, t->l3num);
	p = put_number(p, ",\"src_port\":", k.sport, t->sport);
	return put_number(p, ",\"dst_port\":", k.dport, t->dport);
}

/* The members of a packet behind its message. */
static char *put_packet_members(char *p, struct report *r, const struct packet_view *pkt)
{
	const struct ct_verdict *v = &pkt->v;
	const struct packet_summary *s = &pkt->summary;
	char *id, *end;

	p = put_number(p, ",\"frame\":", true, pkt->number);
	p = put_name(p, ",\"ctstate\":", ct_ctstate_name((enum ct_ctstate)v->ctstate));
	p = put_number(p, ",\"connection\":", v->id != 0, v->id);
	p = put_name(p, ",\"proto\":", ct_proto_name(pkt->protonum));
	p = put_address_member(p, ",\"src_ip\":", true, &pkt->src, pkt->l3num);
	p = put_address_member(p, ",\"dst_ip\":", true, &pkt->dst, pkt->l3num);
	p = put_number(p, ",\"src_port\":", s->ports, s->a);
	p = put_number(p, ",\"dst_port\":", s->ports, s->b);
	p = put_name(p, ",\"reason_code\":",
		     v->nwhy ? ct_reason_code(v->why[0].reason) : NULL);
	id = put_str(p, ",\"community_id\":");
	end = put_packet_community_id(put_char(id, '"'), pkt, &r->community);
	return end ? put_char(end, '"') : put_str(id, "null");
}

void timesketch_packet(struct report *r, const struct packet_view *pkt)
{
	const struct ct_verdict *v = &pkt->v;
	struct out *o = &r->out;
	bool dropped = pkt->rule.verdict > RULE_VERDICT_ACCEPT;
	char *p;

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
	out_reserve(o);
	p = put_message_end(o->buf + o->len, r, pkt->time,
			    v->ctstate == CT_INVALID && !dropped ? "Packet Invalid" :
								   "Packet Dropped",
			    "ctreplay:packet");
	out_end(o, put_packet_members(p, r, pkt));
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
	char *p;

	/* People read a timeline: an update of a timeout alone tells them
	 * nothing. */
	if (ev->type == CT_EVENT_UPDATE &&
	    !(ev->changed & (CT_CHANGED_PROTOINFO | CT_CHANGED_REPLY)))
		return;
	p = put_str(out_begin(&r->out), "{\"message\":\"");
	p = put_known_tuple(put_str(p, kinds[ev->type].text), &rec->tuple[0], known);
	if (state)
		p = put_str(put_char(p, ' '), state);
	p = put_message_end(p, r, ev->when, kinds[ev->type].desc, kinds[ev->type].type);
	p = put_number(p, ",\"connection\":", true, rec->id);
	p = put_tuple_members(p, &rec->tuple[0], known);
	p = put_name(p, ",\"state\":", state);
	p = put_str(p, rec->status & CT_STATUS_SEEN_REPLY ? ",\"replied\":true" :
							    ",\"replied\":false");
	p = put_str(p, rec->status & CT_STATUS_ASSURED ? ",\"assured\":true" :
							 ",\"assured\":false");
	p = put_name(p, ",\"helper\":", rec->helper);
	p = put_number(p, ",\"master\":", rec->master != 0, rec->master);
	p = put_name(p, ",\"end\":", ct_end_name(ev->end));
	p = put_record_community_id(put_str(p, ",\"community_id\":\""), rec, &r->community);
	out_end(&r->out, put_str(p, "\"}\n"));
}

void timesketch_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	const struct ct_expect_record *x = &ev->record;
	bool made = ev->type == CT_EVENT_NEW;
	char *p = put_str(out_begin(&r->out), "{\"message\":\"");

	p = put_str(p, x->helper);
	p = put_str(p, made ? " expects " : " no longer expects ");
	p = put_known_tuple(p, &x->tuple, known_expected(x));
	p = put_message_end(p, r, ev->when,
			    made ? "Expectation Created" : "Expectation Removed",
			    made ? "ctreplay:expectation:new" :
				   "ctreplay:expectation:destroy");
	p = put_number(p, ",\"master\":", true, x->master);
	p = put_tuple_members(p, &x->tuple, known_expected(x));
	p = put_name(p, ",\"helper\":", x->helper);
	out_end(&r->out, put_str(p, "}\n"));
}
