/* SPDX-License-Identifier: GPL-2.0-only */
/* minimise.h - finds few frames for which both sides still differ. */
#ifndef CHECK_KERNEL_MINIMISE_H
#define CHECK_KERNEL_MINIMISE_H 1

#include "trial.h"

/*
 * 'failed' is the outcome of 'fs'. Fills 'out' with a subsequence that fails in
 * the same way and that needs each of its frames; if the search takes too long,
 * it may have some more.
 */
void minimise(const struct setup *setup, const struct frames *fs,
	      const struct trial *failed, struct frames *out);

#endif
