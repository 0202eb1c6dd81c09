/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctl_file.h - the kernel's settings as people write them down.
 */
#ifndef CLI_SYSCTL_FILE_H
#define CLI_SYSCTL_FILE_H 1

#include <stdbool.h>

#include "ctreplay/sysctl.h"
#include "base/diag.h"

/* One "NAME=VALUE" of the command line; false after a message. */
bool sysctl_read_setting(struct ct_sysctl *s, const char *arg,
			 const struct diag *diag);

/*
 * A file as 'sysctl -a' prints it or as sysctl.conf(5) has it ("-" is standard
 * input).  Names that are not connection tracking's are passed over; the
 * first unknown one of connection tracking's is warned of.  False after a
 * message where the file cannot be read or a value cannot be.
 */
bool sysctl_read_file(struct ct_sysctl *s, const char *path,
		      const struct diag *diag);

#endif
