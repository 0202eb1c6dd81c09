/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * csv.c - comma-separated values (RFC 4180): lines end in CR LF, text that has
 * a comma stands in quotes, what is not there is empty.
 */
#include "report/formats.h"

#include "report/shown.h"
#include "report/words.h"

#define CONNECTION_COLUMNS \
	"id,l3proto,proto,protonum,timeout,state,orig_src,orig_dst,orig_sport," \
	"orig_dport,orig_type,orig_code,orig_id,orig_srckey,orig_dstkey," \
	"orig_packets,orig_bytes,reply_src,reply_dst,reply_sport,reply_dport," \
	"reply_type,reply_code,reply_id,reply_srckey,reply_dstkey," \
	"reply_packets,reply_bytes,status,use,first_seen,last_seen,helper,master"

static const char *const headers[] = {
	[SECTION_PACKETS] = "number,time,ctstate,ctdir,id,l3proto,proto,protonum,"
		"src,dst,sport,dport,icmp_type,icmp_code,icmp_id,length,flags,"
		"state,verdict,reason_code,reason",
	[SECTION_TABLE] = "at," CONNECTION_COLUMNS,
	[SECTION_EVENTS] = "event,time," CONNECTION_COLUMNS,
	[SECTION_EXPECT] = "id,master,l3proto,proto,protonum,timeout,src,dst,"
		"sport,dport,mask_src,mask_sport,permanent,inactive,class,"
		"class_name,helper",
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
	words_time_iso(o, t);
	out_char(o, ',');
}

static void address(struct out *o, const union ct_addr *a, uint8_t l3num)
{
	words_address(o, a, l3num);
	out_char(o, ',');
}

static const char *family(uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? "ipv4" : "ipv6";
}

static void end(struct out *o)
{
	out_str(o, "\r\n");
}

void csv_packet(struct report *r, uint64_t nr, ct_time time,
		const struct ct_packet *pkt, const struct ct_verdict *v)
{
	struct out *o = &r->out;
	struct shown s;
	char flags[9];

	shown_read(&s, pkt);
	shown_tcp_flags(s.flags, flags);
	out_line(o);
	number(o, true, nr);
	moment(o, time);
	text(o, ct_ctstate_name((enum ct_ctstate)v->ctstate));
	text(o, shown_dir(v->dir));
	number(o, v->id != 0, v->id);
	text(o, family(pkt->l3num));
	text(o, ct_proto_name(pkt->protonum));
	number(o, true, pkt->protonum);
	address(o, &pkt->src, pkt->l3num);
	address(o, &pkt->dst, pkt->l3num);
	number(o, s.ports, s.a);
	number(o, s.ports, s.b);
	number(o, s.icmp, s.type);
	number(o, s.icmp, s.code);
	number(o, s.icmp, s.a);
	number(o, true, pkt->len);
	text(o, s.tcp ? flags : NULL);
	text(o, ct_proto_state_name(v->proto, v->state));
	text(o, shown_verdict(v));
	text(o, v->nwhy ? ct_reason_code(v->why[0].reason) : NULL);
	if (v->nwhy) {
		/* No reason's text holds a quote. */
		out_char(o, '"');
		words_why(o, v);
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

static void connection(struct report *r, const struct ct_record *rec,
		       bool with_state)
{
	const struct ct_tuple *t = &rec->tuple[0];
	struct out *o = &r->out;

	number(o, true, rec->id);
	text(o, family(t->l3num));
	text(o, ct_proto_name(t->protonum));
	number(o, true, t->protonum);
	number(o, true, rec->expires > rec->now ?
	       (rec->expires - rec->now) / CT_NSEC_PER_SEC : 0);
	text(o, with_state ? ct_proto_state_name(t->protonum, rec->state) : NULL);
	direction(r, rec, CT_DIR_ORIGINAL);
	direction(r, rec, CT_DIR_REPLY);
	if (!(rec->status & CT_STATUS_SEEN_REPLY))
		out_str(o, "UNREPLIED");
	else if (rec->status & CT_STATUS_ASSURED)
		out_str(o, "ASSURED");
	out_char(o, ',');
	number(o, true, rec->use - 1);
	moment(o, rec->first_seen);
	moment(o, rec->last_seen);
	text(o, rec->helper);
	if (rec->master)
		out_u64(o, rec->master);
	end(o);
}

void csv_record(struct report *r, const struct ct_record *rec)
{
	out_line(&r->out);
	if (r->snapshot)
		words_time_iso(&r->out, r->snapshot_at);
	out_char(&r->out, ',');
	connection(r, rec, true);
}

void csv_event(struct report *r, const struct ct_event *ev)
{
	static const char *const names[] = { "NEW", "UPDATE", "DESTROY" };

	out_line(&r->out);
	text(&r->out, names[ev->type]);
	moment(&r->out, ev->when);
	connection(r, &ev->record, ev->type == CT_EVENT_DESTROY ||
		   (ev->changed & CT_CHANGED_PROTOINFO));
}

void csv_expect(struct report *r, const struct ct_expect_record *x)
{
	struct out *o = &r->out;

	out_line(o);
	number(o, true, x->id);
	number(o, true, x->master);
	text(o, family(x->tuple.l3num));
	text(o, ct_proto_name(x->tuple.protonum));
	number(o, true, x->tuple.protonum);
	number(o, true, x->expires > x->now ?
	       (x->expires - x->now) / CT_NSEC_PER_SEC : 0);
	address(o, &x->tuple.src, x->tuple.l3num);
	address(o, &x->tuple.dst, x->tuple.l3num);
	number(o, true, x->tuple.sport);
	number(o, true, x->tuple.dport);
	address(o, &x->mask.src, x->tuple.l3num);
	number(o, true, x->mask.sport);
	text(o, x->permanent ? "true" : "false");
	text(o, x->inactive ? "true" : "false");
	number(o, true, x->class);
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
