/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ruleset.c - chains and rules in arrays; when all have been read it sorts them and
 * searches for loops of jumps.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "rules/program.h"

#define RULES_MAX	(4u << 20)
#define CHAINS_MAX	(256u << 10)

/* Room for one more in an array; false: no memory, or more than 'max'. */
static bool room_for(void **array, uint32_t n, uint32_t *room, size_t size,
		     uint32_t max)
{
	uint32_t more = *room ? 2 * *room : 16;
	void *p;

	if (n < *room)
		return true;
	if (n >= max)
		return false;
	p = realloc(*array, more * size);
	if (!p)
		return false;
	*array = p;
	*room = more;
	return true;
}

struct rule *ruleset_add_rule(struct ruleset *s)
{
	void *p = s->rule;
	bool ok = room_for(&p, s->n, &s->room, sizeof(*s->rule), RULES_MAX);

	s->rule = p;
	return ok ? &s->rule[s->n++] : NULL;
}

struct match *ruleset_add_match(struct ruleset *s)
{
	void *p = s->match;
	bool ok = room_for(&p, s->nmatches, &s->matches_room, sizeof(*s->match),
			   2 * RULES_MAX);

	s->match = p;
	return ok ? &s->match[s->nmatches++] : NULL;
}

uint32_t ruleset_find_chain(const struct ruleset *s, unsigned int table,
			    const char *name)
{
	uint32_t n = names_find(&s->names[table], name);

	return n == NAME_NONE ? NAME_NONE : s->chain_of[table][n];
}

uint32_t ruleset_chain(struct rules *r, struct ruleset *s, unsigned int table,
		       const char *name)
{
	struct names *names = &s->names[table];
	uint32_t n = ruleset_find_chain(s, table, name);
	void *chains, *of;
	bool ok;

	if (n != NAME_NONE)
		return n;
	if (!names->arena)
		names_init(names, &r->arena);
	n = names_add(names, name);
	if (n == NAME_NONE)
		return n;
	chains = s->chain;
	of = s->chain_of[table];
	ok = room_for(&chains, s->nchains, &s->chains_room, sizeof(*s->chain),
		      CHAINS_MAX) &&
	     room_for(&of, n, &s->chain_of_room[table], sizeof(uint32_t),
		      CHAINS_MAX);
	s->chain = chains;
	s->chain_of[table] = of;
	if (!ok)
		return NAME_NONE;
	s->chain[s->nchains] = (struct chain){ .name = names->name[n],
		.table = (uint8_t)table, .hook = RULES_HOOKS,
		.policy = RULE_ACCEPT };
	return s->chain_of[table][n] = s->nchains++;
}

/* Rules of a chain follow each other; those of one chain keep their order. */
static bool sort_rules(struct ruleset *s)
{
	struct rule *sorted = calloc(s->n ? s->n : 1, sizeof(*sorted));
	uint32_t first = 0;

	if (!sorted)
		return false;
	for (uint32_t i = 0; i < s->n; i++)
		s->chain[s->rule[i].chain].n++;
	for (uint32_t i = 0; i < s->nchains; i++) {
		s->chain[i].first = first;
		first += s->chain[i].n;
		s->chain[i].n = 0;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		struct chain *c = &s->chain[s->rule[i].chain];

		sorted[c->first + c->n++] = s->rule[i];
	}
	free(s->rule);
	s->rule = sorted;
	s->room = s->n;
	return true;
}

enum { MARK_NEW, MARK_OPEN, MARK_DONE };

/* Where the search for loops is: a chain, and the next of its rules. */
struct place { uint32_t chain, rule; };

static bool jumps(const struct rule *r)
{
	return r->kind == RULE_JUMP || r->kind == RULE_GOTO;
}

/* The next chain that 'at' leads to, or NAME_NONE when its rules are through. */
static uint32_t next_jump(struct ruleset *s, struct place *at, uint32_t *rule)
{
	const struct chain *c = &s->chain[at->chain];

	while (at->rule < c->n) {
		*rule = c->first + at->rule++;
		if (jumps(&s->rule[*rule]))
			return s->rule[*rule].to;
	}
	return NAME_NONE;
}

/*
 * Jumps multiply: of 30 chains that each jump twice to the next, a packet passes 2^30
 * rules.  The kernel takes such rules with the legacy back end, and so is busy for
 * seconds with each packet; nobody's firewall works so.
 */
#define PASSES_MAX ((uint64_t)64 << 20)

/* A rule of 'c' leads to 'to', which has been searched. */
static void leads_to(struct chain *c, const struct chain *to)
{
	if (c->depth < to->depth + 1)
		c->depth = to->depth + 1;
	c->passes += to->passes;
	if (c->passes > PASSES_MAX)
		c->passes = PASSES_MAX + 1;
}

