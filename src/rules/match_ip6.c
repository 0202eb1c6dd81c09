/* SPDX-License-Identifier: GPL-2.0-only */
/* ipv6header, frag, hbh, dst: extension headers of IPv6 (ip6t_*.c of the kernel). */
#include "rules/reader.h"

#define HEADER_HOP	0u
#define HEADER_ROUTING	43u
#define HEADER_FRAGMENT	44u
#define HEADER_ESP	50u
#define HEADER_AUTH	51u
#define HEADER_NONE	59u
#define HEADER_DEST	60u

#define BIT_PROTO 1u

struct ipv6header { uint8_t want, set, soft, inverted; };

static const struct { const char *name; uint8_t proto, bit; } header_names[] = {
	{ "hop-by-hop", HEADER_HOP, 128 }, { "hop", HEADER_HOP, 128 },
	{ "hopopt", HEADER_HOP, 128 }, { "ipv6-hopopts", HEADER_HOP, 128 },
	{ "dst", HEADER_DEST, 64 }, { "ipv6-opts", HEADER_DEST, 64 },
	{ "route", HEADER_ROUTING, 32 }, { "ipv6-route", HEADER_ROUTING, 32 },
	{ "frag", HEADER_FRAGMENT, 16 }, { "ipv6-frag", HEADER_FRAGMENT, 16 },
	{ "auth", HEADER_AUTH, 8 }, { "ah", HEADER_AUTH, 8 },
	{ "esp", HEADER_ESP, 4 }, { "none", HEADER_NONE, 2 },
	{ "ipv6-nonxt", HEADER_NONE, 2 }, { "prot", 255, BIT_PROTO },
	{ "protocol", 255, BIT_PROTO },
};

static uint8_t header_bit(const struct part *p)
{
	uint64_t n;
	bool number = parse_u64(p->s, p->end, 255, &n);

	for (size_t i = 0; i < RULES_COUNT(header_names); i++)
		if (number ? header_names[i].proto == n :
			     part_is(p, header_names[i].name))
			return header_names[i].bit;
	return 0;
}

static bool take_headers(struct reader *r, struct ipv6header *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	m->set = true;
	m->inverted = inverted(r) ? 0xff : 0;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		uint8_t bit = header_bit(&p);

		if (!bit)
			return refuse(r, s, "no such extension header");
		m->want |= bit;
	}
	return true;
}

static enum took ipv6header_option(struct reader *r, void *info, const char *opt)
{
	struct ipv6header *m = info;

	if (is(opt, "--header"))
		return took(take_headers(r, m));
	m->soft |= is(opt, "--soft");
	return is(opt, "--soft") ? TOOK : NOT_MINE;
}

static bool ipv6header_finish(struct reader *r, void *info)
{
	return ((struct ipv6header *)info)->set ||
	       refuse(r, "ipv6header", "--header is missing");
}

static uint8_t bit_of(uint8_t proto)
{
	for (size_t i = 0; i < RULES_COUNT(header_names); i++)
		if (header_names[i].proto == proto)
			return header_names[i].bit;
	return 0;
}

/* The headers that the packet has; ANSWER_NO: it ends too soon. */
static enum answer headers_of(struct rules_context *c, uint8_t *found)
{
	uint8_t proto, h[2];
	uint32_t at = 40;

	*found = 0;
	if (!bytes_u8(&c->b, 6, &proto))
		return ANSWER_NO;
	while (bit_of(proto) && proto != 255) {
		if (proto == HEADER_NONE || proto == HEADER_ESP) {
			if (proto == HEADER_ESP && c->len - at < 2)
				return ANSWER_NO;
			*found |= bit_of(proto);
			return ANSWER_YES;
		}
		if (!bytes_copy(&c->b, at, h, 2))
			return ANSWER_NO;
		*found |= bit_of(proto);
		at += proto == HEADER_FRAGMENT ? 8 :
		      proto == HEADER_AUTH ? (h[1] + 2u) * 4 : (h[1] + 1u) * 8;
		proto = h[0];
		if (at > c->len)
			break;
	}
	if (proto != HEADER_NONE && proto != HEADER_ESP)
		*found |= BIT_PROTO;
	return ANSWER_YES;
}

static enum answer ipv6header_match(void *info, struct rules_context *c)
{
	const struct ipv6header *m = info;
	uint8_t found;

	if (headers_of(c, &found) == ANSWER_NO)
		return ANSWER_NO;
	if (m->soft)
		return answer(!((found ^ m->want ^ m->inverted) & m->want));
	return answer((found == m->want) != !!m->inverted);
}

const struct match_ops match_ipv6header = {
	.name = "ipv6header", .family = CT_L3_IPV6,
	.size = sizeof(struct ipv6header), .option = ipv6header_option,
	.finish = ipv6header_finish, .match = ipv6header_match,
};

struct frag {
	uint32_t id_lo, id_hi;
	bool	 id_inverted, reserved, first, more, last;
};

static enum took frag_option(struct reader *r, void *info, const char *opt)
{
	struct frag *m = info;
	uint64_t lo, hi;

