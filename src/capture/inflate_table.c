/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/inflate_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/compiler.h"

#define BITS_MAX	15u
#define LENGTHS		29u
#define DISTANCES	30u

/* Section 3.2.5: the least length or distance of a code, and its extra bits. */
static const struct {
	uint16_t least;
	uint8_t extra;
} lengths_of[LENGTHS] = {
	{ 3, 0 }, { 4, 0 }, { 5, 0 }, { 6, 0 }, { 7, 0 }, { 8, 0 }, { 9, 0 }, { 10, 0 },
	{ 11, 1 }, { 13, 1 }, { 15, 1 }, { 17, 1 }, { 19, 2 }, { 23, 2 }, { 27, 2 },
	{ 31, 2 }, { 35, 3 }, { 43, 3 }, { 51, 3 }, { 59, 3 }, { 67, 4 }, { 83, 4 },
	{ 99, 4 }, { 115, 4 }, { 131, 5 }, { 163, 5 }, { 195, 5 }, { 227, 5 }, { 258, 0 },
}, distances_of[DISTANCES] = {
	{ 1, 0 }, { 2, 0 }, { 3, 0 }, { 4, 0 }, { 5, 1 }, { 7, 1 }, { 9, 2 }, { 13, 2 },
	{ 17, 3 }, { 25, 3 }, { 33, 4 }, { 49, 4 }, { 65, 5 }, { 97, 5 }, { 129, 6 },
	{ 193, 6 }, { 257, 7 }, { 385, 7 }, { 513, 8 }, { 769, 8 }, { 1025, 9 },
	{ 1537, 9 }, { 2049, 10 }, { 3073, 10 }, { 4097, 11 }, { 6145, 11 },
	{ 8193, 12 }, { 12289, 12 }, { 16385, 13 }, { 24577, 13 },
};

/* The entry of a symbol, of which 'bits' bits of the code are left to take. */
typedef uint32_t entry_of(unsigned int symbol, unsigned int bits);

static always_inline uint32_t entry(unsigned int value, unsigned int bits, unsigned int extra)
{
	return value << 16 | bits << 8 | (bits + extra);
}

static always_inline uint32_t lit_entry(unsigned int symbol, unsigned int bits)
{
	unsigned int i = symbol - INFLATE_END_OF_BLOCK - 1;

	if (symbol < INFLATE_END_OF_BLOCK)
		return ENTRY_LITERAL | entry(symbol, bits, 0);
	if (symbol == INFLATE_END_OF_BLOCK)
		return ENTRY_SPECIAL | ENTRY_END | entry(0, bits, 0);
	if (i >= LENGTHS)
		return ENTRY_SPECIAL | entry(0, bits, 0);
	return entry(lengths_of[i].least, bits, lengths_of[i].extra);
}

static always_inline uint32_t dist_entry(unsigned int symbol, unsigned int bits)
{
	if (symbol >= DISTANCES)
		return ENTRY_SPECIAL | entry(0, bits, 0);
	return entry(distances_of[symbol].least, bits, distances_of[symbol].extra);
}

static always_inline uint32_t code_entry(unsigned int symbol, unsigned int bits)
{
	return entry(symbol, bits, 0);
}

struct code {
	unsigned int count[BITS_MAX + 1];	/* symbols by the bits of their code */
	unsigned int max;			/* bits of the longest code; 0: there is none */
	const uint16_t *symbol;			/* in the order of the codes */
	uint16_t sorted[INFLATE_LIT_SYMBOLS];	/* first those without a code */
};

