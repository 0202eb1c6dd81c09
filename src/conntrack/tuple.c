/* SPDX-License-Identifier: GPL-2.0-only */
/* tuple.c - the identity of a packet's flow: read from the packet, and
 * inverted. */
#include "conntrack/tuple.h"

#include "base/compiler.h"
#include "conntrack/helper/gre_key.h"
#include "conntrack/icmp_types.h"
#include "conntrack/table/index.h"
#include "conntrack/track.h"

#define GRE_VERSION_MASK	0x0007u
#define GRE_VERSION_PPTP	1u
#define GRE_PROTO_PPP		0x880bu

static enum ct_reason read_icmp(const struct bytes *b, uint32_t off,
				struct ct_tuple *t)
{
	uint8_t h[8];

	if (!bytes_copy(b, off, h, sizeof(h)))
		return CT_REASON_NO_TUPLE;
	t->icmp_type = h[0];
	t->icmp_code = h[1];
	t->icmp_id = load_be16(h + 4);
	return CT_REASON_NONE;
}

/* gre_pkt_to_tuple(): only PPTP's version has keys; flows of the others differ
 * by their addresses alone. */
static enum ct_reason read_gre(const struct ct *ct, const struct bytes *b,
			       uint32_t off, struct ct_tuple *t)
{
	uint8_t h[8];

	if (!bytes_copy(b, off, h, 4) ||
	    (load_be16(h) & GRE_VERSION_MASK) != GRE_VERSION_PPTP ||
	    !bytes_copy(b, off, h, sizeof(h)))
		return CT_REASON_NONE;
	if (load_be16(h + 2) != GRE_PROTO_PPP)
		return CT_REASON_GRE_PROTO;
	t->dstkey = load_be16(h + 6);
	/* The source key is the other side's call id, which only the control
	 * connection carries. */
	t->srckey = gre_key_lookup(ct, t);
	return CT_REASON_NONE;
}

static enum ct_reason read_ports(const struct bytes *b, uint32_t off,
				 struct ct_tuple *t)
{
	uint8_t spare[4];
	const uint8_t *h = bytes_look(b, off, sizeof(spare), spare);

	if (!h)
		return CT_REASON_NO_TUPLE;
	t->sport = load_be16(h);
	t->dport = load_be16(h + 2);
	return CT_REASON_NONE;
}

static bool read_addresses(const struct bytes *b, uint32_t off, uint8_t l3num,
			   struct ct_tuple *t)
{
	uint8_t spare[32];
	const uint8_t *a;

	if (l3num == CT_L3_IPV4) {
		a = bytes_look(b, off + 12, 8, spare);
		if (!a)
			return false;
		memcpy(t->src.b, a, 4);
		memcpy(t->dst.b, a + 4, 4);
	} else {
		a = bytes_look(b, off + 8, 32, spare);
		if (!a)
			return false;
		memcpy(t->src.b, a, 16);
		memcpy(t->dst.b, a + 16, 16);
	}
	return true;
}

enum ct_reason tuple_read(const struct ct *ct, const struct bytes *b,
			  uint32_t ipoff, uint32_t l4off, uint8_t l3num,
			  uint8_t protonum, struct ct_tuple *t)
{
	memset(t, 0, sizeof(*t));
	t->l3num = l3num;
	t->protonum = protonum;
	if (!read_addresses(b, ipoff, l3num, t))
		return CT_REASON_NO_TUPLE;
	switch (protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		return read_icmp(b, l4off, t);
	case CT_L4_GRE:
		return read_gre(ct, b, l4off, t);
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_SCTP:
		return read_ports(b, l4off, t);
	}
	return ct_proto_find(&ct->cfg.kernel, protonum)->ports ?
	       read_ports(b, l4off, t) : CT_REASON_NONE;
}

enum ct_reason tuple_of_packet(const struct ct *ct, const struct ct_packet *pkt,
			       struct ct_tuple *t)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint64_t tail;

	if (unlikely(!(pkt->priv.prepared & CT_PREPARED_FLOW)))
		return tuple_read(ct, &b, 0, pkt->l4off, pkt->l3num,
				  pkt->protonum, t);
	t->src = pkt->src;
	t->dst = pkt->dst;
	/* The tail as one word, as it is read soon: entry_set_tuple(). */
	tail = packet_tail(pkt);
	memcpy((char *)t + ENTRY_TAIL, &tail, sizeof(tail));
	return CT_REASON_NONE;
}

int icmp_invert(uint8_t type)
{
	switch (type) {
	case ICMP_ECHO:
		return ICMP_ECHO_REPLY;
	case ICMP_ECHO_REPLY:
		return ICMP_ECHO;
	case ICMP_TIMESTAMP:
		return ICMP_TIMESTAMP_REPLY;
	case ICMP_TIMESTAMP_REPLY:
		return ICMP_TIMESTAMP;
	case ICMP_INFO_REQUEST:
		return ICMP_INFO_REPLY;
	case ICMP_INFO_REPLY:
		return ICMP_INFO_REQUEST;
	case ICMP_ADDRESS_MASK:
		return ICMP_ADDRESS_MASK_REPLY;
	case ICMP_ADDRESS_MASK_REPLY:
		return ICMP_ADDRESS_MASK;
	}
	return -1;
}

int icmpv6_invert(uint8_t type)
{
	switch (type) {
	case ICMPV6_ECHO:
		return ICMPV6_ECHO_REPLY;
	case ICMPV6_ECHO_REPLY:
		return ICMPV6_ECHO;
	case ICMPV6_NI_QUERY:
		return ICMPV6_NI_REPLY;
	case ICMPV6_NI_REPLY:
		return ICMPV6_NI_QUERY;
	}
	return -1;
}

bool l4_invert_icmp(uint32_t *inverse, uint32_t l4, uint8_t protonum)
{
	struct ct_tuple i = { .l4 = l4 };
	int type = protonum == CT_L4_ICMP ? icmp_invert(i.icmp_type) :
					    icmpv6_invert(i.icmp_type);

	i.icmp_type = (uint8_t)type;
	*inverse = i.l4;
	return type >= 0;
}

bool tuple_invert(struct ct_tuple *inverse, const struct ct_tuple *t)
{
	inverse->src = t->dst;
	inverse->dst = t->src;
	inverse->l3num = t->l3num;
	inverse->protonum = t->protonum;
	inverse->zero = t->zero;
	return tuple_invert_l4(&inverse->l4, t);
}
