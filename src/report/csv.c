/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * csv.c - comma-separated values (RFC 4180): lines end in CR LF, text that has
 * a comma stands in quotes.  Columns are JSON's keys, in their order, with the
 * same values; what is null there, or has no key, is empty.
 */
#include "report/formats.h"

#include "report/shown.h"
#include "report/format.h"

#define CONNECTION_COLUMNS \
	"id,l3proto,proto,protonum,timeout,state,orig_src,orig_dst,orig_sport," \
	"orig_dport,orig_type,orig_code,orig_id,orig_srckey,orig_dstkey," \
	"orig_packets,orig_bytes,reply_src,reply_dst,reply_sport,reply_dport," \
	"reply_type,reply_code,reply_id,reply_srckey,reply_dstkey," \
	"reply_packets,reply_bytes,status,delta_time,first_seen,last_seen," \
	"helper,master"

static const char *const headers[] = {
	[SECTION_PACKETS] = "number,time,ctstate,ctdir,id,l3proto,proto,protonum,"
		"src,dst,sport,dport,icmp_type,icmp_code,icmp_id,length,flags,"
		"state,verdict,reason_code,reason",
	[SECTION_TABLE] = "at," CONNECTION_COLUMNS ",mark,zone,use",
	[SECTION_EVENTS] = "event,time," CONNECTION_COLUMNS,
	[SECTION_EXPECT] = "id,master,l3proto,proto,protonum,timeout,src,dst,"
		"sport,dport,srckey,dstkey,mask_src,mask_sport,mask_srckey,"
		"permanent,inactive,class,class_name,helper",
	[SECTION_STATS] = "group,name,count",
};

void report_header(struct report *r, enum report_section section)
{
	if (r->format != REPORT_CSV)
		return;
	out_str(&r->out, headers[section]);
	out_str(&r->out, "\r\n");
}

static void text(struct out *o, const char *s)
{
	if (s)
		out_str(o, s);
	out_char(o, ',');
}

static void number(struct out *o, bool there, uint64_t n)
{
	if (there)
		out_u64(o, n);
	out_char(o, ',');
}

static void moment(struct out *o, ct_time t)
{
	out_time_iso(o, t);
	out_char(o, ',');
}

static void address(struct out *o, const union ct_addr *a, uint8_t l3num)
{
	out_address(o, a, l3num);
	out_char(o, ',');
}

static const char *family(uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? "ipv4" : "ipv6";
}

/* The last column of a row: without a comma behind it. */
static void end_number(struct out *o, bool there, uint64_t n)
{
	if (there)
		out_u64(o, n);
	out_str(o, "\r\n");
}

static void end(struct out *o)
{
	out_str(o, "\r\n");
}

void csv_packet(struct report *r, const struct packet_view *pkt)
{
	const struct ct_verdict *v = &pkt->v;
	const struct packet_summary *s = &pkt->shown;
	struct out *o = &r->out;
	char flags[9];

	shown_tcp_flags(s->flags, flags);
	out_line(o);
	number(o, true, pkt->number);
	moment(o, pkt->time);
	text(o, ct_ctstate_name((enum ct_ctstate)v->ctstate));
	text(o, shown_dir(v->dir));
	number(o, v->id != 0, v->id);
	text(o, family(pkt->l3num));
	text(o, ct_proto_name(pkt->protonum));
	number(o, true, pkt->protonum);
	address(o, &pkt->src, pkt->l3num);
	address(o, &pkt->dst, pkt->l3num);
	number(o, s->ports, s->a);
	number(o, s->ports, s->b);
	number(o, s->icmp, s->type);
	number(o, s->icmp, s->code);
	number(o, s->icmp, s->a);
	number(o, true, pkt->len);
	text(o, s->tcp ? flags : NULL);
	text(o, ct_proto_state_name(v->proto, v->state));
	text(o, shown_verdict(v));
	text(o, v->nwhy ? ct_reason_code(v->why[0].reason) : NULL);
	if (v->nwhy) {
		/* No reason's text holds a quote. */
		out_char(o, '"');
		out_why(o, v);
		out_char(o, '"');
	}
	end(o);
}

