/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash.h - hashes of flows and of words.  They depend on a key, so that nobody
 * can make a capture whose connections all have one hash.
 */
#ifndef CONNTRACK_TABLE_HASH_H
#define CONNTRACK_TABLE_HASH_H 1

#include <stdint.h>

#include "ctreplay/conntrack.h"

/* Words of a flow: two addresses, a pair of ports, and what is left. */
#define HASH_WORDS 10u

/* Made from ct_config.hash_key. */
struct hash_key {
	uint64_t k[HASH_WORDS + 1];
};

void hash_key_expand(struct hash_key *key, const uint8_t seed[16]);

/*
 * The hash of a flow, the same for both directions.  Any two different flows
 * have the same hash with a probability of 2^-32 over all keys.
 */
uint32_t tuple_hash(const struct hash_key *key, const struct ct_tuple *t);
/* The hash of the flow of a packet that has ports. */
uint32_t flow_hash(const struct hash_key *key, const struct ct_packet *pkt,
		   uint16_t sport, uint16_t dport);

/* SipHash-1-3 of 'n' words, for tables that few packets need. */
uint32_t siphash_words(const uint8_t key[16], const uint64_t *m, int n);

#endif
