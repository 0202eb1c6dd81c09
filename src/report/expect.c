/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expect.c - expectations: as text their list as exp_seq_show() prints it and
 * their events as conntrack -E expect does, and both as JSON.
 */
#include "report/formats.h"

#include "report/color.h"

#include "report/json.h"
#include "report/tuple.h"

static uint64_t seconds_left(const struct ct_expect_record *x)
{
	return whole_seconds(x->now, x->expires);
}

/* Within a line that out_line() has begun. */
static void out_tuple(struct out *o, const struct ct_tuple *t, bool full)
{
	out_end(o, put_transport(put_addresses(o->buf + o->len, t, full), t));
}

/* As the kernel's exp_seq_show() and conntrack(8) write them. */
static void out_flags(struct out *o, const struct ct_expect_record *x)
{
	if (x->permanent)
		out_str(o, "PERMANENT");
	if (x->inactive)
		out_str(o, x->permanent ? ",INACTIVE" : "INACTIVE");
	if (x->permanent || x->inactive)
		out_char(o, ' ');
}

void text_expect(struct report *r, const struct ct_expect_record *x)
{
	struct out *o = &r->out;

	out_line(o);
	out_u64(o, seconds_left(x));
	out_str(o, " l3proto = ");
	out_u64(o, x->tuple.l3num);
	out_str(o, " proto=");
	out_u64(o, x->tuple.protonum);
	out_char(o, ' ');
	out_tuple(o, &x->tuple, true);
	out_flags(o, x);
	out_str(o, x->helper);
	if (x->class_name[0]) {
		out_char(o, '/');
		out_str(o, x->class_name);
	}
	out_char(o, '\n');
}

static void json_members(struct out *o, const struct ct_expect_record *x)
{
	bool gre = x->tuple.protonum == CT_L4_GRE;

	json_u64(o, "id", x->id);
	json_u64(o, "master", x->master);
	json_str(o, "l3proto", shown_l3proto(x->tuple.l3num));
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

void json_expect(struct report *r, const struct ct_expect_record *x)
{
	out_line(&r->out);
	out_str(&r->out, "{\"type\":\"expect\"");
	json_members(&r->out, x);
	out_str(&r->out, "}\n");
}

void text_expect_heading(struct report *r)
{
	out_line(&r->out);
	out_str(&r->out, "# expectations\n");
}

/* The event's other tuples, whose addresses have keys of their own. */
static void out_keyed_tuple(struct out *o, const char *src, const char *dst,
			    const struct ct_tuple *t)
{
	out_str(o, src);
	out_address(o, &t->src, t->l3num);
	out_str(o, dst);
	out_address(o, &t->dst, t->l3num);
	out_char(o, ' ');
	out_end(o, put_transport(o->buf + o->len, t));
}

void text_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	const struct ct_expect_record *x = &ev->record;
	struct out *o = &r->out;

	out_line(o);
	out_char(o, '[');
	out_moment(r, ev->when, TIME_EPOCH);
	out_str(o, "]\t");
	if (r->color)
		out_str(o, ev->type == CT_EVENT_NEW ? COLOR_NEW : COLOR_END);
	out_str(o, ev->type == CT_EVENT_NEW ? "    [NEW] " : "[DESTROY] ");
	if (r->color)
		out_str(o, COLOR_OFF);
	out_u64(o, seconds_left(x));
	out_str(o, " proto=");
	out_u64(o, x->tuple.protonum);
	out_char(o, ' ');
	out_tuple(o, &x->tuple, false);
	out_keyed_tuple(o, "mask-src=", " mask-dst=", &x->mask);
	out_keyed_tuple(o, "master-src=", " master-dst=", &x->master_tuple);
	out_flags(o, x);
	out_str(o, "class=");
	out_u64(o, x->class_number);
	out_str(o, " helper=");
	out_str(o, x->helper);
	out_char(o, '\n');
}

void json_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"expect_event\"");
	json_str(o, "expect_event", ev->type == CT_EVENT_NEW ? "NEW" : "DESTROY");
	json_time(o, "time", ev->when);
	json_members(o, &ev->record);
	out_str(o, "}\n");
}
