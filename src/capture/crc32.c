/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/crc32.h"

#include <string.h>

#include "base/little.h"

#if defined(__x86_64__) && !defined(CTREPLAY_PORTABLE)
#define CRC32_PRODUCTS
#include <immintrin.h>
#endif

#define POLYNOMIAL	0xedb88320u	/* its bits in the other order */
#define SLICES		8u

static uint32_t tables[SLICES][256];	/* a byte that so many others follow */

void crc32_prepare(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (unsigned int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		tables[0][i] = crc;
	}
	for (unsigned int s = 1; s < SLICES; s++)
		for (uint32_t i = 0; i < 256; i++) {
			uint32_t crc = tables[s - 1][i];

			tables[s][i] = crc >> 8 ^ tables[0][crc & 0xff];
		}
}

/* These three functions are for checksums before their bits are inverted. */
static uint32_t add_bytes(uint32_t crc, const uint8_t *p, size_t n)
{
	while (n--)
		crc = crc >> 8 ^ tables[0][(crc ^ *p++) & 0xff];
	return crc;
}

static uint32_t add_words(uint32_t crc, const uint8_t *p, size_t n)
{
	for (; n >= 8; p += 8, n -= 8) {
		uint64_t w = load_le64(p) ^ crc;

		crc = 0;
		for (unsigned int i = 0; i < 8; i++)
			crc ^= tables[7 - i][w >> 8 * i & 0xff];
	}
	return add_bytes(crc, p, n);
}

#ifdef CRC32_PRODUCTS

#define BLOCK	64u	/* four registers */

/*
 * Products without carries move what is in a register past the bytes that follow: its
 * halves times x^(n+32) and x^(n-32), modulo the polynomial, for n = 512 and 128 bits.
 */
#define PAST_BLOCK	_mm_set_epi64x(0x1c6e41596, 0x154442bd4)
#define PAST_WORD	_mm_set_epi64x(0x0ccaa009e, 0x1751997d0)

__attribute__((target("pclmul,sse4.1")))
static inline __m128i fold(__m128i x, __m128i k, __m128i after)
{
	return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, k, 0x00),
					   _mm_clmulepi64_si128(x, k, 0x11)), after);
}

static inline __m128i load_word(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* At least a block. */
__attribute__((target("pclmul,sse4.1")))
static uint32_t add_blocks(uint32_t crc, const uint8_t *p, size_t n)
{
	__m128i x[4], k = PAST_BLOCK;
	uint8_t rest[16];

	for (unsigned int i = 0; i < 4; i++)
		x[i] = load_word(p + 16 * i);
	x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)crc));
	for (p += BLOCK, n -= BLOCK; n >= BLOCK; p += BLOCK, n -= BLOCK)
		for (unsigned int i = 0; i < 4; i++)
			x[i] = fold(x[i], k, load_word(p + 16 * i));
	k = PAST_WORD;
	for (unsigned int i = 1; i < 4; i++)
		x[0] = fold(x[0], k, x[i]);
	/* What is left has the checksum of all bytes so far. */
	memcpy(rest, &x[0], sizeof(rest));
	return add_words(add_words(0, rest, sizeof(rest)), p, n);
}

uint32_t crc32_add(uint32_t crc, const uint8_t *p, size_t n)
{
	if (n >= BLOCK && __builtin_cpu_supports("pclmul") &&
	    __builtin_cpu_supports("sse4.1"))
		return ~add_blocks(~crc, p, n);
	return crc32_portable(crc, p, n);
}

#else

uint32_t crc32_add(uint32_t crc, const uint8_t *p, size_t n)
{
	return crc32_portable(crc, p, n);
}

#endif

uint32_t crc32_portable(uint32_t crc, const uint8_t *p, size_t n)
{
	return ~add_words(~crc, p, n);
}
