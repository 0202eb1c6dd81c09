/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * print.c - the ruleset as iptables-save -c prints it, with what was counted.
 *
 * A rule's text is the one that was read: iptables-save wrote it, and so it stands
 * as the administrator knows it, in the words of his version.
 */
#include <inttypes.h>
#include <stdio.h>

#include "rules/program.h"

struct printer {
	void (*write)(void *arg, const char *text, size_t len);
	void *arg;
};

static void text(const struct printer *p, const char *s)
{
	p->write(p->arg, s, strlen(s));
}

static void counter(const struct printer *p, const struct ct_counter *n)
{
	char s[64];
	int len = snprintf(s, sizeof(s), "[%" PRIu64 ":%" PRIu64 "]", n->packets,
			   n->bytes);

	p->write(p->arg, s, (size_t)len);
}

static void print_chains(const struct printer *p, const struct ruleset *s,
			 unsigned int table)
{
	for (uint32_t i = 0; i < s->nchains; i++) {
		const struct chain *c = &s->chain[i];

		if (c->table != table)
			continue;
		text(p, ":");
		text(p, c->name);
		text(p, c->hook == RULES_HOOKS ? " - " :
			c->policy == RULE_DROP ? " DROP " : " ACCEPT ");
		counter(p, &c->count);
		text(p, "\n");
	}
}

static void print_rule(const struct printer *p, const struct rule *r)
{
	char s[64];

	counter(p, &r->count);
	text(p, " ");
	text(p, r->text);
	if (r->doubts) {	/* --rules-unknown */
		int len = snprintf(s, sizeof(s), " # unknown of %" PRIu64,
				   r->doubts);

		p->write(p->arg, s, (size_t)len);
	}
	text(p, "\n");
}

void rules_print(const struct rules *r, enum ct_l3 family,
		 void (*write)(void *arg, const char *text, size_t len), void *arg)
{
	const struct ruleset *s = &r->set[family == CT_L3_IPV6];
	struct printer p = { write, arg };

	quick_settle(s);
	for (unsigned int t = 0; t < s->norder; t++) {
		text(&p, "*");
		text(&p, rules_table_name((enum rules_table)s->order[t]));
		text(&p, "\n");
		print_chains(&p, s, s->order[t]);
		for (uint32_t i = 0; i < s->nchains; i++) {
			const struct chain *c = &s->chain[i];

			for (uint32_t k = 0; c->table == s->order[t] && k < c->n; k++)
				print_rule(&p, &s->rule[c->first + k]);
		}
		text(&p, "COMMIT\n");
	}
}

static void each_rule(const struct ruleset *s, const struct chain *c,
		      void (*fn)(void *arg, const struct rules_entry *e), void *arg)
{
	struct rules_entry e = {
		.table = rules_table_name((enum rules_table)c->table),
		.chain = c->name,
	};

	if (c->hook != RULES_HOOKS) {
		e.text = c->policy == RULE_DROP ? "DROP" : "ACCEPT";
		e.count = c->count;
		fn(arg, &e);
	}
	for (uint32_t k = 0; k < c->n; k++) {
		const struct rule *rule = &s->rule[c->first + k];

		e.number = k + 1;
		e.text = rule->text;
		e.count = rule->count;
		e.doubts = rule->doubts;
		fn(arg, &e);
	}
}

void rules_each(const struct rules *r, enum ct_l3 family,
		void (*fn)(void *arg, const struct rules_entry *e), void *arg)
{
	const struct ruleset *s = &r->set[family == CT_L3_IPV6];

	quick_settle(s);
	for (unsigned int t = 0; t < s->norder; t++)
		for (uint32_t i = 0; i < s->nchains; i++)
			if (s->chain[i].table == s->order[t])
				each_rule(s, &s->chain[i], fn, arg);
}
