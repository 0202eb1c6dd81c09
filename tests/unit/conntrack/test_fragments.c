/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_fragments.c - fragments that reach ct_track(): IPv4's without reassembly
 * in front of it, and those of IPv6 that reassembly lets through.
 */
#include "support/rig.h"

#include "ctreplay/reassembly.h"

#define IPV4_FRAG_OFF	6u	/* offset of the field in the header */
#define MORE_FRAGMENTS	0x2000u

/* A datagram with another fragment field, and its checksum right again. */
static void craft_fragment(struct craft *c, uint16_t frag_off)
{
	craft_udp(c, CT_L3_IPV4, "192.0.2.1", "198.51.100.1", 1000, 53, 64);
	craft_set_be16(c, IPV4_FRAG_OFF, frag_off);
	craft_end(c);
}

static void expect_refused(struct rig *r, uint16_t frag_off)
{
	struct craft c;

	craft_fragment(&c, frag_off);
	rig_send(r, &c);
	rig_expect(r, "a fragment", CT_INVALID, CT_DIR_NONE, CT_REASON_NO_L4);
	assert_int_equal(ct_count(r->ct), 0);
}

static void track_refuses_ipv4_fragments(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	expect_refused(&r, MORE_FRAGMENTS);
	expect_refused(&r, MORE_FRAGMENTS | 8);
	expect_refused(&r, 8);
	rig_free(&r);
}

static void track_calls_a_fragment_untracked_first(void **state)
{
	struct rig r;
	struct craft c;

	(void)state;
	rig_init(&r, NULL);
	r.flags = CT_PACKET_NOTRACK;
	craft_fragment(&c, MORE_FRAGMENTS);
	rig_send(&r, &c);
	rig_expect(&r, "a fragment", CT_UNTRACKED, CT_DIR_NONE,
		   CT_REASON_NOTRACK);
	rig_free(&r);
}

/*
 * A first fragment without its whole transport header: nf_ct_frag6_gather()
 * lets it through, and udp_error() finds it too short.
 */
static void track_takes_ipv6_fragments(void **state)
{
	struct ct_sysctl sysctl;
	struct ct_reassembly *reassembly;
	struct ct_packet pkt;
	enum ct_reason why;
	struct rig r;
	struct craft c;

	(void)state;
	ct_sysctl_defaults(&sysctl);
	reassembly = ct_reassembly_create(&sysctl);
	assert_non_null(reassembly);
	craft_ip(&c, CT_L3_IPV6, "2001:db8::1", "2001:db8::2", 44);
	craft_u8(&c, CT_L4_UDP);
	craft_u8(&c, 0);
	craft_be16(&c, 1);	/* offset 0, more fragments */
	craft_be32(&c, 7);
	craft_be32(&c, 1000u << 16 | 53);
	craft_end(&c);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV6, 0),
			 CT_PACKET_OK);
	assert_true(pkt.flags & CT_PACKET_FRAGMENT);
	assert_int_equal(ct_reassembly_packet(reassembly, 0, &pkt, &why),
			 CT_REASSEMBLY_PASS);
	rig_init(&r, NULL);
	rig_send(&r, &c);
	rig_expect(&r, "a short first fragment", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_UDP_SHORT);
	rig_free(&r);
	ct_reassembly_free(reassembly);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(track_refuses_ipv4_fragments),
		cmocka_unit_test(track_calls_a_fragment_untracked_first),
		cmocka_unit_test(track_takes_ipv6_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
