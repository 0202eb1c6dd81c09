/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/held_events.h"

#include <stdlib.h>

#define CHAINS 16384u		/* a power of two */

struct held {
	struct held *older, *newer;	/* of all connections */
	struct held *next;		/* of the same one */
	uint64_t connection;
	bool expect;
	union {
		struct ct_event event;
		struct ct_expect_event expect_event;
	};
};

/* The events of one connection, oldest first; never empty. */
struct chain {
	struct chain *next;		/* with the same hash */
	struct chain *next_ended;
	uint64_t connection;
	bool ended;
	struct held *first, *last;
};

struct held_events {
	uint64_t n, limit, lost;
	struct held *oldest, *newest;
	struct chain *ended;		/* each has a DESTROY event */
	struct chain *chain[CHAINS];
};

struct held_events *held_events_create(uint64_t limit)
{
	struct held_events *h = calloc(1, sizeof(*h));

	if (h)
		h->limit = limit;
	return h;
}

static struct chain **find(struct held_events *h, uint64_t connection)
{
	struct chain **at = &h->chain[connection & (CHAINS - 1)];

	while (*at && (*at)->connection != connection)
		at = &(*at)->next;
	return at;
}

static void unlink_held(struct held_events *h, struct held *e)
{
	*(e->older ? &e->older->newer : &h->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &h->newest) = e->older;
	h->n--;
}

/* Frees the chain at '*at' with all its events. */
static void forget_chain(struct held_events *h, struct chain **at)
{
	struct chain *c = *at;

	while (c->first) {
		struct held *e = c->first;

		c->first = e->next;
		unlink_held(h, e);
		free(e);
	}
	if (c->ended) {
		struct chain **ended = &h->ended;

		while (*ended != c)
			ended = &(*ended)->next_ended;
		*ended = c->next_ended;
	}
	*at = c->next;
	free(c);
}

static void forget_oldest(struct held_events *h)
{
	struct held *e = h->oldest;
	struct chain **at = find(h, e->connection);

	h->lost++;
	if (!e->next) {
		forget_chain(h, at);
		return;
	}
	/* The oldest of all is the oldest of its connection. */
	(*at)->first = e->next;
	unlink_held(h, e);
	free(e);
}

/* Space for an event of the connection, at the end of its chain. */
static struct held *add(struct held_events *h, uint64_t connection, bool ended)
{
	struct held *e = calloc(1, sizeof(*e));
	struct chain **at, *c;

	if (!e)
		return NULL;
	while (h->n >= h->limit)
		forget_oldest(h);
	at = find(h, connection);
	c = *at;
	if (!c) {
		c = *at = calloc(1, sizeof(*c));
		if (!c) {
			free(e);
			return NULL;
		}
		c->connection = connection;
	}
	if (ended && !c->ended) {
		c->ended = true;
		c->next_ended = h->ended;
		h->ended = c;
	}
	*(c->last ? &c->last->next : &c->first) = e;
	c->last = e;
	e->connection = connection;
	e->older = h->newest;
	*(h->newest ? &h->newest->newer : &h->oldest) = e;
	h->newest = e;
	h->n++;
	return e;
}

bool held_events_add(struct held_events *h, const struct ct_event *ev)
{
	struct held *e = add(h, ev->record.id, ev->type == CT_EVENT_DESTROY);

	if (e)
		e->event = *ev;
	return e != NULL;
}

bool held_events_add_expect(struct held_events *h, const struct ct_expect_event *ev)
{
	struct held *e = add(h, ev->record.master, false);

	if (e) {
		e->expect = true;
		e->expect_event = *ev;
	}
	return e != NULL;
}

void held_events_release(struct held_events *h, uint64_t connection,
			 held_events_fn *fn, void *arg)
{
	struct chain **at = find(h, connection);

	if (!*at)
		return;
	for (const struct held *e = (*at)->first; e; e = e->next)
		fn(arg, e->expect ? NULL : &e->event,
		   e->expect ? &e->expect_event : NULL);
	forget_chain(h, at);
}

void held_events_forget_ended(struct held_events *h)
{
	while (h->ended)
		forget_chain(h, find(h, h->ended->connection));
}

uint64_t held_events_lost(const struct held_events *h)
{
	return h->lost;
}

void held_events_free(struct held_events *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < CHAINS; i++)
		while (h->chain[i])
			forget_chain(h, &h->chain[i]);
	free(h);
}
