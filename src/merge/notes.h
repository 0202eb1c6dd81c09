/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notes.h - keeps the notes about several captures, in the order of their files.
 */
#ifndef MERGE_NOTES_H
#define MERGE_NOTES_H 1

#include "merge/record.h"

/* Bytes of all notes together. */
#define MERGED_NOTES_MAX	(64u << 20)

struct merged_note {
	size_t at, len;		/* in 'text' */
	uint64_t part;		/* the number of the file from which it is */
	const char *file;	/* whose note it is, or NULL; not owned */
};

struct merged_notes {
	struct merged_note *note;	/* owned */
	size_t n, capacity;
	char *text;			/* owned */
	size_t len, size;
};

/* False, after a message, if it is no note. */
bool merged_note_check(const struct record *r);

/* A note as text has it: its sentence, and what to do. */
void merged_note_message(const struct record *r, char *to, size_t size);

/* Keeps a copy of a line.  False, after a message, if there are too many. */
bool merged_notes_add(struct merged_notes *n, const struct record *r, const char *line,
		      size_t len, const char *file);

/* Files are read side by side, so the notes are not in their order until then. */
void merged_notes_sort(struct merged_notes *n);

void merged_notes_free(struct merged_notes *n);

#endif
