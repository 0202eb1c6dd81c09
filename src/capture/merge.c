/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "capture/batch.h"
#include "capture/capture_state.h"

/* A file; a set of lanes is in the order of ranks. */
struct lane {
	uint64_t time;		/* of the frame at hand */
	const struct frame *f, *end;	/* it, and the end of those in memory; or NULL */
	struct source *s;
	struct pcap_ahead *ahead;
	struct file_gaps_times gaps;
};

struct lanes {
	unsigned int n;
	struct lane lane[MERGE_FILES];
};

static int by_rank(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;

	return x->s->rank < y->s->rank ? -1 : 1;
}

static void open_lanes(struct lanes *l, const struct source_heap *heap)
{
	l->n = (unsigned int)heap->n;
	for (unsigned int i = 0; i < l->n; i++) {
		struct lane *lane = &l->lane[i];

		*lane = (struct lane){ .s = heap->at[i], .time = heap->at[i]->time };
		if (lane->s->reader)
			lane->ahead = reader_ahead(lane->s->reader);
		if (!lane->ahead)
			continue;
		lane->f = lane->ahead->frame + lane->ahead->at;
		lane->end = lane->ahead->frame + lane->ahead->n;
		lane->gaps = (struct file_gaps_times){ lane->s->last, lane->s->silence };
	}
	qsort(l->lane, l->n, sizeof(l->lane[0]), by_rank);
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
			lane->s->time = lane->time;
			reader_ahead_moved(lane->s->reader);
			file_gaps_last(lane->s, &lane->gaps);
		}
		source_heap_push(heap, lane->s);
	}
}

/* The earliest; of equal ones the first. */
static always_inline struct lane *first_lane(struct lanes *l)
{
	struct lane *first = &l->lane[0];

	for (unsigned int i = 1; i < l->n; i++)
		first = l->lane[i].time < first->time ? &l->lane[i] : first;
	return first;
}

static always_inline void add_frame(struct capture *c, struct frame_batch *b,
				    struct lane *lane)
{
	struct source *s = lane->s;
	struct frame *own = frame_batch_add(b, lane->f);

	if (unlikely(!s->begun))
		file_gaps_first(&c->gaps, s, own->time, &lane->gaps);
	file_gaps_time(&lane->gaps, own->time);
	own->number = ++c->frames;
	c->bytes += own->caplen;
	b->file_frame[own - b->frames] = ++s->frames;
	frame_runs_add(&c->runs, own->number, s->path, s->frames);
	s->number = own->number;
}

size_t merge_frames(struct capture *c, struct frame_batch *b, size_t max)
{
	struct source_heap *heap = &c->heap;
	struct lanes l;
	struct lane *lane, *last = NULL;
	size_t n = 0;

	if (heap->n > MERGE_FILES || !reader_ahead(heap->at[0]->reader))
		return 0;
	open_lanes(&l, heap);
	while (n < max) {
		lane = first_lane(&l);
		if (!lane->f || lane->f->caplen > frame_batch_space(b))
			break;
		add_frame(c, b, lane);
		c->turns += lane != last;
		last = lane;
		n++;
		if (++lane->f == lane->end) {
			c->top_taken = true;
			break;
		}
		lane->time = lane->f->time;
	}
	close_lanes(&l, heap);
	return n;
}
