/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * index.c - from a tuple to its entry's number, with one look at memory.
 *
 * The hash chooses a line of the cache, which has room for twelve entries: a
 * tag of seven bits of the hash, and the number, of each.  All tags are
 * compared at once, so that hardly ever an entry is looked at in vain.  Where
 * a line is full the next takes what comes, and 'passed' counts these, so that
 * a search goes on only where it must; nothing is ever moved or marked when an
 * entry leaves.  (Facebook's F14 and Google's Swiss tables have the ideas.)
 */
#include "conntrack/internal.h"

#include <endian.h>
#include <stdlib.h>

#define CELLS		12u
#define LINES_MIN	64u

/* Twice the lines when there are this many entries for each. */
#define CROWDED		9u

#define TAG_USED	0x80u

struct index_line {
	uint8_t  tag[CELLS];	/* 0: free */
	uint32_t passed;	/* entries that found the line full */
	uint32_t number[CELLS];
};

_Static_assert(sizeof(struct index_line) == CACHE_LINE, "a line is a line");

static inline uint8_t tag_of(uint32_t hash)
{
	return (uint8_t)(hash >> 25 | TAG_USED);
}

/*
 * Cells of 'line' that may have 'tag': the highest bit of each such cell's
 * byte, the cells from 8 on in '*high'.  The lowest bit set is always right,
 * others seldom are not, which is no harm: whoever asks compares tuples.  Free
 * cells are never among them.
 */
static inline uint64_t cells_with(const struct index_line *line, uint8_t tag,
				  uint64_t *high)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	uint64_t low, x;
	uint32_t w;

	memcpy(&low, line->tag, sizeof(low));
	memcpy(&w, line->tag + sizeof(low), sizeof(w));
	x = (uint64_t)le32toh(w) ^ ones * tag;
	*high = (x - ones) & ~x & tops;
	x = le64toh(low) ^ ones * tag;
	return (x - ones) & ~x & tops;
}

/* The cell of the lowest bit. */
static inline uint32_t first_cell(uint64_t bits)
{
	return (uint32_t)__builtin_ctzll(bits) / 8;
}

/* Family, protocol and the l4 member of a tuple in one word. */
static inline uint64_t tail(const struct ct_tuple *t)
{
	uint64_t w;

	_Static_assert(sizeof(*t) == offsetof(struct ct_tuple, l4) + sizeof(w),
		       "the tail of a tuple is one word");
	memcpy(&w, &t->l4, sizeof(w));
	return w;
}

static inline bool same(const struct ct_tuple *t, const union ct_addr *src,
			const union ct_addr *dst, uint64_t w)
{
	return ((t->src.d[0] ^ src->d[0]) | (t->src.d[1] ^ src->d[1]) |
		(t->dst.d[0] ^ dst->d[0]) | (t->dst.d[1] ^ dst->d[1]) |
		(tail(t) ^ w)) == 0;
}

/* What is looked for: a tuple, and its tail when it is inverted. */
struct wanted {
	const struct ct_tuple *tuple;
	uint64_t tail, inverse_tail;
};

/* The entry among the cells of 'bits', of which the first is 'first'. */
static inline uint32_t look_at(const struct ct *ct,
			       const struct index_line *line, uint64_t bits,
			       uint32_t first, const struct wanted *w,
			       enum ct_dir *dir)
{
	for (; bits; bits &= bits - 1) {
		uint32_t number = line->number[first + first_cell(bits)];
		const struct ct_tuple *t = &table_entry(ct, number)->tuple;

		if (same(t, &w->tuple->dst, &w->tuple->src, w->inverse_tail)) {
			*dir = CT_DIR_REPLY;
			return number;
		}
		if (same(t, &w->tuple->src, &w->tuple->dst, w->tail)) {
			*dir = CT_DIR_ORIGINAL;
			return number;
		}
	}
	return ENTRY_NONE;
}

uint32_t index_find(const struct ct *ct, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, enum ct_dir *dir)
{
	const struct index *index = &ct->index;
	struct ct_tuple inverse = { .l4 = inverse_l4, .l3num = tuple->l3num,
				    .protonum = tuple->protonum };
	const struct wanted w = { tuple, tail(tuple), tail(&inverse) };
	uint8_t tag = tag_of(hash);

	for (uint32_t i = 0; i <= index->mask; i++) {
		const struct index_line *line =
			&index->line[(hash + i) & index->mask];
		uint64_t high, low = cells_with(line, tag, &high);
		uint32_t number = look_at(ct, line, low, 0, &w, dir);

		if (number == ENTRY_NONE && high)
			number = look_at(ct, line, high, 8, &w, dir);
		if (number != ENTRY_NONE || likely(!line->passed))
			return number;
	}
	return ENTRY_NONE;
}

