/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * csv.c - comma-separated values (RFC 4180): lines end in CR LF, and a text that
 * may have a comma is in quotation marks.  The columns are the keys of JSON, in
 * the same order and with the same values; a field is empty where JSON has null or
 * no such key.
 */
#include "report/formats.h"

#include "base/tunnel.h"
#include "report/detail.h"
#include "report/record.h"

#define CONNECTION_COLUMNS \
	"id,l3proto,proto,protonum,timeout,state,orig_src,orig_dst,orig_sport," \
	"orig_dport,orig_type,orig_code,orig_id,orig_srckey,orig_dstkey," \
	"orig_packets,orig_bytes,reply_src,reply_dst,reply_sport,reply_dport," \
	"reply_type,reply_code,reply_id,reply_srckey,reply_dstkey," \
	"reply_packets,reply_bytes,status,delta_time,first_seen,last_seen," \
	"helper,master"

static const char *const headers[] = {
	[SECTION_PACKETS] = "number,time,ctstate,ctdir,id,l3proto,proto,protonum,"
		"src,dst,sport,dport,icmp_type,icmp_code,icmp_id," DETAIL_COLUMNS
		"tunnel,length,flags,state,verdict,reason_code,reason,community_id",
	[SECTION_TABLE] = "at," CONNECTION_COLUMNS ",mark,zone,use",
	[SECTION_EVENTS] = "event,time," CONNECTION_COLUMNS ",end",
	[SECTION_CONNECTIONS] = CONNECTION_COLUMNS
		",new,established,related,invalid,end,ended",
	[SECTION_EXPECT] = "id,master,l3proto,proto,protonum,timeout,src,dst,"
		"sport,dport,srckey,dstkey,mask_src,mask_sport,mask_srckey,"
		"permanent,inactive,class,class_name,helper",
	[SECTION_STATS] = "group,name,count",
};

void csv_header(struct report *r, enum report_section section)
{
	out_str(&r->out, headers[section]);
	if (section == SECTION_PACKETS && r->rules)
		csv_rule_header(r);
	if (section == SECTION_CONNECTIONS && r->rules)
		out_str(&r->out, ",rules_dropped,rules_dropped_first,rules_dropped_last");
	if (section == SECTION_PACKETS)
		csv_origin_header(r);
	out_str(&r->out, "\r\n");
}

/* Fields with the comma behind them. */

static void field(struct out *o, const char *s)
{
	if (s)
		out_str(o, s);
	out_char(o, ',');
}

static void field_u64(struct out *o, bool there, uint64_t n)
{
	if (there)
		out_u64(o, n);
	out_char(o, ',');
}

static void field_time(struct out *o, ct_time t)
{
	out_time_iso(o, t);
	out_char(o, ',');
}

static void field_address(struct out *o, const union ct_addr *a, uint8_t l3num)
{
	out_address(o, a, l3num);
	out_char(o, ',');
}

/* The last field of a row has no comma behind it. */
static void end_row(struct out *o)
{
	out_str(o, "\r\n");
}

/* Ports, and the type, code and identifier of ICMP. */
static noinline char *put_portless_fields(char *p, const struct packet_summary *s)
{
	p = put_str(p, ",,");
	if (!s->icmp)
		return put_str(p, ",,,");
	p = put_char(put_u64(p, s->type), ',');
	p = put_char(put_u64(p, s->code), ',');
	return put_char(put_u64(p, s->a), ',');
}

static char *put_tunnel_field(char *p, uint8_t tunnel)
{
	if (tunnel)
		p = put_str(p, tunnel_name((enum tunnel)(tunnel - 1)));
	return put_char(p, ',');
}

/* The ports, and what a few packets have behind them. */
static always_inline char *put_transport_fields(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;

	if (likely(s->ports)) {
		p = put_u16_field(p, s->a);
		p = put_u16_field(p, s->b);
		if (likely(!s->detailed && !s->tunnel))
			return put_str(p, ",,," NO_DETAIL_FIELDS ",");
		p = put_str(p, ",,,");
	} else {
		p = put_portless_fields(p, s);
	}
	p = s->detailed ? put_detail_fields(p, pkt) : put_str(p, NO_DETAIL_FIELDS);
	return put_tunnel_field(p, s->tunnel);
}

