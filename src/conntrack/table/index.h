/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * index.h - the hash table of connections: from a packet to its entry's number.
 * The lookup that every packet makes is inline here, the rest is in index.c.
 *
 * The hash chooses a cache line with twelve cells.  A cell is a tag, seven bits
 * of the hash, and the number of an entry.  All tags of a line are compared at
 * once, so the lookup hardly ever reads an entry that is not the right one.  If
 * a line is full, an entry goes to the next one, and 'passed' counts it in the
 * line that it passed, so that a lookup continues only where it must.  A
 * removed entry leaves no mark, and no other entry moves.  (The ideas are those
 * of Facebook's F14 and Google's Swiss tables.)
 */
#ifndef CONNTRACK_TABLE_INDEX_H
#define CONNTRACK_TABLE_INDEX_H 1

#include <endian.h>
#include <string.h>
#if defined(__SSE2__) && !defined(CTREPLAY_PORTABLE)
#include <emmintrin.h>
#define INDEX_SSE2
#endif

#include "conntrack/table/table.h"

#define CELLS		12u
#define TAG_USED	0x80u

struct index_line {
	uint8_t  tag[CELLS];	/* 0: the cell is free */
	uint32_t passed;	/* entries that are in a later line, because this
				 * one was full */
	uint32_t number[CELLS];
};

_Static_assert(sizeof(struct index_line) == CACHE_LINE,
	       "a line of the index is one of the cache");

static inline uint8_t tag_of(uint32_t hash)
{
	return (uint8_t)(hash >> 25 | TAG_USED);
}

/*
 * Cells of 'line' that may have 'tag', a bit for each.  Without SIMD, eight
 * bytes are compared at a time: those that match become zero, and zeros borrow
 * from the bit above.  The byte after a match may be reported too, which does
 * no harm, since callers compare tuples or numbers.  A free cell is never taken
 * for a used one, nor a used one for a free one, since their highest bits
 * differ.
 */
static inline uint32_t cells_with(const struct index_line *line, uint8_t tag)
{
#ifdef INDEX_SSE2
	__m128i tags = _mm_load_si128((const void *)line);
	__m128i same = _mm_cmpeq_epi8(tags, _mm_set1_epi8((char)tag));

	return (uint32_t)_mm_movemask_epi8(same) & ((1u << CELLS) - 1);
#else
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	/* Moves the highest bits of eight bytes into one byte. */
	const uint64_t gather = 0x0002040810204081u;
	uint64_t low, high;
	uint32_t w;

	memcpy(&low, line->tag, sizeof(low));
	memcpy(&w, line->tag + sizeof(low), sizeof(w));
	low = le64toh(low) ^ ones * tag;
	high = (uint64_t)le32toh(w) ^ ones * tag;
	low = (low - ones) & ~low & tops;
	high = (high - ones) & ~high & tops;
	return (uint32_t)(low * gather >> 56 | high * gather >> 56 << 8) &
	       ((1u << CELLS) - 1);
#endif
}

/*
 * What a lookup is for, one direction of a flow: its ends, its tail and the
 * tail of the other direction.  A tail is the l4 member, family and protocol of
 * a tuple as one word.
 */
struct wanted {
	const union ct_addr *src, *dst;
	uint64_t tail, inverse;
};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TAIL_L4		0
#define TAIL_MASK	0x0000ffffffffffffu
#else
#define TAIL_L4		32
#define TAIL_MASK	0xffffffffffff0000u
#endif

/* 'tail' with another l4 member. */
static inline uint64_t tail_with(uint64_t tail, uint32_t l4)
{
	return (tail & ~((uint64_t)UINT32_MAX << TAIL_L4)) | (uint64_t)l4 << TAIL_L4;
}

#define PACKET_TAIL	offsetof(struct ct_packet, priv.l4)

static inline uint64_t packet_tail(const struct ct_packet *pkt)
{
	uint64_t w;

	_Static_assert(PACKET_TAIL + 4 == offsetof(struct ct_packet, l3num) &&
		       PACKET_TAIL + 5 == offsetof(struct ct_packet, protonum),
		       "as in a tuple, apart from what the mask clears");
	memcpy(&w, (const char *)pkt + PACKET_TAIL, sizeof(w));
	return w & TAIL_MASK;
}

static inline uint64_t tuple_tail(const struct ct_tuple *t)
{
	uint64_t w;

	_Static_assert(sizeof(*t) == offsetof(struct ct_tuple, l4) + sizeof(w),
		       "the tail of a tuple is one word");
	memcpy(&w, &t->l4, sizeof(w));
	return w;
}

static inline uint64_t entry_tail(const struct ct_entry *e)
{
	uint64_t w;

	memcpy(&w, &e->l4, sizeof(w));
	return w;
}

/* 0 where the ends of 'e', an entry of this family, are these.  Without effect on
 * the result where its tail says that it is of the other family. */
