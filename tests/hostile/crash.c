/* SPDX-License-Identifier: GPL-2.0-only */
#include "crash.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

char doing[512];

static void on_crash(int sig)
{
	ssize_t unused = write(STDERR_FILENO, "crash: ", 7);

	unused = write(STDERR_FILENO, doing, strlen(doing));
	unused = write(STDERR_FILENO, "\n", 1);
	(void)unused;
	signal(sig, SIG_DFL);
	raise(sig);
}

void crash_tell(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
				       SIGALRM };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], on_crash);
}
