/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inflate.h - decompresses DEFLATE (RFC 1951), piece by piece.
 *
 * Where a piece ends it takes a symbol at a time, as zlib does.  Elsewhere it takes
 * several from one word of input, into memory that has room for a whole match, so that
 * it need not ask before each.  What it accepts, what it gives of a cut or damaged
 * stream, and the words for what is wrong are zlib's: tests/unit/capture/test_inflate.c
 * compares the two.
 */
#ifndef CAPTURE_INFLATE_H
#define CAPTURE_INFLATE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/inflate_table.h"

#define INFLATE_HISTORY	32768u	/* how far a match can reach back */
#define INFLATE_MATCH	258u	/* the longest match */
/* Behind the room for output there must be as many bytes that may be written. */
#define INFLATE_SLACK	64u

enum inflate_result {
	INFLATE_MORE,		/* all input is taken, or there is no more room */
	INFLATE_END,		/* the stream is complete */
	INFLATE_FAILED,		/* it is damaged: 'error' */
};

/* Input, and output, which is behind what was put out before. */
struct inflate_io {
	const uint8_t *in, *in_end;
	const uint8_t *begin;	/* the oldest byte that a match may reach */
	uint8_t *out, *out_end;
};

enum inflate_state {
	INFLATE_BLOCK,		/* a block begins, or its header goes on: */
	INFLATE_STORED_LENGTH,
	INFLATE_STORED,
	INFLATE_COUNTS,
	INFLATE_CODE_LENGTHS,
	INFLATE_LENGTHS,
	INFLATE_SYMBOLS,
	INFLATE_DONE,
};

struct inflate {
	enum inflate_state state;
	const char *error;
	uint64_t bits;		/* 'nbits' of the input, taken and not used */
	unsigned int nbits;
	bool last, fixed;	/* the block is the last; the tables are the fixed ones */
	uint32_t stored;	/* bytes left in the block */
	unsigned int nlit, ndist, ncode, at;	/* code lengths, and how many are read */
	uint8_t lengths[INFLATE_LIT_SYMBOLS + INFLATE_DIST_SYMBOLS];
	struct inflate_tables tables;
};

void inflate_init(struct inflate *s);

/* Takes input and puts out until one of the three results. */
enum inflate_result inflate_run(struct inflate *s, struct inflate_io *io);

/*
 * Takes 'n' bits of what follows the stream, at most 32, which begins at a byte.
 * False: more input is needed.
 */
bool inflate_take(struct inflate *s, struct inflate_io *io, unsigned int n,
		  uint32_t *value);

#endif
