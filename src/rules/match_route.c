/* SPDX-License-Identifier: GPL-2.0-only */
/* addrtype and rpfilter: what the host's routes say of an address. */
#include "rules/reader.h"

struct addrtype {
	uint16_t src, dst;	/* 1 << enum route_type; 0: not asked */
	bool	 src_inverted, dst_inverted, limit_in, limit_out;
};

static bool take_types(struct reader *r, uint16_t *types, bool *inverse)
{
	static const char *const names[] = {
		"UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST",
		"BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT",
		"XRESOLVE", NULL
	};
	const char *s = take(r);

	if (!s)
		return false;
	if (*types)
		return refuse(r, r->option, "this option stands there already");
	*inverse = inverted(r);
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		int n = -1;

		for (int i = 0; names[i]; i++)
			if (strlen(names[i]) == (size_t)(p.end - p.s) &&
			    !strncasecmp(names[i], p.s, (size_t)(p.end - p.s)))
				n = i;
		if (n < 0)
			return refuse(r, s, "no such type of address");
		*types |= (uint16_t)(1u << n);
	}
	return true;
}

static enum took addrtype_option(struct reader *r, void *info, const char *opt)
{
	struct addrtype *m = info;

	if (is(opt, "--src-type"))
		return took(take_types(r, &m->src, &m->src_inverted));
	if (is(opt, "--dst-type"))
		return took(take_types(r, &m->dst, &m->dst_inverted));
	m->limit_in |= is(opt, "--limit-iface-in");
	m->limit_out |= is(opt, "--limit-iface-out");
	return is(opt, "--limit-iface-in") || is(opt, "--limit-iface-out") ?
		TOOK : NOT_MINE;
}

static bool routes_known(struct reader *r, const char *name)
{
	return r->rules->routes.given || r->rules->options.unknown_ok ||
	       refuse(r, name, "it asks for the host's routes; give what "
		      "'ip route show table all' prints (--routes FILE)");
}

static bool addrtype_finish(struct reader *r, void *info)
{
	const struct addrtype *m = info;
	uint8_t hook = r->set->chain[r->chain].hook;

	if (!m->src && !m->dst)
		return refuse(r, "addrtype", "--src-type or --dst-type is missing");
	if (m->limit_in && m->limit_out)
		return refuse(r, "addrtype", "only one of its limits");
	if (m->limit_in && (hook == RULES_OUTPUT || hook == RULES_POSTROUTING))
		return refuse(r, "addrtype", "no packet has an input interface "
			      "in this chain");
	if (m->limit_out && (hook == RULES_PREROUTING || hook == RULES_INPUT))
		return refuse(r, "addrtype", "no packet has an output interface "
			      "in this chain");
	return routes_known(r, "addrtype");
}

/* __inet_dev_addr_type(): table local decides, and all else is UNICAST. */
static enum route_type type4(const struct rules_context *c,
			     const union ct_addr *a,
			     const struct rules_iface *dev)
{
	const struct route *to;

	if (!a->b[0] || load_be32(a->b) == UINT32_MAX)
		return ROUTE_BROADCAST;
	if (a->b[0] >> 4 == 14)
		return ROUTE_MULTICAST;
	to = routes_find_in(&c->rules->routes, CT_L3_IPV4, ROUTE_TABLE_LOCAL, a);
	if (!to || (dev && to->dev && to->dev != dev))
		return ROUTE_UNICAST;
	return (enum route_type)to->type;
}

