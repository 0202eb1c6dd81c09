/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/ticket.h"

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Neither can fail with default attributes (glibc, musl). */
void ticket_init(struct ticket *t, unsigned int looks)
{
	t->looks = looks;
	atomic_init(&t->called, 0);
	atomic_init(&t->wanted, UINT64_MAX);
	pthread_mutex_init(&t->mutex, NULL);
	pthread_cond_init(&t->passed, NULL);
}

void ticket_destroy(struct ticket *t)
{
	pthread_cond_destroy(&t->passed);
	pthread_mutex_destroy(&t->mutex);
}

/* Who is about to sleep says for what and looks once more; who calls a number
 * looks for sleepers afterwards: so one of the two sees the other. */
static void sleep_until(struct ticket *t, uint64_t number)
{
	pthread_mutex_lock(&t->mutex);
	for (;;) {
		if (number < atomic_load(&t->wanted))
			atomic_store(&t->wanted, number);
		if (ticket_reached(t, number))
			break;
		pthread_cond_wait(&t->passed, &t->mutex);
	}
	pthread_mutex_unlock(&t->mutex);
}

void ticket_wait(struct ticket *t, uint64_t number)
{
	for (unsigned int i = 0; i < t->looks; i++) {
		if (ticket_reached(t, number))
			return;
		relax();
	}
	sleep_until(t, number);
}

void ticket_advance(struct ticket *t)
{
	uint64_t called = atomic_fetch_add(&t->called, 1) + 1;

	if (called < atomic_load(&t->wanted))
		return;
	/* Whoever waits for a later one says so again. */
	pthread_mutex_lock(&t->mutex);
	atomic_store(&t->wanted, UINT64_MAX);
	pthread_cond_broadcast(&t->passed);
	pthread_mutex_unlock(&t->mutex);
}
