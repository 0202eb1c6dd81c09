/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/connections.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 1024u

void connections_free(struct connections *c)
{
	free(c->count);
}

static bool make_room(struct connections *c, uint32_t slot)
{
	size_t capacity = c->capacity ? c->capacity : CAPACITY_MIN;
	struct connection_count *count;

	while (capacity <= slot)
		capacity *= 2;
	count = realloc(c->count, capacity * sizeof(*count));
	if (!count)
		return false;
	memset(count + c->capacity, 0, (capacity - c->capacity) * sizeof(*count));
	c->count = count;
	c->capacity = (uint32_t)capacity;
	return true;
}

/* An ICMP error is RELATED to the connection that it quotes, but none of its
 * packets; no helper expects ICMP. */
static bool is_own(const struct ct_packet *pkt, const struct ct_verdict *v)
{
	return v->dir != CT_DIR_NONE &&
	       !(v->ctstate == CT_RELATED && (pkt->protonum == CT_L4_ICMP ||
					      pkt->protonum == CT_L4_ICMPV6));
}

static void add(struct ct_counter *counter, uint64_t *ctstate,
		const struct ct_packet *pkt, const struct ct_verdict *v)
{
	ctstate[v->ctstate]++;
	if (!is_own(pkt, v))
		return;
	counter[v->dir].packets++;
	counter[v->dir].bytes += pkt->len;
}

/* The connection that the packet itself has ended, or NULL. */
static struct connection_view *find_ending(struct connections *c, uint64_t id)
{
	for (unsigned int i = 0; i < c->nending; i++)
		if (c->ending[i].record.id == id)
			return &c->ending[i];
	return NULL;
}

bool connections_packet(struct connections *c, const struct ct_packet *pkt,
			const struct ct_verdict *v)
{
	struct connection_view *ending;

	c->in_packet = false;
	if (!v->id)
		return true;
	ending = c->nending ? find_ending(c, v->id) : NULL;
	if (ending) {
		add(ending->record.counter, ending->ctstate, pkt, v);
		return true;
	}
	if (v->slot >= c->capacity && !make_room(c, v->slot))
		return false;
	add(c->count[v->slot].counter, c->count[v->slot].ctstate, pkt, v);
	return true;
}

void connections_open(const struct connections *c, const struct ct_record *rec,
		      struct connection_view *view)
{
	static const struct connection_count none;
	const struct connection_count *count =
		rec->slot < c->capacity ? &c->count[rec->slot] : &none;

	view->record = *rec;
	view->end = CT_END_NONE;
	view->when = rec->now;
	memcpy(view->record.counter, count->counter, sizeof(count->counter));
	memcpy(view->ctstate, count->ctstate, sizeof(view->ctstate));
}

bool connections_end(struct connections *c, const struct ct_event *ev,
		     struct connection_view *view)
{
	bool wait = c->in_packet && c->nending < CONNECTIONS_ENDING;
	struct connection_view *to = wait ? &c->ending[c->nending++] : view;

	connections_open(c, &ev->record, to);
	to->end = ev->end;
	to->when = ev->when;
	/* The slot may be another's next. */
	if (ev->record.slot < c->capacity)
		c->count[ev->record.slot] = (struct connection_count){ 0 };
	return !wait;
}

const struct connection_view *connections_next(struct connections *c)
{
	return c->nending ? &c->ending[--c->nending] : NULL;
}
