/* SPDX-License-Identifier: GPL-2.0-only */
/* way.c - from PREROUTING to this host or to another: ip_route_input_slow(),
 * ip6_route_input() and what comes before a packet is forwarded. */
#include "rules/run.h"

#include "rules/ip_options.h"

/* Groups that every host is in; ff02::1:ffXX:XXXX when an address ends so. */
static bool member(const struct rules_context *c)
{
	const struct routes *t = &c->rules->routes;
	const uint8_t *d = c->dst.b;

	if (c->family == CT_L3_IPV4)
		return load_be32(d) == 0xe0000001;
	if ((d[1] & 15) == 2 && !c->dst.w[1] && !c->dst.w[2] &&
	    load_be32(d + 12) <= 2)
		return true;
	if (load_be32(d + 8) != 1 || d[12] != 0xff)
		return false;
	for (uint32_t i = 0; i < t->n; i++)
		if (t->route[i].family == CT_L3_IPV6 &&
		    t->route[i].type == ROUTE_LOCAL && t->route[i].plen == 128 &&
		    !memcmp(t->route[i].prefix.b + 13, d + 13, 3))
			return true;
	return false;
}

static void answer_with(struct rules_context *c, uint8_t type, uint8_t code)
{
	static const struct reply errors[][16] = {	/* IPv4: 3 and 11 */
		[0] = { [0] = { REPLY_ICMP, 3, 0, true, false },
			[1] = { REPLY_ICMP, 3, 1, true, false },
			[13] = { REPLY_ICMP, 3, 13, true, false } },
		[1] = { [0] = { REPLY_ICMP, 11, 0, true, false } },
		[2] = { [0] = { REPLY_ICMP, 1, 0, true, false },
			[2] = { REPLY_ICMP, 1, 2, true, false },
			[3] = { REPLY_ICMP, 1, 3, true, false } },
		[3] = { [0] = { REPLY_ICMP, 3, 0, true, false } },
	};
	bool v6 = c->family == CT_L3_IPV6;

	c->reply = &errors[(v6 ? 2 : 0) + (type == (v6 ? 3 : 11))][code];
}

/* What becomes of a packet that no route, or a refusing one, leads on: ip_error()
 * and ip6_pkt_drop(). */
static enum way no_way(struct run *run, const struct route *to)
{
	struct rules_context *c = run->c;
	uint8_t type = to ? to->type : ROUTE_UNSPEC;

	run_stop(run, RULES_WHY_NO_ROUTE);
	if (type == ROUTE_BLACKHOLE ||
	    (c->family == CT_L3_IPV4 && !answers_route_error(c)))
		return WAY_DROPPED;
	if (c->family == CT_L3_IPV6)
		answer_with(c, 1, type == ROUTE_PROHIBIT ? 0 : 0);
	else
		answer_with(c, 3, type == ROUTE_PROHIBIT ? 13 :
			    type == ROUTE_UNREACHABLE ? 1 : 0);
	return WAY_DROPPED;
}

static enum way martian(struct run *run)
{
	run_stop(run, RULES_WHY_MARTIAN);
	return WAY_DROPPED;
}

const struct route *way_to(struct rules *r, unsigned int family,
				  const union ct_addr *dst)
{
	uint64_t h = (dst->d[0] ^ dst->d[1]) * 0x9e3779b97f4a7c15ull;
	struct known_way *w = &r->way[h >> 32 & (KNOWN_WAYS - 1)];

	if (!r->routes.n)
		return NULL;
	if (w->family != family || w->dst.d[0] != dst->d[0] ||
	    w->dst.d[1] != dst->d[1])
		*w = (struct known_way){ *dst, routes_find(&r->routes, family, dst),
					 (uint8_t)family };
	return w->to;
}

static enum way by_route(struct run *run)
{
	struct rules_context *c = run->c;
	const struct route *to = way_to(c->rules, c->family, &c->dst);

	if (!to)
		return no_way(run, to);
	c->addr_dst = to->type;
	switch (to->type) {
	case ROUTE_LOCAL:
	case ROUTE_BROADCAST:
	case ROUTE_ANYCAST:
		return WAY_INPUT;
	case ROUTE_UNICAST:
		if (to->dev)
			c->out = to->dev;
		return WAY_FORWARD;
	}
	return no_way(run, to);
}

