/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * console.h - messages and the progress line, which share a terminal.
 *
 * Any thread may use the sink.
 */
#ifndef REPLAY_CONSOLE_H
#define REPLAY_CONSOLE_H 1

#include "base/diag.h"
#include "cli/options.h"
#include "cli/progress.h"

struct console {
	struct progress progress;	/* written by the thread that reads */
	const struct diag *sink;	/* main's */
	struct diag diag;		/* removes the progress line, then says */
};

void console_init(struct console *c, const struct diag *sink);

/* The progress line may be shown from now on, if 'o' asks for it. */
void console_begin_progress(struct console *c, const struct options *o);
void console_end_progress(struct console *c);

#endif
