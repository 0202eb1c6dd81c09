/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.c - a packet's way through the hooks, in the kernel's order:
 *
 *	PREROUTING	raw, conntrack, mangle, nat (destination)
 *	  routing	to this host, or to another
 *	INPUT		mangle, filter, security, nat (source), confirm
 *	FORWARD		mangle, filter, security
 *	OUTPUT		raw, conntrack, mangle, nat (destination), filter, security
 *	POSTROUTING	mangle, nat (source), confirm
 */
#include "rules/answers.h"
#include "rules/sets.h"

struct run {
	struct rules *r;
	struct ruleset *s;
	struct rules_context *c;
	struct rules_outcome *out;
	const struct rules_engine *e;
	bool more;		/* confirm or drop must follow */
	struct ct_packet whole;	/* of fragments to this host */
	bool attached;		/* an answer: tracked by what it answers */
};

static bool walk(struct run *run, enum rules_table table)
{
	struct rules_outcome *o = run->out;

	if (!run->s->loaded || !run->s->base[table][run->c->hook])
		return true;
	o->verdict = (uint8_t)rules_walk(run->s, table, run->c);
	if (run->c->reply)
		o->verdict = RULES_REJECT;
	return o->verdict == RULES_ACCEPT;
}

/* nf_nat_inet_fn(): rules are asked for the first packet of a connection, once
 * for each of its two sides; ICMP errors follow theirs. */
static bool walk_nat(struct run *run, unsigned int side)
{
	struct rules_context *c = run->c;
	const struct rules_conn *conn;

	if (!run->s->loaded || !run->s->base[RULES_NAT][c->hook] ||
	    c->nat_done[side])
		return true;
	if (!c->tracked || c->untracked ||
	    (c->ctstate != CT_NEW && c->ctstate != CT_RELATED))
		return true;
	if (c->ctstate == CT_RELATED &&
	    (c->proto == CT_L4_ICMP || c->proto == CT_L4_ICMPV6))
		return true;
	conn = context_conn(c);
	if (!conn || conn->expires)
		return true;
	c->nat_done[side] = true;
	return walk(run, RULES_NAT);
}

static bool stop(struct run *run, enum rules_why why)
{
	run->out->verdict = RULES_DROP;
	run->out->why = (uint8_t)why;
	return false;
}

static bool enter(struct run *run, enum rules_hook hook)
{
	run->c->hook = (uint8_t)hook;
	run->out->hook = (uint8_t)hook;
	return true;
}

static bool track(struct run *run, const struct ct_packet *pkt)
{
	struct rules_context *c = run->c;
	struct ct_verdict *v = &run->out->ct;

	if (run->attached)
		return true;
	run->e->track(run->e->arg, pkt, &c->tmpl, v, &run->more);
	run->out->tracked = true;
	c->tracked = true;
	c->conn_known = false;	/* raw had no connection to look at */
	c->ctstate = v->ctstate;
	c->ctdir = v->dir;
	c->untracked = v->ctstate == CT_UNTRACKED;
	if (v->ctstate != CT_DROP)
		return true;
	run->more = false;
	return stop(run, RULES_WHY_CONNTRACK);
}

/* Puts the prepared connection into the table. */
static void confirm(struct run *run)
{
	if (run->more)
		run->e->confirm(run->e->arg, &run->out->ct);
	run->more = false;
	run->c->conn_known = run->attached;	/* it is CONFIRMED now */
}

static void drop(struct run *run)
{
	if (run->more)
		run->e->drop(run->e->arg);
	run->more = false;
}

/* --- routing --- */

static bool multicast(const struct rules_context *c, const union ct_addr *a)
{
	return c->family == CT_L3_IPV6 ? a->b[0] == 0xff : a->b[0] >> 4 == 14;
}

static bool link_local(const struct rules_context *c, const union ct_addr *a)
{
	return c->family == CT_L3_IPV6 && a->b[0] == 0xfe &&
	       (a->b[1] & 0xc0) == 0x80;
}

static bool loopback6(const union ct_addr *a)
{
	static const union ct_addr one = { .b = { [15] = 1 } };

	return !memcmp(a, &one, sizeof(one));
}

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

