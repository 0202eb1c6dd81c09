/* SPDX-License-Identifier: GPL-2.0-only */
/* view.c - single connections: that of the packet at hand, with what rules change
 * of it, and one by its tuple. */
#include "conntrack/helper/ext.h"
#include "conntrack/helper/helper.h"
#include "conntrack/lifecycle.h"
#include "conntrack/table/index.h"
#include "conntrack/tuple.h"

/* Whether 'number' is the entry with this id, alive or at hand. */
static bool is_entry(const struct ct *ct, uint32_t number, uint64_t id)
{
	if (!table_has(&ct->table, number) || entry_get(ct, number)->id != id)
		return false;
	return entry_rest(ct, number)->indexed ||
	       (number == ct->current && ct->slow & (SLOW_PENDING | SLOW_ENDED));
}

/* The number of the entry that ct_current() shows, or ENTRY_NONE. */
static uint32_t number_of(const struct ct *ct, const struct ct_packet *pkt,
			  const struct ct_verdict *v)
{
	uint32_t number = ct->current;

	if (v->ctstate != CT_NEW && v->ctstate != CT_ESTABLISHED &&
	    v->ctstate != CT_RELATED)
		return ENTRY_NONE;
	/* The fast path leaves no trace but in the packet. */
	if (!is_entry(ct, number, v->id) &&
	    pkt->priv.prepared & CT_PREPARED_FLOW)
		number = pkt->priv.entry;
	return is_entry(ct, number, v->id) ? number : ENTRY_NONE;
}

bool ct_current(const struct ct *ct, const struct ct_packet *pkt,
		const struct ct_verdict *v, struct ct_record *record)
{
	uint32_t number = number_of(ct, pkt, v);

	if (number == ENTRY_NONE)
		return false;
	entry_record(ct, number, ct->now, record);
	return true;
}

/* The packet at hand goes on to ct_confirm(), which sends what has changed. */
static void wait_for_confirm(struct ct *ct, uint32_t number,
			     const struct ct_packet *pkt,
			     const struct ct_verdict *v)
{
	if (!ct->sends_updates || ct->slow & (SLOW_PENDING | SLOW_ENDED))
		return;
	ct->current = number;
	ct->slow |= SLOW_PENDING;
	ct->pkt = pkt;
	ct->dir = v->dir;
	ct->ctstate = v->ctstate;
}

bool ct_set_mark(struct ct *ct, const struct ct_packet *pkt,
		 const struct ct_verdict *v, uint32_t mark)
{
	uint32_t number = number_of(ct, pkt, v);

	if (number == ENTRY_NONE)
		return false;
	if (table_mark(&ct->table, number) == mark)
		return true;
	if (!table_set_mark(&ct->table, number, mark)) {
		ct->stats.no_memory++;
		return false;
	}
	if (ct->sends_updates && entry_confirmed(entry_get(ct, number)))
		entry_get(ct, number)->changed |= CT_CHANGED_MARK;
	wait_for_confirm(ct, number, pkt, v);
	return true;
}

void ct_set_closing(struct ct *ct, const struct ct_packet *pkt,
		    const struct ct_verdict *v)
{
	uint32_t number = number_of(ct, pkt, v);
	struct ct_entry *e;

	if (number == ENTRY_NONE || ct->slow & SLOW_ENDED)
		return;
	e = entry_get(ct, number);
	if (e->protonum != CT_L4_TCP || e->proto.tcp.state == CT_TCP_CLOSE)
		return;
	e->proto.tcp.state = CT_TCP_CLOSE;
	entry_set_expiry(ct, number, e, ct->now + ct->tcp_timeout[CT_TCP_CLOSE] *
					CT_NSEC_PER_SEC);
	if (!entry_confirmed(e) || !ct->sends_updates)
		return;
	/* The reset leaves at once, and nf_confirm() sends what it changed. */
	entry_event(ct, number, CT_EVENT_UPDATE,
		    e->changed | CT_CHANGED_PROTOINFO, ct->now);
	e->changed = 0;
}

const char *ct_master_helper(const struct ct *ct, const struct ct_packet *pkt,
			     const struct ct_verdict *v)
{
	uint32_t number = number_of(ct, pkt, v);
	const struct ct_ext *ext = number != ENTRY_NONE ? entry_ext(ct, number) : NULL;

	if (!ext || !ext->master_ext || !ext->master_ext->helper)
		return NULL;
	return ext->master_ext->helper->name;
}

/* The tuple as the engine would have read it from a packet. */
static struct ct_tuple normalised(const struct ct_tuple *tuple)
{
	struct ct_tuple t = *tuple;

	t.zero = 0;
	if (t.l3num == CT_L3_IPV4) {
		t.src = (union ct_addr){ .w = { tuple->src.w[0] } };
		t.dst = (union ct_addr){ .w = { tuple->dst.w[0] } };
	}
	if (ct_proto_is_generic(t.protonum))
		t.l4 = 0;
	return t;
}

bool ct_lookup_zone(const struct ct *ct, const struct ct_tuple *tuple,
		    uint16_t zone, enum ct_dir *dir, struct ct_record *record)
{
	const struct ct_tuple t = normalised(tuple);
	const uint16_t zones[2] = { zone, zone };
	struct ct_entry *entry;
	uint32_t number, inverse;
	enum ct_dir found;

	if (!tuple_invert_l4(&inverse, &t))
		return false;
	number = index_find_zone(&ct->table, &t, inverse,
				 tuple_hash(&ct->hash_key, &t), zones, &entry,
				 &found);
	if (number == ENTRY_NONE)
		return false;
	if (dir)
		*dir = found;
	entry_record(ct, number, ct->now, record);
	return true;
}

bool ct_lookup(const struct ct *ct, const struct ct_tuple *tuple,
	       enum ct_dir *dir, struct ct_record *record)
{
	return ct_lookup_zone(ct, tuple, 0, dir, record);
}
