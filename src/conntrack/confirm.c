/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * confirm.c - the packet leaves: its helper runs, and a new connection is put
 * into the table or forgotten.  nf_confirm() of nf_conntrack_proto.c.
 */
#include "base/debug.h"
#include "conntrack/helper/helper.h"
#include "conntrack/lifecycle.h"

/* A new connection gets the helper of the rule for its port, unless it was
 * expected with a helper; nft_ct_helper_obj_eval().  Without a rule it gets one
 * by its port where that is switched on; __nf_ct_try_assign_helper(). */
static void assign_helper(struct ct *ct, uint32_t number)
{
	const struct ct_helper *helper = helper_for(ct, entry_get(ct, number));
	struct ct_ext *ext = entry_ext(ct, number);

	if (!helper || (ext && ext->helper))
		return;
	ext = ext_get(ct, number);
	if (ext)
		ext->helper = helper;
	else
		ct->stats.no_memory++;
}

/* The current packet needs neither ct_confirm() nor ct_drop() any more. */
static void settle(struct ct *ct)
{
	ct->slow &= (uint8_t)~(SLOW_PENDING | SLOW_ENDED);
}

/* Forgets the connection of the current packet, which is not in the table. */
static void forget(struct ct *ct)
{
	uint32_t number = ct->current;

	debug_assert(number != ENTRY_NONE && !entry_rest(ct, number)->indexed);
	ct->current = ENTRY_NONE;
	/* TFTP's helper makes an expectation before the connection of the
	 * request is in the table. */
	expect_remove_all(ct, entry_ext(ct, number));
	entry_free(ct, number);
}

/* The helper of the current packet drops it. */
static void drop_by_helper(struct ct *ct, struct ct_verdict *v)
{
	v->dropped = true;
	/* A connection that never was in the table has no id. */
	if (!entry_confirmed(entry_get(ct, ct->current))) {
		v->id = 0;
		v->slot = 0;
		v->proto = v->state = 0;
	}
	ct_drop(ct);
}

static noinline void confirm(struct ct *ct, uint32_t number,
			     struct ct_verdict *v)
{
	struct ct_entry *e = entry_get(ct, number);
	const struct ct_helper *helper;

	debug_assert(table_has(&ct->table, number));
	debug_assert(entry_confirmed(e) == entry_rest(ct, number)->indexed);
	debug_assert(!(ct->slow & SLOW_ENDED));
	if (!entry_confirmed(e) && (ct->helpers_by_rule || ct->helpers_by_port))
		assign_helper(ct, number);
	helper = e->status & ENTRY_EXT ? entry_ext(ct, number)->helper : NULL;
	if (helper && !helper->late && helper_run(ct, v) == HELP_DROP) {
		drop_by_helper(ct, v);
		return;
	}
	if (!entry_confirmed(e)) {
		entry_insert(ct, number);
		entry_event(ct, number, CT_EVENT_NEW, e->changed, ct->now);
	} else if (e->changed) {
		entry_event(ct, number, CT_EVENT_UPDATE, e->changed, ct->now);
	}
	e->changed = 0;
	if (helper && helper->late)
		helper_run(ct, v);
	settle(ct);
}

void ct_confirm(struct ct *ct, struct ct_verdict *v)
{
	if (unlikely(ct->slow & SLOW_PENDING))
		confirm(ct, ct->current, v);
}

void ct_drop(struct ct *ct)
{
	bool forgotten = ct->slow & SLOW_ENDED ||
			 (ct->slow & SLOW_PENDING &&
			  !entry_confirmed(entry_get(ct, ct->current)));

	settle(ct);
	if (forgotten)
		forget(ct);
}
