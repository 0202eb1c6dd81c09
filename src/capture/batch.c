/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/batch.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES	(256 * 1024)	/* a batch with so many is full */
#define FRAME_ALIGN	16

struct frame_batch {
	size_t count;
	size_t used;	/* bytes of 'bytes' */
	struct frame frames[FRAME_BATCH_FRAMES];
	alignas(FRAME_ALIGN) uint8_t bytes[BATCH_BYTES + FRAME_BYTES];
};

struct frame_batch *frame_batch_create(void)
{
	size_t size = (sizeof(struct frame_batch) + FRAME_ALIGN - 1) &
		      ~(size_t)(FRAME_ALIGN - 1);
	struct frame_batch *b = aligned_alloc(FRAME_ALIGN, size);

	if (b)
		frame_batch_clear(b);
	return b;
}

void frame_batch_free(struct frame_batch *b)
{
	free(b);
}

void frame_batch_clear(struct frame_batch *b)
{
	b->count = 0;
	b->used = 0;
}

size_t frame_batch_count(const struct frame_batch *b)
{
	return b->count;
}

const struct frame *frame_batch_get(const struct frame_batch *b, size_t i)
{
	return &b->frames[i];
}

bool frame_batch_fits(const struct frame_batch *b, uint32_t caplen)
{
	return b->count < FRAME_BATCH_FRAMES && b->used < BATCH_BYTES &&
	       caplen <= sizeof(b->bytes) - b->used;
}

void frame_batch_add(struct frame_batch *b, const struct frame *f)
{
	struct frame *own = &b->frames[b->count++];

	*own = *f;
	own->data = b->bytes + b->used;
	if (f->caplen)
		memcpy(b->bytes + b->used, f->data, f->caplen);
	b->used += ((size_t)f->caplen + FRAME_ALIGN - 1) &
		   ~(size_t)(FRAME_ALIGN - 1);
}
