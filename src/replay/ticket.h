/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * turn.h - who is next, where several threads must do something one after the
 * other.
 *
 * Numbers from 0 on come in turn, each of them once: who has the number waits
 * until it is called, does what is to be done, and calls the next one.  Others
 * may wait until it has come so far.
 */
#ifndef REPLAY_TURN_H
#define REPLAY_TURN_H 1

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ticket {
	_Atomic uint64_t called;
	_Atomic uint64_t wanted;	/* the least that a sleeper waits for */
	unsigned int looks;
	pthread_mutex_t mutex;
	pthread_cond_t passed;
};

/* Who waits looks 'looks' times, some 15 ns each, before it sleeps: being woken
 * takes tens of microseconds, above all on a virtual machine. */
void ticket_init(struct ticket *t, unsigned int looks);
void ticket_destroy(struct ticket *t);
/* Whether 'number' or a later one is called. */
static inline bool ticket_reached(struct ticket *t, uint64_t number)
{
	return atomic_load(&t->called) >= number;
}
/* Returns when it is, at once where it is already. */
void ticket_wait(struct ticket *t, uint64_t number);
/* For who has the number that is called: calls the next one. */
void ticket_advance(struct ticket *t);

#endif