static char *put_verdict_field(char *p, const struct ct_verdict *v)
{
	if (v->ctstate == CT_FRAGMENT)
		return put_char(p, ',');
	return v->dropped || v->ctstate == CT_DROP ? put_str(p, "drop,") :
						     put_str(p, "accept,");
}

/* No reason's text has a quotation mark, but some have a comma. */
static noinline char *put_reason_fields(char *p, const struct ct_verdict *v)
{
	p = put_verdict_field(p, v);
	if (!v->nwhy)
		return put_str(p, ",,");
	p = put_str(p, ct_reason_code(v->why[0].reason));
	p = put_reasons(put_str(p, ",\""), v);
	return put_str(p, "\",");
}

/* The state, the verdict, and the reason. */
static always_inline char *put_verdict_fields(char *p, const struct columns *c,
					      const struct ct_verdict *v)
{
	p = put_text(p, columns_state(c, v));
	if (likely(!v->nwhy && !v->dropped && v->ctstate < CT_INVALID))
		return put_str(p, "accept,,,");
	return put_reason_fields(p, v);
}

static always_inline char *put_ipv6_fields(char *p, const struct packet_view *pkt)
{
	p = put_char(put_address(p, &pkt->src, CT_L3_IPV6), ',');
	return put_char(put_address(p, &pkt->dst, CT_L3_IPV6), ',');
}

/* The protocol's name and number, and the addresses. */
static always_inline char *put_address_fields(char *p, const struct columns *c,
					      const struct packet_view *pkt)
{
	if (pkt->l3num != CT_L3_IPV4)
		return put_ipv6_fields(put_text(p, &c->csv.proto6[pkt->protonum]), pkt);
	p = put_text(p, &c->csv.proto4[pkt->protonum]);
	p = put_char(put_ipv4(p, pkt->src.b), ',');
	return put_char(put_ipv4(p, pkt->dst.b), ',');
}

void csv_packet(struct report *r, const struct packet_view *pkt)
{
	const struct columns *c = &r->columns;
	const struct packet_summary *s = &pkt->summary;
	const struct ct_verdict *v = &pkt->v;
	char *p = out_begin(&r->out), *end;

	if (unlikely(!c->made))
		columns_make(&r->columns, COLUMNS_CSV);
	p = put_cached_number(p, pkt->number, &r->frame_number);
	p = put_time_iso(put_char(p, ','), pkt->time, &r->iso_time);
	p = put_text(put_char(p, ','), &c->csv.state_dir[v->ctstate][v->dir]);
	p = v->id ? put_u64(p, v->id) : p;
	p = put_address_fields(p, c, pkt);
	p = put_transport_fields(p, pkt);
	p = likely(pkt->len <= UINT16_MAX) ? put_u16_field(p, (uint16_t)pkt->len) :
		put_char(put_u64(p, pkt->len), ',');
	p = s->tcp ? put_text(p, &c->flags[s->flags]) : put_char(p, ',');
	p = put_verdict_fields(p, c, v);
	end = put_packet_community_id(p, pkt, &r->community);
	p = end ? end : p;
	if (likely(!(r->rules || r->files || r->interfaces))) {
		out_end(&r->out, put_str(p, "\r\n"));
		return;
	}
	out_end(&r->out, p);
	if (r->rules)
		csv_rule(r, &pkt->rule);
	csv_origin(r);
	end_row(&r->out);
}

static void direction(struct report *r, const struct ct_record *rec,
		      enum ct_dir dir)
{
	const struct ct_tuple *t = &rec->tuple[dir];
	bool icmp = t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6;
	bool gre = t->protonum == CT_L4_GRE;
	bool ports = !icmp && !gre && !rec->generic;
	struct out *o = &r->out;

	field_address(o, &t->src, t->l3num);
	field_address(o, &t->dst, t->l3num);
	field_u64(o, ports, t->sport);
	field_u64(o, ports, t->dport);
	field_u64(o, icmp, t->icmp_type);
	field_u64(o, icmp, t->icmp_code);
	field_u64(o, icmp, t->icmp_id);
	field_u64(o, gre, t->srckey);
	field_u64(o, gre, t->dstkey);
	field_u64(o, r->acct, rec->counter[dir].packets);
	field_u64(o, r->acct, rec->counter[dir].bytes);
}

static void status(struct out *o, uint32_t bits)
{
	bool unreplied = !(bits & CT_STATUS_SEEN_REPLY);
	bool assured = bits & CT_STATUS_ASSURED;

	if (unreplied)
		out_str(o, "UNREPLIED");
	if (unreplied && assured)
		out_char(o, ' ');
	if (assured)
		out_str(o, "ASSURED");
	out_char(o, ',');
}

