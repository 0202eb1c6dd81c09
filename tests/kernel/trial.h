/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trial.h - one run: the same frames through the kernel and through ctreplay,
 * compared.
 */
#ifndef CHECK_KERNEL_TRIAL_H
#define CHECK_KERNEL_TRIAL_H 1

#include "compare.h"
#include "inject.h"
#include "replay.h"

struct trial {
	struct kernel_run kernel;
	struct verdict *replay;		/* one for each frame */
	size_t n;
	struct differences differences;
	char *broken;			/* why ctreplay could not be run; or NULL */
};

/*
 * Runs 'fs' in a namespace of its own where 'lab' is NULL, else in that lab,
 * whose tables are emptied first.  'fn' sees each of ctreplay's packets.
 */
void trial_run(struct trial *t, const struct setup *setup, struct lab *lab,
	       struct frames *fs, replay_packet *fn, void *arg);
/* The same with a recorded kernel's side, which 't' then owns. */
void trial_recorded(struct trial *t, const struct setup *setup,
		    const struct frames *fs, struct kernel_run *run,
		    replay_packet *fn, void *arg);
/*
 * Compares two recorded kernels, the second in ctreplay's place; 't' then owns
 * both.
 */
void trial_kernels(struct trial *t, const struct setup *setup,
		   const struct frames *fs, struct kernel_run *first,
		   struct kernel_run *second);
void trial_free(struct trial *t);

/* Whether anything differs or ctreplay failed. */
bool trial_failed(const struct trial *t);

/* Prints the first 'most' differences. */
void trial_print(const struct trial *t, const struct frames *fs, size_t most);

#endif
