/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inflate_fast.h - the symbols of a block, while there is input and room for any of
 * them: inflate.c compiles it for more than one kind of processor.
 */
#ifndef CAPTURE_INFLATE_FAST_H
#define CAPTURE_INFLATE_FAST_H 1

#include <string.h>

#include "base/compiler.h"
#include "base/little.h"
#include "capture/inflate.h"

/* zlib's words. */
#define INFLATE_BAD_LENGTH	"invalid literal/length code"
#define INFLATE_BAD_DISTANCE	"invalid distance code"
#define INFLATE_TOO_FAR		"invalid distance too far back"

/* What a round may read ahead, and put out. */
#define FAST_IN		32u
#define FAST_OUT	(INFLATE_MATCH + 3)

enum fast_result {
	FAST_SHORT,	/* too little input or room for another round */
	FAST_END,	/* of the block */
	FAST_FAILED,
};

/* The bits at hand. */
struct fast {
	uint64_t bits;
	unsigned int nbits;
	const uint8_t *in;
};

/* Makes at least 56 bits. */
static always_inline void fast_refill(struct fast *f)
{
	f->bits |= load_le64(f->in) << f->nbits;
	f->in += (63 - f->nbits) >> 3;
	f->nbits |= 56;
}

static always_inline void fast_take(struct fast *f, uint32_t entry)
{
	f->bits >>= (uint8_t)entry;
	f->nbits -= (uint8_t)entry;
}

static always_inline uint32_t fast_low(uint64_t bits, unsigned int n)
{
	return (uint32_t)(bits & ((1ull << n) - 1));
}

/* The value of an entry, with the extra bits behind its code; 'bits' are those before
 * the entry was taken. */
static always_inline uint32_t fast_value(uint32_t entry, uint64_t bits)
{
	return entry_value(entry) +
	       (fast_low(bits, (uint8_t)entry) >> entry_code_bits(entry));
}

static always_inline uint32_t fast_link(const uint32_t *table, uint32_t entry,
					const struct fast *f)
{
	return table[entry_value(entry) + fast_low(f->bits, entry_code_bits(entry))];
}

static always_inline void fast_copy8(uint8_t *to, const uint8_t *from)
{
	memcpy(to, from, 8);
}

static always_inline void fast_copy16(uint8_t *to, const uint8_t *from)
{
	uint8_t t[16];

	memcpy(t, from, 16);
	memcpy(to, t, 16);
}

/* Copies a match; may write up to 31 bytes behind it. */
static always_inline uint8_t *fast_match(uint8_t *out, uint32_t distance, uint32_t length)
{
	const uint8_t *from = out - distance;
	uint8_t *end = out + length;
	/* What is copied may be what was just put out: a step is no longer. */
	uint32_t step = distance < 8 ? distance : 8;

	if (likely(distance >= 16)) {
		/* Most are no longer. */
		fast_copy16(out, from);
		fast_copy16(out + 16, from + 16);
		while (unlikely((out += 32) < end)) {
			from += 32;
			fast_copy16(out, from);
			fast_copy16(out + 16, from + 16);
		}
	} else if (distance == 1) {
		for (; out < end; out += 16)
			memset(out, *from, 16);
	} else {
		for (; out < end; out += step, from += step)
			fast_copy8(out, from);
	}
	return end;
}

/*
 * The round of a length, whose entry was taken from 'before': its distance, the
 * match, and the entry of the next symbol.  False: 's->error' says why.
 */