static bool lines_make(struct index *index, uint32_t n)
{
	index->line = memory_get(n * sizeof(struct index_line));
	if (!index->line)
		return false;
	memset(index->line, 0, n * sizeof(struct index_line));
	index->mask = n - 1;
	return true;
}

bool index_init(struct ct *ct)
{
	return lines_make(&ct->index, LINES_MIN);
}

void index_free(struct ct *ct)
{
	free(ct->index.line);
}

/* There must be room. */
static void put(struct index *index, uint32_t number, uint32_t hash)
{
	struct index_line *line = &index->line[hash & index->mask];
	uint32_t cell = 0;

	for (;;) {
		for (cell = 0; cell < CELLS; cell++)
			if (!line->tag[cell])
				break;
		if (likely(cell < CELLS))
			break;
		line->passed++;
		if (++line > index->line + index->mask)
			line = index->line;
	}
	line->tag[cell] = tag_of(hash);
	line->number[cell] = number;
}

static bool grow(struct ct *ct)
{
	struct index new;

	if (ct->index.mask >= UINT32_MAX / 2 ||
	    !lines_make(&new, (ct->index.mask + 1) * 2))
		return false;
	/* In the order in which entries lie in memory. */
	for (uint32_t i = ENTRY_NONE + 1; i < ct->made; i++) {
		const struct entry_rest *rest = entry_rest(ct, i);

		if (rest->indexed)
			put(&new, i, rest->hash);
	}
	free(ct->index.line);
	ct->index = new;
	return true;
}

bool index_reserve(struct ct *ct)
{
	uint64_t lines = (uint64_t)ct->index.mask + 1;

	/* Without memory for more the lines fill up, which costs time only
	 * until there is no free cell. */
	return likely(ct->count < lines * CROWDED) || grow(ct) ||
	       ct->count < lines * CELLS;
}

void index_insert(struct ct *ct, uint32_t number)
{
	struct entry_rest *rest = entry_rest(ct, number);

	put(&ct->index, number, rest->hash);
	rest->indexed = true;
	ct->count++;
}

void index_remove(struct ct *ct, uint32_t number)
{
	struct entry_rest *rest = entry_rest(ct, number);
	struct index *index = &ct->index;
	struct index_line *line = &index->line[rest->hash & index->mask];
	uint32_t cell;

	for (;;) {
		for (cell = 0; cell < CELLS; cell++)
			if (line->tag[cell] && line->number[cell] == number)
				break;
		if (likely(cell < CELLS))
			break;
		line->passed--;
		if (++line > index->line + index->mask)
			line = index->line;
	}
	line->tag[cell] = 0;
	rest->indexed = false;
	ct->count--;
}

/* gcc takes a function that does no more than this for one without effect, and
 * drops it; so there is an assembler instruction too, of no bytes. */
static inline void fetch(const void *p)
{
	__builtin_prefetch(p);
	__asm__ volatile("");
}

void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt)
{
	if (!(pkt->prepared & CT_PREPARED_FLOW))
		return;
	fetch(pkt->data + pkt->l4off);
	fetch(&ct->index.line[pkt->hash & ct->index.mask]);
}

static inline void fetch_entry(const struct ct *ct, uint32_t number)
{
	const char *entry = (const char *)table_entry(ct, number);

	fetch(entry);
	fetch(entry + CACHE_LINE);
}

void ct_prefetch_entry(const struct ct *ct, const struct ct_packet *pkt)
{
	const struct index_line *line;
	uint64_t low, high;

	if (!(pkt->prepared & CT_PREPARED_FLOW))
		return;
	line = &ct->index.line[pkt->hash & ct->index.mask];
	low = cells_with(line, tag_of(pkt->hash), &high);
	if (low)
		fetch_entry(ct, line->number[first_cell(low)]);
	else if (high)
		fetch_entry(ct, line->number[8 + first_cell(high)]);
}
