/* SPDX-License-Identifier: GPL-2.0-only */
/* take.c - takes frames into a batch: they are filtered, numbered and counted. */
#include <inttypes.h>

#include "capture/batch.h"
#include "capture/capture_state.h"
#include "capture/link/link.h"
#include "capture/merge.h"

/* The filter for a link type; NULL: frames of unsupported ones never match. */
static const struct bpf_set *filter_of(struct capture *c, int linktype, bool swapped)
{
	return link_supported(linktype) ?
	       bpf_bank_get(c->filter, linktype, swapped) : NULL;
}

/* Marks the frames of one link type; returns how many of 'n' have it. */
static size_t filter_run(struct capture *c, const struct bpf_set *set, struct frame *f,
			 size_t n)
{
	const int linktype = f->linktype;
	uint64_t matched = 0;
	size_t i;

	for (i = 0; i < n && f[i].linktype == linktype; i++) {
		bool matches = set && bpf_matches(set, f[i].data, f[i].caplen, f[i].wirelen);

		f[i].filtered_out = !matches;
		matched += matches;
		if (!matches)
			tag_hint_try(&c->hint, &f[i]);
	}
	c->hint.seen += i;
	c->hint.matched += matched;
	return i;
}

/* Marks the frames that the filter does not match.  Returns how many frames it has
 * judged: fewer than 'n' if it ran out of memory. */
static size_t filter_frames(struct capture *c, const struct source *s, struct frame *f,
			    size_t n)
{
	const bool swapped = reader_swapped(s->reader);
	const struct bpf_set *set;
	size_t done = 0;

	while (done < n) {
		set = filter_of(c, f[done].linktype, swapped);
		if (bpf_bank_lacks_memory(c->filter))
			break;
		done += filter_run(c, set, f + done, n - done);
	}
	return done;
}

/* The same with --interface, and with the filter if there is one. */
static size_t choose_frames(struct capture *c, const struct source *s, struct frame *f,
			    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		f[i].filtered_out = !interface_matches(&c->choice, &f[i]);
		if (c->filter && !f[i].filtered_out && filter_frames(c, s, &f[i], 1) == 0)
			return i;
	}
	return n;
}

/* Notes which file the frames are from; 'f' is in the batch. */
static void locate_frames(struct capture *c, const struct source *s,
			  struct frame_batch *b, const struct frame *f, size_t n)
{
	uint64_t *number = b->file_frame + (f - b->frames);

	for (size_t i = 0; i < n; i++)
		number[i] = s->frames + 1 + i;
	frame_runs_add(&c->runs, c->frames + 1, s->path, s->frames + 1);
}

/* Numbers and counts 'n' frames, at least one.  The counts are local so that the
 * loop has them in registers. */
static void count_frames(struct capture *c, struct source *s, struct frame *f,
			 size_t n)
{
	uint64_t number = c->frames, bytes = 0;
	struct file_gaps_times t;

	file_gaps_first(&c->gaps, s, f->time, &t);
	for (size_t i = 0; i < n; i++) {
		f[i].number = ++number;
		bytes += f[i].caplen;
		file_gaps_time(&t, f[i].time);
	}
	file_gaps_last(s, &t);
	c->frames = s->number = number;
	c->bytes += bytes;
	s->frames += n;
}

/* Filters, numbers and counts 'n' frames of 's'.  Returns how many; fewer if the
 * filter ran out of memory. */
static size_t accept_frames(struct capture *c, struct source *s,
			    struct frame_batch *b, struct frame *f, size_t n)
{
	if (c->choice.n)
		n = choose_frames(c, s, f, n);
	else if (c->filter)
		n = filter_frames(c, s, f, n);
	if (!n)
		return 0;
	if (capture_several_files(c))
		locate_frames(c, s, b, f, n);
	count_frames(c, s, f, n);
	return n;
}

/* Ends all reading, because the filter ran out of memory. */
static enum capture_status give_up(struct capture *c)
{
	diag_say(c->diag, DIAG_ERROR,
		 "%s: out of memory for the filter at frame %" PRIu64 "; the frames before it are used, the rest is skipped",
		 c->heap.at[0]->path, c->frames + 1);
	c->heap.n = 0;
	c->top_taken = false;
	return CAPTURE_DAMAGED;
}

static enum capture_status take(struct capture *c, struct frame_batch *b)
{
	struct source *s = c->heap.at[0];
	struct frame *f;

	source_take_blocks(&c->sources, s, &b->kept, b->count);
	f = frame_batch_add(b, reader_head(s->reader));
	if (accept_frames(c, s, b, f, 1) == 0) {
		b->count--;
		return give_up(c);
	}
	c->top_taken = true;
	return CAPTURE_OK;
}

/* How many more frames the batch may get. */
static size_t frames_left(const struct capture *c, const struct frame_batch *b)
{
	uint64_t max = b->max - b->count;

	if (c->max_frames && c->max_frames - c->frames < max)
		max = c->max_frames - c->frames;
	return (size_t)max;
}

/* Accepts 'n' frames of the first source that were added to the batch. */
static enum capture_status take_added(struct capture *c, struct frame_batch *b, size_t n)
{
	struct source *s = c->heap.at[0];
	size_t first = b->count - n, accepted;

	c->top_taken = true;
	accepted = accept_frames(c, s, b, b->frames + first, n);
	b->count = first + accepted;
	return accepted < n ? give_up(c) : CAPTURE_OK;
}

enum capture_status capture_take_all(struct capture *c, struct frame_batch *b)
{
	struct source *s;
	uint64_t latest;
	size_t n;

	if (c->heap.n == 0 || !c->heap.at[0]->reader ||
	    (c->heap.n > 1 && c->alternates) || !source_heap_latest(&c->heap, &latest))
		return CAPTURE_OK;
	s = c->heap.at[0];
	n = reader_fill(s->reader, b, frames_left(c, b), latest, !c->top_taken);
	if (n == 0)
		return CAPTURE_OK;
	source_take_blocks(&c->sources, s, &b->kept, 0);
	return take_added(c, b, n);
}

/* A few files without anything to ask or to keep of each frame; 0: there is. */
static size_t take_merged(struct capture *c, struct frame_batch *b)
{
	if (c->heap.n < 2 || c->filter || c->choice.n || c->sources.kept.first)
		return 0;
	return merge_frames(c, b, frames_left(c, b));
}

/* Those frames of the first source that come before all others, with one copy. */
static enum capture_status take_run(struct capture *c, struct frame_batch *b)
{
	struct source *s = c->heap.at[0];
	uint64_t latest;
	size_t n = 0;

	c->turns++;
	if (source_heap_latest(&c->heap, &latest))
		n = reader_copy(s->reader, b, frames_left(c, b), latest);
	if (n == 0)
		return take(c, b);
	source_take_blocks(&c->sources, s, &b->kept, b->count - n);
	return take_added(c, b, n);
}

enum capture_status capture_take_some(struct capture *c, struct frame_batch *b)
{
	return take_merged(c, b) ? CAPTURE_OK : take_run(c, b);
}
