/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - options, messages and the exit status; the work is in replay.c.
 *
 * The only place that writes to standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"
#include "base/diag.h"
#include "replay/replay.h"
#include "base/stop.h"

enum exit_status {
	EXIT_ALL_READ = 0,
	EXIT_USAGE = 2,
	EXIT_DAMAGED = 3,
	EXIT_INTERRUPTED = 130,
};

static struct stop interrupted = { .fd = -1 };
static int interrupt_fd = -1;	/* what is written to it, comes out there */

static void on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	interrupted.set = 1;
	/* There is room: each signal is caught once.  If nobody polls, the flag
	 * is what counts. */
	if (interrupt_fd < 0 || write(interrupt_fd, "", 1) < 0)
		errno = saved;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == 0) {
		interrupted.fd = ends[0];
		interrupt_fd = ends[1];
	}
	sigemptyset(&sa.sa_mask);
	sa.sa_flags = (int)SA_RESETHAND;	/* a second ^C ends at once */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* A closed pipe or a limit on file sizes is an error like others,
	 * told by write(2). */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/*
 * Where one of the standard files is closed, the next file that is opened would
 * get its number, and what is meant for the one go into the other.  So there is
 * something in its place, on which reading and writing fail as they should.
 */
static bool standard_files(void)
{
	static const int mode[] = {
		[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY,
		[STDERR_FILENO] = O_RDONLY,
	};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode[fd]) != fd)
			return false;
	return true;
}

static void say(void *arg, enum diag_level level, const char *text)
{
	static const char *const words[] = {
		[DIAG_NOTE] = "note: ", [DIAG_WARNING] = "warning: ",
		[DIAG_ERROR] = "",
	};
	const struct options *opt = arg;

	if (level == DIAG_NOTE && opt->quiet)
		return;
	fprintf(stderr, "ctreplay: %s%s\n", words[level], text);
}

static enum exit_status run(const struct options *opt, const struct diag *diag)
{
	catch_signals();
	switch (replay(opt, diag, &interrupted)) {
	case REPLAY_DONE:
		return EXIT_ALL_READ;
	case REPLAY_USAGE:
		return EXIT_USAGE;
	case REPLAY_DAMAGED:
		return EXIT_DAMAGED;
	case REPLAY_STOPPED:
		return EXIT_INTERRUPTED;
	}
	return EXIT_USAGE;
}

/* Help and version are output, too: a full disk must not go unnoticed. */
static enum exit_status print(void (*what)(FILE *))
{
	what(stdout);
	if (fflush(stdout) == 0)
		return EXIT_ALL_READ;
	perror("ctreplay: standard output");
	return EXIT_DAMAGED;
}

int main(int argc, char **argv)
{
	struct options opt;
	struct diag diag = { say, &opt };
	enum exit_status status = EXIT_USAGE;

	if (!standard_files())
		return EXIT_USAGE;	/* and nowhere to say so */
	switch (options_read(&opt, argc, argv, &diag)) {
	case OPTIONS_RUN:
		status = run(&opt, &diag);
		break;
	case OPTIONS_HELP:
		status = print(options_print_help);
		break;
	case OPTIONS_VERSION:
		status = print(options_print_version);
		break;
	case OPTIONS_BAD:
		break;
	}
	options_free(&opt);
	return (int)status;
}
