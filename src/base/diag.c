/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

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

	/* A capture's name or a library's message may hold anything: keep the
	 * terminal safe and the message on one line. */
	for (unsigned char *p = (unsigned char *)line; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
	d->say(d->arg, level, line);
}
