/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctl_file.h - reads sysctls from the command line and from files.
 */
#ifndef CLI_SYSCTL_FILE_H
#define CLI_SYSCTL_FILE_H 1

#include <stdbool.h>

#include "ctreplay/conntrack.h"
#include "base/diag.h"

/* Reads one "NAME=VALUE" of the command line; false after a message. */
bool sysctl_read_setting(struct ct_config *cfg, const char *arg,
			 const struct diag *diag);

/*
 * Reads what 'sysctl -a' prints, or a sysctl.conf(5) file; "-" is standard
 * input.  Names outside connection tracking are ignored.  A warning names the
 * first unknown name within it.  False after a message if the file cannot be
 * read or a value is invalid.
 */
bool sysctl_read_file(struct ct_config *cfg, const char *path,
		      const struct diag *diag);

#endif
