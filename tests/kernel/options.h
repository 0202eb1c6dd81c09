/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the command line.
 */
#ifndef CHECK_KERNEL_OPTIONS_H
#define CHECK_KERNEL_OPTIONS_H 1

#include <stdio.h>

#include "verdict.h"

struct options {
	struct setup setup;
	const char *const *operands;
	size_t noperands;
	const char *kernel;	/* --kernel: VERSION or "none"; NULL: not given */
	bool first;		/* recorded, versus: stop after a block that differs */
	bool coverage;		/* recorded: print what was reached */
	uint64_t most;		/* differences to print for each run */
	bool demand_helpers;	/* each helper must create expectations that match */
	uint64_t seed, frames;	/* walk */
	uint64_t block;		/* walk: frames in one run */
	unsigned int families;	/* walk: bit mask of enum family */
	bool random_sysctls;	/* walk */
	bool expiry;		/* walk: short timeouts, and pauses */
	uint64_t minimise;	/* walk: blocks to find minimal captures for */
	FILE *compose;		/* blocks are written there, not run; or NULL */
	const char *save;	/* walk: where minimal captures are kept */
};

/*
 * Reads the options and returns the first operand, the mode's name; the
 * others are in 'o'.  Exits with 2 where the command line is wrong, with 0
 * after --help.
 */
const char *options_read(struct options *o, int argc, char **argv);
_Noreturn void options_wrong(void);

#endif
