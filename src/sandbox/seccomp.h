/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seccomp.h - restricts the system calls of the process, through libseccomp.
 */
#ifndef SANDBOX_SECCOMP_H
#define SANDBOX_SECCOMP_H 1

/*
 * From now on only the system calls for reading, writing, memory and threads work; all
 * others fail with EPERM.  0, or a negative errno if the filter is not in place.
 */
int seccomp_enter(void);

#endif
