/* SPDX-License-Identifier: GPL-2.0-only */
/* view.c - single connections: that of the packet at hand, and one by its tuple. */
#include "conntrack/lifecycle.h"
#include "conntrack/table/index.h"
#include "conntrack/tuple.h"

/* Whether 'number' is the entry with this id, alive or at hand. */
static bool is_entry(const struct ct *ct, uint32_t number, uint64_t id)
{
	if (number == ENTRY_NONE || number >= ct->table.made ||
	    entry_get(ct, number)->id != id)
		return false;
	return entry_rest(ct, number)->indexed ||
	       (number == ct->current && ct->slow & (SLOW_PENDING | SLOW_ENDED));
}

bool ct_current(const struct ct *ct, const struct ct_packet *pkt,
		const struct ct_verdict *v, struct ct_record *record)
{
	uint32_t number = ct->current;

	if (v->ctstate != CT_NEW && v->ctstate != CT_ESTABLISHED &&
	    v->ctstate != CT_RELATED)
		return false;
	/* The fast path leaves no trace but in the packet. */
	if (!is_entry(ct, number, v->id) &&
	    pkt->priv.prepared & CT_PREPARED_FLOW)
		number = pkt->priv.entry;
	if (!is_entry(ct, number, v->id))
		return false;
	entry_record(ct, number, ct->now, record);
	return true;
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

bool ct_lookup(const struct ct *ct, const struct ct_tuple *tuple,
	       enum ct_dir *dir, struct ct_record *record)
{
	const struct ct_tuple t = normalised(tuple);
	struct ct_entry *entry;
	uint32_t number, inverse;
	enum ct_dir found;

	if (!tuple_invert_l4(&inverse, &t))
		return false;
	number = index_find(&ct->table, &t, inverse,
			    tuple_hash(&ct->hash_key, &t), &entry, &found);
	if (number == ENTRY_NONE)
		return false;
	if (dir)
		*dir = found;
	entry_record(ct, number, ct->now, record);
	return true;
}
