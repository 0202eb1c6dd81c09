/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iface.h - interfaces by number, and the patterns that rules ask for.
 *
 * A rule's "-i eth+" is a pattern; an interface knows which patterns its name
 * matches as a set of bits, so that a rule tests one bit (ifname_compare() of
 * the kernel compares text).  Interfaces may come to be known after the rules.
 */
#ifndef RULES_IFACE_H
#define RULES_IFACE_H 1

#include <stdbool.h>
#include <stdint.h>

#include "rules/arena.h"
#include "rules/names.h"

#define IFACE_NAME_MAX 15u
#define IFACES_MAX	4096u

struct rules_iface {
	const char *name;
	uint16_t number;
	uint32_t npatterns;	/* those that are in bits */
	uint32_t nwords;
	uint64_t *bits;
};

struct ifaces {
	struct arena *arena;
	struct names names;	/* number: place in iface[] */
	struct rules_iface **iface;
	uint32_t n, room;
	struct names patterns;	/* "eth0", "eth+" */
};

bool ifaces_init(struct ifaces *t, struct arena *arena);
void ifaces_free(struct ifaces *t);
/* "" is no interface; NULL: no memory, name too long, or too many. */
struct rules_iface *ifaces_get(struct ifaces *t, const char *name);
/* A pattern's number plus one; 0: no memory. */
uint32_t ifaces_pattern(struct ifaces *t, const char *text);

/* Slow half of the one below: a pattern came after the interface. */
bool iface_learn(struct ifaces *t, struct rules_iface *i);

static inline bool iface_matches(const struct rules_iface *i, uint32_t pattern)
{
	pattern--;
	return i->bits[pattern / 64] >> pattern % 64 & 1;
}

#endif
