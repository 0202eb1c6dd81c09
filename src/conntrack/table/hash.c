/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash.c - keyed hashes.
 *
 * Every packet needs the hash of its flow, so it is one that a few
 * multiplications compute: with words m of 32 bits and random k of 64 bits,
 *
 *	h = (k[0] + k[1] m[0] + k[2] m[1] + ...) mod 2^64, of that the upper half.
 *
 * It is strongly universal: for two messages that differ, the pair of hashes is
 * uniform over all keys (Dietzfelbinger, "Universal hashing and k-wise
 * independent random variables via integer arithmetic without primes", 1996).
 * That is enough, because the author of a capture knows no key and never sees a
 * hash.  The words of the key are SipHash's output, which nobody can tell from
 * a random function's.
 */
#include "conntrack/table/hash.h"

#include <string.h>

#include "conntrack/table/hash_flow.h"
#include "conntrack/tuple.h"

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

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
static uint64_t siphash(const uint8_t key[16], const uint64_t *m, int n)
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
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t siphash_words(const uint8_t key[16], const uint64_t *m, int n)
{
	uint64_t h = siphash(key, m, n);

	return (uint32_t)(h ^ h >> 32);
}

void hash_key_expand(struct hash_key *key, const uint8_t seed[16])
{
	for (uint64_t i = 0; i <= HASH_WORDS; i++)
		key->k[i] = siphash(seed, &i, 1);
}

/* The same in both directions are the identifier, and the lower one of a type
 * and the type that answers it. */
static uint32_t hash_icmp(const uint64_t *k, const struct ct_tuple *t)
{
	int type = t->protonum == CT_L4_ICMP ? icmp_invert(t->icmp_type) :
					       icmpv6_invert(t->icmp_type);
	uint64_t both;

	if (type < 0 || type > t->icmp_type)
		type = t->icmp_type;
	both = (uint64_t)t->icmp_id << 32 | (uint64_t)type << 16 |
	       (uint64_t)t->icmp_code << 8 | hash_protocol(t->l3num, t->protonum);
	return t->l3num == CT_L3_IPV4 ?
	       hash_ipv4(k, &t->src, &t->dst, 0, 0, both) :
	       hash_ipv6(k, &t->src, &t->dst, 0, 0, both);
}

uint32_t flow_hash(const struct hash_key *key, const struct ct_packet *pkt,
		   uint16_t sport, uint16_t dport)
{
	return hash_ports(key->k, &pkt->src, &pkt->dst, sport, dport, pkt->l3num,
			  pkt->protonum);
}

uint32_t tuple_hash(const struct hash_key *key, const struct ct_tuple *t)
{
	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6)
		return hash_icmp(key->k, t);
	return hash_ports(key->k, &t->src, &t->dst, t->sport, t->dport, t->l3num,
			  t->protonum);
}
