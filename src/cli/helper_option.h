/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_option.h - reads --helper NAME[/PREFIX][:PORT,...].
 */
#ifndef CLI_HELPER_OPTION_H
#define CLI_HELPER_OPTION_H 1

#include <stdbool.h>

#include "ctreplay/conntrack.h"
#include "base/diag.h"

/*
 * Replaces the ports of one helper by those given, or by its default ports.
 * Other helpers keep theirs.  False after a message.
 */
bool helper_option_read(struct ct_config *cfg, const char *arg,
			const struct diag *diag);

#endif
