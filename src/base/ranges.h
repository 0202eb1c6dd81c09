/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ranges.h - a set of numbers that a person wrote, such as "3,10-20".
 */
#ifndef BASE_RANGES_H
#define BASE_RANGES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t first, last;
};

/* All zeros: no numbers. */
struct ranges {
	struct range *range;	/* sorted by 'first'; they do not overlap */
	size_t n;
};

enum ranges_result { RANGES_OK, RANGES_SYNTAX, RANGES_NO_MEMORY };

/*
 * Adds the numbers of 'list', which are decimal and 1 or more: "N" or "N-M",
 * separated by commas.  Where that fails, ranges_free() must still be called.
 */
enum ranges_result ranges_add(struct ranges *r, const char *list);
void ranges_free(struct ranges *r);

bool ranges_contain(const struct ranges *r, uint64_t n);

/* The lowest number of a range that begins above 'max', or 0. */
uint64_t ranges_first_above(const struct ranges *r, uint64_t max);

#endif
