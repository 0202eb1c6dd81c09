/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/detail.h"

#include "report/format.h"
#include "report/shown.h"

/* RFC 9260 section 3.2, RFC 5061, RFC 4895, RFC 3758, RFC 6525, RFC 8260. */
static const char *chunk_name(uint32_t type)
{
	static const char *const names[] = {
		"DATA", "INIT", "INIT_ACK", "SACK", "HEARTBEAT", "HEARTBEAT_ACK",
		"ABORT", "SHUTDOWN", "SHUTDOWN_ACK", "ERROR", "COOKIE_ECHO",
		"COOKIE_ACK", "ECNE", "CWR", "SHUTDOWN_COMPLETE", "AUTH",
		[0x40] = "I_DATA", [0x80] = "ASCONF_ACK", [0x82] = "RE_CONFIG",
		[0x84] = "PAD", [0xc0] = "FORWARD_TSN", [0xc1] = "ASCONF",
		[0xc2] = "I_FORWARD_TSN",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

static char *put_chunk(char *p, uint32_t type)
{
	const char *name = chunk_name(type);

	return name ? put_str(p, name) : put_u64(put_str(p, "type-"), type);
}

static char *put_proto_name(char *p, uint8_t protonum)
{
	return ct_proto_is_generic(protonum) ?
	       put_u64(put_str(p, "proto-"), protonum) :
	       put_str(p, ct_proto_name(protonum));
}

/* The EtherTypes that GRE carries; others as a number. */
static char *put_ethertype(char *p, uint16_t type)
{
	static const struct { uint16_t type; const char *name; } names[] = {
		{ 0x0800, "ipv4" }, { 0x86dd, "ipv6" }, { 0x6558, "ethernet" },
		{ 0x88be, "erspan" }, { 0x22eb, "erspan3" }, { 0x880b, "ppp" },
		{ 0x8847, "mpls" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return put_str(p, names[i].name);
	return put_hex(put_str(p, "0x"), type);
}

static char *put_quote(char *p, const struct packet_view *pkt)
{
	const struct packet_detail *d = &pkt->detail;

	p = put_proto_name(put_str(p, ",about="), d->protonum);
	p = put_endpoint(put_char(p, ':'), &d->src, pkt->l3num, d->ports, d->sport);
	return put_endpoint(put_char(p, '>'), &d->dst, pkt->l3num, d->ports, d->dport);
}

/* A packet without one leaves the view's member as it was. */
static const struct packet_detail *detail_of(const struct packet_view *pkt)
{
	static const struct packet_detail none;

	return pkt->summary.detailed ? &pkt->detail : &none;
}

char *put_detail(char *p, const struct packet_view *pkt)
{
	const struct packet_detail *d = detail_of(pkt);

	switch (d->kind) {
	case DETAIL_SCTP:
		for (unsigned int i = 0; i < d->chunks; i++)
			p = put_chunk(put_char(p, ','), d->type[i]);
		return d->more ? put_str(p, ",...") : p;
	case DETAIL_GRE:
		p = put_ethertype(put_str(p, ",carries="), d->inner);
		if (d->call)
			return put_u64(put_str(p, ",call="), d->number);
		return d->key ? put_hex(put_str(p, ",key=0x"), d->number) : p;
	case DETAIL_QUOTE:
		return put_quote(p, pkt);
	}
	return p;
}

static char *put_number_or_null(char *p, const char *key, bool there, uint64_t n)
{
	p = put_str(p, key);
	return there ? put_u64(p, n) : put_str(p, "null");
}

static char *put_chunk_list(char *p, const struct packet_detail *d)
{
	p = put_str(p, ",\"sctp_chunks\":[");
	for (unsigned int i = 0; i < d->chunks; i++) {
		p = put_chunk(put_str(p, i ? ",\"" : "\""), d->type[i]);
		p = put_char(p, '"');
	}
	return put_char(p, ']');
}

static char *put_quoted_address(char *p, const char *key, bool there, uint8_t l3num,
				const union ct_addr *a)
{
	p = put_str(p, key);
	if (!there)
		return put_str(p, "null");
	return put_char(put_address(put_char(p, '"'), a, l3num), '"');
}

static char *put_quoted_members(char *p, const struct packet_detail *d, uint8_t l3num)
{
	bool there = d->kind == DETAIL_QUOTE;

	p = put_str(p, ",\"quoted_proto\":");
	p = there ? put_char(put_proto_name(put_char(p, '"'), d->protonum), '"') :
		    put_str(p, "null");
	p = put_quoted_address(p, ",\"quoted_src\":", there, l3num, &d->src);
	p = put_quoted_address(p, ",\"quoted_dst\":", there, l3num, &d->dst);
	p = put_number_or_null(p, ",\"quoted_sport\":", there && d->ports, d->sport);
	return put_number_or_null(p, ",\"quoted_dport\":", there && d->ports, d->dport);
}

char *put_detail_members(char *p, const struct packet_view *pkt)
{
	const struct packet_detail *d = detail_of(pkt);

	switch (pkt->protonum) {
	case CT_L4_SCTP:
		return d->kind == DETAIL_SCTP ? put_chunk_list(p, d) :
						put_str(p, ",\"sctp_chunks\":null");
	case CT_L4_GRE:
		p = put_number_or_null(p, ",\"gre_protocol\":",
				       d->kind == DETAIL_GRE, d->inner);
		p = put_number_or_null(p, ",\"gre_key\":", d->key, d->number);
		return put_number_or_null(p, ",\"gre_call_id\":", d->call, d->number);
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		return put_quoted_members(p, d, pkt->l3num);
	}
	return p;
}

static char *put_quoted_fields(char *p, const struct packet_detail *d, uint8_t l3num)
{
	if (d->kind != DETAIL_QUOTE)
		return put_str(p, ",,,,,");
	p = put_char(put_proto_name(p, d->protonum), ',');
	p = put_char(put_address(p, &d->src, l3num), ',');
	p = put_char(put_address(p, &d->dst, l3num), ',');
	if (!d->ports)
		return put_str(p, ",,");
	p = put_char(put_u64(p, d->sport), ',');
	return put_char(put_u64(p, d->dport), ',');
}

static char *put_gre_fields(char *p, const struct packet_detail *d)
{
	if (d->kind != DETAIL_GRE)
		return put_str(p, ",,,");
	p = put_char(put_u64(p, d->inner), ',');
	p = put_char(d->key ? put_u64(p, d->number) : p, ',');
	return put_char(d->call ? put_u64(p, d->number) : p, ',');
}

char *put_detail_fields(char *p, const struct packet_view *pkt)
{
	const struct packet_detail *d = detail_of(pkt);

	p = put_quoted_fields(p, d, pkt->l3num);
	for (unsigned int i = 0; d->kind == DETAIL_SCTP && i < d->chunks; i++)
		p = put_chunk(i ? put_char(p, ' ') : p, d->type[i]);
	return put_gre_fields(put_char(p, ','), d);
}

char *put_reason_names(char *p, const struct ct_verdict *v)
{
	const struct ct_why *w = &v->why[0];
	const char *state;

	if (!v->nwhy)
		return p;
	if (w->reason == CT_REASON_SCTP_CHUNK_VTAG)
		return put_char(put_chunk(put_str(p, " ["), w->n[0]), ']');
	if (w->reason != CT_REASON_SCTP_STATE)
		return p;
	state = ct_proto_state_name(CT_L4_SCTP, (uint8_t)w->n[0]);
	p = put_str(put_str(p, " [state "), state ? state : "?");
	p = put_chunk(put_str(p, ", chunk "), w->n[2]);
	return put_char(p, ']');
}
