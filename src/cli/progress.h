/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress.h - a line that says how far the reading is, over and over.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H 1

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct progress {
	int fd;			/* where to; -1: nowhere */
	uint64_t start, last;	/* nanoseconds of the monotonic clock */
	atomic_bool shown;	/* a line stands there now */
};

/* Shows nothing where 'fd' is -1. */
void progress_begin(struct progress *p, int fd);

/* Bytes done, and of how many; 0: nobody knows.  Writes a few times a second. */
void progress_show(struct progress *p, uint64_t done, uint64_t total);

/* Takes the line away, for a message that comes in its place, also from another
 * thread; the next progress_show() writes it again. */
void progress_clear(struct progress *p);

#endif
