/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bins.h - what is counted over time: the capture in at most BINS equal pieces.
 *
 * How long a capture is, nobody knows before its end.  So the pieces are short at
 * first, and whenever they are used up, two become one.
 */
#ifndef REPLAY_PAGE_BINS_H
#define REPLAY_PAGE_BINS_H 1

#include <stdbool.h>
#include <stddef.h>

#include "report/page_state.h"

#define BINS		2048u
#define BIN_MIN		1000u	/* nanoseconds: the resolution of the page's times */

struct bin {
	uint32_t word[CT_CTSTATES];	/* packets by their word */
	uint32_t dropped;		/* packets, by the engine or the rules */
	uint32_t most;			/* largest number of entries */
	uint32_t live[PAGE_STATES];	/* entries by state, as of its end */
};

struct bins {
	ct_time start, end;	/* of the first bin, of the current one */
	uint64_t width;
	size_t current;
	uint32_t entries;	/* now */
	uint32_t live[PAGE_STATES];
	struct bin *bin;
};

bool bins_init(struct bins *b);		/* false: no memory */
void bins_free(struct bins *b);

/* The first frame's time. */
void bins_start(struct bins *b, ct_time start);

/* Time does not go backwards. */
void bins_advance_slowly(struct bins *b, ct_time now);
static inline void bins_advance(struct bins *b, ct_time now)
{
	if (now >= b->end)
		bins_advance_slowly(b, now);
}

/* After bins_advance(). */
static inline void bins_packet(struct bins *b, uint8_t ctstate, bool dropped)
{
	struct bin *bin = &b->bin[b->current];

	bin->word[ctstate]++;
	bin->dropped += dropped;
}

void bins_add(struct bins *b, uint8_t state);
void bins_remove(struct bins *b, uint8_t state);
void bins_move(struct bins *b, uint8_t from, uint8_t to);

/* The time of the last frame is over. */
void bins_close(struct bins *b);

#endif
