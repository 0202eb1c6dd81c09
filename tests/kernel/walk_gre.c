/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_gre.c - GRE: version 0 (RFC 2784 and 2890), version 1 of PPTP (RFC
 * 2637), and versions that do not exist.
 */
#include "walk.h"

#include <netinet/in.h>

#include "util.h"

enum { GRE_CHECKSUM = 0x8000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000 };

static void version0(struct walk *w, struct craft *l4)
{
	uint32_t flags = rng_u32(&w->rng) &
			 (GRE_CHECKSUM | GRE_KEY | GRE_SEQUENCE);

	craft_put16(l4, flags);
	craft_put16(l4, rng_percent(&w->rng, 70) ? 0x0800 : 0x880b);
	if (flags & GRE_CHECKSUM)
		craft_put32(l4, 0);
	if (flags & GRE_KEY)
		craft_put32(l4, rng_below(&w->rng, 3));
	if (flags & GRE_SEQUENCE)
		craft_put32(l4, 1);
}

static void version1(struct walk *w, struct craft *l4)
{
	craft_put16(l4, 0x3001 | (rng_percent(&w->rng, 10)
				  ? rng_u32(&w->rng) & 0xcf80 : 0));
	craft_put16(l4, rng_percent(&w->rng, 85) ? 0x880b : 0x0800);
	craft_put16(l4, 20);
	craft_put16(l4, rng_below(&w->rng, 3));		/* the call id */
	craft_put32(l4, 1);
}

void walk_gre(struct walk *w)
{
	uint32_t dice = rng_below(&w->rng, 100), k = rng_below(&w->rng, 4);
	const struct addr *pool = k & 1 ? w->addr4 : w->addr6;
	bool forth = rng_percent(&w->rng, 55);
	struct craft l4 = { .len = 0 };

	if (dice < 50) {
		version0(w, &l4);
	} else if (dice < 90) {
		version1(w, &l4);
	} else {
		craft_put16(&l4, 2 + rng_below(&w->rng, 6));
		craft_put16(&l4, 0x880b);
		craft_put32(&l4, 7);
	}
	craft_fill(&l4, 'g', rng_below(&w->rng, 30));
	if (rng_percent(&w->rng, 10))
		walk_truncate(w, &l4, 12);
	walk_send(w, &pool[forth ? k : k + 1], &pool[forth ? k + 1 : k],
		  IPPROTO_GRE, &l4);
}
