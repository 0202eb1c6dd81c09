/* SPDX-License-Identifier: GPL-2.0-only */
/* ttl, hl, tos, dscp, ecn, length, iprange: the IP header. */
#include "rules/reader.h"

enum { TTL_NONE, TTL_EQ, TTL_LT, TTL_GT };

struct ttl { uint8_t mode, value; bool inverted; };

static enum took ttl_words(struct reader *r, struct ttl *m, const char *opt,
			   const char *const words[4])
{
	int n = name_in(words, opt, strlen(opt));

	if (n < 0)
		return NOT_MINE;
	if (!take_u8(r, &m->value))
		return TOOK_FAILED;
	m->mode = n == 3 ? TTL_EQ : (uint8_t)(n + 1);
	if (m->mode == TTL_EQ)
		m->inverted = inverted(r);
	return TOOK;
}

static enum took ttl_option(struct reader *r, void *info, const char *opt)
{
	static const char *const words[] = {
		"--ttl-eq", "--ttl-lt", "--ttl-gt", "--ttl", NULL
	};

	return ttl_words(r, info, opt, words);
}

static enum took hl_option(struct reader *r, void *info, const char *opt)
{
	static const char *const words[] = {
		"--hl-eq", "--hl-lt", "--hl-gt", "--hl", NULL
	};

	return ttl_words(r, info, opt, words);
}

static bool ttl_finish(struct reader *r, void *info)
{
	return ((struct ttl *)info)->mode ||
	       refuse(r, NULL, "ttl and hl want -eq, -lt or -gt");
}

static enum answer ttl_match(void *info, struct rules_context *c)
{
	const struct ttl *m = info;

	if (m->mode == TTL_LT)
		return answer(c->ttl < m->value);
	if (m->mode == TTL_GT)
		return answer(c->ttl > m->value);
	return answer((c->ttl == m->value) != m->inverted);
}

const struct match_ops match_ttl = {
	.name = "ttl", .family = CT_L3_IPV4, .size = sizeof(struct ttl),
	.option = ttl_option, .finish = ttl_finish, .match = ttl_match,
};

const struct match_ops match_hl = {
	.name = "hl", .family = CT_L3_IPV6, .size = sizeof(struct ttl),
	.option = hl_option, .finish = ttl_finish, .match = ttl_match,
};

static uint8_t traffic_class(const struct rules_context *c)
{
	uint8_t h[2] = { 0 };

	bytes_copy(&c->b, 0, h, 2);
	return c->family == CT_L3_IPV6 ? (uint8_t)(h[0] << 4 | h[1] >> 4) : h[1];
}

struct tos { uint8_t value, mask; bool set, inverted; };

static bool take_tos(struct reader *r, struct tos *m)
{
	static const struct { const char *name; uint8_t value; } names[] = {
		{ "Minimize-Delay", 0x10 }, { "Maximize-Throughput", 0x08 },
		{ "Maximize-Reliability", 0x04 }, { "Minimize-Cost", 0x02 },
		{ "Normal-Service", 0x00 },
	};
	const char *s = take(r), *slash, *end;
	uint64_t value, mask = 0xff;

	if (!s)
		return false;
	m->set = true;
	m->inverted = inverted(r);
	for (size_t i = 0; i < RULES_COUNT(names); i++) {
		if (strcasecmp(s, names[i].name))
			continue;
		m->value = names[i].value;
		m->mask = 0x3f;
		return true;
	}
	end = s + strlen(s);
	slash = strchr(s, '/');
	if (!parse_u64(s, slash ? slash : end, 255, &value) ||
	    (slash && !parse_u64(slash + 1, end, 255, &mask)))
		return refuse(r, s, "--tos wants VALUE, VALUE/MASK or a name");
	m->value = (uint8_t)value;
	m->mask = (uint8_t)mask;
	return true;
}

static enum took tos_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--tos") ? took(take_tos(r, info)) : NOT_MINE;
}

static bool tos_finish(struct reader *r, void *info)
{
	return ((struct tos *)info)->set || refuse(r, "tos", "--tos is missing");
}

static enum answer tos_match(void *info, struct rules_context *c)
{
	const struct tos *m = info;

	return answer(((traffic_class(c) & m->mask) == m->value) != m->inverted);
}

const struct match_ops match_tos = {
	.name = "tos", .size = sizeof(struct tos), .option = tos_option,
	.finish = tos_finish, .match = tos_match,
};

bool take_dscp_class(struct reader *r, uint8_t *v)
{
	const char *s = take(r);
	uint64_t n, m;

	if (!s)
		return false;
	if (is(s, "BE") || is(s, "CS0") || is(s, "DF"))
		*v = 0;
	else if (is(s, "EF"))
		*v = 46;
	else if (strlen(s) == 3 && !strncasecmp(s, "CS", 2) &&
		 parse_u64(s + 2, s + 3, 7, &n))
		*v = (uint8_t)(8 * n);
	else if (strlen(s) == 4 && !strncasecmp(s, "AF", 2) &&
		 parse_u64(s + 2, s + 3, 4, &n) && n &&
		 parse_u64(s + 3, s + 4, 3, &m) && m)
		*v = (uint8_t)(8 * n + 2 * m);
	else
		return refuse(r, s, "there are the classes BE, CS0 to CS7, AF11 to "
			      "AF43 and EF");
	return true;
}

static enum took dscp_option(struct reader *r, void *info, const char *opt)
{
	struct tos *m = info;

	if (is(opt, "--dscp"))
		m->set = take_u8(r, &m->value);
	else if (is(opt, "--dscp-class"))
		m->set = take_dscp_class(r, &m->value);
	else
		return NOT_MINE;
	m->inverted = inverted(r);
	if (m->set && m->value > 63)
		return took(refuse(r, opt, "a DSCP is 63 at most"));
	return took(m->set);
}

