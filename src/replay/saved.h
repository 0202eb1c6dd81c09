/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * saved.h - the files of --save-state and --load-state.
 *
 * Such a file begins with lines of text, which tell people and scripts what it is, and
 * the loading program whether it fits; an empty line ends them.  docs/state.md has the
 * format.
 */
#ifndef REPLAY_SAVED_H
#define REPLAY_SAVED_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/whole_file.h"
#include "cli/options.h"
#include "replay/settings.h"

struct tracker;
struct printer;

struct saved {
	struct whole_file file;	/* of --save-state */
	uint64_t files;		/* FILEs in this run and those before */
};

/* Opens the file of --save-state, if there is one, before the sandbox; the file has its
 * name only when saved_save() has succeeded.  False after a message. */
bool saved_open(struct saved *s, const struct options *o, const struct diag *diag);

/* Loads the file of --load-state, if there is one, into a new tracker and printer.
 * False after a message. */
bool saved_load(struct saved *s, const struct settings *settings, struct tracker *t,
		struct printer *p);

/* After all output is written: 'output' is its length, as printer_finish() says.  False
 * after a message; the file stays as it was. */
bool saved_save(struct saved *s, const struct settings *settings, struct tracker *t,
		struct printer *p, uint64_t output);

/* The file stays as it was. */
void saved_drop(struct saved *s);

#endif
