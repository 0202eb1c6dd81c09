/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * entry.h - what the table stores of a connection.
 *
 * Most packets read or write two cache lines, struct ct_entry; the rest is in
 * struct entry_rest, and what few connections have in struct ct_ext.
 */
#ifndef CONNTRACK_TABLE_ENTRY_H
#define CONNTRACK_TABLE_ENTRY_H 1

#include "conntrack/table/timer.h"

struct ct_ext;		/* helper/helper.h */

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

struct ct_entry {
	/* Original direction; the reply's is its inverse.  'zero' is the zone. */
	struct ct_tuple tuple;
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

/* ct_entry.status: entry_rest has an ext.  Users never see this bit. */
#define ENTRY_EXT	0x80u
#define ENTRY_PUBLIC	0x7fu

/* The number that no entry has. */
#define ENTRY_NONE 0u

struct entry_rest {
	ct_time  first_seen;
	struct ct_ext *ext;	/* helper and master; NULL for most */
	uint32_t hash;		/* of a free entry: the next free one */
	uint32_t order;		/* in the early-drop queue */
	bool	 indexed;	/* in the index */
	uint8_t  zone_dirs;	/* CT_ZONE_...: the directions in tuple.zero's zone */
};

_Static_assert(sizeof(struct entry_rest) <= CACHE_LINE / 2, "half a line");

/* The frames that set the bounds of each side, for config.track_bounds. */
struct tcp_bounds {
	uint64_t end[2], maxend[2], maxwin[2];
	uint64_t maxack[2];
};

static inline bool entry_confirmed(const struct ct_entry *e)
{
	return e->status & CT_STATUS_CONFIRMED;
}

#endif
