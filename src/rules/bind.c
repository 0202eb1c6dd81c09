/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bind.c - connects the rules of a table to what they share by name, in the order in
 * which the kernel loads them: the first rule of a name says what the shared table is
 * like.
 *
 * iptables-nft-restore adds rules as they stand in the file.  iptables-legacy-restore
 * makes one block of the table, and translate_table() of the kernel's ip_tables.c checks
 * it from its beginning: first the built-in chains, by hook, and then those of the user,
 * which libiptc has sorted by name (iptc_insert_chain()).
 */
#include <stdlib.h>

#include "rules/reader.h"

static int by_chain(const struct chain *a, const struct chain *b)
{
	if (a->hook != b->hook)
		return a->hook < b->hook ? -1 : 1;
	return a->hook == RULES_HOOKS ? strcmp(a->name, b->name) : 0;
}

struct place { const struct chain *chain; uint32_t rule; };

static int in_block(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;
	int order = by_chain(a->chain, b->chain);

	return order ? order : a->rule < b->rule ? -1 : 1;
}

/* Numbers of the table's rules, in the order of the block. */
static struct place *sorted(const struct ruleset *s, uint32_t first)
{
	struct place *p = calloc(s->n - first + 1, sizeof(*p));

	if (!p)
		return NULL;
	for (uint32_t i = first; i < s->n; i++)
		p[i - first] = (struct place){ &s->chain[s->rule[i].chain], i };
	qsort(p, s->n - first, sizeof(*p), in_block);
	return p;
}

static bool bind_rule(struct reader *r, const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->nmatches; i++) {
		const struct match *m = &r->set->match[rule->first_match + i];

		if (m->ops->bind && !m->ops->bind(r->rules, r->family, m->info))
			return refuse(r, NULL, "no memory");
	}
	return true;
}

bool bind_table(struct reader *r)
{
	const struct ruleset *s = r->set;
	struct place *order = NULL;
	bool ok = true;

	if (s->backend == RULES_BACKEND_LEGACY) {
		order = sorted(s, r->first_rule);
		if (!order)
			return refuse(r, NULL, "no memory");
	}
	for (uint32_t i = r->first_rule; ok && i < s->n; i++)
		ok = bind_rule(r, &s->rule[order ? order[i - r->first_rule].rule : i]);
	free(order);
	return ok;
}
