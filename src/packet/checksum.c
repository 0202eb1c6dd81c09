/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/checksum.h"

#include <string.h>

#if defined(__x86_64__) && !defined(CTREPLAY_PORTABLE)
#define CHECKSUM_AVX2
#include <immintrin.h>
#endif

#include "base/compiler.h"
#include "base/bytes.h"
#include "packet/checksum_short.h"
#include "packet/crc32c.h"

static inline uint64_t load_word(const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* The last 'n' (1 to 7) of the eight bytes at 'p', moved to the front. */
static inline uint64_t load_end(const uint8_t *p, uint32_t n)
{
	uint32_t shift = (8 - n) * 8;

	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? load_word(p) >> shift :
							   load_word(p) << shift;
}

/* For fewer than eight bytes: no whole word can be loaded. */
noinline
static uint64_t add_few(uint64_t sum, const uint8_t *p, uint32_t n)
{
	uint8_t word[8] = { 0 };

	for (uint32_t i = 0; i < n; i++)
		word[i] = p[i];
	return checksum_carry(sum, load_word(word));
}

#ifdef CHECKSUM_AVX2

#define LONG	256u	/* for fewer bytes it does not pay */

/* The sums of the lower and of the upper halves of words: RFC 1071 section 2(C) again,
 * and no carry is lost in 64 bits. */
__attribute__((target("avx2")))
static inline __m256i add_halves(__m256i sums, const uint8_t *p)
{
	__m256i v = _mm256_loadu_si256((const void *)p);
	__m256i low = _mm256_and_si256(v, _mm256_set1_epi64x(UINT32_MAX));

	return _mm256_add_epi64(sums, _mm256_add_epi64(low, _mm256_srli_epi64(v, 32)));
}

/* The whole blocks of 128 bytes. */
__attribute__((target("avx2"))) noinline
static uint64_t add_blocks(uint64_t sum, const uint8_t *p, uint32_t n)
{
	__m256i s[4] = { _mm256_setzero_si256(), _mm256_setzero_si256(),
			 _mm256_setzero_si256(), _mm256_setzero_si256() };
	uint64_t words[4];

	for (; n >= 128; p += 128, n -= 128)
		for (unsigned int i = 0; i < 4; i++)
			s[i] = add_halves(s[i], p + 32 * i);
	s[0] = _mm256_add_epi64(_mm256_add_epi64(s[0], s[1]),
				_mm256_add_epi64(s[2], s[3]));
	memcpy(words, &s[0], sizeof(words));
	return checksum_carry(checksum_carry(sum, words[0] + words[1]),
			      words[2] + words[3]);
}

#endif

/*
 * Adds words in memory order; checksum_fold() converts the sum to host order.
 * RFC 1071 section 2(B) shows why that is allowed, and 2(C) why words may be
 * wider than 16 bits.  Two independent sums let the processor overlap the
 * additions, each of which waits for a carry.
 */
uint64_t checksum_add(uint64_t sum, const uint8_t *p, uint32_t n)
{
	uint64_t other = 0;

#ifdef CHECKSUM_AVX2
	if (n >= LONG && __builtin_cpu_supports("avx2")) {
		sum = add_blocks(sum, p, n);
		p += n & ~127u;
		n &= 127;
	}
#endif
	if (n < 8)
		return n ? add_few(sum, p, n) : sum;
	for (; n >= 32; p += 32, n -= 32) {
		sum = checksum_carry(sum, load_word(p));
		sum = checksum_carry(sum, load_word(p + 8));
		other = checksum_carry(other, load_word(p + 16));
		other = checksum_carry(other, load_word(p + 24));
	}
	for (; n >= 8; p += 8, n -= 8)
		sum = checksum_carry(sum, load_word(p));
	if (n)
		other = checksum_carry(other, load_end(p + n - 8, n));
	return checksum_carry(sum, other);
}

#ifdef CHECKSUM_SSE2
const uint8_t checksum_masks[2 * CHECKSUM_BLOCK] = {
	[CHECKSUM_BLOCK ... 2 * CHECKSUM_BLOCK - 1] = 0xff,
};
#endif

static uint64_t add_addresses(const struct ct_packet *pkt)
{
	return pkt->l3num == CT_L3_IPV4 ? checksum_ipv4(pkt) : checksum_ipv6(pkt);
}

static uint64_t add_number(uint64_t sum, uint32_t n)
{
	return checksum_carry(sum, htonl(n));
}

/* The captured bytes of the transport packet, but at most 'max'. */
static uint32_t captured(const struct ct_packet *pkt, uint32_t max)
{
	uint32_t n = pkt->caplen > pkt->l4off ? pkt->caplen - pkt->l4off : 0;

	return n < max ? n : max;
}

/* A wrong sum: the packet was cut, or its checksum was left to the card, or it
 * is bad. */
__attribute__((cold)) noinline
static enum checksum_result judge_bad(const struct ct_packet *pkt, bool pseudo,
				      uint8_t protonum, uint32_t field)
{
	struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint64_t sum = add_number(add_addresses(pkt), protonum);
	uint16_t check = 0;

	if (pkt->flags & CT_PACKET_CUT)
		return CHECKSUM_CUT;
	if (pkt->flags & CT_PACKET_OFFLOAD)
		return CHECKSUM_OFFLOAD;
	/* Linux leaves the pseudo-header's sum with the length to the card;
	 * large-send offload of other systems leaves it without the length. */
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

/* Not inline, so that the code for short packets saves fewer registers. */
noinline
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
		sum = checksum_carry(add_addresses(pkt),
				     (uint64_t)htonl(protonum) + htonl(len));
	if (!checksum_is_short(pkt->l4off, n))
		return judge_long(pkt, sum, pseudo, protonum, field);
	sum = checksum_carry(sum, checksum_short(pkt->data + pkt->l4off, n));
	return judge_sum(pkt, sum, pseudo, protonum, field);
}

enum checksum_result packet_checksum_partial(const struct ct_packet *pkt,
					     uint8_t protonum, uint32_t coverage)
{
	uint32_t len = pkt->len - pkt->l4off;
	uint64_t sum = add_number(add_addresses(pkt), protonum);

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
	/* The sender leaves the field at 0 for the card: sctp_packet_pack(). */
	if (check == 0)
		return CHECKSUM_OFFLOAD;
	return pkt->flags & CT_PACKET_CUT ? CHECKSUM_CUT : CHECKSUM_BAD;
}