/* What an entry of the table and an event have in common, but for the master. */
static void connection(struct report *r, const struct ct_record *rec,
		       bool with_timeout, bool with_state)
{
	const struct ct_tuple *t = &rec->tuple[0];
	struct out *o = &r->out;

	field_u64(o, rec->id != 0, rec->id);
	field(o, shown_l3proto(t->l3num));
	field(o, record_proto(rec));
	field_u64(o, true, t->protonum);
	field_u64(o, with_timeout, record_timeout(rec));
	field(o, with_state ? record_state(rec) : NULL);
	direction(r, rec, CT_DIR_ORIGINAL);
	direction(r, rec, CT_DIR_REPLY);
	status(o, rec->status);
	field_u64(o, r->timestamp, record_age(rec));
	field_time(o, rec->first_seen);
	field_time(o, rec->last_seen);
	field(o, rec->helper);
}

void csv_record(struct report *r, const struct ct_record *rec)
{
	struct out *o = &r->out;

	out_line(o);
	if (r->snapshot)
		out_time_iso(o, r->snapshot_at);
	out_char(o, ',');
	connection(r, rec, true, true);
	field_u64(o, rec->master != 0, rec->master);
	field_u64(o, true, rec->mark);
	field_u64(o, true, rec->zone);
	out_u64(o, rec->use - 1);
	end_row(o);
}

void csv_event(struct report *r, const struct ct_event *ev)
{
	const struct ct_record *rec = &ev->record;
	struct out *o = &r->out;

	out_line(o);
	field(o, event_name(ev->type));
	field_time(o, ev->when);
	connection(r, rec, event_has_timeout(ev), event_has_state(ev));
	field_u64(o, rec->master != 0, rec->master);
	if (ev->end)
		out_str(o, ct_end_name(ev->end));
	end_row(o);
}

void csv_connection(struct report *r, const struct connection_view *c)
{
	bool open = connection_is_open(c), acct = r->acct;
	struct out *o = &r->out;

	out_line(o);
	r->acct = true;
	connection(r, &c->record, open, true);
	r->acct = acct;
	field_u64(o, c->record.master != 0, c->record.master);
	field_u64(o, true, c->ctstate[CT_NEW]);
	field_u64(o, true, c->ctstate[CT_ESTABLISHED]);
	field_u64(o, true, c->ctstate[CT_RELATED]);
	field_u64(o, true, c->ctstate[CT_INVALID]);
	field(o, connection_end_name(c));
	if (!open)
		out_time_iso(o, c->when);
	if (r->rules) {
		out_char(o, ',');
		out_u64(o, c->drops.packets);
		csv_place(o, &c->drops.first);
		csv_place(o, &c->drops.last);
	}
	end_row(o);
}

void csv_expect(struct report *r, const struct ct_expect_record *x)
{
	bool gre = x->tuple.protonum == CT_L4_GRE;
	struct out *o = &r->out;

	out_line(o);
	field_u64(o, true, x->id);
	field_u64(o, true, x->master);
	field(o, shown_l3proto(x->tuple.l3num));
	field(o, ct_proto_name(x->tuple.protonum));
	field_u64(o, true, x->tuple.protonum);
	field_u64(o, true, whole_seconds(x->now, x->expires));
	field_address(o, &x->tuple.src, x->tuple.l3num);
	field_address(o, &x->tuple.dst, x->tuple.l3num);
	field_u64(o, !gre, x->tuple.sport);
	field_u64(o, !gre, x->tuple.dport);
	field_u64(o, gre, x->tuple.srckey);
	field_u64(o, gre, x->tuple.dstkey);
	field_address(o, &x->mask.src, x->tuple.l3num);
	field_u64(o, !gre, x->mask.sport);
	field_u64(o, gre, x->mask.srckey);
	field(o, x->permanent ? "true" : "false");
	field(o, x->inactive ? "true" : "false");
	field_u64(o, true, x->class_number);
	field(o, x->class_name);
	out_str(o, x->helper);
	end_row(o);
}

void csv_count(struct report *r, const char *group, const char *name, uint64_t n)
{
	out_line(&r->out);
	field(&r->out, group);
	field(&r->out, name);
	out_u64(&r->out, n);
	end_row(&r->out);
}
