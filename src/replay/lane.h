/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lane.h - a queue of pointers from one thread to another.
 *
 * The stages of a replay pass batches down such lanes and get the empty ones
 * back on others.  Their number is fixed, and a lane has room for all of them,
 * so nobody ever waits to put one: whoever is ahead waits for an empty one.
 */
#ifndef REPLAY_LANE_H
#define REPLAY_LANE_H 1

#include <pthread.h>

#define LANE_ROOM 8u	/* pointers in one lane; a power of two */

struct lane {
	pthread_mutex_t mutex;
	pthread_cond_t filled;
	unsigned int first, n, enough;
	void *item[LANE_ROOM];
};

/*
 * Who finds the lane empty sleeps until there are 'enough': more than one of
 * those that come back by themselves, so that a thread that is faster than the
 * next is not woken for each.
 */
void lane_init(struct lane *l, unsigned int enough);
void lane_destroy(struct lane *l);
/* The lane must have room. */
void lane_put(struct lane *l, void *item);
/* Waits where there is none. */
void *lane_get(struct lane *l);
/* Waits until there are 'n', at least 'enough' of them. */
void lane_await(struct lane *l, unsigned int n);

#endif
