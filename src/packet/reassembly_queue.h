/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly_queue.h - the fragments of datagrams that are not whole yet:
 * what IPv4 and IPv6 have in common, as the kernel's inet_fragment.c is.
 *
 * A store holds the queues of one family, found by key in a balanced tree, so
 * that identifications chosen by an enemy cost a logarithm and not a list.
 * Their time limit is one constant, so a list in order of creation is all the
 * timer there has to be.
 *
 * Within a queue a "run" is what the kernel calls so: fragments that arrived
 * each at the end of all others and right behind the one before.  A fragment
 * that lies within one run is a duplicate; one that touches a run in any other
 * way overlaps.  So runs decide between two verdicts, and are kept as the
 * kernel keeps them: a gap that is filled later does not join its neighbours.
 */
#ifndef PACKET_REASSEMBLY_QUEUE_H
#define PACKET_REASSEMBLY_QUEUE_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "packet/reassembly.h"

/* A fragment's offset is 13 bits, and two cannot have the same one. */
#define FRAGMENTS_MAX	8192u
/* An IPv6 header and the longest payload. */
#define WHOLE_MAX	(40u + 65535u)

struct fragment {
	struct fragment *next;	/* in order of arrival */
	uint64_t number;	/* of its frame */
	uint32_t offset, end;	/* its part of the datagram's payload */
	uint32_t run_end;	/* of the run that it begins */
	uint32_t header;	/* bytes of headers in 'data' before the payload */
	uint32_t there;		/* bytes of payload in 'data' */
	uint32_t headers_there;	/* bytes of headers that were captured */
	uint8_t data[];
};

/* Compared byte by byte: no member may leave a gap unset. */
struct fragment_key {
	union ct_addr src, dst;
	uint32_t id;
	uint32_t protonum;	/* IPv4 only */
};

/* IPv4: fragments seen of one source, for ipfrag_max_dist. */
struct fragment_peer {
	uint32_t addr;
	uint32_t queues;	/* that count with it; it goes with the last */
	uint32_t seen;
};

#define QUEUE_FIRST_IN	0x1u
#define QUEUE_LAST_IN	0x2u

struct fragment_queue {
	struct fragment_key key;
	struct fragment_queue *older, *younger;
	uint64_t since;		/* when its time began */
	uint64_t charge;	/* bytes counted for its fragments */
	struct fragment *fragments, **end;	/* all, in order of arrival */
	struct fragment *first;	/* the one at offset 0 */
	struct fragment *tail;	/* the one that reaches furthest */
	struct fragment *last_run;
	void *runs;		/* tree of the fragments that begin a run */
	uint32_t len;		/* payload that the datagram has at least */
	uint32_t meat;		/* payload that is here */
	uint8_t flags;
	uint8_t ecn;		/* one bit for each ECN codepoint seen */
	uint8_t next_header;	/* IPv6: where the first fragment's header is named */
	struct fragment_peer *peer;
	uint32_t peer_seen;	/* peer->seen at our last fragment */
};

struct fragment_store {
	void *tree;		/* of struct fragment_queue, by key */
	struct fragment_queue *oldest, *youngest;
	uint64_t timeout;	/* nanoseconds */
	uint64_t used, limit;	/* bytes, as counted below */
	uint32_t queue_cost;
};

struct reassembly {
	struct fragment_store v4, v6;
	void *peers;		/* tree of struct fragment_peer, by address */
	uint32_t max_dist;
	struct reassembly_stats stats;
	uint32_t nframes;
	uint64_t frames[FRAGMENTS_MAX];	/* that the last whole datagram came in */
	uint8_t whole[WHOLE_MAX];
};

/*
 * What a queue and a fragment count against ..._high_thresh.  The kernel counts
 * its own structures and each buffer's true size, which depends on the driver;
 * these are the numbers of Linux 6.18 on x86-64 for a tap device: an sk_buff,
 * its shared info and headroom, and the Ethernet frame in units of 64 bytes; a
 * frame that does not fit into a page takes whole pages for the rest.
 */
#define QUEUE4_COST	200u
#define QUEUE6_COST	184u
uint32_t fragment_cost(uint32_t packet_length);

/* Forgets what timed out; returns the number of datagrams. */
uint32_t store_expire(struct reassembly *r, struct fragment_store *s,
		      uint64_t now);
void store_clear(struct reassembly *r, struct fragment_store *s);

/* IPv4: a queue with 'peer' is gone. */
void reassembly_peer_put(struct reassembly *r, struct fragment_peer *peer);

/* NULL, and '*why', where the memory limit or memory itself is reached. */
struct fragment_queue *queue_find(struct reassembly *r,
				  struct fragment_store *s,
				  const struct fragment_key *key, uint64_t now,
				  enum ct_reason *why);
/* Forgets a queue and what is in it. */
void queue_kill(struct reassembly *r, struct fragment_store *s,
		struct fragment_queue *q);
/* Makes 'q' as if it were new. */
void queue_restart(struct fragment_store *s, struct fragment_queue *q,
		   uint64_t now);

/* One fragment, as the rules for its family have it. */
struct arrival {
	struct bytes packet;	/* the whole packet, from the IP header on */
	uint32_t header;	/* bytes of it that are not payload */
	uint32_t offset, end;	/* of its payload in the datagram */
	uint64_t number;
};

enum queue_insert {
	QUEUE_INSERTED,
	QUEUE_DUPLICATE,
	QUEUE_OVERLAP,
	QUEUE_NO_MEMORY,
};
enum queue_insert queue_insert(struct fragment_store *s,
			       struct fragment_queue *q,
			       const struct arrival *a);

/* Whether nothing is missing. */
static inline bool queue_is_whole(const struct fragment_queue *q)
{
	return q->flags == (QUEUE_FIRST_IN | QUEUE_LAST_IN) &&
	       q->meat == q->len;
}

/*
 * RFC 3168 section 5.3, the kernel's ip_frag_ecn_table: false where a fragment
 * that is not ECN-capable and one that is belong to the same datagram.  'mark'
 * is what to add to the ECN field of the first fragment.
 */
bool queue_ecn(const struct fragment_queue *q, uint8_t *mark);

/*
 * Puts the payload at 'off' of r->whole and notes the frames.  Returns where
 * bytes that were not captured begin, and at least the end where there are
 * none; they are filled with zero.
 */
uint32_t queue_gather(struct reassembly *r, const struct fragment_queue *q,
		      uint32_t off);

/* '*pkt' becomes the datagram of 'len' bytes at r->whole. */
enum reassembly_result reassembly_whole(struct reassembly *r, uint32_t len,
					uint32_t caplen, struct ct_packet *pkt,
					enum ct_reason *why);

/* ip_defrag() and nf_ct_frag6_gather(). */
enum reassembly_result reassembly_ipv4(struct reassembly *r, uint64_t now,
				       struct ct_packet *pkt,
				       enum ct_reason *why);
enum reassembly_result reassembly_ipv6(struct reassembly *r, uint64_t now,
				       struct ct_packet *pkt,
				       enum ct_reason *why);

static inline void store_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

#endif
