/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fragment_frames.h - the frames of incomplete datagrams: -w writes them with the
 * frame that completes their datagram, if it writes that one.
 */
#ifndef REPLAY_FRAGMENT_FRAMES_H
#define REPLAY_FRAGMENT_FRAMES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

struct fragment_frames;

/* Keeps at most 'bytes' of frames, the newest; NULL: no memory. */
struct fragment_frames *fragment_frames_create(size_t bytes);
void fragment_frames_free(struct fragment_frames *h);	/* NULL is fine */

/* Copies the frame; false: no memory, and fragment_frames_find() will not find it. */
bool fragment_frames_add(struct fragment_frames *h, const struct frame *f);

/* The kept frame of that number, or NULL; valid until the next fragment_frames_add(). */
const struct frame *fragment_frames_find(const struct fragment_frames *h, uint64_t number);

#endif