static void sort_symbols(struct code *c, const uint8_t *lengths, unsigned int n)
{
	unsigned int first[BITS_MAX + 2] = { 0 };

	memset(c->count, 0, sizeof(c->count));
	for (unsigned int i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->max = 0;
	for (unsigned int i = 0; i <= BITS_MAX; i++) {
		first[i + 1] = first[i] + c->count[i];
		if (i && c->count[i])
			c->max = i;
	}
	c->symbol = c->sorted + first[1];
	for (unsigned int i = 0; i < n; i++)
		c->sorted[first[lengths[i]]++] = (uint16_t)i;
}

/* Whether each sequence of bits has one meaning.  A single code of one bit is
 * permitted where 'single' says so. */
static bool is_complete(const struct code *c, bool single)
{
	int left = 1;

	for (unsigned int i = 1; i <= BITS_MAX; i++) {
		left = left * 2 - (int)c->count[i];
		if (left < 0)
			return false;
	}
	return left == 0 || (single && c->max == 1);
}

/* The index bits of a table for codes of 'bits' bits and more, whose first 'skip' bits
 * are the same: as many as its codes fill. */
static unsigned int link_bits(const struct code *c, unsigned int bits, unsigned int skip)
{
	unsigned int index = bits - skip;
	int left = 1 << index;

	while (index + skip < c->max) {
		left -= (int)c->count[index + skip];
		if (left <= 0)
			break;
		index++;
		left *= 2;
	}
	return index;
}

/* The code after 'code', whose first bit is the lowest (section 3.1.1); 0 after the
 * last. */
static always_inline unsigned int next_code(unsigned int code, unsigned int bits)
{
	unsigned int zeros = ~code & ((1u << bits) - 1), bit;

	if (!zeros)
		return 0;
	bit = 1u << (31 - __builtin_clz(zeros));
	return (code & (bit - 1)) | bit;
}

/* Fills the tables of codes that are longer than the index; 'code' is the first. */
static always_inline void fill_links(uint32_t *table, unsigned int index, struct code *c,
				     const uint16_t *symbol, unsigned int code,
				     entry_of *of)
{
	unsigned int used = 1u << index, mask = used - 1, link = ~0u, more = 0;
	uint32_t *linked = NULL;

	for (unsigned int bits = index + 1; bits <= c->max; bits++)
		for (; c->count[bits]; c->count[bits]--) {
			if ((code & mask) != link) {
				link = code & mask;
				more = link_bits(c, bits, index);
				linked = table + used;
				table[link] = ENTRY_SPECIAL | ENTRY_LINK | used << 16 |
					      more << 8 | index;
				used += 1u << more;
			}
			for (unsigned int i = code >> index; i < 1u << more;
			     i += 1u << (bits - index))
				linked[i] = of(*symbol, bits - index);
			symbol++;
			code = next_code(code, bits);
		}
}

/* Fills the table, whose index has 'index' bits.  All that no code begins is 'none'. */
static always_inline void fill_table(uint32_t *table, unsigned int index, struct code *c,
				     uint32_t none, entry_of *of)
{
	const uint16_t *symbol = c->symbol;
	unsigned int code = 0;

	table[0] = none;
	for (unsigned int bits = 1; bits <= index; bits++) {
		/* What shorter codes begin does not depend on another bit. */
		memcpy(table + (1u << (bits - 1)), table,
		       sizeof(*table) << (bits - 1));
		for (unsigned int i = 0; i < c->count[bits]; i++) {
			table[code] = of(*symbol++, bits);
			code = next_code(code, bits);
		}
	}
	fill_links(table, index, c, symbol, code, of);
}

const char *inflate_build_lit(struct inflate_tables *t, const uint8_t *lengths,
			      unsigned int n)
{
	struct code c;

	sort_symbols(&c, lengths, n);
	if (!is_complete(&c, true))
		return "invalid literal/lengths set";
	fill_table(t->lit, INFLATE_LIT_BITS, &c, ENTRY_SPECIAL | entry(0, 1, 0), lit_entry);
	return NULL;
}

const char *inflate_build_dist(struct inflate_tables *t, const uint8_t *lengths,
			       unsigned int n)
{
	struct code c;

	sort_symbols(&c, lengths, n);
	/* A block of literals alone needs no code. */
	if (c.max && !is_complete(&c, true))
		return "invalid distances set";
	fill_table(t->dist, INFLATE_DIST_BITS, &c, ENTRY_SPECIAL | entry(0, 1, 0), dist_entry);
	return NULL;
}

const char *inflate_build_code(struct inflate_tables *t, const uint8_t *lengths)
{
	struct code c;

	sort_symbols(&c, lengths, INFLATE_CODE_SYMBOLS);
	/* zlib takes no code at all as one of one bit that means 0. */
	if (c.max && !is_complete(&c, false))
		return "invalid code lengths set";
	fill_table(t->code, INFLATE_CODE_BITS, &c, entry(0, 1, 0), code_entry);
	return NULL;
}

void inflate_build_fixed(struct inflate_tables *t)
{
	uint8_t lengths[INFLATE_LIT_SYMBOLS];

	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	inflate_build_lit(t, lengths, INFLATE_LIT_SYMBOLS);
	memset(lengths, 5, INFLATE_DIST_SYMBOLS);
	inflate_build_dist(t, lengths, INFLATE_DIST_SYMBOLS);
}
