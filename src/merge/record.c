/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/control.h"
#include "cli/timestamp.h"

/* Records without a member "schema" have this version. */
#define SCHEMA_VERSION	1

#define TIME_LENGTH	(sizeof("2001-09-09T01:46:40.119804000Z") - 1)

/* A message quotes the input.  diag_say() replaces control characters; here are also
 * bytes that are no UTF-8 or half a character, and characters that turn the text around. */
static void make_printable(char *s)
{
	for (; *s; s++)
		if (*s < ' ' || *s > '~')
			*s = '?';
}

__attribute__((format(printf, 3, 0)))
static void refuse(const struct where *w, const char *type, const char *fmt, va_list ap)
{
	char text[600];

	vsnprintf(text, sizeof(text), fmt, ap);
	make_printable(text);
	diag_say(w->diag, DIAG_ERROR, "%.300s: line %" PRIu64 " (byte %" PRIu64 "): %s%s%s",
		 w->file, w->line, w->offset, type, *type ? ": " : "", text);
}

bool where_refuse(const struct where *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse(w, "", fmt, ap);
	va_end(ap);
	return false;
}

bool record_refuse(const struct record *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse(&r->where, r->type, fmt, ap);
	va_end(ap);
	return false;
}

static bool find_type(struct record *r)
{
	/* The types that --merge reads, and a few more. */
	static const char *const types[] = {
		"statistics", "connection", "top", "note", "packet", "frame",
		"conntrack", "event", "expect", "expect_event", "difference", "rule",
		"explain",
	};
	const char *type = json_string_value(json_object_get(r->json, "type"));

	if (!type)
		return where_refuse(&r->where, "an object without a type; "
				    "expected the records of ctreplay -o json");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0) {
			r->type = types[i];
			return true;
		}
	return where_refuse(&r->where, "records of type '%.40s' are not known; a newer "
			    "ctreplay may be", type);
}

bool record_parse(struct record *r, const struct where *where, const char *text,
		  size_t len)
{
	const json_t *version;
	json_error_t error;

	*r = (struct record){ .type = "", .where = *where };
	r->json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!r->json) {
		r->where.offset += (uint64_t)error.position;
		return where_refuse(&r->where, "%s; expected a record of ctreplay "
				    "-o json in each line", error.text);
	}
	if (!json_is_object(r->json))
		return where_refuse(where, "an array; expected a record of ctreplay "
				    "-o json in each line");
	version = json_object_get(r->json, "schema");
	if (version && json_integer_value(version) != SCHEMA_VERSION)
		return where_refuse(where, "a record of another version of the schema; "
				    "this ctreplay reads version %d", SCHEMA_VERSION);
	return find_type(r);
}

void record_free(struct record *r)
{
	json_decref(r->json);
	r->json = NULL;
}

static bool read_time(const char *s, size_t len, uint64_t *time)
{
	struct timestamp t;

	if (len != TIME_LENGTH || s[10] != 'T' || s[19] != '.' ||
	    s[TIME_LENGTH - 1] != 'Z' || !timestamp_read(s, &t) || t.relative || t.of_day)
		return false;
	*time = t.nanoseconds;
	return true;
}

static bool is_text(const json_t *v)
{
	const char *s = json_string_value(v);

	if (!s)
		return false;
	for (; *s; s++)
		if (control_length(s))
			return false;
	return true;
}

static bool is_time(const json_t *v)
{
	uint64_t time;

	return json_is_string(v) &&
	       read_time(json_string_value(v), json_string_length(v), &time);
}

static bool is_counts(const json_t *v)
{
	const char *key;
	json_t *n;

	if (!json_is_object(v))
		return false;
	json_object_foreach((json_t *)(uintptr_t)v, key, n)
		if (!json_is_integer(n) || json_integer_value(n) < 0)
			return false;
	return true;
}

static bool is_texts(const json_t *v)
{
	for (size_t i = 0; i < json_array_size(v); i++)
		if (!is_text(json_array_get(v, i)))
			return false;
	return json_is_array(v);
}

