/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * index.h - from a packet to its entry's number; what every packet asks for is
 * here, so that it costs no call, the rest is index.c's.
 *
 * The hash chooses a line of the cache, which has room for twelve entries: a
 * tag of seven bits of the hash, and the number, of each.  All tags are
 * compared at once, so that hardly ever an entry is looked at in vain.  Where
 * a line is full the next takes what comes, and 'passed' counts these, so that
 * a search goes on only where it must; nothing is ever moved or marked when an
 * entry leaves.  (Facebook's F14 and Google's Swiss tables have the ideas.)
 */
#ifndef CONNTRACK_INDEX_H
#define CONNTRACK_INDEX_H 1

#include <endian.h>
#if defined(__SSE2__) && !defined(CTREPLAY_PORTABLE)
#include <emmintrin.h>
#define INDEX_SSE2
#endif

#include "conntrack/internal.h"

#define CELLS		12u
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
 * one too, which is no harm: whoever asks compares tuples.  A free cell never is
 * taken for an entry's, nor the other way round, since the highest bits differ.
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
	return (uint32_t)(low * gather >> 56 | high * gather >> 56 << 8) &
	       ((1u << CELLS) - 1);
#endif
}

/*
 * One direction of a flow: its ends, its tail, and the other's tail.  A tail is
 * family, protocol and the l4 member in one word, as they lie in a tuple.
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

#define PACKET_TAIL	offsetof(struct ct_packet, priv.l4)

/* 'tail' with another l4 member. */
static inline uint64_t tail_with(uint64_t tail, uint32_t l4)
{
	return (tail & ~((uint64_t)UINT32_MAX << TAIL_L4)) | (uint64_t)l4 << TAIL_L4;
}

static inline uint64_t packet_tail(const struct ct_packet *pkt)
{
	uint64_t w;

	_Static_assert(PACKET_TAIL + 4 == offsetof(struct ct_packet, l3num) &&
		       PACKET_TAIL + 5 == offsetof(struct ct_packet, protonum),
		       "as in a tuple, but for what the mask takes away");
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

/* 0 where the ends of 't' are these.  Of IPv4's, the rest is zero. */
static inline uint64_t other_ends(const struct ct_tuple *t,
				  const union ct_addr *src,
				  const union ct_addr *dst, bool ipv4)
{
	if (ipv4)
		return (t->src.w[0] ^ src->w[0]) | (t->dst.w[0] ^ dst->w[0]);
	return (t->src.d[0] ^ src->d[0]) | (t->src.d[1] ^ src->d[1]) |
	       (t->dst.d[0] ^ dst->d[0]) | (t->dst.d[1] ^ dst->d[1]);
}

/* Whether 'e' is of the flow, and in which direction. */
static always_inline bool index_matches(const struct ct_entry *e,
					const struct wanted *w, bool ipv4,
					enum ct_dir *dir)
{
	const struct ct_tuple *t = &e->tuple;
	uint64_t tail = tuple_tail(t);
	/* Both ways, so that no branch depends on the direction, which cannot be
	 * foreseen. */
	uint64_t other = (tail ^ w->tail) | other_ends(t, w->src, w->dst, ipv4);
	uint32_t reply = opaque(((tail ^ w->inverse) |
				other_ends(t, w->dst, w->src, ipv4)) == 0);

	_Static_assert(CT_DIR_ORIGINAL == 0 && CT_DIR_REPLY == 1,
		       "a condition is a direction");
	*dir = (enum ct_dir)reply;
	return likely((other & ((uint64_t)reply - 1)) == 0);
}

/* The entry is 'entry', too, if one is found. */
static always_inline uint32_t
index_find_in(const struct ct *ct, const struct index_line *line,
	      const struct wanted *w, bool ipv4, uint32_t hash,
	      struct ct_entry **entry, enum ct_dir *dir)
{
	uint32_t cells = cells_with(line, tag_of(hash));

	for (; cells; cells &= cells - 1) {
		uint32_t number = line->number[__builtin_ctz(cells)];
		struct ct_entry *e = table_entry(ct, number);

		if (index_matches(e, w, ipv4, dir)) {
			*entry = e;
			return number;
		}
	}
	return ENTRY_NONE;
}

static inline const struct index_line *index_line_of(const struct ct *ct,
						     uint32_t hash)
{
	return &ct->index.line[hash & ct->index.mask];
}

static inline struct wanted packet_wanted(const struct ct_packet *pkt)
{
	uint64_t tail = packet_tail(pkt);

	return (struct wanted){
		&pkt->src, &pkt->dst, tail,
		tail_with(tail, pkt->priv.l4 << 16 | pkt->priv.l4 >> 16),
	};
}

/* Where the line was full once; index.c. */
uint32_t index_find_ports_on(const struct ct *ct, const struct ct_packet *pkt,
			     struct ct_entry **entry, enum ct_dir *dir);

/* index_find() for a packet with CT_PREPARED_FLOW, but not ICMP's. */
static always_inline uint32_t index_find_ports(const struct ct *ct,
					       const struct ct_packet *pkt,
					       struct ct_entry **entry,
					       enum ct_dir *dir)
{
	const struct index_line *line = index_line_of(ct, pkt->priv.hash);
	const struct wanted w = packet_wanted(pkt);
	uint32_t number = pkt->l3num == CT_L3_IPV4 ?
		index_find_in(ct, line, &w, true, pkt->priv.hash, entry, dir) :
		index_find_in(ct, line, &w, false, pkt->priv.hash, entry, dir);

	if (likely(number != ENTRY_NONE || !line->passed))
		return number;
	return index_find_ports_on(ct, pkt, entry, dir);
}

#endif
