/* SPDX-License-Identifier: GPL-2.0-only */
/* test_checksum.c - Internet checksums with the pseudo-headers, and the
 * kernel's peculiarities. */
#include "support/rig.h"

#include <string.h>

#include "packet/checksum.h"
#include "packet/crc32c.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"
#define A6 "2001:db8:1::10"
#define B6 "2001:db8:2::20"

static void checksum_rfc_1071(void **state)
{
	/* Section 3: the sum of the bytes 00 01 f2 03 f4 f5 f6 f7 is ddf2. */
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6,
					 0xf7 };

	(void)state;
	assert_int_equal(checksum_fold(checksum_add(0, bytes, 8)), 0xddf2);
	/* In two blocks. */
	assert_int_equal(checksum_fold(checksum_add(checksum_add(0, bytes, 2),
						    bytes + 2, 6)), 0xddf2);
	/* An odd byte counts as the high one. */
	assert_int_equal(checksum_fold(checksum_add(0, bytes, 3)), 0xf201);
	assert_int_equal(checksum_fold(checksum_add(0, bytes, 1)), 0x0000);
	assert_int_equal(checksum_fold(checksum_add(0, bytes, 0)), 0);
}

static uint16_t by_the_book(const uint8_t *p, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

static void checksum_all_lengths(void **state)
{
	uint8_t bytes[1600];

	(void)state;
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 255);
	for (uint32_t n = 0; n < 1590; n++)
		for (uint32_t at = 0; at < 5; at++)
			assert_int_equal(checksum_fold(checksum_add(0, bytes + at, n)),
					 by_the_book(bytes + at, n));
	/* 64 kB of ones: no carry is lost. */
	static uint8_t ones[65536];

	memset(ones, 0xff, sizeof(ones));
	assert_int_equal(checksum_fold(checksum_add(0, ones, sizeof(ones))), 0xffff);
}

/* The examples of RFC 3720, appendix B.4. */
static void crc32c_rfc_3720(void **state)
{
	static const struct { uint8_t first; int step; uint32_t crc; } books[] = {
		{ 0x00, 0, 0x8a9136aa },
		{ 0xff, 0, 0x62a8ab43 },
		{ 0x00, 1, 0x46dd794e },
		{ 0x1f, -1, 0x113fdb5c },
	};
	uint8_t bytes[32];

	(void)state;
	for (size_t k = 0; k < sizeof(books) / sizeof(books[0]); k++) {
		for (int i = 0; i < 32; i++)
			bytes[i] = (uint8_t)(books[k].first + i * books[k].step);
		assert_int_equal(~crc32c(0xffffffffu, bytes, 32), books[k].crc);
		assert_int_equal(~crc32c_portable(0xffffffffu, bytes, 32),
				 books[k].crc);
	}
}

/* With and without the processor's instruction, for all lengths and
 * alignments. */
static void crc32c_portable_agrees(void **state)
{
	uint8_t bytes[100];

	(void)state;
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 255);
	for (uint32_t n = 0; n < 90; n++)
		for (uint32_t at = 0; at < 9; at++)
			assert_int_equal(crc32c(n, bytes + at, n),
					 crc32c_portable(n, bytes + at, n));
}

static enum checksum_result judge(const struct craft *c, uint32_t caplen,
				  uint32_t field)
{
	struct ct_packet pkt;

	assert_int_equal(ct_packet_parse(&pkt, c->b, caplen, c->n,
					 (enum ct_l3)c->l3num, 0), CT_PACKET_OK);
	return packet_checksum(&pkt, c->protonum, field);
}

static void tcp(struct craft *c, bool v6, uint16_t len)
{
	struct craft_tcp t = { 1, 2, 1000, 2000, "P.", 8192, len, NULL };

	craft_tcp(c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4, v6 ? B6 : B4, &t);
}

static void checksum_good_and_bad(void **state)
{
	struct craft c;

	(void)state;
	for (int v6 = 0; v6 < 2; v6++)
		for (uint16_t len = 0; len < 40; len++) {
			tcp(&c, v6, len);
			assert_int_equal(judge(&c, c.n, 16), CHECKSUM_GOOD);
			c.b[c.n - 1] ^= 0x40;
			assert_int_equal(judge(&c, c.n, 16), CHECKSUM_BAD);
			craft_udp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4,
				  v6 ? B6 : B4, 1, 2, len);
			assert_int_equal(judge(&c, c.n, 6), CHECKSUM_GOOD);
			c.b[c.l4off] ^= 1;
			assert_int_equal(judge(&c, c.n, 6), CHECKSUM_BAD);
			craft_icmp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4,
				   v6 ? B6 : B4, v6 ? 128 : 8, 0, 7, len);
			assert_int_equal(judge(&c, c.n, 2), CHECKSUM_GOOD);
			c.b[c.l4off + 4] ^= 1;
			assert_int_equal(judge(&c, c.n, 2), CHECKSUM_BAD);
		}
}

