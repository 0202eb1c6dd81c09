/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/nearest.h"

#include "distance.h"

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	size_t best = word_distance_limit(word) + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = word_distance(word, words[i]);

		if (d < best) {
			best = d;
			nearest = words[i];
		}
	}
	return nearest;
}
