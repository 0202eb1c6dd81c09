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

struct held;

/* Keeps at most 'bytes' of frames, the newest; NULL: no memory. */
struct held *held_create(size_t bytes);
void held_free(struct held *h);	/* NULL is fine */

/* Copies the frame; false: no memory, it will not be found. */
bool held_add(struct held *h, const struct frame *f);

/* The kept frame of that number, or NULL; good until the next call. */
const struct frame *held_find(const struct held *h, uint64_t number);

#endif
