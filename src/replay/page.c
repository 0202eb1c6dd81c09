/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page.h"

#include <stdlib.h>

#define PAGE_BYTES	(128u * 1024)	/* some hundred records: half a cache */
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

bool page_grow(struct page *p)
{
	unsigned char *bytes = realloc(p->bytes, p->size * 2);

	if (!bytes)
		return false;
	p->bytes = bytes;
	p->size *= 2;
	return true;
}
