/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/capture.h"

#include <inttypes.h>
#include <stdlib.h>

#include "capture/batch.h"
#include "capture/filter.h"
#include "capture/file_gaps.h"
#include "capture/frame_runs.h"
#include "capture/interface_choice.h"
#include "capture/link/link.h"
#include "capture/source_heap.h"
#include "capture/tag_hint.h"

/* Frames of a file before one of another, on average. */
#define RUN_SHORT	32u

struct capture {
	const struct diag *diag;
	const struct stop *stop;
	uint64_t max_frames;
	uint64_t frames, bytes;
	struct bpf_bank *filter;	/* NULL: none */
	struct interface_choice choice;
	struct tag_hint hint;

	struct sources sources;
	struct frame_runs runs;
	size_t entered;		/* sources that are or were in the heap */
	struct file_gaps gaps;
	bool notes_told;

	struct source_heap heap;
	bool top_taken;		/* the first one's frame is in a batch already */
	/* Whether files alternated in the last batch: then it does not pay to give
	 * a batch the memory that a file was read into. */
	bool alternates;
};

/* Ends a source, after a message if its file is damaged. */
static enum capture_status finish(struct capture *c, struct source *s)
{
	bool damaged = s->reader && reader_state(s->reader) == READER_DAMAGED;

	if (damaged)
		reader_say_damage(s->reader, s->frames + 1,
				  c->sources.n > 1 ? &s->number : NULL);
	file_gaps_end(&c->gaps, s);
	source_close(&c->sources, s);
	c->sources.done += s->size;
	s->state = SOURCE_DONE;
	return damaged ? CAPTURE_DAMAGED : CAPTURE_OK;
}

/* Ends a source whose file could not be opened; the message was given. */
static enum capture_status lose(struct capture *c, struct source *s)
{
	finish(c, s);
	return c->stop && c->stop->set ? CAPTURE_OK : CAPTURE_DAMAGED;
}

static enum capture_status enter(struct capture *c, struct source *s)
{
	switch (s->state) {
	case SOURCE_FRAME:
		source_heap_push(&c->heap, s);
		return CAPTURE_OK;
	case SOURCE_DAMAGED:
		if (!s->reader && !source_open(&c->sources, s))
			return lose(c, s);
		return finish(c, s);
	case SOURCE_DONE:
		break;
	}
	return finish(c, s);
}

static enum capture_status enter_all(struct capture *c)
{
	enum capture_status status = CAPTURE_OK;

	while (status == CAPTURE_OK && c->entered < c->sources.n)
		status = enter(c, &c->sources.all[c->entered++]);
	return status;
}

/* Advances the first source, whose frame is in a batch already. */
static enum capture_status read_on(struct capture *c)
{
	struct source *s = c->heap.at[0];

	c->top_taken = false;
	if (reader_advance(s->reader) == READER_FRAME) {
		s->time = reader_head(s->reader)->time;
		source_heap_moved(&c->heap);
		return CAPTURE_OK;
	}
	source_heap_pop(&c->heap);
	return finish(c, s);
}

/*
 * Opens the source at the top.  Its file may have changed since the first look,
 * so that its first frame may have another time, or none may be left.
 */
static enum capture_status open_top(struct capture *c)
{
	struct source *s = c->heap.at[0];
	bool opened = source_open(&c->sources, s);

	if (opened && s->state == SOURCE_FRAME) {
		source_heap_moved(&c->heap);
		return CAPTURE_OK;
	}
	source_heap_pop(&c->heap);
	return opened ? finish(c, s) : lose(c, s);
}

/*
 * Brings the next frame to the top of the heap.  A source is advanced only here,
 * when its next frame is needed: with a limit of frames nothing beyond the last
 * one is read, so that no message is about what nobody asked for.
 */
static enum capture_status settle(struct capture *c)
{
	enum capture_status status = CAPTURE_OK;

	if (c->top_taken)
		status = read_on(c);
	while (status == CAPTURE_OK && c->heap.n > 0 && !c->heap.at[0]->reader)
		status = open_top(c);
	return status;
}

/* The filter for a link type; NULL: frames of unsupported ones never match. */
static const struct bpf_set *filter_of(struct capture *c, int linktype, bool swapped)
{
	return link_supported(linktype) ?
	       bpf_bank_get(c->filter, linktype, swapped) : NULL;
}

