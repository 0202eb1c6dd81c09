/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * entry.h - what the table stores of a connection.
 *
 * Most packets read or write two cache lines, struct ct_entry.  What is read less
 * often is in struct entry_rest: IPv6 needs all of an entry's space for addresses
 * and has it elsewhere; IPv4 leaves enough space for it within the entry.  What
 * few connections have is in struct ct_ext.
 */
#ifndef CONNTRACK_TABLE_ENTRY_H
#define CONNTRACK_TABLE_ENTRY_H 1

#include <string.h>

#include "conntrack/table/timer.h"

/* What one side of a TCP connection has sent; names as in struct
 * ip_ct_tcp_state. */
struct tcp_side {
	uint32_t td_end;	/* highest sequence number sent, plus one */
	uint32_t td_maxend;	/* highest it may send, plus one */
	uint32_t td_maxwin;	/* largest window it offered; 0: it sent nothing */
	uint32_t td_maxack;	/* highest it acknowledged */
	uint8_t  td_scale;	/* window scale (RFC 7323) */
	uint8_t  flags;		/* TCP_SIDE_... */
} __attribute__((packed, aligned(2)));	/* 18 bytes, because two follow each other */

struct tcp_info {
	uint8_t  state;		/* enum ct_tcp_state */
	uint8_t  retrans;	/* how often the last segment was repeated */
	uint8_t  last_index, last_dir;
	struct tcp_side seen[2];
	uint32_t last_seq, last_ack, last_end;
	uint16_t last_win;
	uint8_t  last_wscale, last_flags;
};

struct sctp_info {
	uint8_t  state;		/* enum ct_sctp_state */
	uint8_t  last_dir, flags;
	uint8_t  init[2];	/* that direction carried an INIT */
	uint32_t vtag[2];	/* tag that packets of that direction carry; network order */
};

struct dccp_info {
	uint8_t  state;		/* enum ct_dccp_state */
	uint8_t  role[2];	/* of each direction; dccp.c's */
	uint8_t  last_pkt, last_dir;
	uint8_t  handshake_seq[6];	/* of the last Response; 48 bits */
};

struct gre_info {
	uint32_t timeout, stream_timeout;	/* seconds */
};

/* A time at a multiple of four bytes. */
typedef ct_time ct_time_packed __attribute__((aligned(4)));

struct entry_rest {
	ct_time  first_seen;
	uint32_t hash;		/* of a free entry: the next free one */
	uint32_t order;		/* in the early-drop queue */
	bool	 indexed;	/* in the index */
	uint8_t  zone_dirs;	/* CT_ZONE_...: the directions in the entry's zone */
};

struct ct_entry {
	/* The tuple of the original direction, of which the reply's is the inverse;
	 * entry_tuple() makes a struct ct_tuple of it. */
	union {
		struct {
			uint32_t src, dst;	/* ct_addr.w[0] */
			struct entry_rest rest;
		} v4;
		struct {
			union ct_addr src, dst;
		} v6;
	} ends;
	union {				/* as in struct ct_tuple */
		struct { uint16_t sport, dport; };
		struct { uint16_t icmp_id; uint8_t icmp_type, icmp_code; };
		uint32_t l4;
	};
	uint8_t  l3num;
	uint8_t  protonum;
	uint16_t zone;		/* ct_tuple.zero */

	struct timer timer;
	uint8_t  status;	/* CT_STATUS_..., ENTRY_EXT */
	uint8_t  changed;	/* CT_CHANGED_..., not yet reported */
	ct_time  last_seen;

	uint64_t id;
	union {
		uint8_t state;	/* of TCP, SCTP and DCCP */
		struct tcp_info tcp;
		struct sctp_info sctp;
		struct dccp_info dccp;
		struct gre_info gre;
		ct_time_packed udp_stream;	/* a reply after this makes a stream */
	} proto;
};

_Static_assert(sizeof(struct ct_entry) == 2 * CACHE_LINE &&
	       offsetof(struct ct_entry, id) == CACHE_LINE,
	       "two cache lines; lookups and timers use the first alone");
_Static_assert(offsetof(struct ct_entry, timer) % sizeof(ct_time) == 0,
	       "the expiry is aligned");

_Static_assert(sizeof(struct ct_tuple) == offsetof(struct ct_entry, timer) &&
	       offsetof(struct ct_tuple, l4) == offsetof(struct ct_entry, l4) &&
	       offsetof(struct ct_tuple, l3num) == offsetof(struct ct_entry, l3num) &&
	       offsetof(struct ct_tuple, protonum) == offsetof(struct ct_entry, protonum) &&
	       offsetof(struct ct_tuple, zero) == offsetof(struct ct_entry, zone),
	       "from l4 on an entry has the members of a tuple, in their places");

/* ct_entry.status: it has an ext.  Users never see this bit. */
#define ENTRY_EXT	0x80u
#define ENTRY_PUBLIC	0x7fu

/* The number that no entry has. */
#define ENTRY_NONE 0u

/* The frames that set the bounds of each side, for config.track_bounds. */
struct tcp_bounds {
	uint64_t end[2], maxend[2], maxwin[2];
	uint64_t maxack[2];
};

#define ENTRY_TAIL	offsetof(struct ct_tuple, l4)	/* the rest of a tuple */

/* The tuple of the original direction, with the zone in 'zero'. */
static inline struct ct_tuple entry_tuple(const struct ct_entry *e)
{
	struct ct_tuple t = { 0 };

	if (e->l3num == CT_L3_IPV4) {
		t.src.w[0] = e->ends.v4.src;
		t.dst.w[0] = e->ends.v4.dst;
	} else {
		t.src = e->ends.v6.src;
		t.dst = e->ends.v6.dst;
	}
	memcpy((char *)&t + ENTRY_TAIL, &e->l4, sizeof(t) - ENTRY_TAIL);
	return t;
}

/* 't' has the family for which the entry was made. */
static inline void entry_set_tuple(struct ct_entry *e, const struct ct_tuple *t)
{
	if (t->l3num == CT_L3_IPV4) {
		e->ends.v4.src = t->src.w[0];
		e->ends.v4.dst = t->dst.w[0];
	} else {
		e->ends.v6.src = t->src;
		e->ends.v6.dst = t->dst;
	}
	memcpy(&e->l4, (const char *)t + ENTRY_TAIL, sizeof(*t) - ENTRY_TAIL);
}

static inline bool entry_confirmed(const struct ct_entry *e)
{
	return e->status & CT_STATUS_CONFIRMED;
}

#endif
