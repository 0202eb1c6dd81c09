/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * modes.h - what the program can be asked to do.
 */
#ifndef CHECK_KERNEL_MODES_H
#define CHECK_KERNEL_MODES_H 1

#include <stdio.h>

#include "capfile.h"
#include "verdict.h"

/* The command line. */
struct options {
	struct setup setup;
	const char *const *operands;
	size_t noperands;
	bool realtime;		/* keep the gaps of captures */
	size_t most;		/* differences to print a run */
	bool demand_helpers;	/* each must have made and met expectations */
	uint64_t seed, frames;	/* walk */
	size_t block;		/* walk: frames in one run */
	unsigned int families;	/* walk: bit mask of enum family */
	bool random_sysctls;	/* walk */
	bool expiry;		/* walk: short timeouts, and pauses */
	uint64_t minimise;	/* walk: blocks to find minimal captures for */
	FILE *compose;		/* blocks go there instead of being run; or NULL */
	const char *save;	/* walk: where to keep minimal captures */
};

/* What has been done, over all runs. */
struct tally {
	uint64_t compared;	/* frames */
	uint64_t differing;	/* differences */
	uint64_t passed, failed;	/* runs */
	uint64_t left[LEFT_CAUSES];
};

/* Each adds to 'tally'. */
void mode_dump(const struct options *opt, struct tally *tally);
void mode_diff(const struct options *opt, struct tally *tally);
void mode_walk(const struct options *opt, struct tally *tally);
void mode_timed(const struct options *opt, struct tally *tally);
void mode_record(const struct options *opt, struct tally *tally);
void mode_recorded(const struct options *opt, struct tally *tally);

#endif
