/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct field fields[] = {
	{ "code", FIELD_TEXT, false, false },
	{ "count", FIELD_COUNT, false, false },
	{ "first_frame", FIELD_COUNT, true, false },
	{ "invalid", FIELD_COUNT, true, false },
	{ "share_of_invalid", FIELD_SHARE, true, false },
	{ "text", FIELD_TEXT, false, false },
	{ "advice", FIELD_TEXT, false, false },
	{ "file", FIELD_TEXT, false, true },
};

bool merged_note_check(const struct record *r)
{
	return record_check(r, fields, sizeof(fields) / sizeof(fields[0]));
}

void merged_note_message(const struct record *r, char *to, size_t size)
{
	const char *text = record_text(r, "text"), *file = record_text(r, "file");
	uint64_t first = record_count(r, "first_frame");
	uint64_t invalid = record_count(r, "invalid");
	char frame[48] = "", follow[64] = "";

	if (first && !strstr(text, "frame "))
		snprintf(frame, sizeof(frame), ", frame %" PRIu64 " first", first);
	if (invalid)
		snprintf(follow, sizeof(follow), "; %" PRIu64 " INVALID packet%s "
			 "follow%s from it", invalid, invalid == 1 ? "" : "s",
			 invalid == 1 ? "s" : "");
	snprintf(to, size, "%.300s%s%.300s%s%s; %.300s", file ? file : "",
		 file ? ": " : "", text, frame, follow, record_text(r, "advice"));
}

static bool reserve(struct merged_notes *n, size_t len)
{
	size_t size = n->size ? n->size : 4096;
	size_t capacity = n->n < n->capacity ? n->capacity :
			  n->capacity ? n->capacity * 2 : 64;
	struct merged_note *note;
	char *text;

	while (size < n->len + len)
		size *= 2;
	text = realloc(n->text, size);
	if (!text)
		return false;
	n->text = text;
	n->size = size;
	note = realloc(n->note, capacity * sizeof(*note));
	if (!note)
		return false;
	n->note = note;
	n->capacity = capacity;
	return true;
}

bool merged_notes_add(struct merged_notes *n, const struct record *r, const char *line,
		      size_t len, const char *file)
{
	if (len > MERGED_NOTES_MAX - n->len)
		return record_refuse(r, "too many notes");
	if (!reserve(n, len))
		return record_refuse(r, "out of memory");
	memcpy(n->text + n->len, line, len);
	n->note[n->n++] = (struct merged_note){ n->len, len, r->where.part,
						      file };
	n->len += len;
	return true;
}

static int by_part(const void *a, const void *b)
{
	const struct merged_note *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void merged_notes_sort(struct merged_notes *n)
{
	if (n->n)
		qsort(n->note, n->n, sizeof(*n->note), by_part);
}

void merged_notes_free(struct merged_notes *n)
{
	free(n->note);
	free(n->text);
}
