/* SPDX-License-Identifier: GPL-2.0-only */
#include "conntrack/internal.h"

#include <stdlib.h>
#include <sys/mman.h>

#define LARGE_PAGE	(2u << 20)

/* Fewer connections are not worth a large page. */
#define FEW		2048u

#ifndef MADV_COLLAPSE	/* Linux 6.1 */
#define MADV_COLLAPSE	25
#endif

static void slab_free(const struct slab *s)
{
	free(s->entry);
	free(s->rest);
	free(s->acct);
	free(s->bounds);
}

void table_free(struct ct *ct)
{
	for (uint32_t i = 0; i < ct->nslabs; i++)
		slab_free(&ct->slab[i]);
	free(ct->slab);
}

void *memory_get(size_t size)
{
	bool large = size >= LARGE_PAGE;
	void *p = aligned_alloc(large ? LARGE_PAGE : CACHE_LINE, size);

	if (p && large)
		madvise(p, size, MADV_HUGEPAGE);
	return p;
}

/* Of the first slab, which may stay nearly empty, no large page. */
static struct ct_entry *get_entries(uint32_t slab)
{
	size_t size = SLAB_ENTRIES * sizeof(struct ct_entry);

	return slab ? memory_get(size) : aligned_alloc(LARGE_PAGE, size);
}

/* Not cleared: memory is the system's to give until it is used. */
static bool slab_fill(const struct ct *ct, uint32_t slab)
{
	struct slab *s = &ct->slab[slab];

	*s = (struct slab){
		.entry = get_entries(slab),
		.rest = aligned_alloc(CACHE_LINE, SLAB_ENTRIES * sizeof(*s->rest)),
	};
	if (ct->cfg.sysctl.acct)
		s->acct = malloc(SLAB_ENTRIES * sizeof(*s->acct));
	if (ct->cfg.track_bounds)
		s->bounds = malloc(SLAB_ENTRIES * sizeof(*s->bounds));
	if (s->entry && s->rest && (s->acct || !ct->cfg.sysctl.acct) &&
	    (s->bounds || !ct->cfg.track_bounds))
		return true;
	slab_free(s);
	return false;
}

static bool slab_add(struct ct *ct)
{
	if (ct->nslabs == ct->slabs_room) {
		uint32_t room = ct->slabs_room ? ct->slabs_room * 2 : 16;
		struct slab *slab = realloc(ct->slab, room * sizeof(*slab));

		if (!slab)
			return false;
		ct->slab = slab;
		ct->slabs_room = room;
	}
	if (!slab_fill(ct, ct->nslabs))
		return false;
	ct->nslabs++;
	return true;
}

/* Now that there are more than a few, the first slab's entries become a large
 * page, too, where the system can do that. */
static noinline void collapse(const struct ct *ct)
{
	madvise(ct->slab[0].entry, LARGE_PAGE, MADV_COLLAPSE);
}

/* A number that was free, or the first that was never used. */
static uint32_t take_number(struct ct *ct)
{
	uint32_t number = ct->free;

	if (number != ENTRY_NONE) {
		ct->free = entry_rest(ct, number)->hash;
		/* For the next who asks: nobody has looked at it for long. */
		if (ct->free != ENTRY_NONE)
			entry_fetch(ct, ct->free);
		return number;
	}
	if (ct->made == EXPECT_BIT)
		return ENTRY_NONE;
	if (ct->made >> SLAB_SHIFT >= ct->nslabs && !slab_add(ct))
		return ENTRY_NONE;
	if (ct->made == FEW)
		collapse(ct);
	return ct->made++;
}

uint32_t table_alloc(struct ct *ct)
{
	static const struct ct_entry none;
	uint32_t number = take_number(ct);
	struct ct_counter *acct;
	struct tcp_bounds *bounds;

	if (number == ENTRY_NONE)
		return ENTRY_NONE;
	/* A copy is a few moves; gcc clears so much with an instruction that
	 * takes as long to begin as a cache line to come. */
	*table_entry(ct, number) = none;
	memset(entry_rest(ct, number), 0, sizeof(struct entry_rest));
	acct = entry_counters(ct, number);
	if (acct)
		memset(acct, 0, 2 * sizeof(*acct));
	bounds = entry_bounds(ct, number);
	if (bounds)
		memset(bounds, 0, sizeof(*bounds));
	return number;
}

void table_release(struct ct *ct, uint32_t number)
{
	/* Whoever still has the number sees that it is none of the table's. */
	table_entry(ct, number)->status = 0;
	entry_rest(ct, number)->hash = ct->free;
	ct->free = number;
}
