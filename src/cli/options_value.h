/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options_value.h - the kinds of arguments that options take.
 *
 * Each function fails after a message that names the option, the value and
 * what is expected.
 */
#ifndef CLI_OPTIONS_VALUE_H
#define CLI_OPTIONS_VALUE_H 1

#include "cli/options_table.h"

/* The index of the argument in 'words', or -1. */
int value_choice(const struct option_use *use, const char *const *words,
		 size_t n);

#define VALUE_CHOICE(use, words) \
	value_choice(use, words, sizeof(words) / sizeof((words)[0]))

/* A decimal number from 1 to 'max'. */
bool value_number(const struct option_use *use, uint64_t max, uint64_t *out);

/* States separated by commas, in any case: iptables writes NEW, nftables new. */
bool value_ctstates(const struct option_use *use, bool states[CT_CTSTATES]);

/* Words of 'names' separated by commas, in any case, set their places in 'set'. */
bool value_words(const struct option_use *use, const char *const *names, size_t n,
		 bool *set);

/* Adds numbers and ranges separated by commas: "3,10-20". */
bool value_ranges(const struct option_use *use, struct ranges *out);
/* Seconds with up to nine decimals, more than 0 and at most an hour, in nanoseconds. */
bool value_seconds(const struct option_use *use, uint64_t *nanoseconds);

/* Tunnels separated by commas, or "all": adds to a set (base/tunnel.h). */
bool value_tunnels(const struct option_use *use, unsigned int *set);

/* A point in time, see timestamp.h. */
bool value_timestamp(const struct option_use *use, struct timestamp *out);

/* "src", "dst:20", ...: how many of that kind; 10 without a number. */
bool value_top(const struct option_use *use, unsigned int top[TOP_KINDS]);

/* A filter that may be given once only. */
bool value_only_filter(const struct option_use *use, const char **to);

#endif
