/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connections.h - what -C shows of each connection: its packets and bytes, and how
 * many of its packets had which state.
 *
 * The engine numbers the connections that live at a time with small slots, so an
 * array has the counts, and a packet costs one access to it.  A packet may end
 * its own connection, which is then reported before the packet is counted; such
 * ends wait until it is.
 */
#ifndef REPLAY_CONNECTIONS_H
#define REPLAY_CONNECTIONS_H 1

#include "report/connection_view.h"

struct connection_count {
	struct ct_counter counter[2];	/* by direction */
	uint64_t ctstate[CT_CTSTATES];
};

/* Ends that can wait for the packet at hand; others do not. */
#define CONNECTIONS_ENDING 8u

struct connections {
	bool wanted;		/* -C */
	bool in_packet;		/* between connections_begin() and _packet() */
	struct connection_count *count;	/* by slot */
	uint32_t capacity;
	struct connection_view ending[CONNECTIONS_ENDING];
	unsigned int nending;
};

void connections_free(struct connections *c);

/* Before ct_track(): the ends from here on wait for connections_packet(). */
static inline void connections_begin(struct connections *c)
{
	c->in_packet = true;
}

/* Counts a packet with its verdict.  False: no memory. */
bool connections_packet(struct connections *c, const struct ct_packet *pkt,
			const struct ct_verdict *v);

/*
 * A connection has ended, with the event 'ev'.  True: '*view' is to be reported
 * now; false: it waits for the packet at hand, see connections_next().
 */
bool connections_end(struct connections *c, const struct ct_event *ev,
		     struct connection_view *view);

/* After connections_packet(): the next end that has waited; NULL: no more. */
const struct connection_view *connections_next(struct connections *c);

/* What there is to say of a connection that is still in the table. */
void connections_open(const struct connections *c, const struct ct_record *rec,
		      struct connection_view *view);

#endif
