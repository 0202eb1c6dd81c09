/* SPDX-License-Identifier: GPL-2.0-only */
/* tracker_versus.c - the frames of a batch for the two engines of --versus. */
#include "replay/tracker.h"

/* The frames from 'from' to before 'to', for both engines of --versus. */
static void compare_frames(struct tracker *t, uint32_t from, uint32_t to)
{
	uint64_t number;

	if (t->no_memory || versus_track(t->versus, t->batch, from, to, &t->tally,
					 &number))
		return;
	t->no_memory = true;
	t->no_memory_frame = number;
}

/* Whether no frame of the batch does more to the clock than to move it on. */
static bool is_plain(const struct tracker *t, const struct batch *b, uint32_t n)
{
	return n && b->in_order && !clock_is_due(&t->clock, b->parsed[0].time) &&
	       !clock_is_due(&t->clock, b->parsed[n - 1].time);
}

/* --dedup: what is left out for the first engine is left out for both. */
static void leave_copies_out(struct batch *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (b->parsed[i].link != LINK_COPY)
			continue;
		b->second[i].link = LINK_COPY;
		b->second[i].trackable = false;
	}
}

void tracker_track_versus(struct tracker *t, struct batch *b)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	uint32_t n = (uint32_t)frame_batch_count(b->frames), from = 0;
	uint32_t i = is_plain(t, b, n) ? n - 1 : 0;

	versus_begin(t->versus);
	if (b->copy_hash)
		leave_copies_out(b, n);
	for (; i < n && !t->no_memory; i++) {
		ct_time time = b->parsed[i].time;

		if (clock_is_due(&t->clock, time)) {
			compare_frames(t, from, i);
			from = i;
			tracker_move_clock(t, &f[i], time);
		}
		if (time > t->clock.now)
			t->clock.now = time;
	}
	compare_frames(t, from, n);
	t->full_first = t->versus->reasons_full;
}
