/* SPDX-License-Identifier: GPL-2.0-only */
/* tcp, udp, udplite, multiport: xt_tcpudp.c and xt_multiport.c of the kernel. */
#include "rules/reader.h"

#define TCP_HEADER 20u
#define UDP_HEADER 8u

struct port_range { uint16_t lo, hi; bool inverted, set; };

struct ports { struct port_range src, dst; };

struct tcp {
	struct ports ports;
	uint8_t  flag_mask, flag_cmp;
	bool	 flags, flags_inverted;
	uint8_t  option;	/* 0: none asked for */
	bool	 option_inverted;
};

typedef bool take_range_fn(struct reader *r, uint16_t *lo, uint16_t *hi);

static bool take_range_of(struct reader *r, struct port_range *p, take_range_fn *range)
{
	if (p->set)
		return refuse(r, r->option, "this option stands there already");
	p->set = true;
	if (!range(r, &p->lo, &p->hi))
		return false;
	p->inverted = inverted(r);
	return true;
}

static enum took ports_option(struct reader *r, struct ports *p, const char *opt,
			      take_range_fn *range)
{
	if (is(opt, "--sport") || is(opt, "--source-port"))
		return took(take_range_of(r, &p->src, range));
	if (is(opt, "--dport") || is(opt, "--destination-port"))
		return took(take_range_of(r, &p->dst, range));
	return NOT_MINE;
}

static inline bool port_fits(const struct port_range *p, uint16_t port)
{
	return !p->set || (port >= p->lo && port <= p->hi) != p->inverted;
}

/* A range of all ports: iptables-nft asks nothing then, inverted or not; see none_fits(). */
static bool any_port(const struct port_range *p)
{
	return !p->set || (!p->lo && p->hi == UINT16_MAX);
}

/* Whether no packet has such a port: iptables-nft 1.8.11 makes a rule of an inverted range
 * of all ports that never matches, 1.8.9 one that always does. */
static bool none_fits(const struct port_range *p, const struct rules_context *c)
{
	return p->inverted && any_port(p) && ruleset_of(c->rules, c->family)->inverts_all_ports;
}

/*
 * iptables-nft makes single loads of ports and flags, which find a field of a header
 * that is cut short, and end the rule where they do not.  xt_tcpudp.c, which it
 * takes where nothing is asked for (and for TCP's options), drops such packets.
 */
static bool loads_fields(const struct rules_context *c, bool asks)
{
	return asks && ruleset_of(c->rules, c->family)->backend ==
		       RULES_BACKEND_NFT;
}

/*
 * Where such a load looks.  nft_payload_fast_eval() of Linux 6.18 does not ask whether
 * the packet is a later fragment, so that it finds data there; with IPv6 it finds the
 * packet's own header, since ipv6_find_hdr() leaves the offset at 0.
 */
static uint32_t load_from(const struct rules_context *c)
{
	return c->fragoff && c->family == CT_L3_IPV6 ? 0 : c->thoff;
}

static enum answer load_port(const struct port_range *p, struct rules_context *c,
			     uint32_t off)
{
	uint8_t h[2];
	enum answer a;

	if (none_fits(p, c))
		return ANSWER_NO;
	if (any_port(p))
		return ANSWER_YES;
	a = context_read(c, load_from(c) + off, h, sizeof(h));
	return a == ANSWER_YES ? answer(port_fits(p, load_be16(h))) : a;
}

/*
 * iptables-nft 1.8.9 makes one load of two single ports that are inverted, and so
 * of "! --sport 1 ! --dport 2" all packets but those from 1 to 2.
 */
static bool ports_as_one(const struct ports *p, const struct rules_context *c)
{
	return p->src.inverted && p->dst.inverted && p->src.lo == p->src.hi &&
	       p->dst.lo == p->dst.hi &&
	       ruleset_of(c->rules, c->family)->ports_as_one;
}

static enum answer load_ports(const struct ports *p, struct rules_context *c)
{
	enum answer a;

	if (ports_as_one(p, c)) {
		uint8_t h[4];

		a = context_read(c, load_from(c), h, sizeof(h));
		return a != ANSWER_YES ? a : answer(load_be16(h) != p->src.lo ||
						    load_be16(h + 2) != p->dst.lo);
	}
	a = load_port(&p->src, c, 0);
	return a == ANSWER_YES ? load_port(&p->dst, c, 2) : a;
}

static bool asks_ports(const struct ports *p)
{
	return !any_port(&p->src) || p->src.inverted || !any_port(&p->dst) ||
	       p->dst.inverted;
}

static enum answer udp_match(void *info, struct rules_context *c)
{
	const struct ports *p = info;
	uint8_t h[UDP_HEADER];
	enum answer a;

