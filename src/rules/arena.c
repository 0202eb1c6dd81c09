/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/arena.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE (64u << 10)
#define ALIGNMENT  16u

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	_Alignas(ALIGNMENT) uint8_t bytes[];
};

void arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){ .limit = limit };
}

void arena_free(struct arena *a)
{
	while (a->block) {
		struct arena_block *next = a->block->next;

		free(a->block);
		a->block = next;
	}
	a->used = 0;
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct arena_block *b = malloc(sizeof(*b) + room);

	if (!b)
		return NULL;
	b->next = a->block;
	b->used = 0;
	b->room = room;
	a->block = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->block;
	void *p;

	if (size > a->limit - a->used)
		return NULL;
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!b || size > b->room - b->used)
		b = add_block(a, size);
	if (!b)
		return NULL;
	p = memset(b->bytes + b->used, 0, size);
	b->used += size;
	a->used = size < a->limit - a->used ? a->used + size : a->limit;
	return p;
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	if (p)
		memcpy(p, text, len);
	return p;
}
