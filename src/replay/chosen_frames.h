/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chosen_frames.h - which frames of a batch -w writes, as ranges, in the order in which
 * they are written.
 *
 * The tracker chooses, and whatever thread prints the batch writes.
 */
#ifndef REPLAY_CHOSEN_FRAMES_H
#define REPLAY_CHOSEN_FRAMES_H 1

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "capture/capture.h"

struct frame_range {
	uint32_t from, to;		/* 'to' is not in it */
};

/* Every second frame of a batch. */
#define CHOSEN_RANGES	(FRAME_BATCH_FRAMES / 2 + 1)

struct chosen_frames {
	struct frame_range *range;	/* NULL without -w */
	struct frame_range *last;	/* it may be empty */
};

/* False: no memory. */
static inline bool chosen_frames_init(struct chosen_frames *c)
{
	c->range = c->last = malloc(CHOSEN_RANGES * sizeof(*c->range));
	return c->range != NULL;
}

static inline void chosen_frames_free(struct chosen_frames *c)
{
	free(c->range);
}

static inline void chosen_frames_clear(struct chosen_frames *c)
{
	c->last = c->range;
	*c->last = (struct frame_range){ 0, 0 };
}

/* False: there is no space, and frame 'i' of the batch is not chosen. */
static inline bool chosen_frames_add(struct chosen_frames *c, uint32_t i)
{
	if (unlikely(c->last->to != i)) {
		if (c->last == c->range + CHOSEN_RANGES - 1)
			return false;
		*++c->last = (struct frame_range){ i, i };
	}
	c->last->to++;
	return true;
}

#endif
