/* SPDX-License-Identifier: GPL-2.0-only */
/* Tuples: read from a packet, inverted, hashed. */
#include "support/rig.h"

#include <string.h>

#include "conntrack/table/hash.h"
#include "conntrack/tuple.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"

static const uint8_t seed[16] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static uint32_t hash(const uint8_t *from, const struct ct_tuple *t)
{
	struct hash_key key;

	hash_key_expand(&key, from);
	return tuple_hash(&key, t);
}

static struct ct_tuple tuple(const char *src, const char *dst, uint8_t protonum,
			     uint16_t a, uint16_t b)
{
	struct ct_tuple t;

	memset(&t, 0, sizeof(t));
	t.src = craft_address(src);
	t.dst = craft_address(dst);
	t.l3num = strchr(src, ':') ? CT_L3_IPV6 : CT_L3_IPV4;
	t.protonum = protonum;
	t.sport = a;
	t.dport = b;
	return t;
}

static struct ct_tuple icmp(const char *src, const char *dst, uint8_t protonum,
			    uint8_t type, uint8_t code, uint16_t id)
{
	struct ct_tuple t = tuple(src, dst, protonum, 0, 0);

	t.icmp_id = id;
	t.icmp_type = type;
	t.icmp_code = code;
	return t;
}

static void tuple_inversion(void **state)
{
	struct ct_tuple t = tuple(A4, B4, CT_L4_TCP, 40000, 80), i, back;

	(void)state;
	assert_true(tuple_invert(&i, &t));
	assert_memory_equal(&i.src, &t.dst, sizeof(i.src));
	assert_memory_equal(&i.dst, &t.src, sizeof(i.dst));
	assert_int_equal(i.sport, 80);
	assert_int_equal(i.dport, 40000);
	assert_int_equal(i.l3num, CT_L3_IPV4);
	assert_int_equal(i.protonum, CT_L4_TCP);
	assert_true(tuple_invert(&back, &i));
	assert_true(tuple_equal(&back, &t));
}

