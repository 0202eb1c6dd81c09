/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/sha1.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

#include "base/bytes.h"
#include "base/compiler.h"

#define BLOCK 64u

/* The constants of section 4.2.1. */
#define K0 0x5a827999u
#define K1 0x6ed9eba1u
#define K2 0x8f1bbcdcu
#define K3 0xca62c1d6u

static inline uint32_t rotate(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

/* Word 't' of the message schedule, of which the last 16 are kept (FIPS 180-4,
 * section 6.1.3). */
static always_inline uint32_t schedule(uint32_t w[16], unsigned int t)
{
	uint32_t x;

	if (t < 16)
		return w[t];
	x = w[(t - 3) % 16] ^ w[(t - 8) % 16] ^ w[(t - 14) % 16] ^ w[t % 16];
	w[t % 16] = rotate(x, 1);
	return w[t % 16];
}

/* The functions of section 4.1.1, for the step 't'. */
static always_inline uint32_t function(unsigned int t, uint32_t x, uint32_t y, uint32_t z)
{
	if (t < 20)
		return (x & (y ^ z)) ^ z;
	if (t >= 40 && t < 60)
		return (x & y) | (z & (x | y));
	return x ^ y ^ z;
}

static always_inline uint32_t constant(unsigned int t)
{
	return t < 20 ? K0 : t < 40 ? K1 : t < 60 ? K2 : K3;
}

/* A step of section 6.1.2 without its moves: the caller renames the variables. */
static always_inline void step(uint32_t w[16], unsigned int t, uint32_t a, uint32_t *b,
			       uint32_t c, uint32_t d, uint32_t *e)
{
	*e += rotate(a, 5) + function(t, *b, c, d) + constant(t) + schedule(w, t);
	*b = rotate(*b, 30);
}

/* Five steps, after which each variable has its old name. */
static always_inline void five_steps(uint32_t v[5], uint32_t w[16], unsigned int t)
{
	step(w, t, v[0], &v[1], v[2], v[3], &v[4]);
	step(w, t + 1, v[4], &v[0], v[1], v[2], &v[3]);
	step(w, t + 2, v[3], &v[4], v[0], v[1], &v[2]);
	step(w, t + 3, v[2], &v[3], v[4], v[0], &v[1]);
	step(w, t + 4, v[1], &v[2], v[3], v[4], &v[0]);
}

static always_inline void twenty_steps(uint32_t v[5], uint32_t w[16], unsigned int t)
{
	five_steps(v, w, t);
	five_steps(v, w, t + 5);
	five_steps(v, w, t + 10);
	five_steps(v, w, t + 15);
}

/* Takes one block into the hash value. */
static void take_block(uint32_t hash[5], const uint8_t *block)
{
	uint32_t v[5] = { hash[0], hash[1], hash[2], hash[3], hash[4] };
	uint32_t w[16];

	for (unsigned int i = 0; i < 16; i++)
		w[i] = load_be32(block + 4 * i);
	twenty_steps(v, w, 0);
	twenty_steps(v, w, 20);
	twenty_steps(v, w, 40);
	twenty_steps(v, w, 60);
	for (unsigned int i = 0; i < 5; i++)
		hash[i] += v[i];
}

/* The digest of 'n' bytes by a function that takes one block into the hash value. */
static always_inline void digest_of(void (*take)(uint32_t hash[5], const uint8_t *block),
				    const void *data, size_t n, uint8_t digest[SHA1_SIZE])
{
	uint32_t hash[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
			     0xc3d2e1f0 };
	const uint8_t *p = data;
	uint8_t last[2 * BLOCK] = { 0 };
	size_t left = n, end;
	uint64_t bits;
	uint32_t word;

	for (; left >= BLOCK; left -= BLOCK, p += BLOCK)
		take(hash, p);
	/* Section 5.1.1: a one bit, zeros, and the length in bits. */
	if (left)
		memcpy(last, p, left);
	last[left] = 0x80;
	end = left + 1 + 8 <= BLOCK ? BLOCK : 2 * BLOCK;
	bits = htobe64((uint64_t)n * 8);
	memcpy(last + end - sizeof(bits), &bits, sizeof(bits));
	for (size_t i = 0; i < end; i += BLOCK)
		take(hash, last + i);
	for (unsigned int i = 0; i < SHA1_SIZE / 4; i++) {
		word = htobe32(hash[i]);
		memcpy(digest + 4 * i, &word, 4);
	}
}

void sha1_portable(const void *data, size_t n, uint8_t digest[SHA1_SIZE])
{
	digest_of(take_block, data, n, digest);
}

#ifdef __x86_64__

#define SHA_INSTRUCTIONS __attribute__((target("sha,sse4.1")))

/*
 * The next four steps, with the function of number 'f'.  w0 are the words of these
 * steps, w1 to w3 those of the following, and w0 becomes the words behind them.
 */
#define FOUR_STEPS(f, w0, w1, w2, w3)						\
	do {									\
		__m128i next = _mm_sha1rnds4_epu32(abcd, e, f);			\
										\
		w0 = _mm_sha1msg1_epu32(w0, w1);				\
		w0 = _mm_sha1msg2_epu32(_mm_xor_si128(w0, w2), w3);		\
		e = _mm_sha1nexte_epu32(abcd, w1);				\
		abcd = next;							\
	} while (0)

#define SIXTEEN_STEPS(f1, f2, f3, f4)						\
	do {									\
		FOUR_STEPS(f1, w[0], w[1], w[2], w[3]);				\
		FOUR_STEPS(f2, w[1], w[2], w[3], w[0]);				\
		FOUR_STEPS(f3, w[2], w[3], w[0], w[1]);				\
		FOUR_STEPS(f4, w[3], w[0], w[1], w[2]);				\
	} while (0)

/* take_block() with the instructions for it, for which the first of four words is in
 * the highest lane. */
SHA_INSTRUCTIONS
static void take_block_fast(uint32_t hash[5], const uint8_t *block)
{
	const __m128i bytes = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
	__m128i abcd, e, w[4], old, old_e;

	for (unsigned int i = 0; i < 4; i++) {
		memcpy(&w[i], block + 16 * i, sizeof(w[i]));
		w[i] = _mm_shuffle_epi8(w[i], bytes);
	}
	memcpy(&old, hash, sizeof(old));
	old = _mm_shuffle_epi32(old, 0x1b);
	old_e = _mm_set_epi32((int)hash[4], 0, 0, 0);
	abcd = old;
	e = _mm_add_epi32(old_e, w[0]);
	SIXTEEN_STEPS(0, 0, 0, 0);
	SIXTEEN_STEPS(0, 1, 1, 1);
	SIXTEEN_STEPS(1, 1, 2, 2);
	SIXTEEN_STEPS(2, 2, 2, 3);
	FOUR_STEPS(3, w[0], w[1], w[2], w[3]);
	FOUR_STEPS(3, w[1], w[2], w[3], w[0]);
	FOUR_STEPS(3, w[2], w[3], w[0], w[1]);
	/* What would be the next words are the old hash value. */
	w[0] = old_e;
	FOUR_STEPS(3, w[3], w[0], w[1], w[2]);
	old = _mm_shuffle_epi32(_mm_add_epi32(abcd, old), 0x1b);
	memcpy(hash, &old, sizeof(old));
	hash[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

SHA_INSTRUCTIONS
static void sha1_fast(const void *data, size_t n, uint8_t digest[SHA1_SIZE])
{
	digest_of(take_block_fast, data, n, digest);
}

/* __builtin_cpu_supports() of older compilers does not know "sha". */
static bool has_instructions(void)
{
	static _Atomic int8_t known;	/* 1: yes; -1: no.  CPUID is slow in guests */
	unsigned int a, b = 0, c, d;

	if (!known)
		known = __builtin_cpu_supports("sse4.1") &&
			__get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA ?
			1 : -1;
	return known > 0;
}

void sha1(const void *data, size_t n, uint8_t digest[SHA1_SIZE])
{
	if (has_instructions())
		sha1_fast(data, n, digest);
	else
		sha1_portable(data, n, digest);
}

#else

void sha1(const void *data, size_t n, uint8_t digest[SHA1_SIZE])
{
	sha1_portable(data, n, digest);
}

#endif
