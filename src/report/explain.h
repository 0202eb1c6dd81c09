/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explain.h - what the two forms of an explanation share.
 */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H 1

#include "report/explain_view.h"
#include "report/report.h"

/* A rule of the kernel. */
struct explain_rule {
	const char *function;	/* of the kernel that has it; "": none has */
	const char *sentence;	/* in plain words */
};

/* The rule behind a reason. */
const struct explain_rule *explain_reason(enum ct_reason reason);

/* The rule behind the word itself. */
const struct explain_rule *explain_word_rule(const struct explain_view *v);

/* What a class of frames without a state is, or NULL. */
const char *explain_class_text(const char *name);

/* How a text calls the first value of a comparison; its stable name; that of the
 * relation. */
const char *explain_value_text(enum explain_value what);
const char *explain_value_key(enum explain_value what);
const char *explain_relation_key(enum explain_relation relation);

/* "INVALID", "DROP", or why the frame has no state. */
const char *explain_word_name(const struct explain_word *w);

void text_explain(struct report *r, const struct explain_view *v);
/* Only what is particular to the packet: its reasons with their numbers, and what was
 * compared. */
void text_explain_told(struct report *r, const struct explain_view *v);
void json_explain(struct report *r, const struct explain_view *v);

#endif
