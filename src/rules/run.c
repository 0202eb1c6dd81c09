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
#include "rules/run.h"

#include "base/compiler.h"
#include "rules/sets.h"

static noinline bool walk_chains(struct run *run,
						  enum rules_table table)
{
	struct rules_outcome *o = run->out;

	o->verdict = (uint8_t)rules_walk(run->s, table, run->c);
	if (run->c->reply)
		o->verdict = RULES_REJECT;
	return o->verdict == RULES_ACCEPT;
}

/* Most tables have no chain at most hooks. */
static inline bool walk(struct run *run, enum rules_table table)
{
	return !run->s->base[table][run->c->hook] || walk_chains(run, table);
}

/* nf_nat_inet_fn(): rules are asked for the first packet of a connection, once
 * for each of its two sides; ICMP errors follow theirs. */
static bool walk_nat(struct run *run, unsigned int side)
{
	struct rules_context *c = run->c;
	const struct rules_conn *conn;

	if (!run->s->base[RULES_NAT][c->hook] || c->nat_done[side])
		return true;
	if (!c->tracked || c->untracked ||
	    (c->ctstate != CT_NEW && c->ctstate != CT_RELATED))
		return true;
	if (c->ctstate == CT_RELATED &&
	    (c->l4proto == CT_L4_ICMP || c->l4proto == CT_L4_ICMPV6))
		return true;
	conn = context_conn(c);
	if (!conn || conn->expires)
		return true;
	c->nat_done[side] = true;
	return walk(run, RULES_NAT);
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
	if (run->f && run->f->tracked.done)
		run->more = run->f->tracked.more;
	else
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
	return run_stop(run, RULES_WHY_CONNTRACK);
}

/* Puts the prepared connection into the table.  An answer does it for what it answers
 * where it goes in the original direction (__nf_conntrack_confirm()), as an ICMP error
 * about a reset does. */
static void confirm(struct run *run)
{
	struct run *of = run;

	while (of->attached && run->c->ctdir == CT_DIR_ORIGINAL)
		of = of->of;
	if (of->more)
		of->e->confirm(of->e->arg, &of->out->ct);
	else if (run->attached)
		return;
	of->more = false;
	run->c->conn_known = false;	/* it is CONFIRMED now */
}

static void drop(struct run *run)
{
	if (run->more)
		run->e->drop(run->e->arg);
	run->more = false;
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
	return run_may_forward(run) && walk(run, RULES_MANGLE) &&
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

static bool loopback6(const union ct_addr *a)
{
	static const union ct_addr one = { .b = { [15] = 1 } };

	return !memcmp(a, &one, sizeof(one));
}

/* What is judged before the first hook: ip6_rcv_core(). */
static bool accepted(struct run *run)
{
	const struct rules_context *c = run->c;

	if (c->pkttype == RULES_PKT_OTHERHOST)
		return run_stop(run, RULES_WHY_OTHERHOST);
	if (c->family != CT_L3_IPV6)
		return true;
	/* Scopes 0 and 1 of groups are of no link. */
	if (is_multicast(c, &c->src) || loopback6(&c->src) || loopback6(&c->dst) ||
	    (is_multicast(c, &c->dst) && (c->dst.b[1] & 15) <= 1))
		return run_stop(run, RULES_WHY_MARTIAN);
	return run_read_options6(run);
}

static bool prerouting(struct run *run, const struct ct_packet *pkt)
{
	enter(run, RULES_PREROUTING);
	run->c->out = run->r->ifaces.iface[0];
	if (!accepted(run) || !walk(run, RULES_RAW) || !track(run, pkt) ||
	    !walk(run, RULES_MANGLE) || !walk_nat(run, 0))
		return false;
	switch (run_route(run)) {
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
	const struct route *to = way_to(run->r, c->family, &c->dst);
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
		else if (is_link_local(c, &c->dst))
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

/* What this host sends to itself comes in by lo, tracked as it is; an INVALID packet,
 * to which nothing is attached, is tracked again. */
static void loop_back(struct run *run, const struct ct_packet *pkt)
{
	struct rules_context *c = run->c;
	const struct rules_iface *lo = rules_iface(run->r, "lo");

	if (c->addr_dst != ROUTE_LOCAL || !lo)
		return;
	enter(run, RULES_PREROUTING);
	c->in = lo;
	c->out = run->r->ifaces.iface[0];
	if (c->ctstate == CT_INVALID) {
		c->tracked = c->conn_known = false;
		c->tmpl = (struct rules_template){ .notrack = false };
	}
	if (walk(run, RULES_RAW) && (c->tracked || track(run, pkt)) &&
	    walk(run, RULES_MANGLE))
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
			   .e = run->e, .of = run };
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
		loop_back(&sub, &pkt);
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

	if (c->fragoff || c->no_l4)
		return;
	bytes_u8(&c->b, c->l4off, &type);
	switch (c->l4proto) {
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
		if (!bytes_be16(&c->b, c->l4off + 4, &len) || len < 8 ||
		    len > c->len - c->l4off)
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
	from = way_to(c->rules, c->family, &c->src);
	if (from && from->dev)
		c->in = from->dev;
}

void rules_run(struct rules *r, const struct rules_engine *e,
	       const struct rules_frame *f, struct rules_outcome *out)
{
	struct rules_context *c = &r->context;
	struct run run;
	bool passed;

	/* Not all of it: 'whole' is large, and few packets have one. */
	run.r = r;
	run.s = ruleset_of(r, f->pkt->l3num);
	run.c = c;
	run.out = out;
	run.e = e;
	run.f = f;
	run.more = run.attached = false;
	memset(out, 0, offsetof(struct rules_outcome, ct));
	memset(c, 0, offsetof(struct rules_context, conn));
	r->trace.varies = r->trace.flow = false;
	r->trace.n = 0;
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
		run_stop(&run, RULES_WHY_MARTIAN);
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
	if (passed && f->tracked.done)
		quick_note(&run);
}
