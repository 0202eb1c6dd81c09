/* SPDX-License-Identifier: GPL-2.0-only */
/* table.c - the memory of entries. */
#include "conntrack/table/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/debug.h"
#include "conntrack/table/index.h"

#define LARGE_PAGE	(2u << 20)

static void slab_free(const struct slab *s)
{
	free(s->entry);
	free(s->rest);
	free(s->ext);
	free(s->acct);
	free(s->bounds);
	free(s->mark);
}

bool table_init(struct table *t, bool acct, bool bounds)
{
	t->has_acct = acct;
	t->has_bounds = bounds;
	return index_init(t) && timer_init(t);
}

void table_free(struct table *t)
{
	index_free(t);
	timer_free(t);
	early_drop_free(t);
	for (uint32_t i = 0; i < t->nslabs; i++)
		slab_free(&t->slab[i]);
	free(t->slab);
}

void *memory_get(size_t size)
{
	bool large = size >= LARGE_PAGE;
	void *p = aligned_alloc(large ? LARGE_PAGE : CACHE_LINE, size);

	if (p && large)
		madvise(p, size, MADV_HUGEPAGE);
	return p;
}

/* The first slab of a family gets no large page, since it may stay nearly empty: to make
 * one of it later (MADV_COLLAPSE) takes longer than it saves. */
static struct ct_entry *get_entries(bool first)
{
	size_t size = SLAB_ENTRIES * sizeof(struct ct_entry);

	return first ? aligned_alloc(LARGE_PAGE, size) : memory_get(size);
}

/* Not zeroed: the system provides the pages as they are used. */
static bool slab_make(const struct table *t, struct slab *s, bool ipv4, bool first)
{
	*s = (struct slab){ .entry = get_entries(first) };
	if (!ipv4)
		s->rest = malloc(SLAB_ENTRIES * sizeof(*s->rest));
	if (t->has_acct)
		s->acct = malloc(SLAB_ENTRIES * sizeof(*s->acct));
	if (t->has_bounds)
		s->bounds = malloc(SLAB_ENTRIES * sizeof(*s->bounds));
	if (s->entry && (s->rest || ipv4) && (s->acct || !t->has_acct) &&
	    (s->bounds || !t->has_bounds))
		return true;
	slab_free(s);
	return false;
}

static bool slab_add(struct table *t, struct supply *supply)
{
	bool ipv4 = supply == &t->supply[0];

	if (t->nslabs == EXPECT_BIT >> SLAB_SHIFT)
		return false;
	if (t->nslabs == t->slabs_capacity) {
		uint32_t capacity = t->slabs_capacity ? t->slabs_capacity * 2 : 16;
		struct slab *slab = realloc(t->slab, capacity * sizeof(*slab));

		if (!slab)
			return false;
		t->slab = slab;
		t->slabs_capacity = capacity;
	}
	if (!slab_make(t, &t->slab[t->nslabs], ipv4, supply->end == 0))
		return false;
	supply->next = t->nslabs++ << SLAB_SHIFT;
	supply->end = supply->next + SLAB_ENTRIES;
	if (supply->next == ENTRY_NONE) {
		t->slab[0].used = 1;
		supply->next++;
	}
	return true;
}

/* The number that was released last, or the first that was never used. */
static uint32_t take_number(struct table *t, struct supply *supply)
{
	uint32_t number = supply->free;

	if (number != ENTRY_NONE) {
		supply->free = table_rest(t, number)->hash;
		t->shuffled = true;
		/* For the next call: it has probably left the cache. */
		if (supply->free != ENTRY_NONE)
			table_fetch(t, supply->free);
		return number;
	}
	if (supply->next == supply->end && !slab_add(t, supply))
		return ENTRY_NONE;
	number = supply->next++;
	t->slab[number >> SLAB_SHIFT].used++;
	return number;
}

uint32_t table_alloc(struct table *t, uint8_t l3num)
{
	static const struct ct_entry none;
	uint32_t number = take_number(t, &t->supply[l3num != CT_L3_IPV4]);
	struct ct_counter *acct;
	struct tcp_bounds *bounds;

	if (number == ENTRY_NONE)
		return ENTRY_NONE;
	/* gcc would zero this number of bytes with REP STOS, whose start takes
	 * as long as a cache miss; it copies with a few moves. */
	*table_entry(t, number) = none;
	if (l3num != CT_L3_IPV4)
		*table_rest(t, number) = (struct entry_rest){ 0 };
	acct = table_counters(t, number);
	if (acct)
		memset(acct, 0, 2 * sizeof(*acct));
	bounds = table_bounds(t, number);
	if (bounds)
		memset(bounds, 0, sizeof(*bounds));
	if (unlikely(t->slab[number >> SLAB_SHIFT].mark))
		table_set_mark(t, number, 0);
	return number;
}

bool table_set_mark(struct table *t, uint32_t number, uint32_t mark)
{
	struct slab *s = &t->slab[number >> SLAB_SHIFT];

	if (!s->mark && mark)
		s->mark = calloc(SLAB_ENTRIES, sizeof(*s->mark));
	if (s->mark)
		s->mark[number & SLAB_MASK] = mark;
	return s->mark || !mark;
}

bool table_set_ext(struct table *t, uint32_t number, struct ct_ext *ext)
{
	struct slab *s = &t->slab[number >> SLAB_SHIFT];

	if (!s->ext && ext)
		s->ext = calloc(SLAB_ENTRIES, sizeof(*s->ext));
	if (s->ext)
		s->ext[number & SLAB_MASK] = ext;
	return s->ext || !ext;
}

void table_release(struct table *t, uint32_t number)
{
	struct supply *supply = &t->supply[t->slab[number >> SLAB_SHIFT].rest != NULL];

	debug_assert(!table_rest(t, number)->indexed);
	debug_assert(table_entry(t, number)->timer.slot == TIMER_NOT_SET);
	debug_assert(!(table_entry(t, number)->status & ENTRY_EXT));
	/* Those who still have the number see that it is not in the table. */
	table_entry(t, number)->status = 0;
	table_rest(t, number)->hash = supply->free;
	supply->free = number;
}
