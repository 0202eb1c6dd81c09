/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lifecycle.c - the life of a connection's entry, from the packet that opens it
 * to its end; init_conntrack(), __nf_conntrack_confirm() and nf_ct_delete().
 */
#include "conntrack/lifecycle.h"

#include "base/debug.h"
#include "conntrack/helper/helper.h"
#include "conntrack/table/index.h"
#include "conntrack/table/list.h"
#include "conntrack/tuple.h"

/* A ct_addr's first word of 64 bits, where it is an IPv4 address. */
static inline uint64_t ipv4_word(uint32_t w)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return w;
#else
	return (uint64_t)w << 32;
#endif
}

/* One direction.  Word by word: a tuple on the stack would be loaded in larger pieces than
 * it was stored in just before, for which the processor waits. */
static always_inline void put_tuple(struct ct_tuple *to, const struct ct_entry *e,
				    uint32_t l4, const uint64_t *src, const uint64_t *dst)
{
	to->src.d[0] = src[0];
	to->src.d[1] = src[1];
	to->dst.d[0] = dst[0];
	to->dst.d[1] = dst[1];
	to->l4 = l4;
	to->l3num = e->l3num;
	to->protonum = e->protonum;
	to->zero = 0;
}

static always_inline void put_tuples(struct ct_tuple to[2], const struct ct_entry *e)
{
	uint64_t src[2] = { 0 }, dst[2] = { 0 };
	uint32_t inverse;

	if (e->l3num == CT_L3_IPV4) {
		src[0] = ipv4_word(e->ends.v4.src);
		dst[0] = ipv4_word(e->ends.v4.dst);
	} else {
		src[0] = e->ends.v6.src.d[0];
		src[1] = e->ends.v6.src.d[1];
		dst[0] = e->ends.v6.dst.d[0];
		dst[1] = e->ends.v6.dst.d[1];
	}
	l4_invert(&inverse, e->l4, e->protonum);
	put_tuple(&to[CT_DIR_ORIGINAL], e, e->l4, src, dst);
	put_tuple(&to[CT_DIR_REPLY], e, inverse, dst, src);
}

void entry_record(const struct ct *ct, uint32_t number, ct_time now,
		  struct ct_record *r)
{
	const struct ct_entry *e = entry_get(ct, number);
	const struct entry_rest *rest = entry_rest(ct, number);
	const struct ct_ext *ext = entry_ext(ct, number);
	const struct ct_proto *proto = ct_proto_find(&ct->cfg.kernel, e->protonum);
	const struct ct_counter *acct = table_counters(&ct->table, number);

	/* Member by member: to zero the record first would take longer than
	 * this. */
	r->id = e->id;
	r->slot = number;
	r->master = 0;
	put_tuples(r->tuple, e);
	r->zone = e->zone;
	r->zone_dirs = rest->zone_dirs;
	r->mark = table_mark(&ct->table, number);
	r->helper = NULL;
	r->status = e->status & ENTRY_PUBLIC;
	r->generic = proto == &ct_proto_generic;
	r->state = proto->state_name ? e->proto.state : 0;
	/* One reference by the table, one by the reader. */
	r->use = 2;
	r->first_seen = rest->first_seen;
	r->last_seen = e->last_seen;
	r->expires = e->timer.expires;
	r->now = now;
	r->gre_timeout = r->gre_timeout_stream = 0;
	if (e->protonum == CT_L4_GRE) {
		r->gre_timeout = e->proto.gre.timeout;
		r->gre_timeout_stream = e->proto.gre.stream_timeout;
	}
	if (ext) {
		r->helper = ext->helper ? ext->helper->name : NULL;
		r->master = ext->master_id;
		r->use += ext->refs - 1;
	}
	for (int dir = 0; dir < 2; dir++)
		r->counter[dir] = acct ? acct[dir] : (struct ct_counter){ 0 };
}

static void send_event(struct ct *ct, uint32_t number, enum ct_event_type type,
		       uint32_t changed, ct_time when, enum ct_end end)
{
	struct ct_event ev;

	if (!ct->cfg.on_event || ct->cfg.skip_events & 1u << type)
		return;
	ev.type = type;
	ev.changed = changed;
	ev.end = end;
	ev.bare = type == CT_EVENT_DESTROY &&
		  !kernel_has(ct, CT_HAS_DESTROY_HAS_STATE);
	ev.when = when;
	entry_record(ct, number, when, &ev.record);
	ct->cfg.on_event(ct->cfg.event_arg, &ev);
}

void entry_event(struct ct *ct, uint32_t number, enum ct_event_type type,
		 uint32_t changed, ct_time when)
{
	send_event(ct, number, type, changed, when, CT_END_NONE);
}

void entry_free(struct ct *ct, uint32_t number)
{
	if (entry_get(ct, number)->status & ENTRY_EXT)
		ext_free(ct, number);
	table_release(&ct->table, number);
}

