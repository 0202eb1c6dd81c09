/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prepare.c - what a packet and the configuration alone determine: the hash of
 * the flow, whether the transport checksum is right, and what a TCP header
 * says.
 *
 * ct_prepare() computes it in advance, perhaps in another thread, so it reads
 * only those members of the engine that never change.  Trackers ask for the
 * checksum below in either case, after they have checked that the header is
 * complete.
 */
#include "ctreplay/fast.h"

#include "conntrack/proto/tcp.h"
#include "conntrack/tuple.h"
#include "packet/checksum.h"

#define UDP_HEADER	8u

/* Whether the configuration calls a checksum with this result wrong. */
static inline bool fails(const struct ct *ct, enum checksum_result r)
{
	if (likely(r == CHECKSUM_GOOD))
		return false;
	return ct->cfg.checksum != CT_CHECKSUM_AUTO || r == CHECKSUM_BAD;
}

bool track_judge_checksum(const struct track *t, uint8_t protonum, uint32_t field)
{
	return t->ct->check_sums &&
	       fails(t->ct, packet_checksum(t->pkt, protonum, field));
}

bool track_bad_checksum_partial(const struct track *t, uint8_t protonum,
				uint32_t coverage)
{
	return t->ct->check_sums &&
	       fails(t->ct, packet_checksum_partial(t->pkt, protonum, coverage));
}

bool track_bad_checksum_sctp(const struct track *t)
{
	if (packet_judged(t->pkt))
		return t->pkt->priv.prepared & CT_PREPARED_BAD;
	return t->ct->check_sums && fails(t->ct, packet_checksum_sctp(t->pkt));
}

/* The result for a protocol whose checksum is verified in advance; false for
 * other packets.  UDP-Lite is too rare to be one of these. */
static bool judge(const struct ct_packet *pkt, enum checksum_result *r)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint16_t check;

	switch (pkt->protonum) {
	case CT_L4_TCP:
		*r = packet_checksum(pkt, CT_L4_TCP, TCP_CHECK);
		return true;
	case CT_L4_UDP:
		/* 0: the sender computed none. */
		if (!bytes_be16(&b, pkt->l4off + UDP_CHECK, &check) || !check)
			return false;
		*r = packet_checksum(pkt, CT_L4_UDP, UDP_CHECK);
		return true;
	case CT_L4_ICMP:
		*r = packet_checksum(pkt, CT_L4_ICMP, ICMP_CHECK);
		return pkt->l3num == CT_L3_IPV4;
	case CT_L4_ICMPV6:
		*r = packet_checksum(pkt, CT_L4_ICMPV6, ICMP_CHECK);
		return pkt->l3num == CT_L3_IPV6;
	case CT_L4_SCTP:
		*r = packet_checksum_sctp(pkt);
		return true;
	}
	return false;
}

static inline void set_ports(const struct ct *ct, struct ct_packet *pkt,
			     uint16_t sport, uint16_t dport)
{
	pkt->priv.entry = ENTRY_NONE;
	pkt->priv.l4 = tuple_ports(sport, dport);
	pkt->priv.hash = flow_hash(&ct->hash_key, pkt, sport, dport);
}

/* The flow of a packet with ports, whose header has at least four bytes. */
static inline void find_ports(const struct ct *ct, struct ct_packet *pkt)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint8_t spare[4];
	const uint8_t *h = bytes_look(&b, pkt->l4off, sizeof(spare), spare);

	set_ports(ct, pkt, load_be16(h), load_be16(h + 2));
}

/* The flow of a packet without ports; false where it has none. */
static bool find_other(const struct ct *ct, struct ct_packet *pkt)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	struct ct_tuple t;

	if (tuple_read(ct, &b, 0, pkt->l4off, pkt->l3num, pkt->protonum, &t) !=
	    CT_REASON_NONE)
		return false;
	pkt->priv.entry = ENTRY_NONE;
	pkt->priv.l4 = t.l4;
	pkt->priv.hash = tuple_hash(&ct->hash_key, &t);
	return true;
}

/* False where it has none, or the header is not complete. */
static inline bool find_flow(const struct ct *ct, struct ct_packet *pkt)
{
	/* The checksum of a header that is too short does not matter. */
	if (pkt->l4off > pkt->len || pkt->len - pkt->l4off < UDP_HEADER)
		return false;
	switch (pkt->protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_SCTP:
		find_ports(ct, pkt);
		return true;
	case CT_L4_GRE:
		/* The engine knows its keys. */
		return false;
	}
	return find_other(ct, pkt);
}

/* The CT_PREPARED_... bits for the result. */
static inline unsigned int checksum_bits(const struct ct *ct,
					 enum checksum_result r)
{
	return CT_PREPARED_CHECKSUM | (fails(ct, r) ? CT_PREPARED_BAD : 0);
}

static inline unsigned int judge_sum(const struct ct *ct,
				     const struct ct_packet *pkt)
{
	enum checksum_result r;

	return ct->check_sums && judge(pkt, &r) ? checksum_bits(ct, r) : 0;
}

static noinline void prepare_any(const struct ct *ct, struct ct_packet *pkt)
{
	if (find_flow(ct, pkt))
		pkt->priv.prepared =
			(uint8_t)(CT_PREPARED_FLOW | judge_sum(ct, pkt));
}

/* A TCP header that was captured, except perhaps for its options. */
static inline void prepare_tcp(const struct ct *ct, struct ct_packet *pkt)
{
	const uint8_t *h = pkt->data + pkt->l4off;
	unsigned int known = CT_PREPARED_FLOW;

	set_ports(ct, pkt, load_be16(h), load_be16(h + 2));
	if (ct->check_sums)
		known |= checksum_bits(ct, packet_checksum(pkt, CT_L4_TCP,
							   TCP_CHECK));
	if (!(known & CT_PREPARED_BAD) && tcp_segment_prepare(pkt))
		known |= CT_PREPARED_SEGMENT;
	pkt->priv.prepared = (uint8_t)known;
}

void ct_prepare(const struct ct *ct, struct ct_packet *pkt)
{
	if (pkt->flags & (CT_PACKET_FRAGMENT | CT_PACKET_NO_L4 |
			  CT_PACKET_LONG_CHAIN))
		return;
	if (likely(pkt->protonum == CT_L4_TCP && pkt->l4off <= pkt->caplen &&
		   pkt->caplen - pkt->l4off >= TCP_HEADER))
		prepare_tcp(ct, pkt);
	else
		prepare_any(ct, pkt);
}

void ct_prepare_none(struct ct_packet *pkt)
{
	pkt->priv.prepared = 0;
}

/* Whether what 'of' has noted of the packet is what 'ct' would note: kernels read
 * the ports of these two protocols or do not. */
static inline bool notes_hold(const struct ct *ct, const struct ct *of,
			      const struct ct_packet *pkt)
{
	return ct->check_sums == of->check_sums &&
	       ct->cfg.checksum == of->cfg.checksum &&
	       memcmp(ct->cfg.hash_key, of->cfg.hash_key,
		      sizeof(ct->cfg.hash_key)) == 0 &&
	       pkt->protonum != CT_L4_UDPLITE && pkt->protonum != CT_L4_DCCP;
}

void ct_prepare_copy(const struct ct *ct, const struct ct *of,
		     struct ct_packet *pkt)
{
	if (likely(notes_hold(ct, of, pkt))) {
		/* An entry of the other engine's table. */
		pkt->priv.entry = ENTRY_NONE;
		return;
	}
	ct_prepare_none(pkt);
	ct_prepare(ct, pkt);
}
