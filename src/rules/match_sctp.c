/* SPDX-License-Identifier: GPL-2.0-only */
/* sctp and dccp: xt_sctp.c and xt_dccp.c of the kernel. */
#include "rules/reader.h"

struct range { uint16_t lo, hi; bool set, inverted; };

static bool take_range_of(struct reader *r, struct range *p)
{
	p->set = true;
	if (!take_ports_unordered(r, &p->lo, &p->hi))
		return false;
	p->inverted = inverted(r);
	return true;
}

static bool fits(const struct range *p, uint16_t port)
{
	return !p->set || (port >= p->lo && port <= p->hi) != p->inverted;
}

enum chunk_mode { CHUNKS_NOT_ASKED, CHUNKS_ANY, CHUNKS_ALL, CHUNKS_ONLY };

struct sctp {
	struct range src, dst;
	uint8_t  mode;
	bool	 inverted;
	uint32_t types[8];
	struct { uint8_t mask, value; bool set; } flags[16];
};

static const struct {
	const char *name;
	uint8_t type;
	const char *flags;	/* letters from bit 0 up; '-' has none */
} chunks[] = {
	{ "DATA", 0, "EBUI" }, { "INIT", 1, "" }, { "INIT_ACK", 2, "" },
	{ "SACK", 3, "" }, { "HEARTBEAT", 4, "" }, { "HEARTBEAT_ACK", 5, "" },
	{ "ABORT", 6, "T" }, { "SHUTDOWN", 7, "" }, { "SHUTDOWN_ACK", 8, "" },
	{ "ERROR", 9, "" }, { "COOKIE_ECHO", 10, "" }, { "COOKIE_ACK", 11, "" },
	{ "ECN_ECNE", 12, "" }, { "ECN_CWR", 13, "" },
	{ "SHUTDOWN_COMPLETE", 14, "T" }, { "AUTH", 15, "" },
	{ "I_DATA", 64, "EBUI" }, { "RE_CONFIG", 130, "" }, { "PAD", 132, "" },
	{ "ASCONF", 193, "" }, { "ASCONF_ACK", 128, "" },
	{ "FORWARD_TSN", 192, "" }, { "I_FORWARD_TSN", 194, "" },
};

/* ":Be": the flags that must be set in capitals, that must not in small ones. */
static bool parse_flags(struct reader *r, struct sctp *m, size_t chunk,
			const struct part *p, const char *colon)
{
	size_t at = chunks[chunk].type;

	if (at >= RULES_COUNT(m->flags))
		return refuse(r, p->s, "flags of this chunk are not read");
	m->flags[at].set = true;
	for (const char *s = colon + 1; s < p->end; s++) {
		char up = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
		const char *f = up ? strchr(chunks[chunk].flags, up) : NULL;
		uint8_t bit;

		if (!f)
			return refuse(r, p->s, "this chunk has no such flag");
		bit = (uint8_t)(1u << (f - chunks[chunk].flags));
		m->flags[at].mask |= bit;
		if (up == *s)
			m->flags[at].value |= bit;
	}
	return true;
}

static bool parse_chunk(struct reader *r, struct sctp *m, struct part p)
{
	const char *colon = memchr(p.s, ':', (size_t)(p.end - p.s));
	struct part name = { p.s, colon ? colon : p.end };

	for (size_t i = 0; i < RULES_COUNT(chunks); i++) {
		if (!part_is(&name, chunks[i].name))
			continue;
		m->types[chunks[i].type / 32] |= 1u << chunks[i].type % 32;
		return !colon || parse_flags(r, m, i, &p, colon);
	}
	return refuse(r, p.s, "no such type of chunk");
}

static bool take_chunks(struct reader *r, struct sctp *m)
{
	static const char *const modes[] = { "", "any", "all", "only", NULL };
	const char *mode = take(r), *list = mode ? take(r) : NULL;
	int n;

	if (!list)
		return false;
	n = name_in(modes, mode, strlen(mode));
	if (n < 1)
		return refuse(r, mode, "--chunk-types wants any, all or only");
	m->mode = (uint8_t)n;
	m->inverted = inverted(r);
	if (is(list, "ALL") || is(list, "NONE")) {
		memset(m->types, is(list, "ALL") ? 0xff : 0, sizeof(m->types));
		return true;
	}
	for (struct part p = first_part(list, ','); p.s; next_part(&p, ','))
		if (!parse_chunk(r, m, p))
			return false;
	return true;
}

static enum took sctp_option(struct reader *r, void *info, const char *opt)
{
	struct sctp *m = info;

	if (is(opt, "--sport") || is(opt, "--source-port"))
		return took(take_range_of(r, &m->src));
	if (is(opt, "--dport") || is(opt, "--destination-port"))
		return took(take_range_of(r, &m->dst));
	return is(opt, "--chunk-types") ? took(take_chunks(r, m)) : NOT_MINE;
}

static bool chunk_wanted(const struct sctp *m, uint8_t type, uint8_t flags)
{
	if (!(m->types[type / 32] >> type % 32 & 1))
		return false;
	return type >= RULES_COUNT(m->flags) || !m->flags[type].set ||
	       (flags & m->flags[type].mask) == m->flags[type].value;
}

/* SCCHECK() of xt_sctp.c and DCCHECK() of xt_dccp.c invert the "no" of a packet that is
 * to be dropped, too.  ipt_do_table() goes on with the rule then, and drops the packet
 * behind it; nft_match_eval() drops it at once. */
