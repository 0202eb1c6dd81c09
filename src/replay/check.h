/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - --check DIR: golden tests, reported as TAP version 14.
 *
 * A test is a capture that has CAPTURE.expected beside it: what ctreplay prints of it.
 * The options of the command line apply to all, and CAPTURE.options to one.
 */
#ifndef REPLAY_CHECK_H
#define REPLAY_CHECK_H 1

#include "base/diag.h"
#include "cli/options.h"
#include "replay/check_case.h"

enum check_result {
	CHECK_SAME,		/* or, with --check-update, all could be written */
	CHECK_DIFFERENT,
	CHECK_USAGE,		/* nothing was checked, after a message */
	CHECK_OUTPUT,		/* standard output could not be written, after a message */
};

/* 'argc' and 'argv' are the command line that 'opt' was read from. */
enum check_result check_run(const struct options *opt, int argc, char **argv,
			    check_run_fn *run, const struct diag *diag);

/* Whether 'opt' of one capture's command line may be replayed; false after a
 * message. */
bool check_options_allowed(const struct options *opt, const struct diag *diag);

#endif
