/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_count.h - a count of events that threads can wait for.
 *
 * The eventcount of Reed and Kanodia ("Synchronization with Eventcounts and
 * Sequencers", 1979): it only grows, event_count_advance() adds one, and
 * event_count_wait() returns when it has reached a number.  A thread that waits
 * for "something new" reads the count before it looks for work, and then waits for
 * the next number: what happens in between is not missed.
 */
#ifndef BASE_EVENT_COUNT_H
#define BASE_EVENT_COUNT_H 1

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct event_count {
	_Atomic uint64_t count;
	_Atomic uint64_t wanted;	/* the lowest number that a thread sleeps for;
					 * UINT64_MAX: no thread sleeps */
	unsigned int spin_ns;
	pthread_mutex_t mutex;		/* held for moments, never around other locks */
	pthread_cond_t reached;
};

/* As long as reading half a megabyte takes, for which threads wait most. */
#define EVENT_COUNT_SPIN_NS	100000u

/*
 * A waiting thread spins for about 'spin_ns' nanoseconds before it sleeps: a wake-up takes
 * tens of microseconds, more on a virtual machine.  It is a time and no number of spins,
 * as the instruction to pause takes 15 ns on some processors and 60 ns on others.
 */
void event_count_init(struct event_count *e, unsigned int spin_ns);
void event_count_destroy(struct event_count *e);

static inline uint64_t event_count_read(struct event_count *e)
{
	return atomic_load(&e->count);
}

/* Returns when the count is 'number' or more. */
void event_count_wait(struct event_count *e, uint64_t number);

/* Adds one and wakes the threads that waited for it. */
void event_count_advance(struct event_count *e);

#endif
