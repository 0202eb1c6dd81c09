/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bytes.h - the one reader through which all untrusted bytes are read.
 *
 * A view has two ends: 'cap', to where bytes were captured, and 'len', to
 * where they existed.  Between the two, bytes read as zero; at 'len' and
 * beyond, a read fails.  A view without that distinction has cap == len.
 */
#ifndef PACKET_BYTES_H
#define PACKET_BYTES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	uint32_t cap;	/* <= len */
	uint32_t len;
};

/*
 * A view of what is in memory, all of it captured.  Offsets are of 32 bits: what
 * is beyond them cannot be read.  No buffer is nearly as large.
 */
static inline struct bytes bytes_view(const uint8_t *p, size_t have)
{
	uint32_t n = have < UINT32_MAX ? (uint32_t)have : UINT32_MAX;

	return (struct bytes){ p, n, n };
}

/* Whether 'n' bytes at 'off' exist. */
static inline bool bytes_has(const struct bytes *b, uint32_t off, uint32_t n)
{
	return off <= b->len && n <= b->len - off;
}

/*
 * The rare half of the two below: not all bytes were captured.  Out of line, so
 * that the readers that are inlined stay small.
 */
__attribute__((__cold__, __noinline__, __unused__))
static bool bytes_copy_cut(const struct bytes *b, uint32_t off, void *dst,
			   uint32_t n)
{
	uint32_t there = off < b->cap ? b->cap - off : 0;

	if (!bytes_has(b, off, n))
		return false;
	if (there)
		memcpy(dst, b->p + off, there);
	memset((uint8_t *)dst + there, 0, n - there);
	return true;
}

/* Whether 'n' bytes at 'off' were captured. */
static inline bool bytes_there(const struct bytes *b, uint32_t off, uint32_t n)
{
	return off <= b->cap && n <= b->cap - off;
}

/* Copies 'n' bytes at 'off' to 'dst'; false, and 'dst' untouched, beyond the end. */
static inline bool bytes_copy(const struct bytes *b, uint32_t off, void *dst,
			      uint32_t n)
{
	if (!bytes_there(b, off, n))
		return bytes_copy_cut(b, off, dst, n);
	memcpy(dst, b->p + off, n);
	return true;
}

/*
 * The 'n' bytes at 'off', to be looked at where they are.  Those that were not
 * all captured are copied to 'spare', with the zeros; NULL beyond the end.
 */
static inline const uint8_t *bytes_look(const struct bytes *b, uint32_t off,
					uint32_t n, uint8_t *spare)
{
	if (bytes_there(b, off, n))
		return b->p + off;
	return bytes_copy_cut(b, off, spare, n) ? spare : NULL;
}

static inline bool bytes_u8(const struct bytes *b, uint32_t off, uint8_t *v)
{
	return bytes_copy(b, off, v, 1);
}

static inline uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline void store_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline bool bytes_be16(const struct bytes *b, uint32_t off, uint16_t *v)
{
	uint8_t t[2];

	if (!bytes_copy(b, off, t, 2))
		return false;
	*v = load_be16(t);
	return true;
}

static inline bool bytes_be32(const struct bytes *b, uint32_t off, uint32_t *v)
{
	uint8_t t[4];

	if (!bytes_copy(b, off, t, 4))
		return false;
	*v = load_be32(t);
	return true;
}

#endif
