/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conntrack and state: xt_conntrack.c and xt_state.c of the kernel.
 *
 * A packet without an entry (INVALID, UNTRACKED) is looked at for its state alone:
 * any other option, inverted or not, does not match it.
 */
#include "rules/reader.h"

#define STATE_SNAT	0x40u
#define STATE_DNAT	0x80u

#define IPS_SRC_NAT	0x10u
#define IPS_DST_NAT	0x20u

enum {
	CT_SEES_STATE = 1u << 0, CT_SEES_PROTO = 1u << 1,
	CT_SEES_ADDR = 1u << 2 /* and the next three */,
	CT_SEES_PORT = 1u << 6 /* and the next three */,
	CT_SEES_STATUS = 1u << 10, CT_SEES_EXPIRES = 1u << 11,
	CT_SEES_DIR = 1u << 12,
};

enum { ORIG_SRC, ORIG_DST, REPL_SRC, REPL_DST, SIDES };

struct conntrack {
	uint32_t sees, inverted;
	uint8_t  states;	/* 1 << enum ct_ctstate, STATE_... */
	uint8_t  proto;
	uint32_t status;
	uint64_t expires_lo, expires_hi;
	struct { union ct_addr addr, mask; } side[SIDES];
	struct { uint16_t lo, hi; } port[SIDES];
};

static bool take_states(struct reader *r, struct conntrack *m)
{
	static const char *const names[] = {
		"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", NULL
	};
	const char *s = take(r);

	if (!s)
		return false;
	m->sees |= CT_SEES_STATE;
	m->inverted |= inverted(r) ? CT_SEES_STATE : 0;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		int n = name_in(names, p.s, (size_t)(p.end - p.s));

		if (n >= 0)
			m->states |= (uint8_t)(1u << n);
		else if (part_is(&p, "SNAT"))
			m->states |= STATE_SNAT;
		else if (part_is(&p, "DNAT"))
			m->states |= STATE_DNAT;
		else
			return refuse(r, s, "there are the states NEW, ESTABLISHED, "
				      "RELATED, INVALID, UNTRACKED, SNAT and DNAT");
	}
	return true;
}

static bool take_status(struct reader *r, struct conntrack *m)
{
	static const char *const names[] = {
		"EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "NONE", NULL
	};
	const char *s = take(r);

	if (!s)
		return false;
	m->sees |= CT_SEES_STATUS;
	m->inverted |= inverted(r) ? CT_SEES_STATUS : 0;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		int n = name_in(names, p.s, (size_t)(p.end - p.s));

		if (n < 0)
			return refuse(r, s, "there are NONE, EXPECTED, SEEN_REPLY, "
				      "ASSURED and CONFIRMED");
		if (n < 4)
			m->status |= 1u << n;
	}
	return true;
}

static bool take_side(struct reader *r, struct conntrack *m, unsigned int side)
{
	const char *s = take(r);

	if (!s)
		return false;
	m->sees |= CT_SEES_ADDR << side;
	m->inverted |= inverted(r) ? CT_SEES_ADDR << side : 0;
	return parse_masked(r, s, s + strlen(s), &m->side[side].addr,
			    &m->side[side].mask);
}

static bool take_port(struct reader *r, struct conntrack *m, unsigned int side)
{
	if (!take_ports_unordered(r, &m->port[side].lo, &m->port[side].hi))
		return false;
	m->sees |= CT_SEES_PORT << side;
	m->inverted |= inverted(r) ? CT_SEES_PORT << side : 0;
	return true;
}

static bool take_dir(struct reader *r, struct conntrack *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	m->sees |= CT_SEES_DIR;
	if (!strcasecmp(s, "REPLY"))
		m->inverted |= CT_SEES_DIR;
	else if (strcasecmp(s, "ORIGINAL"))
		return refuse(r, s, "--ctdir wants ORIGINAL or REPLY");
	return true;
}

static bool take_ctproto(struct reader *r, struct conntrack *m)
{
	const char *s = take(r);

	m->sees |= CT_SEES_PROTO;
	m->inverted |= s && inverted(r) ? CT_SEES_PROTO : 0;
	return s && parse_proto(r, s, s + strlen(s), &m->proto);
}

static bool take_expire(struct reader *r, struct conntrack *m)
{
	if (!take_range(r, UINT32_MAX, &m->expires_lo, &m->expires_hi))
		return false;
	m->sees |= CT_SEES_EXPIRES;
	m->inverted |= inverted(r) ? CT_SEES_EXPIRES : 0;
	return true;
}

static enum took conntrack_option(struct reader *r, void *info, const char *opt)
{
	static const char *const addrs[] = {
		"--ctorigsrc", "--ctorigdst", "--ctreplsrc", "--ctrepldst", NULL
	}, *const ports[] = {
		"--ctorigsrcport", "--ctorigdstport", "--ctreplsrcport",
		"--ctrepldstport", NULL
	};
	struct conntrack *m = info;
	int side;

	if (is(opt, "--ctstate"))
		return took(take_states(r, m));
	if (is(opt, "--ctstatus"))
		return took(take_status(r, m));
	if (is(opt, "--ctproto"))
		return took(take_ctproto(r, m));
	if (is(opt, "--ctexpire"))
		return took(take_expire(r, m));
	if (is(opt, "--ctdir"))
		return took(take_dir(r, m));
	side = name_in(addrs, opt, strlen(opt));
	if (side >= 0)
		return took(take_side(r, m, (unsigned int)side));
	side = name_in(ports, opt, strlen(opt));
	return side < 0 ? NOT_MINE : took(take_port(r, m, (unsigned int)side));
}

