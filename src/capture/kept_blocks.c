/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/kept_blocks.h"

#include <stdlib.h>
#include <string.h>

static size_t cost(uint32_t len)
{
	return sizeof(struct kept_block) + len;
}

static void append(struct kept_blocks *k, struct kept_block *b)
{
	b->next = NULL;
	if (k->last)
		k->last->next = b;
	else
		k->first = b;
	k->last = b;
	k->n++;
	k->bytes += cost(b->len);
}

enum kept kept_blocks_add(struct kept_blocks *k, const struct kept_block *from,
			  const uint8_t *body)
{
	struct kept_block *b;

	if (cost(from->len) > KEPT_BYTES_MAX || k->bytes > KEPT_BYTES_MAX - cost(from->len))
		return KEPT_TOO_MUCH;
	b = malloc(cost(from->len));
	if (!b)
		return KEPT_NO_MEMORY;
	*b = *from;
	memcpy(b->body, body, from->len);
	append(k, b);
	return KEPT;
}

void kept_blocks_move(struct kept_blocks *to, struct kept_blocks *from, size_t before)
{
	struct kept_block *b = from->first, *next;

	for (; b; b = next) {
		next = b->next;
		b->before = before;
		append(to, b);
	}
	*from = (struct kept_blocks){ .first = NULL };
}

void kept_blocks_clear(struct kept_blocks *k)
{
	struct kept_block *b = k->first, *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
	*k = (struct kept_blocks){ .first = NULL };
}
