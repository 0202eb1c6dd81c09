/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk.c - a table's rules for one packet: ipt_do_table() of the kernel.
 *
 * The walk skips a rule whose answer cannot be known, and notes its verdict as a
 * possible one; if the packet's verdict is another one, the outcome is marked as
 * doubtful.  A chain that such a rule jumps to is searched for possible verdicts, and
 * its rules count nothing.
 */
#include "rules/program.h"

/* Verdicts that might have been, a bit each. */
#define MAYBE_ACCEPT	0x1u
#define MAYBE_DROP	0x2u
#define MAYBE_ANY	0x3u

/* How deep chains below a doubtful rule are looked into. */
#define DOUBT_DEPTH	64u

struct walk {
	struct ruleset *set;
	struct rules_context *c;
	unsigned int table;
	uint32_t maybe;
	struct rules_ref doubt;
	bool indexed;		/* 'key' is filled in */
	struct rule_index_key key;
};

/* ip_packet_match(): 32 bits for IPv4, 128 for IPv6. */
static inline bool addr_differs(const union ct_addr *a, const union ct_addr *mask,
				const union ct_addr *want, unsigned int family)
{
	if (family == CT_L3_IPV4)
		return (a->w[0] & mask->w[0]) != want->w[0];
	return ((a->d[0] & mask->d[0]) ^ want->d[0]) |
	       ((a->d[1] & mask->d[1]) ^ want->d[1]);
}

static bool protocol_fits(const struct rule *rule, struct rules_context *c)
{
	/* Headers that cannot be walked: ip6_packet_match() drops the packet,
	 * nft_set_pktinfo_ipv6() knows no protocol then, and no rule with -p
	 * matches, inverted or not. */
	if (c->no_proto) {
		c->hotdrop = ruleset_of(c->rules, c->family)->backend ==
			     RULES_BACKEND_LEGACY;
		return false;
	}
	return (c->proto == rule->proto) != !!(rule->inverted & INV_PROTO);
}

static bool header_fits(const struct rule *rule, struct rules_context *c)
{
	uint8_t checks = rule->checks, inv = rule->inverted;

	if (checks & CHECK_SRC &&
	    addr_differs(&c->src, &rule->smask, &rule->src, c->family) ==
	    !(inv & INV_SRC))
		return false;
	if (checks & CHECK_DST &&
	    addr_differs(&c->dst, &rule->dmask, &rule->dst, c->family) ==
	    !(inv & INV_DST))
		return false;
	if (checks & CHECK_IN &&
	    iface_matches(c->in, rule->in) == !!(inv & INV_IN))
		return false;
	if (checks & CHECK_OUT &&
	    iface_matches(c->out, rule->out) == !!(inv & INV_OUT))
		return false;
	if (checks & CHECK_PROTO && !protocol_fits(rule, c))
		return false;
	return !(checks & CHECK_FRAG) ||
	       (c->fragoff != 0) != !!(inv & INV_FRAG);
}

/* All conditions of a rule, in the order in which they were written.  The first one
 * that fails ends the rule, so that later matches with a limit spend nothing. */
static enum answer rule_fits(const struct ruleset *s, const struct rule *rule,
			     struct rules_context *c)
{
	enum answer all = ANSWER_YES;
	const struct match *m;

	c->rules->trace.flow |= rule->checks & (CHECK_SRC | CHECK_DST | CHECK_PROTO);
	if (!header_fits(rule, c))
		return ANSWER_NO;
	if (!rule->nmatches)	/* there may be no matches at all */
		return ANSWER_YES;
	m = s->match + rule->first_match;
	for (const struct match *end = m + rule->nmatches; m < end; m++) {
		enum answer a = m->ops->match(m->info, c);

		c->rules->trace.varies |= m->varies;
		c->rules->trace.flow |= m->flow;
		if (a == ANSWER_NO)
			return ANSWER_NO;
		if (a == ANSWER_UNKNOWN)
			all = ANSWER_UNKNOWN;
	}
	return all;
}

static struct rules_ref place_of(const struct ruleset *s, unsigned int table,
				 const struct rule *rule)
{
	const struct chain *c = &s->chain[rule->chain];

	return (struct rules_ref){ .table = (uint8_t)table,
		.chain = rule->chain & 0xffffff,
		.number = (uint32_t)(rule - s->rule) - c->first + 1 };
}

static void note_path(struct walk *w, const struct rule *rule)
{
	struct rules_outcome *o = w->c->out_come;

	if (o->npath < RULES_PATH_MAX)
		o->path[o->npath] = place_of(w->set, w->table, rule);
	o->npath++;
}

