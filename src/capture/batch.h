/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch.h - how the reader fills a frame_batch.
 */
#ifndef CAPTURE_BATCH_H
#define CAPTURE_BATCH_H 1

#include "capture/capture.h"

#define FRAME_BYTES	(256 * 1024)	/* libpcap's largest for network traffic */

#define FRAME_SIZE_MAX	(FRAME_BYTES + UINT16_MAX)

/* Makes space for the frames' numbers in their files; false: no memory. */
bool frame_batch_several_files(struct frame_batch *b);

/* The bytes of kept blocks with which a batch is full. */
#define KEPT_BYTES_FULL	(256u * 1024)

/* True if the frame fits; any fits into an empty batch. */
bool frame_batch_fits(const struct frame_batch *b, const struct frame *f);

/* Copies 'f' and its bytes, which must fit, and returns the copy. */
struct frame *frame_batch_add(struct frame_batch *b, const struct frame *f);

/* The bytes with which the batch is full. */
size_t frame_batch_space(const struct frame_batch *b);

/* Counts 'n' frames behind the last, and copies their bytes, which are one behind the
 * other in memory with whatever is between, and fit. */
void frame_batch_own(struct frame_batch *b, size_t n);

#endif
