/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * program.h - the program called as a function, many times in one process.
 *
 * The capture is a file in memory, which has a name; standard output is another
 * one, and messages are kept.  The test's own messages go to standard error.
 *
 * Programs that use this are linked with --wrap=pthread_create.
 */
#ifndef HOSTILE_PROGRAM_H
#define HOSTILE_PROGRAM_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "base/diag.h"

struct program {
	int in, out;		/* files in memory */
	char path[32];		/* of 'in' */
	struct diag diag;
	bool no_threads;	/* the next runs get no threads */

	/* Of the last run: */
	int status;		/* as main() would exit */
	char *text;		/* its output, with a NUL after it */
	size_t len, room;
	char said[4096];	/* errors and warnings, a line each */
	size_t said_len;
};

/* False: the machine has no files in memory. */
bool program_init(struct program *p);
void program_free(struct program *p);

/* Reads 'argv', without the program's name and FILE, NULL after the last; the
 * caller calls options_free().  False: they were refused, and 'said' says
 * why. */
bool program_options(struct program *p, struct options *o,
		     const char *const *argv);

/* Sets the capture of the next runs. */
bool program_input(struct program *p, const uint8_t *bytes, size_t n);
bool program_change(struct program *p, size_t at, uint8_t byte);
bool program_cut(struct program *p, size_t n);

/* Replays it; false if its output cannot be read. */
bool program_run(struct program *p, const struct options *o);
/* Its three parts; only the last one allocates memory itself. */
void program_empty(struct program *p);	/* clears output and messages */
bool program_replay(struct program *p, const struct options *o);
bool program_output(struct program *p);

/* A file's bytes, which the caller frees; NULL after a message. */
uint8_t *file_read(const char *path, size_t *n);

#endif
