/* SPDX-License-Identifier: GPL-2.0-only */
/* packet_text.c - a packet as a line of text. */
#include "base/compiler.h"
#include "report/formats.h"

#include <string.h>

#include "base/tunnel.h"
#include "report/color.h"
#include "report/detail.h"

static const char *color_of(enum ct_ctstate s)
{
	switch (s) {
	case CT_NEW:
		return COLOR_NEW;
	case CT_ESTABLISHED:
		return COLOR_GOOD;
	case CT_RELATED:
		return COLOR_RELATED;
	case CT_INVALID:
	case CT_DROP:
		return COLOR_BAD;
	default:
		return COLOR_NOTE;
	}
}

static char *put_icmp(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;
	const uint8_t protonum = pkt->protonum;
	const char *name = shown_icmp_type(protonum, s->type);

	*p++ = '[';
	p = name ? put_str(p, name) : put_u64(put_str(p, "type="), s->type);
	if (s->code)
		p = put_u64(put_str(p, ",code="), s->code);
	if (protonum == CT_L4_ICMP ? s->type == 0 || s->type == 8 || s->type > 12 :
				     s->type == 128 || s->type == 129)
		p = put_u64(put_str(p, ",id="), s->a);
	if (s->detailed)
		p = put_detail(p, pkt);
	return put_char(p, ']');
}

/* Without columns.  These two are not inline, so that the lines of most packets
 * do not need their space on the stack. */
noinline
static char *put_proto(char *p, uint8_t protonum)
{
	if (ct_proto_is_generic(protonum))
		return put_u64(put_str(p, "proto-"), protonum);
	return put_str(p, ct_proto_name(protonum));
}

noinline
static char *put_flags(char *p, uint8_t flags)
{
	char letters[TCP_FLAGS_SIZE];

	shown_tcp_flags(flags, letters);
	p = put_str(put_char(p, '['), letters);
	return put_char(p, ']');
}

static inline char *put_endpoints(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;

	/* By far the most, without a call. */
	if (s->ports && pkt->l3num == CT_L3_IPV4) {
		p = put_u16(put_char(put_ipv4(p, pkt->src.b), ':'), s->a);
		p = put_str(p, " > ");
		return put_u16(put_char(put_ipv4(p, pkt->dst.b), ':'), s->b);
	}
	p = put_endpoint(p, &pkt->src, pkt->l3num, s->ports, s->a);
	p = put_str(p, " > ");
	return put_endpoint(p, &pkt->dst, pkt->l3num, s->ports, s->b);
}

/* See out_packet(); 'c' may be NULL. */
static always_inline char *put_packet(char *p, const struct columns *c,
			       const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;

	p = c ? put_text(p, &c->proto[pkt->protonum]) :
		put_proto(p, pkt->protonum);
	p = put_char(put_endpoints(put_char(p, ' '), pkt), ' ');
	if (s->tcp)
		return c ? put_text(p, &c->flags[s->flags]) :
			   put_flags(p, s->flags);
	if (s->icmp)
		return put_icmp(p, pkt);
	p = s->fragment ? put_str(p, "[fragment,len=") : put_str(p, "[len=");
	p = put_u64(p, pkt->len);
	if (s->cut)
		p = put_str(p, ",cut");
	/* Of GRE the detail says what it carries. */
	if (s->tunnel && pkt->protonum != CT_L4_GRE)
		p = put_str(put_char(p, ','), tunnel_name((enum tunnel)(s->tunnel - 1)));
	if (s->detailed)
		p = put_detail(p, pkt);
	return put_char(p, ']');
}

void out_packet(struct out *o, const struct packet_view *pkt)
{
	out_reserve(o);
	out_end(o, put_packet(o->buf + o->len, NULL, pkt));
}

static char *put_range(char *p, const char *what, uint32_t lower, uint32_t upper)
{
	p = put_u64(put_str(p, what), lower);
	return put_u64(put_str(p, ".."), upper);
}

/* The bounds that the segment was checked against, and the frame that set the
 * bound which it crossed (-v). */
static char *put_window(char *p, const struct ct_verdict *v)
{
	const struct ct_window *w = &v->window;

	if (!v->windowed)
		return p;
	p = put_range(p, " [seq ", w->seq, w->end);
	p = put_range(p, " within ", w->seq_lower, w->seq_upper);
	p = put_u64(put_str(p, ", ack "), w->ack);
	p = put_range(p, " within ", w->ack_lower, w->ack_upper);
	if (w->frame)
		p = put_u64(put_str(p, ", set by frame "), w->frame);
	return put_char(p, ']');
}

