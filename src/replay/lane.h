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
	unsigned int first, n;
	void *item[LANE_ROOM];
};

void lane_init(struct lane *l);
void lane_destroy(struct lane *l);
/* The lane must have room. */
void lane_put(struct lane *l, void *item);
/* Waits until there is one. */
void *lane_get(struct lane *l);

#endif
