/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * edit_distance.h - how similar two words are, for "did you mean".
 */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H 1

#include <stddef.h>

#define DISTANCE_WORD_MAX 96u	/* longer words resemble nothing */

/* The Levenshtein distance: how many letters to insert, delete or replace.  SIZE_MAX if
 * a word is longer than DISTANCE_WORD_MAX. */
size_t edit_distance(const char *a, const char *b);

/* The largest distance from 'word' at which a suggestion makes sense. */
size_t edit_distance_limit(const char *word);

#endif
