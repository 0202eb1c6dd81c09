/* SPDX-License-Identifier: GPL-2.0-only */
/* modes.h - the modes of the program. */
#ifndef CHECK_KERNEL_MODES_H
#define CHECK_KERNEL_MODES_H 1

#include "capfile.h"
#include "options.h"

/* Counts over all runs. */
struct tally {
	uint64_t compared;	/* frames */
	uint64_t differing;	/* differences */
	uint64_t passed, failed;	/* runs */
	uint64_t left[LEFT_CAUSES];
};

/* Each mode adds to 'tally'. */
void mode_dump(const struct options *opt, struct tally *tally);
void mode_diff(const struct options *opt, struct tally *tally);
void mode_offload(const struct options *opt, struct tally *tally);
void mode_walk(const struct options *opt, struct tally *tally);
void mode_timed(const struct options *opt, struct tally *tally);
void mode_record(const struct options *opt, struct tally *tally);
void mode_recorded(const struct options *opt, struct tally *tally);
void mode_versus(const struct options *opt, struct tally *tally);

#endif