/* checksum_short() sums packets up to a limit: for all lengths, each byte
 * counts, and bytes before the packet do not. */
static void checksum_short_counts_every_byte(void **state)
{
	struct craft c;

	(void)state;
	for (uint32_t k = 0; k < 2 * 3 * 140; k++) {
		bool v6 = k & 1;
		uint32_t len = k / 6;

		craft_udp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4,
			  v6 ? B6 : B4, 0xffff, 2, len);
		if (k / 2 % 3)
			memset(c.b + c.n - len, k / 2 % 3 == 1 ? 0xff : 0, len);
		craft_sum(&c, 6);
		assert_int_equal(judge(&c, c.n, 6), CHECKSUM_GOOD);
		for (uint32_t i = c.l4off; i < c.n; i++) {
			c.b[i] ^= 0x81;
			assert_int_equal(judge(&c, c.n, 6), CHECKSUM_BAD);
			c.b[i] ^= 0x81;
		}
	}
}

/* ICMP has no pseudo-header; ICMPv6 and the others have one. */
static void checksum_pseudo_header(void **state)
{
	struct craft c;

	(void)state;
	craft_icmp(&c, CT_L3_IPV4, A4, B4, 8, 0, 7, 8);
	c.b[15] ^= 1;
	craft_end(&c);
	assert_int_equal(judge(&c, c.n, 2), CHECKSUM_GOOD);
	craft_icmp(&c, CT_L3_IPV6, A6, B6, 128, 0, 7, 8);
	c.b[15] ^= 1;
	assert_int_equal(judge(&c, c.n, 2), CHECKSUM_BAD);
	tcp(&c, false, 10);
	c.b[15] ^= 1;
	craft_end(&c);
	assert_int_equal(judge(&c, c.n, 16), CHECKSUM_BAD);
}

/* Linux leaves the pseudo-header's sum with the length to the card; large-send
 * offload of other systems leaves it without the length. */
static void checksum_offload(void **state)
{
	struct craft c;

	(void)state;
	for (int v6 = 0; v6 < 2; v6++)
		for (int with_length = 0; with_length < 2; with_length++) {
			tcp(&c, v6, 100);
			craft_sum_as(&c, 16, 0, CT_L4_TCP, with_length ? 120 : 0);
			c.b[c.l4off + 16] ^= 0xff;
			c.b[c.l4off + 17] ^= 0xff;
			assert_int_equal(judge(&c, c.n, 16), CHECKSUM_OFFLOAD);
			c.b[c.l4off + 17] ^= 1;
			assert_int_equal(judge(&c, c.n, 16), CHECKSUM_BAD);
		}
}

/* Bytes that were not captured count as zero; if the sum is then wrong, it
 * proves nothing. */
static void checksum_cut(void **state)
{
	struct craft c;

	(void)state;
	tcp(&c, false, 100);
	assert_int_equal(judge(&c, c.n - 1, 16), CHECKSUM_CUT);
	assert_int_equal(judge(&c, c.l4off + 20, 16), CHECKSUM_CUT);
	memset(c.b + c.l4off + 60, 0, c.n - c.l4off - 60);
	craft_sum(&c, 16);
	assert_int_equal(judge(&c, c.l4off + 60, 16), CHECKSUM_GOOD);
	assert_int_equal(judge(&c, c.l4off + 59, 16), CHECKSUM_CUT);
}

/* The kernel uses the destination of the IPv6 header even if a routing header
 * names another final one. */
static void checksum_routing_header(void **state)
{
	struct craft c;

	(void)state;
	craft_ip(&c, CT_L3_IPV6, A6, B6, 17);
	craft_extension(&c, 43, 24);
	craft_be32(&c, 0x00010002);
	craft_be32(&c, 10 << 16);
	craft_fill(&c, 2);
	craft_end(&c);
	craft_sum_as(&c, 6, c.n - c.l4off, 17, c.n - c.l4off);
	assert_int_equal(judge(&c, c.n, 6), CHECKSUM_GOOD);
}

static enum checksum_result judge_lite(const struct craft *c, uint32_t coverage,
				       uint32_t caplen)
{
	struct ct_packet pkt;

	assert_int_equal(ct_packet_parse(&pkt, c->b, caplen, c->n,
					 (enum ct_l3)c->l3num, 0), CT_PACKET_OK);
	return packet_checksum_partial(&pkt, CT_L4_UDP, coverage);
}

