/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TTL, HL, TOS, DSCP, TCPMSS: targets that change the packet, and its checksums.
 */
#include "rules/reader.h"

enum { TTL_NONE, TTL_SET, TTL_INC, TTL_DEC };

struct ttl { uint8_t mode, value; };

static enum took ttl_words(struct reader *r, struct ttl *m, const char *opt,
			   const char *const words[4])
{
	int n = name_in(words, opt, strlen(opt));

	if (n < 0)
		return NOT_MINE;
	if (m->mode)
		return took(refuse(r, opt, "only one of its options"));
	m->mode = (uint8_t)(n + 1);
	return took(take_u8(r, &m->value));
}

static enum took ttl_option(struct reader *r, void *info, const char *opt)
{
	static const char *const words[] = {
		"--ttl-set", "--ttl-inc", "--ttl-dec", NULL
	};

	return ttl_words(r, info, opt, words);
}

static enum took hl_option(struct reader *r, void *info, const char *opt)
{
	static const char *const words[] = {
		"--hl-set", "--hl-inc", "--hl-dec", NULL
	};

	return ttl_words(r, info, opt, words);
}

static bool ttl_finish(struct reader *r, void *info)
{
	return ((struct ttl *)info)->mode ||
	       refuse(r, NULL, "TTL and HL want -set, -inc or -dec");
}

static enum target_verdict ttl_act(void *info, struct rules_context *c)
{
	const struct ttl *m = info;
	int v = m->value;

	if (m->mode == TTL_INC)
		v = c->ttl + v > 255 ? 255 : c->ttl + v;
	else if (m->mode == TTL_DEC)
		v = c->ttl > v ? c->ttl - v : 0;
	if (v != c->ttl)
		c->ttl_stale = true;
	c->ttl = (uint8_t)v;
	return TARGET_CONTINUE;
}

const struct target_ops target_TTL = {
	.name = "TTL", .family = CT_L3_IPV4, .size = sizeof(struct ttl),
	.tables = TABLE_BIT(RULES_MANGLE), .option = ttl_option,
	.finish = ttl_finish, .act = ttl_act,
};

const struct target_ops target_HL = {
	.name = "HL", .family = CT_L3_IPV6, .size = sizeof(struct ttl),
	.tables = TABLE_BIT(RULES_MANGLE), .option = hl_option,
	.finish = ttl_finish, .act = ttl_act,
};

struct tos { uint8_t value, mask; bool set; };

static bool take_tos(struct reader *r, struct tos *m)
{
	static const char *const names[] = {
		"Normal-Service", "Minimize-Cost", "Maximize-Reliability",
		"Maximize-Throughput", "Minimize-Delay", NULL
	};
	static const uint8_t values[] = { 0x00, 0x02, 0x04, 0x08, 0x10 };
	const char *s = take(r), *slash;
	uint64_t value, mask = 0xff;
	int n = s ? name_in(names, s, strlen(s)) : -1;

	if (!s)
		return false;
	if (n >= 0) {
		m->value = values[n];
		m->mask = 0x3f;
		return true;
	}
	slash = strchr(s, '/');
	if (!parse_u64(s, slash ? slash : s + strlen(s), 255, &value) ||
	    (slash && !parse_u64(slash + 1, s + strlen(s), 255, &mask)))
		return refuse(r, s, "--set-tos wants VALUE, VALUE/MASK or a name");
	m->value = (uint8_t)value;
	m->mask = (uint8_t)mask;
	return true;
}

static enum took tos_option(struct reader *r, void *info, const char *opt)
{
	struct tos *m = info;
	uint8_t bits;

	if (is(opt, "--set-tos"))
		return took(m->set = take_tos(r, m));
	if (!is(opt, "--and-tos") && !is(opt, "--or-tos") && !is(opt, "--xor-tos"))
		return NOT_MINE;
	if (!take_u8(r, &bits))
		return TOOK_FAILED;
	m->set = true;
	m->value = is(opt, "--and-tos") ? 0 : bits;
	m->mask = is(opt, "--and-tos") ? (uint8_t)~bits :
		  is(opt, "--or-tos") ? bits : 0;
	return TOOK;
}


static enum took dscp_option(struct reader *r, void *info, const char *opt)
{
	struct tos *m = info;

	if (is(opt, "--set-dscp"))
		m->set = take_u8(r, &m->value);
	else if (is(opt, "--set-dscp-class"))
		m->set = take_dscp_class(r, &m->value);
	else
		return NOT_MINE;
	if (m->set && m->value > 63)
		return took(refuse(r, opt, "a DSCP is 63 at most"));
	m->value = (uint8_t)(m->value << 2);
	m->mask = 0xfc;
	return took(m->set);
}

static bool tos_finish(struct reader *r, void *info)
{
	return ((struct tos *)info)->set || refuse(r, NULL, "no value is given");
}

static enum target_verdict tos_act(void *info, struct rules_context *c)
{
	const struct tos *m = info;
	uint8_t *p = context_write(c, 0);

	if (!p)
		return TARGET_CONTINUE;
	if (c->family == CT_L3_IPV6) {
		uint8_t v = (uint8_t)(p[0] << 4 | p[1] >> 4);

		v = (uint8_t)((v & ~m->mask) ^ m->value);
		p[0] = (uint8_t)((p[0] & 0xf0) | v >> 4);
		p[1] = (uint8_t)((p[1] & 0x0f) | v << 4);
	} else {
		uint16_t before = load_be16(p);

		p[1] = (uint8_t)((p[1] & ~m->mask) ^ m->value);
		context_header_changed(p, before, load_be16(p));
	}
	return TARGET_CONTINUE;
}