static bool dscp_finish(struct reader *r, void *info)
{
	return ((struct tos *)info)->set || refuse(r, "dscp", "--dscp is missing");
}

static enum answer dscp_match(void *info, struct rules_context *c)
{
	const struct tos *m = info;

	return answer((traffic_class(c) >> 2 == m->value) != m->inverted);
}

const struct match_ops match_dscp = {
	.name = "dscp", .size = sizeof(struct tos), .option = dscp_option,
	.finish = dscp_finish, .match = dscp_match,
};

#define ECN_IP	1u
#define ECN_ECE	2u
#define ECN_CWR	4u

struct ecn { uint8_t asks, inverted, ect; };

static enum took ecn_option(struct reader *r, void *info, const char *opt)
{
	struct ecn *m = info;

	if (is(opt, "--ecn-tcp-cwr")) {
		m->asks |= ECN_CWR;
		m->inverted |= inverted(r) ? ECN_CWR : 0;
	} else if (is(opt, "--ecn-tcp-ece")) {
		m->asks |= ECN_ECE;
		m->inverted |= inverted(r) ? ECN_ECE : 0;
	} else if (is(opt, "--ecn-ip-ect")) {
		if (!take_u8(r, &m->ect) ||
		    (m->ect > 3 && !refuse(r, opt, "ECT is 3 at most")))
			return TOOK_FAILED;
		m->asks |= ECN_IP;
		m->inverted |= inverted(r) ? ECN_IP : 0;
	} else {
		return NOT_MINE;
	}
	return TOOK;
}

static bool ecn_finish(struct reader *r, void *info)
{
	const struct ecn *m = info;

	if (m->asks & (ECN_ECE | ECN_CWR) &&
	    (!(r->rule->checks & CHECK_PROTO) || r->rule->proto != 6))
		return refuse(r, "ecn", "flags of TCP need -p tcp");
	return m->asks || refuse(r, "ecn", "none of its options is given");
}

static enum answer ecn_match(void *info, struct rules_context *c)
{
	const struct ecn *m = info;
	uint8_t h[20];
	enum answer a;

	if (m->asks & ECN_IP &&
	    ((traffic_class(c) & 3) == m->ect) == !!(m->inverted & ECN_IP))
		return ANSWER_NO;
	if (!(m->asks & (ECN_ECE | ECN_CWR)))
		return ANSWER_YES;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a;
	if (m->asks & ECN_ECE &&
	    !!(h[13] & 0x40) == !!(m->inverted & ECN_ECE))
		return ANSWER_NO;
	return answer(!(m->asks & ECN_CWR) ||
		      !!(h[13] & 0x80) != !!(m->inverted & ECN_CWR));
}

const struct match_ops match_ecn = {
	.name = "ecn", .size = sizeof(struct ecn), .option = ecn_option,
	.finish = ecn_finish, .match = ecn_match,
};

struct length { uint16_t lo, hi; bool set, inverted; };

static enum took length_option(struct reader *r, void *info, const char *opt)
{
	struct length *m = info;
	uint64_t lo, hi;

	if (!is(opt, "--length"))
		return NOT_MINE;
	if (!take_range(r, UINT16_MAX, &lo, &hi))
		return TOOK_FAILED;
	*m = (struct length){ (uint16_t)lo, (uint16_t)hi, true, inverted(r) };
	return TOOK;
}

static bool length_finish(struct reader *r, void *info)
{
	return ((struct length *)info)->set ||
	       refuse(r, "length", "--length is missing");
}

static enum answer length_match(void *info, struct rules_context *c)
{
	const struct length *m = info;

	return answer((c->len >= m->lo && c->len <= m->hi) != m->inverted);
}

const struct match_ops match_length = {
	.name = "length", .size = sizeof(struct length),
	.option = length_option, .finish = length_finish, .match = length_match,
};

struct addr_range { union ct_addr lo, hi; bool set, inverted; };
struct iprange { struct addr_range src, dst; };

static bool take_addr_range(struct reader *r, struct addr_range *m)
{
	const char *s = take(r), *dash;

	if (!s)
		return false;
	dash = strchr(s, '-');
	m->set = true;
	m->inverted = inverted(r);
	if (!parse_addr(r, s, dash ? dash : s + strlen(s), &m->lo))
		return false;
	m->hi = m->lo;
	return !dash || parse_addr(r, dash + 1, s + strlen(s), &m->hi);
}

static enum took iprange_option(struct reader *r, void *info, const char *opt)
{
	struct iprange *m = info;

	if (is(opt, "--src-range"))
		return took(take_addr_range(r, &m->src));
	if (is(opt, "--dst-range"))
		return took(take_addr_range(r, &m->dst));
	return NOT_MINE;
}

static bool iprange_finish(struct reader *r, void *info)
{
	const struct iprange *m = info;

	return m->src.set || m->dst.set ||
	       refuse(r, "iprange", "--src-range or --dst-range is missing");
}

static bool in_range(const struct addr_range *m, const union ct_addr *a)
{
	return (memcmp(a->b, m->lo.b, 16) >= 0 &&
		memcmp(a->b, m->hi.b, 16) <= 0) != m->inverted;
}

static enum answer iprange_match(void *info, struct rules_context *c)
{
	const struct iprange *m = info;

	return answer((!m->src.set || in_range(&m->src, &c->src)) &&
		      (!m->dst.set || in_range(&m->dst, &c->dst)));
}

const struct match_ops match_iprange = {
	.name = "iprange", .size = sizeof(struct iprange),
	.option = iprange_option, .finish = iprange_finish,
	.match = iprange_match,
	.of_flow = match_is_of_flow,
};
