/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/id_set.h"

#include <stdlib.h>
#include <string.h>

static bool grow(struct id_set *s, size_t words)
{
	size_t capacity = s->words ? s->words : 64;
	uint64_t *bits;

	while (capacity < words)
		capacity *= 2;
	bits = realloc(s->bits, capacity * sizeof(*bits));
	if (!bits)
		return false;
	memset(bits + s->words, 0, (capacity - s->words) * sizeof(*bits));
	s->bits = bits;
	s->words = capacity;
	return true;
}

bool id_set_add(struct id_set *s, uint64_t id)
{
	if (id / 64 >= s->words && !grow(s, id / 64 + 1))
		return false;
	s->bits[id / 64] |= 1ull << (id % 64);
	return true;
}

void id_set_remove(struct id_set *s, uint64_t id)
{
	if (id / 64 < s->words)
		s->bits[id / 64] &= ~(1ull << (id % 64));
}

void id_set_free(struct id_set *s)
{
	free(s->bits);
}
