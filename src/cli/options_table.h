/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options_table.h - the options: one row of one table is one option.
 *
 * To add an option, write its setter and its row in options_table.c, then
 * describe it in the manual page and in completions/.  tests/options compares
 * --help, the manual page and the completions with the table.
 */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H 1

#include "cli/options.h"

enum option_group {
	GROUP_INPUT,
	GROUP_OUTPUT,
	GROUP_ENGINE,
	GROUP_FIREWALL,
	GROUP_TEST,
	GROUP_OTHER,
	OPTION_GROUPS
};

/* Options whose effect the others build on are set before them, wherever they
 * are on the command line: the kernel decides which sysctls there are, a directory's
 * kernel gives way to --kernel, and a file's settings to those of the command line. */
enum option_turn {
	OPTION_FIRST, OPTION_DIRECTORY, OPTION_SECOND, OPTION_ANYWHERE,
	OPTION_EACH,		/* of a row: it is set in all of them, see option_use.turn */
};

struct option_row;

/* One option as the command line has it. */
struct option_use {
	const struct option_row *row;
	const char *arg;	/* NULL if the option takes no argument */
	const struct diag *diag;
	enum option_turn turn;
};

/*
 * Puts the option into 'o'.  OPTIONS_RUN: the next option is read.  OPTIONS_BAD
 * after a message.
 */
typedef enum options_result option_setter(struct options *o,
					  const struct option_use *use);

/* What a setter returns after one of the functions of options_value.h. */
static inline enum options_result run_if(bool good)
{
	return good ? OPTIONS_RUN : OPTIONS_BAD;
}

struct option_row {
	char letter;		/* 0: no short form */
	const char *name;	/* without the dashes */
	/* What --help calls the argument; NULL: none.  With a '[' in front it may be
	 * left out. */
	const char *arg;
	enum option_group group;
	option_setter *set;
	const char *help;
	enum option_turn turn;
};

/* In the order of --help. */
extern const struct option_row option_rows[];
extern const size_t option_count;

/* At most this many rows: a caller's arrays have a fixed size. */
#define OPTIONS_MAX 128

/* The row for operands: a FILE without -r. */
extern const struct option_row *const option_operand;

#endif
