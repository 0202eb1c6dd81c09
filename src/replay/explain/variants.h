/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * variants.h - the settings that --explain tries.
 */
#ifndef REPLAY_EXPLAIN_VARIANTS_H
#define REPLAY_EXPLAIN_VARIANTS_H 1

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* What a setting concerns, and what a frame is; a setting is tried for a frame if
 * they have a bit in common. */
#define ABOUT_ALL	0x001u
#define ABOUT_FLOW	0x002u	/* TCP and UDP, which helpers connect */
#define ABOUT_SCTP	0x004u
#define ABOUT_ICMP	0x008u
#define ABOUT_ICMPV6	0x010u
#define ABOUT_GRE	0x020u
#define ABOUT_GENERIC	0x040u	/* protocols without a tracker */
#define ABOUT_DCCP	0x080u
#define ABOUT_FRAG4	0x100u	/* fragments of IPv4 ... */
#define ABOUT_FRAG6	0x200u	/* ... and of IPv6 */
#define ABOUT_ANYTHING	0x3ffu

struct variant {
	char text[64];		/* as the command line has it */
	unsigned int about;
	bool no_notrack;	/* -N is left out */
	bool table;		/* it is about the size of the table */
	struct ct_config config;
};

#define VARIANTS_MAX	128u

/* Writes the variants of 'o' that are about 'about', the most likely ones first;
 * returns their number. */
size_t variants_list(struct variant v[VARIANTS_MAX], const struct options *o,
		     unsigned int about);

/* What a protocol is about. */
unsigned int variants_about(uint8_t protonum, const struct ct_kernel *k);

#endif
