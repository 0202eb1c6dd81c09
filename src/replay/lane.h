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
#include <stdbool.h>

#define LANE_ROOM 16u	/* pointers in one lane; a power of two */

/* What an item is, its first member, where a lane has both. */
enum parcel { PARCEL_WORK, PARCEL_PAGE };

struct lane {
	pthread_mutex_t mutex;
	pthread_cond_t filled;
	unsigned int first, n, enough;
	bool urgent;		/* what is there is enough */
	void *item[LANE_ROOM];
};

/*
 * Who finds the lane empty sleeps until there are 'enough', so that a thread
 * that is faster than the next is not woken for each.  More than one only
 * where the others come without what this one has to do first, or are put as
 * urgent.
 */
void lane_init(struct lane *l, unsigned int enough);
void lane_destroy(struct lane *l);
/* The lane must have room.  An urgent item is not waited with. */
void lane_put(struct lane *l, void *item, bool urgent);
/* Waits where there is none. */
void *lane_get(struct lane *l);
/* Waits until there are 'n', at least 'enough' of them. */
void lane_await(struct lane *l, unsigned int n);

#endif
