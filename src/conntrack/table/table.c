/* SPDX-License-Identifier: GPL-2.0-only */
/* table.c - the memory of entries. */
#include "conntrack/table/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/debug.h"
#include "conntrack/table/index.h"

#define LARGE_PAGE	(2u << 20)

/* With fewer connections a large page does not pay. */
#define LARGE_PAGE_FROM	2048u

#ifndef MADV_COLLAPSE	/* Linux 6.1 */
#define MADV_COLLAPSE	25
#endif

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
	t->made = ENTRY_NONE + 1;
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

/* The first slab gets no large page, since it may stay nearly empty. */
static struct ct_entry *get_entries(uint32_t slab)
{
	size_t size = SLAB_ENTRIES * sizeof(struct ct_entry);

	return slab ? memory_get(size) : aligned_alloc(LARGE_PAGE, size);
}

/* Not zeroed: the system provides the pages as they are used. */
static bool slab_make(const struct table *t, uint32_t slab)
{
	struct slab *s = &t->slab[slab];

	*s = (struct slab){
		.entry = get_entries(slab),
	};
	if (t->has_acct)
		s->acct = malloc(SLAB_ENTRIES * sizeof(*s->acct));
	if (t->has_bounds)
		s->bounds = malloc(SLAB_ENTRIES * sizeof(*s->bounds));
	if (s->entry && (s->acct || !t->has_acct) &&
	    (s->bounds || !t->has_bounds))
		return true;
	slab_free(s);
	return false;
}

static bool slab_add(struct table *t)
{
	if (t->nslabs == t->slabs_capacity) {
		uint32_t capacity = t->slabs_capacity ? t->slabs_capacity * 2 : 16;
		struct slab *slab = realloc(t->slab, capacity * sizeof(*slab));

		if (!slab)
			return false;
		t->slab = slab;
		t->slabs_capacity = capacity;
	}
	if (!slab_make(t, t->nslabs))
		return false;
	t->nslabs++;
	return true;
}

/* There are more than a few connections now: the entries of the first slab
 * become a large page as well, if the system can do that. */
static noinline void collapse(const struct table *t)
{
	madvise(t->slab[0].entry, LARGE_PAGE, MADV_COLLAPSE);
}

/* The number that was released last, or the first that was never used. */
static uint32_t take_number(struct table *t)
{
	uint32_t number = t->free;

	if (number != ENTRY_NONE) {
		t->free = table_rest(t, number)->hash;
		/* For the next call: it has probably left the cache. */
		if (t->free != ENTRY_NONE)
			table_fetch(t, t->free);
		return number;
	}
	if (t->made == EXPECT_BIT)
		return ENTRY_NONE;
	if (t->made >> SLAB_SHIFT >= t->nslabs && !slab_add(t))
		return ENTRY_NONE;
	if (t->made == LARGE_PAGE_FROM)
		collapse(t);
	return t->made++;
}

/* Where an entry of IPv6 keeps its struct entry_rest. */
static noinline bool make_rest(struct slab *s)
{
	s->rest = malloc(SLAB_ENTRIES * sizeof(*s->rest));
	return s->rest != NULL;
}

static void zero(struct table *t, uint32_t number, uint8_t l3num)
{
	static const struct ct_entry none;
	struct ct_entry *e = table_entry(t, number);

	/* gcc would zero this number of bytes with REP STOS, whose start takes
	 * as long as a cache miss; it copies with a few moves. */
	*e = none;
	e->l3num = l3num;
	if (l3num != CT_L3_IPV4)
		*table_rest(t, number) = (struct entry_rest){ 0 };
}

/* Into the chain of free entries. */
static void chain(struct table *t, uint32_t number)
{
	table_rest(t, number)->hash = t->free;
	t->free = number;
}

uint32_t table_alloc(struct table *t, uint8_t l3num)
{
	uint32_t number = take_number(t);
	struct slab *s;
	struct ct_counter *acct;
	struct tcp_bounds *bounds;

	if (number == ENTRY_NONE)
		return ENTRY_NONE;
	s = &t->slab[number >> SLAB_SHIFT];
	if (l3num != CT_L3_IPV4 && unlikely(!s->rest) && !make_rest(s)) {
		zero(t, number, CT_L3_IPV4);
		chain(t, number);
		return ENTRY_NONE;
	}
	zero(t, number, l3num);
	acct = table_counters(t, number);
	if (acct)
		memset(acct, 0, 2 * sizeof(*acct));
	bounds = table_bounds(t, number);
	if (bounds)
		memset(bounds, 0, sizeof(*bounds));
	if (unlikely(s->mark))
		table_set_mark(t, number, 0);
	return number;
}

uint32_t table_mark(const struct table *t, uint32_t number)
{
	const struct slab *s = &t->slab[number >> SLAB_SHIFT];

	return s->mark ? s->mark[number & SLAB_MASK] : 0;
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
	debug_assert(!table_rest(t, number)->indexed);
	debug_assert(table_entry(t, number)->timer.slot == TIMER_NOT_SET);
	debug_assert(!(table_entry(t, number)->status & ENTRY_EXT));
	/* Those who still have the number see that it is not in the table. */
	table_entry(t, number)->status = 0;
	chain(t, number);
}
