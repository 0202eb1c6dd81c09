/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - the first stage: frames of the captures, batch by batch.
 *
 * One thread at a time reads; which one changes from batch to batch.  (Each file has
 * a struct reader of its own, in the capture module.)
 */
#ifndef REPLAY_READER_H
#define REPLAY_READER_H 1

#include <stdbool.h>

#include "base/diag.h"
#include "capture/capture.h"
#include "cli/progress.h"
#include "replay/batch.h"
#include "replay/settings.h"

struct frame_reader {
	const struct settings *settings;
	struct progress *progress;	/* any thread may remove the line */
	struct capture *capture;
	struct diag diag;		/* the capture's; keeps messages with 'batch' */
	struct batch *batch;		/* the one that is read into, or NULL */
	bool damaged;			/* so was a capture */
	uint64_t frames_before, bytes_before;	/* read in the runs before this one */
};

void frame_reader_init(struct frame_reader *r, const struct settings *settings,
		       struct progress *progress);

/* Opens the captures.  'without' as in struct capture_options.  False after a
 * message, or because the user wants to stop. */
bool frame_reader_open(struct frame_reader *r, const struct stat *without);
void frame_reader_close(struct frame_reader *r);

/* Fills 'b' with the next frames.  False where there will be no more after them. */
bool frame_reader_fill(struct frame_reader *r, struct batch *b);

#endif
