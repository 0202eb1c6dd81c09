/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options_check.h - options that do not go together.
 */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H 1

#include <stdbool.h>

#include "base/diag.h"
#include "cli/options.h"

struct option_row;

/* Whether the option may be given with --merge. */
bool options_goes_with_merge(const struct option_row *row);

/* False after a message that names the two. */
bool options_check(const struct options *o, const struct diag *diag);

/* How many sections the options ask for. */
unsigned int options_section_count(const struct options *o);

#endif
