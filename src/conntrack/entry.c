/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * entry.c - the life of a connection's entry, from the packet that opens it to
 * its end; init_conntrack(), __nf_conntrack_confirm() and nf_ct_delete().
 */
#include "conntrack/helper/helper.h"

void entry_record(const struct ct *ct, uint32_t number, ct_time now,
		  struct ct_record *r)
{
	const struct ct_entry *e = table_entry(ct, number);
	const struct entry_rest *rest = entry_rest(ct, number);
	const struct ct_proto *proto = ct_proto_find(e->tuple.protonum);
	const struct ct_counter *acct = entry_counters(ct, number);

	/* Member by member: to clear it all first costs more than the rest. */
	r->id = e->id;
	r->master = 0;
	r->tuple[CT_DIR_ORIGINAL] = e->tuple;
	tuple_invert(&r->tuple[CT_DIR_REPLY], &e->tuple);
	r->helper = NULL;
	r->status = e->status & ENTRY_PUBLIC;
	r->state = proto->state_name ? e->proto.state : 0;
	/* One for the table, one for whoever reads it. */
	r->use = 2;
	r->first_seen = rest->first_seen;
	r->last_seen = e->last_seen;
	r->expires = e->expires;
	r->now = now;
	r->gre_timeout = r->gre_timeout_stream = 0;
	if (e->tuple.protonum == CT_L4_GRE) {
		r->gre_timeout = e->proto.gre.timeout;
		r->gre_timeout_stream = e->proto.gre.stream_timeout;
	}
	if (rest->ext) {
		r->helper = rest->ext->helper ? rest->ext->helper->name : NULL;
		r->master = rest->ext->master_id;
		r->use += rest->ext->refs - 1;
	}
	for (int dir = 0; dir < 2; dir++)
		r->counter[dir] = acct ? acct[dir] : (struct ct_counter){ 0 };
}

void entry_event(struct ct *ct, uint32_t number, enum ct_event_type type,
		 uint32_t changed, ct_time when)
{
	struct ct_event ev;

	if (!ct->cfg.on_event)
		return;
	ev.type = type;
	ev.changed = changed;
	ev.when = when;
	entry_record(ct, number, when, &ev.record);
	ct->cfg.on_event(ct->cfg.event_arg, &ev);
}

void entry_free(struct ct *ct, uint32_t number)
{
	if (table_entry(ct, number)->status & ENTRY_EXT)
		ext_free(ct, number);
	table_release(ct, number);
}

/* An entry with a helper or expectations is about to go. */
static void ext_leaves(struct ct *ct, const struct ct_entry *e,
		       struct ct_ext *ext)
{
	if (ext->helper && ext->helper->destroy)
		ext->helper->destroy(ct, e, ext);
	expect_remove_all(ct, ext);
}

static void entry_unlink(struct ct *ct, uint32_t number, ct_time when)
{
	struct ct_entry *e = table_entry(ct, number);

	entry_event(ct, number, CT_EVENT_DESTROY, 0, when);
	if (e->status & ENTRY_EXT)
		ext_leaves(ct, e, entry_ext(ct, number));
	index_remove(ct, number);
	timer_remove(ct, number);
	ct->stats.destroyed++;
}

void entry_delete(struct ct *ct, uint32_t number, ct_time when)
{
	entry_unlink(ct, number, when);
	entry_free(ct, number);
}

void track_kill(struct track *t)
{
	entry_unlink(t->ct, t->number, t->ct->now);
	t->killed = true;
}

/*
 * Makes room when the table is full.  The kernel removes all entries that are
 * not ASSURED from one of eight buckets, which depends on its secret hash
 * key; here the oldest such entry goes, so that every run does the same.
 */
static bool early_drop(struct ct *ct)
{
	uint32_t oldest = early_drop_oldest(ct);

	if (oldest == ENTRY_NONE)
		return false;
	entry_delete(ct, oldest, ct->now);
	ct->stats.early_dropped++;
	return true;
}

/*
 * A new connection that was announced.  The expectation is used up even if
 * the tracker finds fault with the packet, as in the kernel.
 */
static bool meet_expectation(struct track *t, const struct ct_tuple *tuple)
{
	struct ct_expect x;
	struct ct_entry *master;
	struct ct_ext *ext, *master_ext;

	if (!expect_meet(t->ct, tuple, &x))
		return true;
	master = table_entry(t->ct, x.master);
	master_ext = entry_ext(t->ct, x.master);
	ext = ext_get(t->ct, t->number);
	if (!ext)
		return false;
	t->entry->status |= CT_STATUS_EXPECTED;
	ext->master = x.master;
	ext->master_id = master->id;
	ext->helper = x.assign;
	ext->master_ext = master_ext;
	master_ext->refs++;
	t->ct->stats.met++;
	if (x.expectfn)
		x.expectfn(t->ct, t->entry, &x);
	return true;
}

static bool no_memory(struct ct *ct)
{
	ct->stats.refused++;
	ct->stats.no_memory++;
	return false;
}

bool entry_create(struct track *t, const struct ct_tuple *tuple)
{
	struct ct *ct = t->ct;
	uint32_t max = ct->cfg.sysctl.max;

	if (max && ct->count >= max && !early_drop(ct)) {
		ct->stats.refused++;
		return false;
	}
	if (!timer_reserve(ct) || !index_reserve(ct) || !early_drop_reserve(ct) ||
	    (t->number = table_alloc(ct)) == ENTRY_NONE)
		return no_memory(ct);
	t->entry = table_entry(ct, t->number);
	t->entry->tuple = *tuple;
	t->entry->id = ct->last_id + 1;
	entry_rest(ct, t->number)->hash = t->hash;
	entry_rest(ct, t->number)->first_seen = ct->now;
	t->dir = CT_DIR_ORIGINAL;
	if (meet_expectation(t, tuple))
		return true;
	entry_free(ct, t->number);
	return no_memory(ct);
}

void entry_insert(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = table_entry(ct, number);

	ct->last_id++;
	e->status |= CT_STATUS_CONFIRMED;
	index_insert(ct, number);
	timer_add(ct, number);
	if (!(e->status & CT_STATUS_ASSURED))
		early_drop_add(ct, number);
	ct->stats.created++;
	if (ct->count > ct->stats.most) {
		ct->stats.most = ct->count;
		ct->stats.most_when = ct->now;
	}
}
