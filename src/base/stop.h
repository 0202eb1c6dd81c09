/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stop.h - a request to stop, which a signal handler sets.
 *
 * The signal interrupts a blocking system call in the thread that gets it, and in no
 * other thread.  A thread that may block elsewhere, or is about to, polls 'fd' as well.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H 1

#include <stdatomic.h>

struct stop {
	atomic_int set;	/* lock-free, as a signal handler needs; any thread reads it */
	int fd;		/* readable once 'set'; -1: no such descriptor */
};

#endif
