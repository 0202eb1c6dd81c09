/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mix.h - hashes for the notes.  They have no secret key, so that what is shown is
 * the same in every run; a collision that a sender provokes costs a note, nothing
 * else.
 */
#ifndef REPLAY_QUALITY_MIX_H
#define REPLAY_QUALITY_MIX_H 1

#include <stdint.h>
#include <string.h>

#include "ctreplay/packet.h"

#define MIX	0x9e3779b97f4a7c15u
#define MIX_PAIR	0xd6e8feb86659fd93u	/* another odd number */

static inline uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * MIX;
	return h ^ h >> 29;
}

/* Two words at nearly the price of one. */
static inline uint64_t mix_pair(uint64_t h, uint64_t a, uint64_t b)
{
	return mix(h, a + b * MIX_PAIR);
}

static inline uint64_t mix_addr(uint64_t h, const union ct_addr *a)
{
	return mix_pair(h, a->d[0], a->d[1]);
}

static inline uint64_t mix_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* The last bytes of many are read once more with those before them, so that no
 * loop over bytes is needed. */
static inline uint64_t mix_bytes(uint64_t h, const uint8_t *p, uint32_t n)
{
	const uint8_t *end = p + n;

	h += n;
	if (n < 8) {
		for (; p < end; p++)
			h = h << 8 ^ h >> 56 ^ *p;
		return mix(h, 0);
	}
	for (; end - p > 16; p += 16)
		h = mix_pair(h, mix_word(p), mix_word(p + 8));
	return mix_pair(h, n < 16 ? mix_word(p) : mix_word(end - 16), mix_word(end - 8));
}

#endif
