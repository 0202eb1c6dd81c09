/* SPDX-License-Identifier: GPL-2.0-only */
/* debug.c - checks of whole data structures: the engine, slabs, expectations. */
#include "conntrack/debug.h"

#ifdef CTREPLAY_DEBUG

#include "base/debug.h"
#include "conntrack/helper/helper.h"
#include "conntrack/tuple.h"

static uint32_t count_released(const struct table *t, const struct supply *supply,
			       uint32_t most)
{
	uint32_t n = 0;

	for (uint32_t i = supply->free; i != ENTRY_NONE; i = table_rest(t, i)->hash) {
		debug_assert(table_has(t, i) && !table_entry(t, i)->status);
		debug_assert(!table_rest(t, i)->indexed);
		debug_assert(++n <= most);
	}
	return n;
}

void table_check(const struct table *t)
{
	uint32_t used = 0, indexed = 0, released = 0;

	for (uint32_t i = ENTRY_NONE; (i = table_next(t, i)) != ENTRY_NONE; ) {
		const struct ct_entry *e = table_entry(t, i);

		used++;
		debug_assert((e->l3num == CT_L3_IPV4) ==
			     !t->slab[i >> SLAB_SHIFT].rest);
		debug_assert(table_rest(t, i)->indexed ==
			     (e->timer.slot != TIMER_NOT_SET));
		if (!table_rest(t, i)->indexed)
			continue;
		indexed++;
		debug_assert(entry_confirmed(e) && e->id);
		debug_assert(!!table_ext(t, i) ==
			     !!(e->status & ENTRY_EXT));
	}
	released = count_released(t, &t->supply[0], used) +
		   count_released(t, &t->supply[1], used);
	debug_assert(indexed == t->count);
	/* The current packet's connection may be neither. */
	debug_assert(indexed + released + 1 >= used);
}

/* The chain of the expectation's bucket and the list of its master have it. */
static void check_expectation(const struct ct *ct, const struct ct_expect *x)
{
	const struct ct_ext *master = entry_ext(ct, x->master);
	const struct ct_expect *other = expect_find(ct, &x->tuple);

	debug_assert(master && x->class < EXPECT_CLASSES);
	debug_assert(master->expecting[x->class]);
	debug_assert(other || (x->flags & EXPECT_DEAD));
	for (other = expect_first(ct, master); other != x;
	     other = expect_next(ct, other))
		debug_assert(other);
}

void expectations_check(const struct ct *ct)
{
	uint32_t set = 0, unused = 0;

	for (uint32_t i = 0; i < ct->expect.made; i++) {
		const struct ct_expect *x = expect_get(ct, i);

		debug_assert(x->number == (i | EXPECT_BIT));
		if (x->timed.timer.slot == TIMER_NOT_SET)
			continue;
		check_expectation(ct, x);
		set++;
	}
	for (uint32_t i = ct->expect.free; i; i = expect_get(ct, i)->next) {
		debug_assert(expect_get(ct, i)->timed.timer.slot == TIMER_NOT_SET);
		unused++;
	}
	debug_assert(set == ct->expect.count);
	debug_assert(set + unused == ct->expect.made);
}

void engine_check(const struct ct *ct)
{
	const struct table *t = &ct->table;
	uint32_t max = ct->cfg.sysctl.max;

	debug_assert(!(ct->slow & SLOW_PENDING) || !(ct->slow & SLOW_ENDED));
	debug_assert(!(ct->slow & (SLOW_PENDING | SLOW_ENDED)) ||
		     (ct->current != ENTRY_NONE && table_has(t, ct->current)));
	debug_assert(!max || t->count <= max);
	debug_assert(ct->stats.created - ct->stats.destroyed == t->count);
	debug_assert(t->timers.set == t->count + ct->expect.count);
	debug_assert(ct->now < t->timers.due || !t->timers.set ||
		     t->timers.due <= ct->now);
	table_check(t);
	index_check(t);
	timer_check(t);
	early_drop_check(t);
	expectations_check(ct);
}

#endif