const struct target_ops target_TOS = {
	.name = "TOS", .size = sizeof(struct tos),
	.tables = TABLE_BIT(RULES_MANGLE), .option = tos_option,
	.finish = tos_finish, .act = tos_act,
};

const struct target_ops target_DSCP = {
	.name = "DSCP", .size = sizeof(struct tos),
	.tables = TABLE_BIT(RULES_MANGLE), .option = dscp_option,
	.finish = tos_finish, .act = tos_act,
};

struct tcpmss { uint32_t mss; bool clamp; };

#define MTU_ASSUMED	1500u	/* where the route does not say it */

static enum took tcpmss_option(struct reader *r, void *info, const char *opt)
{
	struct tcpmss *m = info;

	if (is(opt, "--set-mss"))
		return took(take_u32(r, 65495, &m->mss));
	m->clamp |= is(opt, "--clamp-mss-to-pmtu");
	return m->clamp ? TOOK : NOT_MINE;
}

static bool tcpmss_finish(struct reader *r, void *info)
{
	const struct tcpmss *m = info;

	if (!(r->rule->checks & CHECK_PROTO) || r->rule->proto != 6 ||
	    r->rule->inverted & INV_PROTO)
		return refuse(r, "TCPMSS", "it needs -p tcp");
	return m->mss || m->clamp ||
	       refuse(r, "TCPMSS", "--set-mss or --clamp-mss-to-pmtu is missing");
}

static uint32_t mtu_to(const struct rules_context *c, const union ct_addr *a)
{
	const struct route *to = routes_find(&c->rules->routes, c->family, a);

	return to && to->mtu ? to->mtu : MTU_ASSUMED;
}

static uint32_t clamped(const struct rules_context *c)
{
	uint32_t there = mtu_to(c, &c->dst), back = mtu_to(c, &c->src);
	uint32_t mtu = there < back ? there : back;
	uint32_t headers = c->family == CT_L3_IPV6 ? 60 : 40;

	return mtu > headers ? mtu - headers : 0;
}

static void store16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* The sum that the checksum of the segment at 'tcp' makes whole. */
static uint32_t segment_sum(const uint8_t *tcp, uint32_t n)
{
	uint32_t s = n;

	for (uint32_t i = 0; i + 1 < n; i += 2)
		s += load_be16(tcp + i);
	if (n & 1)
		s += (uint32_t)tcp[n - 1] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

/* Right or wrong, the checksum stays so (RFC 1624). */
static void keep_checksum(uint8_t *tcp, uint32_t before, uint32_t after)
{
	uint32_t s = load_be16(tcp + 16) + before + (~after & 0xffff);

	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	store16(tcp + 16, s);
}

/* An option is put behind the fixed header: four bytes more. */
static void add_option(struct rules_context *c, uint32_t mss)
{
	uint32_t most = c->family == CT_L3_IPV6 ? 1220 : 536;
	uint8_t *p = context_write(c, 4), *tcp = p ? p + c->thoff : NULL;
	uint32_t n, before;

	if (!tcp)
		return;
	n = c->len - c->thoff;
	before = segment_sum(tcp, n);
	memmove(tcp + 24, tcp + 20, n - 20);
	tcp[20] = 2;
	tcp[21] = 4;
	store16(tcp + 22, mss < most ? mss : most);
	tcp[12] = (uint8_t)(tcp[12] + 0x10);
	keep_checksum(tcp, before, segment_sum(tcp, n + 4));
	c->len += 4;
	c->b.len += 4;
	c->b.cap = c->b.len;
	if (c->family == CT_L3_IPV6) {
		store16(p + 4, load_be16(p + 4) + 4u);
	} else {
		store16(p + 2, c->len);
		context_header_changed(p, (uint16_t)(c->len - 4),
				       (uint16_t)c->len);
	}
}

/* tcpmss_mangle_packet() of xt_TCPMSS.c. */
static enum target_verdict tcpmss_act(void *info, struct rules_context *c)
{
	const struct tcpmss *m = info;
	uint32_t left = c->len - c->thoff, header, mss = m->mss;
	uint8_t *tcp;

	if (c->fragoff)
		return TARGET_CONTINUE;
	tcp = c->thoff < c->len ? context_write(c, 0) : NULL;
	if (!tcp || left < 20)
		return TARGET_DROP;
	tcp += c->thoff;
	header = (tcp[12] >> 4) * 4u;
	if (left < header || header < 20)
		return TARGET_DROP;
	if (m->clamp && !(mss = clamped(c)))
		return TARGET_DROP;
	for (uint32_t i = 20; i + 4 <= header;) {
		if (tcp[i] == 2 && tcp[i + 1] == 4) {
			uint32_t before = segment_sum(tcp, left);

			if (load_be16(tcp + i + 2) > mss)
				store16(tcp + i + 2, mss);
			keep_checksum(tcp, before, segment_sum(tcp, left));
			return TARGET_CONTINUE;
		}
		i += tcp[i] < 2 || !tcp[i + 1] ? 1 : tcp[i + 1];
	}
	if (left == header && header < 60)
		add_option(c, mss);
	return TARGET_CONTINUE;
}

const struct target_ops target_TCPMSS = {
	.name = "TCPMSS", .size = sizeof(struct tcpmss),
	.hooks = HOOK_BIT(RULES_FORWARD) | HOOK_BIT(RULES_OUTPUT) |
		 HOOK_BIT(RULES_POSTROUTING) | HOOK_BIT(RULES_INPUT) |
		 HOOK_BIT(RULES_PREROUTING),
	.option = tcpmss_option, .finish = tcpmss_finish, .act = tcpmss_act,
};
