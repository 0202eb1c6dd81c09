/* SPDX-License-Identifier: GPL-2.0-only */
/* firewall_end.c - what the rules have counted, after the last frame. */
#include <stdlib.h>

#include "replay/firewall.h"
#include "report/report.h"

static const enum ct_l3 family[2] = { CT_L3_IPV4, CT_L3_IPV6 };

struct listing {
	struct report *report;
	struct rule_statistics *counts;
	size_t capacity;
	enum ct_l3 l3num;
};

static struct rule_count count_of(const struct listing *l,
				  const struct rules_entry *e)
{
	return (struct rule_count){
		.l3num = (uint8_t)l->l3num,
		.place = { e->table, e->chain, e->number },
		.text = e->text, .packets = e->count.packets,
		.bytes = e->count.bytes, .unknown = e->doubts,
	};
}

static void print_rule(void *arg, const struct rules_entry *e)
{
	const struct listing *l = arg;
	const struct rule_count c = count_of(l, e);

	report_rule(l->report, &c);
}

static void print_text(void *arg, const char *text, size_t len)
{
	report_rules_text(arg, text, len);
}

void firewall_print(const struct firewall *fw, struct report *r)
{
	struct listing l = { .report = r };

	for (unsigned int i = 0; i < 2; i++) {
		if (!fw->has[i])
			continue;
		l.l3num = family[i];
		if (r->headings || (fw->has[0] && fw->has[1]))
			report_rules_heading(r, (uint8_t)family[i]);
		if (r->format == REPORT_JSON)
			rules_each(fw->rules, family[i], print_rule, &l);
		else
			rules_print(fw->rules, family[i], print_text, r);
	}
}

static void count_rule(void *arg, const struct rules_entry *e)
{
	struct listing *l = arg;
	struct rule_statistics *to = l->counts;
	struct rule_count *grown;

	if (!e->number)
		return;
	to->rules++;
	if (e->count.packets || e->doubts)
		return;
	if (to->nunused == l->capacity) {
		l->capacity = l->capacity ? 2 * l->capacity : 64;
		grown = realloc(to->unused, l->capacity * sizeof(*grown));
		if (!grown)
			return;
		to->unused = grown;
	}
	to->unused[to->nunused++] = count_of(l, e);
}

void firewall_count(const struct firewall *fw, struct rule_statistics *to)
{
	struct listing l = { .counts = to };

	*to = (struct rule_statistics){ .rules = 0 };
	for (unsigned int i = 0; i < RULE_VERDICTS; i++)
		to->verdict[i] = fw->verdict[i];
	for (unsigned int i = 0; i < 2; i++) {
		l.l3num = family[i];
		if (fw->has[i])
			rules_each(fw->rules, family[i], count_rule, &l);
	}
}
