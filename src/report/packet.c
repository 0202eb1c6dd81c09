/* SPDX-License-Identifier: GPL-2.0-only */
/* packet.c - one line a packet. */
#include "report/report.h"

#include <string.h>

#include "report/formats.h"
#include "report/json.h"
#include "report/shown.h"
#include "report/format.h"

const char *shown_dir(uint8_t dir)
{
	static const char *const names[] = { "original", "reply", NULL };

	return names[dir];
}

/* ANSI colours (ECMA-48 SGR) of the words. */
static const char *color_of(enum ct_ctstate s)
{
	switch (s) {
	case CT_NEW:
		return "\033[36m";
	case CT_ESTABLISHED:
		return "\033[32m";
	case CT_RELATED:
		return "\033[34m";
	case CT_INVALID:
	case CT_DROP:
		return "\033[1;31m";
	default:
		return "\033[33m";
	}
}

void shown_tcp_flags(uint8_t flags, char out[9])
{
	static const struct { uint8_t bit; char letter; } letters[] = {
		{ 0x01, 'F' }, { 0x02, 'S' }, { 0x04, 'R' }, { 0x08, 'P' },
		{ 0x10, '.' }, { 0x20, 'U' }, { 0x40, 'E' }, { 0x80, 'W' },
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (flags & letters[i].bit)
			out[n++] = letters[i].letter;
	memcpy(out + n, n ? "" : "none", n ? 1 : sizeof("none"));
}

static const char *icmp_name(uint8_t protonum, uint8_t type)
{
	static const char *const v4[] = {
		[0] = "echo-reply", [3] = "unreachable", [4] = "source-quench",
		[5] = "redirect", [8] = "echo-request",
		[9] = "router-advertisement", [10] = "router-solicitation",
		[11] = "time-exceeded", [12] = "parameter-problem",
		[13] = "timestamp-request", [14] = "timestamp-reply",
		[15] = "info-request", [16] = "info-reply",
		[17] = "mask-request", [18] = "mask-reply",
	};

	if (protonum == CT_L4_ICMP)
		return type < sizeof(v4) / sizeof(v4[0]) ? v4[type] : NULL;
	switch (type) {
	case 1:
		return "unreachable";
	case 2:
		return "packet-too-big";
	case 3:
		return "time-exceeded";
	case 4:
		return "parameter-problem";
	case 128:
		return "echo-request";
	case 129:
		return "echo-reply";
	case 130:
		return "mld-query";
	case 131:
		return "mld-report";
	case 132:
		return "mld-done";
	case 133:
		return "router-solicitation";
	case 134:
		return "router-advertisement";
	case 135:
		return "neighbor-solicitation";
	case 136:
		return "neighbor-advertisement";
	case 137:
		return "redirect";
	case 139:
		return "node-info-query";
	case 140:
		return "node-info-reply";
	case 143:
		return "mldv2-report";
	}
	return NULL;
}

static char *text_address(char *p, const union ct_addr *a, uint8_t l3num,
			  bool with_port, uint16_t port)
{
	bool brackets = with_port && l3num == CT_L3_IPV6;

	if (brackets)
		*p++ = '[';
	p = put_address(p, a, l3num);
	if (brackets)
		*p++ = ']';
	return with_port ? put_u16(put_char(p, ':'), port) : p;
}

void shown_endpoint(struct out *o, const union ct_addr *a, uint8_t l3num,
		    bool with_port, uint16_t port)
{
	out_room(o);
	out_end(o, text_address(o->buf + o->len, a, l3num, with_port, port));
}

static char *text_icmp(char *p, uint8_t protonum, const struct packet_summary *s)
{
	const char *name = icmp_name(protonum, s->type);

	*p++ = '[';
	p = name ? put_str(p, name) : put_u64(put_str(p, "type="), s->type);
	if (s->code)
		p = put_u64(put_str(p, ",code="), s->code);
	if (protonum == CT_L4_ICMP ? s->type == 0 || s->type == 8 || s->type > 12 :
				     s->type == 128 || s->type == 129)
		p = put_u64(put_str(p, ",id="), s->a);
	return put_char(p, ']');
}

/* A word that is not kept; these two are not inline, so that lines of many
 * packets do without the room that they need. */
__attribute__((noinline))
static char *spell_proto(char *p, uint8_t protonum)
{
	if (ct_proto_is_generic(protonum))
		return put_u64(put_str(p, "proto-"), protonum);
	return put_str(p, ct_proto_name(protonum));
}

__attribute__((noinline))
static char *spell_flags(char *p, uint8_t flags)
{
	char letters[9];

	shown_tcp_flags(flags, letters);
	p = put_str(put_char(p, '['), letters);
	return put_char(p, ']');
}

void shown_view(struct packet_view *view, ct_time time,
		const struct ct_packet *pkt, const struct ct_verdict *v)
{
	shown_packet_of(view, time, pkt);
	/* Most packets have no reason, and a verdict is large. */
	view->v.id = v->id;
	view->v.ctstate = v->ctstate;
	view->v.dir = v->dir;
	view->v.proto = v->proto;
	view->v.state = v->state;
	view->v.dropped = v->dropped;
	view->v.nwhy = v->nwhy;
	view->v.windowed = v->windowed;
	for (unsigned int i = 0; i < v->nwhy; i++)
		view->v.why[i] = v->why[i];
	if (v->windowed)
		view->v.window = v->window;
}

static inline char *text_ends(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->shown;

	/* Most by far, without a call. */
	if (s->ports && pkt->l3num == CT_L3_IPV4) {
		p = put_u16(put_char(put_ipv4(p, pkt->src.b), ':'), s->a);
		p = put_str(p, " > ");
		return put_u16(put_char(put_ipv4(p, pkt->dst.b), ':'), s->b);
	}
	p = text_address(p, &pkt->src, pkt->l3num, s->ports, s->a);
	p = put_str(p, " > ");
	return text_address(p, &pkt->dst, pkt->l3num, s->ports, s->b);
}

/* The packet as tcpdump would put it, always five words; 'words' or NULL. */
__attribute__((always_inline))
static inline char *text_packet(char *p, const struct columns *words,
				const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->shown;

	p = words ? put_word(p, &words->proto[pkt->protonum]) :
		    spell_proto(p, pkt->protonum);
	p = put_char(text_ends(put_char(p, ' '), pkt), ' ');
	if (s->tcp)
		return words ? put_word(p, &words->flags[s->flags]) :
			       spell_flags(p, s->flags);
	if (s->icmp)
		return text_icmp(p, pkt->protonum, s);
	p = s->fragment ? put_str(p, "[fragment,len=") : put_str(p, "[len=");
	return put_char(put_u64(p, pkt->len), ']');
}

void shown_packet(struct out *o, const struct packet_view *pkt)
{
	out_room(o);
	out_end(o, text_packet(o->buf + o->len, NULL, pkt));
}

static char *range(char *p, const char *what, uint32_t lower, uint32_t upper)
{
	p = put_u64(put_str(p, what), lower);
	return put_u64(put_str(p, ".."), upper);
}

/* The bounds that a segment was held against, and the frame that set the one
 * it crossed (-v). */
static char *text_bounds(char *p, const struct ct_verdict *v)
{
	const struct ct_window *w = &v->window;

	if (!v->windowed)
		return p;
	p = range(p, " [seq ", w->seq, w->end);
	p = range(p, " within ", w->seq_lower, w->seq_upper);
	p = put_u64(put_str(p, ", ack "), w->ack);
	p = range(p, " within ", w->ack_lower, w->ack_upper);
	if (w->frame)
		p = put_u64(put_str(p, ", set by frame "), w->frame);
	return put_char(p, ']');
}

static void json_bounds(struct out *o, const struct ct_verdict *v)
{
	const struct ct_window *w = &v->window;

	if (!v->windowed)
		return;
	json_u64(o, "seq", w->seq);
	json_u64(o, "seq_end", w->end);
	json_u64(o, "ack", w->ack);
	json_u64(o, "seq_lower", w->seq_lower);
	json_u64(o, "seq_upper", w->seq_upper);
	json_u64(o, "ack_lower", w->ack_lower);
	json_u64(o, "ack_upper", w->ack_upper);
	json_u64_or_null(o, "bound_frame", w->frame != 0, w->frame);
}

/* In the style of -T. */
static char *put_time(char *p, struct report *r, ct_time time)
{
	uint64_t delta;

	switch (r->time_style) {
	case TIME_RELATIVE:
		break;
	case TIME_EPOCH:
		return put_micros(p, time, &r->moment);
	case TIME_ISO:
		return put_time_iso(p, time, &r->second);
	case TIME_DELTA:
		delta = r->shown_any ? time - r->shown_last : 0;
		r->shown_any = true;
		r->shown_last = time;
		return put_seconds(p, delta, 6);
	}
	return put_micros(p, time - r->start, &r->moment);
}

static char *text_begin(struct report *r, uint64_t number, ct_time time)
{
	char *start = out_begin(&r->out), *p = start;

	/* Right-aligned: blanks first, then the number at its place. */
	for (uint64_t room = 10000; number < room && room > 1; room /= 10)
		*p++ = ' ';
	p = put_str(put_cached_number(p, number, &r->number), "  ");
	p = put_time(p, r, time);
	p = put_pad(p, start, WIDTH_NUMBER + 2 + WIDTH_TIME);
	return put_str(p, "  ");
}

static void text_line(struct report *r, const struct packet_view *pkt)
{
	const struct columns *words = &r->words;
	const struct ct_verdict *v = &pkt->v;
	char *p = text_begin(r, pkt->number, pkt->time), *start;

	if (r->color)
		p = put_str(p, color_of(v->ctstate));
	p = put_word(p, &words->ctstate[v->ctstate]);
	if (r->color)
		p = put_str(p, "\033[0m");
	p = put_str(p, "  ");
	p = put_word(p, &words->dir[v->dir]);
	p = put_str(p, "  ");
	start = p;
	p = text_packet(p, words, pkt);
	p = put_pad(p, start, WIDTH_PACKET);
	p = put_str(p, "  ");
	start = p;
	p = put_word(p, columns_state(words, v));
	if (v->nwhy) {
		p = put_pad(p, start, WIDTH_PROTO);
		p = put_why(put_str(p, "  # "), v);
		p = text_bounds(p, v);
	}
	out_end(&r->out, put_char(p, '\n'));
}

static char *put_u64_or_null(char *p, bool there, uint64_t n)
{
	return there ? put_u64(p, n) : put_str(p, "null");
}

static char *put_u16_or_null(char *p, bool there, uint16_t n)
{
	return there ? put_u16(p, n) : put_str(p, "null");
}

static char *json_transport(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->shown;

	switch (pkt->protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		p = put_u16_or_null(put_str(p, ",\"sport\":"), s->ports, s->a);
		p = put_u16_or_null(put_str(p, ",\"dport\":"), s->ports, s->b);
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		p = put_u64_or_null(put_str(p, ",\"icmp_type\":"), s->icmp, s->type);
		p = put_u64_or_null(put_str(p, ",\"icmp_code\":"), s->icmp, s->code);
		p = put_u64_or_null(put_str(p, ",\"icmp_id\":"), s->icmp, s->a);
		break;
	}
	return p;
}

/* No text of a reason holds a character that JSON escapes. */
static char *json_why(char *p, const struct ct_verdict *v)
{
	if (!v->nwhy)
		return put_str(p, ",\"reason_code\":null,\"reason\":null");
	p = put_str(p, ",\"reason_code\":\"");
	p = put_str(p, ct_reason_code(v->why[0].reason));
	p = put_why(put_str(p, "\",\"reason\":\""), v);
	return put_char(p, '"');
}

const char *shown_verdict(const struct ct_verdict *v)
{
	if (v->ctstate == CT_FRAGMENT)
		return NULL;
	return v->dropped || v->ctstate == CT_DROP ? "drop" : "accept";
}

static char *json_verdict(char *p, const struct ct_verdict *v)
{
	if (v->ctstate == CT_FRAGMENT)
		return put_str(p, ",\"verdict\":null");
	if (v->dropped || v->ctstate == CT_DROP)
		return put_str(p, ",\"verdict\":\"drop\"");
	return put_str(p, ",\"verdict\":\"accept\"");
}

static void json_line(struct report *r, const struct packet_view *pkt)
{
	const struct columns *words = &r->words;
	const struct ct_verdict *v = &pkt->v;
	char *p = out_begin(&r->out);

	p = put_str(p, "{\"type\":\"packet\",\"number\":");
	p = put_cached_number(p, pkt->number, &r->number);
	p = put_str(p, ",\"time\":\"");
	p = put_time_iso(p, pkt->time, &r->second);
	p = put_str(p, "\",\"ctstate\":");
	p = put_word(p, &words->ctstate[v->ctstate]);
	p = put_str(p, ",\"ctdir\":");
	p = put_word(p, &words->dir[v->dir]);
	p = put_str(p, ",\"id\":");
	p = put_u64_or_null(p, v->id != 0, v->id);
	p = put_str(p, pkt->l3num == CT_L3_IPV4 ?
		    ",\"l3proto\":\"ipv4\",\"proto\":" :
		    ",\"l3proto\":\"ipv6\",\"proto\":");
	p = put_word(p, &words->proto[pkt->protonum]);
	p = put_str(p, ",\"protonum\":");
	p = put_u64(p, pkt->protonum);
	p = put_str(p, ",\"src\":\"");
	p = put_address(p, &pkt->src, pkt->l3num);
	p = put_str(p, "\",\"dst\":\"");
	p = put_address(p, &pkt->dst, pkt->l3num);
	p = put_char(p, '"');
	p = json_transport(p, pkt);
	p = put_u64(put_str(p, ",\"length\":"), pkt->len);
	if (pkt->protonum == CT_L4_TCP) {
		p = put_str(p, ",\"flags\":");
		p = pkt->shown.tcp ? put_word(p, &words->flags[pkt->shown.flags]) :
			    put_str(p, "null");
	}
	p = put_word(put_str(p, ",\"state\":"), columns_state(words, v));
	p = json_verdict(p, v);
	p = json_why(p, v);
	out_end(&r->out, p);
	json_bounds(&r->out, v);
	out_str(&r->out, "}\n");
}

void report_packet(struct report *r, const struct packet_view *pkt)
{
	if (!r->words.made)
		columns_make(&r->words, r->format == REPORT_JSON);
	switch (r->format) {
	case REPORT_TEXT:
		text_line(r, pkt);
		break;
	case REPORT_JSON:
		json_line(r, pkt);
		break;
	case REPORT_CSV:
		csv_packet(r, pkt);
		break;
	case REPORT_TIMESKETCH:
		timesketch_packet(r, pkt);
		break;
	}
}

void report_frame(struct report *r, uint64_t number, ct_time time,
		  const char *class)
{
	struct out *o = &r->out;

	/* The others have no row for what is no packet. */
	if (r->format == REPORT_CSV || r->format == REPORT_TIMESKETCH)
		return;
	if (r->format == REPORT_JSON) {
		out_line(o);
		out_str(o, "{\"type\":\"frame\"");
		json_u64(o, "number", number);
		json_time(o, "time", time);
		json_str(o, "class", class);
		out_str(o, "}\n");
		return;
	}
	out_end(o, text_begin(r, number, time));
	out_str_left(o, "-", WIDTH_STATE);
	out_str(o, "  ");
	out_str_left(o, "-", WIDTH_DIR);
	out_str(o, "  ");
	out_str(o, class);
	out_char(o, '\n');
}