static inline uint64_t other_ends(const struct ct_entry *e,
				  const union ct_addr *src,
				  const union ct_addr *dst, bool ipv4)
{
	if (ipv4)
		return (e->ends.v4.src ^ src->w[0]) | (e->ends.v4.dst ^ dst->w[0]);
	return (e->ends.v6.src.d[0] ^ src->d[0]) | (e->ends.v6.src.d[1] ^ src->d[1]) |
	       (e->ends.v6.dst.d[0] ^ dst->d[0]) | (e->ends.v6.dst.d[1] ^ dst->d[1]);
}

/* Whether 'e' is the connection of the flow, and which direction of it. */
static always_inline bool index_matches(const struct ct_entry *e,
					const struct wanted *w, bool ipv4,
					enum ct_dir *dir)
{
	uint64_t tail = entry_tail(e);
	/* Both directions are compared, so that no branch depends on the
	 * direction, which cannot be predicted. */
	uint64_t other = (tail ^ w->tail) | other_ends(e, w->src, w->dst, ipv4);
	uint32_t reply = opaque(((tail ^ w->inverse) |
				other_ends(e, w->dst, w->src, ipv4)) == 0);

	_Static_assert(CT_DIR_ORIGINAL == 0 && CT_DIR_REPLY == 1,
		       "0 or 1 is a direction");
	*dir = (enum ct_dir)reply;
	return likely((other & ((uint64_t)reply - 1)) == 0);
}

/* The number of the connection, and '*entry' and '*dir', or ENTRY_NONE. */
static always_inline uint32_t
index_find_in(const struct table *t, const struct index_line *line,
	      const struct wanted *w, bool ipv4, uint32_t hash,
	      struct ct_entry **entry, enum ct_dir *dir)
{
	uint32_t cells = cells_with(line, tag_of(hash));

	for (; cells; cells &= cells - 1) {
		uint32_t number = line->number[__builtin_ctz(cells)];
		struct ct_entry *e = table_entry(t, number);

		if (index_matches(e, w, ipv4, dir)) {
			*entry = e;
			return number;
		}
	}
	return ENTRY_NONE;
}

static inline const struct index_line *index_line_of(const struct table *t,
						     uint32_t hash)
{
	return &t->index.line[hash & t->index.mask];
}

static inline struct wanted packet_wanted(const struct ct_packet *pkt)
{
	uint64_t tail = packet_tail(pkt);

	return (struct wanted){
		&pkt->src, &pkt->dst, tail,
		tail_with(tail, pkt->priv.l4 << 16 | pkt->priv.l4 >> 16),
	};
}

/* Continues in the next line. */
uint32_t index_find_ports_on(const struct table *t, const struct ct_packet *pkt,
			     struct ct_entry **entry, enum ct_dir *dir);

bool index_init(struct table *t);
void index_free(struct table *t);
/* Memory for one more entry; false: there is none. */
bool index_reserve(struct table *t);
/* By the 'hash' of its entry_rest. */
void index_insert(struct table *t, uint32_t number);
void index_remove(struct table *t, uint32_t number);
/*
 * The entry of which 'tuple' is one direction, and that direction, into
 * '*entry' and '*dir'; ENTRY_NONE: there is none.  'inverse_l4' is the l4
 * member of the inverted tuple, 'hash' the hash of both.  A connection from an
 * address and port to itself has one tuple for both directions: it is found as
 * the reply, as in the kernel, which inserts the hash node of the reply last.
 */
uint32_t index_find(const struct table *t, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, struct ct_entry **entry,
		    enum ct_dir *dir);
/* index_find() where connections may be in zones: 'zone' is that of the packet as
 * the original and as the reply; index_zone.c. */
uint32_t index_find_zone(const struct table *t, const struct ct_tuple *tuple,
			 uint32_t inverse_l4, uint32_t hash,
			 const uint16_t zone[2], struct ct_entry **entry,
			 enum ct_dir *dir);
/* Prefetches the line in which the lookup of 'hash' begins. */
static inline void index_fetch(const struct table *t, uint32_t hash)
{
	fetch(index_line_of(t, hash));
}

/* index_find() for a packet with CT_PREPARED_FLOW that is not ICMP. */
static always_inline uint32_t index_find_ports(const struct table *t,
					       const struct ct_packet *pkt,
					       struct ct_entry **entry,
					       enum ct_dir *dir)
{
	const struct index_line *line = index_line_of(t, pkt->priv.hash);
	const struct wanted w = packet_wanted(pkt);
	uint32_t number = pkt->l3num == CT_L3_IPV4 ?
		index_find_in(t, line, &w, true, pkt->priv.hash, entry, dir) :
		index_find_in(t, line, &w, false, pkt->priv.hash, entry, dir);

	if (likely(number != ENTRY_NONE || !line->passed))
		return number;
	return index_find_ports_on(t, pkt, entry, dir);
}

#endif
