/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explain_text.h - the sections of an explanation in text, and what they share:
 * explain_text.c has the frame and the reasons, explain_connection.c the connection,
 * explain_settings.c what would change it.
 */
#ifndef REPORT_EXPLAIN_TEXT_H
#define REPORT_EXPLAIN_TEXT_H 1

#include "report/explain.h"
#include "report/story.h"

#define EXPLAIN_INDENT	2u

/* A paragraph below a heading. */
static inline void explain_begin(struct story *s, struct report *r)
{
	story_begin(s, &r->out, EXPLAIN_INDENT, EXPLAIN_INDENT);
}

static inline void explain_paragraph(struct report *r, const char *text)
{
	struct story s;

	explain_begin(&s, r);
	story_str(&s, text);
	story_end(&s);
}

static inline void explain_heading(struct report *r, const char *text)
{
	out_char(&r->out, '\n');
	out_str(&r->out, text);
	out_char(&r->out, '\n');
}

/* What was written to the report since 'from' goes into the story instead. */
static inline void explain_take_back(struct story *s, struct report *r, size_t from)
{
	size_t n = r->out.len - from;

	while (n && r->out.buf[from + n - 1] == '\n')
		n--;
	story_mem(s, r->out.buf + from, n);
	r->out.len = from;
}

void text_explain_connection(struct report *r, const struct explain_view *v);
void text_explain_settings(struct report *r, const struct explain_view *v);

#endif
