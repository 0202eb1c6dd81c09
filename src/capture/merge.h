/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * merge.h - merges a few files frame by frame, from records that were read ahead.
 *
 * The fast path of files that alternate: capture.c does the same with the heap, for any
 * number and kind of files.
 */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H 1

#include "capture/capture.h"

#define MERGE_FILES	8u

/*
 * Adds up to 'max' frames to the batch, which has space for the numbers of several
 * files; none of the sources' frames at hand is in it.  Returns how many were added; 0:
 * there are too many files, or the first source's next frame is not in memory.
 */
size_t merge_frames(struct capture *c, struct frame_batch *b, size_t max);

#endif