	if (loads_fields(c, asks_ports(p)))
		return load_ports(p, c);
	if (c->fragoff)
		return ANSWER_NO;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	return answer(port_fits(&p->src, load_be16(h)) &&
		      port_fits(&p->dst, load_be16(h + 2)));
}

static void ask_ports(const struct ports *p, struct rule_index_asks *to)
{
	if (p->src.set && !p->src.inverted)
		rule_index_ask_ports(to, 0, p->src.lo, p->src.hi);
	if (p->dst.set && !p->dst.inverted)
		rule_index_ask_ports(to, 1, p->dst.lo, p->dst.hi);
}

static bool udp_narrow(const void *info, struct rule_index_asks *to)
{
	ask_ports(info, to);
	return true;
}

/* libxt_udp.c, unlike libxt_tcp.c, takes a range that ends before it begins. */
static enum took udp_option(struct reader *r, void *info, const char *opt)
{
	return ports_option(r, info, opt, take_ports_unordered);
}

const struct match_ops match_udp = {
	.name = "udp", .proto = 17, .size = sizeof(struct ports),
	.option = udp_option, .match = udp_match, .of_flow = match_is_of_flow,
	.narrow = udp_narrow,
};

const struct match_ops match_udplite = {
	.name = "udplite", .proto = 136, .size = sizeof(struct ports),
	.option = udp_option, .match = udp_match, .of_flow = match_is_of_flow,
};

/* "SYN,ACK", "ALL", "NONE". */
static bool parse_flags(struct reader *r, const char *s, uint8_t *flags)
{
	static const char *const names[] = {
		"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ALL", "NONE", NULL
	};

	*flags = 0;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		int bit = name_in(names, p.s, (size_t)(p.end - p.s));

		if (bit < 0)
			return refuse(r, s, "TCP has the flags SYN ACK FIN RST "
				      "URG PSH, and there are ALL and NONE");
		*flags |= bit == 6 ? 0x3f : bit == 7 ? 0 : (uint8_t)(1 << bit);
	}
	return true;
}

static bool take_flags(struct reader *r, struct tcp *m)
{
	const char *mask = take(r), *cmp = mask ? take(r) : NULL;

	m->flags = true;
	m->flags_inverted = inverted(r);
	return cmp && parse_flags(r, mask, &m->flag_mask) &&
	       parse_flags(r, cmp, &m->flag_cmp);
}

static enum took tcp_option(struct reader *r, void *info, const char *opt)
{
	struct tcp *m = info;
	enum took t = ports_option(r, &m->ports, opt, take_ports);

	if (t != NOT_MINE)
		return t;
	if (is(opt, "--tcp-flags"))
		return took(take_flags(r, m));
	if (is(opt, "--syn")) {
		m->flags = true;
		m->flag_mask = 0x17;	/* FIN, SYN, RST, ACK */
		m->flag_cmp = 0x02;
		m->flags_inverted = inverted(r);
		return TOOK;
	}
	if (is(opt, "--tcp-option")) {
		if (!take_u8(r, &m->option))
			return TOOK_FAILED;
		m->option_inverted = inverted(r);
		return took(m->option || refuse(r, opt, "0 ends the options"));
	}
	return NOT_MINE;
}

/* tcp_find_option(): an end of the list does not end the search. */
static enum answer find_option(const struct tcp *m, struct rules_context *c,
			       uint32_t header_len)
{
	uint8_t op[40];
	uint32_t n = header_len - TCP_HEADER;
	enum answer a;

	if (header_len < TCP_HEADER)
		return hotdrop(c);
	if (!n)
		return answer(m->option_inverted);
	a = context_read(c, c->thoff + TCP_HEADER, op, n);
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	for (uint32_t i = 0; i < n;) {
		if (op[i] == m->option)
			return answer(!m->option_inverted);
		if (op[i] < 2 || i + 1 == n)
			i++;
		else
			i += op[i + 1] ? op[i + 1] : 1;
	}
	return answer(m->option_inverted);
}

static bool flags_fit(const struct tcp *m, uint8_t flags)
{
	return !m->flags ||
	       ((flags & m->flag_mask) == m->flag_cmp) != m->flags_inverted;
}

static enum answer tcp_load(const struct tcp *m, struct rules_context *c)
{
	enum answer a = load_ports(&m->ports, c);
	uint8_t flags;

	if (a != ANSWER_YES || !m->flags)
		return a;
	a = context_read(c, load_from(c) + 13, &flags, 1);
	return a == ANSWER_YES ? answer(flags_fit(m, flags)) : a;
}

static enum answer tcp_match(void *info, struct rules_context *c)
{
	const struct tcp *m = info;
	uint8_t h[TCP_HEADER];
	enum answer a;