static void open_chain(struct chain *c)
{
	c->mark = MARK_OPEN;
	c->passes = c->n;
}

/*
 * A search in depth, as mark_source_chains() of the kernel's ip_tables.c makes
 * it: a jump to a chain that is still open closes a loop.
 */
static bool search(struct rules *r, struct ruleset *s, uint32_t from,
		   struct place *open)
{
	uint32_t n = 1, rule = 0;

	open[0] = (struct place){ from, 0 };
	open_chain(&s->chain[from]);
	while (n) {
		uint32_t to = next_jump(s, &open[n - 1], &rule);

		if (to == NAME_NONE) {
			struct chain *c = &s->chain[open[--n].chain];

			c->mark = MARK_DONE;
			if (n)
				leads_to(&s->chain[open[n - 1].chain], c);
			continue;
		}
		if (s->chain[to].mark == MARK_OPEN) {
			diag_say(r->options.diag, DIAG_ERROR,
				 "%s:%u: '%s': the jump closes a loop of chains",
				 s->file, s->rule[rule].line, s->chain[to].name);
			return false;
		}
		if (s->chain[to].mark == MARK_DONE) {
			leads_to(&s->chain[open[n - 1].chain], &s->chain[to]);
			continue;
		}
		open_chain(&s->chain[to]);
		open[n++] = (struct place){ to, 0 };
	}
	return true;
}

/* NFT_JUMP_STACK_SIZE: with the nft back end chains may be so deep. */
#define NFT_DEPTH 16u

static bool refuse_chain(const struct rules *r, const struct ruleset *s,
			 const struct chain *c)
{
	if (s->backend == RULES_BACKEND_NFT && c->depth >= NFT_DEPTH)
		diag_say(r->options.diag, DIAG_ERROR,
			 "%s:%u: '%s': jumps are nested %u deep, and the nft back end "
			 "takes %u at most", s->file, c->line, c->name, c->depth,
			 NFT_DEPTH - 1);
	else if (c->passes > PASSES_MAX)
		diag_say(r->options.diag, DIAG_ERROR,
			 "%s:%u: '%s': the jumps below it multiply: a packet may pass "
			 "more than %" PRIu64 " rules", s->file, c->line, c->name,
			 PASSES_MAX);
	else
		return false;
	return true;
}

static bool search_all(struct rules *r, struct ruleset *s)
{
	struct place *open = calloc(s->nchains + 1, sizeof(*open));
	bool ok = open != NULL;

	for (uint32_t i = 0; ok && i < s->nchains; i++) {
		struct chain *c = &s->chain[i];

		if (c->hook == RULES_HOOKS || c->mark == MARK_DONE)
			continue;
		ok = search(r, s, i, open);
		if (ok && c->depth > s->depth)
			s->depth = c->depth;
		ok = ok && !refuse_chain(r, s, c);
	}
	free(open);
	return ok;
}

static struct rule_head head_of(const struct rule *r)
{
	uint8_t sure = r->checks & (uint8_t)~r->inverted;
	struct rule_head h = { .proto = r->proto };

	if (sure & CHECK_SRC) {
		h.src = r->src.w[0];
		h.smask = r->smask.w[0];
	}
	if (sure & CHECK_DST) {
		h.dst = r->dst.w[0];
		h.dmask = r->dmask.w[0];
	}
	h.pmask = sure & CHECK_PROTO ? 0xff : 0;
	return h;
}

static bool make_heads(struct ruleset *s)
{
	free(s->head);
	s->head = malloc((s->n + 1) * sizeof(*s->head));
	for (uint32_t i = 0; s->head && i < s->n; i++)
		s->head[i] = head_of(&s->rule[i]);
	return s->head != NULL;
}

bool ruleset_ready(struct rules *r, struct ruleset *s)
{
	if (!s->loaded)
		return true;
	if (!sort_rules(s))
		return false;
	if (!search_all(r, s))
		return false;
	if (s == ruleset_of(r, CT_L3_IPV4) && !make_heads(s))
		return false;
	free(s->stack);
	s->stack = malloc((s->depth + 1) * sizeof(*s->stack));
	return s->stack != NULL && rule_index_ready(r, s) && quick_ready(s);
}

void ruleset_free(struct ruleset *s)
{
	free(s->rule);
	free(s->head);
	free(s->match);
	rule_index_free(s);
	free(s->chain);
	free(s->stack);
	quick_free(&s->quick);
	for (unsigned int t = 0; t < RULES_TABLES; t++) {
		free(s->chain_of[t]);
		names_free(&s->names[t]);
	}
	*s = (struct ruleset){ 0 };
}
