/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules.h - a firewall's ruleset, walked for each packet between ct_track() and
 * ct_confirm(): what other modules see of src/rules.
 *
 *	struct rules *r = rules_create(&options);
 *	rules_read_sets(r, "ipsets", text, len);	// ipset save
 *	rules_read_routes(r, "routes", text, len);	// ip route show table all
 *	rules_read_save(r, "rules", text, len, CT_L3_IPV4);	// iptables-save
 *	if (!rules_ready(r)) ...			// all told through the diag
 *
 *	for each packet:
 *		rules_run(r, &engine, &frame, &outcome);
 *	rules_print(r, CT_L3_IPV4, write, arg);		// iptables-save -c
 *
 * Readers refuse by file, line and word what they do not understand; nothing is
 * half read.  With options.unknown_ok such a match is one whose answer cannot be
 * known, and what depends on it is marked (struct rules_outcome).
 *
 * After rules_ready() no text is compared and, but for the state that matches
 * keep (recent, hashlimit, connlimit, sets), nothing is allocated.
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "rules/base.h"

struct rules;
struct state_io;
struct rules_iface;

enum rules_hook {
	RULES_PREROUTING, RULES_INPUT, RULES_FORWARD, RULES_OUTPUT,
	RULES_POSTROUTING, RULES_HOOKS
};

enum rules_table {
	RULES_RAW, RULES_MANGLE, RULES_NAT, RULES_FILTER, RULES_SECURITY,
	RULES_TABLES
};

/* Where a packet goes when neither routes nor addresses say it. */
enum rules_path {
	RULES_PATH_ROUTES,	/* routes say it */
	RULES_PATH_FORWARD, RULES_PATH_INPUT, RULES_PATH_OUTPUT,
};

/* Which rules are meant by a file that does not say it in its first line. */
enum rules_backend { RULES_BACKEND_AUTO, RULES_BACKEND_LEGACY, RULES_BACKEND_NFT };

struct rules_options {
	const struct diag *diag;
	bool unknown_ok;	/* --rules-unknown */
	enum rules_path path;
	enum rules_backend backend;
	bool answers;		/* what REJECT and the router itself send is
				 * made, and passes OUTPUT and POSTROUTING */
	bool answer_local;	/* the host answers as one without sockets does */
	bool icmp_unlimited;	/* net.ipv4.icmp_ratelimit and IPv6's are 0 */
	bool has_seed;		/* for -m statistic --mode random */
	uint64_t seed;
};

struct rules *rules_create(const struct rules_options *options);
void rules_destroy(struct rules *r);	/* NULL is fine */

/* Readers; 'file' is for messages.  Sets and routes come before rules. */
bool rules_read_sets(struct rules *r, const char *file, const char *text,
		     size_t len);
bool rules_read_routes(struct rules *r, const char *file, const char *text,
		       size_t len);
bool rules_read_links(struct rules *r, const char *file, const char *text,
		      size_t len);	/* ip link show */
bool rules_read_save(struct rules *r, const char *file, const char *text,
		     size_t len, enum ct_l3 family);
/* --local ADDR */
bool rules_add_local(struct rules *r, const char *address);
/* Links and checks what was read; false: it cannot be used. */
bool rules_ready(struct rules *r);

/* The interface of that name, made if need be; NULL: no memory or too many. */
const struct rules_iface *rules_iface(struct rules *r, const char *name);

/* The interface of that number on the firewall; NULL: no link says it. */
const struct rules_iface *rules_link(const struct rules *r, uint32_t index);

/* Whether a rule or a set asks for Ethernet addresses. */
bool rules_want_mac(const struct rules *r);

/* Whether there is a ruleset for that family. */
bool rules_has(const struct rules *r, enum ct_l3 family);

/* What the routes say of an address, and by which interface it is reached; NULL:
 * they do not say it. */
