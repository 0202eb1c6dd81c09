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
#include "conntrack/tcp.h"

#include <endian.h>
#include <stdlib.h>
#if defined(__SSE2__) && !defined(CTREPLAY_PORTABLE)
#include <emmintrin.h>
#define INDEX_SSE2
#endif

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
 * Cells of 'line' that may have 'tag', a bit for each.  Without instructions for
 * it, bytes are compared eight at a time: those that match become zero, and
 * zeros borrow from the bit above.  A byte after a true match may be taken for
 * one too, which is no harm: whoever asks compares tuples.  A free cell never
 * is, since its highest bit differs.
 */
static inline uint32_t cells_with(const struct index_line *line, uint8_t tag)
{
#ifdef INDEX_SSE2
	__m128i tags = _mm_load_si128((const void *)line);
	__m128i same = _mm_cmpeq_epi8(tags, _mm_set1_epi8((char)tag));

	return (uint32_t)_mm_movemask_epi8(same) & ((1u << CELLS) - 1);
#else
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	/* Brings the highest bits of eight bytes together. */
	const uint64_t gather = 0x0002040810204081u;
	uint64_t low, high;
	uint32_t w;

	memcpy(&low, line->tag, sizeof(low));
	memcpy(&w, line->tag + sizeof(low), sizeof(w));
	low = le64toh(low) ^ ones * tag;
	high = (uint64_t)le32toh(w) ^ ones * tag;
	low = (low - ones) & ~low & tops;
	high = (high - ones) & ~high & tops;
	return (uint32_t)(low * gather >> 56 | high * gather >> 56 << 8);
#endif
}

/* Family, protocol and the l4 member in one word, as they lie in a tuple. */
static inline uint64_t tail(uint32_t l4, uint8_t l3num, uint8_t protonum)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint64_t)protonum << 40 | (uint64_t)l3num << 32 | l4;
#else
	return (uint64_t)l4 << 32 | (uint64_t)l3num << 24 |
	       (uint64_t)protonum << 16;
#endif
}

static inline bool same(const struct ct_tuple *t, const union ct_addr *src,
			const union ct_addr *dst, uint64_t w)
{
	uint64_t tw;

	_Static_assert(sizeof(*t) == offsetof(struct ct_tuple, l4) + sizeof(tw),
		       "the tail of a tuple is one word");
	memcpy(&tw, &t->l4, sizeof(tw));
	return ((t->src.d[0] ^ src->d[0]) | (t->src.d[1] ^ src->d[1]) |
		(t->dst.d[0] ^ dst->d[0]) | (t->dst.d[1] ^ dst->d[1]) |
		(tw ^ w)) == 0;
}

/* One direction of a flow: its ends, its tail, and the other's tail. */
struct wanted {
	const union ct_addr *src, *dst;
	uint64_t tail, inverse;
};

static inline uint32_t find(const struct ct *ct, const struct wanted *w,
			    uint32_t hash, enum ct_dir *dir)
{
	const struct index *index = &ct->index;

	for (uint32_t i = 0; i <= index->mask; i++) {
		const struct index_line *line =
			&index->line[(hash + i) & index->mask];
		uint32_t cells = cells_with(line, tag_of(hash));

		for (; cells; cells &= cells - 1) {
			uint32_t number = line->number[__builtin_ctz(cells)];
			const struct ct_tuple *t = &table_entry(ct, number)->tuple;

			if (same(t, w->dst, w->src, w->inverse)) {
				*dir = CT_DIR_REPLY;
				return number;
			}
			if (likely(same(t, w->src, w->dst, w->tail))) {
				*dir = CT_DIR_ORIGINAL;
				return number;
			}
		}
		if (likely(!line->passed))
			break;
	}
	return ENTRY_NONE;
}

uint32_t index_find(const struct ct *ct, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, enum ct_dir *dir)
{
	const struct wanted w = {
		&tuple->src, &tuple->dst,
		tail(tuple->l4, tuple->l3num, tuple->protonum),
		tail(inverse_l4, tuple->l3num, tuple->protonum),
	};

	return find(ct, &w, hash, dir);
}

uint32_t index_find_ports(const struct ct *ct, const struct ct_packet *pkt,
			  enum ct_dir *dir)
{
	uint32_t inverse_l4 = pkt->l4 << 16 | pkt->l4 >> 16;
	const struct wanted w = {
		&pkt->src, &pkt->dst,
		tail(pkt->l4, pkt->l3num, pkt->protonum),
		tail(inverse_l4, pkt->l3num, pkt->protonum),
	};

	return find(ct, &w, pkt->hash, dir);
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

void index_fetch(const struct ct *ct, uint32_t hash)
{
	fetch(&ct->index.line[hash & ct->index.mask]);
}

void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt)
{
	if (!(pkt->prepared & CT_PREPARED_FLOW))
		return;
	/* A segment that was read by ct_prepare() is looked at only for the
	 * options of a SYN. */
	if (!(pkt->prepared & CT_PREPARED_SEGMENT) ||
	    (pkt->segment.flags & TCP_SYN))
		fetch(pkt->data + pkt->l4off);
	index_fetch(ct, pkt->hash);
}

void ct_prefetch_entry(const struct ct *ct, const struct ct_packet *pkt)
{
	const struct index_line *line;
	const char *entry;
	uint32_t cells;

	if (!(pkt->prepared & CT_PREPARED_FLOW))
		return;
	line = &ct->index.line[pkt->hash & ct->index.mask];
	cells = cells_with(line, tag_of(pkt->hash));
	if (!cells)
		return;
	entry = (const char *)table_entry(ct, line->number[__builtin_ctz(cells)]);
	fetch(entry);
	fetch(entry + CACHE_LINE);
}
