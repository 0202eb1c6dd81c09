/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * confine.h - rights are given away before the first capture is parsed.
 */
#ifndef REPLAY_CONFINE_H
#define REPLAY_CONFINE_H 1

#include <stdbool.h>

#include "capture/write.h"
#include "cli/options.h"
#include "base/diag.h"

/*
 * Does first what cannot be done afterwards: opens the file of -w, which
 * writer_open() takes, and loads the libraries that the captures and the
 * filter of 'opt' need.  Then goes into the sandbox.  False after a message, or
 * because 'stop' was set.
 *
 * Threads that were made before are not in it, so there must be none.
 *
 * Where a FILE is seen not to be a capture, no file is made: 'file' has no
 * path then, and capture_open() tells why.
 */
bool confine(const struct options *opt, const struct diag *diag,
	     const struct stop *stop, struct writer_file *file);

#endif
