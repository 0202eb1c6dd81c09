/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connections.h - what -C shows of each connection: its packets and bytes, and how
 * many of its packets had which state.
 *
 * The engine numbers the connections that live at a time with small slots, so an
 * array has the counts, and a packet costs one access to it.
 */
#ifndef REPLAY_CONNECTIONS_H
#define REPLAY_CONNECTIONS_H 1

#include <stdbool.h>

#include "base/compiler.h"
#include "base/state_io.h"
#include "report/connection_view.h"

/* One line of the processor's cache. */
struct connection_count {
	_Alignas(64) struct ct_counter counter[2];	/* by direction */
	uint64_t ctstate[CONNECTION_CTSTATES];
};

struct firewall;

struct connections {
	bool wanted;		/* -C or --top */
	struct connection_count *count;	/* by slot */
	uint32_t capacity;
	struct connection_drops *drops;	/* by slot; NULL: there are none yet */
	uint32_t drops_capacity;
	/* A reset ends its own connection, and the engine says so before it returns
	 * the verdict on the reset.  The end waits here until the packet is counted. */
	bool reset_waits;
	struct connection_view reset;
};

void connections_free(struct connections *c);

/* For a packet of this slot that comes soon. */
static inline void connections_prefetch(const struct connections *c, uint32_t slot)
{
	if (slot < c->capacity)
		fetch_to_write(&c->count[slot]);
}

/* Counts a packet with its verdict.  False: no memory. */
bool connections_packet(struct connections *c, const struct ct_packet *pkt,
			const struct ct_verdict *v);

/* The same for a packet in ESTABLISHED.  False: connections_packet() has to do it. */
static inline bool connections_established(struct connections *c,
					   const struct ct_packet *pkt,
					   const struct ct_verdict *v)
{
	struct connection_count *count;

	if (unlikely(c->reset_waits || v->slot >= c->capacity || !v->id ||
		     v->dir == CT_DIR_NONE))
		return false;
	count = &c->count[v->slot];
	count->ctstate[CT_ESTABLISHED]++;
	count->counter[v->dir].packets++;
	count->counter[v->dir].bytes += pkt->len;
	return true;
}

/* Before connections_packet(), for a packet that 'rule' has dropped.  False: no
 * memory. */
bool connections_dropped(struct connections *c, const struct ct_verdict *v,
			 const struct rule_place *rule);

/*
 * A connection has ended, with the event 'ev'.  True: '*view' is to be reported
 * now; false: it waits for the packet at hand, see connections_reset().
 */
bool connections_end(struct connections *c, const struct ct_event *ev,
		     struct connection_view *view);

/* After connections_packet(): the connection that the packet has reset, or NULL. */
static inline const struct connection_view *
connections_reset(struct connections *c)
{
	if (!c->reset_waits)
		return NULL;
	c->reset_waits = false;
	return &c->reset;
}

/* What was counted as bytes, for the connections of the engine's table, and with a
 * firewall what its rules have dropped; both ways. */
void connections_state(struct connections *c, struct ct *ct, const struct firewall *fw,
		       struct state_io *io);

/* What there is to say of a connection that is still in the table. */
void connections_open(const struct connections *c, const struct ct_record *rec,
		      struct connection_view *view);

#endif
