/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/hash_index.h"

#include <stdlib.h>

static void move(struct hash_place *to, uint32_t mask, const struct hash_place *from)
{
	uint32_t i = from->hash;

	while (to[i & mask].number)
		i++;
	to[i & mask] = *from;
}

void *hash_index_grow(struct hash_index *x, void *array, size_t size, uint32_t first)
{
	uint32_t capacity = x->capacity ? 2 * x->capacity : first;
	struct hash_place *place = calloc(2 * (size_t)capacity, sizeof(*place));
	void *moved = place ? realloc(array, capacity * size) : NULL;

	if (!moved) {
		free(place);
		return NULL;
	}
	for (uint32_t i = 0; i < 2 * x->capacity; i++)
		if (x->place[i].number)
			move(place, 2 * capacity - 1, &x->place[i]);
	free(x->place);
	*x = (struct hash_index){ .place = place, .capacity = capacity };
	return moved;
}

void hash_index_free(struct hash_index *x)
{
	free(x->place);
}
