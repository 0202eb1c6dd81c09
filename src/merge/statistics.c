/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/rules.h"

static const struct field fields[] = {
	{ "frames", FIELD_COUNT, false, false },
	{ "bytes", FIELD_COUNT, false, false },
	{ "cut", FIELD_COUNT, false, false },
	{ "dropped_by_helpers", FIELD_COUNT, false, false },
	{ "kernel", FIELD_TEXT, false, false },
	{ "first", FIELD_TIME, true, false },
	{ "last", FIELD_TIME, true, false },
	{ "duration_ns", FIELD_COUNT, true, false },
	{ "frames_per_second", FIELD_COUNT, true, false },
	{ "bytes_per_second", FIELD_COUNT, true, false },
	{ "frames_by_class", FIELD_COUNTS, false, false },
	{ "packets_by_ctstate", FIELD_COUNTS, false, false },
	{ "packets_by_protocol", FIELD_COUNTS, false, false },
	{ "invalid_by_reason", FIELD_COUNTS, false, false },
	{ "noted_by_reason", FIELD_COUNTS, false, false },
	{ "entries", FIELD_COUNTS, false, false },
	{ "expectations", FIELD_COUNTS, false, false },
	{ "most_entries", FIELD_COUNT, false, false },
	{ "most_entries_at", FIELD_TIME, true, false },
	{ "notes", FIELD_COUNTS, false, false },
	{ "packets_by_rule_verdict", FIELD_COUNTS, false, true },
	{ "rules", FIELD_COUNTS, false, true },
	{ "rules_never_matched", FIELD_TEXTS, false, true },
};

/* Which number a name of a group stands for; NULL: the engine does not list it. */
typedef uint64_t *find_count(struct merged_statistics *m, const char *name);

/* The report does not escape such names. */
static bool is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n < MERGED_NAME_SIZE && s[n] == '\0';
}

/* Names are printed in the order in which the files have them, but the files are read
 * side by side. */
static bool comes_first(const struct merged_name *a, const struct merged_name *b)
{
	return a->part != b->part ? a->part < b->part : a->place < b->place;
}

static uint64_t *find_name(struct merged_names *names, const char *name,
			   const struct merged_name *as)
{
	struct merged_name *n = names->name;

	while (n < names->name + names->n && strcmp(n->name, name) != 0)
		n++;
	if (n == names->name + names->n) {
		if (!is_name(name) || names->n == MERGED_NAMES)
			return NULL;
		*n = *as;
		strcpy(n->name, name);
		names->n++;
	} else if (comes_first(as, n)) {
		n->part = as->part;
		n->place = as->place;
	}
	return &n->count;
}

static int by_place(const void *a, const void *b)
{
	return comes_first(a, b) ? -1 : comes_first(b, a);
}

static uint64_t *find_class(struct merged_statistics *m, const char *name)
{
	if (strcmp(name, "filtered-out") == 0)
		return &m->sum.filtered;
	for (unsigned int i = 0; i < CT_PACKET_CLASSES; i++)
		if (strcmp(name, ct_packet_class_name((enum ct_packet_class)i)) == 0)
			return &m->sum.packet[i];
	return NULL;
}

static uint64_t *find_ctstate(struct merged_statistics *m, const char *name)
{
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		if (strcmp(name, ct_ctstate_name((enum ct_ctstate)i)) == 0)
			return &m->sum.ctstate[i];
	return NULL;
}

static uint64_t *find_protocol(struct merged_statistics *m, const char *name)
{
	char number[16];

	for (unsigned int i = 0; i < 256; i++) {
		snprintf(number, sizeof(number), "proto-%u", i);
		if (strcmp(name, ct_proto_is_generic((uint8_t)i) ? number :
				 ct_proto_name((uint8_t)i)) == 0)
			return &m->sum.protocol[i];
	}
	return NULL;
}

static uint64_t *find_reason(uint64_t *counts, const char *name)
{
	for (unsigned int i = 0; i < CT_REASON_COUNT; i++)
		if (strcmp(name, ct_reason_code((enum ct_reason)i)) == 0)
			return &counts[i];
	return NULL;
}

static uint64_t *find_invalid(struct merged_statistics *m, const char *name)
{
	return find_reason(m->sum.invalid, name);
}

static uint64_t *find_noted(struct merged_statistics *m, const char *name)
{
	return find_reason(m->sum.noted, name);
}

static uint64_t *find_entries(struct merged_statistics *m, const char *name)
{
	return strcmp(name, "created") == 0 ? &m->stats.created :
	       strcmp(name, "destroyed") == 0 ? &m->stats.destroyed :
	       strcmp(name, "early-dropped") == 0 ? &m->stats.early_dropped :
	       strcmp(name, "refused") == 0 ? &m->stats.refused : NULL;
}

static uint64_t *find_expectations(struct merged_statistics *m, const char *name)
{
	return strcmp(name, "made") == 0 ? &m->stats.expected :
	       strcmp(name, "met") == 0 ? &m->stats.met : NULL;
}