static always_inline bool fast_length(struct inflate *s, const struct inflate_io *io,
				      struct fast *f, uint8_t **out, uint32_t *entry,
				      uint64_t before)
{
	uint32_t length = fast_value(*entry, before), distance, e;

	fast_refill(f);
	e = s->tables.dist[fast_low(f->bits, INFLATE_DIST_BITS)];
	if (unlikely(e & ENTRY_SPECIAL)) {
		if (e & ENTRY_LINK) {
			fast_take(f, e);
			e = fast_link(s->tables.dist, e, f);
		}
		if (e & ENTRY_SPECIAL) {
			s->error = INFLATE_BAD_DISTANCE;
			return false;
		}
	}
	distance = fast_value(e, f->bits);
	fast_take(f, e);
	if (unlikely(distance > (size_t)(*out - io->begin))) {
		s->error = INFLATE_TOO_FAR;
		return false;
	}
	fast_refill(f);
	*entry = s->tables.lit[fast_low(f->bits, INFLATE_LIT_BITS)];
	*out = fast_match(*out, distance, length);
	return true;
}

/* What is no literal and no length that the first table has: takes the entry that it
 * links to, or tells what it is. */
static always_inline enum fast_result fast_special(struct inflate *s, struct fast *f,
						   uint32_t *entry, uint64_t *before)
{
	if (*entry & ENTRY_LINK) {
		*entry = fast_link(s->tables.lit, *entry, f);
		*before = f->bits;
		fast_take(f, *entry);
		if (!(*entry & ENTRY_SPECIAL))
			return FAST_SHORT;
	}
	if (*entry & ENTRY_END)
		return FAST_END;
	s->error = INFLATE_BAD_LENGTH;
	return FAST_FAILED;
}

/*
 * A round takes up to three literals of the first table, or one of a linked one, or a
 * length with up to two literals before it: 22 bits for those, 20 for the length, of
 * 56; 28 for the distance, after a refill.
 */
static always_inline enum fast_result
fast_rounds(struct inflate *s, struct inflate_io *io, struct fast *f)
{
	const uint8_t *in_last = io->in_end - FAST_IN;
	uint8_t *out = io->out, *out_last = io->out_end - FAST_OUT;
	enum fast_result result = FAST_SHORT;
	uint64_t before;
	uint32_t e;

	fast_refill(f);
	e = s->tables.lit[fast_low(f->bits, INFLATE_LIT_BITS)];
	do {
		before = f->bits;
		fast_take(f, e);
		if (e & ENTRY_LITERAL) {
			*out++ = (uint8_t)(e >> 16);
			e = s->tables.lit[fast_low(f->bits, INFLATE_LIT_BITS)];
			before = f->bits;
			fast_take(f, e);
			if (e & ENTRY_LITERAL) {
				*out++ = (uint8_t)(e >> 16);
				e = s->tables.lit[fast_low(f->bits, INFLATE_LIT_BITS)];
				before = f->bits;
				fast_take(f, e);
			}
		}
		if (unlikely(e & ENTRY_SPECIAL)) {
			result = fast_special(s, f, &e, &before);
			if (result != FAST_SHORT)
				break;
		}
		if (e & ENTRY_LITERAL) {
			*out++ = (uint8_t)(e >> 16);
			fast_refill(f);
			e = s->tables.lit[fast_low(f->bits, INFLATE_LIT_BITS)];
		} else if (!fast_length(s, io, f, &out, &e, before)) {
			result = FAST_FAILED;
			break;
		}
	} while (f->in <= in_last && out <= out_last);
	io->out = out;
	return result;
}

/* Gives the bytes back that are not needed.  What is left of a piece of input before
 * this one, which cannot be given back, is kept: the next symbol needs it. */
static always_inline void fast_leave(struct inflate *s, struct inflate_io *io,
				     const struct fast *f)
{
	size_t back = f->nbits >> 3, taken = (size_t)(f->in - io->in);

	if (back > taken)
		back = taken;
	io->in = f->in - back;
	s->nbits = f->nbits - 8 * (unsigned int)back;
	s->bits = fast_low(f->bits, s->nbits);
}

static always_inline enum fast_result fast_run(struct inflate *s, struct inflate_io *io)
{
	struct fast f = { s->bits, s->nbits, io->in };
	enum fast_result result = fast_rounds(s, io, &f);

	fast_leave(s, io, &f);
	return result;
}

#endif
