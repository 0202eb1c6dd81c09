/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * minimise.h - fewer frames that still make both sides differ.
 */
#ifndef CHECK_KERNEL_MINIMISE_H
#define CHECK_KERNEL_MINIMISE_H 1

#include "trial.h"

/*
 * 'failed' is the outcome of 'fs'.  Fills 'out' with a subsequence that still
 * fails in the same way and from which no frame can be left out, or nearly so
 * when that takes too long.
 */
void minimise(const struct setup *setup, const struct frames *fs,
	      const struct trial *failed, struct frames *out);

#endif
