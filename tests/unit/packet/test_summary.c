/* SPDX-License-Identifier: GPL-2.0-only */
/* test_summary.c - the fields that a packet's line shows, from the slow path and
 * from a prepared packet. */
#include "support/rig.h"

#include <string.h>

#include "packet/summary.h"

#define SRC "192.0.2.10"
#define DST "198.51.100.20"
#define SRC6 "2001:db8::10"
#define DST6 "2001:db8::20"

static struct packet_summary summary_of(const struct ct_packet *pkt)
{
	struct packet_summary s;

	memset(&s, 0xff, sizeof(s));
	summary_read(&s, pkt);
	return s;
}

static struct packet_summary read_cut(const struct craft *c, uint32_t caplen)
{
	struct ct_packet pkt;

	assert_int_equal(ct_packet_parse(&pkt, c->b, caplen, c->n,
					 (enum ct_l3)c->l3num, 0), CT_PACKET_OK);
	return summary_of(&pkt);
}

static struct packet_summary read_whole(const struct craft *c)
{
	return read_cut(c, c->n);
}

static void summary_of_tcp(void **state)
{
	const struct craft_tcp t = { .sport = 40000, .dport = 80, .seq = 1,
				     .flags = "FP.", .win = 9, .len = 3 };
	struct packet_summary s;
	struct craft c;

	(void)state;
	craft_tcp(&c, CT_L3_IPV4, SRC, DST, &t);
	s = read_whole(&c);
	assert_true(s.ports && s.tcp && !s.icmp && !s.fragment);
	assert_int_equal(s.a, 40000);
	assert_int_equal(s.b, 80);
	assert_int_equal(s.flags, 0x19);
	/* What was not captured is not known. */
	s = read_cut(&c, 20 + 13);
	assert_true(s.ports && !s.tcp && s.cut);
	s = read_cut(&c, 20 + 3);
	assert_true(!s.ports && !s.tcp && s.cut);
}

static void expect_same(const struct packet_summary *a,
			const struct packet_summary *b)
{
	assert_int_equal(a->ports, b->ports);
	assert_int_equal(a->tcp, b->tcp);
	assert_int_equal(a->icmp, b->icmp);
	assert_int_equal(a->fragment, b->fragment);
	assert_int_equal(a->a, b->a);
	assert_int_equal(a->b, b->b);
	assert_int_equal(a->flags, b->flags);
}

/* The fast path shows the same as the slow one. */
static void summary_of_prepared_tcp(void **state)
{
	const struct craft_tcp t = { .sport = 1, .dport = 65535, .seq = 1,
				     .flags = "S", .win = 9, .opts = "mss" };
	struct packet_summary slow, fast;
	struct ct_packet pkt;
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		craft_tcp(&c, i ? CT_L3_IPV6 : CT_L3_IPV4, i ? SRC6 : SRC,
			  i ? DST6 : DST, &t);
		slow = read_whole(&c);
		assert_true(ct_prepare_fast(r.ct, &pkt, c.b, c.n,
					    (enum ct_l3)c.l3num));
		fast = summary_of(&pkt);
		expect_same(&slow, &fast);
	}
	rig_free(&r);
}

static void summary_of_udp(void **state)
{
	struct packet_summary s;
	struct craft c;

	(void)state;
	craft_udp(&c, CT_L3_IPV6, SRC6, DST6, 53, 1024, 4);
	s = read_whole(&c);
	assert_true(s.ports && !s.tcp && !s.icmp && !s.fragment);
	assert_int_equal(s.a, 53);
	assert_int_equal(s.b, 1024);
}

static void summary_of_icmp(void **state)
{
	struct packet_summary s;
	struct craft c;

	(void)state;
	craft_icmp(&c, CT_L3_IPV4, SRC, DST, 8, 0, 0x1234, 4);
	s = read_whole(&c);
	assert_true(s.icmp && !s.ports && !s.tcp && !s.fragment);
	assert_int_equal(s.type, 8);
	assert_int_equal(s.code, 0);
	assert_int_equal(s.a, 0x1234);
}

/* A header that ends with the packet is not shown. */
static void summary_of_short_packet(void **state)
{
	struct packet_summary s;
	struct craft c;

	(void)state;
	craft_ip(&c, CT_L3_IPV4, SRC, DST, CT_L4_UDP);
	craft_be16(&c, 53);
	craft_u8(&c, 0);
	craft_end(&c);
	s = read_whole(&c);
	assert_false(s.ports || s.tcp || s.icmp || s.fragment);
	craft_ip(&c, CT_L3_IPV4, SRC, DST, CT_L4_ICMP);
	craft_bytes(&c, "\10\0\0\0\0\0\0", 7);
	craft_end(&c);
	s = read_whole(&c);
	assert_false(s.ports || s.tcp || s.icmp || s.fragment);
}

/* A fragment shows no ports, even if it is the first. */
static void summary_of_fragment(void **state)
{
	struct packet_summary s;
	struct craft c;

	(void)state;
	craft_udp(&c, CT_L3_IPV4, SRC, DST, 53, 1024, 8);
	craft_set_be16(&c, 6, 0x2000);	/* more fragments */
	craft_end(&c);
	s = read_whole(&c);
	assert_true(s.fragment && !s.ports && !s.tcp && !s.icmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summary_of_tcp),
		cmocka_unit_test(summary_of_prepared_tcp),
		cmocka_unit_test(summary_of_udp),
		cmocka_unit_test(summary_of_icmp),
		cmocka_unit_test(summary_of_short_packet),
		cmocka_unit_test(summary_of_fragment),
	};

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
