/* SPDX-License-Identifier: GPL-2.0-only */
#include "conntrack/internal.h"

#include "conntrack/helper.h"

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
	 * connection tells. */
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
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		return read_ports(b, l4off, t);
	}
	return CT_REASON_NONE;
}

enum ct_reason tuple_of_packet(const struct ct *ct, const struct ct_packet *pkt,
			       struct ct_tuple *t)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };

	if (unlikely(!(pkt->prepared & CT_PREPARED_FLOW)))
		return tuple_read(ct, &b, 0, pkt->l4off, pkt->l3num,
				  pkt->protonum, t);
	*t = (struct ct_tuple){
		.src = pkt->src, .dst = pkt->dst, .l4 = pkt->l4,
		.l3num = pkt->l3num, .protonum = pkt->protonum,
	};
	return CT_REASON_NONE;
}

bool tuple_invert_l4(uint32_t *inverse, const struct ct_tuple *t)
{
	struct ct_tuple i = { .l4 = t->l4 };
	int type;

	switch (t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		type = t->protonum == CT_L4_ICMP ? icmp_invert(t->icmp_type) :
						   icmpv6_invert(t->icmp_type);
		i.icmp_type = (uint8_t)type;
		*inverse = i.l4;
		return type >= 0;
	}
	/* Two halves that change places. */
	*inverse = t->l4 << 16 | t->l4 >> 16;
	return true;
}

bool tuple_invert(struct ct_tuple *inverse, const struct ct_tuple *t)
{
	inverse->src = t->dst;
	inverse->dst = t->src;
	inverse->l3num = t->l3num;
	inverse->protonum = t->protonum;
	inverse->zero = 0;
	return tuple_invert_l4(&inverse->l4, t);
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

/* SipHash-1-3 (Aumasson and Bernstein) over whole words: keyed, so that no
 * capture can be made to fill one chain. */
static inline uint32_t siphash(const uint8_t key[16], const uint64_t *m, int n)
{
	uint64_t k[2], v[4];

	memcpy(k, key, sizeof(k));
	v[0] = k[0] ^ 0x736f6d6570736575u;
	v[1] = k[1] ^ 0x646f72616e646f6du;
	v[2] = k[0] ^ 0x6c7967656e657261u;
	v[3] = k[1] ^ 0x7465646279746573u;
	for (int i = 0; i < n; i++) {
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

uint32_t siphash_words(const uint8_t key[16], const uint64_t *m, int n)
{
	return siphash(key, m, n);
}

/* Of two ends, without a branch: who sends is not to be foreseen. */
static inline uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t greater(uint64_t a, uint64_t b)
{
	return a < b ? b : a;
}

/*
 * Both directions of a connection must have one hash, so what is hashed is put
 * in an order that does not depend on the direction: the smaller end first.
 * 'both' is what the directions have in common.
 */
static inline uint32_t hash_ipv4(const uint8_t key[16], const union ct_addr *src,
				 const union ct_addr *dst, uint16_t sport,
				 uint16_t dport, uint64_t both)
{
	uint64_t a = (uint64_t)src->w[0] << 16 | sport;
	uint64_t b = (uint64_t)dst->w[0] << 16 | dport;
	uint64_t m[2] = { lesser(a, b), greater(a, b) | both << 48 };

	return siphash(key, m, 2);
}

static inline uint32_t hash_ipv6(const uint8_t key[16], const union ct_addr *src,
				 const union ct_addr *dst, uint16_t sport,
				 uint16_t dport, uint64_t both)
{
	uint64_t s0 = src->d[0], s1 = src->d[1], d0 = dst->d[0], d1 = dst->d[1];
	/* All ones where the ends are to change places. */
	uint64_t swap = 0 - (uint64_t)((s0 > d0) | ((s0 == d0) & ((s1 > d1) |
				       ((s1 == d1) & (sport > dport)))));
	uint64_t x0 = (s0 ^ d0) & swap, x1 = (s1 ^ d1) & swap;
	uint64_t xp = (uint64_t)(sport ^ dport) & swap;
	uint64_t m[5] = { s0 ^ x0, s1 ^ x1, d0 ^ x0, d1 ^ x1,
			  both ^ (sport ^ xp) << 32 ^ (dport ^ xp) << 16 };

	return siphash(key, m, 5);
}

static uint64_t protocol(uint8_t l3num, uint8_t protonum)
{
	return (uint64_t)protonum << 8 | l3num;
}

/* The identifier, and the lower of a type and its answer's, are the same in
 * both directions. */
static uint32_t hash_icmp(const uint8_t key[16], const struct ct_tuple *t)
{
	int type = t->protonum == CT_L4_ICMP ? icmp_invert(t->icmp_type) :
					       icmpv6_invert(t->icmp_type);
	uint64_t rest;

	if (type < 0 || type > t->icmp_type)
		type = t->icmp_type;
	rest = (uint64_t)t->icmp_id << 32 | (uint64_t)type << 24 |
	       (uint64_t)t->icmp_code << 16 | protocol(t->l3num, t->protonum);
	if (t->l3num == CT_L3_IPV4) {
		uint64_t src = t->src.w[0], dst = t->dst.w[0];
		uint64_t m[2] = { lesser(src, dst) << 32 | greater(src, dst), rest };

		return siphash(key, m, 2);
	}
	return hash_ipv6(key, &t->src, &t->dst, 0, 0, rest);
}

uint32_t flow_hash(const uint8_t key[16], const union ct_addr *src,
		   const union ct_addr *dst, uint16_t sport, uint16_t dport,
		   uint8_t l3num, uint8_t protonum)
{
	uint64_t both = protocol(l3num, protonum);

	return l3num == CT_L3_IPV4 ? hash_ipv4(key, src, dst, sport, dport, both) :
				     hash_ipv6(key, src, dst, sport, dport, both);
}

uint32_t tuple_hash(const uint8_t key[16], const struct ct_tuple *t)
{
	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6)
		return hash_icmp(key, t);
	return flow_hash(key, &t->src, &t->dst, t->sport, t->dport, t->l3num,
			 t->protonum);
}
