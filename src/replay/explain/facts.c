/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/facts.h"

#include "base/bytes.h"

/* The bounds of the window check, see tcp_window.h; all modulo 2^32. */
static bool window_facts(struct explain_comparison *c, enum ct_reason reason,
			 const struct ct_window *w)
{
	switch (reason) {
	case CT_REASON_TCP_SEQ_OVER:
	case CT_REASON_TCP_MORE_BYTES:
		*c = (struct explain_comparison){ EXPLAIN_SEQ, EXPLAIN_AT_MOST, w->seq,
						  w->seq_upper, w->seq - w->seq_upper,
						  w->frame, { { { 0 } } } };
		return true;
	case CT_REASON_TCP_ACK_OVER:
		*c = (struct explain_comparison){ EXPLAIN_ACK, EXPLAIN_AT_MOST, w->ack,
						  w->ack_upper, w->ack - w->ack_upper,
						  w->frame, { { { 0 } } } };
		return true;
	case CT_REASON_TCP_SEQ_UNDER:
		*c = (struct explain_comparison){ EXPLAIN_SEQ_END, EXPLAIN_AT_LEAST,
						  w->end, w->seq_lower,
						  w->seq_lower - w->end, w->frame,
						  { { { 0 } } } };
		return true;
	case CT_REASON_TCP_ACK_UNDER:
		*c = (struct explain_comparison){ EXPLAIN_ACK, EXPLAIN_AT_LEAST, w->ack,
						  w->ack_lower, w->ack_lower - w->ack,
						  w->frame, { { { 0 } } } };
		return true;
	default:
		return false;
	}
}

/* Numbers that the reason itself has. */
static bool reason_facts(struct explain_comparison *c, const struct ct_why *why,
			 const struct explain_view *view)
{
	switch (why->reason) {
	case CT_REASON_TCP_INVALID_RST:
		*c = (struct explain_comparison){
			.what = EXPLAIN_SEQ, .relation = EXPLAIN_AT_LEAST,
			.value = why->n[0], .bound = why->n[1],
			.by = why->n[1] - why->n[0],
			.frame = (uint64_t)why->n[3] << 32 | why->n[2],
		};
		return true;
	case CT_REASON_SCTP_VTAG:
		*c = (struct explain_comparison){
			.what = EXPLAIN_TAG, .relation = EXPLAIN_EQUAL,
			/* The kernel prints them as if they were in host order. */
			.value = __builtin_bswap32(why->n[0]),
			.bound = __builtin_bswap32(why->n[1]),
		};
		return true;
	case CT_REASON_ICMP_OUTER:
	case CT_REASON_ICMPV6_OUTER:
		*c = (struct explain_comparison){
			.what = EXPLAIN_ADDRESS, .relation = EXPLAIN_EQUAL,
			.addr = { why->addr[0], why->addr[1] },
		};
		return true;
	case CT_REASON_TABLE_FULL:
		*c = (struct explain_comparison){
			.what = EXPLAIN_ENTRIES, .relation = EXPLAIN_BELOW,
			.value = (uint32_t)view->entries,
			.bound = view->table_max,
		};
		return true;
	default:
		return false;
	}
}

static void at_least(struct explain_comparison *c, enum explain_value what,
		     uint32_t value, uint32_t bound)
{
	*c = (struct explain_comparison){ what, EXPLAIN_AT_LEAST, value, bound,
					  bound - value, 0, { { { 0 } } } };
}

static void at_most(struct explain_comparison *c, enum explain_value what,
		    uint32_t value, uint32_t bound)
{
	*c = (struct explain_comparison){ what, EXPLAIN_AT_MOST, value, bound,
					  value - bound, 0, { { { 0 } } } };
}

/* A length that a header states: at least that of the header, at most what is
 * there. */
static void stated_length(struct explain_comparison *c, enum explain_value what,
			  uint32_t value, uint32_t least, uint32_t there)
{
	if (value < least)
		at_least(c, what, value, least);
	else if (value > there)
		at_most(c, what, value, there);
}