/* Names that 'find' does not know are kept in 'others'.  Either may be NULL. */
static bool add_group(struct merged_statistics *m, const struct record *r,
		      const char *group, find_count *find, struct merged_names *others)
{
	json_t *counts = json_object_get(r->json, group), *n;
	struct merged_name as = { .part = r->where.part };
	const char *name;

	json_object_foreach(counts, name, n) {
		uint64_t *sum = find ? find(m, name) : NULL;

		as.place++;
		if (!sum && others)
			sum = find_name(others, name, &as);
		if (!sum)
			return record_refuse(r, "%s: '%.60s' is not known; a newer "
					     "ctreplay may know it", group, name);
		if (!record_add(r, name, sum, (uint64_t)json_integer_value(n)))
			return false;
	}
	return true;
}

static bool add_groups(struct merged_statistics *m, const struct record *r)
{
	const struct {
		const char *name;
		find_count *find;
		struct merged_names *others;
	} groups[] = {
		{ "frames_by_class", find_class, &m->link },
		{ "packets_by_ctstate", find_ctstate, NULL },
		{ "packets_by_protocol", find_protocol, NULL },
		{ "invalid_by_reason", find_invalid, NULL },
		{ "noted_by_reason", find_noted, NULL },
		{ "entries", find_entries, NULL },
		{ "expectations", find_expectations, NULL },
		{ "notes", NULL, &m->notes },
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!add_group(m, r, groups[i].name, groups[i].find, groups[i].others))
			return false;
	return true;
}

static bool add_numbers(struct merged_statistics *m, const struct record *r)
{
	const struct { const char *name; uint64_t *sum; } numbers[] = {
		{ "frames", &m->sum.frames }, { "bytes", &m->sum.bytes },
		{ "cut", &m->sum.cut },
		{ "dropped_by_helpers", &m->sum.helper_dropped },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!record_add(r, numbers[i].name, numbers[i].sum,
				record_count(r, numbers[i].name)))
			return false;
	return true;
}

/* From the first frame of all to the last one. */
static bool add_times(struct merged_statistics *m, const struct record *r)
{
	ct_time first = record_time(r, "first"), last = record_time(r, "last");
	bool times = record_has(r, "first"), any = m->sum.frames > 0;

	if (times != record_has(r, "last") || times != (record_count(r, "frames") > 0))
		return record_refuse(r, "'first' and 'last' are those of the frames: "
				     "null if there is none, and only then");
	if (!times)
		return true;
	if (last < first)
		return record_refuse(r, "'last' is before 'first'");
	if (!any || first < m->sum.first)
		m->sum.first = first;
	if (!any || last > m->sum.last)
		m->sum.last = last;
	return m->sum.last - m->sum.first <= RECORD_COUNT_MAX ||
	       record_refuse(r, "more than 292 years lie between the first frame and "
			     "the last one");
}

/* The largest table, and when it was; of equal ones the first. */
static bool add_most(struct merged_statistics *m, const struct record *r)
{
	uint64_t most = record_count(r, "most_entries");
	ct_time at = record_time(r, "most_entries_at");

	if (record_has(r, "most_entries_at") != (most > 0))
		return record_refuse(r, "'most_entries_at' is null if 'most_entries' is "
				     "0, and only then");
	if (most > m->stats.most || (most == m->stats.most && at < m->stats.most_when)) {
		m->stats.most = most;
		m->stats.most_when = at;
	}
	return true;
}

static bool add_kernel(struct merged_statistics *m, const struct record *r)
{
	const char *name = record_text(r, "kernel");
	char text[CT_KERNEL_NAME_SIZE];
	struct ct_kernel k = { .version = { 0 } };

	/* Only the version is printed. */
	sscanf(name, "%4hu.%4hu.%4hu", &k.version[0], &k.version[1], &k.version[2]);
	ct_kernel_name(&k, text);
	if (strcmp(text, name) != 0)
		return record_refuse(r, "kernel '%.40s' is no release such as 6.18.44",
				     name);
	if (m->records == 0)
		m->kernel = k;
	ct_kernel_name(&m->kernel, text);
	return strcmp(text, name) == 0 ||
	       record_refuse(r, "it is of Linux %.40s, and another file's of Linux %s; "
			     "statistics of different kernels are not merged", name,
			     text);
}

bool merged_statistics_add(struct merged_statistics *m, const struct record *r)
{
	if (!record_check(r, fields, sizeof(fields) / sizeof(fields[0])) ||
	    !add_kernel(m, r) || !add_times(m, r) || !add_most(m, r) ||
	    !add_numbers(m, r) || !add_groups(m, r) || !merged_rules_add(&m->rules, r))
		return false;
	m->records++;
	return true;
}

void merged_statistics_print(struct merged_statistics *m, struct report *r)
{
	struct statistics *s = &m->sum;

	qsort(m->link.name, m->link.n, sizeof(m->link.name[0]), by_place);
	for (size_t i = 0; i < m->link.n; i++)
		m->link_count[i] = (struct named_count){ m->link.name[i].name,
							 m->link.name[i].count };
	qsort(m->notes.name, m->notes.n, sizeof(m->notes.name[0]), by_place);
	for (size_t i = 0; i < m->notes.n; i++) {
		m->note[i].code = m->notes.name[i].name;
		m->note[i].count = m->notes.name[i].count;
	}
	s->kernel = &m->kernel;
	s->link = m->link_count;
	s->nlink = m->link.n;
	s->note = m->note;
	s->nnotes = m->notes.n;
	s->rules = m->rules ? merged_rules_statistics(m->rules) : NULL;
	report_statistics(r, s, &m->stats);
}

void merged_statistics_free(struct merged_statistics *m)
{
	merged_rules_free(m->rules);
}
