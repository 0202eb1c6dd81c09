/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ct_prepare_fast(): its result is that of ct_packet_parse() and ct_prepare(),
 * and it accepts no packet that they reject.
 */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t families[] = { CT_L3_IPV4, CT_L3_IPV6 };

static struct ct *engine(enum ct_checksum_mode checksum)
{
	struct ct_config cfg;
	struct ct *ct;

	ct_config_defaults(&cfg);
	cfg.checksum = checksum;
	memset(cfg.hash_key, 0x5a, sizeof(cfg.hash_key));
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	return ct;
}

/* Whether ct_prepare_fast() accepts 'caplen' bytes of the packet, in memory
 * that ends there; if so, compares the result. */
static bool accepts_cut(const struct ct *ct, const struct craft *c,
			uint32_t caplen, uint32_t wirelen)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct ct_packet pkt;
	bool good, accepted;

	assert_non_null(copy);
	memcpy(copy, c->b, caplen);
	good = ct_packet_parse(&pkt, copy, caplen, wirelen, c->l3num, 0) ==
	       CT_PACKET_OK;
	if (good)
		ct_prepare(ct, &pkt);
	accepted = rig_prepare_fast(ct, copy, caplen, c->l3num, good ? &pkt : NULL);
	free(copy);
	return accepted;
}

static bool accepts(const struct ct *ct, const struct craft *c)
{
	return accepts_cut(ct, c, c->n, c->n);
}

static const char *source(uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? "192.0.2.10" : "2001:db8::10";
}

static const char *target(uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? "198.51.100.20" :
				     "2001:db8:ffff:ffff:ffff:ffff:ffff:20";
}

static void segment(struct craft *c, uint8_t l3num, const char *flags, uint16_t len,
		    const char *options)
{
	const struct craft_tcp t = {
		.sport = 40000, .dport = 80, .seq = 0xfffffff0u, .ack = 77,
		.flags = flags, .win = 8000, .len = len, .opts = options,
	};

	craft_tcp(c, l3num, source(l3num), target(l3num), &t);
}

/* Segments of any length with any options; padding does not matter. */
static void check_accepted(const struct ct *ct, uint8_t l3num)
{
	static const char *const options[] = {
		NULL, "nop nop ts", "mss sackok ts nop ws=7", "nop nop sack=1:9",
		"ts nop nop", "nop nop ts sack=70:90,100:110",
	};
	struct craft c;

	for (size_t i = 0; i < ITEMS(options); i++)
		for (uint16_t len = 0; len < 150; len++) {
			segment(&c, l3num, len % 2 ? "P." : ".", len, options[i]);
			assert_true(accepts(ct, &c));
			assert_true(accepts_cut(ct, &c, c.n + 7, c.n + 9));
		}
	segment(&c, l3num, "S", 0, options[2]);
	assert_true(accepts(ct, &c));
	segment(&c, l3num, "F.", 9, NULL);
	assert_true(accepts(ct, &c));
	segment(&c, l3num, "R", 0, NULL);
	assert_true(accepts(ct, &c));
	segment(&c, l3num, ".", 65000, NULL);
	assert_true(accepts(ct, &c));
}

static void prepare_fast_accepts(void **state)
{
	struct ct *ct = engine(CT_CHECKSUM_ALL);

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++)
		check_accepted(ct, families[i]);
	ct_destroy(ct);
}

static struct ct *engine_like(const char *kernel, enum ct_checksum_mode checksum,
			      uint8_t key)
{
	struct ct_config cfg;
	struct ct_kernel k;
	struct ct *ct;

	ct_config_defaults(&cfg);
	assert_int_equal(ct_kernel_find(&k, kernel), CT_KERNEL_JUDGED);
	ct_config_set_kernel(&cfg, &k);
	cfg.checksum = checksum;
	memset(cfg.hash_key, key, sizeof(cfg.hash_key));
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	return ct;
}

/* A copy that 'of' has prepared is made into what 'ct' itself would have prepared. */
static void check_copy(const struct ct *ct, const struct ct *of, const struct craft *c)
{
	struct ct_packet own, copy;

	assert_int_equal(ct_packet_parse(&own, c->b, c->n, c->n, c->l3num,
					 CT_PARSE_OFFLOAD), CT_PACKET_OK);
	copy = own;
	ct_prepare(ct, &own);
	ct_prepare(of, &copy);
	copy.priv.entry = 77;
	ct_prepare_copy(ct, of, &copy);
	assert_int_equal(copy.priv.prepared, own.priv.prepared);
	if (!(own.priv.prepared & CT_PREPARED_FLOW))
		return;
	assert_int_equal(copy.priv.hash, own.priv.hash);
	assert_int_equal(copy.priv.l4, own.priv.l4);
	assert_int_equal(copy.priv.entry, own.priv.entry);
}

static void prepare_copy_agrees(void **state)
{
	struct ct *of[] = {
		engine_like("6.18", CT_CHECKSUM_ALL, 1),
		engine_like("6.18", CT_CHECKSUM_NONE, 1),
		engine_like("6.18", CT_CHECKSUM_AUTO, 1),
		engine_like("6.18", CT_CHECKSUM_ALL, 2),
		engine_like("7.3", CT_CHECKSUM_ALL, 1),
		engine_like("5.10", CT_CHECKSUM_ALL, 1),
	};
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(of) * ITEMS(of); i++)
		for (size_t j = 0; j < 2; j++) {
			const struct ct *a = of[i % ITEMS(of)], *b = of[i / ITEMS(of)];

			segment(&c, families[j], "P.", 99, NULL);
			check_copy(a, b, &c);
			c.b[c.n - 1] ^= 1;	/* a wrong checksum */
			check_copy(a, b, &c);
			segment(&c, families[j], "P.", 99, NULL);
			for (size_t p = 0; p < 2; p++) {
				static const uint8_t other[] = { CT_L4_UDPLITE,
								 CT_L4_DCCP };

				c.b[families[j] == CT_L3_IPV4 ? 9 : 6] = other[p];
				c.b[10] = c.b[11] = 0;	/* taken for offload */
				check_copy(a, b, &c);
			}
		}
	for (size_t i = 0; i < ITEMS(of); i++)
		ct_destroy(of[i]);
}