static void tuple_icmp_inversion(void **state)
{
	static const struct { uint8_t protonum, type; int other; } cases[] = {
		{ 1, 8, 0 }, { 1, 0, 8 }, { 1, 13, 14 }, { 1, 14, 13 },
		{ 1, 15, 16 }, { 1, 16, 15 }, { 1, 17, 18 }, { 1, 18, 17 },
		{ 1, 3, -1 }, { 1, 128, -1 }, { 1, 255, -1 },
		{ 58, 128, 129 }, { 58, 129, 128 }, { 58, 139, 140 },
		{ 58, 140, 139 }, { 58, 8, -1 }, { 58, 135, -1 }, { 58, 255, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct ct_tuple t = icmp(A4, B4, cases[i].protonum, cases[i].type,
					 3, 77), inverse;

		memset(&inverse, 0, sizeof(inverse));
		assert_int_equal(tuple_invert(&inverse, &t), cases[i].other >= 0);
		if (cases[i].other < 0)
			continue;
		assert_int_equal(inverse.icmp_type, cases[i].other);
		assert_int_equal(inverse.icmp_code, 3);
		assert_int_equal(inverse.icmp_id, 77);
	}
}

static void tuple_hash_same_for_both_directions(void **state)
{
	const struct ct_tuple tuples[] = {
		tuple(A4, B4, CT_L4_TCP, 40000, 80),
		tuple(B4, A4, CT_L4_TCP, 1, 65535),
		tuple(A4, A4, CT_L4_UDP, 5, 9),
		tuple(A4, A4, CT_L4_UDP, 9, 5),
		tuple(A4, A4, CT_L4_TCP, 7, 7),
		tuple("2001:db8::1", "2001:db8::2", CT_L4_SCTP, 3, 2),
		tuple("2001:db8::2", "2001:db8::1", CT_L4_UDPLITE, 3, 2),
		tuple(A4, B4, CT_L4_GRE, 0, 99),
		tuple(A4, B4, 89, 0, 0),
		icmp(A4, B4, CT_L4_ICMP, 8, 0, 1),
		icmp(B4, A4, CT_L4_ICMP, 13, 1, 0xffff),
		icmp("2001:db8::1", "2001:db8::2", CT_L4_ICMPV6, 128, 0, 1),
		icmp("2001:db8::2", "2001:db8::1", CT_L4_ICMPV6, 139, 0, 1),
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(tuples); i++) {
		struct ct_tuple inverse;

		assert_true(tuple_invert(&inverse, &tuples[i]));
		assert_int_equal(hash(seed, &tuples[i]),
				 hash(seed, &inverse));
	}
}

static void tuple_hash_differs(void **state)
{
	const struct ct_tuple tuples[] = {
		tuple(A4, B4, CT_L4_TCP, 40000, 80),
		tuple(A4, B4, CT_L4_TCP, 80, 40000),
		tuple(A4, B4, CT_L4_TCP, 40001, 80),
		tuple(A4, B4, CT_L4_TCP, 40000, 81),
		tuple(A4, B4, CT_L4_UDP, 40000, 80),
		tuple("192.0.2.11", B4, CT_L4_TCP, 40000, 80),
		tuple(A4, "198.51.100.21", CT_L4_TCP, 40000, 80),
		tuple("::c000:20a", "::c633:6414", CT_L4_TCP, 40000, 80),
		icmp(A4, B4, CT_L4_ICMP, 8, 0, 1),
		icmp(A4, B4, CT_L4_ICMP, 8, 0, 2),
		icmp(A4, B4, CT_L4_ICMP, 8, 1, 1),
		icmp(A4, B4, CT_L4_ICMP, 13, 0, 1),
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(tuples); i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(hash(seed, &tuples[i]),
					     hash(seed, &tuples[j]));
}

static void tuple_hash_depends_on_key(void **state)
{
	static const uint8_t other[16] = { 1, 2, 3, 4, 5, 6, 7, 9 };
	struct ct_tuple t = tuple(A4, B4, CT_L4_TCP, 40000, 80);

	(void)state;
	assert_int_not_equal(hash(seed, &t), hash(other, &t));
}

/* The longest of 4096 chains with 4096 flows of which one member increases in
 * steps: the hash adds multiples, so regular flows are its worst case. */
static unsigned int longest_chain(const struct hash_key *key, unsigned int member,
				  uint32_t step)
{
	static uint16_t chain[4096];
	unsigned int longest = 0;

	memset(chain, 0, sizeof(chain));
	for (uint32_t i = 0; i < ITEMS(chain); i++) {
		struct ct_tuple t = tuple(A4, B4, CT_L4_TCP, 40000, 80);
		uint16_t *n;

		if (member == 0)
			t.sport = (uint16_t)(i * step);
		else if (member == 1)
			t.src.w[0] = i * step;
		else if (member == 2)
			t.dst.w[0] = __builtin_bswap32(i * step);
		else
			t.sport = (uint16_t)i, t.dport = (uint16_t)(i * step);
		n = &chain[tuple_hash(key, &t) % ITEMS(chain)];
		if (++*n > longest)
			longest = *n;
	}
	return longest;
}

/* With random hashes the probability of a chain of 16 or more is below 1e-9. */
static void tuple_hash_spreads_regular_flows(void **state)
{
	struct hash_key key;

	(void)state;
	for (uint8_t k = 0; k < 32; k++) {
		const uint8_t from[16] = { k };

		hash_key_expand(&key, from);
		for (unsigned int shift = 0; shift <= 20; shift++)
			for (unsigned int member = shift > 4 ? 1 : 0;
			     member < (shift > 4 ? 3u : 4u); member++)
				assert_in_range(longest_chain(&key, member,
							      1u << shift),
						2, 15);
	}
}

/* Any two flows share the low eight bits of their hashes under one key of 256:
 * under 256 of 65536 keys, with a standard deviation of 16. */
static void tuple_hash_is_universal(void **state)
{
	const struct ct_tuple pairs[][2] = {
		{ tuple(A4, B4, CT_L4_TCP, 1, 4), tuple(A4, B4, CT_L4_TCP, 2, 3) },
		{ tuple(A4, B4, CT_L4_TCP, 1, 4), tuple(A4, B4, CT_L4_TCP, 4, 1) },
		{ tuple(A4, B4, CT_L4_TCP, 1, 4), tuple(A4, B4, CT_L4_UDP, 1, 4) },
		{ tuple("0.0.0.1", "128.0.0.0", CT_L4_UDP, 1, 1),
		  tuple("0.0.0.2", "128.0.0.0", CT_L4_UDP, 1, 1) },
		{ tuple("::1", "::2", CT_L4_TCP, 1, 1),
		  tuple("0:0:0:1::", "::2", CT_L4_TCP, 1, 1) },
		{ icmp(A4, B4, CT_L4_ICMP, 8, 0, 1),
		  icmp(A4, B4, CT_L4_ICMP, 8, 0, 0x8001) },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(pairs); i++) {
		unsigned int same = 0;

		for (uint32_t k = 0; k < 65536; k++) {
			uint8_t from[16] = { (uint8_t)k, (uint8_t)(k >> 8) };
			struct hash_key key;

			hash_key_expand(&key, from);
			same += (uint8_t)tuple_hash(&key, &pairs[i][0]) ==
				(uint8_t)tuple_hash(&key, &pairs[i][1]);
		}
		assert_in_range(same, 256 - 6 * 16, 256 + 6 * 16);
	}
}

/* All bytes of the tuple are determined, so that memcmp() compares tuples. */
static void tuple_read_from_packet(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_udp(&c, CT_L3_IPV4, A4, B4, 40000, 53, 5);
	rig_send(&r, &c);
	rig_table(&r);
	struct ct_tuple expected = tuple(A4, B4, CT_L4_UDP, 40000, 53);
	assert_memory_equal(&r.record[0].tuple[0], &expected, sizeof(expected));
	expected = tuple(B4, A4, CT_L4_UDP, 53, 40000);
	assert_memory_equal(&r.record[0].tuple[1], &expected, sizeof(expected));
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tuple_inversion),
		cmocka_unit_test(tuple_icmp_inversion),
		cmocka_unit_test(tuple_hash_same_for_both_directions),
		cmocka_unit_test(tuple_hash_differs),
		cmocka_unit_test(tuple_hash_depends_on_key),
		cmocka_unit_test(tuple_hash_spreads_regular_flows),
		cmocka_unit_test(tuple_hash_is_universal),
		cmocka_unit_test(tuple_read_from_packet),
	};

	return cmocka_run_group_tests_name("tuple", tests, NULL, NULL);
}
