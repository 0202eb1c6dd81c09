/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly4.c - IPv4, as the kernel's ip_fragment.c does it for
 * nf_defrag_ipv4 (RFC 791, and RFC 5722's rule for overlaps).
 *
 * The kernel drops every broken fragment: connection tracking never sees one.
 * Nearly every fault drops the datagram's other fragments as well; only a
 * duplicate leaves them alone.
 */
#include "packet/reassembly_queue.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "packet/checksum.h"
#include "packet/ip.h"

#define IPV4_MAX 65535u

/* Counts the fragments of one source, for ipfrag_max_dist. */
struct fragment_peer {
	uint32_t addr;
	uint32_t queues;	/* that refer to it; it goes with the last one */
	uint32_t seen;		/* fragments */
};

/* Keys and peers: a peer's address is its first member. */
static int compare_peers(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(uint32_t));
}

void reassembly_ipv4_release(struct ct_reassembly *r, struct fragment_queue *q)
{
	struct fragment_peer *peer = q->peer;

	if (!peer || --peer->queues)
		return;
	tdelete(peer, &r->peers, compare_peers);
	free(peer);
}

/*
 * The peer for 'addr', created if need be; NULL when there is no memory.  The
 * kernel's inet_peer outlives the queues, but its count matters only while a
 * queue refers to it.
 */
static struct fragment_peer *peer_get(struct ct_reassembly *r, uint32_t addr)
{
	struct fragment_peer *peer, **found = tfind(&addr, &r->peers,
						    compare_peers);

	if (found) {
		peer = *found;
	} else {
		peer = calloc(1, sizeof(*peer));
		if (!peer)
			return NULL;
		peer->addr = addr;
		if (!tsearch(peer, &r->peers, compare_peers)) {
			free(peer);
			return NULL;
		}
	}
	peer->queues++;
	return peer;
}

uint32_t reassembly_ipv4_peer_seen(const struct fragment_queue *q)
{
	return q->peer->seen;
}

bool reassembly_ipv4_set_peer(struct ct_reassembly *r, struct fragment_queue *q,
			      uint32_t seen)
{
	q->peer = peer_get(r, q->key.src.w[0]);
	if (q->peer)
		q->peer->seen = seen;
	return q->peer != NULL;
}

/*
 * ip_frag_too_far(): true if the source has sent ipfrag_max_dist fragments of
 * other datagrams or more since the last one of this datagram, so that the
 * identification may have wrapped around.  The caller then restarts the
 * datagram, and its timeout, with this fragment.
 */
static bool too_far(const struct ct_reassembly *r, struct fragment_queue *q)
{
	uint32_t before = q->peer_seen;

	if (!q->peer)
		return false;
	q->peer_seen = ++q->peer->seen;
	return q->tail && q->peer_seen - before > r->max_dist;
}

/*
 * Sets the place of 'a' in the datagram; returns why the datagram is broken, or
 * CT_REASON_NONE.  A fragment that is not the last one is cut down to a
 * multiple of 8 octets.
 */
static enum ct_reason position(struct fragment_queue *q, struct arrival *a,
			       uint16_t frag_off)
{
	a->offset = (frag_off & IPV4_OFFSET_MASK) * 8u;
	a->end = a->offset + a->packet.len - a->header;
	if (!(frag_off & IPV4_MORE_FRAGMENTS)) {
		if (a->end < q->len ||
		    ((q->flags & QUEUE_LAST_IN) && a->end != q->len))
			return CT_REASON_FRAG_END;
		q->flags |= QUEUE_LAST_IN;
		q->len = a->end;
	} else {
		a->end &= ~7u;
		if (a->end > q->len) {
			if (q->flags & QUEUE_LAST_IN)
				return CT_REASON_FRAG_END;
			q->len = a->end;
		}
	}
	return a->end == a->offset ? CT_REASON_FRAG_EMPTY : CT_REASON_NONE;
}

/*
 * ip_frag_reasm(): builds the datagram behind the first fragment's header.  The
 * kernel also sets DF if the largest fragment had it, which no tracker reads.
 */
static enum ct_reassembly_result finish(struct ct_reassembly *r,
					const struct fragment_queue *q,
					struct ct_packet *pkt, enum ct_reason *why)
{
	uint32_t ihl = q->first->header, len = ihl + q->len, caplen;
	uint8_t *h = r->whole, mark;
	uint16_t sum;

	if (!queue_ecn(q, &mark)) {
		*why = CT_REASON_FRAG_ECN;
		return CT_REASSEMBLY_DROPPED;
	}
	if (len > IPV4_MAX) {
		*why = CT_REASON_FRAG_LONG;
		return CT_REASSEMBLY_DROPPED;
	}
	memcpy(h, q->first->data, ihl);
	caplen = queue_gather(r, q, ihl);
	h[1] |= mark;
	store_be16(h + 2, (uint16_t)len);
	store_be16(h + 6, 0);
	store_be16(h + 10, 0);
	sum = (uint16_t)~checksum_fold(checksum_add(0, h, ihl));
	store_be16(h + 10, sum);
	return reassembly_whole(r, len, caplen, pkt, why);
}

static enum ct_reassembly_result add(struct ct_reassembly *r,
				     struct fragment_queue *q, struct arrival *a,
				     const uint8_t *h, struct ct_packet *pkt,
				     enum ct_reason *why)
{
	enum ct_reassembly_result result = CT_REASSEMBLY_DROPPED;

	*why = position(q, a, load_be16(h + 6));
	if (*why)
		goto discard;
	switch (queue_insert(&r->v4, q, a)) {
	case QUEUE_DUPLICATE:
		*why = CT_REASON_FRAG_DUPLICATE;
		return CT_REASSEMBLY_DROPPED;
	case QUEUE_NO_MEMORY:
		*why = CT_REASON_FRAG_MEMORY;
		return CT_REASSEMBLY_DROPPED;
	case QUEUE_OVERLAP:
		*why = CT_REASON_FRAG_OVERLAP;
		goto discard;
	case QUEUE_INSERTED:
		break;
	}
	q->ecn |= (uint8_t)(1u << (h[1] & 3));
	if (!queue_is_whole(q))
		return CT_REASSEMBLY_HELD;
	result = finish(r, q, pkt, why);
discard:
	queue_kill(r, &r->v4, q);
	return result;
}

enum ct_reassembly_result reassembly_ipv4(struct ct_reassembly *r, uint64_t now,
					  struct ct_packet *pkt, enum ct_reason *why)
{
	struct arrival a = {
		.packet = { pkt->data, pkt->caplen, pkt->len },
		.header = pkt->l4off,
		.number = pkt->number,
	};
	struct fragment_key key = {
		.src = pkt->src, .dst = pkt->dst, .protonum = pkt->protonum,
	};
	struct fragment_queue *q;
	uint8_t h[IPV4_HEADER];

	if (!bytes_copy(&a.packet, 0, h, sizeof(h)) || a.header > a.packet.len)
		return CT_REASSEMBLY_PASS;
	key.id = load_be16(h + 4);
	q = queue_find(r, &r->v4, &key, now, why);
	if (!q)
		return CT_REASSEMBLY_DROPPED;
	if (!q->peer && r->max_dist)
		q->peer = peer_get(r, pkt->src.w[0]);
	r->stats.out_of_memory += !q->peer && r->max_dist;
	if (too_far(r, q))
		queue_restart(&r->v4, q, now);
	return add(r, q, &a, h, pkt, why);
}
