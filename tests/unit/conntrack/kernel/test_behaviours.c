/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UDP, UDP-Lite, ICMPv6, DCCP, IPv6 headers, events and expectations in kernels
 * other than the default one: each packet to a kernel without the behaviour and
 * to one with it.
 */
#include "support/session.h"

#include <string.h>

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define C6 "2001:db8:1::10"
#define S6 "2001:db8:2::20"

/* The default kernel, or one that lacks or has 'name' in contrast to it. */
static void rig_of(struct rig *r, const char *lacks, const char *has)
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	rig_kernel(&cfg, lacks, has);
	rig_init(r, &cfg);
}

static void udp(struct rig *r, bool answer)
{
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, answer ? S4 : C4, answer ? C4 : S4,
		  answer ? 53 : 5000, answer ? 5000 : 53, 10);
	rig_send(r, &c);
}

static void udp_assured(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++) {
		struct rig r;

		rig_of(&r, old ? "udp-assured-stream" : NULL, NULL);
		udp(&r, false);
		udp(&r, true);
		udp(&r, false);
		rig_table(&r);
		assert_int_equal(!!(r.record[0].status & CT_STATUS_ASSURED), old);
		rig_wait(&r, 3000);
		udp(&r, true);
		rig_table(&r);
		assert_true(r.record[0].status & CT_STATUS_ASSURED);
		rig_free(&r);
	}
}

/* Two flows with ports of their own, with a coverage that is too large. */
static void udplite_is_generic(void **state)
{
	(void)state;
	for (int generic = 0; generic < 2; generic++) {
		struct rig r;

		rig_of(&r, NULL, generic ? "udplite-generic" : NULL);
		for (uint16_t port = 1; port <= 2; port++) {
			struct craft c;

			craft_ip(&c, CT_L3_IPV4, C4, S4, CT_L4_UDPLITE);
			craft_be16(&c, port);
			craft_be16(&c, 9);
			craft_be16(&c, 200);
			craft_be16(&c, 1);
			craft_end(&c);
			rig_send(&r, &c);
			assert_int_equal(r.v.ctstate,
					 generic ? CT_NEW : CT_INVALID);
		}
		assert_int_equal(rig_table(&r), generic);
		if (generic) {
			assert_true(r.record[0].generic);
			assert_int_equal(r.record[0].tuple[0].sport, 0);
			assert_int_equal(rig_left(&r), 600);
		}
		rig_free(&r);
	}
}

static void icmpv6_router_discovery(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++)
		for (uint8_t type = 150; type <= 153; type++) {
			bool mrd = type == 151 || type == 152;
			struct craft c;
			struct rig r;

			rig_of(&r, old ? "icmpv6-mrd-untracked" : NULL, NULL);
			craft_icmp(&c, CT_L3_IPV6, C6, S6, type, 0, 0, 4);
			rig_send(&r, &c);
			assert_int_equal(r.v.ctstate, mrd && !old ? CT_UNTRACKED :
								    CT_INVALID);
			rig_free(&r);
		}
}

/* A neighbour is redirected: the packet that it sent is quoted as an option. */
static void icmpv6_redirect(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++) {
		struct craft flow, c;
		union ct_addr target = craft_address(S6);
		struct rig r;

		rig_of(&r, old ? "icmpv6-redirect-related" : NULL, NULL);
		craft_udp(&flow, CT_L3_IPV6, C6, S6, 5000, 53, 8);
		rig_send(&r, &flow);
		craft_ip(&c, CT_L3_IPV6, "fe80::1", C6, CT_L4_ICMPV6);
		c.b[7] = 255;		/* hop limit */
		craft_u8(&c, 137);
		craft_u8(&c, 0);
		craft_be16(&c, 0);
		craft_be32(&c, 0);
		craft_bytes(&c, &target, 16);
		craft_bytes(&c, &target, 16);
		craft_u8(&c, 4);	/* redirected header */
		craft_u8(&c, (uint8_t)((8 + flow.n) / 8));
		craft_fill(&c, 6);
		craft_bytes(&c, flow.b, flow.n);
		craft_end(&c);
		craft_sum(&c, 2);
		rig_send(&r, &c);
		assert_int_equal(r.v.ctstate, old ? CT_INVALID : CT_RELATED);
		rig_free(&r);
	}
}

/* 13 extension headers, and 12. */
static void ipv6_chain(void **state)
{
	(void)state;
	for (int has = 0; has < 2; has++)
		for (unsigned int n = 12; n <= 13; n++) {
			struct craft c;
			struct rig r;

			rig_of(&r, NULL, has ? "ipv6-chain-limit" : NULL);
			craft_ip(&c, CT_L3_IPV6, C6, S6, CT_L4_UDP);
			for (unsigned int i = 0; i < n; i++)
				craft_extension(&c, 60, 8);
			craft_be16(&c, 5000);
			craft_be16(&c, 53);
			craft_be16(&c, 8);
			craft_be16(&c, 0);
			craft_end(&c);
			craft_sum(&c, 6);
			rig_send(&r, &c);
			assert_int_equal(r.v.ctstate, has && n > 12 ? CT_INVALID :
								      CT_NEW);
			if (has && n > 12)
				assert_int_equal(rig_reason(&r), CT_REASON_NO_L4);
			rig_free(&r);
		}
}

