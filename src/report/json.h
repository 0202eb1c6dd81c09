/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json.h - members of a JSON object (RFC 8259), each with a comma before it: the
 * caller writes the first member, "type", itself.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H 1

#include "ctreplay/conntrack.h"
#include "report/format.h"
#include "report/out.h"

static inline void json_key(struct out *o, const char *key)
{
	out_str(o, ",\"");
	out_str(o, key);
	out_str(o, "\":");
}

static inline void json_u64(struct out *o, const char *key, uint64_t n)
{
	json_key(o, key);
	out_u64(o, n);
}

static inline void json_u64_or_null(struct out *o, const char *key, bool there,
				    uint64_t n)
{
	json_key(o, key);
	if (there)
		out_u64(o, n);
	else
		out_str(o, "null");
}

/* 's' is a name of this program, which has no character to escape, or NULL. */
static inline void json_str(struct out *o, const char *key, const char *s)
{
	json_key(o, key);
	if (!s) {
		out_str(o, "null");
		return;
	}
	out_char(o, '"');
	out_str(o, s);
	out_char(o, '"');
}

static inline void json_address(struct out *o, const char *key,
				const union ct_addr *a, uint8_t l3num)
{
	json_key(o, key);
	out_char(o, '"');
	out_address(o, a, l3num);
	out_char(o, '"');
}

static inline void json_time(struct out *o, const char *key, ct_time t)
{
	json_key(o, key);
	out_char(o, '"');
	out_time_iso(o, t);
	out_char(o, '"');
}

/* Any text, with what JSON escapes; origin.c. */
void json_text(struct out *o, const char *key, const char *s);
/* The same as an element of a list, with a comma behind it. */
void json_element(struct out *o, const char *s);

#endif
