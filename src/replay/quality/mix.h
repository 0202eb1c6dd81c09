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

static inline uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static inline uint64_t mix_bytes(uint64_t h, const uint8_t *p, uint32_t n)
{
	uint64_t word;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&word, p, 8);
		h = mix(h, word);
	}
	word = n;
	memcpy(&word, p, n);
	return mix(h, word + n);
}

#endif
