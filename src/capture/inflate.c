/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/inflate.h"

#include <string.h>

#include "capture/inflate_fast.h"

#define BLOCK_HEADER	3u

/* Of the symbols for code lengths: the length before, and runs of zeros. */
#define REPEAT		16u
#define ZEROS		17u
#define MANY_ZEROS	18u

/* Of symbols, what section 3.2.7 permits; the fixed codes have more. */
#define LIT_MAX		286u
#define DIST_MAX	30u

void inflate_init(struct inflate *s)
{
	s->state = INFLATE_BLOCK;
	s->error = NULL;
	s->bits = 0;
	s->nbits = 0;
	s->last = false;
	s->fixed = false;
}

/* Makes 'n' bits, at most 56, and takes no byte more of the input. */
static bool need(struct inflate *s, struct inflate_io *io, unsigned int n)
{
	while (s->nbits < n) {
		if (io->in == io->in_end)
			return false;
		s->bits |= (uint64_t)*io->in++ << s->nbits;
		s->nbits += 8;
	}
	return true;
}

static void drop(struct inflate *s, unsigned int n)
{
	s->bits >>= n;
	s->nbits -= n;
}

static unsigned int look(const struct inflate *s, unsigned int n)
{
	return fast_low(s->bits, n);
}

bool inflate_take(struct inflate *s, struct inflate_io *io, unsigned int n,
		  uint32_t *value)
{
	if (s->state == INFLATE_DONE) {
		drop(s, s->nbits & 7);
		s->state = INFLATE_BLOCK;
	}
	if (!need(s, io, n))
		return false;
	*value = look(s, n);
	drop(s, n);
	return true;
}

static enum inflate_result fail(struct inflate *s, const char *why)
{
	s->error = why;
	return INFLATE_FAILED;
}

/* A step of the functions below: INFLATE_MORE also where it goes on with the next
 * state, which '*more' says. */
static enum inflate_result next(struct inflate *s, enum inflate_state state, bool *more)
{
	s->state = state;
	*more = true;
	return INFLATE_MORE;
}

static enum inflate_result begin_block(struct inflate *s, struct inflate_io *io,
				       bool *more)
{
	unsigned int type;

	if (s->last)
		return next(s, INFLATE_DONE, more);
	if (!need(s, io, BLOCK_HEADER))
		return INFLATE_MORE;
	s->last = look(s, 1);
	type = look(s, BLOCK_HEADER) >> 1;
	drop(s, BLOCK_HEADER);
	switch (type) {
	case 0:
		drop(s, s->nbits & 7);
		return next(s, INFLATE_STORED_LENGTH, more);
	case 1:
		if (!s->fixed)
			inflate_build_fixed(&s->tables);
		s->fixed = true;
		return next(s, INFLATE_SYMBOLS, more);
	case 2:
		return next(s, INFLATE_COUNTS, more);
	default:
		return fail(s, "invalid block type");
	}
}

static enum inflate_result stored_length(struct inflate *s, struct inflate_io *io,
					 bool *more)
{
	uint32_t both;

	if (!need(s, io, 32))
		return INFLATE_MORE;
	both = look(s, 32);
	if ((both & 0xffff) != (~both >> 16))
		return fail(s, "invalid stored block lengths");
	drop(s, 32);
	s->stored = both & 0xffff;
	return next(s, INFLATE_STORED, more);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static enum inflate_result copy_stored(struct inflate *s, struct inflate_io *io,
				       bool *more)
{
	size_t n;

	/* Bytes that were taken already. */
	while (s->stored && s->nbits && io->out < io->out_end) {
		*io->out++ = (uint8_t)s->bits;
		drop(s, 8);
		s->stored--;
	}
	n = least(s->stored, least((size_t)(io->in_end - io->in),
				   (size_t)(io->out_end - io->out)));
	if (n)
		memcpy(io->out, io->in, n);
	io->in += n;
	io->out += n;
	s->stored -= (uint32_t)n;
	return s->stored ? INFLATE_MORE : next(s, INFLATE_BLOCK, more);
}

static enum inflate_result read_counts(struct inflate *s, struct inflate_io *io,
				       bool *more)
{
	if (!need(s, io, 14))
		return INFLATE_MORE;
	s->nlit = look(s, 5) + 257;
	s->ndist = (look(s, 10) >> 5) + 1;
	s->ncode = (look(s, 14) >> 10) + 4;
	drop(s, 14);
	if (s->nlit > LIT_MAX || s->ndist > DIST_MAX)
		return fail(s, "too many length or distance symbols");
	s->at = 0;
	s->fixed = false;
	memset(s->lengths, 0, sizeof(s->lengths));
	return next(s, INFLATE_CODE_LENGTHS, more);
}

static enum inflate_result read_code_lengths(struct inflate *s, struct inflate_io *io,
					     bool *more)
{
	static const uint8_t order[INFLATE_CODE_SYMBOLS] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
	};
	const char *why;

	for (; s->at < s->ncode; s->at++) {
		if (!need(s, io, 3))
			return INFLATE_MORE;
		s->lengths[order[s->at]] = (uint8_t)look(s, 3);
		drop(s, 3);
	}
	why = inflate_build_code(&s->tables, s->lengths);
	if (why)
		return fail(s, why);
	s->at = 0;
	memset(s->lengths, 0, sizeof(s->lengths));
	return next(s, INFLATE_LENGTHS, more);
}

