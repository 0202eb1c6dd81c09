/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * quick.h - the short way past the rules, for a connection in mid-stream.
 *
 * In most rulesets one of the first rules of a chain of filter accepts what is
 * ESTABLISHED, and no other table has a rule on the way.  Rules that ask for nothing
 * but the connection (addresses, ports, protocol, interfaces, its state) then say the
 * same of each of its packets in one direction: what they have said once is noted by
 * the connection's number, and rules_quick() counts it, without a route, a walk or a
 * view of the packet.
 */
#ifndef RULES_QUICK_H
#define RULES_QUICK_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "ctreplay/conntrack.h"

struct rules;
struct ruleset;
struct run;

enum quick_way { QUICK_FORWARD, QUICK_INPUT, QUICK_OUTPUT, QUICK_WAYS };

/* Policies of empty chains count as well: of four tables in three hooks at most. */
#define QUICK_COUNTERS 12u

struct quick_plan {
	bool	 ok;		/* no rules beside those of filter */
	uint32_t base;		/* of filter: chain + 1, or 0 */
	uint32_t same;		/* so many rules first ask for the connection alone */
	uint32_t ncounters;
	struct ct_counter *counter[QUICK_COUNTERS];
};

/* What is known of a connection's direction. */
struct quick_entry {
	uint64_t key;		/* id, way, direction; 0: none */
	uint16_t rule;		/* its number in the chain; 0: the policy */
	uint16_t on, in, out;	/* interfaces; 'on' is the capture's */
};

/* Both directions of a connection are in one cache line; a power of two. */
#define QUICK_ENTRIES 65536u

struct quick {
	struct quick_plan plan[QUICK_WAYS];
	struct quick_entry *entry;	/* NULL: there is no short way */
};

/* Looks at the rules, which are ready; false: no memory. */
bool quick_ready(struct ruleset *s);
void quick_free(struct quick *q);
/* Notes what rules_run() has said of a packet that rules_quick() had tracked. */
void quick_note(const struct run *run);

static inline void quick_prefetch(const struct quick *q, uint32_t slot)
{
	if (q->entry)
		fetch(&q->entry[slot << 1 & (QUICK_ENTRIES - 1)]);
}

#endif