/* An entry with a helper or expectations is about to leave the table. */
static void ext_unlink(struct ct *ct, const struct ct_entry *e,
		       struct ct_ext *ext)
{
	if (ext->helper && ext->helper->destroy)
		ext->helper->destroy(ct, e, ext);
	expect_remove_all(ct, ext);
}

static void entry_unlink(struct ct *ct, uint32_t number, ct_time when,
			 enum ct_end end)
{
	struct ct_entry *e = entry_get(ct, number);

	send_event(ct, number, CT_EVENT_DESTROY, 0, when, end);
	if (e->status & ENTRY_EXT)
		ext_unlink(ct, e, entry_ext(ct, number));
	index_remove(&ct->table, number);
	timer_remove(&ct->table, number);
	/* ct_advance() may come between ct_track() and ct_confirm(). */
	if (number == ct->current) {
		ct->current = ENTRY_NONE;
		ct->slow &= SLOW_ALWAYS;
	}
	ct->stats.destroyed++;
}

void entry_delete(struct ct *ct, uint32_t number, ct_time when, enum ct_end end)
{
	entry_unlink(ct, number, when, end);
	entry_free(ct, number);
}

void track_kill(struct track *t)
{
	entry_unlink(t->ct, t->number, t->ct->now, CT_END_RESET);
	t->killed = true;
}

/*
 * The table is full: one connection makes way.  The kernel removes all entries
 * that are not ASSURED from one of eight buckets, which depends on its secret
 * hash key; here the oldest one goes, so that every run does the same.
 */
static bool early_drop(struct ct *ct)
{
	uint32_t oldest;

	if (!early_drop_oldest(&ct->table, &oldest))
		ct->stats.no_memory++;
	if (oldest == ENTRY_NONE)
		return false;
	entry_delete(ct, oldest, ct->now, CT_END_EARLY_DROP);
	ct->stats.early_dropped++;
	return true;
}

/*
 * A new connection may be an expected one.  The expectation is used up even if
 * the tracker then rejects the packet, as in the kernel.  False: no memory.
 */
static bool meet_expectation(struct track *t, const struct ct_tuple *tuple)
{
	struct ct_expect x;
	struct ct_entry *master;
	struct ct_ext *ext, *master_ext;

	if (!expect_meet(t->ct, tuple, &x))
		return true;
	master = entry_get(t->ct, x.master);
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
	if (!table_set_mark(&t->ct->table, t->number,
			    table_mark(&t->ct->table, x.master)))
		return false;
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
	struct table *table = &ct->table;
	uint32_t max = ct->cfg.sysctl.max;

	if (max && table->count >= max && !early_drop(ct)) {
		ct->stats.refused++;
		return false;
	}
	if (!timer_reserve(table) || !index_reserve(table) ||
	    !early_drop_reserve(table) ||
	    (t->number = table_alloc(table, tuple->l3num)) == ENTRY_NONE)
		return no_memory(ct);
	t->entry = entry_get(ct, t->number);
	entry_set_tuple(t->entry, tuple);
	t->entry->id = ct->last_id + 1;
	entry_rest(ct, t->number)->hash = t->hash;
	entry_rest(ct, t->number)->first_seen = ct->now;
	entry_rest(ct, t->number)->zone_dirs = ct->tmpl.zone_dirs;
	t->dir = CT_DIR_ORIGINAL;
	if (meet_expectation(t, tuple) &&
	    (likely(!ct->tmpl.helper) || helper_by_template(ct, t->number)))
		return true;
	entry_free(ct, t->number);
	return no_memory(ct);
}

void entry_insert(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = entry_get(ct, number);

	debug_assert(!entry_confirmed(e) && e->id == ct->last_id + 1);
	ct->last_id++;
	e->status |= CT_STATUS_CONFIRMED;
	index_insert(&ct->table, number);
	timer_add(&ct->table, number, ct->now);
	if (!(e->status & CT_STATUS_ASSURED))
		early_drop_add(&ct->table, number);
	ct->stats.created++;
	if (ct->table.count > ct->stats.most) {
		ct->stats.most = ct->table.count;
		ct->stats.most_when = ct->now;
	}
}

struct listing {
	const struct ct *ct;
	bool (*fn)(void *arg, const struct ct_record *r);
	void *arg;
};

static bool list_entry(void *arg, uint32_t number)
{
	const struct listing *l = arg;
	struct ct_record r;

	entry_record(l->ct, number, l->ct->now, &r);
	return l->fn(l->arg, &r);
}

int ct_table(struct ct *ct, bool (*fn)(void *arg, const struct ct_record *r),
	     void *arg)
{
	struct listing l = { ct, fn, arg };

	return list_each(&ct->table, list_entry, &l) ? 0 : -1;
}
