/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nearest.h - "did you mean": the word of a list that comes closest.
 */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H 1

#include <stddef.h>

/* One of the 'n' words, or NULL where none comes close to 'word'. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
