/* SPDX-License-Identifier: GPL-2.0-only */
#include "json.h"

#include <stdlib.h>
#include <string.h>

static char *blanks(char *p)
{
	return p + strspn(p, " \t\r\n");
}

static char *put_utf8(char *to, unsigned int c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/*
 * Decodes the escape sequence at 'p', after the backslash; NULL if it is
 * invalid.
 */
static char *unescape(char *p, char **to)
{
	static const char from[] = "\"\\/bfnrt";
	static const char is[] = "\"\\/\b\f\n\r\t";
	const char *which;
	char hex[5] = "", *end;
	unsigned long c;

	if (*p && (which = strchr(from, *p))) {
		*(*to)++ = is[which - from];
		return p + 1;
	}
	if (*p != 'u')
		return NULL;
	strncpy(hex, p + 1, 4);
	c = strtoul(hex, &end, 16);
	if (end != hex + 4)
		return NULL;
	*to = put_utf8(*to, (unsigned int)c);
	return p + 5;
}

/* Reads the string whose opening quote is at 'p'; NULL if it does not end. */
static char *read_string(char *p, const char **value)
{
	char *to = ++p;

	*value = to;
	while (*p != '"') {
		if (!*p)
			return NULL;
		if (*p == '\\') {
			p = unescape(p + 1, &to);
			if (!p)
				return NULL;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
	return p + 1;
}

/*
 * Finds the end of a value that is no string, counting the brackets of lists
 * and objects.
 */
static char *skip_plain(char *p)
{
	unsigned int depth = 0;
	bool quoted = false;

	for (; *p; p++) {
		if (quoted) {
			if (*p == '\\' && p[1])
				p++;
			else if (*p == '"')
				quoted = false;
		} else if (*p == '"') {
			quoted = true;
		} else if (*p == '[' || *p == '{') {
			depth++;
		} else if ((*p == ',' || *p == '}' || *p == ']') && !depth) {
			return p;
		} else if (*p == '}' || *p == ']') {
			depth--;
		}
	}
	return NULL;
}

/* Reads "key": value at 'p'; '*next' is the character after the value. */
static char *read_member(struct json *j, char *p, char *next)
{
	char *start;

	if (j->n == JSON_MEMBERS || *p != '"')
		return NULL;
	p = read_string(p, &j->member[j->n].key);
	if (!p || *(p = blanks(p)) != ':')
		return NULL;
	p = blanks(p + 1);
	j->member[j->n].is_null = false;
	if (*p == '"') {
		p = read_string(p, &j->member[j->n].value);
		if (!p)
			return NULL;
		p = blanks(p);
		*next = *p;
	} else {
		start = p;
		p = skip_plain(p);
		if (!p)
			return NULL;
		*next = *p;
		*p = '\0';
		j->member[j->n].value = start;
		j->member[j->n].is_null = !strcmp(start, "null");
	}
	j->n++;
	return p + 1;
}

bool json_read(struct json *j, char *line)
{
	char *p = blanks(line), next = ',';

	j->n = 0;
	if (*p++ != '{')
		return false;
	p = blanks(p);
	if (*p == '}')
		return !*blanks(p + 1);
	while (next == ',') {
		p = read_member(j, blanks(p), &next);
		if (!p)
			return false;
	}
	return next == '}' && !*blanks(p);
}

static size_t find(const struct json *j, const char *key)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		if (!strcmp(j->member[i].key, key))
			break;
	return i;
}

bool json_has(const struct json *j, const char *key)
{
	return find(j, key) < j->n;
}

const char *json_get(const struct json *j, const char *key)
{
	size_t i = find(j, key);

	return i < j->n && !j->member[i].is_null ? j->member[i].value : NULL;
}

uint64_t json_number(const struct json *j, const char *key)
{
	const char *v = json_get(j, key);

	return v ? strtoull(v, NULL, 10) : 0;
}
