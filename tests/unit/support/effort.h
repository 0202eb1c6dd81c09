/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * effort.h - how much a test tries that could go on for ever.
 */
#ifndef EFFORT_H
#define EFFORT_H 1

#include <stdlib.h>
#include <string.h>

/*
 * Of 'n' things to try: all, or an eighth, at least one, where TEST_EFFORT is "less".
 * valgrind takes thirty times as long, and looks for what each of many similar trials
 * would show.
 */
static inline unsigned int effort(unsigned int n)
{
	const char *less = getenv("TEST_EFFORT");

	return less && strcmp(less, "less") == 0 ? (n + 7) / 8 : n;
}

#endif
