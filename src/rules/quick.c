/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/quick.h"

#include <stdlib.h>

#include "rules/run.h"

/* Places by hash for QUICK_PATHS paths; a power of two. */
#define SLOTS (4 * QUICK_PATHS)

/* --- when the rules are ready --- */

static bool matches_of_flow(const struct ruleset *s, const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->nmatches; i++)
		if (s->match[rule->first_match + i].varies)
			return false;
	return true;
}

/* The short way tracks the packet before anything else.  So a rule of raw may neither
 * drop it nor say how it is tracked, and must not need to be asked before that. */
static bool raw_is_harmless(const struct ruleset *s)
{
	for (uint32_t i = 0; i < s->nchains; i++) {
		const struct chain *c = &s->chain[i];

		if (c->table != RULES_RAW)
			continue;
		if (c->policy == RULE_DROP)
			return false;
		for (uint32_t k = c->first; k < c->first + c->n; k++) {
			const struct rule *rule = &s->rule[k];

			if (rule->kind == RULE_DROP || !matches_of_flow(s, rule) ||
			    (rule->kind == RULE_TARGET && !rule->target->of_flow))
				return false;
		}
	}
	return true;
}

static void note_matches(struct ruleset *s)
{
	for (uint32_t i = 0; i < s->nmatches; i++) {
		struct match *m = &s->match[i];

		m->varies = !m->ops->of_flow || !m->ops->of_flow(m->info);
		m->flow = !m->ops->of_state || !m->ops->of_state(m->info);
	}
}

bool quick_ready(struct ruleset *s)
{
	struct quick *q = &s->quick;

	quick_free(q);
	note_matches(s);
	if (!raw_is_harmless(s))
		return true;
	q->entry = aligned_alloc(64, QUICK_ENTRIES * sizeof(*q->entry));
	q->path = calloc(QUICK_PATHS, sizeof(*q->path));
	q->slot = calloc(SLOTS, sizeof(*q->slot));
	if (!q->entry || !q->path || !q->slot)
		return false;
	memset(q->entry, 0, QUICK_ENTRIES * sizeof(*q->entry));
	return true;
}

void quick_free(struct quick *q)
{
	free(q->entry);
	free(q->path);
	free(q->slot);
	*q = (struct quick){ 0 };
}

struct quick *rules_quick_table(struct rules *r, enum ct_l3 family)
{
	struct quick *q = &ruleset_of(r, family)->quick;

	return q->entry ? q : NULL;
}

/* --- for each packet --- */

void quick_tell(const struct quick_path *path, struct rules_outcome *out)
{
	memset(out, 0, offsetof(struct rules_outcome, ct));
	out->tracked = true;
	out->hook = path->hook;
	out->why = path->why;
	out->rule = path->rule;
	out->in = path->in;
	out->out = path->out;
	out->mark = path->mark;
	out->npath = path->npath;
	memcpy(out->path, path->path, path->npath * sizeof(path->path[0]));
}

bool rules_quick(struct rules *r, const struct rules_engine *e,
		 const struct ct_packet *pkt, const struct rules_iface *on,
		 struct rules_tracked *tracked, struct rules_outcome *out)
{
	const struct quick *q = &ruleset_of(r, pkt->l3num)->quick;
	uint32_t number = rules_iface_number(on);
	struct quick_path *path;

	if (!q->entry || !rules_may_be_quick(pkt))
		return false;
	tracked->done = true;
	tracked->more = false;
	e->track(e->arg, pkt, NULL, &out->ct, &tracked->more);
	path = quick_find(q, &out->ct, number);
	if (!path)
		path = rules_quick_way(r, pkt, &out->ct, number);
	if (!path || (path->forwards && !rules_has_hops(pkt)))
		return false;
	quick_count(path, pkt);
	quick_tell(path, out);
	if (tracked->more)
		e->confirm(e->arg, &out->ct);
	return true;
}

static void remember(struct quick *q, const struct ct_verdict *v, uint32_t on,
		     uint32_t path)
{
	q->remembers = true;
	*quick_place(q, v->slot, v->dir == CT_DIR_REPLY) =
		(struct quick_entry){ .key = quick_key(v), .path = path, .on = on };
}

/* --- ways --- */

/* Addresses that way.c looks at beside their routes. */
static bool is_special(uint8_t l3num, const union ct_addr *a)
{
	if (l3num == CT_L3_IPV4)
		return !a->b[0] || a->b[0] == 127 || a->b[0] >= 224;
	return a->b[0] >= 0xfe || !a->b[0];
}

/* The place of the packet's way; NULL: its addresses count, too. */
static struct quick_way *find_way(struct rules *r, struct quick_way *want,
				  const struct ct_packet *pkt)
{
	uint64_t h;

	if (is_special(pkt->l3num, &pkt->src) || is_special(pkt->l3num, &pkt->dst))
		return NULL;
	want->from = way_to(r, pkt->l3num, &pkt->src);
	want->to = way_to(r, pkt->l3num, &pkt->dst);
	h = ((uintptr_t)want->from ^ (uintptr_t)want->to << 7 ^ want->on) *
	    0x9e3779b97f4a7c15ull;
	return &ruleset_of(r, pkt->l3num)->quick.way[h >> 32 & (QUICK_ROUTED - 1)];
}

