/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/event_count.h"

static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

void event_count_init(struct event_count *e, unsigned int spins)
{
	e->spins = spins;
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

void event_count_wait(struct event_count *e, uint64_t number)
{
	for (unsigned int i = 0; i < e->spins; i++) {
		if (event_count_read(e) >= number)
			return;
		cpu_relax();
	}
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
