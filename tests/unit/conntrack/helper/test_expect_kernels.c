/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Expectations and PPTP's call ids in other kernels than the default one, and
 * the end of H.323's messages.  The outcomes are those of Linux 5.10.223,
 * 6.12.118 and 7.3.4 for testdata/pptp-several.pcap and
 * testdata/kernels/h323-choice-length.pcap.
 */
#include "support/session.h"

#include <string.h>

#define A4 "192.0.2.10"		/* PNS */
#define B4 "198.51.100.20"	/* PAC */

/* RFC 2637, section 2: the types of messages and their lengths. */
enum { START = 1, STARTED = 2, CALL = 7, CALLED = 8 };

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* One message, whose first words are 'a' and 'b'; answers say that all is well. */
static void tell(struct session *s, uint8_t type, uint16_t a, uint16_t b)
{
	static const uint8_t size[] = {
		[START] = 156, [STARTED] = 156, [CALL] = 168, [CALLED] = 32,
	};
	bool answers = type == STARTED || type == CALLED;
	uint8_t m[200] = { 0 };

	put16(m, size[type]);
	put16(m + 2, 1);
	memcpy(m + 4, "\x1a\x2b\x3c\x4d", 4);
	put16(m + 8, type);
	put16(m + 12, a);
	put16(m + 14, b);
	if (answers)
		m[type == STARTED ? 14 : 16] = 1;
	session_send(s, answers ? CT_DIR_REPLY : CT_DIR_ORIGINAL, m, size[type]);
}

/* Another control connection, without a call. */
static void start(struct session *s, struct rig *r, uint16_t port)
{
	session_open_from(s, r, CT_L3_IPV4, CT_L4_TCP, port, 1723);
	tell(s, START, 0, 0);
	tell(s, STARTED, 0, 0);
}

static void call(struct session *s, uint16_t pns, uint16_t pac)
{
	tell(s, CALL, pns, 0);
	tell(s, CALLED, pac, pns);
}

static void rig_of(struct rig *r, const char *has, uint32_t expect_max)
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	rig_kernel(&cfg, NULL, has);
	ct_config_all_helpers(&cfg);
	if (expect_max)
		cfg.sysctl.expect_max = expect_max;
	rig_init(r, &cfg);
}

/* The call id that GRE's entry has as its key: the peer's, or 0 without one. */
static uint16_t key_of_gre(struct rig *r)
{
	struct craft c;

	craft_ip(&c, CT_L3_IPV4, A4, B4, CT_L4_GRE);
	craft_be16(&c, 0x3001);
	craft_be16(&c, 0x880b);
	craft_be16(&c, 4);
	craft_be16(&c, 2);
	craft_fill(&c, 8);
	craft_end(&c);
	rig_send(r, &c);
	return r->record[rig_table(r) - 1].tuple[0].srckey;
}

/*
 * A second call with the PAC's id of the first is refused, and both lose their
 * expectations.  The keys of the first: gone, or where they were.
 */
static void pptp_keys_of_a_clash(void **state)
{
	(void)state;
	for (int pair = 0; pair < 2; pair++) {
		struct session s;
		struct rig r;

		rig_of(&r, pair ? "pptp-keys-pair" : NULL, 0);
		start(&s, &r, 1041);
		call(&s, 1, 2);
		assert_int_equal(session_expects(&s), 2);
		call(&s, 3, 2);
		assert_int_equal(session_expects(&s), 0);
		assert_int_equal(key_of_gre(&r), pair ? 1 : 0);
		/* The same again: only without the first's keys there is room. */
		tell(&s, CALLED, 2, 3);
		assert_int_equal(session_expects(&s), pair ? 0 : 2);
		rig_free(&r);
	}
}

/* The same call again is no second one, in any kernel. */
static void pptp_keys_of_a_repetition(void **state)
{
	(void)state;
	for (int pair = 0; pair < 2; pair++) {
		struct session s;
		struct rig r;

		rig_of(&r, pair ? "pptp-keys-pair" : NULL, 0);
		start(&s, &r, 1041);
		call(&s, 1, 2);
		tell(&s, CALLED, 2, 1);
		assert_int_equal(session_expects(&s), 2);
		rig_free(&r);
	}
}

/*
 * A session withdraws two expectations.  Where they are collected later, they
 * count until they expire, so that there is no room for those of another
 * session; none is ever shown.
 */
