/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/reader.h"

/* The sink of the capture: see struct message. */
static void keep_message(void *arg, enum diag_level level, const char *text)
{
	struct frame_reader *r = arg;
	const struct diag *diag = r->settings->diag;

	if (!r->batch || !batch_add_message(r->batch, level, text))
		diag->say(diag->arg, level, text);
}

void frame_reader_init(struct frame_reader *r, const struct settings *settings,
		       struct progress *progress)
{
	r->settings = settings;
	r->progress = progress;
	r->diag = (struct diag){ keep_message, r };
}

bool frame_reader_open(struct frame_reader *r, const struct stat *without)
{
	const struct options *o = r->settings->opt;
	const struct capture_options co = {
		.files = o->files, .nfiles = o->nfiles, .without = without,
		.filter = o->filter, .interfaces = o->interfaces,
		.ninterfaces = o->ninterfaces, .max_frames = o->max_frames,
		.part = o->save_state || o->load_state,
		.frames_before = r->frames_before,
		.bytes_before = r->bytes_before,
		.whole_summary = o->write != NULL,
		.keep_blocks = o->annotate != NULL,
		.diag = &r->diag, .stop = r->settings->stop,
	};

	return capture_open(&r->capture, &co) == CAPTURE_OK;
}

void frame_reader_close(struct frame_reader *r)
{
	capture_close(r->capture);
}

static void show_progress(const struct frame_reader *r)
{
	uint64_t done, total;

	if (r->progress->fd < 0)
		return;
	capture_progress(r->capture, &done, &total);
	progress_show(r->progress, done, total);
}

bool frame_reader_fill(struct frame_reader *r, struct batch *b)
{
	enum capture_status status;

	batch_clear(b);
	if (r->settings->stop->set)
		return false;
	r->batch = b;
	status = capture_next(r->capture, b->frames);
	r->batch = NULL;
	r->damaged |= status == CAPTURE_DAMAGED;
	b->next_waits = capture_waits(r->capture);
	show_progress(r);
	return status != CAPTURE_END;
}
