/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/fragment_frames.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by frame number, for binary search. */
struct fragment_frames {
	struct frame **frame;
	size_t first, n;	/* frame[first] to frame[first + n - 1] are in use */
	size_t capacity;
	size_t bytes, limit;
};

struct fragment_frames *fragment_frames_create(size_t bytes)
{
	struct fragment_frames *h = calloc(1, sizeof(*h));

	if (h)
		h->limit = bytes;
	return h;
}

static size_t cost(const struct frame *f)
{
	return sizeof(*f) + frame_size(f);
}

static void drop_oldest(struct fragment_frames *h)
{
	h->bytes -= cost(h->frame[h->first]);
	free(h->frame[h->first]);
	h->first++;
	h->n--;
}

void fragment_frames_free(struct fragment_frames *h)
{
	if (!h)
		return;
	while (h->n)
		drop_oldest(h);
	free(h->frame);
	free(h);
}

static bool reserve(struct fragment_frames *h)
{
	size_t capacity = h->capacity ? h->capacity * 2 : 64;
	struct frame **frame;

	if (h->first + h->n < h->capacity)
		return true;
	if (h->first > h->capacity / 2) {
		memmove(h->frame, h->frame + h->first,
			h->n * sizeof(struct frame *));
		h->first = 0;
		return true;
	}
	frame = realloc(h->frame, capacity * sizeof(struct frame *));
	if (!frame)
		return false;
	h->frame = frame;
	h->capacity = capacity;
	return true;
}

bool fragment_frames_add(struct fragment_frames *h, const struct frame *f)
{
	struct frame *copy;

	while (h->n && h->bytes + cost(f) > h->limit)
		drop_oldest(h);
	if (!reserve(h))
		return false;
	copy = malloc(cost(f));
	if (!copy)
		return false;
	*copy = *f;
	frame_copy_bytes((uint8_t *)(copy + 1), f);
	copy->data = (const uint8_t *)(copy + 1);
	h->frame[h->first + h->n++] = copy;
	h->bytes += cost(copy);
	return true;
}

const struct frame *fragment_frames_find(const struct fragment_frames *h, uint64_t number)
{
	size_t low = h->first, high = h->first + h->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (h->frame[middle]->number == number)
			return h->frame[middle];
		if (h->frame[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
