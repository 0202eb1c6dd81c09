/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nearest.h - the suggestion after "did you mean".
 */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H 1

#include <stddef.h>

/* Returns that of the 'n' words which is nearest to 'word' (edit_distance.h), in
 * whatever case, the first of several; NULL if none is near. */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
