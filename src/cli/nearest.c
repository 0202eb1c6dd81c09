/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/nearest.h"

#include "base/edit_distance.h"

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	size_t best = edit_distance_limit(word) + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = edit_distance(word, words[i]);

		if (d < best) {
			best = d;
			nearest = words[i];
		}
	}
	return nearest;
}
