/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "capture/batch.h"
#include "capture/capture_state.h"

/* Most frames have at most this number of bytes: to copy as many of each is faster than
 * to ask for the number. */
#define COPY_BYTES	128u

/* A file; a set of lanes is in the order of ranks. */
struct lane {
	const struct frame *f, *end;	/* the frame at hand and the end of those in memory,
					 * or NULL */
	uint64_t frames, number;	/* as in struct source */
	struct source *s;
	struct pcap_ahead *ahead;
	struct file_gaps_times gaps;
};

struct lanes {
	unsigned int n;
	uint64_t time[MERGE_FILES];	/* of the frames at hand; behind the 'n', the latest */
	struct lane lane[MERGE_FILES];
};

static int by_rank(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;

	return x->s->rank < y->s->rank ? -1 : 1;
}

static void open_lane(struct lane *lane, struct source *s)
{
	*lane = (struct lane){ .s = s, .frames = s->frames, .number = s->number };
	if (s->reader)
		lane->ahead = reader_ahead(s->reader);
	if (!lane->ahead)
		return;
	lane->f = lane->ahead->frame + lane->ahead->at;
	lane->end = lane->ahead->frame + lane->ahead->n;
	lane->gaps = (struct file_gaps_times){ s->last, s->silence };
}

static void open_lanes(struct lanes *l, const struct source_heap *heap)
{
	l->n = (unsigned int)heap->n;
	for (unsigned int i = 0; i < l->n; i++)
		open_lane(&l->lane[i], heap->at[i]);
	qsort(l->lane, l->n, sizeof(l->lane[0]), by_rank);
	for (unsigned int i = 0; i < MERGE_FILES; i++)
		l->time[i] = i < l->n ? l->lane[i].s->time : UINT64_MAX;
}

/* The sources go on where the lanes stand.  One whose frames are used up is the first
 * of the heap, and its last frame at hand, as it comes before all others. */
static void close_lanes(struct lanes *l, struct source_heap *heap)
{
	heap->n = 0;
	for (unsigned int i = 0; i < l->n; i++) {
		struct lane *lane = &l->lane[i];

		if (lane->ahead) {
			lane->ahead->at = (size_t)(lane->f - lane->ahead->frame) -
					  (lane->f == lane->end);
			lane->s->time = l->time[i];
			lane->s->frames = lane->frames;
			lane->s->number = lane->number;
			reader_ahead_moved(lane->s->reader);
			file_gaps_last(lane->s, &lane->gaps);
		}
		source_heap_push(heap, lane->s);
	}
}

/* The earliest of 'n'; of equal ones the first.  There is no branch on the times, which
 * could not be predicted. */
static always_inline unsigned int first_of(const uint64_t *time, unsigned int n)
{
	uint64_t least = time[0];
	unsigned int first = 0;

	for (unsigned int i = 1; i < n; i++) {
		first = time[i] < least ? i : first;
		least = time[i] < least ? time[i] : least;
	}
	return first;
}

/* A number that is known when this is compiled makes no loop. */
static always_inline unsigned int first_lane(const struct lanes *l)
{
	return l->n <= 4 ? first_of(l->time, 4) : first_of(l->time, MERGE_FILES);
}

/* Bytes behind the frame's are copied as well, if they are in memory: the batch has space
 * for them, as it has for a frame that is larger than what fits. */
static always_inline void copy_frame(struct frame_batch *b, struct frame *own,
				     const struct lane *lane)
{
	const struct frame *f = lane->f;
	uint8_t *to = b->arena + b->used;

	*own = *f;
	own->data = to;
	if (likely(f->caplen <= COPY_BYTES &&
		   (size_t)(lane->ahead->end - f->data) >= COPY_BYTES))
		memcpy(to, f->data, COPY_BYTES);
	else
		frame_copy_bytes(to, f);
	b->used += f->caplen;
}

static always_inline void add_frame(struct capture *c, struct frame_batch *b,
				    struct lane *lane)
{
	struct frame *own = &b->frames[b->count];

	copy_frame(b, own, lane);
	if (unlikely(!lane->frames))
		file_gaps_first(&c->gaps, lane->s, own->time, &lane->gaps);
	file_gaps_time(&lane->gaps, own->time);
	own->number = lane->number = ++c->frames;
	c->bytes += own->caplen;
	b->file_frame[b->count++] = ++lane->frames;
	frame_runs_add(&c->runs, own->number, lane->s->path, lane->frames);
}

size_t merge_frames(struct capture *c, struct frame_batch *b, size_t max)
{
	struct source_heap *heap = &c->heap;
	struct lanes l;
	unsigned int i, last = MERGE_FILES;
	size_t n = 0;

	if (heap->n > MERGE_FILES || !reader_ahead(heap->at[0]->reader))
		return 0;
	open_lanes(&l, heap);
	while (n < max) {
		struct lane *lane = &l.lane[i = first_lane(&l)];

		if (!lane->f || lane->f->caplen > frame_batch_space(b))
			break;
		add_frame(c, b, lane);
		c->turns += i != last;
		last = i;
		n++;
		if (++lane->f == lane->end) {
			c->top_taken = true;
			break;
		}
		l.time[i] = lane->f->time;
	}
	close_lanes(&l, heap);
	return n;
}