/* match_type6() of xt_addrtype.c: all that is asked for must be so. */
static bool type6(const struct rules_context *c, const union ct_addr *a,
		  const struct rules_iface *dev, uint16_t types)
{
	static const uint16_t routed = 1u << ROUTE_LOCAL | 1u << ROUTE_ANYCAST |
				       1u << ROUTE_UNREACHABLE;
	static const union ct_addr none;
	bool multicast = a->b[0] == 0xff;
	bool any = !memcmp(a, &none, sizeof(none));
	const struct route *to;
	enum route_type is_type;

	if ((types & 1u << ROUTE_MULTICAST && !multicast) ||
	    (types & 1u << ROUTE_UNICAST && (multicast || any)) ||
	    (types & 1u << ROUTE_UNSPEC && !any))
		return false;
	if (!(types & routed))
		return true;
	to = routes_find(&c->rules->routes, CT_L3_IPV6, a);
	if (!to || to->type >= ROUTE_BLACKHOLE)
		is_type = ROUTE_UNREACHABLE;
	else if (dev && to->dev && to->dev != dev)
		is_type = ROUTE_UNICAST;
	else
		is_type = (enum route_type)to->type;
	return types >> is_type & 1;
}

static bool is_of(const struct rules_context *c, const union ct_addr *a,
		  const struct rules_iface *dev, uint16_t types)
{
	if (c->family == CT_L3_IPV6)
		return type6(c, a, dev, types);
	return types >> type4(c, a, dev) & 1;
}

static enum answer addrtype_match(void *info, struct rules_context *c)
{
	const struct addrtype *m = info;
	const struct rules_iface *dev = m->limit_in ? c->in :
					m->limit_out ? c->out : NULL;

	if (!c->rules->routes.given)
		return ANSWER_UNKNOWN;
	return answer((!m->src ||
		       is_of(c, &c->src, dev, m->src) != m->src_inverted) &&
		      (!m->dst ||
		       is_of(c, &c->dst, dev, m->dst) != m->dst_inverted));
}

const struct match_ops match_addrtype = {
	.name = "addrtype", .size = sizeof(struct addrtype),
	.option = addrtype_option, .finish = addrtype_finish,
	.match = addrtype_match,
	.of_flow = match_is_of_flow,
};

struct rpfilter { bool loose, accept_local, inverted; };

static enum took rpfilter_option(struct reader *r, void *info, const char *opt)
{
	struct rpfilter *m = info;

	(void)r;
	m->loose |= is(opt, "--loose");
	m->accept_local |= is(opt, "--accept-local");
	m->inverted |= is(opt, "--invert");
	return is(opt, "--loose") || is(opt, "--accept-local") ||
	       is(opt, "--invert") || is(opt, "--validmark") ? TOOK : NOT_MINE;
}

static bool rpfilter_finish(struct reader *r, void *info)
{
	(void)info;
	if (r->table != RULES_RAW && r->table != RULES_MANGLE)
		return refuse(r, "rpfilter", "it can be used in raw and mangle only");
	return routes_known(r, "rpfilter");
}

/* rpfilter_lookup_reverse() and ..._reverse6(). */
static bool way_back(const struct rpfilter *m, struct rules_context *c)
{
	const struct route *to;

	if (c->family == CT_L3_IPV4 && c->dst.b[0] >> 4 == 14 && !c->src.b[0])
		return load_be32(c->dst.b) >> 8 == 0xe00000;
	to = routes_find(&c->rules->routes, c->family, &c->src);
	if (!to || (to->type != ROUTE_UNICAST &&
		    !(to->type == ROUTE_LOCAL && m->accept_local)))
		return false;
	return m->loose || to->dev == c->in;
}

static enum answer rpfilter_match(void *info, struct rules_context *c)
{
	static const union ct_addr none;
	const struct rpfilter *m = info;

	if (!c->rules->routes.given)
		return ANSWER_UNKNOWN;
	/* Duplicate address detection. */
	if (c->family == CT_L3_IPV6 && !memcmp(&c->src, &none, sizeof(none)))
		return answer(!m->inverted);
	return answer(way_back(m, c) != m->inverted);
}

const struct match_ops match_rpfilter = {
	.name = "rpfilter", .size = sizeof(struct rpfilter),
	.hooks = HOOK_BIT(RULES_PREROUTING), .option = rpfilter_option,
	.finish = rpfilter_finish, .match = rpfilter_match,
	.of_flow = match_is_of_flow,
};
