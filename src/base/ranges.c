/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/ranges.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Reads a decimal number at '*s' and moves '*s' behind it; 0 if there is none, or
 * it has more than 64 bits. */
static uint64_t read_number(const char **s)
{
	uint64_t n = 0;

	for (; isdigit((unsigned char)**s); ++*s) {
		if (n > (UINT64_MAX - 9) / 10)
			return 0;
		n = n * 10 + (uint64_t)(**s - '0');
	}
	return n;
}

static bool read_range(const char **s, struct range *to)
{
	to->first = to->last = read_number(s);
	if (**s == '-') {
		++*s;
		to->last = read_number(s);
	}
	return to->first && to->last >= to->first;
}

/* Inserts a range, and joins those that it overlaps. */
static bool insert(struct ranges *r, struct range new)
{
	struct range *range = realloc(r->range, (r->n + 1) * sizeof(*range));
	size_t at = 0, end;

	if (!range)
		return false;
	r->range = range;
	while (at < r->n && range[at].last < new.first)
		at++;
	for (end = at; end < r->n && range[end].first <= new.last; end++) {
		if (range[end].first < new.first)
			new.first = range[end].first;
		if (range[end].last > new.last)
			new.last = range[end].last;
	}
	memmove(range + at + 1, range + end, (r->n - end) * sizeof(*range));
	range[at] = new;
	r->n = r->n - (end - at) + 1;
	return true;
}

enum ranges_result ranges_add(struct ranges *r, const char *list)
{
	struct range range;

	for (;;) {
		if (!read_range(&list, &range) || (*list && *list != ','))
			return RANGES_SYNTAX;
		if (!insert(r, range))
			return RANGES_NO_MEMORY;
		if (!*list)
			return RANGES_OK;
		list++;
	}
}

void ranges_free(struct ranges *r)
{
	free(r->range);
	*r = (struct ranges){ NULL, 0 };
}

bool ranges_contain(const struct ranges *r, uint64_t n)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (n < r->range[middle].first)
			high = middle;
		else if (n > r->range[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

uint64_t ranges_first_above(const struct ranges *r, uint64_t max)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->range[i].first > max)
			return r->range[i].first;
	return 0;
}
