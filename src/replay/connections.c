/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/connections.h"

#include <stdlib.h>
#include <string.h>

#include "replay/firewall.h"

#define CAPACITY_MIN 1024u

_Static_assert(sizeof(struct connection_count) == 64, "one line of the cache");

void connections_free(struct connections *c)
{
	free(c->count);
	free(c->drops);
}

static noinline bool grow(struct connections *c, uint32_t slot)
{
	size_t capacity = c->capacity ? c->capacity : CAPACITY_MIN;
	struct connection_count *count;

	while (capacity <= slot)
		capacity *= 2;
	/* realloc(3) does not keep the alignment. */
	count = aligned_alloc(_Alignof(struct connection_count),
			      capacity * sizeof(*count));
	if (!count)
		return false;
	if (c->capacity)
		memcpy(count, c->count, c->capacity * sizeof(*count));
	memset(count + c->capacity, 0, (capacity - c->capacity) * sizeof(*count));
	free(c->count);
	c->count = count;
	c->capacity = (uint32_t)capacity;
	return true;
}

/* An ICMP error is RELATED to the connection that it quotes, but none of its
 * packets; no helper expects ICMP. */
static inline bool is_own(const struct ct_packet *pkt, const struct ct_verdict *v)
{
	return v->dir != CT_DIR_NONE &&
	       !(v->ctstate == CT_RELATED && (pkt->protonum == CT_L4_ICMP ||
					      pkt->protonum == CT_L4_ICMPV6));
}

static inline void add(struct ct_counter *counter, uint64_t *ctstate,
		       const struct ct_packet *pkt, const struct ct_verdict *v)
{
	/* A tracker's drop is no state that a rule sees. */
	if (v->ctstate >= CONNECTION_CTSTATES)
		return;
	ctstate[v->ctstate]++;
	if (!is_own(pkt, v))
		return;
	counter[v->dir].packets++;
	counter[v->dir].bytes += pkt->len;
}

bool connections_packet(struct connections *c, const struct ct_packet *pkt,
			const struct ct_verdict *v)
{
	if (!v->id)
		return true;
	if (c->reset_waits) {
		add(c->reset.record.counter, c->reset.ctstate, pkt, v);
		return true;
	}
	if (v->slot >= c->capacity && !grow(c, v->slot))
		return false;
	add(c->count[v->slot].counter, c->count[v->slot].ctstate, pkt, v);
	return true;
}

/* Room for the drops of all slots up to 'slot'. */
static bool grow_drops(struct connections *c, uint32_t slot)
{
	size_t capacity = c->drops_capacity ? c->drops_capacity : CAPACITY_MIN;
	struct connection_drops *drops;

	while (capacity <= slot)
		capacity *= 2;
	drops = realloc(c->drops, capacity * sizeof(*drops));
	if (!drops)
		return false;
	memset(drops + c->drops_capacity, 0,
	       (capacity - c->drops_capacity) * sizeof(*drops));
	c->drops = drops;
	c->drops_capacity = (uint32_t)capacity;
	return true;
}

bool connections_dropped(struct connections *c, const struct ct_verdict *v,
			 const struct rule_place *rule)
{
	struct connection_drops *d = &c->reset.drops;

	if (!v->id)
		return true;
	if (!c->reset_waits) {
		if (v->slot >= c->drops_capacity && !grow_drops(c, v->slot))
			return false;
		d = &c->drops[v->slot];
	}
	if (!d->packets++)
		d->first = *rule;
	d->last = *rule;
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
	view->refused = false;
	view->when = rec->now;
	memcpy(view->record.counter, count->counter, sizeof(count->counter));
	memcpy(view->ctstate, count->ctstate, sizeof(view->ctstate));
	view->drops = rec->slot < c->drops_capacity ? c->drops[rec->slot] :
		      (struct connection_drops){ 0 };
}

bool connections_end(struct connections *c, const struct ct_event *ev,
		     struct connection_view *view)
{
	bool wait = ev->end == CT_END_RESET;
	struct connection_view *to = wait ? &c->reset : view;

	connections_open(c, &ev->record, to);
	to->end = ev->end;
	to->when = ev->when;
	if (wait) {
		c->reset_waits = true;
		c->reset.record.last_seen = ev->when;
	}
	/* The slot may be another's next. */
	if (ev->record.slot < c->capacity)
		c->count[ev->record.slot] = (struct connection_count){ 0 };
	if (ev->record.slot < c->drops_capacity)
		c->drops[ev->record.slot] = (struct connection_drops){ 0 };
	return !wait;
}

struct counting {
	struct connections *c;
	const struct firewall *fw;
	struct state_io *io;
};

static void drops_state(struct counting *k, uint32_t slot)
{
	struct connection_drops none = { .packets = 0 }, *d = &none;
	bool has = k->io->save && slot < k->c->drops_capacity &&
		   k->c->drops[slot].packets;

	state_bool(k->io, &has);
	if (!has)
		return;
	if (slot >= k->c->drops_capacity && !grow_drops(k->c, slot))
		state_no_memory(k->io);
	else
		d = &k->c->drops[slot];
	state_u64(k->io, &d->packets);
	firewall_place_state(k->fw, &d->first, k->io);
	firewall_place_state(k->fw, &d->last, k->io);
}

/* For ct_table(), whose order a state has. */
static bool count_state(void *arg, const struct ct_record *rec)
{
	struct counting *k = arg;
	struct connection_count *count;

	if (rec->slot >= k->c->capacity && !grow(k->c, rec->slot)) {
		state_no_memory(k->io);
		return false;
	}
	count = &k->c->count[rec->slot];
	for (int dir = 0; dir < 2; dir++) {
		state_u64(k->io, &count->counter[dir].packets);
		state_u64(k->io, &count->counter[dir].bytes);
	}
	state_u64s(k->io, count->ctstate, CONNECTION_CTSTATES);
	if (k->fw)
		drops_state(k, rec->slot);
	return !state_failed(k->io);
}

void connections_state(struct connections *c, struct ct *ct, const struct firewall *fw,
		       struct state_io *io)
{
	struct counting k = { c, fw, io };

	state_begin(io, STATE_TAG('C', 'N', 'T', 'S'));
	if (c->wanted && !state_failed(io) && ct_table(ct, count_state, &k) != 0)
		state_no_memory(io);
	state_end(io);
}
