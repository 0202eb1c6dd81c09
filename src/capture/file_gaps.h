/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * joins.h - where one file of a sequence ends and the next begins.
 *
 * Rotated captures should continue each other.  Two things are worth a note,
 * which is given once, at the end: a time between two files in which nothing
 * was captured, because entries expire meanwhile that may have been in use;
 * and a file of a directory that begins before the one in front of it ends,
 * because a clock was set back or two captures share the directory.  FILEs
 * that overlap are meant to be merged.
 */
#ifndef CAPTURE_JOINS_H
#define CAPTURE_JOINS_H 1

#include "capture/source.h"

struct file_gap {
	const struct source *before, *after;
	uint64_t time;		/* nanoseconds of gap or overlap */
	unsigned int count;	/* of such joins; the others are the longest's */
};

struct file_gaps {
	struct source *open;	/* have begun and not ended */
	const struct source *ended;	/* the one with the latest frame so far */
	struct file_gap gap, overlap;
};

/* The source gave its first frame, with this stamp. */
void file_gaps_begin(struct file_gaps *j, struct source *s, uint64_t time);

/* The source gave frames: file_gaps_first() with the first one's stamp, file_gaps_time()
 * with each one's, file_gaps_last(). */
struct file_gaps_times {
	uint64_t last, silence;	/* the source's */
};

static inline void file_gaps_first(struct file_gaps *j, struct source *s, uint64_t time,
			       struct file_gaps_times *t)
{
	if (!s->begun)
		file_gaps_begin(j, s, time);
	*t = (struct file_gaps_times){ s->last, s->silence };
}

static inline void file_gaps_time(struct file_gaps_times *t, uint64_t time)
{
	if (time <= t->last)
		return;
	if (time - t->last > t->silence)
		t->silence = time - t->last;
	t->last = time;
}

static inline void file_gaps_last(struct source *s, const struct file_gaps_times *t)
{
	s->last = t->last;
	s->silence = t->silence;
}

/* It will give no more. */
void file_gaps_end(struct file_gaps *j, struct source *s);

/* What is worth noting, if anything. */
void file_gaps_say(const struct file_gaps *j, const struct diag *diag);

#endif
