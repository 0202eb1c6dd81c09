/* SPDX-License-Identifier: GPL-2.0-only */
/* packet_json.c - a packet as a line of JSON. */
#include "report/formats.h"

#include "base/compiler.h"
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

static noinline char *put_tunnel_member(char *p, uint8_t tunnel)
{
	p = put_str(p, ",\"tunnel\":\"");
	return put_char(put_str(p, tunnel_name((enum tunnel)(tunnel - 1))), '"');
}

/* The family, the protocol and the addresses; the quotation mark behind the last one is
 * not written yet. */
static always_inline char *put_address_members(char *p, const struct columns *c,
					       const struct packet_view *pkt)
{
	if (pkt->l3num == CT_L3_IPV4) {
		p = put_text_64(p, &c->json.proto4[pkt->protonum]);
		p = put_str(put_ipv4(p, pkt->src.b), "\",\"dst\":\"");
		return put_ipv4(p, pkt->dst.b);
	}
	p = put_text_64(p, &c->json.proto6[pkt->protonum]);
	p = put_str(put_address(p, &pkt->src, CT_L3_IPV6), "\",\"dst\":\"");
	return put_address(p, &pkt->dst, CT_L3_IPV6);
}

/* All between the addresses and the length. */
static noinline char *put_other_transport(char *p, const struct packet_view *pkt)
{
	p = put_transport_members(put_char(p, '"'), pkt);
	if (pkt->protonum != CT_L4_TCP && pkt->protonum != CT_L4_UDP)
		p = put_detail_members(p, pkt);
	if (unlikely(pkt->summary.tunnel))
		p = put_tunnel_member(p, pkt->summary.tunnel);
	return p;
}

static always_inline bool is_tcp_or_udp(uint8_t protonum)
{
	return protonum == CT_L4_TCP || protonum == CT_L4_UDP;
}

static always_inline char *put_ports(char *p, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;

	if (unlikely(!s->ports || s->tunnel || !is_tcp_or_udp(pkt->protonum)))
		return put_other_transport(p, pkt);
	p = put_u16(put_str(p, "\",\"sport\":"), s->a);
	return put_u16(put_str(p, ",\"dport\":"), s->b);
}

/* From the state up to the quotation mark of the Community ID. */
static noinline char *put_reasoned(char *p, const struct columns *c,
				   const struct ct_verdict *v)
{
	p = put_text(put_str(p, ",\"state\":"), columns_state(c, v));
	p = put_reason_members(put_verdict_member(p, v), v);
	return put_str(p, ",\"community_id\":\"");
}

static always_inline char *put_verdict(char *p, const struct columns *c,
				       const struct ct_verdict *v)
{
	bool tcp = v->proto == CT_L4_TCP;

	if (unlikely(v->nwhy || v->dropped || v->ctstate >= CT_FRAGMENT ||
		     (!tcp && columns_state(c, v) != &c->no_state)))
		return put_reasoned(p, c, v);
	return put_text_96(p, tcp ? &c->json.tcp_accepted[v->state] : &c->json.accepted);
}

static noinline void end_line(struct report *r, const struct packet_view *pkt, char *p)
{
	out_end(&r->out, p);
	json_window(&r->out, &pkt->v);
	if (r->rules)
		json_rule(r, &pkt->rule);
	json_origin(r);
	out_str(&r->out, "}\n");
}

void json_packet(struct report *r, const struct packet_view *pkt)
{
	const struct columns *c = &r->columns;
	const struct ct_verdict *v = &pkt->v;
	char *p = out_begin(&r->out), *end;

	if (unlikely(!c->made))
		columns_make(&r->columns, COLUMNS_JSON);
	p = put_str(p, "{\"type\":\"packet\",\"number\":");
	p = put_cached_number(p, pkt->number, &r->frame_number);
	p = put_time_iso(put_str(p, ",\"time\":\""), pkt->time, &r->iso_time);
	p = put_text_64(p, &c->json.state_dir[v->ctstate][v->dir]);
	p = likely(v->id) ? put_u64(p, v->id) : put_str(p, "null");
	p = put_ports(put_address_members(p, c, pkt), pkt);
	p = put_str(p, ",\"length\":");
	p = likely(pkt->len <= UINT16_MAX) ? put_u16(p, (uint16_t)pkt->len) :
					     put_u64(p, pkt->len);
	if (pkt->protonum == CT_L4_TCP)
		p = put_flags_member(p, c, &pkt->summary);
	p = put_verdict(p, c, v);
	end = put_packet_community_id(p, pkt, &r->community);
	p = likely(end != NULL) ? put_char(end, '"') : put_str(p - 1, "null");
	if (likely(!(v->windowed || r->files || r->interfaces || r->origin.late ||
		     r->rules)))
		out_end(&r->out, put_str(p, "}\n"));
	else
		end_line(r, pkt, p);
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
