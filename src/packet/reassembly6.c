/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly6.c - IPv6, as the kernel's nf_conntrack_reasm.c does it
 * (RFC 8200 section 4.5, RFC 5722).
 *
 * IPv6 differs from IPv4 in the fate of broken fragments.  The kernel lets some
 * through unchanged, and connection tracking tracks them as far as it can; it
 * drops the others, but only an overlap drops the whole datagram.  An atomic
 * fragment (RFC 6946) gets no special treatment: it is a datagram of one
 * fragment, loses its fragment header, and overlaps other fragments with the
 * same identification.
 */
#include "packet/reassembly_queue.h"

#include <string.h>

#include "packet/ip.h"

#define IPV6_FRAGMENT_HEADER	8u
#define IPV6_MORE_FRAGMENTS	0x0001u
#define IPV6_OFFSET_MASK	0xfff8u
#define IPV6_MAX_PAYLOAD	65535u
#define ICMPV6_HEADER		8u
#define TCP_HEADER		20u
#define UDP_HEADER		8u

/* Offsets from the IPv6 header. */
struct place {
	uint32_t fragment;	/* the first fragment header */
	uint32_t named;		/* the next-header field that names it */
};

/* find_prev_fhdr(): false if the packet has no fragment header. */
static bool find_fragment_header(const struct bytes *b, struct place *p)
{
	uint32_t off = IPV6_HEADER, named = 6;
	uint8_t nexthdr, ext[2];

	if (!bytes_u8(b, named, &nexthdr))
		return false;
	while (nexthdr != IPV6_EXT_FRAGMENT) {
		if (!ipv6_is_extension(nexthdr) || nexthdr == IPV6_EXT_NONE ||
		    !bytes_copy(b, off, ext, 2))
			return false;
		named = off;
		off += ipv6_extension_length(nexthdr, ext[1]);
		nexthdr = ext[0];
	}
	p->fragment = off;
	p->named = named;
	return off <= b->len;
}

/*
 * ipv6frag_thdr_truncated(): a first fragment must hold the whole header chain
 * (RFC 8200 section 4.5).  The kernel does not reassemble one that does not.
 */
static bool is_truncated(const struct bytes *b, uint32_t off)
{
	struct ipv6_chain chain;
	uint32_t need = 1;

	if (!ipv6_skip_extensions(b, off, IPV6_EXT_FRAGMENT, &chain))
		return false;
	if (chain.protonum == CT_L4_TCP)
		need = TCP_HEADER;
	else if (chain.protonum == CT_L4_UDP)
		need = UDP_HEADER;
	else if (chain.protonum == CT_L4_ICMPV6)
		need = ICMPV6_HEADER;
	return chain.off + need > b->len;
}

/* Returns why the datagram cannot end at 'end', or CT_REASON_NONE. */
static enum ct_reason set_length(struct fragment_queue *q, uint32_t end,
				 bool more)
{
	if (!more) {
		if (end < q->len ||
		    ((q->flags & QUEUE_LAST_IN) && end != q->len))
			return CT_REASON_FRAG_END;
		q->flags |= QUEUE_LAST_IN;
		q->len = end;
	} else if (end > q->len) {
		if (q->flags & QUEUE_LAST_IN)
			return CT_REASON_FRAG_END;
		q->len = end;
	}
	return CT_REASON_NONE;
}

/*
 * nf_ct_frag6_reasm(): keeps the first fragment's headers without its fragment
 * header.  The kernel stores the offset of the next-header field in eight bits,
 * so with 256 octets of headers or more it overwrites another octet.
 */
static enum ct_reassembly_result finish(struct ct_reassembly *r,
					const struct fragment_queue *q,
					struct ct_packet *pkt, enum ct_reason *why)
{
	uint32_t headers = q->first->header - IPV6_FRAGMENT_HEADER;
	uint32_t len = headers + q->len, caplen;
	uint8_t *h = r->whole, mark;

	if (!queue_ecn(q, &mark)) {
		*why = CT_REASON_FRAG_ECN;
		return CT_REASSEMBLY_DROPPED;
	}
	if (len - IPV6_HEADER > IPV6_MAX_PAYLOAD) {
		*why = CT_REASON_FRAG_LONG;
		return CT_REASSEMBLY_DROPPED;
	}
	memcpy(h, q->first->data, headers);
	caplen = queue_gather(r, q, headers);
	h[q->next_header] = q->first->data[headers];
	store_be16(h + 4, (uint16_t)(len - IPV6_HEADER));
	h[1] |= (uint8_t)(mark << 4);
	return reassembly_whole(r, len, caplen, pkt, why);
}

