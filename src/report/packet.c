/* SPDX-License-Identifier: GPL-2.0-only */
/* packet.c - one line a packet. */
#include "report/report.h"

#include "packet/bytes.h"
#include "report/json.h"
#include "report/words.h"

/* Columns of the text form; longer values push the rest to the right. */
#define WIDTH_NUMBER	5
#define WIDTH_TIME	11
#define WIDTH_STATE	11
#define WIDTH_DIR	8
#define WIDTH_PACKET	52
#define WIDTH_PROTO	11

static const char *const dir_names[] = { "original", "reply", "-" };

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

/* What a line shows of the transport header; as far as it was there. */
struct shown {
	bool ports, tcp, icmp, keys;
	uint16_t a, b;		/* ports; ICMP: id in a */
	uint8_t flags;		/* TCP */
	uint8_t type, code;	/* ICMP */
};

static void look(const struct ct_packet *pkt, struct shown *s)
{
	struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint8_t h[8];
	uint32_t off = pkt->l4off;

	*s = (struct shown){ 0 };
	if (pkt->flags & CT_PACKET_NO_L4)
		return;
	switch (pkt->protonum) {
	case CT_L4_TCP:
		s->tcp = bytes_u8(&b, off + 13, &s->flags);
		/* fall through */
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		s->ports = bytes_be16(&b, off, &s->a) &&
			   bytes_be16(&b, off + 2, &s->b);
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		s->icmp = bytes_copy(&b, off, h, sizeof(h));
		if (s->icmp) {
			s->type = h[0];
			s->code = h[1];
			s->a = load_be16(h + 4);
		}
		break;
	}
}

