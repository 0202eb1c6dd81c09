/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expect.c - expectations: the list as exp_seq_show() prints it, events as
 * conntrack -E expect does.
 */
#include "report/report.h"

#include "report/formats.h"
#include "report/json.h"
#include "report/tuple.h"
#include "report/format.h"

static uint64_t seconds_left(const struct ct_expect_record *x)
{
	return x->expires > x->now ? (x->expires - x->now) / CT_NSEC_PER_SEC : 0;
}

/* Within a line. */
static void tuple(struct out *o, const struct ct_tuple *t, bool full)
{
	out_end(o, put_transport(put_addresses(o->buf + o->len, t, full), t));
}

static void text_expect(struct report *r, const struct ct_expect_record *x)
{
	struct out *o = &r->out;

	out_line(o);
	out_u64(o, seconds_left(x));
	out_str(o, " l3proto = ");
	out_u64(o, x->tuple.l3num);
	out_str(o, " proto=");
	out_u64(o, x->tuple.protonum);
	out_char(o, ' ');
	tuple(o, &x->tuple, true);
	if (x->permanent)
		out_str(o, "PERMANENT");
	if (x->inactive)
		out_str(o, x->permanent ? ",INACTIVE" : "INACTIVE");
	if (x->permanent || x->inactive)
		out_char(o, ' ');
	out_str(o, x->helper);
	if (x->class_name[0]) {
		out_char(o, '/');
		out_str(o, x->class_name);
	}
	out_char(o, '\n');
}

static void json_members(struct report *r, const struct ct_expect_record *x)
{
	bool gre = x->tuple.protonum == CT_L4_GRE;
	struct out *o = &r->out;

	json_u64(o, "id", x->id);
	json_u64(o, "master", x->master);
	json_str(o, "l3proto", x->tuple.l3num == CT_L3_IPV4 ? "ipv4" : "ipv6");
	json_str(o, "proto", ct_proto_name(x->tuple.protonum));
	json_u64(o, "protonum", x->tuple.protonum);
	json_u64(o, "timeout", seconds_left(x));
	json_address(o, "src", &x->tuple.src, x->tuple.l3num);
	json_address(o, "dst", &x->tuple.dst, x->tuple.l3num);
	json_u64(o, gre ? "srckey" : "sport", x->tuple.sport);
	json_u64(o, gre ? "dstkey" : "dport", x->tuple.dport);
	json_address(o, "mask_src", &x->mask.src, x->tuple.l3num);
	json_u64(o, gre ? "mask_srckey" : "mask_sport", x->mask.sport);
	json_key(o, "permanent");
	out_str(o, x->permanent ? "true" : "false");
	json_key(o, "inactive");
	out_str(o, x->inactive ? "true" : "false");
	json_u64(o, "class", x->class_number);
	json_str(o, "class_name", x->class_name[0] ? x->class_name : NULL);
	json_str(o, "helper", x->helper);
}

static bool entry(void *arg, const struct ct_expect_record *x)
{
	struct report *r = arg;

	if (r->format == REPORT_JSON) {
		out_line(&r->out);
		out_str(&r->out, "{\"type\":\"expect\"");
		json_members(r, x);
		out_str(&r->out, "}\n");
	} else if (r->format == REPORT_CSV) {
		csv_expect(r, x);
	} else {
		text_expect(r, x);
	}
	return !r->out.error;
}

bool report_expectations(struct report *r, struct ct *ct)
{
	if (r->format == REPORT_TEXT && r->headings) {
		out_line(&r->out);
		out_str(&r->out, "# expectations\n");
	}
	return ct_expectations(ct, entry, r) == 0;
}

/* One of the event's tuples with its own words in front of the addresses. */
static void prefixed(struct out *o, const char *src, const char *dst,
		     const struct ct_tuple *t)
{
	out_str(o, src);
	out_address(o, &t->src, t->l3num);
	out_str(o, dst);
	out_address(o, &t->dst, t->l3num);
	out_char(o, ' ');
	out_end(o, put_transport(o->buf + o->len, t));
}

static void text_event(struct report *r, const struct ct_expect_event *ev)
{
	const struct ct_expect_record *x = &ev->record;
	struct out *o = &r->out;

	out_line(o);
	out_char(o, '[');
	out_seconds(o, ev->when, 6);
	out_str(o, ev->type == CT_EVENT_NEW ? "]\t    [NEW] " : "]\t[DESTROY] ");
	out_u64(o, seconds_left(x));
	out_str(o, " proto=");
	out_u64(o, x->tuple.protonum);
	out_char(o, ' ');
	tuple(o, &x->tuple, false);
	prefixed(o, "mask-src=", " mask-dst=", &x->mask);
	prefixed(o, "master-src=", " master-dst=", &x->master_tuple);
	if (x->permanent)
		out_str(o, "PERMANENT ");
	if (x->inactive)
		out_str(o, "INACTIVE ");
	out_str(o, "class=");
	out_u64(o, x->class_number);
	out_str(o, " helper=");
	out_str(o, x->helper);
	out_char(o, '\n');
}

void report_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	struct out *o = &r->out;

	if (r->format == REPORT_TIMESKETCH) {
		timesketch_expect(r, ev);
		return;
	}
	/* CSV has one kind of row, and that is connections'. */
	if (r->format != REPORT_JSON) {
		if (r->format == REPORT_TEXT)
			text_event(r, ev);
		return;
	}
	out_line(o);
	out_str(o, "{\"type\":\"expect_event\"");
	json_str(o, "event", ev->type == CT_EVENT_NEW ? "NEW" : "DESTROY");
	json_time(o, "time", ev->when);
	json_members(r, &ev->record);
	out_str(o, "}\n");
}
