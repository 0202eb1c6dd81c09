/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctl.h - settings as text, "NAME=VALUE".  A setting that starts with "?"
 * is left out on a kernel that does not have it.
 */
#ifndef CHECK_KERNEL_SYSCTL_H
#define CHECK_KERNEL_SYSCTL_H 1

#include <stdbool.h>

/* Below /proc/sys/net; valid until the next call. */
const char *sysctl_path(const char *setting);
/* The setting without "?", or NULL where the kernel lacks it. */
const char *sysctl_usable(const char *setting);

/*
 * What the recorded kernel lacks, in place of what the running one does.
 * sysctl_recorded() starts an empty list.
 */
void sysctl_recorded(void);
void sysctl_absent(const char *name);

#endif
