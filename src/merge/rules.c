/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/packet.h"
#include "merge/place.h"

struct unused_rule {
	char text[PLACE_SIZE];		/* as the record has it */
	char parts[PLACE_SIZE];		/* the same in pieces, for 'unused' */
};

struct merged_rules {
	struct rule_statistics sum;	/* 'unused' has 'n' members */
	struct unused_rule *rule;
	uint64_t part;			/* the file whose order they have */
};

/* "ipv4 TABLE:CHAIN:NUMBER"; 'c' points into 'rule'. */
static bool read_place(struct rule_count *c, struct unused_rule *rule)
{
	bool ipv6 = strncmp(rule->text, "ipv6 ", 5) == 0;

	*c = (struct rule_count){
		.l3num = ipv6 ? CT_L3_IPV6 : CT_L3_IPV4, .text = "",
	};
	return (ipv6 || strncmp(rule->text, "ipv4 ", 5) == 0) &&
	       place_read(&c->place, rule->parts, rule->text + 5);
}

static bool is_place(struct unused_rule *rule, const char *text)
{
	struct rule_count c;

	if (strlen(text) >= PLACE_SIZE)
		return false;
	strcpy(rule->text, text);
	return read_place(&c, rule) && c.place.number;
}

static bool read_unused(struct merged_rules *m, const struct record *r)
{
	const json_t *list = record_member(r, "rules_never_matched");
	size_t n = json_array_size(list);

	m->sum.unused = calloc(n + 1, sizeof(*m->sum.unused));
	m->rule = calloc(n + 1, sizeof(*m->rule));
	if (!m->sum.unused || !m->rule)
		return record_refuse(r, "out of memory");
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!is_place(&m->rule[i], text))
			return record_refuse(r, "rules_never_matched: '%.60s' is no "
					     "place of a rule, such as 'ipv4 "
					     "filter:FORWARD:3'", text);
		m->sum.nunused++;
	}
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Keeps the rules that are in both lists, in the order of 'm'. */
static bool keep_common(struct merged_rules *m, const struct merged_rules *other)
{
	size_t n = other->sum.nunused, kept = 0;
	const char **sorted = calloc(n + 1, sizeof(*sorted));

	if (!sorted)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = other->rule[i].text;
	qsort(sorted, n, sizeof(*sorted), by_text);
	for (size_t i = 0; i < m->sum.nunused; i++) {
		const char *text = m->rule[i].text;

		if (bsearch(&text, sorted, n, sizeof(*sorted), by_text))
			m->rule[kept++] = m->rule[i];
	}
	m->sum.nunused = kept;
	free(sorted);
	return true;
}

static bool read_counts(struct merged_rules *m, const struct record *r)
{
	static const struct { const char *group, *name; int verdict; } counts[] = {
		{ "packets_by_rule_verdict", "accept", RULE_VERDICT_ACCEPT },
		{ "packets_by_rule_verdict", "drop", RULE_VERDICT_DROP },
		{ "packets_by_rule_verdict", "reject", RULE_VERDICT_REJECT },
		{ "rules", "read", -1 }, { "rules", "never-matched", -2 },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const json_t *group = record_member(r, counts[i].group);
		const json_t *v = json_object_get(group, counts[i].name);
		uint64_t n = (uint64_t)json_integer_value(v);

		if (!v || json_object_size(group) != (counts[i].verdict < 0 ? 2 : 3))
			return record_refuse(r, "%s: not the members that are known",
					     counts[i].group);
		if (counts[i].verdict >= 0)
			m->sum.verdict[counts[i].verdict] = n;
		else if (counts[i].verdict == -1)
			m->sum.rules = n;
	}
	return true;
}

static bool add(struct merged_rules *m, const struct merged_rules *other,
		const struct record *r)
{
	if (m->sum.rules != other->sum.rules)
		return record_refuse(r, "%" PRIu64 " and %" PRIu64 " rules were read; "
				     "statistics with a firewall are merged only if it "
				     "is the same one", m->sum.rules, other->sum.rules);
	for (size_t i = 0; i < RULE_VERDICTS; i++)
		if (!record_add(r, "packets_by_rule_verdict", &m->sum.verdict[i],
				other->sum.verdict[i]))
			return false;
	return keep_common(m, other) || record_refuse(r, "out of memory");
}

static bool has_rules(const struct record *r, bool *has)
{
	unsigned int n = (unsigned int)record_has(r, "packets_by_rule_verdict") +
			 record_has(r, "rules") + record_has(r, "rules_never_matched");

	*has = n > 0;
	return n == 0 || n == 3 ||
	       record_refuse(r, "packets_by_rule_verdict, rules and "
			     "rules_never_matched come together, and one is missing");
}

bool merged_rules_add(struct merged_rules **rules, const struct record *r)
{
	struct merged_rules *m;
	bool has, ok;

	if (!has_rules(r, &has) || !has)
		return !has;
	m = calloc(1, sizeof(*m));
	if (!m)
		return record_refuse(r, "out of memory");
	m->part = r->where.part;
	ok = read_counts(m, r) && read_unused(m, r);
	/* The order is that of the first file, which need not be read first. */
	if (ok && (!*rules || m->part < (*rules)->part)) {
		struct merged_rules *before = *rules;

		*rules = m;
		m = before;
	}
	ok = ok && (!m || add(*rules, m, r));
	merged_rules_free(m);
	return ok;
}

const struct rule_statistics *merged_rules_statistics(struct merged_rules *rules)
{
	for (size_t i = 0; i < rules->sum.nunused; i++)
		read_place(&rules->sum.unused[i], &rules->rule[i]);
	return &rules->sum;
}

void merged_rules_free(struct merged_rules *rules)
{
	if (!rules)
		return;
	free(rules->sum.unused);
	free(rules->rule);
	free(rules);
}
