/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctl_file.h - reads sysctls from the command line and from files.
 */
#ifndef CLI_SYSCTL_FILE_H
#define CLI_SYSCTL_FILE_H 1

#include <stdbool.h>

#include "ctreplay/conntrack.h"
#include "base/diag.h"

/*
 * Which settings were given, and their values.  One structure begins as zeros, the
 * other with all bits set; each setting goes into both.  So a member that is equal
 * in both was given, whatever its value.
 */
struct sysctl_given {
	struct ct_sysctl zeros, ones;
};

void sysctl_given_none(struct sysctl_given *given);

/*
 * Puts what was given into 'cfg', which may be another kernel.  What that kernel
 * lacks or refuses stays at its default; 'what' is in front of the note on it.
 */
void sysctl_give(const struct sysctl_given *given, struct ct_config *cfg,
		 const char *what, const struct diag *diag);

/* Reads one "NAME=VALUE" of the command line; false after a message.  Notes in
 * '*given' what was set, unless it is NULL. */
bool sysctl_read_setting(struct ct_config *cfg, struct sysctl_given *given,
			 const char *arg, const struct diag *diag);

/*
 * Reads what 'sysctl -a' prints, or a sysctl.conf(5) file; "-" is standard
 * input.  Names outside connection tracking are ignored.  A warning names the
 * first unknown name within it.  False after a message if the file cannot be
 * read or a value is invalid.
 */
bool sysctl_read_file(struct ct_config *cfg, struct sysctl_given *given,
		      const char *path, const struct diag *diag);

#endif
