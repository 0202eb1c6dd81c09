/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash_flow.h - the hash of a flow, inline; hash.c explains it.
 */
#ifndef CONNTRACK_TABLE_HASH_FLOW_H
#define CONNTRACK_TABLE_HASH_FLOW_H 1

#include "base/compiler.h"
#include "conntrack/table/hash.h"

/*
 * Similar flows have similar sums, which must not share a line of the index.
 * This bijection spreads them: the last step of MurmurHash3, by Austin Appleby.
 */
static inline uint32_t hash_finish(uint64_t sum)
{
	uint32_t h = (uint32_t)(sum >> 32);

	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

/* What one and two words of a message add to the sum. */
static inline uint64_t hash_part(const uint64_t *k, uint32_t m)
{
	return *k * m;
}

static inline uint64_t hash_parts(const uint64_t *k, uint64_t m)
{
	return hash_part(k, (uint32_t)m) + hash_part(k + 1, (uint32_t)(m >> 32));
}

/* Without a branch, since the sender of the next packet cannot be predicted. */
static inline uint64_t hash_lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t hash_greater(uint64_t a, uint64_t b)
{
	return a < b ? b : a;
}

/*
 * Both directions of a connection must have one hash, so the ends are hashed in
 * an order that does not depend on the direction: the smaller one first.
 * 'both' is what the directions have in common.
 */
static inline uint32_t hash_ipv4(const uint64_t *k, const union ct_addr *src,
				 const union ct_addr *dst, uint16_t sport,
				 uint16_t dport, uint64_t both)
{
	uint64_t a = (uint64_t)src->w[0] << 16 | sport;
	uint64_t b = (uint64_t)dst->w[0] << 16 | dport;
	uint64_t first = hash_lesser(a, b), last = hash_greater(a, b);
	uint64_t ports = (first & 0xffff) << 16 | (last & 0xffff);

	return hash_finish(k[0] + hash_part(k + 1, (uint32_t)(first >> 16)) +
			   hash_part(k + 2, (uint32_t)(last >> 16)) +
			   hash_parts(k + 3, both ^ ports << 32));
}

static inline uint32_t hash_ipv6(const uint64_t *k, const union ct_addr *src,
				 const union ct_addr *dst, uint16_t sport,
				 uint16_t dport, uint64_t both)
{
	uint64_t s0 = src->d[0], s1 = src->d[1], d0 = dst->d[0], d1 = dst->d[1];
	/* All ones where the ends must be swapped. */
	uint64_t swap = 0 - (uint64_t)((s0 > d0) | ((s0 == d0) & ((s1 > d1) |
				       ((s1 == d1) & (sport > dport)))));
	uint64_t x0 = (s0 ^ d0) & swap, x1 = (s1 ^ d1) & swap;
	uint64_t xp = (uint64_t)(sport ^ dport) & swap;
	uint64_t ports = (sport ^ xp) << 16 | (dport ^ xp);

	return hash_finish(k[0] + hash_parts(k + 1, s0 ^ x0) +
			   hash_parts(k + 3, s1 ^ x1) + hash_parts(k + 5, d0 ^ x0) +
			   hash_parts(k + 7, d1 ^ x1) +
			   hash_parts(k + 9, both ^ ports << 32));
}

/*
 * 'both' of a protocol with ports.  The arguments are values: given a pointer,
 * the compiler would load the two neighbours at once, and the processor, which
 * has just stored them one by one, would stall.
 */
static inline uint64_t hash_protocol(uint8_t l3num, uint8_t protonum)
{
	return (uint64_t)protonum << 24 | l3num;
}

/* Of a packet or of a tuple. */
static always_inline uint32_t
hash_ports(const uint64_t *k, const union ct_addr *src, const union ct_addr *dst,
	   uint16_t sport, uint16_t dport, uint8_t l3num, uint8_t protonum)
{
	uint64_t both = hash_protocol(l3num, protonum);

	return l3num == CT_L3_IPV4 ?
	       hash_ipv4(k, src, dst, sport, dport, both) :
	       hash_ipv6(k, src, dst, sport, dport, both);
}

#endif
