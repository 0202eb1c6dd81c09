/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * distance.h - how far apart two words are, for "did you mean".
 */
#ifndef DISTANCE_H
#define DISTANCE_H 1

#include <stddef.h>

#define DISTANCE_WORD_MAX 96u	/* longer words are far from everything */

/* Letters to insert, delete or replace (Levenshtein); SIZE_MAX for a long word. */
size_t edit_distance(const char *a, const char *b);

/* The largest distance at which a suggestion still helps. */
size_t edit_distance_limit(const char *word);

#endif