	if (is(opt, "--fragid")) {
		if (!take_range(r, UINT32_MAX, &lo, &hi))
			return TOOK_FAILED;
		m->id_lo = (uint32_t)lo;
		m->id_hi = (uint32_t)hi;
		m->id_inverted = inverted(r);
	} else if (is(opt, "--fragres")) {
		m->reserved = true;
	} else if (is(opt, "--fragfirst")) {
		m->first = true;
	} else if (is(opt, "--fragmore")) {
		m->more = true;
	} else if (is(opt, "--fraglast")) {
		m->last = true;
	} else if (is(opt, "--fraglen")) {
		(void)inverted(r);
		return took(take(r) != NULL);
	} else {
		return NOT_MINE;
	}
	return TOOK;
}

static void frag_init(void *info)
{
	((struct frag *)info)->id_hi = UINT32_MAX;
}

/* frag_mt6() of ip6t_frag.c. */
static enum answer frag_match(void *info, struct rules_context *c)
{
	const struct frag *m = info;
	struct v6_place at;
	uint8_t h[8];
	uint16_t off;
	uint32_t id;

	if (!v6_find(&c->b, HEADER_FRAGMENT, &at) ||
	    at.proto != HEADER_FRAGMENT)
		return ANSWER_NO;
	if (!bytes_copy(&c->b, at.off, h, sizeof(h)))
		return hotdrop(c);
	off = load_be16(h + 2);
	id = load_be32(h + 4);
	return answer((id >= m->id_lo && id <= m->id_hi) != m->id_inverted &&
		      !(m->reserved && (h[1] || off & 6)) &&
		      !(m->first && off & ~7u) && !(m->more && !(off & 1)) &&
		      !(m->last && off & 1));
}

const struct match_ops match_frag = {
	.name = "frag", .family = CT_L3_IPV6, .size = sizeof(struct frag),
	.init = frag_init, .option = frag_option, .match = frag_match,
};

#define OPTS_MAX 16u

struct opts {
	uint32_t len;
	bool	 len_set, len_inverted;
	uint8_t  header, n;
	struct { uint8_t type; uint16_t len; } opt[OPTS_MAX];
};

#define ANY_LEN 0xffu

static bool take_opts(struct reader *r, struct opts *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		const char *mid = memchr(p.s, ':', (size_t)(p.end - p.s));
		uint64_t type, len = ANY_LEN;

		if (m->n == OPTS_MAX)
			return refuse(r, s, "more than %u options", OPTS_MAX);
		if (!parse_u64(p.s, mid ? mid : p.end, 255, &type) ||
		    (mid && !parse_u64(mid + 1, p.end, 255, &len)))
			return refuse(r, s, "%s wants TYPE[:LENGTH],...", r->option);
		m->opt[m->n].type = (uint8_t)type;
		m->opt[m->n++].len = (uint16_t)len;
	}
	return true;
}

static enum took opts_words(struct reader *r, struct opts *m, const char *opt,
			    const char *len, const char *list)
{
	if (is(opt, len)) {
		m->len_set = take_u32(r, UINT16_MAX, &m->len);
		m->len_inverted = inverted(r);
		return took(m->len_set);
	}
	return is(opt, list) ? took(take_opts(r, m)) : NOT_MINE;
}

static enum took hbh_option(struct reader *r, void *info, const char *opt)
{
	return opts_words(r, info, opt, "--hbh-len", "--hbh-opts");
}

static enum took dst_option(struct reader *r, void *info, const char *opt)
{
	return opts_words(r, info, opt, "--dst-len", "--dst-opts");
}

static void dst_init(void *info)
{
	((struct opts *)info)->header = HEADER_DEST;
}

/* The options that are asked for stand first, in this order: ip6t_hbh.c. */
static bool options_fit(const struct opts *m, struct rules_context *c,
			uint32_t at, uint32_t left)
{
	for (unsigned int i = 0; i < m->n; i++) {
		uint8_t h[2];
		uint32_t n = 1;

		if (left < 1 || !bytes_copy(&c->b, at, h, 1) ||
		    h[0] != m->opt[i].type)
			return false;
		if (h[0]) {
			if (left < 2 || !bytes_copy(&c->b, at, h, 2))
				return false;
			if (m->opt[i].len != ANY_LEN && m->opt[i].len != h[1])
				return false;
			n = h[1] + 2u;
		}
		if ((n > c->len || at > c->len - n || left < n) && i + 1u < m->n)
			return false;
		at += n;
		left -= n < left ? n : left;
	}
	return true;
}

static enum answer opts_match(void *info, struct rules_context *c)
{
	const struct opts *m = info;
	struct v6_place at;
	uint8_t h[2];
	uint32_t len;

	if (!v6_find(&c->b, m->header, &at) || at.proto != m->header)
		return ANSWER_NO;
	if (!bytes_copy(&c->b, at.off, h, sizeof(h)))
		return hotdrop(c);
	len = (h[1] + 1u) * 8;
	if (at.off > c->len || c->len - at.off < len)
		return ANSWER_NO;
	if (m->len_set && (len == m->len) == m->len_inverted)
		return ANSWER_NO;
	return answer(options_fit(m, c, at.off + 2, len - 2));
}

const struct match_ops match_hbh = {
	.name = "hbh", .family = CT_L3_IPV6, .size = sizeof(struct opts),
	.option = hbh_option, .match = opts_match,
};

const struct match_ops match_dst = {
	.name = "dst", .family = CT_L3_IPV6, .size = sizeof(struct opts),
	.init = dst_init, .option = dst_option, .match = opts_match,
};
