/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h - the kernel's clock ticks, in which limits and recent lists count.
 */
#ifndef RULES_CLOCK_H
#define RULES_CLOCK_H 1

#include <stdint.h>

#define RULES_HZ 250u	/* Debian's kernels, and those the cases were recorded on */

/* Ticks of a time in nanoseconds. */
static inline uint64_t ticks(uint64_t ns)
{
	return ns / (1000000000u / RULES_HZ);
}

#endif
