/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * context.h - one packet on its way through the hooks, as matches see it.
 *
 * The packet's bytes are the caller's until a target or the router changes them;
 * the change is made to a copy (context_write()).  Forwarding takes one off TTL for
 * every packet: that is kept as a number, and put into the bytes only for a
 * match that reads raw bytes (context_bytes()).
 */
#ifndef RULES_CONTEXT_H
#define RULES_CONTEXT_H 1

#include "rules/iface.h"
#include "rules/rules.h"

struct reply;

struct rules_context {
	struct rules *rules;
	const struct rules_engine *engine;
	ct_time  now;
	/* The packet.  'b' begins with the IP header. */
	struct bytes b;
	uint32_t len;		/* skb->len */
	uint32_t thoff;		/* transport header */
	uint16_t fragoff;	/* in units of eight bytes; 0: it is there */
	uint8_t  family;	/* enum ct_l3 */
	uint8_t  proto;		/* as ip_hdr()->protocol, ipv6_find_hdr() say */
	uint8_t  l4proto;	/* the same, but what follows an authentication ... */
	uint32_t l4off;		/* header of IPv6 always: ipv6_skip_exthdr() */
	bool	 no_proto;	/* ipv6_find_hdr() failed */
	bool	 no_l4;		/* ipv6_skip_exthdr() did, also of "no next header" */
	bool	 ttl_stale;	/* 'ttl' is not what the bytes say */
	bool	 own_copy;	/* the bytes are in rules->copy */
	uint8_t  ttl;
	union ct_addr src, dst;
	/* Where it is. */
	uint8_t  table, hook;
	const struct rules_iface *in, *out;	/* never NULL: iface_none() */
	uint8_t  pkttype;
	bool	 has_mac;
	uint8_t  mac[6];
	bool	 local;		/* sent by this host */
	bool	 kernels;	/* ... by its kernel: no owner */
	bool	 socket;	/* such a packet has a socket */
	uint8_t  addr_dst;	/* enum route_type of dst, when routed */
	/* Connection tracking's word. */
	bool	 tracked, untracked;
	bool	 marked;	/* about an UNTRACKED packet: CT leaves it alone */
	uint8_t  ctstate;	/* enum ct_ctstate */
	uint8_t  ctdir;
	bool	 conn_known, conn_there;
	uint32_t mark, priority;
	bool	 nat_done[2];	/* destination, source */
	/* What matches say beside their answer. */
	bool	 hotdrop;	/* the packet is dropped there and then */
	struct rules_template tmpl;
	struct rules_outcome *out_come;
	const struct reply *reply;	/* what REJECT answers, or NULL */
	/* Last, since it is large, and cleared only when it is asked for. */
	struct rules_conn conn;
};

/* The connection, or NULL. */
static inline struct rules_conn *context_conn(struct rules_context *c)
{
	if (!c->conn_known) {
		c->conn_known = true;
		c->conn_there = c->tracked && !c->untracked &&
				c->ctstate <= CT_RELATED && c->engine->conn &&
				c->engine->conn(c->engine->arg, &c->conn);
	}
	return c->conn_there ? &c->conn : NULL;
}

/* Reads the headers of the packet at c->b; false: no IP packet. */
bool context_headers(struct rules_context *c);
/* The packet with all that was changed in it. */
const struct bytes *context_bytes(struct rules_context *c);
/* The IPv4 header's checksum after one of its words became another (RFC 1624). */
void context_header_changed(uint8_t *p, uint16_t before, uint16_t after);
/* The packet's own copy with 'room' bytes more; NULL: too large. */
uint8_t *context_write(struct rules_context *c, uint32_t room);

/* ipv6_find_hdr() and ipv6_skip_exthdr() of the kernel. */
struct v6_place {
	uint8_t  proto;
	uint32_t off;
	uint16_t fragoff;
};
/* target 0x100: the transport header, else that extension header. */
#define V6_TRANSPORT 0x100u
bool v6_find(const struct bytes *b, unsigned int target, struct v6_place *out);

#endif
