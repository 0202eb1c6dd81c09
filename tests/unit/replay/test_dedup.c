/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of replay/dedup: which packets are copies of one. */
#include "replay/dedup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>


#define MS	1000000ull

/* TCP over IPv4 and UDP over IPv6, 20 bytes of data each. */
static const uint8_t tcp4[60] = {
	0x45, 0, 0, 60, 0x12, 0x34, 0x40, 0, 64, 6, 0xaa, 0xbb,
	192, 0, 2, 10, 198, 51, 100, 20,
	0x9c, 0x40, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, 0x50, 0x10, 0xfa, 0xf0,
	0xcc, 0xdd, 0, 0, 'd', 'a', 't', 'a',
};
static const uint8_t udp6[68] = {
	0x60, 0, 0, 0, 0, 28, 17, 64,
	0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
	0x20, 1, 0xd, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20,
	0x9c, 0x40, 0, 53, 0, 28, 0xcc, 0xdd, 'd', 'a', 't', 'a',
};

static uint64_t hash(const struct dedup *d, const uint8_t *bytes, uint32_t n)
{
	struct ct_packet pkt = {
		.data = bytes, .caplen = n, .len = n,
		.l3num = bytes[0] >> 4 == 4 ? CT_L3_IPV4 : CT_L3_IPV6,
		.protonum = bytes[0] >> 4 == 4 ? bytes[9] : bytes[6],
		.l4off = bytes[0] >> 4 == 4 ? 20 : 40,
	};

	return dedup_hash(d, &pkt);
}

/* Which bytes of a packet may differ in a copy: exactly those that are listed. */
static void check_bytes(const uint8_t *bytes, uint32_t n, const uint8_t *masks)
{
	struct dedup d;
	uint8_t copy[128];

	assert_true(dedup_init(&d, 2 * MS));
	for (uint32_t at = 0; at < n; at++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			uint8_t flip = (uint8_t)(1u << bit);

			/* The version and the protocol say how to read the rest. */
			if (at == 0 && bit >= 4)
				continue;
			memcpy(copy, bytes, n);
			copy[at] ^= flip;
			if ((hash(&d, bytes, n) == hash(&d, copy, n)) !=
			    !!(masks[at] & flip))
				fail_msg("byte %u, bit %u", at, bit);
		}
	dedup_free(&d);
}

static void dedup_hash_ipv4_fields(void **state)
{
	uint8_t masks[60] = { 0 };

	(void)state;
	masks[1] = masks[8] = masks[10] = masks[11] = 0xff;
	masks[36] = masks[37] = 0xff;
	check_bytes(tcp4, sizeof(tcp4), masks);
}

static void dedup_hash_ipv6_fields(void **state)
{
	uint8_t masks[68] = { 0 };

	(void)state;
	masks[0] = 0x0f;
	masks[1] = 0xf0;
	masks[7] = 0xff;
	masks[46] = masks[47] = 0xff;
	check_bytes(udp6, sizeof(udp6), masks);
}

/* A long packet's bytes all count; so does its length. */
static void dedup_hash_long_packets(void **state)
{
	static uint8_t a[1500];
	struct dedup d;

	(void)state;
	assert_true(dedup_init(&d, 2 * MS));
	memcpy(a, tcp4, sizeof(tcp4));
	for (uint32_t at = 128; at < sizeof(a); at++) {
		uint64_t before = hash(&d, a, sizeof(a));

		a[at] ^= 1;
		assert_int_not_equal(hash(&d, a, sizeof(a)), before);
		assert_int_not_equal(hash(&d, a, at), hash(&d, a, sizeof(a)));
	}
	dedup_free(&d);
}

/* Bytes of a fragment are data where another packet has a checksum. */
static void dedup_hash_fragments(void **state)
{
	struct ct_packet pkt = {
		.data = tcp4, .caplen = sizeof(tcp4), .len = sizeof(tcp4),
		.l3num = CT_L3_IPV4, .protonum = 6, .l4off = 20,
		.flags = CT_PACKET_FRAGMENT,
	};
	uint8_t other[60];
	struct dedup d;
	uint64_t h;

	(void)state;
	assert_true(dedup_init(&d, 2 * MS));
	h = dedup_hash(&d, &pkt);
	memcpy(other, tcp4, sizeof(other));
	other[36] ^= 1;
	pkt.data = other;
	assert_int_not_equal(dedup_hash(&d, &pkt), h);
	dedup_free(&d);
}

/* The time counts from the packet that was kept, in both directions. */
static void dedup_is_copy_within_the_time(void **state)
{
	struct dedup d;
	uint64_t t = 1000000000000000000, h;

	(void)state;
	assert_true(dedup_init(&d, 2 * MS));
	h = hash(&d, tcp4, sizeof(tcp4));
	assert_false(dedup_is_copy(&d, h, t));
	assert_true(dedup_is_copy(&d, h, t));
	assert_true(dedup_is_copy(&d, h, t + 2 * MS));
	assert_true(dedup_is_copy(&d, h, t - 2 * MS));
	assert_false(dedup_is_copy(&d, h, t + 2 * MS + 1));
	assert_true(dedup_is_copy(&d, h, t + 4 * MS + 1));
	assert_false(dedup_is_copy(&d, h + 1, t));
	assert_int_equal(d.forgotten, 0);
	dedup_free(&d);
}

/* A set has space for some packets; the oldest goes, and that is counted while its
 * time is not over. */
static void dedup_forgets_the_oldest(void **state)
{
	struct dedup d;

	(void)state;
	assert_true(dedup_init(&d, 2 * MS));
	for (uint64_t i = 1; i <= DEDUP_WAYS; i++)
		assert_false(dedup_is_copy(&d, i, 100 * MS + i));
	assert_false(dedup_is_copy(&d, 9, 101 * MS));
	assert_int_equal(d.forgotten, 1);
	assert_false(dedup_is_copy(&d, 1, 101 * MS));
	assert_int_equal(d.forgotten, 2);
	assert_true(dedup_is_copy(&d, 9, 101 * MS));
	assert_false(dedup_is_copy(&d, 10, 200 * MS));
	assert_int_equal(d.forgotten, 2);
	dedup_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dedup_hash_ipv4_fields),
		cmocka_unit_test(dedup_hash_ipv6_fields),
		cmocka_unit_test(dedup_hash_long_packets),
		cmocka_unit_test(dedup_hash_fragments),
		cmocka_unit_test(dedup_is_copy_within_the_time),
		cmocka_unit_test(dedup_forgets_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
