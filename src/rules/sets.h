/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sets.h - the sets of "ipset save", and looking them up.
 *
 * Every type but list:set is a hash table whose key has the parts that the type
 * names, so a set of 100,000 addresses costs one look-up.  A type with networks costs
 * one for each prefix length in the set, from the longest on, as in ip_set_hash_gen.h.
 */
#ifndef RULES_SETS_H
#define RULES_SETS_H 1

#include "rules/kv.h"
#include "rules/reader.h"

#define SET_DIMS	3u
#define SET_MEMBERS	4096u
#define IFACE_ANY	UINT16_MAX

enum set_dim { DIM_NONE, DIM_IP, DIM_NET, DIM_PORT, DIM_PORT_ONLY, DIM_MAC,
	       DIM_MARK, DIM_IFACE, DIM_SET };

struct set_key {
	union ct_addr a, b;	/* the first and the second address */
	uint32_t mark;
	uint16_t port, iface;
	uint8_t  proto, cidr_a, cidr_b, zero;
	uint8_t  mac[6], physdev, zero2;
	uint32_t zero3;
};

struct set_elem {
	ct_time  expires;	/* 0: never; until the first packet: how long */
	uint64_t packets, bytes;
	bool	 nomatch;
	bool	 any_mac;	/* bitmap:ip,mac: the first that comes is taken */
	union {
		uint8_t mac[6];
		uint16_t last_iface;	/* of IFACE_ANY: that came last */
	};
};

struct ip_set {
	const char *name;
	uint8_t  family;	/* enum ct_l3, 0: any */
	uint8_t  dim[SET_DIMS], ndims;
	bool	 list, bitmap, counters, timeouts, nets, forceadd;
	bool	 ifaces;	/* has interfaces: each network is there once more,
				 * with IFACE_ANY */
	bool	 expires;	/* an element has an end of its own */
	uint32_t wildcard_line;	/* of an element that is not evaluated, 0: none */
	bool	 changes;	/* a rule adds or deletes elements */
	bool	 constant;	/* sets_ready(): what it says of a packet follows from
				 * its addresses, ports, protocol, mark and interfaces */
	uint32_t maxelem;
	uint32_t timeout;	/* default, seconds; 0: none */
	uint32_t markmask;
	union ct_addr netmask;
	bool	 has_netmask;
	uint64_t lo, hi;	/* of a bitmap */
	struct kv elems;
	uint64_t lengths[2][3];	/* prefix lengths of a and b, a bit each */
	uint32_t *member;	/* of a list: numbers of sets */
	struct set_elem *state;	/* ... and what is kept for each */
	uint32_t nmembers;
};

struct sets {
	struct names names;
	struct ip_set **set;
	uint32_t n, room;
	ct_time  epoch;		/* when the timeouts begin to count */
};

/* Which side of the packet each part is taken from, and what else is asked. */
struct set_query {
	uint8_t  ndims;
	uint8_t  src;		/* a bit each */
	bool	 return_nomatch, skip_counters, skip_subcounters, match_counters;
	struct { uint8_t op; uint64_t value; } packets, bytes;
};

enum { SET_OP_NONE, SET_OP_EQ, SET_OP_NE, SET_OP_LT, SET_OP_GT };

bool sets_read(struct reader *r);
void sets_free(struct sets *t);
/* When all rules are read. */
void sets_ready(struct sets *t);	/* NULL is fine */
struct ip_set *sets_find(const struct sets *t, const char *name);

/* ip_set_test(): 1 in it, 0 not, -1 not: an element that says nomatch. */
int set_test(struct sets *t, struct ip_set *s, struct rules_context *c,
	     const struct set_query *q);
/* ip_set_add(), ip_set_del(): 'timeout' -1 is the set's own. */
void set_change(struct sets *t, struct ip_set *s, struct rules_context *c,
		const struct set_query *q, bool add, bool exist, int64_t timeout);

/* sets_key.c */
bool set_packet_key(const struct ip_set *s, struct rules_context *c,
		    const struct set_query *q, struct set_key *key);
void set_mask_key(struct set_key *key, unsigned int family, unsigned int cidr_a,
		  unsigned int cidr_b);
/* Puts an element in; NULL: full or no memory. */
struct set_elem *set_put(struct ip_set *s, const struct set_key *key, bool *there);

/* Whether a bitmap's range has the element. */
bool set_takes(const struct ip_set *s, const struct set_key *key);

/* sets_elem.c: reads a bitmap's range; adds every element that a text such as
 * "192.0.2.0/24,tcp:80" stands for, with the options of 'like'. */
bool set_read_range(struct reader *r, struct ip_set *s, const char *text);
bool set_read_elem(struct reader *r, struct ip_set *s, const char *text,
		   const struct set_elem *like);

static inline unsigned int host_bits(const struct ip_set *s)
{
	return s->family == CT_L3_IPV6 ? 128 : 32;
}

#endif
