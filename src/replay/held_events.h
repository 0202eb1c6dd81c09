/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * held_events.h - events of connections of which no packet is selected yet.
 *
 * A connection's first event comes long before the packet that selects it: with
 * --show 'tcp[tcpflags] & tcp-rst != 0' a NEW event is shown because the last packet
 * is a reset.  So its events wait here, until a packet selects the connection, or
 * the connection has ended and none can any more.
 */
#ifndef REPLAY_HELD_EVENTS_H
#define REPLAY_HELD_EVENTS_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"

struct held_events;

/* Keeps at most 'limit' events, the newest.  NULL: no memory. */
struct held_events *held_events_create(uint64_t limit);
void held_events_free(struct held_events *h);	/* NULL is fine */

/* Copies an event of the connection, or of an expectation that it made.  False:
 * no memory. */
bool held_events_add(struct held_events *h, const struct ct_event *ev);
bool held_events_add_expect(struct held_events *h, const struct ct_expect_event *ev);

/* One of the two is NULL. */
typedef void held_events_fn(void *arg, const struct ct_event *ev,
			    const struct ct_expect_event *expect);

/* The connection is selected: calls 'fn' for its events, in their order, and
 * forgets them. */
void held_events_release(struct held_events *h, uint64_t connection,
			 held_events_fn *fn, void *arg);

/* Forgets the connections that have ended. */
void held_events_forget_ended(struct held_events *h);

/* Events that were forgotten because of the limit. */
uint64_t held_events_lost(const struct held_events *h);

#endif