static void filter_frame(struct capture *c, const struct bpf_set *set, struct frame *f)
{
	bool matches = set && bpf_matches(set, f->data, f->caplen, f->wirelen);

	f->filtered_out = !matches;
	c->hint.seen++;
	c->hint.matched += matches;
	if (!matches)
		tag_hint_try(&c->hint, f);
}

/* Marks the frames that --interface or the filter does not match.  Returns how many
 * frames it has judged: fewer than 'n' if it ran out of memory. */
static size_t filter_frames(struct capture *c, const struct source *s,
			    struct frame *f, size_t n)
{
	bool swapped = reader_swapped(s->reader), known = false;
	const struct bpf_set *set = NULL;
	int linktype = 0;

	for (size_t i = 0; i < n; i++) {
		f[i].filtered_out = c->choice.n && !interface_matches(&c->choice, &f[i]);
		if (!c->filter || f[i].filtered_out)
			continue;
		if (!known || f[i].linktype != linktype) {
			linktype = f[i].linktype;
			set = filter_of(c, linktype, swapped);
			known = true;
			if (bpf_bank_lacks_memory(c->filter))
				return i;
		}
		filter_frame(c, set, &f[i]);
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
	if (c->filter || c->choice.n)
		n = filter_frames(c, s, f, n);
	if (!n)
		return 0;
	if (capture_several_files(c))
		locate_frames(c, s, b, f, n);
	count_frames(c, s, f, n);
	return n;
}

static enum capture_status lack_memory(struct capture *c)
{
	diag_say(c->diag, DIAG_ERROR, "out of memory; the captures are not read further");
	c->max_frames = c->frames;
	c->heap.n = 0;
	c->entered = c->sources.n;
	c->top_taken = false;
	return CAPTURE_DAMAGED;
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

/* Takes the frames of the first source that are in memory and come before those of all
 * others, into the empty batch. */
static enum capture_status take_all(struct capture *c, struct frame_batch *b)
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

/* The same of the first source's frames, which fit into the batch with the one at
 * hand: their bytes are copied. */
static enum capture_status take_run(struct capture *c, struct frame_batch *b)
{
	struct source *s = c->heap.at[0];
	uint64_t latest;
	size_t n = 0;

	if (source_heap_latest(&c->heap, &latest))
		n = reader_copy(s->reader, b, frames_left(c, b), latest);
	if (n == 0)
		return take(c, b);
	source_take_blocks(&c->sources, s, &b->kept, b->count - n);
	return take_added(c, b, n);
}

static enum capture_status end(struct capture *c)
{
	if (!c->notes_told && !(c->stop && c->stop->set)) {
		file_gaps_say(&c->gaps, c->diag);
		interface_choice_say(&c->choice, c->diag);
		tag_hint_say(&c->hint, c->diag);
	}
	c->notes_told = true;
	return CAPTURE_END;
}

const struct kept_blocks *capture_last_blocks(const struct capture *c)
{
	return &c->sources.kept;
}

uint64_t capture_blocks_lost(const struct capture *c)
{
	return c->sources.blocks_lost;
}

bool capture_waits(const struct capture *c)
{
	return c->top_taken && c->heap.n > 0 && reader_waits(c->heap.at[0]->reader);
}

/* False after the last frame that was asked for, or an interrupt. */
static bool goes_on(const struct capture *c)
{
	return !(c->stop && c->stop->set) &&
	       !(c->max_frames && c->frames >= c->max_frames);
}

/* Takes frame by frame: several sources are merged, or the next record is
 * unusual. */
static enum capture_status merge(struct capture *c, struct frame_batch *b)
{
	size_t before = b->count, runs = 0;

