/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * held.h - frames of fragments that wait: -w writes them with the frame that
 * completes their datagram, if that is written.
 */
#ifndef HELD_H
#define HELD_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

struct fragment_frames;

/* Keeps at most 'bytes' of frames, the newest; NULL: no memory. */
struct fragment_frames *fragment_frames_create(size_t bytes);
void fragment_frames_free(struct fragment_frames *h);	/* NULL is fine */

/* Copies the frame; false: no memory, it will not be found. */
bool fragment_frames_add(struct fragment_frames *h, const struct frame *f);

/* The kept frame of that number, or NULL; good until the next call. */
const struct frame *fragment_frames_find(const struct fragment_frames *h, uint64_t number);

#endif
