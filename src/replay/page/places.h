/* SPDX-License-Identifier: GPL-2.0-only */
/* places.h - the number of a firewall's rule in the list of all of them. */
#ifndef REPLAY_PAGE_PLACES_H
#define REPLAY_PAGE_PLACES_H 1

#include "replay/firewall.h"

#define PLACES_RECENT 256u	/* a power of two */

struct place_number {
	uint8_t l3num;
	struct rule_place place;
	uint32_t number;
};

struct places {
	struct place_number *place;	/* sorted */
	size_t n, capacity;
	struct place_number recent[PLACES_RECENT];
	bool failed;
};

/* In the order of rules_each(), IPv4 first.  False: no memory. */
bool places_init(struct places *p, const struct firewall *fw);
void places_free(struct places *p);

/* Its number, from 1; 0: it is none of them. */
uint32_t places_find(struct places *p, uint8_t l3num, const struct rule_place *place);

#endif