	while (goes_on(c)) {
		/* Frames from a pipe are shown before waiting for more. */
		if (frame_batch_count(b) > 0 && capture_waits(c))
			break;
		if (settle(c) != CAPTURE_OK)
			return CAPTURE_DAMAGED;
		if (c->heap.n == 0 ||
		    !frame_batch_fits(b, reader_head(c->heap.at[0]->reader)))
			break;
		if (take_run(c, b) != CAPTURE_OK)
			return CAPTURE_DAMAGED;
		runs++;
	}
	c->alternates = runs > 1 && (b->count - before) / runs < RUN_SHORT;
	return frame_batch_count(b) > 0 ? CAPTURE_OK : end(c);
}

enum capture_status capture_next(struct capture *c, struct frame_batch *b)
{
	frame_batch_clear(b);
	if (capture_several_files(c) && !frame_batch_several_files(b))
		return lack_memory(c);
	if (goes_on(c) && enter_all(c) != CAPTURE_OK)
		return CAPTURE_DAMAGED;
	if (goes_on(c) && take_all(c, b) != CAPTURE_OK)
		return CAPTURE_DAMAGED;
	/* A batch of a single source is as large as what was read for it. */
	if (b->count && (c->heap.n == 1 || b->count >= b->max / 2))
		return CAPTURE_OK;
	return merge(c, b);
}

/* Compiles the filter for all link types known so far, so that an invalid one is
 * refused before any output. */
static bool compile_filter(struct capture *c, const struct capture_options *opt)
{
	const struct capture_summary *s = &c->sources.summary;

	if (!opt->filter)
		return true;
	c->filter = bpf_bank_create(opt->filter, "-f", opt->diag);
	if (!c->filter) {
		diag_say(opt->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	for (size_t i = 0; i < s->nlinktypes; i++)
		if (link_supported(s->linktypes[i]) &&
		    !bpf_bank_get(c->filter, s->linktypes[i], false))
			return false;
	return true;
}

enum capture_status capture_open(struct capture **out,
				 const struct capture_options *opt)
{
	struct capture *c;

	*out = NULL;
	if (!sources_check(opt))
		return CAPTURE_USAGE;
	c = calloc(1, sizeof(*c));
	if (!c) {
		diag_say(opt->diag, DIAG_ERROR, "out of memory");
		return CAPTURE_USAGE;
	}
	c->diag = opt->diag;
	c->stop = opt->stop;
	c->max_frames = opt->max_frames ? opt->frames_before + opt->max_frames : 0;
	c->frames = opt->frames_before;
	c->bytes = opt->bytes_before;
	tag_hint_init(&c->hint, opt->filter);
	if (!interface_choice_init(&c->choice, opt->interfaces, opt->ninterfaces)) {
		diag_say(opt->diag, DIAG_ERROR, "out of memory");
		free(c);
		return CAPTURE_USAGE;
	}
	if (!sources_open(&c->sources, opt) || !compile_filter(c, opt)) {
		capture_close(c);
		return CAPTURE_USAGE;
	}
	if (!source_heap_init(&c->heap, c->sources.n)) {
		diag_say(opt->diag, DIAG_ERROR, "out of memory");
		capture_close(c);
		return CAPTURE_USAGE;
	}
	*out = c;
	return CAPTURE_OK;
}

uint64_t capture_frames(const struct capture *c)
{
	return c->frames;
}

uint64_t capture_bytes(const struct capture *c)
{
	return c->bytes;
}

bool capture_several_files(const struct capture *c)
{
	return c->sources.several;
}

bool capture_locate(const struct capture *c, uint64_t number, const char **file,
		    uint64_t *file_frame)
{
	return frame_runs_find(&c->runs, number, file, file_frame);
}

void capture_describe(const struct capture *c, struct capture_summary *s)
{
	*s = c->sources.summary;
}

void capture_progress(const struct capture *c, uint64_t *done, uint64_t *total)
{
	*done = c->sources.done;
	for (size_t i = 0; i < c->heap.n; i++)
		if (c->heap.at[i]->reader)
			*done += input_used(reader_input(c->heap.at[i]->reader));
	*total = c->sources.size_known ? c->sources.size : 0;
	if (*total && *done > *total)
		*done = *total;		/* the file grew */
}

bool capture_reads(const struct capture *c, dev_t dev, ino_t ino)
{
	for (size_t i = 0; i < c->sources.n; i++)
		if (c->sources.all[i].dev == dev && c->sources.all[i].ino == ino)
			return true;
	return false;
}

void capture_close(struct capture *c)
{
	if (!c)
		return;
	sources_close(&c->sources);
	bpf_bank_free(c->filter);
	interface_choice_free(&c->choice);
	tag_hint_free(&c->hint);
	frame_runs_free(&c->runs);
	free(c->heap.at);
	free(c);
}