enum rules_place { RULES_PLACE_UNKNOWN, RULES_PLACE_LOCAL, RULES_PLACE_AWAY };
enum rules_place rules_place(struct rules *r, enum ct_l3 family,
			     const union ct_addr *a,
			     const struct rules_iface **dev);

/* What the engine must keep or do for this ruleset. */
#define RULES_NEED_CONNTRACK	0x1u	/* any rule makes the kernel track: without,
					 * packets are not reassembled either */
#define RULES_NEED_ACCT		0x2u	/* nf_conntrack_acct is switched on */
#define RULES_NEED_DEFRAG	0x4u
uint32_t rules_needs(const struct rules *r, enum ct_l3 family);

/* The connection of the packet in hand, as rules look at it. */
struct rules_conn {
	uint64_t id;
	uint32_t status;	/* IPS_... of the kernel */
	uint32_t mark;
	struct ct_tuple tuple[2];
	struct ct_counter counter[2];	/* this packet is in them */
	ct_time  expires;	/* 0: not confirmed yet */
	const char *master_helper;	/* of its master; NULL: no master or no helper */
	bool	 has_master;
	uint16_t zone;
	uint8_t  proto_state;
};

/* What a CT rule in raw asks for. */
struct rules_template {
	bool notrack;
	bool zone_set;
	uint16_t zone;
	uint8_t zone_dirs;	/* bit 0 original, bit 1 reply */
	const char *helper;	/* or NULL */
};

/* A connection in the table that a tuple, of either direction, belongs to. */
struct rules_found {
	uint32_t status;	/* IPS_... */
	uint8_t  proto_state;
};

/*
 * The engine, as rules use it.  'conn' and 'set_mark' are about the packet of the
 * last 'track'.  'find' looks a confirmed connection up (connlimit).
 */
struct rules_engine {
	void *arg;
	/* As ct_track(): *more says whether confirm or drop must follow.  'tmpl' may be
	 * NULL. */
	void (*track)(void *arg, const struct ct_packet *pkt,
		      const struct rules_template *tmpl, struct ct_verdict *v,
		      bool *more);
	void (*confirm)(void *arg, struct ct_verdict *v);
	void (*drop)(void *arg);
	bool (*conn)(void *arg, struct rules_conn *out);
	void (*set_mark)(void *arg, uint32_t mark);
	/* Takes an IPv4 fragment to this host, where nothing is tracked, and makes
	 * the datagram of it; false: it is not whole yet.  May be NULL. */
	bool (*defragment)(void *arg, struct ct_packet *pkt);
	/* nf_ct_set_closing(): TCP to CLOSE. */
	void (*set_closing)(void *arg);
	bool (*find)(void *arg, const struct ct_tuple *t, uint16_t zone,
		     struct rules_found *out);
};

enum rules_pkttype {	/* as PACKET_... of if_packet.h */
	RULES_PKT_HOST, RULES_PKT_BROADCAST, RULES_PKT_MULTICAST,
	RULES_PKT_OTHERHOST, RULES_PKT_OUTGOING, RULES_PKT_LOOPBACK,
};

/* Whether the packet is tracked already, before rules_run(), and what track() said. */
struct rules_tracked { bool done, more; };

/* A packet as it comes in, whole. */
struct rules_frame {
	const struct ct_packet *pkt;
	ct_time now;
	const struct rules_iface *in, *out;	/* NULL: not known */
	uint8_t pkttype;	/* enum rules_pkttype */
	bool has_mac;		/* 'mac' is the Ethernet source */
	bool local;		/* sent by this host: OUTPUT */
	uint8_t mac[6];
	const struct rules_iface *on;	/* that the capture names, or NULL */
	struct rules_tracked tracked;
};

struct quick;

enum rules_verdict { RULES_ACCEPT, RULES_DROP, RULES_REJECT, RULES_STOLEN };

