/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/sha1.h"

#include <string.h>

#include "base/bytes.h"

#define BLOCK 64u

static inline uint32_t rotate(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

/* Word 't' of the message schedule, of which the last 16 are kept (FIPS 180-4,
 * section 6.1.3). */
static inline uint32_t schedule(uint32_t w[16], unsigned int t)
{
	uint32_t x;

	if (t < 16)
		return w[t];
	x = w[(t - 3) % 16] ^ w[(t - 8) % 16] ^ w[(t - 14) % 16] ^ w[t % 16];
	w[t % 16] = rotate(x, 1);
	return w[t % 16];
}

/* The working variables a to e. */
struct state {
	uint32_t a, b, c, d, e;
};

/* A step with the values of its function and constant (sections 4.1.1, 4.2.1). */
static inline void step(struct state *s, uint32_t f, uint32_t k, uint32_t w)
{
	uint32_t next = rotate(s->a, 5) + f + s->e + k + w;

	s->e = s->d;
	s->d = s->c;
	s->c = rotate(s->b, 30);
	s->b = s->a;
	s->a = next;
}

/* Section 6.1.2: takes one block into the hash value. */
static void take_block(uint32_t hash[5], const uint8_t *block)
{
	struct state s = { hash[0], hash[1], hash[2], hash[3], hash[4] };
	uint32_t w[16];
	unsigned int t = 0;

	for (unsigned int i = 0; i < 16; i++)
		w[i] = load_be32(block + 4 * i);
	for (; t < 20; t++)
		step(&s, (s.b & s.c) ^ (~s.b & s.d), 0x5a827999, schedule(w, t));
	for (; t < 40; t++)
		step(&s, s.b ^ s.c ^ s.d, 0x6ed9eba1, schedule(w, t));
	for (; t < 60; t++)
		step(&s, (s.b & s.c) ^ (s.b & s.d) ^ (s.c & s.d), 0x8f1bbcdc,
		     schedule(w, t));
	for (; t < 80; t++)
		step(&s, s.b ^ s.c ^ s.d, 0xca62c1d6, schedule(w, t));
	hash[0] += s.a;
	hash[1] += s.b;
	hash[2] += s.c;
	hash[3] += s.d;
	hash[4] += s.e;
}

void sha1(const void *data, size_t n, uint8_t digest[SHA1_SIZE])
{
	uint32_t hash[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
			     0xc3d2e1f0 };
	const uint8_t *p = data;
	uint8_t last[2 * BLOCK] = { 0 };
	size_t left = n, end;

	for (; left >= BLOCK; left -= BLOCK, p += BLOCK)
		take_block(hash, p);
	/* Section 5.1.1: a one bit, zeros, and the length in bits. */
	if (left)
		memcpy(last, p, left);
	last[left] = 0x80;
	end = left + 1 + 8 <= BLOCK ? BLOCK : 2 * BLOCK;
	for (unsigned int i = 0; i < 8; i++)
		last[end - 1 - i] = (uint8_t)((uint64_t)n * 8 >> 8 * i);
	for (size_t i = 0; i < end; i += BLOCK)
		take_block(hash, last + i);
	for (unsigned int i = 0; i < SHA1_SIZE; i++)
		digest[i] = (uint8_t)(hash[i / 4] >> 8 * (3 - i % 4));
}