/* The time in the style of -T. */
static char *put_time(char *p, struct report *r, ct_time time)
{
	uint64_t delta;

	switch (r->time_style) {
	case TIME_RELATIVE:
		break;
	case TIME_EPOCH:
		return put_micros(p, time, &r->packet_time);
	case TIME_ISO:
		return put_time_iso(p, time, &r->iso_time);
	case TIME_DELTA:
		delta = r->any_printed ? time - r->last_printed : 0;
		r->any_printed = true;
		r->last_printed = time;
		return put_seconds(p, delta, 6);
	}
	return put_micros(p, time - r->start, &r->packet_time);
}

/* The columns that every frame has: its number and its time. */
static char *begin_line(struct report *r, uint64_t number, ct_time time)
{
	char *start = out_begin(&r->out), *p = start;

	/* The number is right-aligned, so its blanks come first. */
	for (uint64_t limit = 10000; number < limit && limit > 1; limit /= 10)
		*p++ = ' ';
	p = put_str(put_cached_number(p, number, &r->frame_number), "  ");
	p = put_time(p, r, time);
	p = put_pad(p, start, WIDTH_NUMBER + 2 + WIDTH_TIME);
	return put_str(p, "  ");
}

/* "id=3", as conntrack -o id writes it; "id=-" without a connection. */
static char *put_id(char *p, uint64_t id)
{
	p = put_str(p, "id=");
	return id ? put_u64(p, id) : put_char(p, '-');
}

/* Behind the columns: what the rules say, and the reasons. */
static char *put_remark(char *p, const struct report *r,
			const struct packet_view *pkt)
{
	const struct ct_verdict *v = &pkt->v;

	if (r->color)
		p = put_str(p, v->dropped || v->ctstate == CT_DROP ||
			    v->ctstate == CT_INVALID ||
			    pkt->rule.verdict > RULE_VERDICT_ACCEPT ?
			    COLOR_BAD : COLOR_NOTE);
	p = put_str(p, "# ");
	if (pkt->rule.verdict)
		p = put_rule(p, &pkt->rule);
	if (v->nwhy) {
		p = put_str(p, pkt->rule.verdict ? "; " : "");
		p = put_reasons(p, v);
		p = put_reason_names(p, v);
	}
	p = put_window(p, v);
	return r->color ? put_str(p, COLOR_OFF) : p;
}

void text_packet(struct report *r, const struct packet_view *pkt)
{
	const struct columns *c = &r->columns;
	const struct ct_verdict *v = &pkt->v;
	char *p, *start;

	if (!c->made)
		columns_make(&r->columns, COLUMNS_TEXT);
	p = begin_line(r, pkt->number, pkt->time);
	if (r->color)
		p = put_str(p, color_of(v->ctstate));
	p = put_text(p, &c->ctstate[v->ctstate]);
	if (r->color)
		p = put_str(p, COLOR_OFF);
	p = put_str(p, "  ");
	p = put_text(p, &c->dir[v->dir]);
	p = put_str(p, "  ");
	start = p;
	p = put_packet(p, c, pkt);
	p = put_pad(p, start, WIDTH_PACKET);
	p = put_str(p, "  ");
	start = p;
	p = put_text(p, columns_state(c, v));
	if (r->ids) {
		p = put_str(put_pad(p, start, WIDTH_PROTO), "  ");
		start = p;
		p = put_id(p, v->id);
	}
	if (v->nwhy || pkt->rule.verdict) {
		p = put_pad(p, start, r->ids ? WIDTH_ID : WIDTH_PROTO);
		p = put_str(p, "  ");
		p = put_remark(p, r, pkt);
	}
	out_end(&r->out, put_char(p, '\n'));
}

void text_frame(struct report *r, uint64_t number, ct_time time,
		const char *class)
{
	struct out *o = &r->out;

	out_end(o, begin_line(r, number, time));
	out_str_left(o, "-", WIDTH_STATE);
	out_str(o, "  ");
	out_str_left(o, "-", WIDTH_DIR);
	out_str(o, "  ");
	out_str(o, class);
	out_char(o, '\n');
}
