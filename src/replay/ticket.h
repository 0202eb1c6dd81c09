/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ticket.h - a ticket sequencer: ticket holders run one at a time, in the order
 * of their tickets.
 *
 * Tickets are the numbers from 0 on, each held by one thread.  The holder waits
 * until its ticket is served, does its work, and advances the sequencer to the
 * next ticket.  Threads without a ticket may wait for the sequencer, too, to learn
 * that all tickets before one are done.
 */
#ifndef REPLAY_TICKET_H
#define REPLAY_TICKET_H 1

#include <stdbool.h>

#include "base/event_count.h"

struct ticket {
	struct event_count serving;	/* tickets that are done; the next is served */
};

static inline void ticket_init(struct ticket *t, unsigned int spin_ns)
{
	event_count_init(&t->serving, spin_ns);
}

static inline void ticket_destroy(struct ticket *t)
{
	event_count_destroy(&t->serving);
}

/* The ticket that is served. */
static inline uint64_t ticket_serving(struct ticket *t)
{
	return event_count_read(&t->serving);
}

/* Whether 'number' is served now, or was before. */
static inline bool ticket_reached(struct ticket *t, uint64_t number)
{
	return event_count_read(&t->serving) >= number;
}

/* Returns when it is. */
static inline void ticket_wait(struct ticket *t, uint64_t number)
{
	event_count_wait(&t->serving, number);
}

/* Serves the next ticket.  Only the holder of the ticket that is served calls it. */
static inline void ticket_advance(struct ticket *t)
{
	event_count_advance(&t->serving);
}

#endif
