/* SPDX-License-Identifier: GPL-2.0-only */
/* icmp and icmp6: icmp_match() and icmp6_match() of the kernel. */
#include "rules/reader.h"

struct icmp {
	uint8_t type, code_lo, code_hi;
	bool	set, inverted;
};

#define ICMP_ANY 255u	/* of IPv4: a type of 255 is any */

struct icmp_name {
	const char *name;
	uint8_t type, code_lo, code_hi;
};

static const struct icmp_name names4[] = {
	{ "any", 255, 0, 255 }, { "echo-reply", 0, 0, 255 }, { "pong", 0, 0, 255 },
	{ "destination-unreachable", 3, 0, 255 },
	{ "network-unreachable", 3, 0, 0 }, { "host-unreachable", 3, 1, 1 },
	{ "protocol-unreachable", 3, 2, 2 }, { "port-unreachable", 3, 3, 3 },
	{ "fragmentation-needed", 3, 4, 4 }, { "source-route-failed", 3, 5, 5 },
	{ "network-unknown", 3, 6, 6 }, { "host-unknown", 3, 7, 7 },
	{ "network-prohibited", 3, 9, 9 }, { "host-prohibited", 3, 10, 10 },
	{ "TOS-network-unreachable", 3, 11, 11 },
	{ "TOS-host-unreachable", 3, 12, 12 },
	{ "communication-prohibited", 3, 13, 13 },
	{ "host-precedence-violation", 3, 14, 14 },
	{ "precedence-cutoff", 3, 15, 15 }, { "source-quench", 4, 0, 255 },
	{ "redirect", 5, 0, 255 }, { "network-redirect", 5, 0, 0 },
	{ "host-redirect", 5, 1, 1 }, { "TOS-network-redirect", 5, 2, 2 },
	{ "TOS-host-redirect", 5, 3, 3 }, { "echo-request", 8, 0, 255 },
	{ "ping", 8, 0, 255 }, { "router-advertisement", 9, 0, 255 },
	{ "router-solicitation", 10, 0, 255 }, { "time-exceeded", 11, 0, 255 },
	{ "ttl-exceeded", 11, 0, 255 },
	{ "ttl-zero-during-transit", 11, 0, 0 },
	{ "ttl-zero-during-reassembly", 11, 1, 1 },
	{ "parameter-problem", 12, 0, 255 }, { "ip-header-bad", 12, 0, 0 },
	{ "required-option-missing", 12, 1, 1 },
	{ "timestamp-request", 13, 0, 255 }, { "timestamp-reply", 14, 0, 255 },
	{ "address-mask-request", 17, 0, 255 },
	{ "address-mask-reply", 18, 0, 255 },
};

static const struct icmp_name names6[] = {
	{ "destination-unreachable", 1, 0, 255 }, { "no-route", 1, 0, 0 },
	{ "communication-prohibited", 1, 1, 1 }, { "beyond-scope", 1, 2, 2 },
	{ "address-unreachable", 1, 3, 3 }, { "port-unreachable", 1, 4, 4 },
	{ "failed-policy", 1, 5, 5 }, { "reject-route", 1, 6, 6 },
	{ "packet-too-big", 2, 0, 255 }, { "time-exceeded", 3, 0, 255 },
	{ "ttl-exceeded", 3, 0, 255 }, { "ttl-zero-during-transit", 3, 0, 0 },
	{ "ttl-zero-during-reassembly", 3, 1, 1 },
	{ "parameter-problem", 4, 0, 255 }, { "bad-header", 4, 0, 0 },
	{ "unknown-header-type", 4, 1, 1 }, { "unknown-option", 4, 2, 2 },
	{ "echo-request", 128, 0, 255 }, { "ping", 128, 0, 255 },
	{ "echo-reply", 129, 0, 255 }, { "pong", 129, 0, 255 },
	{ "mld-listener-query", 130, 0, 255 },
	{ "mld-listener-report", 131, 0, 255 },
	{ "mld-listener-done", 132, 0, 255 },
	{ "mld-listener-reduction", 132, 0, 255 },
	{ "router-solicitation", 133, 0, 255 },
	{ "router-advertisement", 134, 0, 255 },
	{ "neighbour-solicitation", 135, 0, 255 },
	{ "neighbor-solicitation", 135, 0, 255 },
	{ "neighbour-advertisement", 136, 0, 255 },
	{ "neighbor-advertisement", 136, 0, 255 }, { "redirect", 137, 0, 255 },
};

/* "8", "3/1", "echo-request"; names may be cut short while they stay unique,
 * which is read as the first of the list that begins so. */
static bool parse_type(struct reader *r, const char *s, struct icmp *m,
		       const struct icmp_name *names, size_t n)
{
	const char *slash = strchr(s, '/'), *end = s + strlen(s);
	uint64_t type, code;

	if (parse_u64(s, slash ? slash : end, 255, &type)) {
		m->type = (uint8_t)type;
		m->code_lo = 0;
		m->code_hi = 255;
		if (!slash)
			return true;
		if (!parse_u64(slash + 1, end, 255, &code))
			return refuse(r, s, "a code is a number up to 255");
		m->code_lo = m->code_hi = (uint8_t)code;
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (strncasecmp(names[i].name, s, strlen(s)))
			continue;
		m->type = names[i].type;
		m->code_lo = names[i].code_lo;
		m->code_hi = names[i].code_hi;
		return true;
	}
	return refuse(r, s, "no such type of ICMP");
}

static bool take_type(struct reader *r, struct icmp *m,
		      const struct icmp_name *names, size_t n)
{
	const char *s = take(r);

	if (!s || !parse_type(r, s, m, names, n))
		return false;
	m->set = true;
	m->inverted = inverted(r);
	return true;
}

static enum took icmp_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--icmp-type") ?
		took(take_type(r, info, names4, RULES_COUNT(names4))) : NOT_MINE;
}

static enum took icmp6_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--icmpv6-type") ?
		took(take_type(r, info, names6, RULES_COUNT(names6))) : NOT_MINE;
}

static bool icmp_finish(struct reader *r, void *info)
{
	const struct icmp *m = info;

	return m->set || refuse(r, "icmp", "its type is missing");
}

static void icmp_init(void *info)
{
	*(struct icmp *)info = (struct icmp){ .type = ICMP_ANY, .code_hi = 255,
					      .set = true };
}

static enum answer icmp_match(void *info, struct rules_context *c)
{
	const struct icmp *m = info;
	uint8_t h[8];	/* the kernel wants the whole header */
	enum answer a;
	bool fits;

	if (c->fragoff)
		return ANSWER_NO;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	fits = (m->type == ICMP_ANY && c->family == CT_L3_IPV4) ||
	       (h[0] == m->type && h[1] >= m->code_lo && h[1] <= m->code_hi);
	return answer(fits != m->inverted);
}

const struct match_ops match_icmp = {
	.name = "icmp", .family = CT_L3_IPV4, .proto = 1,
	.size = sizeof(struct icmp), .init = icmp_init, .option = icmp_option,
	.match = icmp_match,
};

const struct match_ops match_icmp6 = {
	.name = "icmp6", .family = CT_L3_IPV6, .proto = 58,
	.size = sizeof(struct icmp), .option = icmp6_option,
	.finish = icmp_finish, .match = icmp_match,
};