static bool conntrack_finish(struct reader *r, void *info)
{
	const struct conntrack *m = info;

	return m->sees || refuse(r, "conntrack", "none of its options is given");
}

/* Whether 'yes' is what is asked for, when it is asked for. */
static inline bool agrees(const struct conntrack *m, uint32_t what, bool yes)
{
	return yes != !!(m->inverted & what);
}

static bool state_fits(const struct conntrack *m, struct rules_context *c)
{
	uint32_t bits = 1u << c->ctstate;

	if (m->states & (STATE_SNAT | STATE_DNAT)) {
		const struct rules_conn *conn = context_conn(c);

		if (conn && conn->status & IPS_SRC_NAT)
			bits |= STATE_SNAT;
		if (conn && conn->status & IPS_DST_NAT)
			bits |= STATE_DNAT;
	}
	return agrees(m, CT_SEES_STATE, m->states & bits);
}

/* The second half of a tuple as nf_conntrack_tuple's dst.u.all has it. */
static uint16_t second(const struct ct_tuple *t)
{
	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6)
		return (uint16_t)(t->icmp_type << 8 | t->icmp_code);
	return t->dport;
}

static bool ends_fit(const struct conntrack *m, const struct rules_conn *conn)
{
	const union ct_addr *addr[SIDES] = {
		&conn->tuple[0].src, &conn->tuple[0].dst,
		&conn->tuple[1].src, &conn->tuple[1].dst,
	};
	const uint16_t port[SIDES] = {
		conn->tuple[0].sport, second(&conn->tuple[0]),
		conn->tuple[1].sport, second(&conn->tuple[1]),
	};

	for (unsigned int i = 0; i < SIDES; i++) {
		const union ct_addr *mask = &m->side[i].mask;

		if (m->sees & CT_SEES_ADDR << i &&
		    !agrees(m, CT_SEES_ADDR << i,
			    (addr[i]->d[0] & mask->d[0]) == m->side[i].addr.d[0] &&
			    (addr[i]->d[1] & mask->d[1]) == m->side[i].addr.d[1]))
			return false;
		if (m->sees & CT_SEES_PORT << i &&
		    !agrees(m, CT_SEES_PORT << i, port[i] >= m->port[i].lo &&
			    port[i] <= m->port[i].hi))
			return false;
	}
	return true;
}

static bool life_fits(const struct conntrack *m, const struct rules_conn *conn,
		      ct_time now)
{
	uint64_t left = conn->expires > now ?
		(conn->expires - now) / CT_NSEC_PER_SEC : 0;

	return agrees(m, CT_SEES_EXPIRES,
		      left >= m->expires_lo && left <= m->expires_hi);
}

static enum answer conntrack_match(void *info, struct rules_context *c)
{
	const struct conntrack *m = info;
	const struct rules_conn *conn;

	if (m->sees & CT_SEES_STATE && !state_fits(m, c))
		return ANSWER_NO;
	if (m->sees == CT_SEES_STATE)
		return ANSWER_YES;
	conn = context_conn(c);
	if (!conn)
		return answer(m->sees & CT_SEES_STATE);
	if (m->sees & CT_SEES_DIR &&
	    !agrees(m, CT_SEES_DIR, c->ctdir == CT_DIR_ORIGINAL))
		return ANSWER_NO;
	if (m->sees & CT_SEES_PROTO &&
	    !agrees(m, CT_SEES_PROTO, conn->tuple[0].protonum == m->proto))
		return ANSWER_NO;
	if (!ends_fit(m, conn))
		return ANSWER_NO;
	if (m->sees & CT_SEES_STATUS &&
	    !agrees(m, CT_SEES_STATUS, m->status & conn->status))
		return ANSWER_NO;
	return answer(!(m->sees & CT_SEES_EXPIRES) || life_fits(m, conn, c->now));
}

/* Its status and time to live change, and it may get its addresses translated. */
static bool conntrack_of_flow(const void *info)
{
	const struct conntrack *m = info;

	return !(m->sees & (CT_SEES_STATUS | CT_SEES_EXPIRES)) &&
	       !(m->states & (STATE_SNAT | STATE_DNAT));
}

static bool conntrack_of_state(const void *info)
{
	const struct conntrack *m = info;

	return m->sees == CT_SEES_STATE && !(m->states & (STATE_SNAT | STATE_DNAT));
}

static bool conntrack_narrow(const void *info, struct rule_index_asks *to)
{
	const struct conntrack *m = info;

	to->has_states = m->sees & CT_SEES_STATE &&
			 !(m->states & (STATE_SNAT | STATE_DNAT));
	to->states = m->inverted & CT_SEES_STATE ? ~m->states : m->states;
	return true;
}

const struct match_ops match_conntrack = {
	.name = "conntrack", .size = sizeof(struct conntrack),
	.needs = RULES_NEED_CONNTRACK, .option = conntrack_option,
	.finish = conntrack_finish, .match = conntrack_match,
	.of_flow = conntrack_of_flow, .of_state = conntrack_of_state,
	.narrow = conntrack_narrow,
};

static enum took state_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--state") ? took(take_states(r, info)) : NOT_MINE;
}

const struct match_ops match_state = {
	.name = "state", .size = sizeof(struct conntrack),
	.needs = RULES_NEED_CONNTRACK, .option = state_option,
	.finish = conntrack_finish, .match = conntrack_match,
	.of_flow = conntrack_of_flow, .of_state = conntrack_of_state,
	.narrow = conntrack_narrow,
};
