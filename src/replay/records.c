/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/records.h"

#include <stdlib.h>

/* The records of a batch, if not all of its packets have events. */
#define PAGE_BYTES	(256u * 1024)

bool records_init(struct records *p)
{
	p->used = 0;
	p->size = PAGE_BYTES;
	p->bytes = malloc(p->size);
	return p->bytes != NULL;
}

void records_free(struct records *p)
{
	free(p->bytes);
}

bool records_grow(struct records *p)
{
	unsigned char *bytes = realloc(p->bytes, p->size * 2);

	if (!bytes)
		return false;
	p->bytes = bytes;
	p->size *= 2;
	return true;
}