static uint32_t maybe_of(struct walk *w, struct rule *rule, unsigned int depth);

/* The verdicts that the rules of 'chain' might give.  They count nothing, so the
 * answer of a rule with memory is unknown. */
static uint32_t maybe_chain(struct walk *w, uint32_t chain, unsigned int depth)
{
	const struct chain *c = &w->set->chain[chain];
	uint32_t maybe = 0;

	if (depth == DOUBT_DEPTH)
		return MAYBE_ANY;
	for (uint32_t i = 0; i < c->n && maybe != MAYBE_ANY; i++) {
		struct rule *rule = &w->set->rule[c->first + i];

		if (!header_fits(rule, w->c))
			continue;
		maybe |= maybe_of(w, rule, depth);
		if (rule->kind >= RULE_ACCEPT && rule->kind <= RULE_RETURN &&
		    !rule->nmatches)
			break;
	}
	return maybe;
}

static uint32_t maybe_of(struct walk *w, struct rule *rule, unsigned int depth)
{
	switch (rule->kind) {
	case RULE_ACCEPT:
		return MAYBE_ACCEPT;
	case RULE_DROP:
		return MAYBE_DROP;
	case RULE_RETURN:
		/* What follows in the calling chain is not searched. */
		return MAYBE_ANY;
	case RULE_JUMP:
	case RULE_GOTO:
		return maybe_chain(w, rule->to, depth + 1);
	case RULE_TARGET:
		return rule->target->may_drop ? MAYBE_ANY : 0;
	}
	return 0;
}

static void note_doubt(struct walk *w, struct rule *rule)
{
	uint32_t maybe = maybe_of(w, rule, 0);

	w->c->rules->trace.varies = true;
	rule->doubts++;
	if (maybe && !w->maybe)
		w->doubt = place_of(w->set, w->table, rule);
	w->maybe |= maybe;
}

static void count(struct ct_counter *to, const struct rules_context *c)
{
	struct quick_trace *t = &c->rules->trace;

	to->packets++;
	to->bytes += c->len;
	if (t->n < QUICK_COUNTERS)
		t->counter[t->n] = to;
	t->n++;
}

static enum rules_verdict end(struct walk *w, const struct rule *rule,
			      enum rules_verdict v)
{
	struct rules_outcome *o = w->c->out_come;
	uint32_t known = v == RULES_ACCEPT ? MAYBE_ACCEPT : MAYBE_DROP;

	if (v != RULES_ACCEPT || w->table == RULES_FILTER) {
		o->rule = place_of(w->set, w->table, rule);
		o->why = RULES_WHY_RULE;
	}
	if (w->maybe & ~known && !o->unknown) {
		o->unknown = true;
		o->doubt = w->doubt;
	}
	return v;
}

static enum rules_verdict policy(struct walk *w, uint32_t base)
{
	struct chain *c = &w->set->chain[base];
	struct rules_outcome *o = w->c->out_come;
	bool drop = c->policy == RULE_DROP;

	if (!c->uncounted)
		count(&c->count, w->c);
	if (drop || w->table == RULES_FILTER) {
		o->rule = (struct rules_ref){ .table = (uint8_t)w->table,
					      .chain = base & 0xffffff };
		o->why = RULES_WHY_POLICY;
	}
	if (w->maybe & ~(drop ? MAYBE_DROP : MAYBE_ACCEPT) && !o->unknown) {
		o->unknown = true;
		o->doubt = w->doubt;
	}
	return drop ? RULES_DROP : RULES_ACCEPT;
}

static enum rules_verdict dropped_hot(struct walk *w, const struct rule *rule)
{
	struct rules_outcome *o = w->c->out_come;

	o->rule = place_of(w->set, w->table, rule);
	o->why = RULES_WHY_HOTDROP;
	return RULES_DROP;
}

/* What a rule that matches does with the walk. */
enum step { STEP_NEXT, STEP_JUMP, STEP_GOTO, STEP_RETURN, STEP_ACCEPT, STEP_DROP };

static enum step apply(struct walk *w, struct rule *rule)
{
	static const uint8_t steps[] = {
		[RULE_NONE] = STEP_NEXT, [RULE_ACCEPT] = STEP_ACCEPT,
		[RULE_DROP] = STEP_DROP, [RULE_RETURN] = STEP_RETURN,
		[RULE_JUMP] = STEP_JUMP, [RULE_GOTO] = STEP_GOTO,
	};