static enum inflate_result build_tables(struct inflate *s, bool *more)
{
	const char *why;

	if (!s->lengths[INFLATE_END_OF_BLOCK])
		return fail(s, "invalid code -- missing end-of-block");
	why = inflate_build_lit(&s->tables, s->lengths, s->nlit);
	if (!why)
		why = inflate_build_dist(&s->tables, s->lengths + s->nlit, s->ndist);
	return why ? fail(s, why) : next(s, INFLATE_SYMBOLS, more);
}

/* A symbol for several lengths; false: more input is needed, or 's->error' is set. */
static bool repeat_length(struct inflate *s, struct inflate_io *io, unsigned int symbol,
			  unsigned int bits)
{
	unsigned int extra = symbol == REPEAT ? 2 : symbol == ZEROS ? 3 : 7;
	unsigned int n;

	if (!need(s, io, bits + extra))
		return false;
	n = (look(s, bits + extra) >> bits) + (symbol == MANY_ZEROS ? 11 : 3);
	if ((symbol == REPEAT && s->at == 0) || s->at + n > s->nlit + s->ndist) {
		s->error = "invalid bit length repeat";
		return false;
	}
	drop(s, bits + extra);
	memset(s->lengths + s->at, symbol == REPEAT ? s->lengths[s->at - 1] : 0, n);
	s->at += n;
	return true;
}

/* Finds the entry of the next bits in a table, as soon as there are as many as its code
 * has; false: more input is needed.  'used': bits of the code that a link has. */
static bool find(struct inflate *s, struct inflate_io *io, const uint32_t *table,
		 unsigned int index, unsigned int skip, uint32_t *e, unsigned int *used)
{
	for (;;) {
		uint64_t bits = s->bits >> skip;

		*used = 0;
		*e = table[fast_low(bits, index)];
		if ((*e & ENTRY_LINK) && s->nbits >= skip + entry_bits(*e)) {
			*used = entry_bits(*e);
			*e = table[entry_value(*e) +
				   fast_low(bits >> *used, entry_code_bits(*e))];
		}
		if (!(*e & ENTRY_LINK) &&
		    s->nbits >= skip + *used + entry_code_bits(*e))
			return true;
		/* A byte more. */
		if (!need(s, io, s->nbits + 1))
			return false;
	}
}

/* Reads lengths while there is input for any symbol. */
static void read_lengths_fast(struct inflate *s, struct inflate_io *io)
{
	struct fast f = { s->bits, s->nbits, io->in };
	unsigned int at = s->at, n = s->nlit + s->ndist;

	while (at < n && io->in_end - f.in >= (ptrdiff_t)FAST_IN) {
		uint32_t e;

		fast_refill(&f);
		/* Four symbols of seven bits, or one that repeats, which ends this. */
		for (unsigned int i = 0; i < 4 && at < n; i++) {
			e = s->tables.code[fast_low(f.bits, INFLATE_CODE_BITS)];
			if (entry_value(e) >= REPEAT)
				goto out;
			fast_take(&f, e);
			s->lengths[at++] = (uint8_t)entry_value(e);
		}
	}
out:
	fast_leave(s, io, &f);
	s->at = at;
}

static enum inflate_result read_lengths(struct inflate *s, struct inflate_io *io,
					bool *more)
{
	while (s->at < s->nlit + s->ndist) {
		unsigned int symbol, bits, used;
		uint32_t e;

		read_lengths_fast(s, io);
		if (s->at == s->nlit + s->ndist)
			break;
		if (!find(s, io, s->tables.code, INFLATE_CODE_BITS, 0, &e, &used))
			return INFLATE_MORE;
		symbol = entry_value(e);
		bits = entry_bits(e);
		if (symbol < REPEAT) {
			drop(s, bits);
			s->lengths[s->at++] = (uint8_t)symbol;
		} else if (!repeat_length(s, io, symbol, bits)) {
			return s->error ? INFLATE_FAILED : INFLATE_MORE;
		}
	}
	return build_tables(s, more);
}

