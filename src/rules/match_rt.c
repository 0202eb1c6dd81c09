/* SPDX-License-Identifier: GPL-2.0-only */
/* rt: the routing header of IPv6, ip6t_rt.c of the kernel. */
#include "rules/reader.h"

#define HEADER_ROUTING	43u
#define RT_HOPS		16u

struct rt {
	uint32_t type, left_lo, left_hi, len;
	bool	 type_set, left_set, len_set, reserved, loose;
	bool	 type_inverted, left_inverted, len_inverted;
	uint8_t  n;
	union ct_addr hop[RT_HOPS];
};

static bool take_hops(struct reader *r, struct rt *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		if (m->n == RT_HOPS)
			return refuse(r, s, "more than %u addresses", RT_HOPS);
		if (!parse_addr(r, p.s, p.end, &m->hop[m->n++]))
			return false;
	}
	return true;
}

static enum took rt_option(struct reader *r, void *info, const char *opt)
{
	struct rt *m = info;
	uint64_t lo, hi;

	if (is(opt, "--rt-type")) {
		m->type_set = take_u32(r, 255, &m->type);
		m->type_inverted = inverted(r);
		return took(m->type_set);
	}
	if (is(opt, "--rt-segsleft")) {
		if (!take_range(r, UINT32_MAX, &lo, &hi))
			return TOOK_FAILED;
		m->left_set = true;
		m->left_lo = (uint32_t)lo;
		m->left_hi = (uint32_t)hi;
		m->left_inverted = inverted(r);
		return TOOK;
	}
	if (is(opt, "--rt-len")) {
		m->len_set = take_u32(r, UINT16_MAX, &m->len);
		m->len_inverted = inverted(r);
		return took(m->len_set);
	}
	if (is(opt, "--rt-0-addrs"))
		return took(take_hops(r, m));
	m->reserved |= is(opt, "--rt-0-res");
	m->loose |= is(opt, "--rt-0-not-strict");
	return is(opt, "--rt-0-res") || is(opt, "--rt-0-not-strict") ? TOOK :
								       NOT_MINE;
}

/* The hops that are asked for: the first ones, or (not strict) some in order. */
static bool hops_fit(const struct rt *m, struct rules_context *c, uint32_t at,
		     uint32_t n)
{
	uint32_t i = 0;

	if (!m->n)
		return true;
	if (n < m->n)
		return false;
	for (uint32_t hop = 0; hop < n && i < m->n; hop++) {
		union ct_addr a;

		if (!bytes_copy(&c->b, at + 16 * hop, a.b, 16))
			return false;
		if (!memcmp(a.b, m->hop[i].b, 16))
			i++;
		else if (!m->loose)
			return false;
	}
	return i == m->n && (m->loose || n == m->n);
}

static enum answer rt_match(void *info, struct rules_context *c)
{
	const struct rt *m = info;
	struct v6_place at;
	uint8_t h[8];
	uint32_t len;

	if (!v6_find(&c->b, HEADER_ROUTING, &at) || at.proto != HEADER_ROUTING)
		return ANSWER_NO;
	if (!bytes_copy(&c->b, at.off, h, sizeof(h)))
		return hotdrop(c);
	len = (h[1] + 1u) * 8;
	if (at.off > c->len || c->len - at.off < len)
		return ANSWER_NO;
	if ((m->type_set && (h[2] == m->type) == m->type_inverted) ||
	    (m->len_set && (len == m->len) == m->len_inverted) ||
	    (m->left_set && (h[3] >= m->left_lo && h[3] <= m->left_hi) ==
			    m->left_inverted) ||
	    (m->reserved && load_be32(h + 4)))
		return ANSWER_NO;
	return answer(hops_fit(m, c, at.off + 8, (len - 8) / 16));
}

const struct match_ops match_rt = {
	.name = "rt", .family = CT_L3_IPV6, .size = sizeof(struct rt),
	.option = rt_option, .match = rt_match,
};