	/* Counted before the target acts: what TCPMSS adds is not in it. */
	count(&rule->count, w->c);
	note_path(w, rule);
	if (rule->kind != RULE_TARGET)
		return (enum step)steps[rule->kind];
	if (!rule->target->act) {
		note_doubt(w, rule);
		return STEP_NEXT;
	}
	w->c->rules->trace.varies |= !rule->target->of_flow;
	w->indexed = false;	/* CT changes the state */
	switch (rule->target->act(rule->target_info, w->c)) {
	case TARGET_ACCEPT:
		return STEP_ACCEPT;
	case TARGET_DROP:
		return STEP_DROP;
	default:
		return STEP_NEXT;
	}
}

/* The next rule whose addresses and protocol may fit; 'to': none. */
static inline uint32_t next_likely(const struct rule_head *head, uint32_t at, uint32_t to,
				   const struct rules_context *c)
{
	const uint32_t src = c->src.w[0], dst = c->dst.w[0];
	const uint8_t proto = c->proto;

	for (; at < to; at++) {
		const struct rule_head *h = &head[at];

		if (!(((src & h->smask) ^ h->src) | ((dst & h->dmask) ^ h->dst) |
		      ((proto ^ h->proto) & h->pmask)))
			break;
	}
	return at;
}

/* The same by the chain's index. */
static uint32_t next_indexed(struct walk *w, const struct chain *chain, uint32_t at)
{
	struct rule_index *x = chain->index;
	uint32_t i = at - chain->first, next;

	if (!w->indexed) {
		w->indexed = true;
		rule_index_key(&w->key, w->c);
	}
	if (x->ifaces < w->c->rules->ifaces.n && x->ifaces < ROW_ANY)
		rule_index_learn(x, &w->set->rule[chain->first], chain->n, w->c->rules);
	next = rule_index_next(x, &w->key, i, chain->n);
	/* Whether state and interfaces alone led past those between. */
	if (w->c->ctstate == CT_ESTABLISHED && next != i && !w->c->rules->trace.flow) {
		struct rule_index_key any = w->key;

		rule_index_forget(&any);
		w->c->rules->trace.flow = rule_index_next(x, &any, i, chain->n) != next;
	}
	return chain->first + next;
}

/* The next rule to look at; the chain's end: none. */
static inline uint32_t next_rule(struct walk *w, const struct chain *chain, uint32_t at)
{
	uint32_t next = at;

	/* In IPv6 headers that cannot be walked each -p matters: protocol_fits(). */
	if (chain->index && !w->c->no_proto)
		return next_indexed(w, chain, at);
	if (w->set->head)
		next = next_likely(w->set->head, at, chain->first + chain->n, w->c);
	w->c->rules->trace.flow |= next != at;
	return next;
}

enum rules_verdict rules_walk(struct ruleset *s, unsigned int table,
			      struct rules_context *c)
{
	struct walk w;
	uint32_t base = s->base[table][c->hook], depth = 0;
	const struct chain *chain;
	uint32_t at, to;

	if (!base)
		return RULES_ACCEPT;
	/* Not all of it: 'key' is large, and only walks with an index fill it in. */
	w.set = s;
	w.c = c;
	w.table = table;
	w.maybe = 0;
	w.indexed = false;
	c->table = (uint8_t)table;
	c->hotdrop = false;
	chain = &s->chain[--base];
	at = chain->first;
	to = at + chain->n;
	for (;;) {
		struct rule *rule;
		enum answer fits;
		enum step step;

		at = next_rule(&w, chain, at);
		if (at == to) {	/* the end of a chain is a RETURN */
			if (!depth)
				return policy(&w, base);
			at = s->stack[--depth];
			chain = &s->chain[s->rule[at - 1].chain];
			to = chain->first + chain->n;
			continue;
		}
		rule = &s->rule[at++];
		fits = rule_fits(s, rule, c);
		if (c->hotdrop && fits != ANSWER_YES)
			return dropped_hot(&w, rule);
		if (fits == ANSWER_NO)
			continue;
		if (fits == ANSWER_UNKNOWN) {
			note_doubt(&w, rule);
			continue;
		}
		step = apply(&w, rule);
		if (c->hotdrop)
			return dropped_hot(&w, rule);
		switch (step) {
		case STEP_NEXT:
			break;
		case STEP_JUMP:
			s->stack[depth++] = at;
			/* fall through */
		case STEP_GOTO:
			chain = &s->chain[rule->to];
			at = chain->first;
			to = at + chain->n;
			break;
		case STEP_RETURN:
			at = to;
			break;
		case STEP_ACCEPT:
			return end(&w, rule, RULES_ACCEPT);
		case STEP_DROP:
			return end(&w, rule, RULES_DROP);
		}
	}
}
