/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/tops.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "merge/address.h"

#define CAPACITY_MIN 256u

static const struct field fields[] = {
	{ "by", FIELD_TEXT, false, false },
	{ "rank", FIELD_COUNT, false, false },
	{ "src", FIELD_TEXT, false, true },
	{ "dst", FIELD_TEXT, false, true },
	{ "proto", FIELD_TEXT, false, true },
	{ "protonum", FIELD_U8, false, true },
	{ "dport", FIELD_U16, true, true },
	{ "entries", FIELD_COUNT, false, false },
	{ "connections", FIELD_COUNT, false, false },
	{ "packets", FIELD_COUNT, false, false },
	{ "bytes", FIELD_COUNT, false, false },
	{ "invalid", FIELD_COUNT, false, false },
};

static bool find_kind(const struct record *r, enum top_by *by)
{
	const char *name = record_text(r, "by");

	for (int i = 0; i < TOP_KINDS; i++)
		if (strcmp(name, top_by_name((enum top_by)i)) == 0) {
			*by = (enum top_by)i;
			return true;
		}
	return record_refuse(r, "by '%.40s' is not known", name);
}

static bool read_port(struct top_key *k, const struct record *r)
{
	const char *proto = record_text(r, "proto");

	k->protonum = (uint8_t)record_count(r, "protonum");
	k->has_port = record_has(r, "dport");
	k->port = (uint16_t)record_count(r, "dport");
	return (proto && record_has(r, "protonum") &&
		json_object_get(r->json, "dport") &&
		strcmp(proto, ct_proto_name(k->protonum)) == 0) ||
	       record_refuse(r, "'proto', 'protonum' and 'dport' do not fit together");
}

/* The members of the key are there, and no others. */
static bool read_key(struct top_key *k, enum top_by by, const struct record *r)
{
	const bool src = by == TOP_SRC || by == TOP_PAIR;
	const bool dst = by == TOP_DST || by == TOP_PAIR;
	const bool port = by == TOP_PORT;

	*k = (struct top_key){ .port = 0 };
	if (record_has(r, "src") != src || record_has(r, "dst") != dst ||
	    record_has(r, "proto") != port || record_has(r, "protonum") != port ||
	    (json_object_get(r->json, "dport") != NULL) != port)
		return record_refuse(r, "not the members of a list by %s",
				     top_by_name(by));
	if (port)
		return read_port(k, r);
	return (!src || address_read(r, "src", &k->src, &k->l3num)) &&
	       (!dst || address_read(r, "dst", &k->dst, &k->l3num));
}

static int by_key(const void *a, const void *b)
{
	const struct top_view *x = a, *y = b;

	return top_key_order(&x->key, &y->key);
}

static int by_size(const void *a, const void *b)
{
	return top_view_order(a, b);
}

/* Adds 'v' to 'to'.  NULL, or the member whose sum is too large. */
static const char *add_view(struct top_view *to, const struct top_view *v)
{
	const struct { const char *name; uint64_t *sum, n; } counts[] = {
		{ "connections", &to->connections, v->connections },
		{ "packets", &to->packets, v->packets },
		{ "bytes", &to->bytes, v->bytes },
		{ "invalid", &to->invalid, v->invalid },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (counts[i].n > RECORD_COUNT_MAX - *counts[i].sum)
			return counts[i].name;
		*counts[i].sum += counts[i].n;
	}
	if (v->entries > to->entries)
		to->entries = v->entries;
	return NULL;
}

/* Views of the same key become one.  The result is that of add_view(). */
static const char *combine(struct merged_top *t)
{
	const char *large = NULL;
	size_t n = 0;

	if (t->n < 2)
		return NULL;
	qsort(t->view, t->n, sizeof(*t->view), by_key);
	for (size_t i = 1; i < t->n && !large; i++) {
		if (top_key_order(&t->view[n].key, &t->view[i].key) != 0)
			t->view[++n] = t->view[i];
		else
			large = add_view(&t->view[n], &t->view[i]);
	}
	t->n = n + 1;
	return large;
}

/* Combines what is there, and grows if that does not leave half of it free. */
static bool make_space(struct merged_top *t, const struct record *r)
{
	size_t capacity = t->capacity ? t->capacity * 2 : CAPACITY_MIN;
	const char *large = combine(t);
	struct top_view *view;

	if (large)
		return record_refuse(r, "the sum of '%s' is over %" PRIu64, large,
				     RECORD_COUNT_MAX);
	if (t->n > MERGED_KEYS_MAX)
		return record_refuse(r, "more than %u different keys in a list",
				     MERGED_KEYS_MAX);
	if (t->n < t->capacity / 2)
		return true;
	view = realloc(t->view, capacity * sizeof(*view));
	if (!view)
		return record_refuse(r, "out of memory");
	t->view = view;
	t->capacity = capacity;
	return true;
}

bool merged_tops_add(struct merged_tops *t, const struct record *r)
{
	struct merged_top *top;
	struct top_view v = { .rank = 0 };

	if (!record_check(r, fields, sizeof(fields) / sizeof(fields[0])) ||
	    !find_kind(r, &v.by) || !read_key(&v.key, v.by, r))
		return false;
	v.entries = record_count(r, "entries");
	v.connections = record_count(r, "connections");
	v.packets = record_count(r, "packets");
	v.bytes = record_count(r, "bytes");
	v.invalid = record_count(r, "invalid");
	top = &t->top[v.by];
	if (top->n == top->capacity && !make_space(top, r))
		return false;
	top->view[top->n++] = v;
	t->joined |= t->last_part && t->last_part != r->where.part;
	t->last_part = r->where.part;
	return true;
}

bool merged_tops_any(const struct merged_tops *t)
{
	bool any = false;

	for (int by = 0; by < TOP_KINDS; by++)
		any |= t->top[by].n > 0;
	return any;
}

bool merged_tops_finish(struct merged_tops *t, const struct diag *diag)
{
	for (int by = 0; by < TOP_KINDS; by++) {
		const char *large = combine(&t->top[by]);

		if (large) {
			diag_say(diag, DIAG_ERROR, "the list by %s: the sum of '%s' is "
				 "over %" PRIu64, top_by_name((enum top_by)by), large,
				 RECORD_COUNT_MAX);
			return false;
		}
	}
	return true;
}

void merged_tops_print(struct merged_tops *t, struct report *r,
		       const unsigned int wanted[TOP_KINDS])
{
	bool some = false;

	for (int by = 0; by < TOP_KINDS; by++)
		some |= wanted[by] > 0;
	for (int by = 0; by < TOP_KINDS; by++) {
		struct merged_top *top = &t->top[by];
		size_t n = some && wanted[by] < top->n ? wanted[by] : top->n;

		if (top->n)
			qsort(top->view, top->n, sizeof(*top->view), by_size);
		for (size_t i = 0; i < n; i++) {
			top->view[i].rank = (unsigned int)i + 1;
			report_top(r, &top->view[i]);
		}
	}
}

void merged_tops_free(struct merged_tops *t)
{
	for (int by = 0; by < TOP_KINDS; by++)
		free(t->top[by].view);
}
