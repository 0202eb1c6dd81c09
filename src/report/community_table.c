/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/community_table.h"

#include <stdlib.h>
#include <string.h>

struct community_table *community_table_create(void)
{
	return calloc(1, sizeof(struct community_table));
}

void community_table_free(struct community_table *t)
{
	if (!t)
		return;
	for (unsigned int i = 0; i < COMMUNITY_CHUNKS; i++)
		free(atomic_load_explicit(&t->chunk[i], memory_order_relaxed));
	free(t);
}

/* Adds the chunk of a slot, unless another thread does. */
static struct community_place *add_chunk(struct community_table *t, uint32_t slot)
{
	unsigned int chunk = community_table_chunk(slot);
	size_t size = ((size_t)COMMUNITY_FIRST << chunk) * sizeof(struct community_place);
	struct community_place *new = aligned_alloc(CACHE_LINE, size), *none = NULL;

	if (!new)
		return NULL;
	memset(new, 0, size);
	if (!atomic_compare_exchange_strong_explicit(&t->chunk[chunk], &none, new,
						     memory_order_release,
						     memory_order_relaxed))
		free(new);
	return community_table_place(t, slot);
}

void community_table_set(struct community_table *t, uint32_t slot, uint64_t id,
			 const struct community_text *text)
{
	struct community_place *place = community_table_place(t, slot);
	uint64_t rest;

	if (!id || id >= COMMUNITY_CONNECTIONS)
		return;
	if (!place && !(place = add_chunk(t, slot)))
		return;
	rest = atomic_load_explicit(&place->rest, memory_order_relaxed);
	if (rest == COMMUNITY_BUSY || rest >> COMMUNITY_SHIFT >= id ||
	    !atomic_compare_exchange_strong_explicit(&place->rest, &rest, COMMUNITY_BUSY,
						     memory_order_acquire,
						     memory_order_relaxed))
		return;
	for (unsigned int i = 0; i < 3; i++)
		atomic_store_explicit(&place->digits[i], text->digits[i],
				      memory_order_release);
	atomic_store_explicit(&place->rest,
			      (text->rest & COMMUNITY_DIGITS) | id << COMMUNITY_SHIFT,
			      memory_order_release);
}
