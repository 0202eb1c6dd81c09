/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * grammar.h - strict readers of CSV (RFC 4180) and JSON (RFC 8259), for the tests
 * of what report/ writes.  They follow the grammars of the RFCs and accept nothing
 * else.
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H 1

#include <stdbool.h>
#include <stddef.h>

#define GRAMMAR_VALUES 128u

struct csv_row {
	size_t n;
	char field[GRAMMAR_VALUES][192];	/* without quotation marks */
};

/* Reads one record with its CR LF; returns what follows it, or NULL if the text
 * does not match the grammar. */
const char *csv_read_row(const char *text, struct csv_row *row);

/* The values of an object, in order; a member of an object within is named
 * "outer.inner". */
struct json_members {
	size_t n;
	struct {
		char name[96];
		char kind;	/* 's'tring, 'n'umber, 't'rue, 'f'alse,
				 * 'z' null, 'a'rray */
		char text[192];	/* a string's characters, else as written */
	} value[GRAMMAR_VALUES];
};

/* Reads one object and the line feed behind it (JSON Lines); returns what follows,
 * or NULL if the text does not match the grammar or has a name twice. */
const char *json_read_line(const char *text, struct json_members *m);
/* The text of the value with this name and kind, or NULL. */
const char *json_value(const struct json_members *m, const char *name, char kind);

#endif