static uint64_t most(enum field_kind kind)
{
	return kind == FIELD_U8 ? UINT8_MAX : kind == FIELD_U16 ? UINT16_MAX :
	       kind == FIELD_U32 ? UINT32_MAX : RECORD_COUNT_MAX;
}

static bool is_kind(const json_t *v, enum field_kind kind)
{
	switch (kind) {
	case FIELD_COUNT:
	case FIELD_U32:
	case FIELD_U16:
	case FIELD_U8:
		return json_is_integer(v) && json_integer_value(v) >= 0 &&
		       (uint64_t)json_integer_value(v) <= most(kind);
	case FIELD_TEXT:
		return is_text(v);
	case FIELD_TIME:
		return is_time(v);
	case FIELD_SHARE:
		return json_is_number(v) && json_number_value(v) >= 0 &&
		       json_number_value(v) <= 1;
	case FIELD_COUNTS:
		return is_counts(v);
	case FIELD_TEXTS:
		return is_texts(v);
	}
	return false;
}

static bool refuse_kind(const struct record *r, const struct field *f)
{
	static const char *const expected[] = {
		[FIELD_TEXT] = "a string without control characters",
		[FIELD_TIME] = "a time such as 2001-09-09T01:46:40.119804000Z",
		[FIELD_SHARE] = "a number from 0 to 1",
		[FIELD_COUNTS] = "an object of whole numbers from 0 to "
				 "9223372036854775807",
		[FIELD_TEXTS] = "an array of strings",
	};
	const char *null = f->null ? ", or null" : "";

	if (f->kind >= FIELD_TEXT)
		return record_refuse(r, "member '%s' is not as expected: %s%s", f->name,
				     expected[f->kind], null);
	return record_refuse(r, "member '%s' is not as expected: a whole number from 0 "
			     "to %" PRIu64 "%s", f->name, most(f->kind), null);
}

/* Members nearly always come in the order of the table, so the search begins at 'from'. */
static const struct field *find_field(const char *name, const struct field *fields,
				      size_t n, size_t from)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[(from + i) % n];

		if (strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}

bool record_check(const struct record *r, const struct field *fields, size_t n)
{
	const struct field *f;
	const char *name;
	size_t next = 0;
	json_t *v;

	json_object_foreach(r->json, name, v) {
		if (strcmp(name, "type") == 0 || strcmp(name, "schema") == 0)
			continue;
		f = find_field(name, fields, n, next);
		if (f)
			next = (size_t)(f - fields) + 1;
		else
			return record_refuse(r, "member '%.60s' is not known; a newer "
					     "ctreplay may know how to merge it", name);
		if (!(json_is_null(v) ? f->null : is_kind(v, f->kind)))
			return refuse_kind(r, f);
	}
	for (size_t i = 0; i < n; i++)
		if (!fields[i].optional && !json_object_get(r->json, fields[i].name))
			return record_refuse(r, "member '%s' is missing", fields[i].name);
	return true;
}

const json_t *record_member(const struct record *r, const char *name)
{
	const json_t *v = json_object_get(r->json, name);

	return json_is_null(v) ? NULL : v;
}

bool record_has(const struct record *r, const char *name)
{
	return record_member(r, name) != NULL;
}

uint64_t record_count(const struct record *r, const char *name)
{
	return (uint64_t)json_integer_value(record_member(r, name));
}

uint64_t record_time(const struct record *r, const char *name)
{
	const json_t *v = record_member(r, name);
	uint64_t time = 0;

	if (v)
		read_time(json_string_value(v), json_string_length(v), &time);
	return time;
}

const char *record_text(const struct record *r, const char *name)
{
	return json_string_value(record_member(r, name));
}

bool record_add(const struct record *r, const char *name, uint64_t *sum, uint64_t n)
{
	if (n > RECORD_COUNT_MAX - *sum)
		return record_refuse(r, "the sum of '%.60s' is over %" PRIu64, name,
				     RECORD_COUNT_MAX);
	*sum += n;
	return true;
}
