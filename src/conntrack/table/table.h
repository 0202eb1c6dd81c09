/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - the connections: entries in slabs, the index that finds them,
 * their timers and the early-drop queue.
 *
 * Entries have numbers, which need half the memory of pointers in the index,
 * the timers and the queue.  A slab never moves, so a pointer to an entry is
 * valid until the entry is released.
 */
#ifndef CONNTRACK_TABLE_TABLE_H
#define CONNTRACK_TABLE_TABLE_H 1

#include "conntrack/table/early_drop.h"
#include "conntrack/table/entry.h"
#include "conntrack/table/timer.h"

#define SLAB_SHIFT	14	/* the entries of a slab fill one large page */
#define SLAB_ENTRIES	(1u << SLAB_SHIFT)
#define SLAB_MASK	(SLAB_ENTRIES - 1)

struct ct_ext;		/* helper/helper.h */

/* Entries of one family. */
struct slab {
	struct ct_entry *entry;
	struct entry_rest *rest;	/* NULL: the entries are of IPv4, and have it */
	struct ct_ext **ext;	/* helper and master; NULL: no entry has one */
	struct ct_counter (*acct)[2];	/* with table.has_acct, else NULL */
	struct tcp_bounds *bounds;	/* with table.has_bounds, else NULL */
	uint32_t *mark;		/* NULL: all marks are 0 */
	uint32_t used;		/* entries that were used at least once: the first */
	uint32_t unused[3];	/* to a power of two: every packet looks for its slab */
};
_Static_assert(sizeof(void *) != 8 || sizeof(struct slab) == 64, "a power of two");

/* Where the next entry of a family comes from. */
struct supply {
	uint32_t free;		/* chain of released entries, linked by 'hash' */
	uint32_t next, end;	/* of the family's last slab: the first number that was
				 * never used, and the end */
};

struct index_line;

struct index {
	struct index_line *line;
	uint32_t mask;		/* lines, less one */
};

struct table {
	struct index index;
	uint32_t count;		/* entries in the index */
	bool has_acct;		/* entries have counters (nf_conntrack_acct) */
	bool has_bounds;	/* entries have bounds (config.track_bounds) */
	bool shuffled;		/* in each family a later connection may have a lower
				 * number */
	struct slab *slab;
	uint32_t nslabs, slabs_capacity;
	struct supply supply[2];	/* of IPv4, of all else */
	struct early_drop_queue early_drop;
	struct timers timers;
	struct expect_timer **expect;	/* expect.c's, by number less EXPECT_BIT */
};

/* 'acct', 'bounds': what to store of each entry.  False: no memory; then
 * table_free() is still to be called. */
bool table_init(struct table *t, bool acct, bool bounds);
void table_free(struct table *t);
/* A new entry of the family, zeroed; ENTRY_NONE: no memory. */
uint32_t table_alloc(struct table *t, uint8_t l3num);
void table_release(struct table *t, uint32_t number);

/* An entry's connmark.  False: no memory. */
bool table_set_mark(struct table *t, uint32_t number, uint32_t mark);

/* What 'number' has of helpers and masters; the caller keeps ENTRY_EXT true to it.
 * False: no memory. */
bool table_set_ext(struct table *t, uint32_t number, struct ct_ext *ext);

/* 'size' bytes for random access, aligned to a cache line; from the size of a
 * large page on in large pages, which makes address translation cheaper.  For
 * free(). */
void *memory_get(size_t size);

static inline struct ct_entry *table_entry(const struct table *t, uint32_t number)
{
	return &t->slab[number >> SLAB_SHIFT].entry[number & SLAB_MASK];
}

static inline struct entry_rest *table_rest(const struct table *t, uint32_t number)
{
	const struct slab *s = &t->slab[number >> SLAB_SHIFT];

	return likely(!s->rest) ? &s->entry[number & SLAB_MASK].ends.v4.rest :
				  &s->rest[number & SLAB_MASK];
}

/* Whether the number is that of an entry, or of one that was released. */
static inline bool table_has(const struct table *t, uint32_t number)
{
	uint32_t slab = number >> SLAB_SHIFT;

	return number != ENTRY_NONE && slab < t->nslabs &&
	       (number & SLAB_MASK) < t->slab[slab].used;
}

/* The next number after 'number' for which table_has() is true, in order; after
 * ENTRY_NONE the first; ENTRY_NONE after the last. */
static inline uint32_t table_next(const struct table *t, uint32_t number)
{
	uint32_t slab = ++number >> SLAB_SHIFT;

	while (slab < t->nslabs && (number & SLAB_MASK) >= t->slab[slab].used)
		number = ++slab << SLAB_SHIFT;
	return slab < t->nslabs ? number : ENTRY_NONE;
}

/* The same for entries that are in the index. */
static inline uint32_t table_next_indexed(const struct table *t, uint32_t number)
{
	do
		number = table_next(t, number);
	while (number != ENTRY_NONE && !table_rest(t, number)->indexed);
	return number;
}

/* Prefetches what table_rest() returns and an entry's first cache line has not. */
static inline void table_fetch_rest(const struct table *t, uint32_t number)
{
	const struct slab *s = &t->slab[number >> SLAB_SHIFT];

	if (s->rest)
		fetch(&s->rest[number & SLAB_MASK]);
}

static inline struct ct_ext *table_ext(const struct table *t, uint32_t number)
{
	const struct slab *s = &t->slab[number >> SLAB_SHIFT];

	return s->ext ? s->ext[number & SLAB_MASK] : NULL;
}

static inline uint32_t table_mark(const struct table *t, uint32_t number)
{
	const struct slab *s = &t->slab[number >> SLAB_SHIFT];

	return unlikely(s->mark != NULL) ? s->mark[number & SLAB_MASK] : 0;
}

static inline struct ct_counter *table_counters(const struct table *t,
						uint32_t number)
{
	if (likely(!t->has_acct))
		return NULL;
	return t->slab[number >> SLAB_SHIFT].acct[number & SLAB_MASK];
}

static inline struct tcp_bounds *table_bounds(const struct table *t,
					      uint32_t number)
{
	if (likely(!t->has_bounds))
		return NULL;
	return &t->slab[number >> SLAB_SHIFT].bounds[number & SLAB_MASK];
}

/* Prefetches all of an entry. */
static inline void table_fetch(const struct table *t, uint32_t number)
{
	const char *entry = (const char *)table_entry(t, number);

	fetch(entry);
	fetch(entry + CACHE_LINE);
	table_fetch_rest(t, number);
}

#endif
