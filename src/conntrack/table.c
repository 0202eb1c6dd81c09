/* SPDX-License-Identifier: GPL-2.0-only */
#include "conntrack/internal.h"

#include <stdlib.h>

#define BUCKETS_MIN	1024u

bool table_init(struct ct *ct)
{
	ct->bucket = calloc(BUCKETS_MIN, sizeof(*ct->bucket));
	ct->bucket_mask = BUCKETS_MIN - 1;
	return ct->bucket != NULL;
}

void table_free(struct ct *ct)
{
	for (uint32_t i = 0; i < ct->nslabs; i++) {
		free(ct->slab[i].entry);
		free(ct->slab[i].acct);
		free(ct->slab[i].bounds);
	}
	free(ct->slab);
	free(ct->bucket);
}

static bool slab_fill(const struct ct *ct, struct slab *s)
{
	*s = (struct slab){ 0 };
	s->entry = calloc(SLAB_ENTRIES, sizeof(*s->entry));
	if (ct->cfg.sysctl.acct)
		s->acct = calloc(SLAB_ENTRIES, sizeof(*s->acct));
	if (ct->cfg.track_bounds)
		s->bounds = calloc(SLAB_ENTRIES, sizeof(*s->bounds));
	if (s->entry && (s->acct || !ct->cfg.sysctl.acct) &&
	    (s->bounds || !ct->cfg.track_bounds))
		return true;
	free(s->entry);
	free(s->acct);
	free(s->bounds);
	return false;
}

static bool slab_add(struct ct *ct)
{
	uint32_t first = ct->nslabs << SLAB_SHIFT;

	if (ct->nslabs == UINT32_MAX >> SLAB_SHIFT)
		return false;
	if (ct->nslabs == ct->slabs_room) {
		uint32_t room = ct->slabs_room ? ct->slabs_room * 2 : 16;
		struct slab *slab = realloc(ct->slab, room * sizeof(*slab));

		if (!slab)
			return false;
		ct->slab = slab;
		ct->slabs_room = room;
	}
	if (!slab_fill(ct, &ct->slab[ct->nslabs]))
		return false;
	ct->nslabs++;

	/* Chained from the top down, so that low numbers are used first.
	 * Number 0 is no entry. */
	for (uint32_t i = SLAB_ENTRIES; i-- > 0; ) {
		if (first + i == ENTRY_NONE)
			continue;
		table_entry(ct, first + i)->next = ct->free;
		ct->free = first + i;
	}
	return true;
}

uint32_t table_alloc(struct ct *ct)
{
	uint32_t number;
	struct ct_entry *e;
	struct ct_counter *acct;
	struct tcp_bounds *bounds;

	if (ct->free == ENTRY_NONE && !slab_add(ct))
		return ENTRY_NONE;
	number = ct->free;
	e = table_entry(ct, number);
	ct->free = e->next;
	memset(e, 0, sizeof(*e));
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
	table_entry(ct, number)->next = ct->free;
	ct->free = number;
}

/* Twice the buckets.  Where there is no memory for them chains grow instead,
 * which costs time only. */
static void table_grow(struct ct *ct)
{
	uint32_t mask = ct->bucket_mask * 2 + 1;
	uint32_t *bucket;

	if (mask > UINT32_MAX / 2)
		return;
	bucket = calloc((size_t)mask + 1, sizeof(*bucket));
	if (!bucket)
		return;
	for (uint32_t i = 0; i <= ct->bucket_mask; i++) {
		uint32_t number = ct->bucket[i];

		while (number != ENTRY_NONE) {
			struct ct_entry *e = table_entry(ct, number);
			uint32_t next = e->next;

			e->next = bucket[e->hash & mask];
			bucket[e->hash & mask] = number;
			number = next;
		}
	}
	free(ct->bucket);
	ct->bucket = bucket;
	ct->bucket_mask = mask;
}

void table_insert(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = table_entry(ct, number);
	uint32_t *head;

	if (ct->count > ct->bucket_mask)
		table_grow(ct);
	head = &ct->bucket[e->hash & ct->bucket_mask];
	e->next = *head;
	*head = number;
	ct->count++;
}

void table_remove(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = table_entry(ct, number);
	uint32_t *link = &ct->bucket[e->hash & ct->bucket_mask];

	while (*link != number)
		link = &table_entry(ct, *link)->next;
	*link = e->next;
	ct->count--;
}

/* Family, protocol and the l4 member of a tuple in one word. */
static inline uint64_t tail(const struct ct_tuple *t)
{
	uint64_t w;

	_Static_assert(sizeof(*t) == offsetof(struct ct_tuple, l4) + sizeof(w),
		       "the tail of a tuple is one word");
	memcpy(&w, &t->l4, sizeof(w));
	return w;
}

static inline bool same(const struct ct_tuple *t, const union ct_addr *src,
			const union ct_addr *dst, uint64_t w)
{
	return ((t->src.d[0] ^ src->d[0]) | (t->src.d[1] ^ src->d[1]) |
		(t->dst.d[0] ^ dst->d[0]) | (t->dst.d[1] ^ dst->d[1]) |
		(tail(t) ^ w)) == 0;
}

uint32_t table_find(const struct ct *ct, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, enum ct_dir *dir)
{
	uint32_t number = ct->bucket[hash & ct->bucket_mask];
	struct ct_tuple inverse = *tuple;
	uint64_t w = tail(tuple), wi;

	inverse.l4 = inverse_l4;
	wi = tail(&inverse);
	while (number != ENTRY_NONE) {
		const struct ct_entry *e = table_entry(ct, number);

		if (e->hash == hash) {
			if (same(&e->tuple, &tuple->dst, &tuple->src, wi)) {
				*dir = CT_DIR_REPLY;
				return number;
			}
			if (same(&e->tuple, &tuple->src, &tuple->dst, w)) {
				*dir = CT_DIR_ORIGINAL;
				return number;
			}
		}
		number = e->next;
	}
	return ENTRY_NONE;
}

void unassured_add(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = table_entry(ct, number);

	e->older = ct->newest;
	e->newer = ENTRY_NONE;
	if (ct->newest != ENTRY_NONE)
		table_entry(ct, ct->newest)->newer = number;
	else
		ct->oldest = number;
	ct->newest = number;
}

void unassured_remove(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = table_entry(ct, number);

	if (e->older != ENTRY_NONE)
		table_entry(ct, e->older)->newer = e->newer;
	else
		ct->oldest = e->newer;
	if (e->newer != ENTRY_NONE)
		table_entry(ct, e->newer)->older = e->older;
	else
		ct->newest = e->older;
}

void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt)
{
	if (!(pkt->prepared & CT_PREPARED_FLOW))
		return;
	__builtin_prefetch(pkt->data + pkt->l4off);
	__builtin_prefetch(&ct->bucket[pkt->hash & ct->bucket_mask]);
}

void ct_prefetch_entry(const struct ct *ct, const struct ct_packet *pkt)
{
	uint32_t number = ENTRY_NONE;
	const char *line;

	if (pkt->prepared & CT_PREPARED_FLOW)
		number = ct->bucket[pkt->hash & ct->bucket_mask];
	if (number == ENTRY_NONE)
		return;
	line = (const char *)table_entry(ct, number);
	for (size_t i = 0; i < sizeof(struct ct_entry); i += 64)
		__builtin_prefetch(line + i);
}
