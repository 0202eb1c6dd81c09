/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash.h - where in a table something belongs.  Keyed, so that no capture can
 * be made in advance whose connections all meet in one place.
 */
#ifndef CONNTRACK_HASH_H
#define CONNTRACK_HASH_H 1

#include <stdint.h>

#include "ctreplay/conntrack.h"

/* Words of a flow: two addresses, a pair of ports, and what is left. */
#define HASH_WORDS 10u

/* ct_config.hash_key, made longer. */
struct hash_key {
	uint64_t k[HASH_WORDS + 1];
};

void hash_key_expand(struct hash_key *key, const uint8_t seed[16]);

/*
 * The hash of a flow, the same for both directions.  Two flows that differ have
 * the same hash with a probability of 2^-32 over all keys, whatever they are.
 */
uint32_t tuple_hash(const struct hash_key *key, const struct ct_tuple *t);
/* The same of a packet that has ports. */
uint32_t flow_hash(const struct hash_key *key, const struct ct_packet *pkt,
		   uint16_t sport, uint16_t dport);

/* SipHash-1-3 of 'n' words, for tables that are seldom asked. */
uint32_t siphash_words(const uint8_t key[16], const uint64_t *m, int n);

#endif
