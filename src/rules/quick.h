/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * quick.h - the short way past the rules, for a connection in mid-stream.
 *
 * Where all that the rules asked of a packet, in any table, is the same for each packet
 * of its connection in its direction (addresses, ports, protocol, interfaces, state, a
 * set that nothing changes), they say the same of each.  rules_run() notes whether that
 * was so; what they have said then is a path, whose number the connection remembers.
 * Its next packets are counted for that path without a route, a walk or a view of them.
 *
 * In most rulesets one of the first rules accepts what is ESTABLISHED.  Where no more
 * than the state and the interfaces was asked, the path is that of all connections
 * between two routes, and without routes of all connections of an interface.
 *
 * A path counts for itself.  Whoever looks at the rules' counters adds that first:
 * quick_settle().
 */
#ifndef RULES_QUICK_H
#define RULES_QUICK_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "rules/rules.h"

struct ruleset;
struct run;

/* A path with more is not noted, nor one more than so many. */
#define QUICK_COUNTERS	24u
#define QUICK_RULES	16u
#define QUICK_PATHS	1024u

/* What rules_run() notes of a packet. */
struct quick_trace {
	bool	 varies;	/* with another packet it might go another way */
	bool	 flow;		/* ... with a packet of another connection */
	uint32_t n;		/* counters; more than QUICK_COUNTERS are not in it */
	struct ct_counter *counter[QUICK_COUNTERS];
};

/* All that the rules say of a packet that they accept. */
struct quick_path {
	struct ct_counter sum;	/* of packets that are in no counter yet */
	bool	 forwards;	/* the packet must have hops left */
	uint8_t  hook, why;
	uint8_t  ncounters, npath;
	uint32_t mark;
	struct rules_ref rule;
	const struct rules_iface *in, *out;
	struct ct_counter *counter[QUICK_COUNTERS];
	struct rules_ref path[QUICK_RULES];
};

/* What is known of a connection's direction. */
struct quick_entry {
	uint64_t key;		/* id, direction; 0: none */
	uint32_t path;
	uint32_t on;		/* the interface that the capture names, or 0 */
};

/* The path of all that goes from a route to another. */
struct quick_way {
	const struct route *from, *to;	/* NULL: there is none */
	uint32_t on;
	uint32_t path;			/* and 1; 0: none */
};

/* Powers of two. */
#define QUICK_ROUTED	256u
#define QUICK_ALWAYS	8u

/* Both directions of a connection are in one cache line; a power of two. */
#define QUICK_ENTRIES 65536u

struct quick {
	struct quick_entry *entry;	/* NULL: there is no short way */
	struct quick_path *path;
	uint32_t npaths;
	uint16_t *slot;			/* path + 1 by its hash, or 0 */
	bool	 remembers;		/* there is an entry */
	/* Without routes, by the interface that the capture names. */
	struct { uint32_t on, path; } always[QUICK_ALWAYS];
	struct quick_way way[QUICK_ROUTED];	/* with routes */
};

/* Looks at the rules, which are ready; false: no memory. */
bool quick_ready(struct ruleset *s);
void quick_free(struct quick *q);
/* Notes what rules_run() has said of a packet that was tracked before it. */
void quick_note(const struct run *run);
/* Adds what the paths have counted to the counters of rules and policies. */
void quick_settle(const struct ruleset *s);

/* As rules_run() tells it. */
void quick_tell(const struct quick_path *path, struct rules_outcome *out);

static inline struct quick_entry *quick_place(const struct quick *q, uint32_t slot,
					      bool reply)
{
	return &q->entry[(slot << 1 | reply) & (QUICK_ENTRIES - 1)];
}

static inline void quick_prefetch(const struct quick *q, uint32_t slot)
{
	fetch(quick_place(q, slot, false));
}

static inline uint64_t quick_key(const struct ct_verdict *v)
{
	return v->id << 1 | (v->dir == CT_DIR_REPLY);
}

/* The path of a packet in mid-stream that rules_may_be_quick() and whose verdict is
 * 'v'; NULL: none is known. */
static inline struct quick_path *quick_find(const struct quick *q,
					    const struct ct_verdict *v, uint32_t on)
{
	const struct quick_entry *e;

	if (v->ctstate != CT_ESTABLISHED)
		return NULL;
	if (q->always[on % QUICK_ALWAYS].on == on && q->always[on % QUICK_ALWAYS].path)
		return &q->path[q->always[on % QUICK_ALWAYS].path - 1];
	e = quick_place(q, v->slot, v->dir == CT_DIR_REPLY);
	return e->key == quick_key(v) && e->on == on ? &q->path[e->path] : NULL;
}

/* The same by the packet's routes, for a connection that is not known yet. */
struct quick_path *rules_quick_way(struct rules *r, const struct ct_packet *pkt,
				   const struct ct_verdict *v, uint32_t on);

static inline void quick_count(struct quick_path *path, const struct ct_packet *pkt)
{
	path->sum.packets++;
	path->sum.bytes += pkt->len;
}

/* IPv6: no extension header, and no address that is not for the wire. */
static inline bool quick_is_plain6(const struct ct_packet *p)
{
	static const union ct_addr one = { .b = { [15] = 1 } };

	return p->data[6] == p->protonum && p->src.b[0] != 0xff && p->dst.b[0] != 0xff &&
	       __builtin_memcmp(&p->src, &one, sizeof(one)) != 0 &&
	       __builtin_memcmp(&p->dst, &one, sizeof(one)) != 0;
}

/* Whether nothing but the rules may stop the packet, and what they ask of its headers
 * was captured. */
static inline bool rules_may_be_quick(const struct ct_packet *p)
{
	uint32_t end = p->l4off + 20;

	if (p->flags & CT_PACKET_FRAGMENT || (p->caplen < end && p->caplen < p->len))
		return false;
	if (p->protonum == CT_L4_TCP || p->protonum == CT_L4_UDP ||
	    p->protonum == CT_L4_ICMP || p->protonum == CT_L4_ICMPV6)
		return p->l3num == CT_L3_IPV4 ? p->l4off == 20 : quick_is_plain6(p);
	return false;
}

/* Whether it may be forwarded, see run_may_forward(). */
static inline bool rules_has_hops(const struct ct_packet *p)
{
	return p->data[p->l3num == CT_L3_IPV4 ? 8 : 7] > 1;
}

#endif