/* Checksums are verified only if the engine verifies them. */
static void prepare_fast_checksums(void **state)
{
	struct ct *all = engine(CT_CHECKSUM_ALL), *none = engine(CT_CHECKSUM_NONE);
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++)
		for (uint16_t len = 0; len < 150; len++) {
			segment(&c, families[i], ".", len, NULL);
			assert_true(accepts(none, &c));
			c.b[c.n - 1] ^= 1;
			assert_false(accepts(all, &c));
			assert_true(accepts(none, &c));
		}
	segment(&c, CT_L3_IPV4, ".", 10, NULL);
	c.b[10] ^= 1;
	assert_false(accepts(all, &c));
	assert_false(accepts(none, &c));
	/* The checksum includes the addresses; IPv6 has no header checksum. */
	segment(&c, CT_L3_IPV6, ".", 10, NULL);
	for (uint32_t at = 8; at < 40; at++) {
		c.b[at] ^= 1;
		assert_false(accepts(all, &c));
		assert_true(accepts(none, &c));
		c.b[at] ^= 1;
	}
	assert_true(accepts(all, &c));
	ct_destroy(all);
	ct_destroy(none);
}

static void check_refused(const struct ct *ct, uint8_t l3num)
{
	struct craft c;

	craft_udp(&c, l3num, source(l3num), target(l3num), 1, 2, 40);
	assert_false(accepts(ct, &c));
	segment(&c, l3num, "SF", 0, NULL);	/* invalid flags */
	assert_false(accepts(ct, &c));

	segment(&c, l3num, ".", 30, NULL);
	for (uint32_t caplen = 0; caplen < c.n; caplen++)
		assert_false(accepts_cut(ct, &c, caplen, c.n));
	c.b[c.l4off + 12] = 0x40;	/* a header of 16 bytes */
	assert_false(accepts(ct, &c));
	segment(&c, l3num, ".", 30, NULL);
	c.b[c.l4off + 12] = 0xf0;	/* and one that is longer than the packet */
	assert_false(accepts(ct, &c));
	segment(&c, l3num, ".", 30, NULL);
	c.n = c.l4off + 19;		/* a byte too short for a TCP header */
	craft_end(&c);
	assert_false(accepts(ct, &c));
	/* The link layer announces another IP version. */
	segment(&c, l3num, ".", 30, NULL);
	c.l3num = l3num == CT_L3_IPV4 ? CT_L3_IPV6 : CT_L3_IPV4;
	assert_false(accepts(ct, &c));
}

static void prepare_fast_refuses(void **state)
{
	static const uint8_t extensions[] = { 0, 43, 60 };
	struct ct *ct = engine(CT_CHECKSUM_NONE);
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++)
		check_refused(ct, families[i]);
	for (unsigned int bit = 0x2000; bit; bit >>= 1) {
		segment(&c, CT_L3_IPV4, ".", 30, NULL);
		craft_set_be16(&c, 6, (uint16_t)bit);	/* a fragment */
		craft_end(&c);
		assert_false(accepts(ct, &c));
	}
	for (size_t i = 0; i < ITEMS(extensions); i++) {
		craft_ip(&c, CT_L3_IPV6, source(CT_L3_IPV6), target(CT_L3_IPV6),
			 extensions[i]);
		craft_extension(&c, CT_L4_TCP, 8);
		craft_fill(&c, 40);
		craft_end(&c);
		assert_false(accepts(ct, &c));
	}
	/* A length of 0, which is valid only in a jumbogram. */
	segment(&c, CT_L3_IPV6, ".", 30, NULL);
	craft_set_be16(&c, 4, 0);
	assert_false(accepts(ct, &c));
	ct_destroy(ct);
}

/* Each bit of both headers is flipped, with a valid and an invalid IP header
 * checksum; accepts_cut() compares. */
static void prepare_fast_each_bit_flipped(void **state)
{
	struct ct *ct[] = { engine(CT_CHECKSUM_NONE), engine(CT_CHECKSUM_ALL) };
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++) {
		unsigned int n = 0;

		segment(&c, families[i], ".", 20, "nop nop ts");
		for (unsigned int bit = 0; bit < (c.l4off + 32) * 8; bit++)
			for (unsigned int how = 0; how < 4; how++) {
				segment(&c, families[i], ".", 20, "nop nop ts");
				c.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
				if (how & 1)
					craft_end(&c);
				n += accepts(ct[how >> 1], &c);
			}
		/* Those with other ports, numbers and windows, at least. */
		assert_true(n > 200);
	}
	ct_destroy(ct[0]);
	ct_destroy(ct[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prepare_fast_accepts),
		cmocka_unit_test(prepare_copy_agrees),
		cmocka_unit_test(prepare_fast_checksums),
		cmocka_unit_test(prepare_fast_refuses),
		cmocka_unit_test(prepare_fast_each_bit_flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
