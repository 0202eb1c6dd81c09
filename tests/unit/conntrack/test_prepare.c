/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Usual packets, parsed and prepared in one go: what that finds out is what parsing
 * and preparing do, and it takes no packet that these would not.
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
	ct = ct_create(&cfg);
	assert_non_null(ct);
	return ct;
}

/* Whether 'caplen' bytes of the packet are taken, from memory that ends there; and
 * if so, as the long way takes them. */
static bool taken_of(const struct ct *ct, const struct craft *c, uint32_t caplen,
		     uint32_t wirelen)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct ct_packet pkt;
	bool good, taken;

	assert_non_null(copy);
	memcpy(copy, c->b, caplen);
	good = ct_packet_parse(&pkt, copy, caplen, wirelen, c->l3num, 0) ==
	       CT_PACKET_OK;
	if (good)
		ct_prepare(ct, &pkt);
	taken = rig_usual(ct, copy, caplen, c->l3num, good ? &pkt : NULL);
	free(copy);
	return taken;
}

static bool taken(const struct ct *ct, const struct craft *c)
{
	return taken_of(ct, c, c->n, c->n);
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

/* Of any length, with any option, in both directions; padding does not count. */
static void usual_of(const struct ct *ct, uint8_t l3num)
{
	static const char *const options[] = {
		NULL, "nop nop ts", "mss sackok ts nop ws=7", "nop nop sack=1:9",
		"ts nop nop", "nop nop ts sack=70:90,100:110",
	};
	struct craft c;

	for (size_t i = 0; i < ITEMS(options); i++)
		for (uint16_t len = 0; len < 150; len++) {
			segment(&c, l3num, len % 2 ? "P." : ".", len, options[i]);
			assert_true(taken(ct, &c));
			assert_true(taken_of(ct, &c, c.n + 7, c.n + 9));
		}
	segment(&c, l3num, "S", 0, options[2]);
	assert_true(taken(ct, &c));
	segment(&c, l3num, "F.", 9, NULL);
	assert_true(taken(ct, &c));
	segment(&c, l3num, "R", 0, NULL);
	assert_true(taken(ct, &c));
	segment(&c, l3num, ".", 65000, NULL);
	assert_true(taken(ct, &c));
}

static void usual_ones(void **state)
{
	struct ct *ct = engine(CT_CHECKSUM_ALL);

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++)
		usual_of(ct, families[i]);
	ct_destroy(ct);
}

/* Sums count where the engine counts them. */
static void sums(void **state)
{
	struct ct *all = engine(CT_CHECKSUM_ALL), *none = engine(CT_CHECKSUM_NONE);
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++)
		for (uint16_t len = 0; len < 150; len++) {
			segment(&c, families[i], ".", len, NULL);
			assert_true(taken(none, &c));
			c.b[c.n - 1] ^= 1;
			assert_false(taken(all, &c));
			assert_true(taken(none, &c));
		}
	segment(&c, CT_L3_IPV4, ".", 10, NULL);
	c.b[10] ^= 1;
	assert_false(taken(all, &c));
	assert_false(taken(none, &c));
	/* Addresses count as well; IPv6 has no sum of its own for them. */
	segment(&c, CT_L3_IPV6, ".", 10, NULL);
	for (uint32_t at = 8; at < 40; at++) {
		c.b[at] ^= 1;
		assert_false(taken(all, &c));
		assert_true(taken(none, &c));
		c.b[at] ^= 1;
	}
	assert_true(taken(all, &c));
	ct_destroy(all);
	ct_destroy(none);
}

static void others_of(const struct ct *ct, uint8_t l3num)
{
	struct craft c;

	craft_udp(&c, l3num, source(l3num), target(l3num), 1, 2, 40);
	assert_false(taken(ct, &c));
	segment(&c, l3num, "SF", 0, NULL);	/* flags that make no sense */
	assert_false(taken(ct, &c));

	segment(&c, l3num, ".", 30, NULL);
	for (uint32_t caplen = 0; caplen < c.n; caplen++)
		assert_false(taken_of(ct, &c, caplen, c.n));
	c.b[c.l4off + 12] = 0x40;	/* a header of 16 bytes */
	assert_false(taken(ct, &c));
	segment(&c, l3num, ".", 30, NULL);
	c.b[c.l4off + 12] = 0xf0;	/* and one that is longer than the packet */
	assert_false(taken(ct, &c));
	segment(&c, l3num, ".", 30, NULL);
	c.n = c.l4off + 19;		/* no room for TCP's header */
	craft_end(&c);
	assert_false(taken(ct, &c));
	/* What the link layer says is another protocol than the header. */
	segment(&c, l3num, ".", 30, NULL);
	c.l3num = l3num == CT_L3_IPV4 ? CT_L3_IPV6 : CT_L3_IPV4;
	assert_false(taken(ct, &c));
}

static void others(void **state)
{
	static const uint8_t extensions[] = { 0, 43, 60 };
	struct ct *ct = engine(CT_CHECKSUM_NONE);
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++)
		others_of(ct, families[i]);
	for (unsigned int bit = 0x2000; bit; bit >>= 1) {
		segment(&c, CT_L3_IPV4, ".", 30, NULL);
		craft_set_be16(&c, 6, (uint16_t)bit);	/* a fragment */
		craft_end(&c);
		assert_false(taken(ct, &c));
	}
	for (size_t i = 0; i < ITEMS(extensions); i++) {
		craft_ip(&c, CT_L3_IPV6, source(CT_L3_IPV6), target(CT_L3_IPV6),
			 extensions[i]);
		craft_extension(&c, CT_L4_TCP, 8);
		craft_fill(&c, 40);
		craft_end(&c);
		assert_false(taken(ct, &c));
	}
	/* No length, which is right only of a jumbogram. */
	segment(&c, CT_L3_IPV6, ".", 30, NULL);
	craft_set_be16(&c, 4, 0);
	assert_false(taken(ct, &c));
	ct_destroy(ct);
}

/* With each bit of both headers the other way round, with the IP header's sum right
 * and wrong: taken_of() compares. */
static void each_bit(void **state)
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
				n += taken(ct[how >> 1], &c);
			}
		/* At least with other ports, numbers and windows. */
		assert_true(n > 200);
	}
	ct_destroy(ct[0]);
	ct_destroy(ct[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_ones),
		cmocka_unit_test(sums),
		cmocka_unit_test(others),
		cmocka_unit_test(each_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
