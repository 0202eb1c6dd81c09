/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list.c - the connections and the expectations, in order of creation.
 */
#include "conntrack/helper/helper.h"

#include <stdlib.h>

#define AHEAD	8u	/* memory is asked for so many ahead */

/* Moves the key at 'top' of a heap of 'n' down to where it belongs. */
static void sink(uint64_t *key, size_t top, size_t n)
{
	uint64_t k = key[top];

	for (size_t child; (child = 2 * top + 1) < n; top = child) {
		if (child + 1 < n && key[child + 1] > key[child])
			child++;
		if (key[child] <= k)
			break;
		key[top] = key[child];
	}
	key[top] = k;
}

/* In place: qsort(3) would take as much memory again. */
static void sort_keys(uint64_t *key, size_t n)
{
	for (size_t i = n / 2; i-- > 0; )
		sink(key, i, n);
	while (n > 1) {
		uint64_t last = key[--n];

		key[n] = key[0];
		key[0] = last;
		sink(key, 0, n);
	}
}

/*
 * The live entries with ids from 'from' to 2^32 - 1 above it, in that order:
 * the difference in the upper half of each key, the number in the lower.  How
 * many; '*next' is the smallest id that is larger, 0 where there is none.
 */
static size_t entries_from(const struct ct *ct, uint64_t from, uint64_t *key,
			   uint64_t *next)
{
	size_t n = 0;

	*next = 0;
	for (uint32_t i = ENTRY_NONE + 1; i < ct->made; i++) {
		uint64_t id;

		if (!entry_rest(ct, i)->indexed)
			continue;
		id = table_entry(ct, i)->id;
		if (id < from)
			continue;
		if (id - from <= UINT32_MAX)
			key[n++] = (id - from) << 32 | i;
		else if (*next == 0 || id < *next)
			*next = id;
	}
	sort_keys(key, n);
	return n;
}

bool entries_each(struct ct *ct, bool (*fn)(void *arg, uint32_t number),
		  void *arg)
{
	uint64_t *key = malloc((ct->count + (size_t)1) * sizeof(*key));
	uint64_t from = 1, next;
	bool more = true;

	if (!key)
		return false;
	for (; from && more; from = next) {
		size_t n = entries_from(ct, from, key, &next);

		for (size_t i = 0; i < n && more; i++) {
			if (i + AHEAD < n)
				entry_fetch(ct, (uint32_t)key[i + AHEAD]);
			more = fn(arg, (uint32_t)key[i]);
		}
	}
	free(key);
	return true;
}

struct listing {
	const struct ct *ct;
	bool (*fn)(void *arg, const struct ct_record *r);
	void *arg;
};

static bool list_entry(void *arg, uint32_t number)
{
	const struct listing *l = arg;
	struct ct_record r;

	entry_record(l->ct, number, l->ct->now, &r);
	return l->fn(l->arg, &r);
}

int ct_table(struct ct *ct, bool (*fn)(void *arg, const struct ct_record *r),
	     void *arg)
{
	struct listing l = { ct, fn, arg };

	return entries_each(ct, list_entry, &l) ? 0 : -1;
}

static int by_id(const void *a, const void *b)
{
	const struct ct_expect *x = *(const struct ct_expect *const *)a;
	const struct ct_expect *y = *(const struct ct_expect *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

int ct_expectations(struct ct *ct,
		    bool (*fn)(void *arg, const struct ct_expect_record *r),
		    void *arg)
{
	const struct ct_expect **x = malloc((ct->expect_count + (size_t)1) *
					    sizeof(*x));
	struct ct_expect_record r;
	size_t n = 0;

	if (!x)
		return -1;
	for (uint32_t i = 0; i < ct->expects_made; i++)
		if (ct->expect[i]->slot)
			x[n++] = ct->expect[i];
	qsort(x, n, sizeof(*x), by_id);
	for (size_t i = 0; i < n; i++) {
		expect_record(ct, x[i], &r);
		if (!fn(arg, &r))
			break;
	}
	free(x);
	return 0;
}
