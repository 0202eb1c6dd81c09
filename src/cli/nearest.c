/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/nearest.h"

#include <ctype.h>

#include "base/edit_distance.h"

/* "JSON" is near "json".  A longer word is near nothing. */
#define WORD_SIZE (DISTANCE_WORD_MAX + 2)

static void lower(char to[WORD_SIZE], const char *word)
{
	size_t n = 0;

	for (; word[n] && n < WORD_SIZE - 1; n++)
		to[n] = (char)tolower((unsigned char)word[n]);
	to[n] = '\0';
}

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	size_t best = edit_distance_limit(word) + 1;
	char given[WORD_SIZE], known[WORD_SIZE];
	const char *nearest = NULL;

	lower(given, word);
	for (size_t i = 0; i < n; i++) {
		size_t d;

		lower(known, words[i]);
		d = edit_distance(given, known);
		if (d < best) {
			best = d;
			nearest = words[i];
		}
	}
	return nearest;
}
