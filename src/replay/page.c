/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page.h"

#include <stdlib.h>

/* The records of a batch, if not all of its packets have events. */
#define PAGE_BYTES	(256u * 1024)

bool page_init(struct page *p)
{
	p->used = 0;
	p->size = PAGE_BYTES;
	p->bytes = malloc(p->size);
	return p->bytes != NULL;
}

void page_free(struct page *p)
{
	free(p->bytes);
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
