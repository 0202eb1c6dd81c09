/* SPDX-License-Identifier: GPL-2.0-only */
/* state_expect.c - expectations as bytes, oldest first, so that they are in the order of
 * their buckets and of their masters when they were made again. */
#include "conntrack/state.h"

#include <stdlib.h>

#include "conntrack/helper/gre_key.h"
#include "conntrack/helper/helper.h"

STATE_COVERS(struct ct_expect, 136);

#define EXPECT_FLAGS	(EXPECT_PERMANENT | EXPECT_INACTIVE | EXPECT_DEAD)

/* Their places are what states have: append only. */
static expect_fn *const functions[] = { NULL, pptp_expected };
#define FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

static void function_state(struct state_io *io, expect_fn **fn)
{
	uint8_t place = 0;

	for (uint8_t i = 0; io->save && i < FUNCTIONS; i++)
		if (functions[i] == *fn)
			place = i;
	state_below8(io, &place, FUNCTIONS);
	if (!io->save)
		*fn = functions[place];
}

static void expect_state(struct engine_state *s, struct ct_expect *x)
{
	struct state_io *io = s->io;
	uint64_t expires = x->timed.timer.expires;

	tuple_state(io, &x->tuple);
	addr_state(io, &x->mask_src, x->tuple.l3num);
	state_u16(io, &x->mask_sport);
	state_u8(io, &x->flags);
	state_below8(io, &x->class, EXPECT_CLASSES);
	helper_state(io, &x->helper);
	helper_state(io, &x->assign);
	function_state(io, &x->expectfn);
	entry_number_state(s, &x->master);
	state_u64(io, &x->timed.id);
	state_u64(io, &expires);
	x->timed.timer.expires = expires;
}

/* Loading: whether a helper could have made it, after one with the id 'last'. */
static void check_expect(struct engine_state *s, const struct ct_expect *x,
			 uint64_t last)
{
	const struct ct_ext *ext = x->master ? entry_ext(s->ct, x->master) : NULL;

	state_check(s->io, ext && ext->helper && x->helper &&
		    x->class < helper_classes(ext->helper) &&
		    x->class < helper_classes(x->helper),
		    "an expectation is that of no helper");
	state_check(s->io, !(x->flags & ~EXPECT_FLAGS),
		    "an expectation has a mark that none can have");
	state_check(s->io, x->timed.id > last && x->timed.id <= s->ct->expect.last_id,
		    "an expectation has a number that it cannot have");
	state_check(s->io, x->timed.timer.expires >= s->ct->now,
		    "an expectation has expired");
	state_check(s->io, s->ct->expect.count < s->ct->cfg.sysctl.expect_max,
		    "there are too many expectations");
}

static void load_expects(struct engine_state *s)
{
	struct ct_expect *x;
	uint64_t last = 0;

	while (state_more(s->io)) {
		x = expect_alloc(s->ct);
		if (!x) {
			state_no_memory(s->io);
			return;
		}
		expect_state(s, x);
		if (!state_failed(s->io))
			check_expect(s, x, last);
		/* One that is in no list is freed with the engine. */
		if (state_failed(s->io))
			return;
		last = x->timed.id;
		expect_link(s->ct, x);
	}
}

void expects_state(struct engine_state *s)
{
	struct ct_expect **x = NULL;
	size_t n = 0;

	if (s->io->save) {
		x = expect_sorted(s->ct, &n);
		if (!x)
			state_no_memory(s->io);
	}
	state_begin(s->io, STATE_TAG('E', 'X', 'P', 'C'));
	if (!s->io->save)
		load_expects(s);
	for (size_t i = 0; i < n; i++)
		expect_state(s, x[i]);
	state_end(s->io);
	free(x);
}
