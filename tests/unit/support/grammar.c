/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/grammar.h"

#include <stdio.h>
#include <string.h>

/* RFC 4180 section 2: TEXTDATA is all of ASCII that is printed but for the comma
 * and the quotation mark. */
static bool is_textdata(char c)
{
	return c >= ' ' && c <= '~' && c != ',' && c != '"';
}

/* escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE */
static const char *csv_escaped(const char *p, char *to, size_t size)
{
	size_t n = 0;

	for (p++; *p; p++) {
		if (*p == '"' && *++p != '"') {
			to[n] = '\0';
			return p;
		}
		if (n + 1 == size)
			return NULL;
		to[n++] = *p;
	}
	return NULL;
}

static const char *csv_field(const char *p, char *to, size_t size)
{
	size_t n;

	if (*p == '"')
		return csv_escaped(p, to, size);
	for (n = 0; is_textdata(p[n]); n++) {
		if (n + 1 == size)
			return NULL;
		to[n] = p[n];
	}
	to[n] = '\0';
	return p + n;
}

const char *csv_read_row(const char *text, struct csv_row *row)
{
	const char *p = text;

	for (row->n = 0; row->n < GRAMMAR_VALUES; p++) {
		p = csv_field(p, row->field[row->n], sizeof(row->field[0]));
		if (!p)
			return NULL;
		row->n++;
		if (p[0] == '\r' && p[1] == '\n')
			return p + 2;
		if (*p != ',')
			return NULL;
	}
	return NULL;
}

/* RFC 8259 section 7, without escapes: no text of the program needs one. */
static const char *json_string(const char *p, char *to, size_t size)
{
	size_t n = 0;

	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20 || *p == '\\' || n + 1 == size)
			return NULL;
		to[n++] = *p;
	}
	to[n] = '\0';
	return p + 1;
}

/* Section 6, for the whole numbers that the program writes. */
static const char *json_number(const char *p, char *to, size_t size)
{
	size_t n = strspn(p, "0123456789");

	if (n == 0 || n >= size || (n > 1 && *p == '0'))
		return NULL;
	memcpy(to, p, n);
	to[n] = '\0';
	return p + n;
}

static const char *json_literal(const char *p, char *kind, char *to)
{
	static const struct { const char *text; char kind; } literals[] = {
		{ "true", 't' }, { "false", 'f' }, { "null", 'z' },
	};

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(literals[i].text);

		if (strncmp(p, literals[i].text, n) == 0) {
			*kind = literals[i].kind;
			memcpy(to, literals[i].text, n + 1);
			return p + n;
		}
	}
	return NULL;
}

/* An array of strings; 'to' gets it as it is written. */
static const char *json_array(const char *p, char *to, size_t size)
{
	const char *start = p++;
	char string[192];

	while (*p != ']') {
		if (p > start + 1 && *p++ != ',')
			return NULL;
		p = json_string(p, string, sizeof(string));
		if (!p)
			return NULL;
	}
	p++;
	if ((size_t)(p - start) >= size)
		return NULL;
	memcpy(to, start, (size_t)(p - start));
	to[p - start] = '\0';
	return p;
}

static const char *json_object(const char *p, const char *outer,
			       struct json_members *m);

/* What 'name' has, at 'p'. */
static const char *json_any(const char *p, const char *name, struct json_members *m)
{
	char *to, *kind;

	if (*p == '{')
		return json_object(p, name, m);
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->value[i].name, name) == 0)
			return NULL;
	if (m->n == GRAMMAR_VALUES)
		return NULL;
	snprintf(m->value[m->n].name, sizeof(m->value[0].name), "%s", name);
	to = m->value[m->n].text;
	kind = &m->value[m->n++].kind;
	*kind = *p == '"' ? 's' : *p == '[' ? 'a' : 'n';
	if (*p == '"')
		return json_string(p, to, sizeof(m->value[0].text));
	if (*p == '[')
		return json_array(p, to, sizeof(m->value[0].text));
	if (*p >= '0' && *p <= '9')
		return json_number(p, to, sizeof(m->value[0].text));
	return json_literal(p, kind, to);
}

/* Section 4, without the whitespace that the program does not write. */
static const char *json_object(const char *p, const char *outer,
			       struct json_members *m)
{
	char key[48], name[96];

	if (*p++ != '{')
		return NULL;
	for (bool first = true; *p != '}'; first = false) {
		if (!first && *p++ != ',')
			return NULL;
		p = json_string(p, key, sizeof(key));
		if (!p || *p++ != ':')
			return NULL;
		snprintf(name, sizeof(name), "%.40s%s%s", outer,
			 *outer ? "." : "", key);
		p = json_any(p, name, m);
		if (!p)
			return NULL;
	}
	return p + 1;
}

const char *json_read_line(const char *text, struct json_members *m)
{
	const char *end;

	m->n = 0;
	end = json_object(text, "", m);
	return end && *end == '\n' ? end + 1 : NULL;
}

const char *json_value(const struct json_members *m, const char *name, char kind)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->value[i].name, name) == 0)
			return m->value[i].kind == kind ? m->value[i].text : NULL;
	return NULL;
}
