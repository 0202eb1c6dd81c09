/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - options, messages and the exit status.
 *
 * All messages to standard error are written here.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"
#include "base/diag.h"
#include "merge/merge.h"
#include "replay/check.h"
#include "replay/replay.h"
#include "base/stop.h"

enum exit_status {
	EXIT_ALL_READ = 0,
	EXIT_DIFFERENT = 1,
	EXIT_USAGE = 2,
	EXIT_DAMAGED = 3,
	EXIT_INTERRUPTED = 130,
};

static struct stop interrupted = { .fd = -1 };
static int interrupt_fd = -1;	/* the other end of that pipe */

static void on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	interrupted.set = 1;
	/* The pipe cannot be full: each signal is caught once.  A failure does not
	 * matter where no thread polls, since the flag is set. */
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
	sa.sa_flags = (int)SA_RESETHAND;	/* a second ^C kills the program */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* write(2) reports a closed pipe or an exceeded file size limit, like other
	 * errors. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/*
 * If a standard file descriptor is closed, the next file that is opened gets its number,
 * and output would go into that file.  So /dev/null takes the number, opened in the
 * wrong mode: reading or writing it fails, as on a closed descriptor.
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
	static const char *const prefix[] = {
		[DIAG_NOTE] = "note: ", [DIAG_WARNING] = "warning: ",
		[DIAG_ERROR] = "",
	};
	const struct options *opt = arg;

	if (level == DIAG_NOTE && opt->quiet)
		return;
	fprintf(stderr, "ctreplay: %s%s\n", prefix[level], text);
}

static enum exit_status run(const struct options *opt, const struct diag *diag)
{
	catch_signals();
	switch (replay(opt, diag, &interrupted)) {
	case REPLAY_DONE:
		return EXIT_ALL_READ;
	case REPLAY_DIFFERENT:
	case REPLAY_FAILED:
		return EXIT_DIFFERENT;
	case REPLAY_USAGE:
	case REPLAY_ABSENT:
		return EXIT_USAGE;
	case REPLAY_DAMAGED:
		return EXIT_DAMAGED;
	case REPLAY_STOPPED:
		return EXIT_INTERRUPTED;
	}
	return EXIT_USAGE;
}

/* Instead of a replay, with --merge. */
static enum exit_status run_merge(const struct options *opt, const struct diag *diag)
{
	catch_signals();
	switch (merge(opt, diag, &interrupted)) {
	case MERGE_DONE:
		return EXIT_ALL_READ;
	case MERGE_USAGE:
		return EXIT_USAGE;
	case MERGE_DAMAGED:
		return EXIT_DAMAGED;
	case MERGE_STOPPED:
		return EXIT_INTERRUPTED;
	}
	return EXIT_USAGE;
}

/* Help, version and kernels are output, too: a failed write is an error. */
static enum exit_status print(enum options_result what, const struct options *opt)
{
	if (what == OPTIONS_HELP)
		options_print_help(stdout);
	else if (what == OPTIONS_VERSION)
		options_print_version(stdout, &opt->config.kernel);
	else
		options_print_kernels(stdout);
	/* More than a buffer may have been written before. */
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_ALL_READ;
	perror("ctreplay: standard output");
	return EXIT_DAMAGED;
}

/* For --check, in a process of its own: the command line of one capture. */
static int run_one_of_check(int argc, char **argv)
{
	struct options opt;
	struct diag diag = { say, &opt };
	enum exit_status status = EXIT_USAGE;

	if (options_read(&opt, argc, argv, &diag) == OPTIONS_RUN &&
	    check_options_allowed(&opt, &diag))
		status = run(&opt, &diag);
	options_free(&opt);
	return (int)status;
}

static enum exit_status check(const struct options *opt, int argc, char **argv,
			      const struct diag *diag)
{
	switch (check_run(opt, argc, argv, run_one_of_check, diag)) {
	case CHECK_SAME:
		return EXIT_ALL_READ;
	case CHECK_DIFFERENT:
		return EXIT_DIFFERENT;
	case CHECK_USAGE:
		return EXIT_USAGE;
	case CHECK_OUTPUT:
		return EXIT_DAMAGED;
	}
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options opt;
	struct diag diag = { say, &opt };
	enum exit_status status = EXIT_USAGE;
	enum options_result result;

	if (!standard_files())
		return EXIT_USAGE;	/* a message would have no place to go */
	result = options_read(&opt, argc, argv, &diag);
	switch (result) {
	case OPTIONS_RUN:
		status = opt.check || opt.check_update ?
			 check(&opt, argc, argv, &diag) :
			 opt.merge ? run_merge(&opt, &diag) : run(&opt, &diag);
		break;
	case OPTIONS_HELP:
	case OPTIONS_VERSION:
	case OPTIONS_KERNELS:
		status = print(result, &opt);
		break;
	case OPTIONS_BAD:
		break;
	}
	options_free(&opt);
	return (int)status;
}