static void withdrawn_expectation_counts(void **state)
{
	(void)state;
	for (int lazy = 0; lazy < 2; lazy++) {
		struct session a, b;
		struct rig r;

		rig_of(&r, lazy ? "expect-lazy" : NULL, 2);
		start(&a, &r, 1041);
		call(&a, 1, 2);
		call(&a, 3, 4);
		assert_int_equal(session_expects(&a), 0);
		start(&b, &r, 1042);
		call(&b, 5, 6);
		assert_int_equal(session_expects(&b), lazy ? 0 : 2);
		rig_wait(&r, 301000);
		start(&b, &r, 1043);
		call(&b, 7, 8);
		assert_int_equal(session_expects(&b), 2);
		rig_free(&r);
	}
}

/* A withdrawn expectation is met by nobody. */
static void withdrawn_expectation_is_dead(void **state)
{
	(void)state;
	for (int lazy = 0; lazy < 2; lazy++) {
		struct session s;
		struct rig r;

		rig_of(&r, lazy ? "expect-lazy" : NULL, 0);
		start(&s, &r, 1041);
		call(&s, 1, 2);
		call(&s, 3, 4);
		key_of_gre(&r);
		rig_expect(&r, "GRE of the first call", CT_NEW, CT_DIR_ORIGINAL,
			   CT_REASON_NONE);
		rig_free(&r);
	}
}

/*
 * A Facility whose last element is its reason, startH245, which has no contents,
 * with 'behind' octets after that.
 */
static uint32_t facility(uint8_t *m, uint8_t behind)
{
	static const uint8_t bytes[] = {
		3, 0, 0, 40, 8, 2, 0x12, 0x34, 0x62, 0x7e, 0, 28, 5,
		0x06, 0x10, 0x06, 0, 0x08, 0x91, 0x4a, 0, 4,
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		0x81, 0,
	};

	memset(m, 0, sizeof(bytes) + behind);
	memcpy(m, bytes, sizeof(bytes));
	m[3] = (uint8_t)(m[3] + behind);
	m[11] = (uint8_t)(m[11] + behind);
	return sizeof(bytes) + behind;
}

/* A Setup that names 192.0.2.10:30000 for H.245. */
static const uint8_t setup[] = {
	0x03, 0x00, 0x00, 0x85, 0x08, 0x02, 0x12, 0x34, 0x05, 0x04, 0x03, 0x80,
	0x90, 0xa5, 0x28, 0x06, 0x61, 0x6c, 0x69, 0x63, 0x65, 0x00, 0x7e, 0x00,
	0x6c, 0x05, 0x20, 0xf0, 0x06, 0x00, 0x08, 0x91, 0x4a, 0x00, 0x04, 0x00,
	0xc0, 0x00, 0x02, 0x0a, 0x75, 0x30, 0x01, 0x40, 0x04, 0x00, 0x61, 0x00,
	0x6c, 0x00, 0x69, 0x00, 0x63, 0x00, 0x65, 0x22, 0xc0, 0xb5, 0x00, 0x53,
	0x4c, 0x07, 0x63, 0x74, 0x72, 0x65, 0x70, 0x6c, 0x61, 0x79, 0x00, 0x31,
	0x00, 0x02, 0x03, 0x00, 0x88, 0x84, 0x56, 0x74, 0x02, 0x00, 0x62, 0x00,
	0x6f, 0x00, 0x62, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x00, 0x41, 0x0c, 0x11,
	0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
	0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x01, 0x00, 0x01, 0x00, 0x02, 0x80, 0x01,
	0x00,
};

static size_t expects_behind_facility(const char *lacks, uint8_t behind)
{
	struct session s;
	uint8_t m[200];
	size_t expects;
	struct rig r;
	uint32_t n;

	session_rig_kernel(&r, lacks, NULL);
	session_open(&s, &r, CT_L3_IPV4, CT_L4_TCP, 1720);
	n = facility(m, behind);
	memcpy(m + n, setup, sizeof(setup));
	session_send(&s, CT_DIR_ORIGINAL, m, n + (uint32_t)sizeof(setup));
	expects = session_expects(&s);
	rig_free(&r);
	return expects;
}

/* What comes behind a message that cannot be read is not read either. */
static void h323_length_in_the_last_octet(void **state)
{
	(void)state;
	assert_int_equal(expects_behind_facility(NULL, 0), 0);
	assert_int_equal(expects_behind_facility(NULL, 1), 1);
	assert_int_equal(expects_behind_facility("h323-choice-length", 0), 1);
	assert_int_equal(expects_behind_facility("h323-choice-length", 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pptp_keys_of_a_clash),
		cmocka_unit_test(pptp_keys_of_a_repetition),
		cmocka_unit_test(withdrawn_expectation_counts),
		cmocka_unit_test(withdrawn_expectation_is_dead),
		cmocka_unit_test(h323_length_in_the_last_octet),
	};

	return cmocka_run_group_tests_name("expect_kernels", tests, NULL, NULL);
}
