/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * version.h - which kernel ctreplay is told to be.
 */
#ifndef CHECK_KERNEL_VERSION_H
#define CHECK_KERNEL_VERSION_H 1

#include "options.h"

/*
 * Sets setup->kernel for a kernel that uname(2) describes as 'uname', release
 * and version.  Debian's version has the patch level that its release lacks.
 * Ends the program where ctreplay does not know that kernel.
 */
void version_choose(const struct options *opt, struct setup *setup,
		    const char *uname);

/*
 * The version that such a text names, which the caller frees: "5.10.223-1" of
 * "5.10.0-32-amd64 #1 SMP Debian 5.10.223-1 (2024-08-10)".
 */
char *version_of(const char *uname);

/* The running kernel's release and version, which the caller frees. */
char *version_running(void);

#endif
