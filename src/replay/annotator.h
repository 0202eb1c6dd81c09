/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * annotator.h - --annotate: every frame of the input, with its word as a comment.
 *
 * Belongs to the tracker, which knows the verdicts.
 */
#ifndef REPLAY_ANNOTATOR_H
#define REPLAY_ANNOTATOR_H 1

#include "base/whole_file.h"
#include "capture/write.h"
#include "ctreplay/conntrack.h"
#include "replay/settings.h"
#include "report/rule_view.h"

struct annotator {
	struct writer_file file;	/* opened first; 'writer' takes it */
	struct whole_file whole;	/* gives it its name */
	struct writer *writer;		/* NULL without --annotate */
	const struct frame *first;	/* of the batch at hand ... */
	const struct kept_block *block;	/* ... and its next block to write */
	int error;			/* errno of the first failed write, or 0 */
};

/* Opens the file, before the sandbox is entered.  False as writer_file_open(). */
bool annotator_open_file(struct annotator *a, const char *path, const struct stop *stop,
			 const struct diag *diag);

/* Begins the file that goes with 'c'.  False after a message. */
bool annotator_open(struct annotator *a, const struct settings *settings,
		    const struct capture *c);
void annotator_free(struct annotator *a);	/* one of zeros is fine */

/* The frames that follow are in the batch. */
void annotator_batch(struct annotator *a, const struct frame_batch *b);

/* The frame of a packet, with what the rules say of it, or NULL; and one without a
 * state, 'why' is a word. */
void annotator_packet(struct annotator *a, const struct frame *f,
		      const struct ct_verdict *v, const struct rule_view *rule);
void annotator_frame(struct annotator *a, const struct frame *f, const char *why);

/* What is in memory goes out. */
void annotator_flush(struct annotator *a);

/* Completes the file, and gives it its name.  False after a message, with nothing of it
 * left under its name: it cannot be written, or memory ran out and it is not 'whole'. */
bool annotator_finish(struct annotator *a, const struct settings *settings,
		      const struct capture *c, bool whole);

#endif