static void direction(struct report *r, const struct ct_record *rec,
		      enum ct_dir dir)
{
	const struct ct_tuple *t = &rec->tuple[dir];
	bool icmp = t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6;
	bool gre = t->protonum == CT_L4_GRE;
	bool ports = !icmp && !gre && !ct_proto_is_generic(t->protonum);
	struct out *o = &r->out;

	address(o, &t->src, t->l3num);
	address(o, &t->dst, t->l3num);
	number(o, ports, t->sport);
	number(o, ports, t->dport);
	number(o, icmp, t->icmp_type);
	number(o, icmp, t->icmp_code);
	number(o, icmp, t->icmp_id);
	number(o, gre, t->srckey);
	number(o, gre, t->dstkey);
	number(o, r->acct, rec->counter[dir].packets);
	number(o, r->acct, rec->counter[dir].bytes);
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

static uint64_t seconds(ct_time from, ct_time to)
{
	return to > from ? (to - from) / CT_NSEC_PER_SEC : 0;
}

/* What a table's entry and an event have in common, but for the master. */
static void connection(struct report *r, const struct ct_record *rec,
		       bool with_timeout, bool with_state)
{
	const struct ct_tuple *t = &rec->tuple[0];
	struct out *o = &r->out;

	number(o, true, rec->id);
	text(o, family(t->l3num));
	text(o, ct_proto_name(t->protonum));
	number(o, true, t->protonum);
	number(o, with_timeout, seconds(rec->now, rec->expires));
	text(o, with_state ? ct_proto_state_name(t->protonum, rec->state) : NULL);
	direction(r, rec, CT_DIR_ORIGINAL);
	direction(r, rec, CT_DIR_REPLY);
	status(o, rec->status);
	number(o, r->timestamp, seconds(rec->first_seen, rec->now));
	moment(o, rec->first_seen);
	moment(o, rec->last_seen);
	text(o, rec->helper);
}

void csv_record(struct report *r, const struct ct_record *rec)
{
	struct out *o = &r->out;

	out_line(o);
	if (r->snapshot)
		out_time_iso(o, r->snapshot_at);
	out_char(o, ',');
	connection(r, rec, true, true);
	number(o, rec->master != 0, rec->master);
	number(o, true, 0);	/* mark */
	number(o, true, 0);	/* zone */
	end_number(o, true, rec->use - 1);
}

void csv_event(struct report *r, const struct ct_event *ev)
{
	static const char *const names[] = { "NEW", "UPDATE", "DESTROY" };
	const struct ct_record *rec = &ev->record;
	bool destroy = ev->type == CT_EVENT_DESTROY;
	struct out *o = &r->out;

	out_line(o);
	text(o, names[ev->type]);
	moment(o, ev->when);
	connection(r, rec, !destroy || seconds(rec->now, rec->expires) > 0,
		   destroy || (ev->changed & CT_CHANGED_PROTOINFO));
	end_number(o, rec->master != 0, rec->master);
}

void csv_expect(struct report *r, const struct ct_expect_record *x)
{
	bool gre = x->tuple.protonum == CT_L4_GRE;
	struct out *o = &r->out;

	out_line(o);
	number(o, true, x->id);
	number(o, true, x->master);
	text(o, family(x->tuple.l3num));
	text(o, ct_proto_name(x->tuple.protonum));
	number(o, true, x->tuple.protonum);
	number(o, true, seconds(x->now, x->expires));
	address(o, &x->tuple.src, x->tuple.l3num);
	address(o, &x->tuple.dst, x->tuple.l3num);
	number(o, !gre, x->tuple.sport);
	number(o, !gre, x->tuple.dport);
	number(o, gre, x->tuple.srckey);
	number(o, gre, x->tuple.dstkey);
	address(o, &x->mask.src, x->tuple.l3num);
	number(o, !gre, x->mask.sport);
	number(o, gre, x->mask.srckey);
	text(o, x->permanent ? "true" : "false");
	text(o, x->inactive ? "true" : "false");
	number(o, true, x->class_number);
	text(o, x->class_name);
	out_str(o, x->helper);
	end(o);
}

void csv_count(struct report *r, const char *group, const char *name, uint64_t n)
{
	out_line(&r->out);
	text(&r->out, group);
	text(&r->out, name);
	out_u64(&r->out, n);
	end(&r->out);
}