/* RFC 4340: types, and the states of the kernel's table. */
enum { REQUEST, RESPONSE, DATA, ACK, DATAACK, CLOSEREQ, CLOSE, RESET };

static void dccp(struct rig *r, enum ct_dir dir, uint8_t type, uint32_t seq,
		 uint32_t less)
{
	static const uint8_t rest[] = { 4, 12, 0, 8, 8, 8, 8, 12 };
	struct craft c;

	craft_ip(&c, CT_L3_IPV4, dir ? S4 : C4, dir ? C4 : S4, CT_L4_DCCP);
	craft_be16(&c, dir ? 5001 : 40000);
	craft_be16(&c, dir ? 40000 : 5001);
	craft_u8(&c, (uint8_t)((16 + rest[type]) / 4));
	craft_u8(&c, 0);
	craft_be16(&c, 0);
	craft_u8(&c, (uint8_t)(type << 1 | 1));
	craft_u8(&c, 0);
	craft_be16(&c, 0);
	craft_be32(&c, seq);
	/* The acknowledged number is that of the Response: 7. */
	craft_be32(&c, 0);
	craft_be32(&c, 7);
	craft_be32(&c, 0);
	c.n = c.l4off + 16 + rest[type] - less;
	craft_end(&c);
	craft_sum(&c, 6);
	rig_send(r, &c);
}

static void dccp_states(void **state)
{
	static const struct {
		enum ct_dir dir;
		uint8_t type;
		uint8_t state;
		uint32_t left;
	} says[] = {
		{ CT_DIR_ORIGINAL, REQUEST, CT_DCCP_REQUEST, 240 },
		{ CT_DIR_REPLY, RESPONSE, CT_DCCP_RESPOND, 480 },
		{ CT_DIR_ORIGINAL, ACK, CT_DCCP_PARTOPEN, 480 },
		{ CT_DIR_REPLY, DATAACK, CT_DCCP_OPEN, 43200 },
		{ CT_DIR_ORIGINAL, DATA, CT_DCCP_OPEN, 43200 },
		{ CT_DIR_REPLY, CLOSEREQ, CT_DCCP_CLOSEREQ, 64 },
		{ CT_DIR_ORIGINAL, CLOSE, CT_DCCP_CLOSING, 64 },
		{ CT_DIR_REPLY, RESET, CT_DCCP_TIMEWAIT, 240 },
	};
	struct rig r;

	(void)state;
	rig_of(&r, "dccp-generic", NULL);
	for (size_t i = 0; i < ITEMS(says); i++) {
		dccp(&r, says[i].dir, says[i].type, 7, 0);
		if (r.v.state != says[i].state)
			fail_msg("packet %zu: state %s", i + 1,
				 ct_proto_state_name(CT_L4_DCCP, r.v.state));
		assert_int_equal(rig_left(&r), says[i].left);
	}
	/* What opens no connection. */
	rig_free(&r);
	rig_of(&r, "dccp-generic", NULL);
	dccp(&r, CT_DIR_ORIGINAL, DATA, 7, 0);
	assert_int_equal(r.v.ctstate, CT_INVALID);
	rig_free(&r);
}

static void dccp_is_generic(void **state)
{
	struct rig r;

	(void)state;
	rig_of(&r, NULL, NULL);
	dccp(&r, CT_DIR_ORIGINAL, DATA, 7, 0);
	assert_int_equal(r.v.ctstate, CT_NEW);
	assert_int_equal(rig_left(&r), 600);
	rig_free(&r);
}

static void dccp_short_packet(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++) {
		struct rig r;

		rig_of(&r, old ? "dccp-generic dccp-short-invalid" : "dccp-generic",
		       NULL);
		dccp(&r, CT_DIR_ORIGINAL, REQUEST, 7, 10);
		assert_int_equal(r.v.ctstate, old ? CT_DROP : CT_INVALID);
		rig_free(&r);
	}
}

static void destroy_event_is_bare(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++) {
		struct rig r;

		rig_of(&r, old ? "destroy-has-state" : NULL, NULL);
		udp(&r, false);
		rig_wait(&r, 31000);
		assert_int_equal(r.events, 2);
		assert_false(r.event[0].bare);
		assert_int_equal(r.event[1].type, CT_EVENT_DESTROY);
		assert_int_equal(r.event[1].bare, old);
		rig_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_assured),
		cmocka_unit_test(udplite_is_generic),
		cmocka_unit_test(icmpv6_router_discovery),
		cmocka_unit_test(icmpv6_redirect),
		cmocka_unit_test(ipv6_chain),
		cmocka_unit_test(dccp_states),
		cmocka_unit_test(dccp_is_generic),
		cmocka_unit_test(dccp_short_packet),
		cmocka_unit_test(destroy_event_is_bare),
	};

	return cmocka_run_group_tests_name("behaviours", tests, NULL, NULL);
}
