/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core.h - what the files of the core share: core.c, fast_path.c, confirm.c and
 * inet_error.c.
 */
#ifndef CONNTRACK_CORE_H
#define CONNTRACK_CORE_H 1

#include "conntrack/track.h"

/* The engine of a valid configuration; NULL: no memory. */
struct ct *core_create(const struct ct_config *cfg);

/* ct_track() for any packet. */
bool core_track(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v);

/* Removes the entries that have expired by 'now', and moves the clock there. */
void core_expire(struct ct *ct, ct_time now);

/* The connection and its internal state into the verdict. */
static inline void core_set_state(struct track *t)
{
	uint8_t protonum = t->entry->protonum;

	t->v->id = t->entry->id;
	t->v->slot = t->number;
	if (protonum == CT_L4_TCP || protonum == CT_L4_SCTP ||
	    (protonum == CT_L4_DCCP && !kernel_has(t->ct, CT_HAS_DCCP_GENERIC))) {
		t->v->proto = protonum;
		t->v->state = t->entry->proto.state;
	}
}

/*
 * The packet goes on to ct_confirm(), which most do not need: their connection
 * is in the table and has no helper, and there is no event to send.
 */
static inline void core_accept(struct track *t, enum ct_ctstate ctstate)
{
	struct ct_entry *e = t->entry;
	struct ct *ct = t->ct;

	ct->current = t->number;
	if (likely((e->status & (CT_STATUS_CONFIRMED | ENTRY_EXT)) ==
		   CT_STATUS_CONFIRMED && (!e->changed || !ct->sends_updates))) {
		e->changed = 0;
		return;
	}
	ct->slow |= SLOW_PENDING;
	ct->pkt = t->pkt;
	ct->dir = (uint8_t)t->dir;
	ct->ctstate = (uint8_t)ctstate;
}

#endif