struct quick_path *rules_quick_way(struct rules *r, const struct ct_packet *pkt,
				   const struct ct_verdict *v, uint32_t on)
{
	struct quick *q = &ruleset_of(r, pkt->l3num)->quick;
	struct quick_way want = { .on = on };
	const struct quick_way *w;

	if (v->ctstate != CT_ESTABLISHED || !r->routes.n)
		return NULL;
	w = find_way(r, &want, pkt);
	if (!w || !w->path || w->from != want.from || w->to != want.to || w->on != on)
		return NULL;
	remember(q, v, on, w->path - 1);
	return &q->path[w->path - 1];
}

/* The path is that of all connections on the packet's way. */
static void note_way(struct rules *r, struct quick *q, const struct ct_packet *pkt,
		     uint32_t on, uint32_t path)
{
	struct quick_way want = { .on = on, .path = path + 1 };
	struct quick_way *w;

	if (!r->routes.n) {
		q->always[on % QUICK_ALWAYS].on = on;
		q->always[on % QUICK_ALWAYS].path = path + 1;
		return;
	}
	w = find_way(r, &want, pkt);
	if (w)
		*w = want;
}

/* --- paths --- */

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0xff51afd7ed558ccdull;
	return h ^ h >> 32;
}

static uint32_t hash_of(const struct quick_trace *t, const struct rules_outcome *o)
{
	uint64_t h = mix(o->mark, (uintptr_t)o->in ^ (uintptr_t)o->out << 1);

	for (uint32_t i = 0; i < t->n; i++)
		h = mix(h, (uintptr_t)t->counter[i]);
	return (uint32_t)h & (SLOTS - 1);
}

static bool forwards(const struct run *run)
{
	return !run->c->local && run->out->hook != RULES_INPUT;
}

static bool is_path(const struct quick_path *p, const struct run *run)
{
	const struct quick_trace *t = &run->r->trace;
	const struct rules_outcome *o = run->out;

	return p->ncounters == t->n && p->npath == o->npath && p->mark == o->mark &&
	       p->in == o->in && p->out == o->out && p->hook == o->hook &&
	       p->why == o->why && p->forwards == forwards(run) &&
	       !memcmp(&p->rule, &o->rule, sizeof(p->rule)) &&
	       !memcmp(p->counter, t->counter, t->n * sizeof(t->counter[0])) &&
	       !memcmp(p->path, o->path, o->npath * sizeof(o->path[0]));
}

static void fill_path(struct quick_path *p, const struct run *run)
{
	const struct quick_trace *t = &run->r->trace;
	const struct rules_outcome *o = run->out;

	*p = (struct quick_path){
		.forwards = forwards(run), .hook = o->hook, .why = o->why,
		.rule = o->rule, .mark = o->mark, .in = o->in, .out = o->out,
		.ncounters = (uint8_t)t->n, .npath = (uint8_t)o->npath,
	};
	memcpy(p->counter, t->counter, t->n * sizeof(t->counter[0]));
	memcpy(p->path, o->path, o->npath * sizeof(o->path[0]));
}

/* The number of the path, which may be a new one; QUICK_PATHS: there is no room. */
static uint32_t number_of(struct quick *q, const struct run *run)
{
	uint32_t at = hash_of(&run->r->trace, run->out);

	for (; q->slot[at]; at = (at + 1) & (SLOTS - 1))
		if (is_path(&q->path[q->slot[at] - 1], run))
			return q->slot[at] - 1u;
	if (q->npaths == QUICK_PATHS)
		return QUICK_PATHS;
	fill_path(&q->path[q->npaths], run);
	q->slot[at] = (uint16_t)++q->npaths;
	return q->npaths - 1;
}

/* Whether rules_run() would say the same of the connection's next packet. */
static bool will_be_same(const struct run *run)
{
	const struct rules_outcome *o = run->out;
	const struct quick_trace *t = &run->r->trace;

	return !t->varies && t->n <= QUICK_COUNTERS && o->npath <= QUICK_RULES &&
	       o->ct.ctstate == CT_ESTABLISHED && o->verdict == RULES_ACCEPT &&
	       !o->unknown && !o->nat && !run->c->reply &&
	       !(run->c->hook == RULES_INPUT && run->r->options.answer_local);
}

void quick_note(const struct run *run)
{
	const struct rules_outcome *o = run->out;
	const struct quick_trace *t = &run->r->trace;
	struct quick *q = &run->s->quick;
	uint32_t number, on;

	if (!will_be_same(run))
		return;
	number = number_of(q, run);
	if (number == QUICK_PATHS)
		return;
	on = rules_iface_number(run->f->on);
	if (!t->flow)
		note_way(run->r, q, run->f->pkt, on, number);
	if (t->flow || run->r->routes.n)
		remember(q, &o->ct, on, number);
}

void quick_settle(const struct ruleset *s)
{
	for (uint32_t i = 0; i < s->quick.npaths; i++) {
		struct quick_path *p = &s->quick.path[i];

		for (uint32_t k = 0; k < p->ncounters; k++) {
			p->counter[k]->packets += p->sum.packets;
			p->counter[k]->bytes += p->sum.bytes;
		}
		p->sum = (struct ct_counter){ 0 };
	}
}
