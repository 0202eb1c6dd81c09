/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options_say.h - messages about wrong options and wrong arguments.
 */
#ifndef CLI_OPTIONS_SAY_H
#define CLI_OPTIONS_SAY_H 1

#include "cli/options_table.h"

/* "--output: invalid WHAT 'xml'; expected EXPECTED" */
void options_say_invalid(const struct option_use *use, const char *what,
			 const char *expected);

/* 'value' is none of the 'n' words; suggests the nearest one. */
void options_say_choice(const struct option_use *use, const char *value,
			const char *const *words, size_t n);

/* The argument is no number from 1 to 'max'; a huge 'max' is not named. */
void options_say_number(const struct option_use *use, uint64_t max);

/* Only one filter can be in force, and 'before' was given already. */
void options_say_second_filter(const struct option_use *use, const char *before);

/* The option can only be given once; 'advice' says why, or what to do.  False. */
bool options_say_twice(const struct option_use *use, const char *advice);

/* False after a message if the name of a file is empty, as that of a shell variable is
 * which was never set. */
bool options_has_name(const struct option_use *use);

void options_say_no_argument(const struct option_row *row,
			     const struct diag *diag);
void options_say_needless_argument(const struct option_row *row,
				   const struct diag *diag);

/* -t is given more than once, as tcpdump's users do for dates. */
void options_say_dates(const struct diag *diag);

/* A letter that tcpdump, conntrack or tshark has gets advice. */
void options_say_unknown_letter(int letter, const struct diag *diag);

/* 'word' is what was given, with its dashes; either no option begins with it,
 * or several do. */
void options_say_unknown(const char *word, const struct diag *diag);

#endif
