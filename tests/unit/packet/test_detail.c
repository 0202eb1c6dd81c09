/* SPDX-License-Identifier: GPL-2.0-only */
/* What lines show besides the summary: chunks, keys, call ids, quoted packets. */
#include "support/rig.h"

#include "packet/detail.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"

static struct packet_detail read_cut(const struct craft *c, uint32_t caplen)
{
	struct packet_detail d;
	struct ct_packet pkt;

	assert_int_equal(ct_packet_parse(&pkt, c->b, caplen, c->n, c->l3num, 0),
			 CT_PACKET_OK);
	detail_read(&d, &pkt);
	return d;
}

static void sctp(struct craft *c, uint32_t chunks)
{
	craft_ip(c, CT_L3_IPV4, A4, B4, CT_L4_SCTP);
	craft_fill(c, 12);
	for (uint32_t i = 0; i < chunks; i++) {
		craft_u8(c, (uint8_t)(3 - i % 3));
		craft_u8(c, 0);
		craft_be16(c, 5);	/* padded to 8 */
		craft_be32(c, 0);
	}
	craft_end(c);
}

static void detail_of_sctp(void **state)
{
	struct packet_detail d;
	struct craft c;

	(void)state;
	sctp(&c, 2);
	d = read_cut(&c, c.n);
	assert_int_equal(d.kind, DETAIL_SCTP);
	assert_int_equal(d.chunks, 2);
	assert_int_equal(d.type[0], 3);
	assert_int_equal(d.type[1], 2);
	assert_false(d.more);
	/* The second was not captured. */
	d = read_cut(&c, c.n - 6);
	assert_int_equal(d.chunks, 1);
	assert_true(d.more);
	sctp(&c, DETAIL_CHUNKS + 1);
	d = read_cut(&c, c.n);
	assert_int_equal(d.chunks, DETAIL_CHUNKS);
	assert_true(d.more);
}

/* RFC 2890: a key behind the checksum; RFC 2637: a call id. */
static void detail_of_gre(void **state)
{
	struct packet_detail d;
	struct craft c;

	(void)state;
	craft_ip(&c, CT_L3_IPV4, A4, B4, CT_L4_GRE);
	craft_be16(&c, 0xa000);
	craft_be16(&c, 0x0800);
	craft_be32(&c, 0x12340000);
	craft_be32(&c, 77);
	craft_end(&c);
	d = read_cut(&c, c.n);
	assert_true(d.kind == DETAIL_GRE && d.key && !d.call);
	assert_int_equal(d.number, 77);
	assert_int_equal(d.inner, 0x0800);
	d = read_cut(&c, c.n - 1);
	assert_false(d.key);
	craft_ip(&c, CT_L3_IPV4, A4, B4, CT_L4_GRE);
	craft_be16(&c, 0x3001);
	craft_be16(&c, 0x880b);
	craft_be16(&c, 10);
	craft_be16(&c, 7000);
	craft_end(&c);
	d = read_cut(&c, c.n);
	assert_true(d.call && !d.key);
	assert_int_equal(d.number, 7000);
	assert_int_equal(d.inner, 0x880b);
	d = read_cut(&c, 20 + 3);
	assert_int_equal(d.kind, DETAIL_NONE);
}

static void detail_of_icmp_error(void **state)
{
	struct packet_detail d;
	struct craft udp, c;

	(void)state;
	craft_udp(&udp, CT_L3_IPV4, A4, B4, 1024, 53, 8);
	craft_icmp_error(&c, "192.0.2.1", A4, 3, 3, &udp, 28);
	d = read_cut(&c, c.n);
	assert_int_equal(d.kind, DETAIL_QUOTE);
	assert_int_equal(d.protonum, CT_L4_UDP);
	assert_true(d.ports);
	assert_int_equal(d.sport, 1024);
	assert_int_equal(d.dport, 53);
	assert_int_equal(d.src.b[3], 10);
	assert_int_equal(d.dst.b[3], 20);
	/* Of the quoted packet only the IP header was captured, or less. */
	d = read_cut(&c, 20 + 8 + 22);
	assert_true(d.kind == DETAIL_QUOTE && !d.ports);
	d = read_cut(&c, 20 + 8 + 19);
	assert_int_equal(d.kind, DETAIL_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(detail_of_sctp),
		cmocka_unit_test(detail_of_gre),
		cmocka_unit_test(detail_of_icmp_error),
	};

	return cmocka_run_group_tests_name("detail", tests, NULL, NULL);
}
