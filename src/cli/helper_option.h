/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_option.h - --helper NAME[/PREFIX][:PORT,...]
 */
#ifndef CLI_HELPER_OPTION_H
#define CLI_HELPER_OPTION_H 1

#include <stdbool.h>

#include "ctreplay/conntrack.h"
#include "base/diag.h"

/*
 * Lets the helper listen on the ports given, or on its usual ones, in place
 * of where it did; the others stay as they are.  False after a message.
 */
bool helper_option_read(struct ct_config *cfg, const char *arg,
			const struct diag *diag);

#endif
