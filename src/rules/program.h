/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * program.h - rulesets as they are walked: flat arrays, numbers for names.
 */
#ifndef RULES_PROGRAM_H
#define RULES_PROGRAM_H 1

#include "rules/arena.h"
#include "rules/context.h"
#include "rules/iface.h"
#include "rules/rule_index.h"
#include "rules/match.h"
#include "rules/names.h"
#include "rules/quick.h"
#include "rules/route.h"

/* rule.inverted */
#define INV_SRC		0x01u
#define INV_DST		0x02u
#define INV_PROTO	0x04u
#define INV_IN		0x08u
#define INV_OUT		0x10u
#define INV_FRAG	0x20u

/* rule.checks: which of the header's conditions there are */
#define CHECK_SRC	0x01u
#define CHECK_DST	0x02u
#define CHECK_PROTO	0x04u
#define CHECK_IN	0x08u
#define CHECK_OUT	0x10u
#define CHECK_FRAG	0x20u

/* What follows when a rule matches. */
enum rule_kind {
	RULE_NONE,		/* no target: count, go on */
	RULE_ACCEPT, RULE_DROP, RULE_RETURN, RULE_JUMP, RULE_GOTO, RULE_TARGET,
};

struct match {
	const struct match_ops *ops;
	void *info;
	bool varies, flow;	/* not of_flow; not of_state */
};

struct rule {
	/* As struct ipt_ip; network order, IPv4 in the first word. */
	union ct_addr src, smask, dst, dmask;
	uint8_t  checks, inverted;
	uint8_t  kind;		/* enum rule_kind */
	uint8_t  proto;
	uint16_t nmatches;
	uint32_t in, out;	/* iface.h's patterns */
	uint32_t first_match;	/* in ruleset.match */
	uint32_t chain;		/* its own; of a jump, below */
	uint32_t to;
	const struct target_ops *target;
	void	*target_info;
	struct ct_counter count;
	uint64_t doubts;	/* packets of which it is not known */
	const char *text;	/* as it was read, from "-A" on */
	uint32_t line;
};

/* What most rules of IPv4 fail of, apart from all the rest, so that a walk of many
 * rules reads few bytes.  What is inverted, or not asked for, has a mask of 0. */
struct rule_head { uint32_t src, smask, dst, dmask; uint8_t proto, pmask; };

struct chain {
	const char *name;
	uint8_t  table;
	uint8_t  hook;		/* enum rules_hook, RULES_HOOKS: a user's */
	uint8_t  policy;	/* RULE_ACCEPT or RULE_DROP */
	bool	 declared;
	bool	 uncounted;	/* its policy: save_builtin() */
	uint8_t  mark;		/* of the search for loops */
	struct ct_counter count;
	uint32_t first, n;	/* rules, when ready */
	struct rule_index *index;	/* of these; NULL: they are looked at one by one */
	uint32_t depth;		/* of jumps below it */
	uint64_t passes;	/* rules that a packet may pass from here, at most */
	uint32_t hooks;		/* that it is reached from, a bit each */
	uint32_t line;
};

/* The rulesets of a family. */
struct ruleset {
	bool	 loaded;
	uint8_t  backend;	/* enum rules_backend, never AUTO */
	bool	 inverts_all_ports;	/* as iptables-nft 1.8.11 does; match_ports.c */
	bool	 ports_as_one;	/* as iptables-nft 1.8.9 reads rules; match_ports.c */
	const char *file;
	struct rule *rule;
	uint32_t n, room;
	struct rule_head *head;	/* one a rule; NULL: IPv6 */
	struct match *match;
	uint32_t nmatches, matches_room;
	struct chain *chain;
	uint32_t nchains, chains_room;
	struct names names[RULES_TABLES];	/* chains; number: chain_of[] */
	uint32_t *chain_of[RULES_TABLES];
	uint32_t chain_of_room[RULES_TABLES];
	bool	 has[RULES_TABLES];
	uint32_t base[RULES_TABLES][RULES_HOOKS];	/* chain + 1, or 0 */
	uint8_t  order[RULES_TABLES];	/* as they were read */
	uint8_t  norder;
	uint32_t needs;
	uint32_t depth;
	uint32_t *stack;	/* of a walk */
	struct quick quick;
};

struct sets;
struct shared;

/* A route that was found lately. */
struct known_way {
	union ct_addr dst;
	const struct route *to;
	uint8_t family;		/* 0: none yet */
};

#define KNOWN_WAYS 1024u	/* a power of two */

/* An interface's number on the firewall. */
struct link { uint32_t index; const struct rules_iface *iface; };

struct rules {
	struct rules_options options;
	struct arena arena;
	struct ifaces ifaces;
	struct ruleset set[2];	/* IPv4, IPv6 */
	struct routes routes;
	struct known_way way[KNOWN_WAYS];
	struct link *link;
	uint32_t nlinks;
	struct sets *sets;	/* NULL: none were read */
	struct shared *shared;	/* tables that matches share by name */
	struct answers *answers;
	uint64_t random;
	bool	 failed;
	bool	 wants_mac;	/* a rule or a set asks for Ethernet addresses */
	uint8_t *copy;		/* of the packet that is changed */
	struct rules_context context;	/* of the packet in hand */
	struct quick_trace trace;	/* of its way through the rules */
	uint8_t *reply;		/* what is answered */
};

#define RULES_MEMORY	(512u << 20)
#define PACKET_ROOM	(65536u + 128u)

static inline struct ruleset *ruleset_of(struct rules *r, unsigned int family)
{
	return &r->set[family == CT_L3_IPV6];
}

/* ruleset.c */
uint32_t ruleset_chain(struct rules *r, struct ruleset *s, unsigned int table,
		       const char *name);	/* finds or adds; NAME_NONE */
uint32_t ruleset_find_chain(const struct ruleset *s, unsigned int table,
			    const char *name);
struct rule *ruleset_add_rule(struct ruleset *s);
struct match *ruleset_add_match(struct ruleset *s);
bool ruleset_ready(struct rules *r, struct ruleset *s);
void ruleset_free(struct ruleset *s);

/* walk.c */
enum rules_verdict rules_walk(struct ruleset *s, unsigned int table,
			      struct rules_context *c);

#endif
