/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/checksum.h"

#if defined(__SSE2__) && !defined(CTREPLAY_PORTABLE)
#include <emmintrin.h>
#define CHECKSUM_SSE2
#endif

#include "packet/bytes.h"
#include "packet/crc32c.h"

/* With the carry brought round. */
static inline uint64_t add(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

static inline uint64_t load_word(const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* The last 'n' of the eight bytes at 'p', in the place of the first, 1 to 7. */
static inline uint64_t load_end(const uint8_t *p, uint32_t n)
{
	uint32_t shift = (8 - n) * 8;

	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? load_word(p) >> shift :
							   load_word(p) << shift;
}

/* Fewer than eight bytes that have nothing in front of them. */
__attribute__((noinline))
static uint64_t add_few(uint64_t sum, const uint8_t *p, uint32_t n)
{
	uint8_t word[8] = { 0 };

	for (uint32_t i = 0; i < n; i++)
		word[i] = p[i];
	return add(sum, load_word(word));
}

/*
 * Words are added in memory order and the folded sum is brought to host order
 * at the end; RFC 1071 section 2(B) shows why that is allowed, and 2(A) why
 * words may be wider than 16 bits.  Two sums go side by side, as each waits for
 * its carry.
 */
uint64_t checksum_add(uint64_t sum, const uint8_t *p, uint32_t n)
{
	uint64_t other = 0;

	if (n < 8)
		return n ? add_few(sum, p, n) : sum;
	for (; n >= 32; p += 32, n -= 32) {
		sum = add(add(sum, load_word(p)), load_word(p + 8));
		other = add(add(other, load_word(p + 16)), load_word(p + 24));
	}
	for (; n >= 8; p += 8, n -= 8)
		sum = add(sum, load_word(p));
	if (n)
		other = add(other, load_end(p + n - 8, n));
	return add(sum, other);
}

#ifdef CHECKSUM_SSE2

#define BLOCK	32

/* For a block that does not count, and for one that does. */
static const uint8_t masks[2 * BLOCK] = {
	[BLOCK ... 2 * BLOCK - 1] = 0xff,
};

static inline __m128i load_vector(const uint8_t *p)
{
	return _mm_loadu_si128((const void *)p);
}

/* Adds the 16 words of a block to four sums.  The instruction takes words with a
 * sign, so each counts as 0x8000 less than it is. */
static inline __m128i add_block(__m128i sums, const uint8_t *p,
				const uint8_t *mask)
{
	const __m128i least = _mm_set1_epi16(INT16_MIN), one = _mm_set1_epi16(1);
	__m128i a = _mm_and_si128(load_vector(p), load_vector(mask));
	__m128i b = _mm_and_si128(load_vector(p + 16), load_vector(mask + 16));

	a = _mm_madd_epi16(_mm_xor_si128(a, least), one);
	b = _mm_madd_epi16(_mm_xor_si128(b, least), one);
	return _mm_add_epi32(sums, _mm_add_epi32(a, b));
}

/*
 * The last 'n' bytes of a packet, fewer than three blocks.  As the packet has a
 * block at least, there is always one that ends where they do, and whatever it
 * has in front of them is masked.  So no branch depends on the length, which is
 * another from packet to packet.
 */
static inline uint32_t add_short(const uint8_t *p, uint32_t n)
{
	ptrdiff_t even = n & ~1u, last = even - BLOCK;
	__m128i sums = _mm_setzero_si128();

	sums = add_block(sums, p + (last < 0 ? last : 0),
			 masks + (even + BLOCK) / (2 * BLOCK) * BLOCK);
	sums = add_block(sums, p + (last < BLOCK ? last : BLOCK),
			 masks + even / (2 * BLOCK) * BLOCK);
	sums = add_block(sums, p + last, masks + even % BLOCK);
	sums = _mm_add_epi32(sums, _mm_unpackhi_epi64(sums, sums));
	sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, 1));
	return (uint32_t)_mm_cvtsi128_si32(sums) + 3 * BLOCK / 2 * 0x8000u +
	       (p[n - 1] & (0u - (n & 1)));
}

/* Whether 'n' bytes from 'off' to the end of a packet are such. */
static inline bool is_short(uint32_t off, uint32_t n)
{
	return n != 0 && n < 3 * BLOCK && off + (n & ~1u) >= BLOCK;
}

#else

static inline bool is_short(uint32_t off, uint32_t n)
{
	(void)off;
	(void)n;
	return false;
}

static inline uint32_t add_short(const uint8_t *p, uint32_t n)
{
	(void)p;
	(void)n;
	return 0;
}

#endif

static uint64_t add_addresses(const struct ct_packet *pkt)
{
	uint64_t sum;

	if (pkt->l3num == CT_L3_IPV4)
		return (uint64_t)pkt->src.w[0] + pkt->dst.w[0];
	sum = add(pkt->src.d[0], pkt->src.d[1]);
	return add(add(sum, pkt->dst.d[0]), pkt->dst.d[1]);
}