/* Why a packet went no further, where no rule says it. */
enum rules_why {
	RULES_WHY_RULE, RULES_WHY_POLICY, RULES_WHY_CONNTRACK, RULES_WHY_TTL,
	RULES_WHY_NO_ROUTE, RULES_WHY_MARTIAN, RULES_WHY_OTHERHOST,
	RULES_WHY_HOTDROP, RULES_WHY_LOCAL, RULES_WHY_NOT_MEMBER,
	RULES_WHY_OPTIONS,
};

#define RULES_PATH_MAX 64u

/* A rule by its place; number 0 is the chain's policy. */
struct rules_ref {
	uint32_t table : 8;	/* enum rules_table */
	uint32_t chain : 24;	/* for rules_chain_name(); CHAINS_MAX fits */
	uint32_t number;	/* from 1 */
};

struct rules_outcome {
	uint8_t verdict;	/* enum rules_verdict */
	uint8_t why;		/* enum rules_why */
	uint8_t hook;		/* the last that it came to */
	bool tracked;		/* ct_track() was reached: 'ct' is filled in */
	bool unknown;		/* with another answer to 'doubt' the verdict
				 * would, or might, be another */
	bool nat;		/* a rule would have translated an address */
	struct rules_ref rule;	/* that gave the verdict */
	struct rules_ref doubt;	/* first rule that cannot be known */
	const struct rules_iface *in, *out;
	uint32_t mark;
	uint32_t npath;		/* rules matched; more than are in path[] */
	uint8_t answer;		/* 0, or the protocol of the answer sent */
	/* These two are large, and not cleared where they are not set. */
	struct ct_verdict ct;
	struct rules_ref path[RULES_PATH_MAX];
};

void rules_run(struct rules *r, const struct rules_engine *e,
	       const struct rules_frame *f, struct rules_outcome *out);

/*
 * The same, for a packet in mid-stream of whose connection the rules are known to
 * accept all (quick.h).  Its pkttype is RULES_PKT_HOST; 'in', 'out' and 'local' of its
 * frame follow from its addresses and 'on'.  False: rules_run() must follow, with
 * '*tracked' in the frame.
 */
bool rules_quick(struct rules *r, const struct rules_engine *e,
		 const struct ct_packet *pkt, const struct rules_iface *on,
		 struct rules_tracked *tracked, struct rules_outcome *out);
/* What it knows (quick.h); NULL: no packet of that family goes a short way. */
struct quick *rules_quick_table(struct rules *r, enum ct_l3 family);

const char *rules_table_name(enum rules_table t);
const char *rules_hook_name(enum rules_hook h);
const char *rules_chain_name(const struct rules *r, enum ct_l3 family,
			     const struct rules_ref *ref);
/* From "-A" on, as it was read; 'ref' is of a rule, not of a policy. */
const char *rules_rule_text(const struct rules *r, enum ct_l3 family,
			    const struct rules_ref *ref);
const char *rules_iface_name(const struct rules_iface *i);
uint32_t rules_iface_number(const struct rules_iface *i);	/* NULL: 0 */

/* A rule, or the policy of a chain that packets enter from a hook. */
struct rules_entry {
	const char *table, *chain;
	uint32_t number;	/* 0: the policy */
	const char *text;	/* from "-A" on; "ACCEPT", "DROP" of a policy */
	struct ct_counter count;
	uint64_t doubts;	/* packets of which it is not known */
};

/* Calls 'fn' for each rule and policy, in the order of rules_print(). */
void rules_each(const struct rules *r, enum ct_l3 family,
		void (*fn)(void *arg, const struct rules_entry *e), void *arg);

/* What the rules remember as bytes; loading: by the same rules, before any packet. */
void rules_state(struct rules *r, struct state_io *io);
/* The name of a chain, as long as the rules live; NULL: there is none. */
const char *rules_chain_text(const struct rules *r, enum rules_table t,
			     const char *name);

/* Writes the ruleset of 'family' as iptables-save -c does. */
void rules_print(const struct rules *r, enum ct_l3 family,
		 void (*write)(void *arg, const char *text, size_t len), void *arg);

#endif
