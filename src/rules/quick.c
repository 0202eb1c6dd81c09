/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/quick.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "rules/run.h"

/* The hooks of each way; RULES_HOOKS ends them. */
static const uint8_t hooks[QUICK_WAYS][4] = {
	[QUICK_FORWARD] = { RULES_PREROUTING, RULES_FORWARD, RULES_POSTROUTING,
			    RULES_HOOKS },
	[QUICK_INPUT] = { RULES_PREROUTING, RULES_INPUT, RULES_HOOKS },
	[QUICK_OUTPUT] = { RULES_OUTPUT, RULES_POSTROUTING, RULES_HOOKS },
};

/* --- when the rules are ready --- */

/* Whether the rule says the same of all packets of a connection's direction. */
static bool is_of_flow(const struct ruleset *s, const struct rule *rule)
{
	if (rule->uncertain)
		return false;
	for (uint32_t i = 0; i < rule->nmatches; i++) {
		const struct match *m = &s->match[rule->first_match + i];

		if (!m->ops->of_flow || !m->ops->of_flow(m->info))
			return false;
	}
	return true;
}

static uint32_t rules_of_flow(const struct ruleset *s, const struct chain *c)
{
	uint32_t n = 0;

	while (n < c->n && is_of_flow(s, &s->rule[c->first + n]))
		n++;
	return n;
}

/* A chain without rules that accepts; nat's are not asked in mid-stream. */
static bool add_counter(struct quick_plan *plan, struct chain *c)
{
	if (c->n || c->policy == RULE_DROP || plan->ncounters == QUICK_COUNTERS)
		return false;
	plan->counter[plan->ncounters++] = &c->count;
	return true;
}

static bool make_plan(struct ruleset *s, struct quick_plan *plan, const uint8_t *hook)
{
	for (; *hook != RULES_HOOKS; hook++) {
		for (unsigned int t = 0; t < RULES_TABLES; t++) {
			uint32_t base = s->base[t][*hook];

			if (!base || t == RULES_NAT)
				continue;
			if (t == RULES_FILTER)
				plan->base = base;
			else if (!add_counter(plan, &s->chain[base - 1]))
				return false;
		}
	}
	plan->same = plan->base ? rules_of_flow(s, &s->chain[plan->base - 1]) : 0;
	return true;
}

/* The packet is tracked before anything else, so no rule may come before that. */
static bool raw_is_empty(const struct ruleset *s, unsigned int hook)
{
	uint32_t base = s->base[RULES_RAW][hook];

	return !base || !s->chain[base - 1].n;
}

bool quick_ready(struct ruleset *s)
{
	struct quick *q = &s->quick;
	bool any = false;

	quick_free(q);
	if (!(s->needs & RULES_NEED_CONNTRACK) ||
	    !raw_is_empty(s, RULES_PREROUTING) || !raw_is_empty(s, RULES_OUTPUT))
		return true;
	for (unsigned int i = 0; i < QUICK_WAYS; i++) {
		q->plan[i].ok = make_plan(s, &q->plan[i], hooks[i]);
		any |= q->plan[i].ok;
	}
	if (!any)
		return true;
	q->entry = aligned_alloc(64, QUICK_ENTRIES * sizeof(*q->entry));
	if (q->entry)
		memset(q->entry, 0, QUICK_ENTRIES * sizeof(*q->entry));
	return q->entry != NULL;
}

void quick_free(struct quick *q)
{
	free(q->entry);
	*q = (struct quick){ 0 };
}

/* --- for each packet --- */

#define WAY_SHIFT	1
#define WAY_MASK	(3u << WAY_SHIFT)

static inline uint64_t key_of(const struct ct_verdict *v)
{
	return v->id << 3 | (v->dir == CT_DIR_REPLY);
}

static inline struct quick_entry *entry_of(const struct quick *q,
					   const struct ct_verdict *v)
{
	return &q->entry[(v->slot << 1 | (v->dir == CT_DIR_REPLY)) &
			 (QUICK_ENTRIES - 1)];
}

static bool is_odd6(const struct ct_packet *p)
{
	static const union ct_addr one = { .b = { [15] = 1 } };

	return p->data[6] != p->protonum || p->src.b[0] == 0xff ||
	       !memcmp(&p->src, &one, sizeof(one)) ||
	       !memcmp(&p->dst, &one, sizeof(one));
}

/* Nothing but the rules may stop the packet, and what they ask for was captured. */
static inline bool may_be_quick(const struct ct_packet *p)
{
	uint32_t end = p->l4off + 20;

	if (p->flags & CT_PACKET_FRAGMENT || (p->caplen < end && p->caplen < p->len))
		return false;
	if (p->protonum == CT_L4_TCP || p->protonum == CT_L4_UDP ||
	    p->protonum == CT_L4_ICMP || p->protonum == CT_L4_ICMPV6)
		return p->l3num == CT_L3_IPV4 || !is_odd6(p);
	return false;
}

