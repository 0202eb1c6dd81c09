/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keyed_hash.h - mixes words with multiplications whose factors an attacker does not
 * know, so that no capture can be made in which keys collide.  Nothing that is printed
 * may depend on it.
 */
#ifndef REPLAY_KEYED_HASH_H
#define REPLAY_KEYED_HASH_H 1

#include <stddef.h>
#include <stdint.h>

#include "base/random_key.h"

struct keyed_hash {
	uint64_t secret[4];
};

static inline void keyed_hash_init(struct keyed_hash *k)
{
	random_key(k->secret, sizeof(k->secret));
}

static inline uint32_t keyed_hash_words(const struct keyed_hash *k, const uint64_t *words,
					size_t n)
{
	uint64_t h = k->secret[0];

	for (size_t i = 0; i < n; i++) {
		h = (h ^ words[i]) * (k->secret[1] | 1);
		h ^= h >> 32;
		h = h * (k->secret[2] | 1) + k->secret[3];
		h ^= h >> 29;
	}
	return (uint32_t)h;
}

#endif
