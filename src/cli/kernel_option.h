/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLI_KERNEL_OPTION_H
#define CLI_KERNEL_OPTION_H 1

#include "base/diag.h"
#include "ctreplay/conntrack.h"

/* Reads --kernel's argument into 'cfg', with the sysctls' defaults; false after an
 * error.  A note says where a version was not judged.  Messages begin with 'from': the
 * option, or the file that 'arg' was in. */
bool kernel_option_read(struct ct_config *cfg, const char *from, const char *arg,
			const struct diag *diag);

#endif
