/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/page_column.h"

#include <stdlib.h>

#define CAPACITY_MIN 4096u

void column_free(struct column *c)
{
	free(c->bytes);
}

bool column_grow(struct column *c)
{
	size_t capacity = c->capacity ? c->capacity * 2 : CAPACITY_MIN;
	uint8_t *bytes = c->failed ? NULL : realloc(c->bytes, capacity);

	if (!bytes) {
		c->failed = true;
		return false;
	}
	c->bytes = bytes;
	c->capacity = capacity;
	return true;
}

const char *column_type_name(enum column_type type)
{
	static const char *const names[] = { "u8", "u32", "varint", "svarint" };

	return names[type];
}
