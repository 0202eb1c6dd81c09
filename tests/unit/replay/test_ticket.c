/* SPDX-License-Identifier: GPL-2.0-only */
/* Turns: one at a time, in order, whoever is fast or slow. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "replay/ticket.h"

#define THREADS	3u
#define TURNS	30000u

struct table {
	struct ticket turn;
	uint64_t next;		/* whose turn it is, not atomic */
	uint64_t wrong;
	unsigned int nap_every;
};

struct guest {
	struct table *table;
	uint64_t number;
	pthread_t thread;
};

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 300000 }, NULL);
}

static void *take_turns(void *arg)
{
	struct guest *g = arg;
	struct table *t = g->table;

	for (; g->number < TURNS; g->number += THREADS) {
		ticket_wait(&t->turn, g->number);
		t->wrong += t->next != g->number;
		/* Long enough for the others to fall asleep. */
		if (t->nap_every && g->number % t->nap_every == 0)
			nap();
		t->next = g->number + 1;
		ticket_advance(&t->turn);
	}
	return NULL;
}

static void run(unsigned int nap_every)
{
	struct table t = { .nap_every = nap_every };
	struct guest g[THREADS];

	ticket_init(&t.turn, 100);
	for (unsigned int i = 0; i < THREADS; i++) {
		g[i] = (struct guest){ .table = &t, .number = i };
		assert_int_equal(pthread_create(&g[i].thread, NULL, take_turns,
						&g[i]), 0);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(g[i].thread, NULL);
	assert_int_equal(t.wrong, 0);
	assert_int_equal(t.next, TURNS);
	ticket_destroy(&t.turn);
}

static void in_order(void **state)
{
	(void)state;
	run(0);
}

static void in_order_from_sleep(void **state)
{
	(void)state;
	run(100);
}

/* Whoever waits for what comes later is not missed when others wait for less. */
static void *await_some(void *arg)
{
	struct guest *g = arg;
	struct table *t = g->table;

	for (; g->number <= TURNS; g->number += 10 + g->number % 7) {
		ticket_wait(&t->turn, g->number);
		if (!ticket_reached(&t->turn, g->number))
			abort();
	}
	return NULL;
}

static void later_ones(void **state)
{
	struct table t = { .nap_every = 1000 };
	struct guest host = { .table = &t }, g[THREADS];

	(void)state;
	ticket_init(&t.turn, 1);
	for (unsigned int i = 0; i < THREADS; i++) {
		g[i] = (struct guest){ .table = &t, .number = i };
		assert_int_equal(pthread_create(&g[i].thread, NULL, await_some,
						&g[i]), 0);
	}
	for (; host.number < TURNS; host.number++) {
		ticket_wait(&t.turn, host.number);
		if (host.number % t.nap_every == 0)
			nap();
		ticket_advance(&t.turn);
	}
	/* All have come to their ends: nobody sleeps for ever. */
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(g[i].thread, NULL);
	assert_true(ticket_reached(&t.turn, TURNS));
	assert_false(ticket_reached(&t.turn, TURNS + 1));
	ticket_destroy(&t.turn);
}

/* One alone waits for nobody. */
static void alone(void **state)
{
	struct ticket t;

	(void)state;
	ticket_init(&t, 1);
	for (uint64_t i = 0; i < 10; i++) {
		ticket_wait(&t, i);
		ticket_wait(&t, i);
		ticket_advance(&t);
	}
	ticket_destroy(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(in_order_from_sleep),
		cmocka_unit_test(later_ones),
		cmocka_unit_test(alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
