/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame_writer.h - -w: the frames that are let through go into a capture.
 *
 * Belongs to the tracker, which knows the verdicts.
 */
#ifndef REPLAY_FRAME_WRITER_H
#define REPLAY_FRAME_WRITER_H 1

#include <stdbool.h>

#include "capture/write.h"
#include "ctreplay/conntrack.h"
#include "ctreplay/reassembly.h"
#include "replay/fragment_frames.h"
#include "replay/settings.h"

struct frame_writer {
	struct writer_file file;	/* opened first; 'writer' takes it */
	struct writer *writer;		/* NULL without -w */
	struct fragment_frames *held;	/* frames of fragments, see there */
	int error;			/* errno of the first failed write, or 0 */
};

/* Opens the capture that goes with 'c'.  False after a message. */
bool frame_writer_open(struct frame_writer *w, const struct settings *settings,
		       const struct capture *c);
void frame_writer_free(struct frame_writer *w);

/* The frame, unless writing has failed before. */
void frame_writer_frame(struct frame_writer *w, const struct frame *f);

/* The same of a frame of the batch, which must not change before
 * frame_writer_batch_end(). */
static inline void frame_writer_next(struct frame_writer *w, const struct frame *f)
{
	if (!w->error)
		w->error = writer_next(w->writer, f);
}

static inline void frame_writer_batch_end(struct frame_writer *w)
{
	if (!w->error)
		w->error = writer_batch_end(w->writer);
}

/* The frame of a packet, if it is selected, with the fragments of 'r' that it
 * completes.  False: no memory to keep a fragment's frame. */
bool frame_writer_packet(struct frame_writer *w, const struct frame *f,
			 const struct ct_reassembly *r, const struct ct_packet *pkt,
			 const struct ct_verdict *v, bool selected);

/* What is in memory goes out. */
void frame_writer_flush(struct frame_writer *w);

/* Completes the capture; 0, or errno of the first write that failed. */
int frame_writer_finish(struct frame_writer *w);

#endif