/* tcpdump's letters in tcpdump's order. */
static size_t tcp_letters(uint8_t flags, char out[9])
{
	static const struct { uint8_t bit; char letter; } letters[] = {
		{ 0x01, 'F' }, { 0x02, 'S' }, { 0x04, 'R' }, { 0x08, 'P' },
		{ 0x10, '.' }, { 0x20, 'U' }, { 0x40, 'E' }, { 0x80, 'W' },
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (flags & letters[i].bit)
			out[n++] = letters[i].letter;
	out[n] = '\0';
	return n;
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

static void text_address(struct out *o, const union ct_addr *a, uint8_t l3num,
			 bool with_port, uint16_t port)
{
	bool brackets = with_port && l3num == CT_L3_IPV6;

	if (brackets)
		out_char(o, '[');
	words_address(o, a, l3num);
	if (brackets)
		out_char(o, ']');
	if (with_port) {
		out_char(o, ':');
		out_u64(o, port);
	}
}

static void text_icmp(struct out *o, uint8_t protonum, const struct shown *s)
{
	const char *name = icmp_name(protonum, s->type);

	out_char(o, '[');
	if (name) {
		out_str(o, name);
	} else {
		out_str(o, "type=");
		out_u64(o, s->type);
	}
	if (s->code) {
		out_str(o, ",code=");
		out_u64(o, s->code);
	}
	if (protonum == CT_L4_ICMP ? s->type == 0 || s->type == 8 || s->type > 12 :
				     s->type == 128 || s->type == 129) {
		out_str(o, ",id=");
		out_u64(o, s->a);
	}
	out_char(o, ']');
}

/* The packet as tcpdump would put it, always five words. */
static void text_packet(struct out *o, const struct ct_packet *pkt)
{
	struct shown s;
	char letters[9];

	look(pkt, &s);
	if (ct_proto_is_generic(pkt->protonum)) {
		out_str(o, "proto-");
		out_u64(o, pkt->protonum);
	} else {
		out_str(o, ct_proto_name(pkt->protonum));
	}
	out_char(o, ' ');
	text_address(o, &pkt->src, pkt->l3num, s.ports, s.a);
	out_str(o, " > ");
	text_address(o, &pkt->dst, pkt->l3num, s.ports, s.b);
	out_char(o, ' ');
	if (s.tcp) {
		out_char(o, '[');
		out_str(o, tcp_letters(s.flags, letters) ? letters : "none");
		out_char(o, ']');
	} else if (s.icmp) {
		text_icmp(o, pkt->protonum, &s);
	} else {
		out_str(o, "[len=");
		out_u64(o, pkt->len);
		out_char(o, ']');
	}
}

/* Which frame set the bound that the packet crossed (-v). */
static void text_bound(struct out *o, const struct report *r,
		       const struct ct_verdict *v)
{
	if (!r->verbose || !v->bound_frame)
		return;
	out_str(o, " [set by frame ");
	out_u64(o, v->bound_frame);
	out_char(o, ']');
}

static void text_begin(struct report *r, uint64_t number, ct_time time)
{
	struct out *o = &r->out;
	size_t start = out_line(o);

	out_u64_right(o, number, WIDTH_NUMBER);
	out_str(o, "  ");
	words_seconds(o, time - r->start, 6);
	out_pad(o, o->len - start, WIDTH_NUMBER + 2 + WIDTH_TIME);
	out_str(o, "  ");
}

static void text_line(struct report *r, uint64_t number, ct_time time,
		      const struct ct_packet *pkt, const struct ct_verdict *v)
{
	struct out *o = &r->out;
	const char *state = ct_proto_state_name(v->proto, v->state);
	size_t start;

	text_begin(r, number, time);
	if (r->color)
		out_str(o, color_of(v->ctstate));
	out_str_left(o, ct_ctstate_name(v->ctstate), WIDTH_STATE);
	if (r->color)
		out_str(o, "\033[0m");
	out_str(o, "  ");
	out_str_left(o, dir_names[v->dir], WIDTH_DIR);
	out_str(o, "  ");
	start = o->len;
	text_packet(o, pkt);
	out_pad(o, o->len - start, WIDTH_PACKET);
	out_str(o, "  ");
	if (v->nwhy) {
		out_str_left(o, state ? state : "-", WIDTH_PROTO);
		out_str(o, "  # ");
		words_why(o, v);
		text_bound(o, r, v);
	} else {
		out_str(o, state ? state : "-");
	}
	out_char(o, '\n');
}

static void json_transport(struct out *o, const struct ct_packet *pkt,
			   const struct shown *s)
{
	switch (pkt->protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		json_u64_or_null(o, "sport", s->ports, s->a);
		json_u64_or_null(o, "dport", s->ports, s->b);
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		json_u64_or_null(o, "icmp_type", s->icmp, s->type);
		json_u64_or_null(o, "icmp_code", s->icmp, s->code);
		json_u64_or_null(o, "icmp_id", s->icmp, s->a);
		break;
	}
}

static void json_line(struct report *r, uint64_t number, ct_time time,
		      const struct ct_packet *pkt, const struct ct_verdict *v)
{
	struct out *o = &r->out;
	const char *state = ct_proto_state_name(v->proto, v->state);
	struct shown s;
	char letters[9];

	look(pkt, &s);
	out_line(o);
	out_str(o, "{\"type\":\"packet\"");
	json_u64(o, "number", number);
	json_time(o, "time", time);
	json_str(o, "ctstate", ct_ctstate_name(v->ctstate));
	json_str(o, "ctdir", v->dir == CT_DIR_NONE ? NULL : dir_names[v->dir]);
	json_u64_or_null(o, "id", v->id != 0, v->id);
	json_str(o, "l3proto", pkt->l3num == CT_L3_IPV4 ? "ipv4" : "ipv6");
	json_str(o, "proto", ct_proto_name(pkt->protonum));
	json_u64(o, "protonum", pkt->protonum);
	json_address(o, "src", &pkt->src, pkt->l3num);
	json_address(o, "dst", &pkt->dst, pkt->l3num);
	json_transport(o, pkt, &s);
	json_u64(o, "length", pkt->len);
	if (pkt->protonum == CT_L4_TCP) {
		tcp_letters(s.flags, letters);
		json_str(o, "flags", s.tcp ? letters : NULL);
	}
	json_str(o, "state", state);
	json_str(o, "verdict", v->dropped || v->ctstate == CT_DROP ? "drop" :
								     "accept");
	json_str(o, "reason_code", v->nwhy ? ct_reason_code(v->why[0].reason) :
					     NULL);
	if (v->nwhy) {
		/* No text of a reason holds a character that JSON escapes. */
		out_str(o, ",\"reason\":\"");
		words_why(o, v);
		out_char(o, '"');
	} else {
		json_str(o, "reason", NULL);
	}
	out_str(o, "}\n");
}

void report_packet(struct report *r, uint64_t number, ct_time time,
		   const struct ct_packet *pkt, const struct ct_verdict *v)
{
	if (r->format == REPORT_JSON)
		json_line(r, number, time, pkt, v);
	else
		text_line(r, number, time, pkt, v);
}

void report_frame(struct report *r, uint64_t number, ct_time time,
		  const char *class)
{
	struct out *o = &r->out;

	if (r->format == REPORT_JSON) {
		out_line(o);
		out_str(o, "{\"type\":\"frame\"");
		json_u64(o, "number", number);
		json_time(o, "time", time);
		json_str(o, "class", class);
		out_str(o, "}\n");
		return;
	}
	text_begin(r, number, time);
	out_str_left(o, "-", WIDTH_STATE);
	out_str(o, "  ");
	out_str_left(o, "-", WIDTH_DIR);
	out_str(o, "  ");
	out_str(o, class);
	out_char(o, '\n');
}
