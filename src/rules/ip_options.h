/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ip_options.h - the IPv4 options and the IPv6 hop-by-hop options that a router reads
 * of each packet, and drops the packet for.  What it writes into them on the way is
 * left out.
 */
#ifndef RULES_IP_OPTIONS_H
#define RULES_IP_OPTIONS_H 1

#include "rules/context.h"

enum options_word {
	OPTIONS_FINE,
	OPTIONS_DROP,		/* nobody is told */
	OPTIONS_TELL,		/* parameter problem */
	OPTIONS_TELL_GROUPS,	/* also of packets to a group */
};

#define OPTIONS4_MAX 40u

/* What an answer to a packet repeats of its options: __ip_options_echo(). */
struct options4_echo {
	uint32_t n;		/* a multiple of 4 */
	bool none;		/* there is no room in them: no answer */
	bool changed;		/* the router wrote into them: the header's checksum
				 * is wrong until the packet is forwarded */
	uint8_t b[OPTIONS4_MAX];
};

/* ip_rcv_options(), with accept_source_route as it is by default. */
enum options_word options4_read(const struct rules_context *c,
				struct options4_echo *echo);
/* ipv6_parse_hopopts(), with max_hbh_opts_number as it is by default. */
enum options_word options6_read(const struct rules_context *c);

#endif
