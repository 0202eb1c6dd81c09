/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress.h - a line on the terminal that shows how much was read.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H 1

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct progress {
	int fd;			/* -1: no line is shown */
	uint64_t start, last;	/* nanoseconds of the monotonic clock */
	atomic_bool shown;	/* the terminal shows a line now */
};

/* With 'fd' -1 the other functions do nothing. */
void progress_begin(struct progress *p, int fd);

/* Bytes read so far and in total (0: unknown).  Writes at most a few times a
 * second. */
void progress_show(struct progress *p, uint64_t done, uint64_t total);

/* Removes the line, so that a message can take its place.  Any thread may call
 * this; the next progress_show() writes the line again. */
void progress_clear(struct progress *p);

#endif
