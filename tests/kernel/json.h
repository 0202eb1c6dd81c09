/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json.h - the members of one flat JSON object, for reading ctreplay's lines.
 */
#ifndef CHECK_KERNEL_JSON_H
#define CHECK_KERNEL_JSON_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_MEMBERS = 48 };

/* Keys and values point into the line that was read. */
struct json {
	size_t n;
	struct {
		const char *key;
		const char *value;	/* strings unescaped, others as written */
		bool is_null;
	} member[JSON_MEMBERS];
};

/*
 * Reads the object in 'line', which is overwritten.  Values that are lists or
 * objects are kept as they stand.  False when it is no JSON object or has more
 * members than JSON_MEMBERS.
 */
bool json_read(struct json *j, char *line);

/* The value of 'key'; NULL if it is missing or null. */
const char *json_get(const struct json *j, const char *key);
/* The same as a number; 0 if it is missing. */
uint64_t json_number(const struct json *j, const char *key);
/* Whether there is a member 'key' at all. */
bool json_has(const struct json *j, const char *key);

#endif
