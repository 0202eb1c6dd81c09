/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/event_count.h"

#include <time.h>

#define LOOKS	16	/* at the count, between two looks at the clock */

static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

void event_count_init(struct event_count *e, unsigned int spin_ns)
{
	e->spin_ns = spin_ns;
	atomic_init(&e->count, 0);
	atomic_init(&e->wanted, UINT64_MAX);
	/* Neither call fails with default attributes (glibc, musl). */
	pthread_mutex_init(&e->mutex, NULL);
	pthread_cond_init(&e->reached, NULL);
}

void event_count_destroy(struct event_count *e)
{
	pthread_cond_destroy(&e->reached);
	pthread_mutex_destroy(&e->mutex);
}

/*
 * Lost-wakeup guard: the waiter stores 'wanted', then rereads 'count'; the
 * advancing thread stores 'count', then reads 'wanted'.  All four are
 * sequentially consistent, so at least one of the two sees the other's store.
 */
static void sleep_until(struct event_count *e, uint64_t number)
{
	pthread_mutex_lock(&e->mutex);
	for (;;) {
		if (number < atomic_load(&e->wanted))
			atomic_store(&e->wanted, number);
		if (event_count_read(e) >= number)
			break;
		pthread_cond_wait(&e->reached, &e->mutex);
	}
	pthread_mutex_unlock(&e->mutex);
}

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* True when the count is 'number' or more; false when the time to spin is over. */
static bool spin_until(struct event_count *e, uint64_t number)
{
	uint64_t end = clock_ns() + e->spin_ns;

	do {
		for (unsigned int i = 0; i < LOOKS; i++) {
			if (event_count_read(e) >= number)
				return true;
			cpu_relax();
		}
	} while (clock_ns() < end);
	return false;
}

void event_count_wait(struct event_count *e, uint64_t number)
{
	if (event_count_read(e) < number && !spin_until(e, number))
		sleep_until(e, number);
}

void event_count_advance(struct event_count *e)
{
	uint64_t count = atomic_fetch_add(&e->count, 1) + 1;

	if (count < atomic_load(&e->wanted))
		return;
	/* A thread that sleeps for a later number stores 'wanted' again. */
	pthread_mutex_lock(&e->mutex);
	atomic_store(&e->wanted, UINT64_MAX);
	pthread_cond_broadcast(&e->reached);
	pthread_mutex_unlock(&e->mutex);
}
