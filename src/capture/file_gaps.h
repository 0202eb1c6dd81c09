/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * file_gaps.h - gaps and overlaps in time between the files of a sequence.
 *
 * Rotated captures should continue each other.  Two things are noted, once and
 * at the end: a gap between two files, because entries expire in it that may
 * have been in use; and a file of a directory that begins before the previous
 * one ends, because a clock was set back or two captures share the directory.
 * FILEs that overlap are not noted: merging them is the purpose.
 */
#ifndef CAPTURE_FILE_GAPS_H
#define CAPTURE_FILE_GAPS_H 1

#include "capture/source.h"

/* The longest gap, or the longest overlap, and how many there are. */
struct file_gap {
	const struct source *before, *after;
	uint64_t time;		/* nanoseconds */
	unsigned int count;
};

struct file_gaps {
	struct source *open;	/* sources between their first frame and the end */
	const struct source *ended;	/* the ended source with the latest frame */
	struct file_gap gap, overlap;
};

/* The source returned its first frame, with this stamp. */
void file_gaps_begin(struct file_gaps *g, struct source *s, uint64_t time);

/* The source returned some frames: file_gaps_first() gets the stamp of the first,
 * file_gaps_time() the stamp of each, then file_gaps_last() ends them. */
struct file_gaps_times {
	uint64_t last, silence;	/* the source's */
};

static inline void file_gaps_first(struct file_gaps *g, struct source *s,
				   uint64_t time, struct file_gaps_times *t)
{
	if (!s->begun)
		file_gaps_begin(g, s, time);
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

static inline void file_gaps_last(struct source *s,
				  const struct file_gaps_times *t)
{
	s->last = t->last;
	s->silence = t->silence;
}

/* The source has no more frames. */
void file_gaps_end(struct file_gaps *g, struct source *s);

/* Notes the longest gap and the longest overlap, if there are any. */
void file_gaps_say(const struct file_gaps *g, const struct diag *diag);

#endif
