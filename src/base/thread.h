/* SPDX-License-Identifier: GPL-2.0-only */
/* thread.h - threads beside the calling one, and the processors for them. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H 1

#include <pthread.h>
#include <stdbool.h>

/* The processors that this process may use; UINT_MAX if the system does not tell. */
unsigned int thread_processors(void);

/* Starts a thread with a small stack.  It gets no signals: the calling thread does.
 * False: the system has no thread for us. */
bool thread_start(pthread_t *id, void *(*run)(void *), void *arg);

#endif
