/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/lane.h"

#include <string.h>

/* Neither can fail with default attributes (glibc, musl). */
void lane_init(struct lane *l, unsigned int enough)
{
	memset(l, 0, sizeof(*l));
	l->enough = enough;
	pthread_mutex_init(&l->mutex, NULL);
	pthread_cond_init(&l->filled, NULL);
}

void lane_destroy(struct lane *l)
{
	pthread_cond_destroy(&l->filled);
	pthread_mutex_destroy(&l->mutex);
}

void lane_put(struct lane *l, void *item, bool urgent)
{
	bool wake;

	pthread_mutex_lock(&l->mutex);
	l->item[(l->first + l->n++) % LANE_ROOM] = item;
	l->urgent |= urgent;
	wake = l->urgent || l->n >= l->enough;
	pthread_mutex_unlock(&l->mutex);
	/* Costs no system call where nobody waits. */
	if (wake)
		pthread_cond_signal(&l->filled);
}

void *lane_get(struct lane *l)
{
	void *item;

	pthread_mutex_lock(&l->mutex);
	if (l->n == 0)
		while (l->n < l->enough && !l->urgent)
			pthread_cond_wait(&l->filled, &l->mutex);
	item = l->item[l->first];
	l->first = (l->first + 1) % LANE_ROOM;
	if (--l->n == 0)
		l->urgent = false;
	pthread_mutex_unlock(&l->mutex);
	return item;
}

void lane_await(struct lane *l, unsigned int n)
{
	pthread_mutex_lock(&l->mutex);
	while (l->n < n)
		pthread_cond_wait(&l->filled, &l->mutex);
	pthread_mutex_unlock(&l->mutex);
}