static void lite(struct craft *c, bool v6, uint32_t len)
{
	craft_ip(c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4, v6 ? B6 : B4,
		 CT_L4_UDPLITE);
	craft_be32(c, 0x00010002);
	craft_be16(c, 8);
	craft_be16(c, 0);
	craft_fill(c, len - 8);
	craft_end(c);
}

/* The kernel calls nf_checksum_partial() with UDP's number, and for IPv4 the
 * length is cut to one byte. */
static void checksum_udplite(void **state)
{
	struct craft c;

	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		lite(&c, v6, 40);
		craft_sum_as(&c, 6, 8, CT_L4_UDP, 40);
		assert_int_equal(judge_lite(&c, 8, c.n), CHECKSUM_GOOD);
		/* Bytes beyond the coverage may change. */
		c.b[c.n - 1] ^= 1;
		assert_int_equal(judge_lite(&c, 8, c.n), CHECKSUM_GOOD);
		assert_int_equal(judge_lite(&c, 8, c.l4off + 8), CHECKSUM_GOOD);
		assert_int_equal(judge_lite(&c, 9, c.n), CHECKSUM_BAD);
		craft_sum_as(&c, 6, 12, CT_L4_UDP, 40);
		assert_int_equal(judge_lite(&c, 12, c.l4off + 12), CHECKSUM_GOOD);
		assert_int_equal(judge_lite(&c, 12, c.l4off + 8), CHECKSUM_CUT);
		craft_sum_as(&c, 6, 8, CT_L4_UDPLITE, 40);
		assert_int_equal(judge_lite(&c, 8, c.n), CHECKSUM_BAD);
	}
	lite(&c, false, 300);
	craft_sum_as(&c, 6, 8, CT_L4_UDP, 300 & 0xff);
	assert_int_equal(judge_lite(&c, 8, c.n), CHECKSUM_GOOD);
	lite(&c, true, 300);
	craft_sum_as(&c, 6, 8, CT_L4_UDP, 300);
	assert_int_equal(judge_lite(&c, 8, c.n), CHECKSUM_GOOD);
}

static enum checksum_result judge_sctp(struct craft *c, uint32_t caplen)
{
	struct ct_packet pkt;

	assert_int_equal(ct_packet_parse(&pkt, c->b, caplen, c->n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	return packet_checksum_sctp(&pkt);
}

/* A COOKIE ACK whose CRC is 7a 17 81 35, computed bit by bit from the polynomial
 * of RFC 9260, appendix A.  The sender leaves 0 to a card that completes it. */
static void checksum_sctp_offload(void **state)
{
	struct craft c;

	(void)state;
	craft_ip(&c, CT_L3_IPV4, A4, B4, CT_L4_SCTP);
	craft_be32(&c, 0x0f1c0f1c);
	craft_be32(&c, 1);
	craft_be32(&c, 0x7a178135);
	craft_be32(&c, 0x0b000004);
	craft_end(&c);
	assert_int_equal(judge_sctp(&c, c.n), CHECKSUM_GOOD);
	craft_set_be16(&c, c.l4off + 10, 0);
	assert_int_equal(judge_sctp(&c, c.n), CHECKSUM_BAD);
	craft_set_be16(&c, c.l4off + 8, 0);
	assert_int_equal(judge_sctp(&c, c.n), CHECKSUM_OFFLOAD);
}

/* Segmentation that is left to the card: the sum is over no whole packet. */
static void checksum_segmentation_offload(void **state)
{
	struct craft_tcp tcp = { .sport = 1, .dport = 2, .flags = ".", .len = 4000 };
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_tcp(&c, CT_L3_IPV4, A4, B4, &tcp);
	craft_set_be16(&c, 2, 0);
	craft_set_be16(&c, 10, 0);
	craft_set_be16(&c, c.l4off + 16, 0x1234);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4,
					 CT_PARSE_OFFLOAD), CT_PACKET_OK);
	assert_int_equal(packet_checksum(&pkt, CT_L4_TCP, 16), CHECKSUM_OFFLOAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksum_rfc_1071),
		cmocka_unit_test(checksum_all_lengths),
		cmocka_unit_test(crc32c_rfc_3720),
		cmocka_unit_test(crc32c_portable_agrees),
		cmocka_unit_test(checksum_good_and_bad),
		cmocka_unit_test(checksum_short_counts_every_byte),
		cmocka_unit_test(checksum_pseudo_header),
		cmocka_unit_test(checksum_offload),
		cmocka_unit_test(checksum_cut),
		cmocka_unit_test(checksum_routing_header),
		cmocka_unit_test(checksum_udplite),
		cmocka_unit_test(checksum_sctp_offload),
		cmocka_unit_test(checksum_segmentation_offload),
	};

	return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
