/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * merge.h - merges a few files frame by frame, from records that were read ahead.
 *
 * The fast path of files that alternate: capture.c does the same with the heap, for any
 * number and kind of files.
 */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H 1

#include "capture/batch.h"
#include "capture/file_gaps.h"
#include "capture/frame_runs.h"
#include "capture/source_heap.h"

#define MERGE_FILES	8u

/* What is counted, of all frames. */
struct merge_counts {
	uint64_t frames, bytes;
	struct frame_runs *runs;
	struct file_gaps *gaps;
	size_t turns;		/* frames that came after one of another file */
};

/*
 * Adds up to 'max' frames to the batch, which has space for the numbers of several
 * files; none of the sources' frames at hand is in it.  The first source's frame at hand
 * is in the batch afterwards if '*taken' is set.  Returns how many were added; 0: there
 * are too many files, or the first source's next frame is not in memory.
 */
size_t merge_frames(struct source_heap *heap, struct frame_batch *b, size_t max,
		    struct merge_counts *counts, bool *taken);

#endif
