/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - what run.c, which takes a packet through the hooks, and way.c, which
 * routes it between them, share.
 */
#ifndef RULES_RUN_H
#define RULES_RUN_H 1

#include "rules/answers.h"

struct run {
	struct rules *r;
	struct ruleset *s;
	struct rules_context *c;
	struct rules_outcome *out;
	const struct rules_engine *e;
	const struct rules_frame *f;	/* NULL: an answer */
	bool more;		/* confirm or drop must follow */
	struct ct_packet whole;	/* of fragments to this host */
	bool attached;		/* an answer: tracked by what it answers ... */
	struct run *of;		/* ... which is this */
};

static inline bool run_stop(struct run *run, enum rules_why why)
{
	run->out->verdict = RULES_DROP;
	run->out->why = (uint8_t)why;
	return false;
}

enum way { WAY_DROPPED, WAY_INPUT, WAY_FORWARD };

/* Where the packet goes from PREROUTING; WAY_DROPPED is noted in the outcome. */
enum way run_route(struct run *run);
/* ipv6_parse_hopopts(): whether the packet goes on. */
bool run_read_options6(struct run *run);
/* ip_forward() and ip6_forward() before the hook: takes one off TTL. */
bool run_may_forward(struct run *run);
/* routes_find(), for addresses that come again and again. */
const struct route *way_to(struct rules *r, unsigned int family,
			   const union ct_addr *dst);

static inline bool is_multicast(const struct rules_context *c,
				const union ct_addr *a)
{
	return c->family == CT_L3_IPV6 ? a->b[0] == 0xff : a->b[0] >> 4 == 14;
}

static inline bool is_link_local(const struct rules_context *c,
				 const union ct_addr *a)
{
	return c->family == CT_L3_IPV6 && a->b[0] == 0xfe &&
	       (a->b[1] & 0xc0) == 0x80;
}

#endif
