/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/records.h"

#include <stdlib.h>
#include <string.h>

/* Enough for a batch, unless every packet has events. */
#define RECORDS_BYTES	(256u * 1024)

bool records_init(struct records *r)
{
	r->used = 0;
	r->size = RECORDS_BYTES;
	r->bytes = malloc(r->size);
	return r->bytes != NULL;
}

void records_free(struct records *r)
{
	free(r->bytes);
}

bool records_grow(struct records *r)
{
	unsigned char *bytes = realloc(r->bytes, r->size * 2);

	if (!bytes)
		return false;
	r->bytes = bytes;
	r->size *= 2;
	return true;
}

size_t records_insert(struct records *r, size_t mark, enum record_kind kind, size_t size)
{
	size_t end = r->used;
	struct record header;

	while (records_add(r, kind, size) == RECORDS_FULL)
		if (!records_grow(r))
			return RECORDS_FULL;
	memcpy(&header, r->bytes + end, sizeof(header));
	memmove(r->bytes + mark + header.size, r->bytes + mark, end - mark);
	memcpy(r->bytes + mark, &header, sizeof(header));
	return mark + sizeof(header);
}
