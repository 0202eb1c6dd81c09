/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diag.h - how a room tells what went wrong, without printing it.
 *
 * Main hands a sink down; rooms call diag_*() on it.  Nothing below main
 * writes to standard error or exits.
 */
#ifndef DIAG_H
#define DIAG_H 1

enum diag_level {
	DIAG_NOTE,	/* worth knowing; not shown with -q */
	DIAG_WARNING,	/* the result may surprise */
	DIAG_ERROR,	/* something could not be done */
};

struct diag {
	/* 'text' is one line without newline, valid during the call. */
	void (*say)(void *arg, enum diag_level level, const char *text);
	void *arg;
};

/* For what somebody else will tell, or has told. */
extern const struct diag diag_silent;

/* Formats and hands on; lines longer than 1,000 bytes are cut. */
__attribute__((format(printf, 3, 4)))
void diag_say(const struct diag *d, enum diag_level level, const char *fmt, ...);

#endif
