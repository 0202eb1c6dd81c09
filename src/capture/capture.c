/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/capture_state.h"

#include <stdlib.h>

#include "capture/batch.h"
#include "capture/link/link.h"

/* Frames of a file before one of another, on average. */
#define TURN_SHORT	32u

/* Frames of one file for which a batch of their own pays. */
#define BATCH_ENOUGH	256u

/* Ends a source, after a message if its file is damaged. */
static enum capture_status finish(struct capture *c, struct source *s)
{
	bool damaged = s->reader && reader_state(s->reader) == READER_DAMAGED;

	if (damaged)
		reader_say_damage(s->reader, s->frames + 1,
				  c->sources.n > 1 ? &s->number : NULL);
	file_gaps_end(&c->gaps, s);
	if (s->reader)
		c->lost += reader_lost(s->reader);
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

static enum capture_status lack_memory(struct capture *c)
{
	diag_say(c->diag, DIAG_ERROR, "out of memory; the captures are not read further");
	c->max_frames = c->frames;
	c->heap.n = 0;
	c->entered = c->sources.n;
	c->top_taken = false;
	return CAPTURE_DAMAGED;
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
	size_t before = b->count;

	c->turns = 0;
	while (goes_on(c)) {
		/* Frames from a pipe are shown before waiting for more. */
		if (frame_batch_count(b) > 0 && capture_waits(c))
			break;
		if (settle(c) != CAPTURE_OK)
			return CAPTURE_DAMAGED;
		if (c->heap.n == 0 ||
		    !frame_batch_fits(b, reader_head(c->heap.at[0]->reader)))
			break;
		if (capture_take_some(c, b) != CAPTURE_OK)
			return CAPTURE_DAMAGED;
	}
	c->alternates = c->turns > 1 && (b->count - before) / c->turns < TURN_SHORT;
	return frame_batch_count(b) > 0 ? CAPTURE_OK : end(c);
}

enum capture_status capture_next(struct capture *c, struct frame_batch *b)
{
	frame_batch_clear(b);
	if (capture_several_files(c) && !frame_batch_several_files(b))
		return lack_memory(c);
	if (goes_on(c) && enter_all(c) != CAPTURE_OK)
		return CAPTURE_DAMAGED;
	if (goes_on(c) && capture_take_all(c, b) != CAPTURE_OK)
		return CAPTURE_DAMAGED;
	/* A batch of a single source is as large as what was read for it.  To copy frames
	 * behind a few costs less than a batch of these, but not behind many. */
	if (b->count && (c->heap.n == 1 || b->count >= b->max / 2 ||
			 b->count >= BATCH_ENOUGH))
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

uint64_t capture_lost(const struct capture *c)
{
	return c->lost;
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

bool capture_unpacks(const struct capture *c)
{
	return c->sources.unpacked > c->sources.size / 2;
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
