/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answers.h - what the router itself sends about a packet: ICMP errors and TCP
 * resets of REJECT, of a TTL that ran out, of a missing route; and what a host
 * without sockets answers (rules_options.answer_local).
 */
#ifndef RULES_ANSWERS_H
#define RULES_ANSWERS_H 1

#include "rules/kv.h"
#include "rules/program.h"

enum answer_kind {
	REPLY_NONE, REPLY_ICMP, REPLY_RESET, REPLY_ECHO,
	REPLY_ICMP_GROUPS,	/* REPLY_ICMP, also about a packet to a group */
};

struct reply {
	uint8_t kind;		/* enum answer_kind */
	uint8_t type, code;	/* ICMP */
	bool	attached;	/* it belongs to the packet's connection */
	bool	checked;	/* REJECT looks at the checksum first */
};

struct answers {
	struct kv peers;	/* inet_peer_xrlim_allow() */
};

bool answers_init(struct rules *r);
void answers_free(struct rules *r);

/*
 * Makes the answer to the packet of 'c' in r->reply and finds its headers; false:
 * there is none, by the rules of RFC 1122 section 3.2.2 and the kernel's limits.
 */
bool answers_make(struct rules_context *c, const struct reply *reply,
		  struct ct_packet *pkt);

/* ip_error(): five at once, then one a second, for each peer. */
bool answers_route_error(struct rules_context *c);

#endif
