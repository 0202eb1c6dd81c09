/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * confine.h - enters the sandbox before the first capture is parsed.
 */
#ifndef REPLAY_CONFINE_H
#define REPLAY_CONFINE_H 1

#include <stdbool.h>

#include "base/diag.h"
#include "cli/options.h"
#include "replay/tracker.h"

/*
 * Does what the sandbox would refuse: opens the files of -w, --annotate and --report,
 * which the writers of 't' take over, and that of --save-state, and loads the libraries
 * that the captures, the filter and the report of 'opt' need.  Then enters the sandbox.
 * False after a message, or because 'stop' was set.  Without a 't' no file is opened.
 *
 * Threads that exist already would stay outside, so there must be none.
 *
 * If a FILE is obviously no capture, no file is created, and capture_open() reports
 * why.
 */
bool confine(const struct options *opt, const struct diag *diag,
	     const struct stop *stop, struct tracker *t);

#endif
