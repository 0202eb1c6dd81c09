/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame_runs.h - which frames came from which file.
 *
 * A run is a number of frames in sequence from one file.  Files of a sequence have
 * one run each; files that overlap in time alternate, so the number of runs has a
 * limit.
 */
#ifndef CAPTURE_FRAME_RUNS_H
#define CAPTURE_FRAME_RUNS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_RUNS_MAX	65536u

struct frame_run {
	uint64_t number;	/* of its first frame, over all files ... */
	uint64_t file_frame;	/* ... and in its file */
	const char *file;
};

struct frame_runs {
	struct frame_run *run;
	size_t n, capacity;
	const char *file;	/* of the frame that was added last */
	uint64_t end;		/* frames from this number on are not known; 0: all
				 * are */
};

void frame_runs_free(struct frame_runs *r);

/* A run, of another file than that of the frame before. */
void frame_runs_begin(struct frame_runs *r, uint64_t number, const char *file,
		      uint64_t file_frame);

/* Frame 'number' is frame 'file_frame' of 'file', whose name stays valid; numbers
 * increase. */
static inline void frame_runs_add(struct frame_runs *r, uint64_t number,
				  const char *file, uint64_t file_frame)
{
	if (file != r->file)
		frame_runs_begin(r, number, file, file_frame);
}

bool frame_runs_find(const struct frame_runs *r, uint64_t number,
		     const char **file, uint64_t *file_frame);

#endif
