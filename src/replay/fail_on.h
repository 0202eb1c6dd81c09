/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fail_on.h - --fail-on: packets after which the exit status is 1.
 *
 * Belongs to the tracker.
 */
#ifndef REPLAY_FAIL_ON_H
#define REPLAY_FAIL_ON_H 1

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "ctreplay/conntrack.h"

struct fail_on {
	uint64_t packets, first;	/* their number, and the first one's frame */
};

/* Counts a packet that is shown. */
static inline void fail_on_packet(struct fail_on *f, const struct options *o,
				  uint64_t number, const struct ct_verdict *v)
{
	bool drop = v->dropped || v->ctstate == CT_DROP;

	if (!o->fail_states[v->ctstate] && !(o->fail_drop && drop) &&
	    !(o->fail_accept && !drop && v->ctstate != CT_FRAGMENT))
		return;
	if (f->packets++ == 0)
		f->first = number;
}

#endif
