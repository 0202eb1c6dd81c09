/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * story.h - paragraphs of text, broken into lines of 80 columns.
 *
 *	struct story s;
 *	story_begin(&s, &r->out, 2, 2);
 *	story_str(&s, "Frame ");
 *	story_u64(&s, 9);
 *	story_end(&s);
 */
#ifndef REPORT_STORY_H
#define REPORT_STORY_H 1

#include <stddef.h>
#include <stdint.h>

#include "report/out.h"

#define STORY_COLUMNS	80u
#define STORY_BYTES	8192u	/* of a paragraph; what is beyond is cut */

struct story {
	struct out *out;
	unsigned int indent, hanging;	/* blanks before the first line; the others */
	size_t n;
	char text[STORY_BYTES];
};

/* A paragraph whose first line begins after 'indent' blanks, and the others after
 * 'hanging'. */
void story_begin(struct story *s, struct out *o, unsigned int indent,
		 unsigned int hanging);
void story_str(struct story *s, const char *text);
void story_mem(struct story *s, const char *text, size_t n);
/* Text of somebody else: what a terminal would obey becomes '?'. */
void story_foreign(struct story *s, const char *text);
void story_u64(struct story *s, uint64_t n);
/* Seconds, with the digits that a person reads: three behind the point below 100. */
void story_seconds(struct story *s, uint64_t nanoseconds);
/* Breaks the paragraph at blanks into lines. */
void story_end(struct story *s);

#endif
