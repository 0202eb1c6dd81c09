/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/turn.h"

#include <stdbool.h>

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Neither can fail with default attributes (glibc, musl). */
void turn_init(struct turn *t, unsigned int looks)
{
	t->looks = looks;
	atomic_init(&t->called, 0);
	atomic_init(&t->asleep, 0);
	pthread_mutex_init(&t->mutex, NULL);
	pthread_cond_init(&t->passed, NULL);
}

void turn_destroy(struct turn *t)
{
	pthread_cond_destroy(&t->passed);
	pthread_mutex_destroy(&t->mutex);
}

static inline bool is_called(struct turn *t, uint64_t number)
{
	return atomic_load_explicit(&t->called, memory_order_acquire) == number;
}

/* Who is about to sleep says so and looks once more; who calls a number looks
 * for sleepers afterwards: so one of the two sees the other. */
static void sleep_until(struct turn *t, uint64_t number)
{
	pthread_mutex_lock(&t->mutex);
	atomic_fetch_add(&t->asleep, 1);
	while (atomic_load(&t->called) != number)
		pthread_cond_wait(&t->passed, &t->mutex);
	atomic_fetch_sub(&t->asleep, 1);
	pthread_mutex_unlock(&t->mutex);
}

void turn_await(struct turn *t, uint64_t number)
{
	for (unsigned int i = 0; i < t->looks; i++) {
		if (is_called(t, number))
			return;
		relax();
	}
	sleep_until(t, number);
}

void turn_pass(struct turn *t)
{
	atomic_fetch_add(&t->called, 1);
	if (atomic_load(&t->asleep) == 0)
		return;
	pthread_mutex_lock(&t->mutex);
	pthread_cond_broadcast(&t->passed);
	pthread_mutex_unlock(&t->mutex);
}
