/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/control.h"

static void say_nothing(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	(void)level;
	(void)text;
}

const struct diag diag_silent = { .say = say_nothing };

void diag_say(const struct diag *d, enum diag_level level, const char *fmt, ...)
{
	char line[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);

	/* A file's name or a library's message may hold any bytes: escape sequences
	 * must not reach the terminal, and the message stays on one line. */
	for (char *p = line; *p; p++)
		memset(p, '?', control_length(p));
	d->say(d->arg, level, line);
}
