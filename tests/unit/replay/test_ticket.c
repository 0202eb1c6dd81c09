/* SPDX-License-Identifier: GPL-2.0-only */
/* Tickets are served one at a time, in order, and no thread sleeps for ever. */
#include "support/rig.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/event_count.h"
#include "replay/ticket.h"

#define THREADS	3u
#define TICKETS	30000u

struct table {
	struct ticket turn;
	uint64_t next;		/* the ticket to be served, not atomic */
	uint64_t wrong;
	uint64_t sleeper_every;	/* 0: never */
};

struct holder {
	struct table *table;
	uint64_t number;
	pthread_t thread;
};

/* At every 'sleeper_every'th ticket, waits until another thread is about to sleep: it has
 * stored what it waits for, and holds the mutex until it sleeps. */
static void await_sleeper(struct table *t, uint64_t number)
{
	if (t->sleeper_every == 0 || number % t->sleeper_every != 0)
		return;
	while (atomic_load(&t->turn.serving.wanted) == UINT64_MAX)
		sched_yield();
}

static void *take_turns(void *arg)
{
	struct holder *h = arg;
	struct table *t = h->table;

	for (; h->number < TICKETS; h->number += THREADS) {
		ticket_wait(&t->turn, h->number);
		t->wrong += t->next != h->number;
		/* At the end there may be no other thread left. */
		if (h->number + THREADS < TICKETS)
			await_sleeper(t, h->number);
		t->next = h->number + 1;
		ticket_advance(&t->turn);
	}
	return NULL;
}

static void start(struct holder *h, struct table *t, void *(*run)(void *))
{
	for (unsigned int i = 0; i < THREADS; i++) {
		h[i] = (struct holder){ .table = t, .number = i };
		assert_int_equal(pthread_create(&h[i].thread, NULL, run, &h[i]), 0);
	}
}

static void join(struct holder *h)
{
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(h[i].thread, NULL);
}

static void run(unsigned int spin_ns, uint64_t sleeper_every)
{
	struct table t = { .sleeper_every = sleeper_every };
	struct holder h[THREADS];

	ticket_init(&t.turn, spin_ns);
	start(h, &t, take_turns);
	join(h);
	assert_int_equal(t.wrong, 0);
	assert_int_equal(t.next, TICKETS);
	ticket_destroy(&t.turn);
}

static void ticket_in_order(void **state)
{
	(void)state;
	run(1500, 0);
}

static void ticket_in_order_from_sleep(void **state)
{
	(void)state;
	run(0, 100);
}

static void *wait_for_some(void *arg)
{
	struct holder *h = arg;
	struct table *t = h->table;

	for (; h->number <= TICKETS; h->number += 10 + h->number % 7) {
		ticket_wait(&t->turn, h->number);
		if (!ticket_reached(&t->turn, h->number))
			abort();
	}
	return NULL;
}

/* A thread that waits for a later ticket is woken, though others wait for less. */
static void ticket_wakes_all(void **state)
{
	struct table t = { .sleeper_every = 1000 };
	struct holder h[THREADS];

	(void)state;
	ticket_init(&t.turn, 15);
	start(h, &t, wait_for_some);
	for (uint64_t i = 0; i < TICKETS; i++) {
		ticket_wait(&t.turn, i);
		/* Until then each thread has a later ticket to wait for. */
		if (i + 20 < TICKETS)
			await_sleeper(&t, i);
		ticket_advance(&t.turn);
	}
	join(h);
	assert_true(ticket_reached(&t.turn, TICKETS));
	assert_false(ticket_reached(&t.turn, TICKETS + 1));
	ticket_destroy(&t.turn);
}

static void ticket_one_thread(void **state)
{
	struct ticket t;

	(void)state;
	ticket_init(&t, 15);
	for (uint64_t i = 0; i < 10; i++) {
		ticket_wait(&t, i);
		ticket_wait(&t, i);
		ticket_advance(&t);
	}
	ticket_destroy(&t);
}

struct idle {
	struct event_count changes;
	pthread_mutex_t lock;
	unsigned int work;	/* under the lock */
};

static void *do_work(void *arg)
{
	struct idle *idle = arg;
	uint64_t next;

	pthread_mutex_lock(&idle->lock);
	for (unsigned int did = 0; did < TICKETS; ) {
		if (idle->work > 0) {
			idle->work--;
			did++;
			continue;
		}
		next = event_count_read(&idle->changes) + 1;
		pthread_mutex_unlock(&idle->lock);
		event_count_wait(&idle->changes, next);
		pthread_mutex_lock(&idle->lock);
	}
	pthread_mutex_unlock(&idle->lock);
	return NULL;
}

/* An idle thread that has read the count misses no work that comes afterwards. */
static void event_count_misses_nothing(void **state)
{
	struct idle idle = { .work = 0 };
	pthread_t thread;

	(void)state;
	event_count_init(&idle.changes, 0);
	pthread_mutex_init(&idle.lock, NULL);
	assert_int_equal(pthread_create(&thread, NULL, do_work, &idle), 0);
	for (unsigned int i = 0; i < TICKETS; i++) {
		pthread_mutex_lock(&idle.lock);
		idle.work++;
		event_count_advance(&idle.changes);
		pthread_mutex_unlock(&idle.lock);
	}
	pthread_join(thread, NULL);
	assert_int_equal(idle.work, 0);
	assert_int_equal(event_count_read(&idle.changes), TICKETS);
	pthread_mutex_destroy(&idle.lock);
	event_count_destroy(&idle.changes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticket_in_order),
		cmocka_unit_test(ticket_in_order_from_sleep),
		cmocka_unit_test(ticket_wakes_all),
		cmocka_unit_test(ticket_one_thread),
		cmocka_unit_test(event_count_misses_nothing),
	};

	return cmocka_run_group_tests_name("ticket", tests, NULL, NULL);
}
