/* SPDX-License-Identifier: GPL-2.0-only */
/* list.c - the connections in order of creation. */
#include "conntrack/table/list.h"

#include <stdlib.h>

#define AHEAD	8u	/* entries that are prefetched */

/* Moves the key at 'top' of a heap of 'n' keys down to its place. */
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

/* In place; qsort(3) would allocate the same amount of memory again. */
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
 * Keys of the connections with ids from 'from' to 'from' + 2^32 - 1 in order of
 * id; returns how many.  The upper half of a key is the id less 'from', the
 * lower half the number.  '*next' is the smallest id beyond, 0 where there is
 * none.
 */
static size_t keys_from(const struct table *t, uint64_t from, uint64_t *key,
			uint64_t *next)
{
	size_t n = 0;

	*next = 0;
	for (uint32_t i = ENTRY_NONE + 1; i < t->made; i++) {
		uint64_t id;

		if (!table_rest(t, i)->indexed)
			continue;
		id = table_entry(t, i)->id;
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

/* Whether the order of numbers is that of ids: so it is until a number is used
 * again. */
static bool in_order(const struct table *t)
{
	uint64_t last = 0;

	for (uint32_t i = ENTRY_NONE + 1; i < t->made; i++) {
		uint64_t id = table_entry(t, i)->id;

		if (!table_rest(t, i)->indexed)
			continue;
		if (id < last)
			return false;
		last = id;
	}
	return true;
}

static void each_by_number(struct table *t, bool (*fn)(void *arg, uint32_t number),
			   void *arg)
{
	for (uint32_t i = ENTRY_NONE + 1; i < t->made; i++)
		if (table_rest(t, i)->indexed && !fn(arg, i))
			return;
}

static bool each_by_key(struct table *t, bool (*fn)(void *arg, uint32_t number),
			void *arg)
{
	uint64_t *key = malloc((t->count + (size_t)1) * sizeof(*key));
	uint64_t from = 1, next;
	bool more = true;

	if (!key)
		return false;
	for (; from && more; from = next) {
		size_t n = keys_from(t, from, key, &next);

		for (size_t i = 0; i < n && more; i++) {
			if (i + AHEAD < n)
				table_fetch(t, (uint32_t)key[i + AHEAD]);
			more = fn(arg, (uint32_t)key[i]);
		}
	}
	free(key);
	return true;
}

bool list_each(struct table *t, bool (*fn)(void *arg, uint32_t number),
	       void *arg)
{
	if (!in_order(t))
		return each_by_key(t, fn, arg);
	each_by_number(t, fn, arg);
	return true;
}
