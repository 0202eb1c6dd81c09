/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame_writer.h - -w: the frames that are let through go into a capture.
 *
 * The tracker, which knows the verdicts, chooses frames of its batch.  They are written
 * when the batch is printed, while another thread tracks the next one: so the capture, as
 * standard output, belongs to the thread whose ticket is served (printer.h).
 */
#ifndef REPLAY_FRAME_WRITER_H
#define REPLAY_FRAME_WRITER_H 1

#include <stdbool.h>

#include "capture/write.h"
#include "ctreplay/conntrack.h"
#include "ctreplay/reassembly.h"
#include "replay/batch.h"
#include "replay/fragment_frames.h"
#include "replay/settings.h"

struct frame_writer {
	struct writer_file file;	/* opened first; 'writer' takes it */
	struct writer *writer;		/* NULL without -w */
	struct fragment_frames *held;	/* the tracker's: frames of fragments, see there */
	int error;			/* errno of the first failed write, or 0 */
};

/* Opens the capture that goes with 'c'.  False after a message. */
bool frame_writer_open(struct frame_writer *w, const struct settings *settings,
		       const struct capture *c);
void frame_writer_free(struct frame_writer *w);

/* Chooses one more where there is no space left: those before it are written first. */
void frame_writer_choose_slow(struct frame_writer *w, struct batch *b, uint32_t i);

/* Chooses a frame of the batch, which the tracker has. */
static inline void frame_writer_choose(struct frame_writer *w, struct batch *b,
				       const struct frame *f)
{
	uint32_t i = (uint32_t)(f - frame_batch_get(b->frames, 0));

	if (unlikely(!chosen_frames_add(&b->chosen, i)))
		frame_writer_choose_slow(w, b, i);
}

/* Chooses the frame of a packet, if it is selected, with the fragments of 'r' that it
 * completes.  False: no memory to keep a fragment's frame. */
bool frame_writer_packet(struct frame_writer *w, struct batch *b, const struct frame *f,
			 const struct ct_reassembly *r, const struct ct_packet *pkt,
			 const struct ct_verdict *v, bool selected);

/* Writes the frames that were chosen, unless writing has failed before, as it has if this
 * returns false.  The batch's ticket is served. */
bool frame_writer_write(struct frame_writer *w, struct batch *b);

/* Completes the capture; 0, or errno of the first write that failed. */
int frame_writer_finish(struct frame_writer *w);

#endif
