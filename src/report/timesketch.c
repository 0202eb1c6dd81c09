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

/* Texts of an end in the message, which a member has again behind it; NULL: not known.
 * An address has up to ADDRESS_BYTES, a port up to PORT_BYTES. */
#define ADDRESS_BYTES	48u
#define PORT_BYTES	8u
struct end_text {
	const char *address, *port;
	unsigned int address_len, port_len;
};

/* As put_endpoint() has it. */
static always_inline char *put_end(char *p, const union ct_addr *a, uint8_t l3num,
				   bool with_port, uint16_t port, struct end_text *text)
{
	bool brackets = with_port && l3num == CT_L3_IPV6;

	*text = (struct end_text){ .address = p };
	if (brackets) {
		*p++ = '[';
		text->address = p;
	}
	p = l3num == CT_L3_IPV4 ? put_ipv4(p, a->b) : put_address(p, a, l3num);
	text->address_len = (unsigned int)(p - text->address);
	if (brackets)
		*p++ = ']';
	if (!with_port)
		return p;
	*p++ = ':';
	text->port = p;
	p = put_u16(p, port);
	text->port_len = (unsigned int)(p - text->port);
	return p;
}

/* "tcp 192.0.2.1:1 > 192.0.2.2:80", "udp any > 192.0.2.1:5060" */
static always_inline char *put_known_tuple(char *p, const struct ct_tuple *t,
					   struct known k, struct end_text end[2])
{
	if (likely(t->protonum == CT_L4_TCP))
		p = put_str(p, "tcp");
	else if (likely(t->protonum == CT_L4_UDP))
		p = put_str(p, "udp");
	else if (ct_proto_is_generic(t->protonum))
		p = put_u64(put_str(p, "proto-"), t->protonum);
	else
		p = put_str(p, ct_proto_name(t->protonum));
	p = put_char(p, ' ');
	if (k.src) {
		p = put_end(p, &t->src, t->l3num, k.sport, t->sport, &end[0]);
	} else {
		end[0] = (struct end_text){ .address = NULL };
		p = put_str(p, "any");
	}
	return put_end(put_str(p, " > "), &t->dst, t->l3num, k.dport, t->dport, &end[1]);
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

/*
 * The time that every event has, behind its message: with the offset that Timesketch asks
 * for, and in microseconds.  Both end in the same six digits.
 */
static always_inline char *put_message_time(char *p, struct report *r, ct_time t)
{
	struct second_cache *epoch = &r->event_time;
	uint32_t nanoseconds;
	uint64_t six;

	p = put_str(p, "\",\"datetime\":\"");
	p = put_iso_second(p, t, &r->iso_time, &nanoseconds);
	six = six_digits(nanoseconds / 1000);
	p = put_str(put_six_digits(p, six), "+00:00\",\"timestamp\":");
	if (unlikely(t < CT_NSEC_PER_SEC))
		return put_u64(p, t / 1000);
	if (unlikely(epoch->second != r->iso_time.second))
		second_cache_fill(epoch, t);
	/* In place of the dot behind the seconds. */
	return put_six_digits(put_text(p, &epoch->text) - 1, six);
}

/* Ends the message, and adds the members that every event has. */
static char *put_message_end(char *p, struct report *r, ct_time t, const char *desc,
			     const char *type)
{
	p = put_message_time(p, r, t);
	p = put_name(p, ",\"timestamp_desc\":", desc);
	return put_name(p, ",\"data_type\":", type);
}

/* The text is far in front of 'p'. */
static always_inline char *put_address_again(char *p, const struct end_text *end)
{
	if (!end->address)
		return put_str(p, "null");
	p = put_char(p, '"');
	memcpy(p, end->address, ADDRESS_BYTES);
	return put_char(p + end->address_len, '"');
}

static always_inline char *put_port_again(char *p, const struct end_text *end)
{
	if (!end->port)
		return put_str(p, "null");
	memcpy(p, end->port, PORT_BYTES);
	return p + end->port_len;
}

/* The ends of a connection or an expectation, whose protocol comes before. */
static always_inline char *put_tuple_members(char *p, const struct out_text *proto,
					     const struct end_text end[2])
{
	p = put_text(put_str(p, ",\"proto\":"), proto);
	p = put_address_again(put_str(p, ",\"src_ip\":"), &end[0]);
	p = put_address_again(put_str(p, ",\"dst_ip\":"), &end[1]);
	p = put_port_again(put_str(p, ",\"src_port\":"), &end[0]);
	return put_port_again(put_str(p, ",\"dst_port\":"), &end[1]);
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

/* The columns are JSON's: names in quotation marks. */
static const struct columns *columns_of(struct report *r)
{
	if (unlikely(!r->columns.made))
		columns_make(&r->columns, COLUMNS_JSON);
	return &r->columns;
}

/* Of a connection's own state, in quotation marks; 'no_state': it has none. */
static const struct out_text *state_of(const struct columns *c, const struct ct_record *rec)
{
	return rec->generic ? &c->no_state :
			      columns_state_of(c, rec->tuple[0].protonum, rec->state);
}

/* What a kind of event has before its message, and behind its time. */
#define KIND_BEFORE	48u
#define KIND_BEHIND	112u
struct kind {
	uint8_t before_len, behind_len;
	char before[KIND_BEFORE], behind[KIND_BEHIND];
};

#define KIND(before, desc, type) KIND_OF(before, ",\"timestamp_desc\":\"" desc \
				"\",\"data_type\":\"ctreplay:connection:" type \
				"\",\"connection\":")
#define KIND_OF(before, behind) { sizeof(before) - 1, sizeof(behind) - 1, before, behind }

static const struct kind kinds[] = {
	[CT_EVENT_NEW] = KIND("{\"message\":\"connection begins: ", "Connection Start", "new"),
	[CT_EVENT_UPDATE] = KIND("{\"message\":\"connection changes: ",
				 "Connection State Change", "update"),
	[CT_EVENT_DESTROY] = KIND("{\"message\":\"connection ends: ", "Connection End",
				  "destroy"),
};

/* From the status up to the end, of a connection without helper and master. */
#define FLAGS(replied, assured) FLAGS_OF(",\"replied\":" replied ",\"assured\":" assured \
		",\"helper\":null,\"master\":null,\"end\":")
