/* SPDX-License-Identifier: GPL-2.0-only */
/* packet_json.c - a packet as a line of JSON. */
#include "report/formats.h"

#include "base/tunnel.h"
#include "report/detail.h"
#include "report/json.h"

static void json_window(struct out *o, const struct ct_verdict *v)
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

static inline char *put_u64_or_null(char *p, bool there, uint64_t n)
{
	return there ? put_u64(p, n) : put_str(p, "null");
}

static inline char *put_u16_or_null(char *p, bool there, uint16_t n)
{
	return there ? put_u16(p, n) : put_str(p, "null");
}

static char *put_transport_members(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;

	switch (pkt->protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
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

/* No text of a reason has a character that JSON escapes. */
static char *put_reason_members(char *p, const struct ct_verdict *v)
{
	if (!v->nwhy)
		return put_str(p, ",\"reason_code\":null,\"reason\":null");
	p = put_str(p, ",\"reason_code\":\"");
	p = put_str(p, ct_reason_code(v->why[0].reason));
	p = put_reasons(put_str(p, "\",\"reason\":\""), v);
	return put_char(p, '"');
}

/* shown_verdict() in one store each. */
static char *put_verdict_member(char *p, const struct ct_verdict *v)
{
	if (v->ctstate == CT_FRAGMENT)
		return put_str(p, ",\"verdict\":null");
	if (v->dropped || v->ctstate == CT_DROP)
		return put_str(p, ",\"verdict\":\"drop\"");
	return put_str(p, ",\"verdict\":\"accept\"");
}

static char *put_flags_member(char *p, const struct columns *c,
			      const struct packet_summary *s)
{
	p = put_str(p, ",\"flags\":");
	return s->tcp ? put_text(p, &c->flags[s->flags]) : put_str(p, "null");
}

static char *put_community_member(char *p, struct report *r,
				  const struct packet_view *pkt)
{
	char *quote = put_str(p, ",\"community_id\":");
	char *end = put_packet_community_id(put_char(quote, '"'), pkt, &r->community);

	return end ? put_char(end, '"') : put_str(quote, "null");
}

static noinline char *put_tunnel_member(char *p, uint8_t tunnel)
{
	p = put_str(p, ",\"tunnel\":\"");
	return put_char(put_str(p, tunnel_name((enum tunnel)(tunnel - 1))), '"');
}

void json_packet(struct report *r, const struct packet_view *pkt)
{
	const struct columns *c = &r->columns;
	const struct ct_verdict *v = &pkt->v;
	char *p = out_begin(&r->out);

	if (!c->made)
		columns_make(&r->columns, COLUMNS_JSON);
	p = put_str(p, "{\"type\":\"packet\",\"number\":");
	p = put_cached_number(p, pkt->number, &r->frame_number);
	p = put_str(p, ",\"time\":\"");
	p = put_time_iso(p, pkt->time, &r->iso_time);
	p = put_str(p, "\",\"ctstate\":");
	p = put_text(p, &c->ctstate[v->ctstate]);
	p = put_str(p, ",\"ctdir\":");
	p = put_text(p, &c->dir[v->dir]);
	p = put_str(p, ",\"id\":");
	p = put_u64_or_null(p, v->id != 0, v->id);
	p = put_str(p, pkt->l3num == CT_L3_IPV4 ?
		    ",\"l3proto\":\"ipv4\",\"proto\":" :
		    ",\"l3proto\":\"ipv6\",\"proto\":");
	p = put_text(p, &c->proto[pkt->protonum]);
	p = put_str(p, ",\"protonum\":");
	p = put_u64(p, pkt->protonum);
	p = put_str(p, ",\"src\":\"");
	p = put_address(p, &pkt->src, pkt->l3num);
	p = put_str(p, "\",\"dst\":\"");
	p = put_address(p, &pkt->dst, pkt->l3num);
	p = put_char(p, '"');
	p = put_transport_members(p, pkt);
	if (pkt->protonum != CT_L4_TCP && pkt->protonum != CT_L4_UDP)
		p = put_detail_members(p, pkt);
	if (unlikely(pkt->summary.tunnel))
		p = put_tunnel_member(p, pkt->summary.tunnel);
	p = put_u64(put_str(p, ",\"length\":"), pkt->len);
	if (pkt->protonum == CT_L4_TCP)
		p = put_flags_member(p, c, &pkt->summary);
	p = put_text(put_str(p, ",\"state\":"), columns_state(c, v));
	p = put_verdict_member(p, v);
	p = put_reason_members(p, v);
	p = put_community_member(p, r, pkt);
	if (!(v->windowed || r->files || r->interfaces || r->origin.late || r->rules)) {
		out_end(&r->out, put_str(p, "}\n"));
		return;
	}
	out_end(&r->out, p);
	json_window(&r->out, v);
	if (r->rules)
		json_rule(r, &pkt->rule);
	json_origin(r);
	out_str(&r->out, "}\n");
}

void json_frame(struct report *r, uint64_t number, ct_time time,
		const char *class)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"frame\"");
	json_u64(o, "number", number);
	json_time(o, "time", time);
	json_str(o, "class", class);
	json_origin(r);
	out_str(o, "}\n");
}