/* A match whose length has 'skip' bits.  False: more input is needed, or 's->error' is
 * set; nothing is taken then. */
static bool one_match(struct inflate *s, struct inflate_io *io, uint32_t length,
		      unsigned int skip)
{
	unsigned int used, bits;
	uint32_t e, distance;

	if (!find(s, io, s->tables.dist, INFLATE_DIST_BITS, skip, &e, &used))
		return false;
	if (e & ENTRY_SPECIAL) {
		s->error = INFLATE_BAD_DISTANCE;
		return false;
	}
	bits = skip + used + entry_bits(e);
	if (!need(s, io, bits))
		return false;
	distance = fast_value(e, s->bits >> (skip + used));
	if (distance > (size_t)(io->out - io->begin)) {
		s->error = INFLATE_TOO_FAR;
		return false;
	}
	drop(s, bits);
	for (; length; length--, io->out++)
		*io->out = *(io->out - distance);
	return true;
}

/* A symbol by itself; there is room for any.  False as one_match(), and after the end
 * of the block. */
static bool one_symbol(struct inflate *s, struct inflate_io *io)
{
	unsigned int used, bits;
	uint32_t e;

	if (!find(s, io, s->tables.lit, INFLATE_LIT_BITS, 0, &e, &used))
		return false;
	bits = used + entry_bits(e);
	if (e & ENTRY_LITERAL) {
		*io->out++ = (uint8_t)(e >> 16);
		drop(s, bits);
		return true;
	}
	if (e & ENTRY_END) {
		drop(s, bits);
		s->state = INFLATE_BLOCK;
		return false;
	}
	if (e & ENTRY_SPECIAL) {
		s->error = INFLATE_BAD_LENGTH;
		return false;
	}
	return need(s, io, bits) &&
	       one_match(s, io, fast_value(e, s->bits >> used), bits);
}

static enum fast_result run_any(struct inflate *s, struct inflate_io *io)
{
	return fast_run(s, io);
}

#if defined(__x86_64__) && !defined(CTREPLAY_PORTABLE)
#define INFLATE_BMI2
/* Shifts by a register cost less with these instructions. */
__attribute__((target("bmi,bmi2")))
static enum fast_result run_bmi2(struct inflate *s, struct inflate_io *io)
{
	return fast_run(s, io);
}
#endif

static enum fast_result run_fast(struct inflate *s, struct inflate_io *io)
{
	if (io->in_end - io->in < (ptrdiff_t)FAST_IN ||
	    io->out_end - io->out < (ptrdiff_t)FAST_OUT)
		return FAST_SHORT;
#ifdef INFLATE_BMI2
	if (__builtin_cpu_supports("bmi2"))
		return run_bmi2(s, io);
#endif
	return run_any(s, io);
}

static enum inflate_result read_symbols(struct inflate *s, struct inflate_io *io,
					bool *more)
{
	while (io->out_end - io->out >= (ptrdiff_t)INFLATE_MATCH) {
		enum fast_result result = run_fast(s, io);

		if (result == FAST_FAILED)
			return INFLATE_FAILED;
		if (result == FAST_END)
			return next(s, INFLATE_BLOCK, more);
		if (io->out_end - io->out < (ptrdiff_t)INFLATE_MATCH)
			break;
		if (!one_symbol(s, io))
			return s->error ? INFLATE_FAILED :
			       s->state == INFLATE_BLOCK ? next(s, s->state, more) :
							   INFLATE_MORE;
	}
	return INFLATE_MORE;
}

static enum inflate_result step(struct inflate *s, struct inflate_io *io, bool *more)
{
	switch (s->state) {
	case INFLATE_BLOCK:
		return begin_block(s, io, more);
	case INFLATE_STORED_LENGTH:
		return stored_length(s, io, more);
	case INFLATE_STORED:
		return copy_stored(s, io, more);
	case INFLATE_COUNTS:
		return read_counts(s, io, more);
	case INFLATE_CODE_LENGTHS:
		return read_code_lengths(s, io, more);
	case INFLATE_LENGTHS:
		return read_lengths(s, io, more);
	case INFLATE_SYMBOLS:
		return read_symbols(s, io, more);
	case INFLATE_DONE:
		break;
	}
	return INFLATE_END;
}

enum inflate_result inflate_run(struct inflate *s, struct inflate_io *io)
{
	enum inflate_result result;
	bool more;

	do {
		more = false;
		result = step(s, io, &more);
	} while (more);
	return result;
}
