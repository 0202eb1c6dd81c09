/* SPDX-License-Identifier: GPL-2.0-only */
#include "conntrack/internal.h"

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

/* gre_pkt_to_tuple(): only PPTP's version has keys, others are told apart by
 * their addresses alone. */
static enum ct_reason read_gre(const struct bytes *b, uint32_t off,
			       struct ct_tuple *t)
{
	uint8_t h[8];

	if (!bytes_copy(b, off, h, 4) ||
	    (load_be16(h) & GRE_VERSION_MASK) != GRE_VERSION_PPTP ||
	    !bytes_copy(b, off, h, sizeof(h)))
		return CT_REASON_NONE;
	if (load_be16(h + 2) != GRE_PROTO_PPP)
		return CT_REASON_GRE_PROTO;
	t->dstkey = load_be16(h + 6);
	/* The source key is the other side's call id, which only the PPTP
	 * helper knows. */
	t->srckey = 0;
	return CT_REASON_NONE;
}

static enum ct_reason read_ports(const struct bytes *b, uint32_t off,
				 struct ct_tuple *t)
{
	uint8_t h[4];

	if (!bytes_copy(b, off, h, sizeof(h)))
		return CT_REASON_NO_TUPLE;
	t->sport = load_be16(h);
	t->dport = load_be16(h + 2);
	return CT_REASON_NONE;
}

static bool read_addresses(const struct bytes *b, uint32_t off, uint8_t l3num,
			   struct ct_tuple *t)
{
	uint8_t a[32];
	uint32_t n = l3num == CT_L3_IPV4 ? 4 : 16;

	if (!bytes_copy(b, off + (n == 4 ? 12 : 8), a, 2 * n))
		return false;
	memcpy(t->src.b, a, n);
	memcpy(t->dst.b, a + n, n);
	return true;
}

enum ct_reason tuple_read(const struct bytes *b, uint32_t ipoff, uint32_t l4off,
			  uint8_t l3num, uint8_t protonum, struct ct_tuple *t)
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
		return read_gre(b, l4off, t);
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		return read_ports(b, l4off, t);
	}
	return CT_REASON_NONE;
}

bool tuple_invert(struct ct_tuple *inverse, const struct ct_tuple *t)
{
	int type;

	inverse->src = t->dst;
	inverse->dst = t->src;
	inverse->l3num = t->l3num;
	inverse->protonum = t->protonum;
	inverse->zero = 0;
	switch (t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		type = t->protonum == CT_L4_ICMP ? icmp_invert(t->icmp_type) :
						   icmpv6_invert(t->icmp_type);
		inverse->icmp_id = t->icmp_id;
		inverse->icmp_type = (uint8_t)type;
		inverse->icmp_code = t->icmp_code;
		return type >= 0;
	}
	inverse->sport = t->dport;
	inverse->dport = t->sport;
	return true;
}

static inline uint64_t rotl(uint64_t v, int n)
{
	return v << n | v >> (64 - n);
}

static inline void sip_round(uint64_t v[4])
{
	v[0] += v[1]; v[1] = rotl(v[1], 13); v[1] ^= v[0]; v[0] = rotl(v[0], 32);
	v[2] += v[3]; v[3] = rotl(v[3], 16); v[3] ^= v[2];
	v[0] += v[3]; v[3] = rotl(v[3], 21); v[3] ^= v[0];
	v[2] += v[1]; v[1] = rotl(v[1], 17); v[1] ^= v[2]; v[2] = rotl(v[2], 32);
}

/*
 * SipHash-1-3 (Aumasson and Bernstein) over five words: keyed, so that no
 * capture can be made to fill one chain.  Both directions of a connection
 * must meet in one chain, so the words are put in an order that does not
 * depend on the direction: the smaller end first.
 */
uint32_t tuple_hash(const uint8_t key[16], const struct ct_tuple *t)
{
	const union ct_addr *lo = &t->src, *hi = &t->dst;
	uint32_t l4 = t->l4;
	uint64_t k[2], m[5], v[4];
	int order = memcmp(lo, hi, sizeof(*lo));

	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6) {
		int type = t->protonum == CT_L4_ICMP ? icmp_invert(t->icmp_type) :
						       icmpv6_invert(t->icmp_type);
		uint8_t pair = type >= 0 && type < t->icmp_type ?
			       (uint8_t)type : t->icmp_type;

		l4 = (uint32_t)t->icmp_id << 16 | (uint32_t)pair << 8 | t->icmp_code;
	} else if (order > 0 || (order == 0 && t->sport > t->dport)) {
		l4 = (uint32_t)t->dport << 16 | t->sport;
	} else {
		l4 = (uint32_t)t->sport << 16 | t->dport;
	}
	if (order > 0) {
		lo = &t->dst;
		hi = &t->src;
	}

	memcpy(k, key, sizeof(k));
	m[0] = lo->d[0];
	m[1] = lo->d[1];
	m[2] = hi->d[0];
	m[3] = hi->d[1];
	m[4] = (uint64_t)l4 << 16 | (uint64_t)t->protonum << 8 | t->l3num;
	v[0] = k[0] ^ 0x736f6d6570736575u;
	v[1] = k[1] ^ 0x646f72616e646f6du;
	v[2] = k[0] ^ 0x6c7967656e657261u;
	v[3] = k[1] ^ 0x7465646279746573u;
	for (int i = 0; i < 5; i++) {
		v[3] ^= m[i];
		sip_round(v);
		v[0] ^= m[i];
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	v[0] ^= v[1] ^ v[2] ^ v[3];
	return (uint32_t)(v[0] ^ v[0] >> 32);
}
