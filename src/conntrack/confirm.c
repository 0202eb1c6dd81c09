/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * confirm.c - the packet leaves: its helper runs, and a new connection is put
 * into the table or forgotten.  nf_confirm() of nf_conntrack_proto.c.
 */
#include "conntrack/helper/helper.h"
#include "conntrack/lifecycle.h"

/* A new connection gets the helper of the rule for its port, unless it was
 * expected with a helper; nft_ct_helper_obj_eval(). */
static void assign_helper(struct ct *ct, uint32_t number)
{
	const struct ct_helper *helper =
		helper_for(ct, &entry_get(ct, number)->tuple);
	struct ct_ext *ext = entry_ext(ct, number);

	if (!helper || (ext && ext->helper))
		return;
	ext = ext_get(ct, number);
	if (ext)
		ext->helper = helper;
	else
		ct->stats.no_memory++;
}

static noinline void confirm(struct ct *ct, uint32_t number,
			     struct ct_verdict *v)
{
	struct ct_entry *e = entry_get(ct, number);
	const struct ct_helper *helper;

	if (!entry_confirmed(e) && ct->cfg.nhelpers)
		assign_helper(ct, number);
	helper = e->status & ENTRY_EXT ? entry_ext(ct, number)->helper : NULL;
	if (helper && !helper->late && helper_run(ct, v) == HELP_DROP) {
		v->dropped = true;
		/* A connection that never was in the table has no id. */
		if (!entry_confirmed(e)) {
			v->id = 0;
			v->proto = v->state = 0;
		}
		ct_drop(ct);
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
	ct->current = ENTRY_NONE;
}

void ct_confirm(struct ct *ct, struct ct_verdict *v)
{
	if (unlikely(ct->current != ENTRY_NONE))
		confirm(ct, ct->current, v);
}

void ct_drop(struct ct *ct)
{
	uint32_t number = ct->current;

	ct->current = ENTRY_NONE;
	if (number == ENTRY_NONE || entry_confirmed(entry_get(ct, number)))
		return;
	/* TFTP's helper makes an expectation before the connection of the
	 * request is in the table. */
	expect_remove_all(ct, entry_ext(ct, number));
	entry_free(ct, number);
}
