/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/match.h"

#include <stdlib.h>
#include <string.h>

static int by_tuple(const struct ct_tuple *a, const struct ct_tuple *b)
{
	/* Tuples have no padding: ctreplay/conntrack.h. */
	return memcmp(a, b, sizeof(*a));
}

static int by_expectation(const struct ct_expect_event *a,
			  const struct ct_expect_event *b)
{
	int d = (int)a->type - (int)b->type;

	if (!d)
		d = by_tuple(&a->record.tuple, &b->record.tuple);
	if (!d)
		d = by_tuple(&a->record.mask, &b->record.mask);
	if (!d)
		d = by_tuple(&a->record.master_tuple, &b->record.master_tuple);
	return d;
}

/* Like strcmp(3), by identity. */
static int compare(const struct happening *a, const struct happening *b)
{
	int d = (int)a->of_expect - (int)b->of_expect;

	if (d)
		return d;
	if (a->of_expect)
		return by_expectation(&a->expect, &b->expect);
	d = (int)a->event.type - (int)b->event.type;
	return d ? d : by_tuple(&a->event.record.tuple[0],
				&b->event.record.tuple[0]);
}

/* For qsort(3): those of one identity stay in order. */
static int by_identity(const void *x, const void *y)
{
	const struct happening *a = *(struct happening *const *)x;
	const struct happening *b = *(struct happening *const *)y;
	int d = compare(a, b);

	return d ? d : (a > b) - (a < b);
}

static bool sort(struct match *m, struct happening *b, size_t n)
{
	if (n > m->size) {
		struct happening **grown = realloc(m->order, n * sizeof(*grown));

		if (!grown)
			return false;
		m->order = grown;
		m->size = n;
	}
	for (size_t i = 0; i < n; i++)
		m->order[i] = &b[i];
	if (n)
		qsort(m->order, n, sizeof(*m->order), by_identity);
	return true;
}

/* The first that has no partner yet and is the same as 'a', or NULL. */
static struct happening *find(const struct match *m, size_t n,
			      const struct happening *a)
{
	size_t low = 0, high = n;

	/* Within those of one identity the matched ones come first. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = compare(m->order[mid], a);

		if (d < 0 || (d == 0 && m->order[mid]->matched))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n || compare(m->order[low], a) != 0)
		return NULL;
	m->order[low]->matched = true;
	return m->order[low];
}

bool match_happenings(struct match *m, const struct happening *a, size_t na,
		      struct happening *b, size_t nb, match_fn *fn, void *arg)
{
	size_t i = 0;

	/* Nearly always both have the same in the same order. */
	for (; i < na && i < nb && compare(&a[i], &b[i]) == 0; i++)
		fn(arg, &a[i], &b[i]);
	a += i;
	b += i;
	na -= i;
	nb -= i;
	if (!sort(m, b, nb))
		return false;
	for (i = 0; i < na; i++)
		fn(arg, &a[i], find(m, nb, &a[i]));
	for (i = 0; i < nb; i++)
		if (!b[i].matched)
			fn(arg, NULL, &b[i]);
	return true;
}

void match_free(struct match *m)
{
	free(m->order);
}