enum way { WAY_DROPPED, WAY_INPUT, WAY_FORWARD };

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

	stop(run, RULES_WHY_NO_ROUTE);
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
	stop(run, RULES_WHY_MARTIAN);
	return WAY_DROPPED;
}

static enum way by_route(struct run *run)
{
	struct rules_context *c = run->c;
	const struct route *to = routes_find(&c->rules->routes, c->family,
					     &c->dst);

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

	if (multicast(c, &c->src) || src == 0xffffffff)
		return martian(run);
	if (multicast(c, &c->dst)) {
		c->addr_dst = ROUTE_MULTICAST;
		/* ip_mc_validate_source() */
		if (src >> 24 == 127 || (!src && dst >> 8 != 0xe00000))
			return martian(run);
		if (member(c))
			return WAY_INPUT;
		stop(run, RULES_WHY_NOT_MEMBER);
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

	if (multicast(c, &c->dst)) {
		c->addr_dst = ROUTE_MULTICAST;
		if (member(c))
			return WAY_INPUT;
		stop(run, RULES_WHY_NOT_MEMBER);
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

/* ip_forward() and ip6_forward(), before the hook. */
static bool may_forward(struct run *run)
{
	struct rules_context *c = run->c;

	if (c->pkttype != RULES_PKT_HOST)
		return stop(run, RULES_WHY_OTHERHOST);
	if (c->ttl <= 1) {
		answer_with(c, c->family == CT_L3_IPV6 ? 3 : 11, 0);
		return stop(run, RULES_WHY_TTL);
	}
	if (c->family == CT_L3_IPV6) {
		static const union ct_addr none;

		if (!memcmp(&c->src, &none, sizeof(none)))
			return stop(run, RULES_WHY_MARTIAN);
		if (link_local(c, &c->src)) {
			answer_with(c, 1, 2);
			return stop(run, RULES_WHY_NO_ROUTE);
		}
	}
	c->ttl--;
	c->ttl_stale = true;
	return true;
}

/* --- hooks --- */

static bool postrouting(struct run *run)
{
	enter(run, RULES_POSTROUTING);
	if (!walk(run, RULES_MANGLE) || !walk_nat(run, 1))
		return false;
	confirm(run);
	return true;
}

static bool forward(struct run *run)
{
	enter(run, RULES_FORWARD);
	return may_forward(run) && walk(run, RULES_MANGLE) &&
	       walk(run, RULES_FILTER) && walk(run, RULES_SECURITY) &&
	       postrouting(run);
}

/* ip_local_deliver(): an IPv4 datagram for this host is whole before INPUT, also
 * where nothing tracks connections. */
static bool defragment(struct run *run, const struct ct_packet *pkt)
{
	struct rules_context *c = run->c;

	if (!pkt || !(pkt->flags & CT_PACKET_FRAGMENT) ||
	    c->family != CT_L3_IPV4)
		return true;
	run->whole = *pkt;
	if (!run->e->defragment ||
	    !run->e->defragment(run->e->arg, &run->whole)) {
		run->out->verdict = RULES_STOLEN;
		return false;
	}
	c->own_copy = false;
	c->b = (struct bytes){ run->whole.data, run->whole.caplen,
			       run->whole.len };
	c->len = run->whole.len;
	return context_headers(c);
}

static bool input(struct run *run, const struct ct_packet *pkt)
{
	enter(run, RULES_INPUT);
	run->c->out = run->r->ifaces.iface[0];
	if (!defragment(run, pkt))
		return false;
	if (!walk(run, RULES_MANGLE) || !walk(run, RULES_FILTER) ||
	    !walk(run, RULES_SECURITY) || !walk_nat(run, 1))
		return false;
	confirm(run);
	return true;
}

/* What is judged before the first hook: ip6_rcv_core(). */
static bool accepted(struct run *run)
{
	const struct rules_context *c = run->c;

	if (c->pkttype == RULES_PKT_OTHERHOST)
		return stop(run, RULES_WHY_OTHERHOST);
	if (c->family == CT_L3_IPV6 &&
	    (multicast(c, &c->src) || loopback6(&c->src) || loopback6(&c->dst)))
		return stop(run, RULES_WHY_MARTIAN);
	return true;
}

static bool prerouting(struct run *run, const struct ct_packet *pkt)
{
	enter(run, RULES_PREROUTING);
	run->c->out = run->r->ifaces.iface[0];
	if (!accepted(run) || !walk(run, RULES_RAW) || !track(run, pkt) ||
	    !walk(run, RULES_MANGLE) || !walk_nat(run, 0))
		return false;
	switch (route(run)) {
	case WAY_INPUT:
		return input(run, pkt);
	case WAY_FORWARD:
		run->c->out = run->out->out ? run->out->out : run->c->out;
		return forward(run);
	default:
		return false;
	}
}

static bool output(struct run *run, const struct ct_packet *pkt)
{
	struct rules_context *c = run->c;
	const struct route *to = routes_find(&run->r->routes, c->family, &c->dst);
	const struct rules_iface *back = c->in;

	enter(run, RULES_OUTPUT);
	/* An answer to a link-local address leaves where the packet came in. */
	c->in = run->r->ifaces.iface[0];
	if (to) {
		c->addr_dst = to->type;
		if (!run->out->out && to->dev)
			c->out = to->dev;
		if (to->type == ROUTE_LOCAL)
			c->out = rules_iface(run->r, "lo");
		else if (link_local(c, &c->dst))
			c->out = back;
	}
	return walk(run, RULES_RAW) && track(run, pkt) &&
	       walk(run, RULES_MANGLE) && walk_nat(run, 0) &&
	       walk(run, RULES_FILTER) && walk(run, RULES_SECURITY) &&
	       postrouting(run);
}

/* --- one packet --- */

static bool start(struct rules_context *c, const struct ct_packet *pkt)
{
	c->b = (struct bytes){ pkt->data, pkt->caplen < pkt->len ? pkt->caplen :
			       pkt->len, pkt->len };
	c->len = pkt->len;
	c->family = pkt->l3num;
	c->ctstate = CT_INVALID;
	c->ctdir = CT_DIR_NONE;
	return context_headers(c);
}

/* An answer's connection is the packet's, the other way round:
 * nf_conntrack_attach(). */
static void attach(struct rules_context *to, const struct rules_context *c)
{
	to->tracked = true;
	to->ctstate = CT_RELATED;
	to->ctdir = c->ctdir == CT_DIR_ORIGINAL ? CT_DIR_REPLY : CT_DIR_ORIGINAL;
	to->conn_known = c->conn_known;
	to->conn_there = c->conn_there;
	to->conn = c->conn;
	to->nat_done[0] = c->nat_done[0];
	to->nat_done[1] = c->nat_done[1];
}

/* What this host sends to itself comes in by lo, tracked as it is. */
static void loop_back(struct run *run)
{
	struct rules_context *c = run->c;
	const struct rules_iface *lo = rules_iface(run->r, "lo");

	if (c->addr_dst != ROUTE_LOCAL || !lo)
		return;
	enter(run, RULES_PREROUTING);
	c->in = lo;
	c->out = run->r->ifaces.iface[0];
	if (walk(run, RULES_RAW) && walk(run, RULES_MANGLE))
		input(run, NULL);
}

static void send_answer(struct run *run, const struct reply *reply)
{
	struct rules_context *c = run->c, a = {
		.rules = c->rules, .engine = c->engine, .now = c->now,
		.local = true, .kernels = true,
		.socket = reply->kind != REPLY_RESET || !reply->attached,
	};
	struct rules_outcome out = { 0 };
	struct run sub = { .r = run->r, .s = run->s, .c = &a, .out = &out,
			   .e = run->e };
	struct ct_packet pkt;

	if (!answers_make(c, reply, &pkt))
		return;
	a.in = c->in;
	a.out = run->r->ifaces.iface[0];
	if (!start(&a, &pkt))
		return;
	run->out->answer = a.proto;
	if (run->r->options.path != RULES_PATH_ROUTES)
		a.out = c->in;
	a.out_come = &out;
	if (reply->attached && context_conn(c)) {
		sub.attached = true;
		attach(&a, c);
		if (reply->kind == REPLY_RESET && run->e->set_closing)
			run->e->set_closing(run->e->arg);
	} else {
		a.marked = reply->attached && c->untracked;
		drop(run);
	}
	if (output(&sub, &pkt))
		loop_back(&sub);
	else if (a.reply && !c->kernels && a.proto == CT_L4_TCP)
		/* icmp_xmit_lock(): no error while ICMP is being sent. */
		send_answer(&sub, a.reply);
	drop(&sub);
}

/* What a host without sockets answers to what it accepted. */
static void answer_local(struct run *run)
{
	static const struct reply unreachable[2][2] = {
		{ { REPLY_ICMP, 3, 3, false, true }, { REPLY_ICMP, 1, 4, false, true } },
		{ { REPLY_ICMP, 3, 2, true, false }, { REPLY_ICMP, 4, 1, true, false } },
	}, reset = { REPLY_RESET, 0, 0, false, true };
	static const struct reply echo[3] = {
		{ REPLY_ECHO, 0, 0, false, true }, { REPLY_ECHO, 129, 0, false, true },
		{ REPLY_ECHO, 14, 0, false, true },	/* a time stamp */
	};
	struct rules_context *c = run->c;
	bool v6 = c->family == CT_L3_IPV6;
	uint8_t type = 0;
	uint16_t len;

	if (c->fragoff || c->no_proto)
		return;
	bytes_u8(&c->b, c->thoff, &type);
	switch (c->proto) {
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
		if (!bytes_be16(&c->b, c->thoff + 4, &len) || len < 8 ||
		    len > c->len - c->thoff)
			break;
		send_answer(run, &unreachable[0][v6]);
		break;
	case CT_L4_TCP:
		send_answer(run, &reset);
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		if (type == (v6 ? 128 : 8))
			send_answer(run, &echo[v6]);
		else if (type == 13 && !v6)
			send_answer(run, &echo[2]);
		break;
	case 59:
	case 2:
		break;
	default:
		send_answer(run, &unreachable[1][v6]);
	}
}

/* Interfaces that the caller does not know follow from routes. */
static void find_interfaces(struct rules_context *c, const struct rules_frame *f)
{
	const struct rules_iface *none = c->rules->ifaces.iface[0];
	const struct route *from;

	c->in = f->in ? f->in : none;
	c->out = f->out ? f->out : none;
	if (f->in || f->local)
		return;
	from = routes_find(&c->rules->routes, c->family, &c->src);
	if (from && from->dev)
		c->in = from->dev;
}

void rules_run(struct rules *r, const struct rules_engine *e,
	       const struct rules_frame *f, struct rules_outcome *out)
{
	struct rules_context *c = &r->context;
	struct run run = { .r = r, .s = ruleset_of(r, f->pkt->l3num), .c = c,
			   .out = out, .e = e };
	bool passed;

	memset(out, 0, offsetof(struct rules_outcome, path));
	memset(c, 0, sizeof(*c));
	c->rules = r;
	c->engine = e;
	c->now = f->now;
	c->out_come = out;
	c->pkttype = f->pkttype;
	c->has_mac = f->has_mac;
	memcpy(c->mac, f->mac, sizeof(c->mac));
	c->local = f->local || r->options.path == RULES_PATH_OUTPUT;
	if (r->sets && !r->sets->epoch)
		r->sets->epoch = f->now;
	if (!start(c, f->pkt)) {
		stop(&run, RULES_WHY_MARTIAN);
		return;
	}
	find_interfaces(c, f);
	out->in = c->in;
	out->out = f->out;
	passed = c->local ? output(&run, f->pkt) : prerouting(&run, f->pkt);
	if (c->reply && r->options.answers)
		send_answer(&run, c->reply);
	if (!passed)
		drop(&run);
	else if (c->hook == RULES_INPUT && r->options.answer_local)
		answer_local(&run);
	out->out = c->out;
	out->mark = c->mark;
}