	if (loads_fields(c, !m->option && (m->flags || asks_ports(&m->ports))))
		return tcp_load(m, c);
	if (c->fragoff)	/* a fragment that would overwrite the flags */
		return c->fragoff == 1 ? hotdrop(c) : ANSWER_NO;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	if (!port_fits(&m->ports.src, load_be16(h)) ||
	    !port_fits(&m->ports.dst, load_be16(h + 2)) ||
	    !flags_fit(m, h[13]))
		return ANSWER_NO;
	if (!m->option)
		return ANSWER_YES;
	return find_option(m, c, (h[12] >> 4) * 4u);
}

static bool tcp_of_flow(const void *info)
{
	const struct tcp *m = info;

	return !m->flags && !m->option;
}

/* The options may be cut short, of which it is told after ports and flags. */
static bool tcp_narrow(const void *info, struct rule_index_asks *to)
{
	const struct tcp *m = info;

	ask_ports(&m->ports, to);
	return !m->option;
}

const struct match_ops match_tcp = {
	.name = "tcp", .proto = 6, .size = sizeof(struct tcp),
	.option = tcp_option, .match = tcp_match, .of_flow = tcp_of_flow,
	.narrow = tcp_narrow,
};

#define MULTIPORTS 15u

struct multiport {
	uint8_t n;
	uint8_t which;		/* 1 source, 2 destination, 3 either */
	bool	inverted;
	struct { uint16_t lo, hi; } port[MULTIPORTS];
};

static bool take_list(struct reader *r, struct multiport *m, uint8_t which)
{
	const char *s = take(r);
	uint32_t used = 0;

	if (!s)
		return false;
	if (m->which)
		return refuse(r, r->option, "the rule has a list of ports already");
	m->which = which;
	m->inverted = inverted(r);
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		const char *mid = memchr(p.s, ':', (size_t)(p.end - p.s));

		used += mid ? 2 : 1;
		if (used > MULTIPORTS)
			return refuse(r, s, "more than %u ports; a range counts "
				      "as two", MULTIPORTS);
		if (!parse_port(r, p.s, mid ? mid : p.end, &m->port[m->n].lo))
			return false;
		m->port[m->n].hi = m->port[m->n].lo;
		if (mid && !parse_port(r, mid + 1, p.end, &m->port[m->n].hi))
			return false;
		if (m->port[m->n].lo > m->port[m->n].hi)
			return refuse(r, s, "a range ends before it begins");
		m->n++;
	}
	return true;
}

static enum took multiport_option(struct reader *r, void *info, const char *opt)
{
	if (is(opt, "--sports") || is(opt, "--source-ports"))
		return took(take_list(r, info, 1));
	if (is(opt, "--dports") || is(opt, "--destination-ports"))
		return took(take_list(r, info, 2));
	if (is(opt, "--ports") || is(opt, "--port"))
		return took(take_list(r, info, 3));
	return NOT_MINE;
}

static bool multiport_finish(struct reader *r, void *info)
{
	static const uint8_t protos[] = { 6, 17, 33, 132, 136 };
	const struct multiport *m = info;

	if (!m->which)
		return refuse(r, "multiport", "--sports, --dports or --ports is missing");
	for (size_t i = 0; i < sizeof(protos); i++)
		if (r->rule->checks & CHECK_PROTO &&
		    !(r->rule->inverted & INV_PROTO) && r->rule->proto == protos[i])
			return true;
	return refuse(r, "multiport", "it needs -p tcp, udp, udplite, sctp or dccp");
}

static bool listed(const struct multiport *m, uint16_t port)
{
	for (unsigned int i = 0; i < m->n; i++)
		if (port >= m->port[i].lo && port <= m->port[i].hi)
			return true;
	return false;
}

static enum answer multiport_match(void *info, struct rules_context *c)
{
	const struct multiport *m = info;
	uint8_t h[4];
	enum answer a;
	bool yes;

	if (c->fragoff)
		return ANSWER_NO;
	a = context_read(c, c->thoff, h, sizeof(h));
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	yes = (m->which & 1 && listed(m, load_be16(h))) ||
	      (m->which & 2 && listed(m, load_be16(h + 2)));
	return answer(yes != m->inverted);
}

static bool multiport_narrow(const void *info, struct rule_index_asks *to)
{
	const struct multiport *m = info;

	if (!m->inverted && m->which != 3)
		for (unsigned int i = 0; i < m->n; i++)
			rule_index_ask_ports(to, m->which - 1, m->port[i].lo, m->port[i].hi);
	return true;
}

const struct match_ops match_multiport = {
	.name = "multiport", .size = sizeof(struct multiport),
	.option = multiport_option, .finish = multiport_finish,
	.match = multiport_match, .of_flow = match_is_of_flow,
	.narrow = multiport_narrow,
};