#define FLAGS_OF(text) { text, sizeof(text) - 1 }

static const struct out_text_96 flags[2][2] = {
	{ FLAGS("false", "false"), FLAGS("false", "true") },
	{ FLAGS("true", "false"), FLAGS("true", "true") },
};

/* The status, the helper, the master and the end; up to the quotation mark of the
 * Community ID. */
static always_inline char *put_status_members(char *p, const struct columns *c,
					      const struct ct_event *ev)
{
	const struct ct_record *rec = &ev->record;
	bool replied = rec->status & CT_STATUS_SEEN_REPLY;
	bool assured = rec->status & CT_STATUS_ASSURED;

	if (likely(!rec->helper && !rec->master)) {
		p = put_text_96(p, &flags[replied][assured]);
	} else {
		p = put_str(p, replied ? ",\"replied\":true" : ",\"replied\":false");
		p = put_str(p, assured ? ",\"assured\":true" : ",\"assured\":false");
		p = put_name(p, ",\"helper\":", rec->helper);
		p = put_number(p, ",\"master\":", rec->master != 0, rec->master);
		p = put_str(p, ",\"end\":");
	}
	return put_text(p, &c->json.end[ev->end]);
}

void timesketch_event(struct report *r, const struct ct_event *ev)
{
	const struct ct_record *rec = &ev->record;
	const struct columns *c = columns_of(r);
	const struct out_text *state = state_of(c, rec);
	const struct kind *kind = &kinds[ev->type];
	struct end_text end[2];
	char *p;

	/* People read a timeline: an update of a timeout alone tells them
	 * nothing. */
	if (ev->type == CT_EVENT_UPDATE &&
	    !(ev->changed & (CT_CHANGED_PROTOINFO | CT_CHANGED_REPLY)))
		return;
	p = out_begin(&r->out);
	memcpy(p, kind->before, sizeof(kind->before));
	p += kind->before_len;
	p = put_known_tuple(p, &rec->tuple[0], known_record(rec), end);
	if (state != &c->no_state) {
		/* Without the quotation marks. */
		memcpy(put_char(p, ' '), state->text + 1, sizeof(state->text) - 1);
		p += 1 + state->len - 2;
	}
	p = put_message_time(p, r, ev->when);
	memcpy(p, kind->behind, sizeof(kind->behind));
	p = put_u64(p + kind->behind_len, rec->id);
	p = put_tuple_members(p, &c->proto[rec->tuple[0].protonum], end);
	p = put_text(put_str(p, ",\"state\":"), state);
	p = put_record_community_id(put_status_members(p, c, ev), rec, &r->community);
	out_end(&r->out, put_str(p, "\"}\n"));
}

void timesketch_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	const struct ct_expect_record *x = &ev->record;
	bool made = ev->type == CT_EVENT_NEW;
	char *p = put_str(out_begin(&r->out), "{\"message\":\"");
	struct end_text end[2];

	p = put_str(p, x->helper);
	p = put_str(p, made ? " expects " : " no longer expects ");
	p = put_known_tuple(p, &x->tuple, known_expected(x), end);
	p = put_message_end(p, r, ev->when,
			    made ? "Expectation Created" : "Expectation Removed",
			    made ? "ctreplay:expectation:new" :
				   "ctreplay:expectation:destroy");
	p = put_number(p, ",\"master\":", true, x->master);
	p = put_tuple_members(p, &columns_of(r)->proto[x->tuple.protonum], end);
	p = put_name(p, ",\"helper\":", x->helper);
	out_end(&r->out, put_str(p, "}\n"));
}
