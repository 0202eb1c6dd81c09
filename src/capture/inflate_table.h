/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inflate_table.h - tables from the next bits of the input to a symbol (RFC 1951,
 * section 3.2).
 *
 * A table is indexed with as many bits as most codes have; codes that are longer have
 * tables of their own, which its entries point to.  An entry is a number:
 *
 *	31	ENTRY_LITERAL
 *	30-16	the literal, the least length or distance, or where the other table is
 *	15-13	ENTRY_SPECIAL, ENTRY_LINK, ENTRY_END; ENTRY_SPECIAL alone: no such code
 *	11-8	the bits of the code, behind which are those that are added to the
 *		length or distance; in a link, the index bits of the other table
 *	7-0	the bits of both
 */
#ifndef CAPTURE_INFLATE_TABLE_H
#define CAPTURE_INFLATE_TABLE_H 1

#include <stdint.h>

#define ENTRY_LITERAL	0x80000000u
#define ENTRY_SPECIAL	0x8000u
#define ENTRY_LINK	0x4000u
#define ENTRY_END	0x2000u

#define INFLATE_LIT_SYMBOLS	288u
#define INFLATE_DIST_SYMBOLS	32u
#define INFLATE_CODE_SYMBOLS	19u
#define INFLATE_END_OF_BLOCK	256u	/* of the symbols for literals */

#define INFLATE_LIT_BITS	11u
#define INFLATE_DIST_BITS	8u
#define INFLATE_CODE_BITS	7u	/* the longest there is */

/* The most entries of any complete code of so many symbols, of at most 15 bits, with
 * such an index; they follow from a search over all of them. */
#define INFLATE_LIT_ENTRIES	2342u
#define INFLATE_DIST_ENTRIES	402u

struct inflate_tables {
	uint32_t lit[INFLATE_LIT_ENTRIES];
	uint32_t dist[INFLATE_DIST_ENTRIES];
	uint32_t code[1u << INFLATE_CODE_BITS];
};

/*
 * Build a table from the lengths of its codes.  NULL, or what is wrong with them, in
 * zlib's words.
 */
const char *inflate_build_lit(struct inflate_tables *t, const uint8_t *lengths,
			      unsigned int n);
const char *inflate_build_dist(struct inflate_tables *t, const uint8_t *lengths,
			       unsigned int n);
const char *inflate_build_code(struct inflate_tables *t, const uint8_t *lengths);

/* The tables of blocks with fixed codes (section 3.2.6). */
void inflate_build_fixed(struct inflate_tables *t);

static inline unsigned int entry_bits(uint32_t e)
{
	return e & 0xff;
}

static inline unsigned int entry_code_bits(uint32_t e)
{
	return e >> 8 & 0xf;
}

static inline unsigned int entry_value(uint32_t e)
{
	return e >> 16 & 0x7fff;
}

#endif
