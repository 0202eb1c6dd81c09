/* SPDX-License-Identifier: GPL-2.0-only */
/* Protocols without a tracker of their own. */
#include "support/rig.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"

static bool has_tracker(unsigned int protonum)
{
	return protonum == 1 || protonum == 6 || protonum == 17 ||
	       protonum == 47 || protonum == 58 || protonum == 132 ||
	       protonum == 136;
}

static void generic_every_protocol(void **state)
{
	(void)state;
	for (unsigned int p = 0; p < 256; p++) {
		struct craft c;
		struct rig r;

		/* 33: older kernels track DCCP. */
		assert_int_equal(ct_proto_is_generic((uint8_t)p),
				 !has_tracker(p) && p != CT_L4_DCCP);
		if (has_tracker(p))
			continue;
		rig_init(&r, NULL);
		craft_ip(&c, CT_L3_IPV4, A4, B4, (uint8_t)p);
		craft_fill(&c, 10);
		craft_end(&c);
		rig_send(&r, &c);
		rig_expect(&r, "first", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		assert_int_equal(rig_left(&r), 600);
		assert_int_equal(r.record[0].tuple[0].l4, 0);
		assert_int_equal(r.record[0].tuple[0].protonum, p);
		craft_ip(&c, CT_L3_IPV4, B4, A4, (uint8_t)p);
		craft_end(&c);
		rig_send(&r, &c);
		rig_expect(&r, "answer", CT_ESTABLISHED, CT_DIR_REPLY,
			   CT_REASON_NONE);
		/* Never ASSURED. */
		rig_send(&r, &c);
		rig_table(&r);
		assert_int_equal(r.record[0].status, CT_STATUS_CONFIRMED |
				 CT_STATUS_SEEN_REPLY);
		rig_free(&r);
	}
}

static void generic_names(void **state)
{
	(void)state;
	assert_string_equal(ct_proto_name(1), "icmp");
	assert_string_equal(ct_proto_name(6), "tcp");
	assert_string_equal(ct_proto_name(17), "udp");
	assert_string_equal(ct_proto_name(47), "gre");
	assert_string_equal(ct_proto_name(58), "icmpv6");
	assert_string_equal(ct_proto_name(132), "sctp");
	assert_string_equal(ct_proto_name(136), "udplite");
	assert_string_equal(ct_proto_name(33), "dccp");
	assert_string_equal(ct_proto_name(0), "unknown");
	assert_null(ct_proto_state_name(17, 0));
	assert_null(ct_proto_state_name(89, 0));
}

static void generic_empty_payload(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_ip(&c, CT_L3_IPV4, A4, B4, 89);
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "an IP header only", CT_NEW, CT_DIR_ORIGINAL,
		   CT_REASON_NONE);
	rig_free(&r);
}

/* ESP is not an extension header that can be skipped. */
static void generic_over_ipv6(void **state)
{
	static const uint8_t protocols[] = { 50, 89, 112, 253 };

	(void)state;
	for (size_t i = 0; i < ITEMS(protocols); i++) {
		struct craft c;
		struct rig r;

		rig_init(&r, NULL);
		craft_ip(&c, CT_L3_IPV6, "2001:db8::1", "2001:db8::2", protocols[i]);
		craft_fill(&c, 20);
		craft_end(&c);
		rig_send(&r, &c);
		rig_expect(&r, "over IPv6", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		assert_int_equal(rig_left(&r), 600);
		rig_free(&r);
	}
}

static void generic_protocols_do_not_mix(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_ip(&c, CT_L3_IPV4, A4, B4, 89);
	craft_end(&c);
	rig_send(&r, &c);
	craft_ip(&c, CT_L3_IPV4, B4, A4, 90);
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "another protocol", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	assert_int_equal(ct_count(r.ct), 2);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generic_every_protocol),
		cmocka_unit_test(generic_names),
		cmocka_unit_test(generic_empty_payload),
		cmocka_unit_test(generic_over_ipv6),
		cmocka_unit_test(generic_protocols_do_not_mix),
	};

	return cmocka_run_group_tests_name("generic", tests, NULL, NULL);
}
