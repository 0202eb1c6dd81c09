/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/capture.h"

#include <stdlib.h>
#include <string.h>

#include "capture/batch.h"
#include "capture/filter.h"
#include "capture/reader.h"

/* Read at a time, a file; all files together do with some megabytes. */
#define READ_MAX	(256 * 1024)
#define READ_MIN	(16 * 1024)
#define READ_TOTAL	(16 * 1024 * 1024)

struct source {
	struct reader *reader;	/* NULL once at its end */
	struct bpf_set *filter;	/* NULL: none */
	size_t rank;		/* place among the FILEs */
};

struct capture {
	const struct diag *diag;
	const volatile sig_atomic_t *stop;
	uint64_t max_frames;
	uint64_t frames, bytes;

	struct source *sources;
	size_t nsources;
	size_t entered;		/* sources whose first frame was looked at */

	/* A binary heap by (time of the frame at hand, rank). */
	struct source **heap;
	size_t nheap;
	bool top_taken;		/* heap[0]'s frame is in a batch already */
};

static bool before(const struct source *a, const struct source *b)
{
	uint64_t ta = reader_head(a->reader)->time;
	uint64_t tb = reader_head(b->reader)->time;

	return ta != tb ? ta < tb : a->rank < b->rank;
}

static void swap(struct source **a, struct source **b)
{
	struct source *t = *a;

	*a = *b;
	*b = t;
}

static void sift_down(struct capture *c)
{
	size_t i = 0;

	for (;;) {
		size_t least = i, child = 2 * i + 1;

		for (size_t k = child; k < child + 2 && k < c->nheap; k++)
			if (before(c->heap[k], c->heap[least]))
				least = k;
		if (least == i)
			return;
		swap(&c->heap[i], &c->heap[least]);
		i = least;
	}
}

static void push(struct capture *c, struct source *s)
{
	size_t i = c->nheap++;

	c->heap[i] = s;
	while (i > 0 && before(c->heap[i], c->heap[(i - 1) / 2])) {
		swap(&c->heap[i], &c->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void pop(struct capture *c)
{
	c->heap[0] = c->heap[--c->nheap];
	sift_down(c);
}

static void source_close(struct source *s)
{
	bpf_set_free(s->filter);
	reader_close(s->reader);
	s->filter = NULL;
	s->reader = NULL;
}

/* The end of a file, told if it is not a good one. */
static enum capture_status finish(struct capture *c, struct source *s)
{
	bool damaged = reader_state(s->reader) == READER_DAMAGED;

	if (damaged)
		reader_say_damage(s->reader, c->frames + 1);
	source_close(s);
	return damaged ? CAPTURE_DAMAGED : CAPTURE_OK;
}

/*
 * Brings the frame that is next to the top of the heap.  A file is read on
 * only here, when the frame after its last one is wanted: with a limit of
 * frames, nothing beyond them is looked at, nor complained of.
 */
static enum capture_status settle(struct capture *c)
{
	while (c->entered < c->nsources) {
		struct source *s = &c->sources[c->entered++];

		if (reader_state(s->reader) == READER_FRAME)
			push(c, s);
		else if (finish(c, s) != CAPTURE_OK)
			return CAPTURE_DAMAGED;
	}
	if (c->top_taken) {
		struct source *s = c->heap[0];
		bool more = reader_advance(s->reader) == READER_FRAME;

		c->top_taken = false;
		if (more) {
			sift_down(c);
		} else {
			pop(c);
			return finish(c, s);
		}
	}
	return CAPTURE_OK;
}

static void take(struct capture *c, struct frame_batch *b)
{
	struct source *s = c->heap[0];
	struct frame f = *reader_head(s->reader);

	f.number = ++c->frames;
	f.filtered_out = s->filter &&
			 !bpf_matches(s->filter, f.data, f.caplen, f.wirelen);
	c->bytes += f.caplen;
	frame_batch_add(b, &f);
	c->top_taken = true;
}

enum capture_status capture_next(struct capture *c, struct frame_batch *b)
{
	frame_batch_clear(b);
	while (!(c->stop && *c->stop)) {
		if (c->max_frames && c->frames >= c->max_frames)
			break;
		/* What was read from a pipe is shown before waiting for more. */
		if (c->top_taken && frame_batch_count(b) > 0 &&
		    reader_waits(c->heap[0]->reader))
			break;
		if (settle(c) != CAPTURE_OK)
			return CAPTURE_DAMAGED;
		if (c->nheap == 0 ||
		    !frame_batch_fits(b, reader_head(c->heap[0]->reader)->caplen))
			break;
		take(c, b);
	}
	return frame_batch_count(b) > 0 ? CAPTURE_OK : CAPTURE_END;
}

static bool check_stdin_once(const struct capture_options *opt)
{
	size_t n = 0;

	for (size_t i = 0; i < opt->nfiles; i++)
		if (strcmp(opt->files[i], "-") == 0)
			n++;
	if (n > 1)
		diag_say(opt->diag, DIAG_ERROR,
			 "-: standard input can be read only once");
	return n <= 1;
}

static bool open_source(struct capture *c, size_t i,
			const struct capture_options *opt)
{
	struct source *s = &c->sources[i];
	size_t size = READ_TOTAL / opt->nfiles;

	size = size > READ_MAX ? READ_MAX : size < READ_MIN ? READ_MIN : size;
	s->rank = i;
	s->reader = reader_open(opt->files[i], size, opt->stop, opt->diag);
	if (!s->reader)
		return false;
	if (opt->filter) {
		s->filter = bpf_compile_for(reader_pcap(s->reader), opt->filter,
					    "filter", opt->diag);
		return s->filter != NULL;
	}
	return true;
}

static struct capture *capture_alloc(const struct capture_options *opt)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->diag = opt->diag;
	c->stop = opt->stop;
	c->max_frames = opt->max_frames;
	c->nsources = opt->nfiles;
	c->sources = calloc(opt->nfiles ? opt->nfiles : 1, sizeof(*c->sources));
	c->heap = calloc(opt->nfiles ? opt->nfiles : 1, sizeof(*c->heap));
	if (!c->sources || !c->heap) {
		capture_close(c);
		return NULL;
	}
	return c;
}

enum capture_status capture_open(struct capture **out,
				 const struct capture_options *opt)
{
	struct capture *c;

	*out = NULL;
	if (!check_stdin_once(opt))
		return CAPTURE_USAGE;
	c = capture_alloc(opt);
	if (!c) {
		diag_say(opt->diag, DIAG_ERROR, "out of memory");
		return CAPTURE_USAGE;
	}
	for (size_t i = 0; i < opt->nfiles; i++)
		if (!open_source(c, i, opt)) {
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

void capture_close(struct capture *c)
{
	if (!c)
		return;
	if (c->sources)
		for (size_t i = 0; i < c->nsources; i++)
			source_close(&c->sources[i]);
	free(c->sources);
	free(c->heap);
	free(c);
}
