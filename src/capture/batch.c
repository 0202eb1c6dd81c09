/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/batch.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES	(256 * 1024)	/* with these in use a batch is full */

struct frame_batch *frame_batch_create(void)
{
	struct frame_batch *b = malloc(sizeof(*b));

	if (!b)
		return NULL;
	b->arena = malloc(ARENA_BYTES + FRAME_SIZE_MAX);
	b->block = NULL;
	b->block_size = 0;
	b->file_frame = NULL;
	b->kept = (struct kept_blocks){ .first = NULL };
	b->max = FRAME_BATCH_FRAMES;
	frame_batch_clear(b);
	if (b->arena)
		return b;
	frame_batch_free(b);
	return NULL;
}

void frame_batch_free(struct frame_batch *b)
{
	if (!b)
		return;
	kept_blocks_clear(&b->kept);
	free(b->file_frame);
	free(b->arena);
	free(b->block);
	free(b);
}

void frame_batch_limit(struct frame_batch *b, size_t n)
{
	b->max = n < FRAME_BATCH_FRAMES ? n : FRAME_BATCH_FRAMES;
}

bool frame_batch_several_files(struct frame_batch *b)
{
	if (!b->file_frame)
		b->file_frame = malloc(FRAME_BATCH_FRAMES * sizeof(*b->file_frame));
	return b->file_frame != NULL;
}

void frame_batch_clear(struct frame_batch *b)
{
	b->count = 0;
	b->used = 0;
	if (b->kept.first)
		kept_blocks_clear(&b->kept);
}

bool frame_batch_fits(const struct frame_batch *b, const struct frame *f)
{
	return b->count < b->max && b->used < ARENA_BYTES &&
	       b->kept.bytes < KEPT_BYTES_FULL &&
	       frame_size(f) <= ARENA_BYTES + FRAME_SIZE_MAX - b->used;
}

struct frame *frame_batch_add(struct frame_batch *b, const struct frame *f)
{
	struct frame *own = &b->frames[b->count++];

	*own = *f;
	own->data = b->arena + b->used;
	frame_copy_bytes(b->arena + b->used, f);
	b->used += frame_size(f);
	return own;
}

size_t frame_batch_space(const struct frame_batch *b)
{
	return b->used < ARENA_BYTES ? ARENA_BYTES - b->used : 0;
}

void frame_batch_own(struct frame_batch *b, size_t n)
{
	struct frame *f = b->frames + b->count;
	const uint8_t *from = f->data;
	size_t size = (size_t)(f[n - 1].data - from) + frame_size(&f[n - 1]);

	memcpy(b->arena + b->used, from, size);
	for (size_t i = 0; i < n; i++)
		f[i].data = b->arena + b->used + (f[i].data - from);
	b->count += n;
	b->used += size;
}
