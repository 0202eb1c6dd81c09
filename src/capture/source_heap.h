/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source_heap.h - the sources that have a frame at hand, as a binary heap by (time of
 * that frame, rank).
 */
#ifndef CAPTURE_SOURCE_HEAP_H
#define CAPTURE_SOURCE_HEAP_H 1

#include "capture/source.h"

struct source_heap {
	struct source **at;	/* at[0] is the first, if there is any */
	size_t n;
};

bool source_heap_init(struct source_heap *h, size_t capacity);	/* false: no memory */

void source_heap_push(struct source_heap *h, struct source *s);
void source_heap_pop(struct source_heap *h);		/* the first */
void source_heap_moved(struct source_heap *h);	/* the first has another time */

/*
 * How late a frame of the first source may be to come before all others; false: no time
 * is early enough.
 */
bool source_heap_latest(const struct source_heap *h, uint64_t *latest);

#endif
