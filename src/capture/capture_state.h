/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capture_state.h - what the capture's files share: capture.c opens, closes and orders
 * the captures, take.c and merge.c take frames of them into a batch.
 */
#ifndef CAPTURE_CAPTURE_STATE_H
#define CAPTURE_CAPTURE_STATE_H 1

#include "capture/capture.h"
#include "capture/file_gaps.h"
#include "capture/filter.h"
#include "capture/frame_runs.h"
#include "capture/interface_choice.h"
#include "capture/source_heap.h"
#include "capture/tag_hint.h"

struct capture {
	const struct diag *diag;
	const struct stop *stop;
	uint64_t max_frames;
	uint64_t frames, bytes;
	uint64_t lost;		/* as the files that ended say; see capture_lost() */
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
	/* Whether files alternated in the last batch: giving a batch the memory that a
	 * file was read into does not pay then. */
	bool alternates;
	size_t turns;		/* of files, in this batch */
};

/*
 * Takes the frames of the first source that are in memory and come before those of all
 * others, into the empty batch, with the memory that they are in.  CAPTURE_OK, also with
 * none: the others take them.
 */
enum capture_status capture_take_all(struct capture *c, struct frame_batch *b);

/* Takes the first source's frame at hand, which fits into the batch, and what can be
 * taken after it; the bytes are copied. */
enum capture_status capture_take_some(struct capture *c, struct frame_batch *b);

#endif