static enum answer inverted_answer(enum answer a, bool inverted,
				   const struct rules_context *c)
{
	if (a == ANSWER_UNKNOWN)
		return a;
	if (c->hotdrop && ruleset_of(c->rules, c->family)->backend == RULES_BACKEND_NFT)
		return ANSWER_NO;
	return answer((a == ANSWER_YES) != inverted);
}

/* match_packet() of xt_sctp.c. */
static enum answer match_chunks(const struct sctp *m, struct rules_context *c)
{
	uint32_t left[8], off = c->thoff + 12;
	bool empty = true;

	memcpy(left, m->types, sizeof(left));
	for (;;) {
		uint8_t h[4];
		uint32_t len;
		enum answer a = context_read(c, off, h, sizeof(h));

		if (a == ANSWER_UNKNOWN)
			return a;
		if (a == ANSWER_NO || load_be16(h + 2) < sizeof(h))
			return hotdrop(c);
		len = (load_be16(h + 2) + 3u) & ~3u;
		off += len;
		if (m->types[h[0] / 32] >> h[0] % 32 & 1) {
			bool wanted = chunk_wanted(m, h[0], h[1]);

			if (m->mode == CHUNKS_ANY && wanted)
				return ANSWER_YES;
			if (m->mode == CHUNKS_ONLY && !wanted)
				return ANSWER_NO;
			if (m->mode == CHUNKS_ALL && wanted)
				left[h[0] / 32] &= ~(1u << h[0] % 32);
		} else if (m->mode == CHUNKS_ONLY) {
			return ANSWER_NO;
		}
		if (off >= c->len)
			break;
	}
	for (size_t i = 0; i < RULES_COUNT(left); i++)
		empty = empty && !left[i];
	return answer(m->mode == CHUNKS_ALL ? empty : m->mode == CHUNKS_ONLY);
}

static enum answer sctp_match(void *info, struct rules_context *c)
{
	const struct sctp *m = info;
	uint8_t h[12];
	enum answer a;

	if (c->fragoff)
		return ANSWER_NO;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	if (!fits(&m->src, load_be16(h)) || !fits(&m->dst, load_be16(h + 2)))
		return ANSWER_NO;
	if (m->mode == CHUNKS_NOT_ASKED)
		return ANSWER_YES;
	return inverted_answer(match_chunks(m, c), m->inverted, c);
}

const struct match_ops match_sctp = {
	.name = "sctp", .proto = 132, .size = sizeof(struct sctp),
	.option = sctp_option, .match = sctp_match,
};

struct dccp {
	struct range src, dst;
	uint16_t types;
	bool	 typed, types_inverted;
	uint8_t  option;
	bool	 optioned, option_inverted;
};

static bool take_types(struct reader *r, struct dccp *m)
{
	static const char *const names[] = {
		"REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ",
		"CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID", NULL
	};
	const char *s = take(r);

	if (!s)
		return false;
	m->typed = true;
	m->types_inverted = inverted(r);
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		int n = name_in(names, p.s, (size_t)(p.end - p.s));

		if (n < 0)
			return refuse(r, s, "no such type of DCCP packet");
		m->types |= (uint16_t)(1u << n);
	}
	return true;
}

static enum took dccp_option(struct reader *r, void *info, const char *opt)
{
	struct dccp *m = info;

	if (is(opt, "--sport") || is(opt, "--source-port"))
		return took(take_range_of(r, &m->src));
	if (is(opt, "--dport") || is(opt, "--destination-port"))
		return took(take_range_of(r, &m->dst));
	if (is(opt, "--dccp-types"))
		return took(take_types(r, m));
	if (!is(opt, "--dccp-option"))
		return NOT_MINE;
	m->optioned = take_u8(r, &m->option);
	m->option_inverted = inverted(r);
	return took(m->optioned);
}

/* dccp_find_option() of xt_dccp.c. */
static enum answer dccp_find(const struct dccp *m, struct rules_context *c,
			     const uint8_t *h)
{
	uint32_t header = h[8] & 1 ? 16 : 12, n, at;
	static const uint8_t more[16] = { 4, 8, 0, 8, 8, 8, 8, 8, 8, 8 };
	uint8_t op[1020];
	enum answer a;

	header += more[h[8] >> 1 & 15];
	if (h[4] * 4u < header)
		return hotdrop(c);
	n = h[4] * 4u - header;
	if (!n)
		return ANSWER_NO;
	a = context_read(c, c->thoff + header, op, n);
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	for (at = 0; at < n;) {
		if (op[at] == m->option)
			return ANSWER_YES;
		at += op[at] < 2 || at + 1 == n || !op[at + 1] ? 1 : op[at + 1];
	}
	return ANSWER_NO;
}

static enum answer dccp_match(void *info, struct rules_context *c)
{
	const struct dccp *m = info;
	uint8_t h[12];
	enum answer a;

	if (c->fragoff)
		return ANSWER_NO;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	if (!fits(&m->src, load_be16(h)) || !fits(&m->dst, load_be16(h + 2)))
		return ANSWER_NO;
	if (m->typed &&
	    (m->types >> (h[8] >> 1 & 15) & 1) == m->types_inverted)
		return ANSWER_NO;
	if (!m->optioned)
		return ANSWER_YES;
	return inverted_answer(dccp_find(m, c, h), m->option_inverted, c);
}

const struct match_ops match_dccp = {
	.name = "dccp", .proto = 33, .size = sizeof(struct dccp),
	.option = dccp_option, .match = dccp_match,
};
