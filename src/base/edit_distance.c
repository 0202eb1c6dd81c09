/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/edit_distance.h"

#include <stdint.h>
#include <string.h>

size_t edit_distance(const char *a, const char *b)
{
	size_t row[DISTANCE_WORD_MAX + 1], lb = strlen(b);

	if (strlen(a) > DISTANCE_WORD_MAX || lb > DISTANCE_WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

size_t edit_distance_limit(const char *word)
{
	return strlen(word) / 3 + 1;
}
