/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * landlock.h - restricts the files that the process can open; see landlock(7).
 */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H 1

#include <stdbool.h>

/*
 * Creates a set of rules, which allows nothing yet: returns its file descriptor, and
 * the version of the kernel's Landlock in '*version'.  -1 with errno if the kernel has
 * no Landlock.
 */
int landlock_begin(int *version);

/* Adds a rule for the path; false with errno if the kernel refuses it. */
bool landlock_may_read(int rules, const char *path);

/* Enforces the rules from now on; false with errno if that failed. */
bool landlock_enter(int rules);

#endif
