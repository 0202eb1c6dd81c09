/* SPDX-License-Identifier: GPL-2.0-only */
/* GRE: connections by addresses alone, or with the call ids of PPTP's version
 * 1. */
#include "support/rig.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"

#define PPP 0x880b
#define IP_IN_GRE 0x0800
#define WITH_KEY 0x2000		/* flag K, version 0 */
#define PPTP 0x3001		/* flags K and S, version 1 */

static void gre(struct rig *r, bool reply, uint16_t flags, uint16_t protocol,
		uint16_t call, uint32_t bytes)
{
	struct craft c;

	craft_ip(&c, CT_L3_IPV4, reply ? B4 : A4, reply ? A4 : B4, CT_L4_GRE);
	craft_be16(&c, flags);
	craft_be16(&c, protocol);
	craft_be16(&c, 4);
	craft_be16(&c, call);
	craft_fill(&c, 24);
	c.n = c.l4off + bytes;
	craft_end(&c);
	rig_send(r, &c);
}

static void gre_version_0(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	gre(&r, false, WITH_KEY, IP_IN_GRE, 17, 32);
	rig_expect(&r, "first", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	assert_int_equal(rig_left(&r), 30);
	assert_int_equal(r.record[0].gre_timeout, 30);
	assert_int_equal(r.record[0].gre_timeout_stream, 180);
	/* The key is ignored. */
	gre(&r, true, 0, 0x6558, 99, 32);
	rig_expect(&r, "answer", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	assert_int_equal(rig_left(&r), 30);
	assert_int_equal(r.record[0].status,
			 CT_STATUS_CONFIRMED | CT_STATUS_SEEN_REPLY);
	/* ASSURED and 180 s with the first packet after the answer. */
	gre(&r, true, 0, 0x6558, 99, 32);
	assert_int_equal(rig_left(&r), 180);
	assert_int_equal(r.record[0].status, CT_STATUS_CONFIRMED |
			 CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_free(&r);
}

static void gre_version_1(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	gre(&r, false, PPTP, PPP, 17, 32);
	rig_expect(&r, "first", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_table(&r);
	assert_int_equal(r.record[0].tuple[0].srckey, 0);
	assert_int_equal(r.record[0].tuple[0].dstkey, 17);
	assert_int_equal(r.record[0].tuple[1].srckey, 17);
	assert_int_equal(r.record[0].tuple[1].dstkey, 0);
	gre(&r, false, PPTP, PPP, 17, 32);
	rig_expect(&r, "again", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	assert_int_equal(r.v.id, 1);
	gre(&r, false, PPTP, PPP, 18, 32);
	rig_expect(&r, "another call", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	/* Without a helper the call id of the other direction is not known. */
	gre(&r, true, PPTP, PPP, 17, 32);
	rig_expect(&r, "the other way", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	assert_int_equal(ct_count(r.ct), 3);
	rig_free(&r);
}

static void gre_version_1_without_ppp(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	gre(&r, false, PPTP, IP_IN_GRE, 17, 32);
	rig_expect(&r, "no PPP", CT_INVALID, CT_DIR_NONE, CT_REASON_GRE_PROTO);
	/* A header too short for a call id has none. */
	gre(&r, false, PPTP, IP_IN_GRE, 17, 7);
	rig_expect(&r, "7 bytes", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_table(&r);
	assert_int_equal(r.record[0].tuple[0].l4, 0);
	rig_free(&r);
}

static void gre_short_header(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	gre(&r, false, 0, 0, 0, 0);
	rig_expect(&r, "no byte", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	gre(&r, true, 0, 0, 0, 3);
	rig_expect(&r, "three", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	rig_free(&r);
}

/* Versions 2 to 7 are tracked as version 0. */
static void gre_other_versions(void **state)
{
	(void)state;
	for (uint16_t version = 2; version < 8; version++) {
		struct rig r;

		rig_init(&r, NULL);
		gre(&r, false, version, IP_IN_GRE, 17, 32);
		rig_expect(&r, "version", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		rig_table(&r);
		assert_int_equal(r.record[0].tuple[0].l4, 0);
		rig_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gre_version_0),
		cmocka_unit_test(gre_version_1),
		cmocka_unit_test(gre_version_1_without_ppp),
		cmocka_unit_test(gre_short_header),
		cmocka_unit_test(gre_other_versions),
	};

	return cmocka_run_group_tests_name("gre", tests, NULL, NULL);
}
