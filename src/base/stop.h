/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stop.h - the user's wish that the program stop.
 *
 * A signal handler sets it.  A system call that waits is interrupted in the
 * thread that gets the signal, and in no other; who waits elsewhere, or was only
 * about to, waits for 'fd' as well.
 */
#ifndef STOP_H
#define STOP_H 1

#include <signal.h>

struct stop {
	volatile sig_atomic_t set;
	int fd;		/* readable once 'set'; -1: there is none */
};

#endif
