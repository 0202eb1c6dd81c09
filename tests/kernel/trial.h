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
	struct verdict *replay;		/* one a frame */
	size_t n;
	struct differences differences;
	char *broken;			/* ctreplay could not be run; or NULL */
};

/*
 * Runs 'fs' in a namespace of its own where 'lab' is NULL, else in that lab,
 * whose tables are emptied first.  'fn' sees each of ctreplay's packets.
 */
void trial_run(struct trial *t, const struct setup *setup, struct lab *lab,
	       struct frames *fs, replay_packet *fn, void *arg);
/* The same where the kernel's side is known already; takes over '*run'. */
void trial_recorded(struct trial *t, const struct setup *setup,
		    const struct frames *fs, struct kernel_run *run,
		    replay_packet *fn, void *arg);
/* What two kernels said, the second in ctreplay's place; takes over both. */
void trial_kernels(struct trial *t, const struct setup *setup,
		   const struct frames *fs, struct kernel_run *first,
		   struct kernel_run *second);
void trial_free(struct trial *t);

/* Whether anything differs or ctreplay failed. */
bool trial_failed(const struct trial *t);

/* Prints what differs, at most 'most' lines of it. */
void trial_print(const struct trial *t, const struct frames *fs, size_t most);

#endif