/* The second half of nf_ct_frag6_queue(): the position is checked. */
static enum ct_reassembly_result add(struct ct_reassembly *r,
				     struct fragment_queue *q,
				     const struct arrival *a,
				     const struct place *p, struct ct_packet *pkt,
				     enum ct_reason *why)
{
	enum ct_reassembly_result result = CT_REASSEMBLY_DROPPED;
	uint8_t traffic = 0;

	switch (queue_insert(&r->v6, q, a)) {
	case QUEUE_DUPLICATE:
		*why = CT_REASON_FRAG_DUPLICATE;
		return CT_REASSEMBLY_DROPPED;
	case QUEUE_NO_MEMORY:
		*why = CT_REASON_FRAG_MEMORY;
		return CT_REASSEMBLY_DROPPED;
	case QUEUE_OVERLAP:
		*why = CT_REASON_FRAG_OVERLAP;
		queue_kill(r, &r->v6, q);
		return CT_REASSEMBLY_DROPPED;
	case QUEUE_INSERTED:
		break;
	}
	bytes_u8(&a->packet, 1, &traffic);
	q->ecn |= (uint8_t)(1u << (traffic >> 4 & 3));
	if (!a->offset)
		q->next_header = (uint8_t)p->named;
	if (!queue_is_whole(q))
		return CT_REASSEMBLY_HELD;
	result = finish(r, q, pkt, why);
	queue_kill(r, &r->v6, q);
	return result;
}

/* The first half of nf_ct_frag6_queue(): checks the position. */
static enum ct_reassembly_result gather(struct ct_reassembly *r,
					struct fragment_queue *q,
					struct arrival *a, const struct place *p,
					uint16_t frag_off, struct ct_packet *pkt,
					enum ct_reason *why)
{
	bool more = frag_off & IPV6_MORE_FRAGMENTS;

	a->offset = frag_off & IPV6_OFFSET_MASK;
	a->end = a->offset + a->packet.len - a->header;
	if (a->end > IPV6_MAX_PAYLOAD) {
		*why = CT_REASON_FRAG_PAST;
		return CT_REASSEMBLY_DROPPED;
	}
	/* A host answers with "parameter problem" here.  This hook lets the
	 * fragment through, and drops the others of the datagram. */
	if (more && (a->end & 7)) {
		queue_kill(r, &r->v6, q);
		return CT_REASSEMBLY_PASS;
	}
	*why = set_length(q, a->end, more);
	if (!*why && a->end == a->offset)
		*why = CT_REASON_FRAG_EMPTY;
	if (*why)
		return CT_REASSEMBLY_DROPPED;
	return add(r, q, a, p, pkt, why);
}

/* nf_ct_frag6_gather() */
enum ct_reassembly_result reassembly_ipv6(struct ct_reassembly *r, uint64_t now,
					  struct ct_packet *pkt, enum ct_reason *why)
{
	struct arrival a = {
		.packet = { pkt->data, pkt->caplen, pkt->len },
		.number = pkt->number,
	};
	struct fragment_key key = { .src = pkt->src, .dst = pkt->dst };
	struct fragment_queue *q;
	struct place p;
	uint8_t h[IPV6_FRAGMENT_HEADER];
	uint16_t length;

	/* A jumbo payload (RFC 2675) has no fragment header.  A header that
	 * the snap length cut off reads as zero, so that all fragments between
	 * two addresses then share one identification. */
	if (!bytes_be16(&a.packet, 4, &length) || !length ||
	    !find_fragment_header(&a.packet, &p) ||
	    is_truncated(&a.packet, p.fragment))
		return CT_REASSEMBLY_PASS;
	if (!bytes_copy(&a.packet, p.fragment, h, sizeof(h))) {
		*why = CT_REASON_FRAG_HEADER;
		return CT_REASSEMBLY_DROPPED;
	}
	key.id = load_be32(h + 4);
	a.header = p.fragment + IPV6_FRAGMENT_HEADER;
	q = queue_find(r, &r->v6, &key, now, why);
	if (!q)
		return CT_REASSEMBLY_DROPPED;
	return gather(r, q, &a, &p, load_be16(h + 2), pkt, why);
}
