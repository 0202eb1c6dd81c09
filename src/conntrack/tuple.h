/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tuple.h - the identity of a packet's flow: compared, inverted, read.
 */
#ifndef CONNTRACK_TUPLE_H
#define CONNTRACK_TUPLE_H 1

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "ctreplay/conntrack.h"

/* nf_ct_invert_tuple(): false where there is no other direction. */
bool tuple_invert(struct ct_tuple *inverse, const struct ct_tuple *t);

/* The l4 member of the inverse, the only one that is not merely swapped. */
bool l4_invert_icmp(uint32_t *inverse, uint32_t l4, uint8_t protonum);
static inline bool l4_invert(uint32_t *inverse, uint32_t l4, uint8_t protonum)
{
	if (protonum == CT_L4_ICMP || protonum == CT_L4_ICMPV6)
		return l4_invert_icmp(inverse, l4, protonum);
	/* Two halves, which swap. */
	*inverse = l4 << 16 | l4 >> 16;
	return true;
}

static inline bool tuple_invert_l4(uint32_t *inverse, const struct ct_tuple *t)
{
	return l4_invert(inverse, t->l4, t->protonum);
}

/* The type of the message that answers 'type', or that 'type' answers; -1:
 * there is none.  nf_conntrack_invert_icmp_tuple(). */
int icmp_invert(uint8_t type);
int icmpv6_invert(uint8_t type);

/* The l4 member of a protocol with ports. */
static inline uint32_t tuple_ports(uint16_t sport, uint16_t dport)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint32_t)dport << 16 | sport;
#else
	return (uint32_t)sport << 16 | dport;
#endif
}

static inline bool tuple_equal(const struct ct_tuple *a, const struct ct_tuple *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/*
 * Reads the tuple of the packet whose headers are at 'ipoff' and 'l4off';
 * nf_ct_get_tuple().  CT_REASON_NONE, or the reason why it has none.  'ct'
 * knows the call ids of PPTP.
 */
enum ct_reason tuple_read(const struct ct *ct, const struct bytes *b,
			  uint32_t ipoff, uint32_t l4off, uint8_t l3num,
			  uint8_t protonum, struct ct_tuple *t);
/* The tuple of a whole packet, from what ct_prepare() found where it was
 * called. */
enum ct_reason tuple_of_packet(const struct ct *ct, const struct ct_packet *pkt,
			       struct ct_tuple *t);

#endif
