/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * program.h - the program called as a function, many times in one process.
 *
 * The capture is in memory and has a name all the same, standard output is a
 * file in memory, and what is said is kept.  The test's own words go to
 * standard error.
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
	bool no_threads;	/* of the runs to come: as where there are none */

	/* Of the last run: */
	int status;		/* as main() would exit */
	char *text;		/* what was printed, with a NUL behind it */
	size_t len, room;
	char said[4096];	/* errors and warnings, a line each */
	size_t said_len;
};

/* False: the machine has none to give. */
bool program_init(struct program *p);
void program_free(struct program *p);

/* 'argv' without a program's name and FILE, NULL behind the last; options_free()
 * for what it gives.  False: they were refused, 'said' says why. */
bool program_options(struct program *p, struct options *o,
		     const char *const *argv);

/* The capture of the runs to come. */
bool program_input(struct program *p, const uint8_t *bytes, size_t n);
bool program_change(struct program *p, size_t at, uint8_t byte);
bool program_cut(struct program *p, size_t n);

/* Replays it; false: what it printed cannot be had. */
bool program_run(struct program *p, const struct options *o);
/* Its three parts: only the last one needs memory of its own. */
void program_empty(struct program *p);	/* nothing is printed or said yet */
bool program_replay(struct program *p, const struct options *o);
bool program_output(struct program *p);

/* A file's bytes, to be freed; NULL after a message. */
uint8_t *file_read(const char *path, size_t *n);

#endif
