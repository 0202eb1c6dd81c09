/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page.h"

#include <stdlib.h>

#define PAGE_BYTES	(128u * 1024)	/* some hundred records: half a cache */
#define ALIGN		16u

struct header {
	_Alignas(ALIGN) uint32_t kind;
	uint32_t size;		/* with this header and what aligns the next */
};

struct page *page_create(void)
{
	struct page *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->parcel = PARCEL_PAGE;
	p->size = PAGE_BYTES;
	p->bytes = malloc(p->size);
	if (p->bytes)
		return p;
	free(p);
	return NULL;
}

void page_free(struct page *p)
{
	if (!p)
		return;
	free(p->bytes);
	free(p);
}

size_t page_add(struct page *p, enum record_kind kind, size_t size)
{
	size_t whole = (sizeof(struct header) + size + ALIGN - 1) &
		       ~(size_t)(ALIGN - 1);
	struct header *h;

	if (p->size - p->used < whole)
		return PAGE_FULL;
	h = (struct header *)(void *)(p->bytes + p->used);
	h->kind = kind;
	h->size = (uint32_t)whole;
	p->used += whole;
	return p->used - whole + sizeof(*h);
}

bool page_grow(struct page *p)
{
	unsigned char *bytes = realloc(p->bytes, p->size * 2);

	if (!bytes)
		return false;
	p->bytes = bytes;
	p->size *= 2;
	return true;
}

const void *page_next(const struct page *p, size_t *at, enum record_kind *kind)
{
	const struct header *h;

	if (*at >= p->used)
		return NULL;
	h = (const struct header *)(const void *)(p->bytes + *at);
	*kind = (enum record_kind)h->kind;
	*at += h->size;
	return h + 1;
}