/* ip_route_input_slow(). */
static enum way route4(struct run *run)
{
	struct rules_context *c = run->c;
	uint32_t src = load_be32(c->src.b), dst = load_be32(c->dst.b);

	if (is_multicast(c, &c->src) || src == 0xffffffff)
		return martian(run);
	if (is_multicast(c, &c->dst)) {
		c->addr_dst = ROUTE_MULTICAST;
		/* ip_mc_validate_source() */
		if (src >> 24 == 127 || (!src && dst >> 8 != 0xe00000))
			return martian(run);
		if (member(c))
			return WAY_INPUT;
		run_stop(run, RULES_WHY_NOT_MEMBER);
		return WAY_DROPPED;
	}
	if (dst == 0xffffffff || (!src && !dst)) {
		c->addr_dst = ROUTE_BROADCAST;
		return WAY_INPUT;
	}
	if (src >> 24 == 0 || dst >> 24 == 0 || src >> 24 == 127 ||
	    dst >> 24 == 127)
		return martian(run);
	return by_route(run);
}

static enum way route6(struct run *run)
{
	struct rules_context *c = run->c;

	if (is_multicast(c, &c->dst)) {
		c->addr_dst = ROUTE_MULTICAST;
		if (member(c))
			return WAY_INPUT;
		run_stop(run, RULES_WHY_NOT_MEMBER);
		return WAY_DROPPED;
	}
	return by_route(run);
}

static enum way route(struct run *run)
{
	switch (run->r->options.path) {
	case RULES_PATH_FORWARD:
		return WAY_FORWARD;
	case RULES_PATH_INPUT:
		run->c->addr_dst = ROUTE_LOCAL;
		return WAY_INPUT;
	default:
		return run->c->family == CT_L3_IPV6 ? route6(run) : route4(run);
	}
}

/* ip_rcv_finish_core(): IPv4 options are read once the route is known, which may be
 * one that refuses. */
enum way run_route(struct run *run)
{
	static const struct reply broken = { REPLY_ICMP, 12, 0, true, false };
	struct rules_context *c = run->c;
	enum way way = route(run);
	enum options_word word;

	if (c->family != CT_L3_IPV4 ||
	    (way == WAY_DROPPED && run->out->why != RULES_WHY_NO_ROUTE))
		return way;
	word = options4_read(c, NULL);
	if (word == OPTIONS_FINE)
		return way;
	c->reply = word == OPTIONS_TELL ? &broken : NULL;
	run_stop(run, RULES_WHY_OPTIONS);
	return WAY_DROPPED;
}

bool run_read_options6(struct run *run)
{
	static const struct reply unknown[] = {
		{ REPLY_ICMP, 4, 2, false, false },
		{ REPLY_ICMP_GROUPS, 4, 2, false, false },
	};
	struct rules_context *c = run->c;
	enum options_word word = options6_read(c);
	const struct route *to;

	if (word == OPTIONS_FINE)
		return true;
	if (word != OPTIONS_DROP)
		c->reply = &unknown[word == OPTIONS_TELL_GROUPS];
	to = way_to(c->rules, c->family, &c->dst);
	if (to && to->type == ROUTE_LOCAL)
		c->addr_dst = ROUTE_LOCAL;
	return run_stop(run, RULES_WHY_OPTIONS);
}

bool run_may_forward(struct run *run)
{
	struct rules_context *c = run->c;

	if (c->pkttype != RULES_PKT_HOST)
		return run_stop(run, RULES_WHY_OTHERHOST);
	if (c->ttl <= 1) {
		answer_with(c, c->family == CT_L3_IPV6 ? 3 : 11, 0);
		return run_stop(run, RULES_WHY_TTL);
	}
	if (c->family == CT_L3_IPV6) {
		static const union ct_addr none;

		if (!memcmp(&c->src, &none, sizeof(none)))
			return run_stop(run, RULES_WHY_MARTIAN);
		if (is_link_local(c, &c->src)) {
			answer_with(c, 1, 2);
			return run_stop(run, RULES_WHY_NO_ROUTE);
		}
	}
	c->ttl--;
	c->ttl_stale = true;
	return true;
}
