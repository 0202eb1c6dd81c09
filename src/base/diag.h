/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diag.h - how a module reports what went wrong, without printing it.
 *
 * main passes a sink down, and modules call diag_say() with it.  Nothing below main
 * writes messages to standard error or exits.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H 1

enum diag_level {
	DIAG_NOTE,	/* worth knowing; not shown with -q */
	DIAG_WARNING,	/* the result may be surprising */
	DIAG_ERROR,	/* something could not be done */
};

struct diag {
	/* 'text' is one line without newline, valid during the call. */
	void (*say)(void *arg, enum diag_level level, const char *text);
	void *arg;
};

/* Discards messages; for callers that report failures themselves. */
extern const struct diag diag_silent;

/* Formats a message, cuts it to 1,000 bytes, and passes it to the sink. */
__attribute__((format(printf, 3, 4)))
void diag_say(const struct diag *d, enum diag_level level, const char *fmt, ...);

#endif
