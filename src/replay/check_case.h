/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_case.h - one golden test of --check: a capture is replayed in a process of
 * its own, and what it prints is compared with the file beside it.
 */
#ifndef REPLAY_CHECK_CASE_H
#define REPLAY_CHECK_CASE_H 1

#include <stdbool.h>
#include <stdint.h>

/* Runs a command line with one FILE; returns the exit status. */
typedef int check_run_fn(int argc, char **argv);

#define CHECK_LINE_SIZE	400u
#define CHECK_SAID_SIZE	4000u

struct check_case {
	const char *capture;	/* its path; CAPTURE.expected and CAPTURE.options are
				 * beside it */
	int argc;		/* options for all captures, after the program's name */
	char **argv;
	check_run_fn *run;
	bool update;		/* write CAPTURE.expected */
};

struct check_outcome {
	char why[CHECK_LINE_SIZE];	/* the case could not be run; else empty */
	int status;			/* exit status of the replay */
	uint64_t line;			/* the first that differs; 0: none does */
	char expected[CHECK_LINE_SIZE], actual[CHECK_LINE_SIZE];	/* that line */
	char said[CHECK_SAID_SIZE];	/* on standard error */
};

void check_case(const struct check_case *c, struct check_outcome *outcome);

/* Whether all is as expected; with 'update', whether nothing stands in the way of
 * writing it. */
static inline bool check_outcome_good(const struct check_outcome *o, bool update)
{
	return !o->why[0] && (update ? o->status < 2 : o->status == 0 && !o->line);
}

#endif
