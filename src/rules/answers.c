/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/answers.h"

#include <stdlib.h>

#include "rules/clock.h"
#include "rules/ip_options.h"

#define TTL		64u
#define ICMP_MAX	576u	/* __icmp_send(): an error's whole length */
#define ICMP6_MAX	1280u	/* IPV6_MIN_MTU */
#define PEERS_MAX	65536u

bool answers_init(struct rules *r)
{
	r->answers = calloc(1, sizeof(*r->answers));
	if (r->answers)
		kv_init(&r->answers->peers, sizeof(union ct_addr),
			2 * sizeof(uint64_t), PEERS_MAX);
	return r->answers != NULL;
}

void answers_free(struct rules *r)
{
	if (r->answers)
		kv_free(&r->answers->peers);
	free(r->answers);
	r->answers = NULL;
}

static uint32_t sum(uint32_t s, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i + 1 < n; i += 2)
		s += load_be16(p + i);
	if (n & 1)
		s += (uint32_t)p[n - 1] << 8;
	return (s & 0xffff) + (s >> 16);
}

static uint16_t folded(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

/* nf_reject_verify_csum(): protocols whose checksum says nothing here. */
static bool has_checksum(const struct rules_context *c)
{
	uint8_t h[2] = { 0 };

	switch (c->l4proto) {
	case CT_L4_GRE: case 50: case 51:
	case CT_L4_SCTP: case CT_L4_UDPLITE:
		return false;
	case CT_L4_UDP:
		return !bytes_copy(&c->b, c->l4off + 6, h, 2) || (h[0] | h[1]);
	}
	return true;
}

static bool checksum_right(struct rules_context *c)
{
	/* nf_ip_checksum() sums the IP header as well, which makes 0xffff. */
	uint32_t s = c->family == CT_L3_IPV4 ? 0xffff : 0, n = c->len - c->l4off;
	unsigned int bytes = c->family == CT_L3_IPV6 ? 16 : 4;

	/* reject6_csum_ok() wants something behind the headers; other errors are also
	 * about packets whose headers do not end, see is_ineligible(). */
	if (c->family == CT_L3_IPV6 && (c->no_l4 || c->l4off >= c->len))
		return false;
	if (c->l4off > c->len || !has_checksum(c) || c->b.cap < c->b.len)
		return c->l4off <= c->len;
	if (c->family == CT_L3_IPV6 || c->l4proto == CT_L4_TCP ||
	    c->l4proto == CT_L4_UDP) {
		s = sum(s, c->src.b, bytes);
		s = sum(s, c->dst.b, bytes);
		s += n + c->l4proto;
	}
	return folded(sum(s, c->b.p + c->l4off, n)) == 0;
}

/* The options that the answer repeats; false: it cannot, so that there is none, or
 * REJECT finds the IP header's checksum wrong, since the router has written into them.
 * Connection tracking has found it right before, which is enough for ICMP. */
static bool find_echo(const struct rules_context *c, const struct reply *reply,
		      struct options4_echo *echo)
{
	*echo = (struct options4_echo){ 0 };
	if (c->family != CT_L3_IPV4)
		return true;
	options4_read(c, echo);
	if (echo->none)
		return false;
	if (!echo->changed || !reply->checked || !reply->attached)
		return true;
	return reply->kind != REPLY_RESET && (!c->untracked || !has_checksum(c));
}

/* A peer's tokens, which all kinds of errors share: 'burst' of 'cost' ticks at
 * most, of which one costs 'cost'. */
static bool take_token(struct rules_context *c, uint64_t burst, uint64_t cost)
{
	struct kv *peers = &c->rules->answers->peers;
	uint64_t *v = kv_find(peers, &c->src), now = ticks(c->now);

	if (!v) {
		v = kv_add(peers, &c->src);
		if (!v)
			return true;
		v[0] = 60 * RULES_HZ;	/* inet_getpeer() */
	} else {
		v[0] += now - v[1];
	}
	v[1] = now;
	if (v[0] > burst * cost)
		v[0] = burst * cost;
	if (v[0] < cost)
		return false;
	v[0] -= cost;
	return true;
}

bool answers_route_error(struct rules_context *c)
{
	return take_token(c, 5, RULES_HZ);
}

/* icmpv4_xrlim_allow() and icmpv6_xrlim_allow(), which tells wider networks more
 * often. */
static bool allowed(struct rules_context *c, unsigned int plen)
{
	uint64_t second = RULES_HZ;

	if (c->rules->options.icmp_unlimited)
		return true;
	if (c->family == CT_L3_IPV6 && plen < 128)
		second >>= (128 - plen) >> 5;
	return take_token(c, 6, second);
}

static bool is_icmp_error(struct rules_context *c)
{
	uint8_t type;

	if (!bytes_u8(&c->b, c->l4off, &type))
		return true;
	if (c->l4proto == CT_L4_ICMPV6)
		return !(type & 0x80);
	/* icmp_pointers[]: types without a meaning and routers' messages as well. */
	return type > 18 || (1u << type & 0x1efe);
}

static bool multicast(unsigned int family, const union ct_addr *a)
{
	return family == CT_L3_IPV6 ? a->b[0] == 0xff : a->b[0] >> 4 == 14;
}

/* Whether an error may be sent about this packet at all. */
static bool may_tell(struct rules_context *c, bool groups)
{
	static const union ct_addr none;

	if (c->pkttype != RULES_PKT_HOST && !c->local && !groups)
		return false;
	if (c->fragoff || c->addr_dst == ROUTE_BROADCAST ||
	    (multicast(c->family, &c->dst) && !groups) ||
	    multicast(c->family, &c->src) ||
	    !memcmp(&c->src, &none, sizeof(none)))
		return false;
	return c->l4proto != (c->family == CT_L3_IPV6 ? CT_L4_ICMPV6 : CT_L4_ICMP) ||
	       !is_icmp_error(c);
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint8_t traffic_class(const struct rules_context *c)
{
	uint8_t h[2] = { 0 };

	bytes_copy(&c->b, 0, h, 2);
	return c->family == CT_L3_IPV6 ? (uint8_t)(h[0] << 4 | h[1] >> 4) : h[1];
}

/* An answer to an answer is made from the first, so there are two. */
static uint8_t *answer_room(const struct rules_context *c)
{
	return c->rules->reply + (c->kernels ? PACKET_ROOM : 0);
}

/* 'echo': the options to repeat, of an answer to IPv4; or NULL. */
static uint8_t *ip_header(struct rules_context *c, const union ct_addr *src,
			  uint8_t proto, uint8_t tos, uint32_t payload,
			  const struct options4_echo *echo)
{
	uint8_t *p = answer_room(c);
	uint32_t header = 20 + (echo ? echo->n : 0);

	if (c->family == CT_L3_IPV6) {
		memset(p, 0, 40);
		put32(p, 6u << 28 | (uint32_t)tos << 20);
		put16(p + 4, payload);
		p[6] = proto;
		p[7] = TTL;
		memcpy(p + 8, src->b, 16);
		memcpy(p + 24, c->src.b, 16);
		return p + 40;
	}
	memset(p, 0, 20);
	p[0] = (uint8_t)(0x40 | header / 4);
	p[1] = tos;
	put16(p + 2, header + payload);
	if (proto == CT_L4_TCP)
		p[6] = 0x40;
	p[8] = TTL;
	p[9] = proto;
	memcpy(p + 12, src->b, 4);
	memcpy(p + 16, c->src.b, 4);
	if (echo)
		memcpy(p + 20, echo->b, echo->n);
	put16(p + 10, folded(sum(0, p, header)));
	return p + header;
}

static void finish(struct rules_context *c, uint8_t *l4, uint32_t n,
		   uint32_t check_off, struct ct_packet *pkt)
{
	uint8_t *p = answer_room(c);
	uint32_t header = (uint32_t)(l4 - p), s = 0;
	uint8_t proto = c->family == CT_L3_IPV6 ? p[6] : p[9];

	if (proto != CT_L4_ICMP) {
		s = c->family == CT_L3_IPV6 ? sum(0, p + 8, 32) : sum(0, p + 12, 8);
		s += n + proto;
	}
	put16(l4 + check_off, 0);
	put16(l4 + check_off, folded(sum(s, l4, n)));
	ct_packet_parse(pkt, p, header + n, header + n, (enum ct_l3)c->family, 0);
}

static bool make_icmp(struct rules_context *c, const struct reply *reply,
		      struct ct_packet *pkt)
{
	bool v6 = c->family == CT_L3_IPV6;
	uint32_t header = v6 ? 48 : 28, room, tos = 0;
	const struct bytes *b = context_bytes(c);
	struct options4_echo echo;
	const struct route *to;
	union ct_addr src = c->dst;
	uint8_t *l4;

	if (!may_tell(c, reply->kind == REPLY_ICMP_GROUPS) ||
	    (reply->checked && !checksum_right(c)) || !find_echo(c, reply, &echo))
		return false;
	to = routes_find(&c->rules->routes, c->family, &c->src);
	if ((!to && c->rules->routes.given) || !allowed(c, to ? to->plen : 0))
		return false;
	if (c->addr_dst != ROUTE_LOCAL &&
	    !routes_source(&c->rules->routes, c->family, &c->src,
			   to && c->src.b[0] != 0xfe ? to->dev : c->in, &src))
		return false;
	room = (v6 ? ICMP6_MAX : ICMP_MAX) - header - echo.n;
	if (room > b->len)
		room = b->len;
	if (!v6)	/* the type of service stays, of network control */
		tos = (traffic_class(c) & 0x1eu) | 0xc0;
	l4 = ip_header(c, &src, v6 ? CT_L4_ICMPV6 : CT_L4_ICMP, (uint8_t)tos,
		       8 + room, &echo);
	memset(l4, 0, 8);
	l4[0] = reply->type;
	l4[1] = reply->code;
	bytes_copy(b, 0, l4 + 8, room);
	finish(c, l4, 8 + room, 2, pkt);
	return true;
}

/* nf_reject_ip_tcphdr_put(): no reset about a reset. */
static bool make_reset(struct rules_context *c, const struct reply *reply,
		       struct ct_packet *pkt)
{
	struct options4_echo echo = { 0 };
	uint8_t tcp[20], *l4, tos = 0;
	uint32_t flags;

	if (c->l4proto != CT_L4_TCP || c->fragoff || c->no_l4 ||
	    !bytes_copy(&c->b, c->l4off, tcp, sizeof(tcp)) || tcp[13] & 4 ||
	    (reply->checked && !checksum_right(c)) ||
	    c->addr_dst == ROUTE_BROADCAST || multicast(c->family, &c->dst))
		return false;
	flags = tcp[13];
	/* tcp_v4_send_reset() takes the packet's type of service and options, REJECT
	 * none. */
	if (!find_echo(c, reply, &echo))
		return false;
	if (reply->attached)
		echo.n = 0;
	else
		tos = traffic_class(c) & 0xfc;
	l4 = ip_header(c, &c->dst, CT_L4_TCP, tos, sizeof(tcp), &echo);
	memset(l4, 0, sizeof(tcp));
	memcpy(l4, tcp + 2, 2);
	memcpy(l4 + 2, tcp, 2);
	l4[12] = 0x50;
	l4[13] = 4;
	if (flags & 0x10) {
		memcpy(l4 + 4, tcp + 8, 4);
	} else {
		uint32_t n = c->len - c->l4off - (tcp[12] >> 4) * 4u;

		put32(l4 + 8, load_be32(tcp + 4) + !!(flags & 2) + (flags & 1) + n);
		l4[13] |= 0x10;
	}
	finish(c, l4, sizeof(tcp), 16, pkt);
	return true;
}

/* icmp_echo(): not to a broadcast. */
static bool make_echo(struct rules_context *c, const struct reply *reply,
		      struct ct_packet *pkt)
{
	uint32_t n = c->len - c->l4off;
	struct options4_echo echo;
	uint8_t *l4;

	if (c->addr_dst != ROUTE_LOCAL || c->l4off > c->len || n < 8 ||
	    c->len > PACKET_ROOM - 64 || !checksum_right(c) ||
	    !find_echo(c, reply, &echo))
		return false;
	if (reply->type == 14)	/* icmp_timestamp(): three times, no more */
		n = 20;
	l4 = ip_header(c, &c->dst, c->l4proto, traffic_class(c), n,
		       &echo);
	memset(l4, 0, n);
	if (!bytes_copy(&c->b, c->l4off, l4, n))
		bytes_copy(&c->b, c->l4off, l4, 8);
	l4[0] = reply->type;
	finish(c, l4, n, 2, pkt);
	return true;
}

bool answers_make(struct rules_context *c, const struct reply *reply,
		  struct ct_packet *pkt)
{
	switch (reply->kind) {
	case REPLY_ICMP:
	case REPLY_ICMP_GROUPS:
		return make_icmp(c, reply, pkt);
	case REPLY_RESET:
		return make_reset(c, reply, pkt);
	case REPLY_ECHO:
		return make_echo(c, reply, pkt);
	}
	return false;
}