/* The sum of 'n' octets as 16-bit numbers, not folded (RFC 1071). */
static uint64_t sum_of(const uint8_t *p, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i + 1 < n; i += 2)
		sum += load_be16(p + i);
	return n & 1 ? sum + ((uint32_t)p[n - 1] << 8) : sum;
}

/* The checksum that the packet has at 'field', and the right one. */
static void checksum_facts(struct explain_comparison *c, const struct ct_packet *pkt,
			   uint32_t field)
{
	uint32_t n = pkt->len - pkt->l4off, found;
	uint32_t addresses = pkt->l3num == CT_L3_IPV4 ? 4 : 16;
	const uint8_t *p = pkt->data + pkt->l4off;
	uint64_t sum;

	if (pkt->caplen < pkt->len || n < field + 2)
		return;
	found = load_be16(p + field);
	sum = sum_of(p, n) - found;
	if (pkt->protonum != CT_L4_ICMP)
		sum += sum_of(pkt->src.b, addresses) + sum_of(pkt->dst.b, addresses) +
		       pkt->protonum + n;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	*c = (struct explain_comparison){
		.what = EXPLAIN_CHECKSUM, .relation = EXPLAIN_EQUAL,
		.value = found, .bound = ~(uint32_t)sum & 0xffff,
	};
}

/* A number in the transport header; false where it was not captured. */
static bool field_of(const struct ct_packet *pkt, uint32_t off, uint16_t *v)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };

	return bytes_there(&b, pkt->l4off + off, 2) &&
	       bytes_be16(&b, pkt->l4off + off, v);
}

/* Lengths that a header states; 'n' octets are there. */
static void stated_facts(struct explain_comparison *c, enum ct_reason reason,
			 const struct ct_packet *pkt, uint32_t n)
{
	uint16_t v;

	switch (reason) {
	case CT_REASON_TCP_TRUNCATED:
		if (field_of(pkt, 12, &v))
			stated_length(c, EXPLAIN_HEADER, v >> 12 << 2, 20, n);
		break;
	case CT_REASON_UDP_TRUNCATED:
		if (field_of(pkt, 4, &v))
			stated_length(c, EXPLAIN_DATAGRAM, v, 8, n);
		break;
	case CT_REASON_UDPLITE_COVERAGE:
		if (field_of(pkt, 4, &v))
			stated_length(c, EXPLAIN_COVERAGE, v, 8, n);
		break;
	default:
		break;
	}
}

/* Lengths and checksums, which are in the packet itself. */
static void packet_facts(struct explain_comparison *c, enum ct_reason reason,
			 const struct ct_packet *pkt, uint32_t n)
{
	switch (reason) {
	case CT_REASON_TCP_SHORT:
		at_least(c, EXPLAIN_LENGTH, n, 20);
		break;
	case CT_REASON_UDP_SHORT:
	case CT_REASON_UDPLITE_SHORT:
	case CT_REASON_ICMP_SHORT:
	case CT_REASON_ICMPV6_SHORT:
		at_least(c, EXPLAIN_LENGTH, n, 8);
		break;
	case CT_REASON_SCTP_SHORT:
	case CT_REASON_DCCP_SHORT:
		at_least(c, EXPLAIN_LENGTH, n, 12);
		break;
	case CT_REASON_TCP_CHECKSUM:
		checksum_facts(c, pkt, 16);
		break;
	case CT_REASON_UDP_CHECKSUM:
		checksum_facts(c, pkt, 6);
		break;
	case CT_REASON_ICMP_CHECKSUM:
	case CT_REASON_ICMPV6_CHECKSUM:
		checksum_facts(c, pkt, 2);
		break;
	default:
		stated_facts(c, reason, pkt, n);
		break;
	}
}

void facts_find(struct explain_view *view, const struct ct_packet *pkt)
{
	const struct ct_verdict *v = &view->packet.v;
	struct explain_comparison *c = &view->comparison;
	enum ct_reason reason;

	if (!v->nwhy)
		return;
	reason = (enum ct_reason)v->why[0].reason;
	if ((v->windowed && window_facts(c, reason, &v->window)) ||
	    reason_facts(c, &v->why[0], view) || !pkt || pkt->l4off > pkt->len)
		return;
	packet_facts(c, reason, pkt, pkt->len - pkt->l4off);
}
