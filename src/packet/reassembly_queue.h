/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly_queue.h - the fragments of datagrams that are not whole yet: the
 * part that IPv4 and IPv6 share, as the kernel's inet_fragment.c is.
 *
 * A fragment queue holds the fragments of one datagram.  A store holds the
 * queues of one family, in a balanced tree by key, so that identifications
 * chosen by an attacker cost a logarithm, not a walk along a list.  All queues
 * of a store have the same timeout, so a list in order of creation serves as
 * the timer.
 *
 * A "run" is the kernel's term for fragments that arrived in order: each began
 * where the one before it ended, and that was the furthest end so far.  A
 * fragment that lies within one run is a duplicate; a fragment that touches a
 * run in any other way overlaps.  Since runs decide between these two verdicts,
 * they are kept as the kernel keeps them: a fragment that fills a gap does not
 * join the runs on its two sides.
 */
#ifndef PACKET_REASSEMBLY_QUEUE_H
#define PACKET_REASSEMBLY_QUEUE_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ctreplay/reassembly.h"

/* The offset has 13 bits, and no two fragments of a datagram share one. */
#define FRAGMENTS_MAX	8192u
/* The longest datagram: an IPv6 header and its payload. */
#define WHOLE_MAX	(40u + 65535u)

struct fragment {
	struct fragment *next;	/* in order of arrival */
	uint64_t number;	/* of its frame */
	uint32_t offset, end;	/* its part of the datagram's payload */
	uint32_t run_end;	/* of the run that it begins */
	uint32_t header;	/* bytes of headers in 'data' before the payload */
	uint32_t captured;	/* bytes of payload in 'data' */
	uint32_t headers_captured;	/* bytes of 'header' that were captured */
	uint8_t data[];
};

/* Compared byte by byte: there must be no padding. */
struct fragment_key {
	union ct_addr src, dst;
	uint32_t id;
	uint32_t protonum;	/* IPv4 only */
};

#define QUEUE_FIRST_IN	0x1u
#define QUEUE_LAST_IN	0x2u

struct fragment_queue {
	struct fragment_key key;
	struct fragment_queue *older, *younger;
	uint64_t since;		/* when its timeout began */
	uint64_t charge;	/* bytes counted for its fragments */
	struct fragment *fragments, **end;	/* all, in order of arrival */
	struct fragment *first;	/* the one at offset 0 */
	struct fragment *tail;	/* the one that reaches furthest */
	struct fragment *last_run;
	void *runs;		/* tree of the fragments that begin a run */
	uint32_t len;		/* payload of the datagram, as far as known */
	uint32_t meat;		/* payload that has arrived */
	uint8_t flags;
	uint8_t ecn;		/* one bit for each ECN codepoint seen */
	uint8_t next_header;	/* IPv6: offset of the next-header field that
				 * names the first fragment's header */
	struct fragment_peer *peer;	/* IPv4: reassembly4.c's, or NULL */
	uint32_t peer_seen;	/* the peer's count at the last fragment */
};

struct fragment_store {
	void *tree;		/* of struct fragment_queue, by key */
	struct fragment_queue *oldest, *youngest;
	uint64_t timeout;	/* nanoseconds */
	uint64_t used, limit;	/* bytes, as counted below */
	uint32_t queue_cost;
	/* Called for each queue before it is freed; NULL for none. */
	void (*release)(struct ct_reassembly *r, struct fragment_queue *q);
};

struct ct_reassembly {
	struct fragment_store v4, v6;
	void *peers;		/* IPv4: tree of struct fragment_peer, by address */
	uint32_t max_dist;	/* IPv4: ipfrag_max_dist; 0 is off */
	struct ct_reassembly_stats stats;
	uint32_t nframes;
	uint64_t frames[FRAGMENTS_MAX];	/* numbers of the last datagram's frames */
	uint8_t whole[WHOLE_MAX];	/* the last datagram */
};

