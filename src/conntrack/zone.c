/* SPDX-License-Identifier: GPL-2.0-only */
/* zone.c - packets that a rule's template is for: nf_conntrack_in() with one, and
 * the zone as a part of a connection's identity. */
#include "conntrack/core.h"

#include "conntrack/table/index.h"
#include "conntrack/tuple.h"

/* nf_ct_zone_id() of the template for each direction. */
static void zone_ids(const struct ct_template *tmpl, uint16_t id[2])
{
	for (unsigned int dir = 0; dir < 2; dir++)
		id[dir] = tmpl->zone_dirs >> dir & 1 ? tmpl->zone : 0;
}

bool zone_find(struct track *t, struct ct_tuple *tuple)
{
	uint32_t inverse_l4;
	uint16_t id[2];

	tuple->zero = t->ct->tmpl.zone;
	t->number = ENTRY_NONE;
	if (!tuple_invert_l4(&inverse_l4, tuple))
		return false;
	zone_ids(&t->ct->tmpl, id);
	t->number = index_find_zone(&t->ct->table, tuple, inverse_l4, t->hash, id,
				    &t->entry, &t->dir);
	return t->number != ENTRY_NONE;
}

bool ct_track_as(struct ct *ct, const struct ct_packet *pkt,
		 const struct ct_template *tmpl, struct ct_verdict *v)
{
	struct ct_packet *copy = &ct->templated;
	bool more;

	if (!tmpl || (!tmpl->notrack && !tmpl->zone && !tmpl->helper))
		return ct_track(ct, pkt, v);
	*copy = *pkt;
	if (tmpl->notrack)
		copy->flags |= CT_PACKET_NOTRACK;
	/* What was prepared is the flow in zone 0. */
	if (tmpl->zone)
		copy->priv.prepared &= (uint8_t)~CT_PREPARED_FLOW;
	ct->tmpl = *tmpl;
	if (!tmpl->zone)
		ct->tmpl.zone_dirs = 0;
	ct->zones |= tmpl->zone != 0;
	more = core_track(ct, copy, v);
	ct->tmpl = (struct ct_template){ 0 };
	return more;
}