static uint64_t add_number(uint64_t sum, uint32_t n)
{
	return add(sum, htonl(n));
}

/* Captured bytes of the transport packet, 'max' of them at the most. */
static uint32_t captured(const struct ct_packet *pkt, uint32_t max)
{
	uint32_t n = pkt->caplen > pkt->l4off ? pkt->caplen - pkt->l4off : 0;

	return n < max ? n : max;
}

/* Whether a packet whose sum is wrong was cut, or left for the card. */
__attribute__((cold, noinline))
static enum checksum_result judge_bad(const struct ct_packet *pkt, bool pseudo,
				      uint8_t protonum, uint32_t field)
{
	struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint64_t sum = add_number(add_addresses(pkt), protonum);
	uint16_t check = 0;

	if (pkt->flags & CT_PACKET_CUT)
		return CHECKSUM_CUT;
	/* Linux leaves the sum with the length for the card to go on from,
	 * large-send offload of other systems leaves it without. */
	bytes_be16(&b, pkt->l4off + field, &check);
	if (pseudo &&
	    (check == checksum_fold(add_number(sum, pkt->len - pkt->l4off)) ||
	     check == checksum_fold(sum)))
		return CHECKSUM_OFFLOAD;
	return CHECKSUM_BAD;
}

static inline enum checksum_result
judge_sum(const struct ct_packet *pkt, uint64_t sum, bool pseudo,
	  uint8_t protonum, uint32_t field)
{
	return checksum_fold(sum) == 0xffff ? CHECKSUM_GOOD :
	       judge_bad(pkt, pseudo, protonum, field);
}

/* Not inline, so that a short packet does not save registers for this. */
__attribute__((noinline))
static enum checksum_result judge_long(const struct ct_packet *pkt, uint64_t sum,
				       bool pseudo, uint8_t protonum,
				       uint32_t field)
{
	uint32_t n = captured(pkt, pkt->len - pkt->l4off);

	return judge_sum(pkt, checksum_add(sum, pkt->data + pkt->l4off, n),
			 pseudo, protonum, field);
}

enum checksum_result packet_checksum(const struct ct_packet *pkt,
				     uint8_t protonum, uint32_t field)
{
	uint32_t len = pkt->len - pkt->l4off, n = captured(pkt, len);
	bool pseudo = pkt->l3num == CT_L3_IPV6 || protonum == CT_L4_TCP ||
		      protonum == CT_L4_UDP;
	uint64_t sum = 0;

	if (pseudo)
		sum = add(add_addresses(pkt),
			  (uint64_t)htonl(protonum) + htonl(len));
	if (!is_short(pkt->l4off, n))
		return judge_long(pkt, sum, pseudo, protonum, field);
	sum = add(sum, add_short(pkt->data + pkt->l4off, n));
	return judge_sum(pkt, sum, pseudo, protonum, field);
}

enum checksum_result packet_checksum_udplite(const struct ct_packet *pkt,
					     uint32_t coverage)
{
	uint32_t len = pkt->len - pkt->l4off;
	uint64_t sum = add_number(add_addresses(pkt), CT_L4_UDP);

	sum = add_number(sum, pkt->l3num == CT_L3_IPV4 ? (len & 0xff) : len);
	sum = checksum_add(sum, pkt->data + pkt->l4off, captured(pkt, coverage));
	if (checksum_fold(sum) == 0xffff)
		return CHECKSUM_GOOD;
	return captured(pkt, coverage) < coverage ? CHECKSUM_CUT : CHECKSUM_BAD;
}

enum checksum_result packet_checksum_sctp(const struct ct_packet *pkt)
{
	static const uint8_t zero[64];
	struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint32_t len = pkt->len - pkt->l4off, have = captured(pkt, len);
	uint8_t head[12];
	uint32_t crc, check;

	if (!bytes_copy(&b, pkt->l4off, head, sizeof(head)))
		return CHECKSUM_BAD;
	/* RFC 9260 appendix A: the CRC goes out with its low byte first. */
	check = (uint32_t)head[11] << 24 | (uint32_t)head[10] << 16 |
		(uint32_t)head[9] << 8 | head[8];
	memset(head + 8, 0, 4);
	crc = crc32c(0xffffffffu, head, sizeof(head));
	if (have > sizeof(head))
		crc = crc32c(crc, pkt->data + pkt->l4off + sizeof(head),
			     have - (uint32_t)sizeof(head));
	else
		have = sizeof(head);
	while (have < len) {
		uint32_t n = len - have < sizeof(zero) ? len - have : sizeof(zero);

		crc = crc32c(crc, zero, n);
		have += n;
	}
	if (check == ~crc)
		return CHECKSUM_GOOD;
	return pkt->flags & CT_PACKET_CUT ? CHECKSUM_CUT : CHECKSUM_BAD;
}
