/* SPDX-License-Identifier: GPL-2.0-only */
/* UDP and UDP-Lite: replies, streams, lengths, checksums. */
#include "support/rig.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"
#define A6 "2001:db8:1::10"
#define B6 "2001:db8:2::20"

enum { UDP_LENGTH = 4, UDP_CHECK = 6 };

static void ask(struct rig *r, uint8_t l3num)
{
	struct craft c;

	craft_udp(&c, l3num, l3num == CT_L3_IPV4 ? A4 : A6,
		  l3num == CT_L3_IPV4 ? B4 : B6, 40000, 53, 30);
	rig_send(r, &c);
}

static void answer(struct rig *r, uint8_t l3num)
{
	struct craft c;

	craft_udp(&c, l3num, l3num == CT_L3_IPV4 ? B4 : B6,
		  l3num == CT_L3_IPV4 ? A4 : A6, 53, 40000, 60);
	rig_send(r, &c);
}

static void expect_entry(struct rig *r, uint32_t left, uint32_t status)
{
	assert_int_equal(rig_left(r), left);
	assert_int_equal(r->record[0].status, status | CT_STATUS_CONFIRMED);
}

static void udp_question_and_answer(void **state)
{
	static const uint8_t families[] = { CT_L3_IPV4, CT_L3_IPV6 };

	(void)state;
	for (size_t i = 0; i < ITEMS(families); i++) {
		struct rig r;

		rig_init(&r, NULL);
		ask(&r, families[i]);
		rig_expect(&r, "question", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		assert_int_equal(r.v.proto, 0);
		expect_entry(&r, 30, 0);
		rig_wait(&r, 100);
		answer(&r, families[i]);
		rig_expect(&r, "answer", CT_ESTABLISHED, CT_DIR_REPLY,
			   CT_REASON_NONE);
		expect_entry(&r, 30, CT_STATUS_SEEN_REPLY);
		ask(&r, families[i]);
		rig_expect(&r, "once more", CT_ESTABLISHED, CT_DIR_ORIGINAL,
			   CT_REASON_NONE);
		expect_entry(&r, 30, CT_STATUS_SEEN_REPLY);
		rig_free(&r);
	}
}

/* Packets in both directions, more than two seconds after the first one. */
static void udp_stream(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	ask(&r, CT_L3_IPV4);
	rig_wait(&r, 1000);
	answer(&r, CT_L3_IPV4);
	rig_wait(&r, 1000);
	/* Exactly two seconds are not more than two seconds. */
	ask(&r, CT_L3_IPV4);
	expect_entry(&r, 30, CT_STATUS_SEEN_REPLY);
	rig_wait(&r, 1);
	ask(&r, CT_L3_IPV4);
	expect_entry(&r, 120, CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_wait(&r, 119999);
	answer(&r, CT_L3_IPV4);
	expect_entry(&r, 120, CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_wait(&r, 120000);
	assert_int_equal(ct_count(r.ct), 0);
	rig_free(&r);
}

/*
 * SEEN_REPLY is set after the tracker, so a late first reply makes no stream.
 */
static void udp_late_first_answer(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	ask(&r, CT_L3_IPV4);
	rig_wait(&r, 5000);
	answer(&r, CT_L3_IPV4);
	expect_entry(&r, 30, CT_STATUS_SEEN_REPLY);
	answer(&r, CT_L3_IPV4);
	expect_entry(&r, 120, CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_free(&r);
}

static void udp_one_way_is_no_stream(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (int i = 0; i < 10; i++) {
		ask(&r, CT_L3_IPV4);
		rig_expect(&r, "no answer", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		expect_entry(&r, 30, 0);
		rig_wait(&r, 1000);
	}
	rig_free(&r);
}

static void udp_timeouts_from_sysctl(void **state)
{
	struct ct_config cfg;
	struct rig r;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.udp_timeout = 7;
	cfg.sysctl.udp_timeout_stream = 11;
	rig_init(&r, &cfg);
	ask(&r, CT_L3_IPV4);
	answer(&r, CT_L3_IPV4);
	expect_entry(&r, 7, CT_STATUS_SEEN_REPLY);
	rig_wait(&r, 3000);
	ask(&r, CT_L3_IPV4);
	expect_entry(&r, 11, CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_free(&r);
}

static void udp_counters(void **state)
{
	struct ct_config cfg;
	struct rig r;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.acct = 1;
	rig_init(&r, &cfg);
	ask(&r, CT_L3_IPV4);
	ask(&r, CT_L3_IPV4);
	answer(&r, CT_L3_IPV4);
	rig_table(&r);
	assert_int_equal(r.record[0].counter[0].packets, 2);
	assert_int_equal(r.record[0].counter[0].bytes, 2 * (20 + 8 + 30));
	assert_int_equal(r.record[0].counter[1].packets, 1);
	assert_int_equal(r.record[0].counter[1].bytes, 20 + 8 + 60);
	rig_free(&r);
}

struct damaged {
	const char *name;
	uint32_t cut;		/* bytes of the UDP datagram that remain; 0: all */
	int length;		/* the UDP length; -1: unchanged */
	enum { RIGHT, WRONG, ZERO } sum;
	enum ct_checksum_mode mode;
	uint32_t sysctl_checksum;
	enum ct_reason reason;
};

/* Datagrams of 8 + 30 bytes. */
static const struct damaged damages[] = {
	{ "whole", 0, -1, RIGHT, CT_CHECKSUM_ALL, 1, CT_REASON_NONE },
	{ "3 bytes: no ports", 3, -1, RIGHT, CT_CHECKSUM_ALL, 1, CT_REASON_NO_TUPLE },
	{ "ports only", 4, -1, RIGHT, CT_CHECKSUM_ALL, 1, CT_REASON_UDP_SHORT },
	{ "7 bytes", 7, -1, RIGHT, CT_CHECKSUM_ALL, 1, CT_REASON_UDP_SHORT },
	{ "8 bytes that say 38", 8, -1, RIGHT, CT_CHECKSUM_ALL, 1,
	  CT_REASON_UDP_TRUNCATED },
	{ "length 7", 0, 7, RIGHT, CT_CHECKSUM_ALL, 1, CT_REASON_UDP_TRUNCATED },
	{ "length 0", 0, 0, RIGHT, CT_CHECKSUM_ALL, 1, CT_REASON_UDP_TRUNCATED },
	{ "length one too long", 0, 39, RIGHT, CT_CHECKSUM_ALL, 1,
	  CT_REASON_UDP_TRUNCATED },
	/*
	 * The kernel uses the IP length for the checksum, which is valid then.
	 */
	{ "shorter than the packet, sum over all", 0, 20, RIGHT, CT_CHECKSUM_ALL, 1,
	  CT_REASON_NONE },
	{ "wrong checksum", 0, -1, WRONG, CT_CHECKSUM_ALL, 1,
	  CT_REASON_UDP_CHECKSUM },
	{ "wrong checksum, auto", 0, -1, WRONG, CT_CHECKSUM_AUTO, 1,
	  CT_REASON_UDP_CHECKSUM },
	{ "wrong checksum, -k none", 0, -1, WRONG, CT_CHECKSUM_NONE, 1,
	  CT_REASON_NONE },
	{ "wrong checksum, sysctl off", 0, -1, WRONG, CT_CHECKSUM_ALL, 0,
	  CT_REASON_NONE },
	{ "no checksum", 0, -1, ZERO, CT_CHECKSUM_ALL, 1, CT_REASON_NONE },
};

static void damage(struct craft *c, const struct damaged *d)
{
	if (d->length >= 0)
		craft_set_be16(c, c->l4off + UDP_LENGTH, (uint16_t)d->length);
	if (d->cut)
		c->n = c->l4off + d->cut;
	craft_end(c);
	if (c->n >= c->l4off + 8)
		craft_sum(c, UDP_CHECK);
	if (d->sum == WRONG)
		c->b[c->l4off + UDP_CHECK] ^= 0x11;
	else if (d->sum == ZERO)
		craft_set_be16(c, c->l4off + UDP_CHECK, 0);
}

static void udp_damaged(void **state)
{
	const struct damaged *d = *state;
	struct ct_config cfg;
	struct craft c;
	struct rig r;

	ct_config_defaults(&cfg);
	cfg.checksum = d->mode;
	cfg.sysctl.checksum = d->sysctl_checksum;
	for (int v6 = 0; v6 < 2; v6++) {
		bool good = d->reason == CT_REASON_NONE;

		rig_init(&r, &cfg);
		craft_udp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4,
			  v6 ? B6 : B4, 1, 2, 30);
		damage(&c, d);
		rig_send(&r, &c);
		rig_expect(&r, d->name, good ? CT_NEW : CT_INVALID,
			   good ? CT_DIR_ORIGINAL : CT_DIR_NONE, d->reason);
		rig_free(&r);
	}
}

/* Bytes follow the datagram in the IP packet: the checksum of the datagram is
 * valid, but the kernel includes these bytes. */
static void udp_bytes_after_datagram(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_udp(&c, CT_L3_IPV4, A4, B4, 1, 2, 30);
	craft_bytes(&c, "spare", 5);
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "spare bytes", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_UDP_CHECKSUM);
	rig_free(&r);
}

/* Padding of the link layer is not part of the IP packet. */
static void udp_link_layer_padding(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_udp(&c, CT_L3_IPV4, A4, B4, 1, 2, 3);
	craft_bytes(&c, "padding", 7);
	rig_send(&r, &c);
	rig_expect(&r, "padding", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

/* Only the pseudo-header is summed: the sender's network card does the rest. */
static void udp_transmit_offload(void **state)
{
	static const enum ct_checksum_mode modes[] = {
		CT_CHECKSUM_AUTO, CT_CHECKSUM_ALL,
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(modes); i++) {
		struct ct_config cfg;
		struct craft c;
		struct rig r;

		ct_config_defaults(&cfg);
		cfg.checksum = modes[i];
		rig_init(&r, &cfg);
		craft_udp(&c, CT_L3_IPV4, A4, B4, 1, 2, 30);
		/* Without a payload the full checksum is the complement. */
		craft_sum_as(&c, UDP_CHECK, 0, CT_L4_UDP, 38);
		c.b[c.l4off + UDP_CHECK] ^= 0xff;
		c.b[c.l4off + UDP_CHECK + 1] ^= 0xff;
		rig_send(&r, &c);
		if (modes[i] == CT_CHECKSUM_AUTO)
			rig_expect(&r, "auto", CT_NEW, CT_DIR_ORIGINAL,
				   CT_REASON_NONE);
		else
			rig_expect(&r, "all", CT_INVALID, CT_DIR_NONE,
				   CT_REASON_UDP_CHECKSUM);
		rig_free(&r);
	}
}

static void lite(struct craft *c, const char *src, const char *dst, uint16_t sport,
		 uint16_t dport, uint16_t coverage, uint32_t len)
{
	craft_ip(c, CT_L3_IPV4, src, dst, CT_L4_UDPLITE);
	craft_be16(c, sport);
	craft_be16(c, dport);
	craft_be16(c, coverage);
	craft_be16(c, 0);
	craft_fill(c, len);
	craft_end(c);
	/* What Linux demands: UDP's number in the pseudo-header. */
	craft_sum_as(c, UDP_CHECK, coverage ? coverage : len + 8, CT_L4_UDP,
		     len + 8);
}

static void udplite_both_ways(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	lite(&c, A4, B4, 1, 2, 8, 30);
	rig_send(&r, &c);
	rig_expect(&r, "first", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	expect_entry(&r, 30, 0);
	lite(&c, B4, A4, 2, 1, 0, 30);
	rig_send(&r, &c);
	rig_expect(&r, "answer", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	expect_entry(&r, 30, CT_STATUS_SEEN_REPLY);
	/* UDP-Lite does not wait two seconds. */
	lite(&c, B4, A4, 2, 1, 20, 30);
	rig_send(&r, &c);
	expect_entry(&r, 120, CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_free(&r);
}

struct lite_case {
	const char *name;
	uint16_t coverage;
	uint32_t cut;		/* bytes that remain; 0: all */
	bool no_sum, rfc_sum;
	enum ct_reason reason;
};

static const struct lite_case lite_cases[] = {
	{ "coverage of the header", 8, 0, false, false, CT_REASON_NONE },
	{ "coverage of all", 38, 0, false, false, CT_REASON_NONE },
	{ "coverage 1", 1, 0, false, false, CT_REASON_UDPLITE_COVERAGE },
	{ "coverage 7", 7, 0, false, false, CT_REASON_UDPLITE_COVERAGE },
	{ "coverage of more", 39, 0, false, false, CT_REASON_UDPLITE_COVERAGE },
	{ "7 bytes", 8, 7, false, false, CT_REASON_UDPLITE_SHORT },
	{ "no checksum", 8, 0, true, false, CT_REASON_UDPLITE_MISSING },
	{ "as RFC 3828 has it", 8, 0, false, true, CT_REASON_UDPLITE_CHECKSUM },
};

static void udplite(void **state)
{
	const struct lite_case *l = *state;
	bool good = l->reason == CT_REASON_NONE;
	struct craft c;
	struct rig r;

	rig_init(&r, NULL);
	lite(&c, A4, B4, 1, 2, l->coverage, 30);
	if (l->cut) {
		c.n = c.l4off + l->cut;
		craft_end(&c);
	}
	if (l->no_sum)
		craft_set_be16(&c, c.l4off + UDP_CHECK, 0);
	if (l->rfc_sum)
		craft_sum_as(&c, UDP_CHECK, l->coverage, CT_L4_UDPLITE, 38);
	rig_send(&r, &c);
	rig_expect(&r, l->name, good ? CT_NEW : CT_INVALID,
		   good ? CT_DIR_ORIGINAL : CT_DIR_NONE, l->reason);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_question_and_answer),
		cmocka_unit_test(udp_stream),
		cmocka_unit_test(udp_late_first_answer),
		cmocka_unit_test(udp_one_way_is_no_stream),
		cmocka_unit_test(udp_timeouts_from_sysctl),
		cmocka_unit_test(udp_counters),
		cmocka_unit_test(udp_bytes_after_datagram),
		cmocka_unit_test(udp_link_layer_padding),
		cmocka_unit_test(udp_transmit_offload),
		cmocka_unit_test(udplite_both_ways),
	};
	int failed = cmocka_run_group_tests_name("udp", tests, NULL, NULL);

	failed += rig_run_cases("udp damaged", damages, sizeof(damages[0]),
				ITEMS(damages), udp_damaged);
	failed += rig_run_cases("udp-lite", lite_cases, sizeof(lite_cases[0]),
				ITEMS(lite_cases), udplite);
	return failed != 0;
}