/*
 * The bytes that a queue and a fragment count against ..._high_thresh.  The
 * kernel counts its own structures and the true size of each buffer, which
 * depends on the driver.  These are the numbers of Linux 6.18 on x86-64 for a
 * tap device: an sk_buff, its shared info and headroom, and the Ethernet frame
 * in units of 64 bytes; a frame that does not fit into one page takes whole
 * pages for the rest.
 */
#define QUEUE4_COST	200u
#define QUEUE6_COST	184u
uint32_t fragment_cost(uint32_t packet_length);

/* Frees the queues that timed out; returns their number. */
uint32_t store_expire(struct ct_reassembly *r, struct fragment_store *s,
		      uint64_t now);
void store_clear(struct ct_reassembly *r, struct fragment_store *s);

/* The queue of 'key', created if need be.  NULL, and '*why' is set, when the
 * memory limit is reached or there is no memory. */
struct fragment_queue *queue_find(struct ct_reassembly *r,
				  struct fragment_store *s,
				  const struct fragment_key *key, uint64_t now,
				  enum ct_reason *why);
/* A new queue whose timeout begins at 'now'; NULL: there is one, or no memory. */
struct fragment_queue *queue_new(struct fragment_store *s,
				 const struct fragment_key *key, uint64_t now);
/* Frees a queue with its fragments. */
void queue_kill(struct ct_reassembly *r, struct fragment_store *s,
		struct fragment_queue *q);
/* Empties 'q', and starts its timeout again. */
void queue_restart(struct fragment_store *s, struct fragment_queue *q,
		   uint64_t now);

/* A fragment that arrived, with its place by the rules of its family. */
struct arrival {
	struct bytes packet;	/* the whole packet, from the IP header on */
	uint32_t header;	/* bytes of the packet before the payload */
	uint32_t offset, end;	/* of the payload in the datagram */
	uint64_t number;	/* of its frame */
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

/* A fragment that the queue had before, in the order of arrival; its charge is the
 * caller's.  False: there is no room for it, or no memory. */
bool queue_restore(struct fragment_queue *q, struct fragment *f);

/* Whether all fragments of the datagram have arrived. */
static inline bool queue_is_whole(const struct fragment_queue *q)
{
	return q->flags == (QUEUE_FIRST_IN | QUEUE_LAST_IN) &&
	       q->meat == q->len;
}

/*
 * RFC 3168 section 5.3, the kernel's ip_frag_ecn_table: false if the datagram
 * has both ECN-capable fragments and others.  '*mark' gets the bits to set in
 * the ECN field of the first fragment.
 */
bool queue_ecn(const struct fragment_queue *q, uint8_t *mark);

/*
 * Copies the payload to 'off' of r->whole and notes the frames' numbers.  Bytes
 * that were not captured become zero.  Returns the offset of the first of them
 * in r->whole; UINT32_MAX if there are none.
 */
uint32_t queue_gather(struct ct_reassembly *r, const struct fragment_queue *q,
		      uint32_t off);

/* Makes '*pkt' the datagram of 'len' bytes in r->whole. */
enum ct_reassembly_result reassembly_whole(struct ct_reassembly *r, uint32_t len,
					   uint32_t caplen,
					   struct ct_packet *pkt,
					   enum ct_reason *why);

/* The kernel's ip_defrag(), for IPv4 fragments only. */
enum ct_reassembly_result reassembly_ipv4(struct ct_reassembly *r, uint64_t now,
					  struct ct_packet *pkt,
					  enum ct_reason *why);
/* A store's release(). */
void reassembly_ipv4_release(struct ct_reassembly *r, struct fragment_queue *q);
/* The fragments that the source of a queue with a peer has sent. */
uint32_t reassembly_ipv4_peer_seen(const struct fragment_queue *q);
/* Gives a queue its peer, with such a count; false: no memory. */
bool reassembly_ipv4_set_peer(struct ct_reassembly *r, struct fragment_queue *q,
			      uint32_t seen);
/* The kernel's nf_ct_frag6_gather(), for any IPv6 packet. */
enum ct_reassembly_result reassembly_ipv6(struct ct_reassembly *r, uint64_t now,
					  struct ct_packet *pkt,
					  enum ct_reason *why);

#endif
