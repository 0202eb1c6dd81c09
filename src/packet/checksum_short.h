/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * checksum_short.h - the sum over a short transport packet, inline.  The result
 * is for checksum_fold(), as checksum_add()'s is.
 */
#ifndef PACKET_CHECKSUM_SHORT_H
#define PACKET_CHECKSUM_SHORT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__) && !defined(CTREPLAY_PORTABLE)
#include <emmintrin.h>
#define CHECKSUM_SSE2
#endif

#ifdef CHECKSUM_SSE2

#define CHECKSUM_BLOCK	32u

/* A mask for a block that does not count, then one for a block that does; a
 * mask in between counts the end of a block. */
extern const uint8_t checksum_masks[2 * CHECKSUM_BLOCK];

static inline __m128i checksum_vector(const uint8_t *p)
{
	return _mm_loadu_si128((const void *)p);
}

/* Adds the 16 words of a block to four sums.  The instruction takes signed
 * words, so each word is added as 0x8000 less than its value. */
static inline __m128i checksum_block(__m128i sums, const uint8_t *p,
				     const uint8_t *mask)
{
	const __m128i least = _mm_set1_epi16(INT16_MIN), one = _mm_set1_epi16(1);
	__m128i a = _mm_and_si128(checksum_vector(p), checksum_vector(mask));
	__m128i b = _mm_and_si128(checksum_vector(p + 16),
				  checksum_vector(mask + 16));

	a = _mm_madd_epi16(_mm_xor_si128(a, least), one);
	b = _mm_madd_epi16(_mm_xor_si128(b, least), one);
	return _mm_add_epi32(sums, _mm_add_epi32(a, b));
}

/*
 * Sums the last 'n' bytes of a packet, fewer than three blocks.  The packet has
 * at least one block, so the blocks can be aligned with its end, and masks hide
 * the bytes before the 'n'.  So no branch depends on the length, which differs
 * from packet to packet and cannot be predicted.
 */
static inline uint32_t checksum_short(const uint8_t *p, uint32_t n)
{
	const ptrdiff_t block = CHECKSUM_BLOCK;
	ptrdiff_t even = n & ~1u, last = even - block;
	__m128i sums = _mm_setzero_si128();

	sums = checksum_block(sums, p + (last < 0 ? last : 0),
			      checksum_masks + (even + block) / (2 * block) * block);
	sums = checksum_block(sums, p + (last < block ? last : block),
			      checksum_masks + even / (2 * block) * block);
	sums = checksum_block(sums, p + last, checksum_masks + even % block);
	sums = _mm_add_epi32(sums, _mm_unpackhi_epi64(sums, sums));
	sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, 1));
	return (uint32_t)_mm_cvtsi128_si32(sums) +
	       3 * CHECKSUM_BLOCK / 2 * 0x8000u + (p[n - 1] & (0u - (n & 1)));
}

/* Whether checksum_short() can sum the 'n' bytes from 'off' to a packet's
 * end. */
static inline bool checksum_is_short(uint32_t off, uint32_t n)
{
	return n != 0 && n < 3 * CHECKSUM_BLOCK &&
	       off + (n & ~1u) >= CHECKSUM_BLOCK;
}

#else

static inline bool checksum_is_short(uint32_t off, uint32_t n)
{
	(void)off;
	(void)n;
	return false;
}

static inline uint32_t checksum_short(const uint8_t *p, uint32_t n)
{
	(void)p;
	(void)n;
	return 0;
}

#endif

#endif
