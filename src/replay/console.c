/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/console.h"

#include <stdbool.h>
#include <unistd.h>

/* A message takes the place of the progress line. */
static void say(void *arg, enum diag_level level, const char *text)
{
	struct console *c = arg;

	progress_clear(&c->progress);
	c->sink->say(c->sink->arg, level, text);
}

void console_init(struct console *c, const struct diag *sink)
{
	c->sink = sink;
	c->diag = (struct diag){ say, c };
	c->progress.fd = -1;
}

/* By default on a terminal, unless results go there. */
static bool wants_progress(const struct options *o)
{
	return o->progress == WHEN_ALWAYS ||
	       (o->progress == WHEN_AUTO && !o->quiet &&
		isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO));
}

void console_begin_progress(struct console *c, const struct options *o)
{
	progress_begin(&c->progress, wants_progress(o) ? STDERR_FILENO : -1);
}

void console_end_progress(struct console *c)
{
	progress_clear(&c->progress);
}