/* May be forwarded, see run_may_forward(). */
static inline bool has_hops(const struct ct_packet *p)
{
	return p->data[p->l3num == CT_L3_IPV4 ? 8 : 7] > 1;
}

static inline void count(struct ct_counter *to, const struct ct_packet *p)
{
	to->packets++;
	to->bytes += p->len;
}

/* As walk.c counts and notes it. */
static void count_rules(struct ruleset *s, const struct quick_plan *plan,
			const struct quick_entry *e, const struct ct_packet *p,
			struct rules_outcome *out)
{
	struct chain *c;

	for (uint32_t i = 0; i < plan->ncounters; i++)
		count(plan->counter[i], p);
	if (!plan->base)
		return;
	c = &s->chain[plan->base - 1];
	out->rule = (struct rules_ref){ .table = RULES_FILTER,
		.chain = (plan->base - 1) & 0xffffff, .number = e->rule };
	if (!e->rule) {
		out->why = RULES_WHY_POLICY;
		if (!c->uncounted)
			count(&c->count, p);
		return;
	}
	count(&s->rule[c->first + e->rule - 1].count, p);
	out->path[0] = out->rule;
	out->npath = 1;
}

bool rules_quick(struct rules *r, const struct rules_engine *e,
		 const struct ct_packet *pkt, const struct rules_iface *on,
		 struct rules_tracked *tracked, struct rules_outcome *out)
{
	struct ruleset *s = ruleset_of(r, pkt->l3num);
	const struct quick_entry *known;
	unsigned int way;

	if (!s->quick.entry || !may_be_quick(pkt))
		return false;
	tracked->done = true;
	tracked->more = false;
	e->track(e->arg, pkt, NULL, &out->ct, &tracked->more);
	if (out->ct.ctstate != CT_ESTABLISHED)
		return false;
	known = entry_of(&s->quick, &out->ct);
	way = known->key >> WAY_SHIFT & 3;
	if ((known->key & ~(uint64_t)WAY_MASK) != key_of(&out->ct) ||
	    known->on != (on ? on->number : 0) ||
	    (way == QUICK_FORWARD && !has_hops(pkt)))
		return false;
	memset(out, 0, offsetof(struct rules_outcome, ct));
	out->tracked = true;
	out->hook = way == QUICK_INPUT ? RULES_INPUT : RULES_POSTROUTING;
	out->in = r->ifaces.iface[known->in];
	out->out = r->ifaces.iface[known->out];
	count_rules(s, &s->quick.plan[way], known, pkt, out);
	if (tracked->more)
		e->confirm(e->arg, &out->ct);
	return true;
}

void rules_prefetch(const struct rules *r, uint8_t l3num, uint32_t slot)
{
	quick_prefetch(&r->set[l3num == CT_L3_IPV6].quick, slot);
}

/* The rule's number, where the rules before it ask for the connection alone, too. */
static bool rule_of(const struct ruleset *s, const struct quick_plan *plan,
		    const struct rules_outcome *o, uint32_t *number)
{
	const struct chain *c;

	*number = 0;
	if (!plan->base)
		return o->npath == 0;
	c = &s->chain[plan->base - 1];
	if (o->npath == 0)
		return o->why == RULES_WHY_POLICY && plan->same == c->n;
	*number = o->path[0].number;
	return o->npath == 1 && o->why == RULES_WHY_RULE &&
	       o->path[0].table == RULES_FILTER && o->path[0].chain == plan->base - 1 &&
	       *number <= plan->same &&
	       s->rule[c->first + *number - 1].kind == RULE_ACCEPT;
}

void quick_note(const struct run *run)
{
	const struct rules_context *c = run->c;
	const struct rules_outcome *o = run->out;
	const struct rules_iface *on = run->f->on;
	enum quick_way way = c->local ? QUICK_OUTPUT : c->hook == RULES_INPUT ?
			     QUICK_INPUT : QUICK_FORWARD;
	struct quick_entry e = {
		.key = key_of(&o->ct) | (uint64_t)way << WAY_SHIFT,
		.on = on ? on->number : 0,
		.in = o->in->number, .out = o->out->number,
	};
	const struct quick_plan *plan = &run->s->quick.plan[way];
	uint32_t number;

	if (o->ct.ctstate != CT_ESTABLISHED || o->verdict != RULES_ACCEPT ||
	    o->unknown || c->reply || !plan->ok ||
	    (way == QUICK_INPUT && run->r->options.answer_local) ||
	    !rule_of(run->s, plan, o, &number) || number > UINT16_MAX)
		return;
	e.rule = (uint16_t)number;
	*entry_of(&run->s->quick, &o->ct) = e;
}
