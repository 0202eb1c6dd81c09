/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * landlock.h - which files can be opened; see landlock(7).
 */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H 1

#include <stdbool.h>

/*
 * A set of rules, to begin with one that allows nothing: its file descriptor,
 * and in '*version' that of the kernel's Landlock.  -1 with errno where there
 * is none.
 */
int landlock_begin(int *version);

/* False with errno where the kernel refuses the rule. */
bool landlock_may_read(int rules, const char *path);

/* The rules hold from now on.  False with errno where they do not. */
bool landlock_enter(int rules);

#endif
