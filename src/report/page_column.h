/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_column.h - columns of numbers, for the page of --report.
 *
 * A column grows by appending.  Numbers of type COLUMN_VARINT are LEB128: seven bits a
 * byte, the lowest first, and the eighth bit of each byte but the last is set.  Those of
 * COLUMN_SVARINT are signed, zigzag: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...
 */
#ifndef REPORT_PAGE_COLUMN_H
#define REPORT_PAGE_COLUMN_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum column_type { COLUMN_U8, COLUMN_U32, COLUMN_VARINT, COLUMN_SVARINT };

struct column {
	enum column_type type;
	uint8_t *bytes;
	size_t n, capacity;
	uint64_t count;		/* numbers */
	uint64_t last;		/* of column_delta() */
	bool failed;		/* there was no memory: numbers are missing */
};

/* The longest number takes ten bytes. */
#define COLUMN_SPARE 16u

void column_free(struct column *c);

/* Room for one more number; false: no memory, which the column remembers. */
bool column_grow(struct column *c);

static inline bool column_has_room(struct column *c)
{
	return likely(c->capacity - c->n >= COLUMN_SPARE) || column_grow(c);
}

static inline void column_u8(struct column *c, uint8_t v)
{
	if (!column_has_room(c))
		return;
	c->bytes[c->n++] = v;
	c->count++;
}

static inline void column_u32(struct column *c, uint32_t v)
{
	if (!column_has_room(c))
		return;
	for (unsigned int i = 0; i < 4; i++)
		c->bytes[c->n++] = (uint8_t)(v >> 8 * i);
	c->count++;
}

static inline void column_varint(struct column *c, uint64_t v)
{
	if (!column_has_room(c))
		return;
	for (; v > 127; v >>= 7)
		c->bytes[c->n++] = (uint8_t)(v | 128);
	c->bytes[c->n++] = (uint8_t)v;
	c->count++;
}

static inline void column_svarint(struct column *c, int64_t v)
{
	column_varint(c, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

/* The difference to the number before; modulo 2^64. */
static inline void column_delta(struct column *c, uint64_t v)
{
	column_svarint(c, (int64_t)(v - c->last));
	c->last = v;
}

/* Reads the number at '*at', which must be in the column, and moves on behind it. */
static inline uint64_t column_read(const struct column *c, size_t *at)
{
	uint64_t v = 0;
	unsigned int shift = 0;

	for (;; shift += 7) {
		uint8_t b = c->bytes[(*at)++];

		v |= (uint64_t)(b & 127) << shift;
		if (b < 128)
			return v;
	}
}

static inline int64_t column_read_signed(const struct column *c, size_t *at)
{
	uint64_t v = column_read(c, at);

	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* "varint", ... */
const char *column_type_name(enum column_type type);

#endif
