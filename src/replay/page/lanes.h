/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lanes.h - connections with the states that they went through.
 *
 * There may be any number of connections.  Once twice as many are there as the page
 * shows, the half with less trouble is given up: trouble is packets that are INVALID or
 * dropped, then what is large, then what was never answered.
 */
#ifndef REPLAY_PAGE_LANES_H
#define REPLAY_PAGE_LANES_H 1

#include "replay/page/bins.h"
#include "report/connection_view.h"
#include "report/page.h"

#define LANES_KEPT	100000u
#define SEGMENTS_KEPT	1000000u
/* No connection takes the segments of all others. */
#define SEGMENTS_EACH	1000u

/* An entry of the table, by its slot. */
struct lane_slot {
	uint64_t id;		/* 0: none */
	uint32_t lane;		/* its lane + 1; 0: given up */
	uint8_t state;		/* as page_state() has it */
	uint8_t protonum;	/* of a tracker with states, else 0 */
};

struct lanes {
	ct_time start;
	struct page_connection *lane;	/* in the order of their ids */
	uint32_t n, capacity;
	struct page_segment *segment;	/* in the order of time */
	uint32_t nsegments, segments_capacity;
	uint64_t seen, segments_seen;
	struct lane_slot *slot;
	uint32_t slots;
	struct lane_slot ended;	/* the last connection that ended */
};

void lanes_free(struct lanes *l);

/* A connection was created.  False: no memory. */
bool lanes_new(struct lanes *l, const struct ct_record *rec, struct bins *b);
/* It has another state or status; it has ended. */
bool lanes_update(struct lanes *l, const struct ct_record *rec, ct_time when,
		  struct bins *b);
bool lanes_end(struct lanes *l, const struct ct_event *ev, struct bins *b);

/* The connection of a packet, if it was ever in the table, else NULL. */
const struct lane_slot *lanes_find(const struct lanes *l, uint32_t slot, uint64_t id);

/* Counts one of its packets. */
void lanes_packet(struct lanes *l, const struct lane_slot *s, const struct ct_verdict *v,
		  bool dropped);

/* Whether that was its first packet. */
static inline bool lanes_is_first(const struct lanes *l, const struct lane_slot *s)
{
	return s->lane && l->lane[s->lane - 1].seen == 1;
}

/* The state after the packet, as its verdict has it.  False: no memory. */
bool lanes_follow(struct lanes *l, const struct ct_verdict *v, ct_time now,
		  struct bins *b);

/* What it counted, at its end or that of the capture. */
void lanes_count(struct lanes *l, const struct connection_view *c);

/* The lane of a connection; NULL: it has none. */
struct page_connection *lanes_by_id(const struct lanes *l, uint64_t id);

/* Gives up lanes until there are no more than LANES_KEPT.  False: no memory. */
bool lanes_reduce(struct lanes *l);

#endif
