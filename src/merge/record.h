/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - a line of JSON as a record of known members.
 *
 * record_parse() reads a line, and record_check() holds it against a table of the
 * members that its type has.  Nobody knows how to add up a member that is not in the
 * table, so such a record is refused.  The functions after that find what was checked.
 */
#ifndef MERGE_RECORD_H
#define MERGE_RECORD_H 1

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

/* The library has signed numbers, and a sum must be one that it can read. */
#define RECORD_COUNT_MAX	((uint64_t)INT64_MAX)

/* Where a record is, for messages. */
struct where {
	const struct diag *diag;
	const char *file;
	uint64_t part;		/* the file's number, from 1, on the command line */
	uint64_t line, offset;
};

struct record {
	json_t *json;		/* owned */
	const char *type;	/* the record's */
	struct where where;
};

enum field_kind {
	FIELD_COUNT,		/* a whole number up to RECORD_COUNT_MAX ... */
	FIELD_U32, FIELD_U16, FIELD_U8,		/* ... or of so many bits */
	FIELD_TEXT,		/* without control characters */
	FIELD_TIME,		/* as out_time_iso() writes it */
	FIELD_SHARE,		/* a number from 0 to 1 */
	FIELD_COUNTS,		/* an object of FIELD_COUNT */
	FIELD_TEXTS,		/* an array of FIELD_TEXT */
};

struct field {
	const char *name;
	enum field_kind kind;
	bool null;		/* it may be null */
	bool optional;		/* it may be missing */
};

/* Reports what is wrong with the record, in a sentence that may begin with a lower case
 * letter.  Returns false. */
__attribute__((format(printf, 2, 3)))
bool where_refuse(const struct where *w, const char *fmt, ...);
__attribute__((format(printf, 2, 3)))
bool record_refuse(const struct record *r, const char *fmt, ...);

/*
 * False, after a message, unless the line is one object with a type and of a version
 * that is known.  The caller frees the record in both cases.
 */
bool record_parse(struct record *r, const struct where *where, const char *text,
		  size_t len);
void record_free(struct record *r);

/* False, after a message, if a member is missing, unknown or of another kind. */
bool record_check(const struct record *r, const struct field *fields, size_t n);

/* Whether the member is there, and not null. */
bool record_has(const struct record *r, const char *name);
/* 0 if it is not. */
uint64_t record_count(const struct record *r, const char *name);
uint64_t record_time(const struct record *r, const char *name);
/* NULL if it is not. */
const char *record_text(const struct record *r, const char *name);
const json_t *record_member(const struct record *r, const char *name);

/* Adds 'n' to a sum; false, after a message, if that becomes too large. */
bool record_add(const struct record *r, const char *name, uint64_t *sum, uint64_t n);

#endif
