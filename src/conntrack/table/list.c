/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list.c - the connections in order of creation, which is that of their ids.
 *
 * Until a number is used again, the numbers of each family have that order too, and
 * the two are merged.  After that the ids are sorted, in windows of some of them, so
 * that the keys need little memory and stay in the cache.
 */
#include "conntrack/table/list.h"

#include <stdlib.h>

#include "base/debug.h"

#define AHEAD	8u	/* entries that are prefetched */

/* The connections of a window: one in WINDOWS of all, but not fewer than these. */
#define WINDOWS		8u
#define WINDOW_MIN	131072u

/* Parts of the range of ids whose connections are counted.  Fewer connections than PARTS_MIN
 * are one part. */
#define PARTS		4096u
#define PARTS_MIN	1024u

struct key {
	uint64_t id;
	uint32_t number;
};

/* How many connections each part of the range of ids has. */
struct spread {
	uint64_t first, last;	/* ids */
	unsigned int shift;	/* ids of a part, as a power of two */
	uint32_t count[PARTS];
	uint32_t end[PARTS];	/* of its keys in the window, as far as it has been filled */
};

/* The next connection of a family after 'number'. */
static uint32_t next_of(const struct table *t, bool ipv4, uint32_t number)
{
	while ((number = table_next(t, number)) != ENTRY_NONE) {
		if (!t->slab[number >> SLAB_SHIFT].rest != ipv4)
			number |= SLAB_MASK;
		else if (table_rest(t, number)->indexed)
			break;
	}
	return number;
}

static bool in_order(const struct table *t, bool ipv4)
{
	uint64_t last = 0;

	for (uint32_t i = ENTRY_NONE; (i = next_of(t, ipv4, i)) != ENTRY_NONE; ) {
		if (table_entry(t, i)->id < last)
			return false;
		last = table_entry(t, i)->id;
	}
	return true;
}

static void merge(struct table *t, bool (*fn)(void *arg, uint32_t number), void *arg)
{
	uint32_t a = next_of(t, true, ENTRY_NONE), b = next_of(t, false, ENTRY_NONE);
	bool more = true;

	while (more && (a != ENTRY_NONE || b != ENTRY_NONE)) {
		bool ipv4 = b == ENTRY_NONE || (a != ENTRY_NONE &&
			    table_entry(t, a)->id < table_entry(t, b)->id);
		uint32_t *next = ipv4 ? &a : &b;

		/* Within the slab, whose memory is there whether used or not. */
		if ((*next & SLAB_MASK) < SLAB_ENTRIES - AHEAD)
			table_fetch(t, *next + AHEAD);
		more = fn(arg, *next);
		*next = next_of(t, ipv4, *next);
	}
}

static uint32_t part_of(const struct spread *s, uint64_t id)
{
	return (uint32_t)((id - s->first) >> s->shift);
}

static void survey(const struct table *t, struct spread *s)
{
	if (t->count < PARTS_MIN) {
		*s = (struct spread){ .shift = 63, .count[0] = t->count };
		return;
	}
	*s = (struct spread){ .first = UINT64_MAX };
	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; ) {
		uint64_t id = table_entry(t, i)->id;

		s->first = id < s->first ? id : s->first;
		s->last = id > s->last ? id : s->last;
	}
	while ((s->last - s->first) >> s->shift >= PARTS)
		s->shift++;
	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; )
		s->count[part_of(s, table_entry(t, i)->id)]++;
}

/* Of how many connections a window may be: more if one part alone has more. */
static uint32_t largest_window(const struct table *t, const struct spread *s)
{
	uint32_t wanted = t->count / WINDOWS;

	if (wanted < WINDOW_MIN)
		wanted = t->count < WINDOW_MIN ? t->count : WINDOW_MIN;
	for (uint32_t i = 0; i < PARTS; i++)
		wanted = s->count[i] > wanted ? s->count[i] : wanted;
	return wanted;
}

/* The end of the window of at most 'most' connections that begins with part
 * 'from', and how many it has into '*n'. */
static uint32_t window_end(const struct spread *s, uint32_t from, uint32_t most,
			   uint32_t *n)
{
	uint32_t to = from;

	for (*n = 0; to < PARTS && *n + s->count[to] <= most; to++)
		*n += s->count[to];
	return to;
}

/* Moves the key at 'top' of a heap of 'n' keys down to its place. */
static void sink(struct key *key, size_t top, size_t n)
{
	struct key k = key[top];

	for (size_t child; (child = 2 * top + 1) < n; top = child) {
		if (child + 1 < n && key[child + 1].id > key[child].id)
			child++;
		if (key[child].id <= k.id)
			break;
		key[top] = key[child];
	}
	key[top] = k;
}

/* In place, with a third of the instructions of qsort(3). */
static void sort_keys(struct key *key, size_t n)
{
	for (size_t i = n / 2; i-- > 0; )
		sink(key, i, n);
	while (n > 1) {
		struct key last = key[--n];

		key[n] = key[0];
		key[0] = last;
		sink(key, 0, n);
	}
}

/* The connections in the parts from 'from' to before 'to': each part at its place, and
 * then sorted. */
static void collect(const struct table *t, struct spread *s, uint32_t from, uint32_t to,
		    struct key *key)
{
	uint32_t n = 0;

	for (uint32_t part = from; part < to; part++) {
		s->end[part] = n;
		n += s->count[part];
	}
	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; ) {
		uint64_t id = table_entry(t, i)->id;
		uint32_t part = part_of(s, id);

		if (part >= from && part < to)
			key[s->end[part]++] = (struct key){ id, i };
	}
	debug_assert(s->end[to - 1] == n);
	for (uint32_t part = from; part < to; part++)
		sort_keys(key + s->end[part] - s->count[part], s->count[part]);
}

static bool sorted(struct table *t, struct spread *s,
		   bool (*fn)(void *arg, uint32_t number), void *arg)
{
	uint32_t most, n;
	struct key *key;
	bool more = true;

	survey(t, s);
	most = largest_window(t, s);
	key = malloc(most * sizeof(*key));
	if (!key)
		return false;
	for (uint32_t from = 0, to; from < PARTS && more; from = to) {
		to = window_end(s, from, most, &n);
		collect(t, s, from, to, key);
		for (uint32_t i = 0; i < n && more; i++) {
			if (i + AHEAD < n)
				table_fetch(t, key[i + AHEAD].number);
			more = fn(arg, key[i].number);
		}
	}
	free(key);
	return true;
}

bool list_each(struct table *t, bool (*fn)(void *arg, uint32_t number),
	       void *arg)
{
	struct spread *s;
	bool done;

	if (!t->shuffled || (in_order(t, true) && in_order(t, false))) {
		merge(t, fn, arg);
		return true;
	}
	s = malloc(sizeof(*s));
	done = s && sorted(t, s, fn, arg);
	free(s);
	return done;
}
