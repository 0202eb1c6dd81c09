/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connection_view.h - a connection from its first packet to its end (-C).
 */
#ifndef REPORT_CONNECTION_VIEW_H
#define REPORT_CONNECTION_VIEW_H 1

#include "ctreplay/conntrack.h"
#include "report/rule_view.h"

/* The packets of a connection are NEW, ESTABLISHED, RELATED or INVALID. */
#define CONNECTION_CTSTATES (CT_INVALID + 1)

/* The packets that the rules dropped or rejected, and which rules did so, the first
 * time and the last. */
struct connection_drops {
	uint64_t packets;
	struct rule_place first, last;
};

struct connection_view {
	/* As it was last in the table; 'counter' has the packets and bytes that
	 * were its own, whether or not nf_conntrack_acct is set. */
	struct ct_record record;
	uint64_t ctstate[CONNECTION_CTSTATES];	/* packets by state, with the ICMP
					 * errors about it and its INVALID packets */
	enum ct_end end;	/* CT_END_NONE: it is still in the table ... */
	bool refused;		/* ... or never was: a rule dropped its first packet */
	ct_time when;		/* of the end */
	struct connection_drops drops;	/* with a firewall */
};

static inline bool connection_is_open(const struct connection_view *c)
{
	return c->end == CT_END_NONE && !c->refused;
}

/* NULL if it has not ended. */
static inline const char *connection_end_name(const struct connection_view *c)
{
	return c->refused ? "dropped" : ct_end_name(c->end);
}

#endif
