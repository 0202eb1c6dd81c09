/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses, times and reasons as text. */
#include "support/rig.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/format.h"

/* The buffer is never written out. */
static struct out out;

static const char *text(void)
{
	out.buf[out.len] = '\0';
	out.len = 0;
	return out.buf;
}

/* RFC 5952: the examples of its sections 1 to 5, as they must be written. */
static const struct { const char *from, *to, *full; } addresses[] = {
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
	  "2001:0db8:0000:0000:0001:0000:0000:0001" },
	{ "2001:0db8::0001", "2001:db8::1",
	  "2001:0db8:0000:0000:0000:0000:0000:0001" },
	/* 4.2.1: shorten as much as possible */
	{ "2001:db8:0:0:0:0:2:1", "2001:db8::2:1",
	  "2001:0db8:0000:0000:0000:0000:0002:0001" },
	/* 4.2.2: but not a single 16-bit field */
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
	  "2001:0db8:0000:0001:0001:0001:0001:0001" },
	/* 4.2.3: the longest run, the first of equal ones */
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1",
	  "2001:0000:0000:0001:0000:0000:0000:0001" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
	  "2001:0db8:0000:0000:0001:0000:0000:0001" },
	/* 4.3: lower case */
	{ "2001:DB8::ABCD:EF12", "2001:db8::abcd:ef12",
	  "2001:0db8:0000:0000:0000:0000:abcd:ef12" },
	/* 5: mapped addresses with dots */
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1",
	  "0000:0000:0000:0000:0000:ffff:c000:0201" },
	/* Ends and middles. */
	{ "::", "::", "0000:0000:0000:0000:0000:0000:0000:0000" },
	{ "::1", "::1", "0000:0000:0000:0000:0000:0000:0000:0001" },
	{ "1::", "1::", "0001:0000:0000:0000:0000:0000:0000:0000" },
	{ "fe80::", "fe80::", "fe80:0000:0000:0000:0000:0000:0000:0000" },
	{ "0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7",
	  "0000:0001:0002:0003:0004:0005:0006:0007" },
	{ "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0",
	  "0001:0002:0003:0004:0005:0006:0007:0000" },
	{ "0:0:1:2:3:4:0:0", "::1:2:3:4:0:0",
	  "0000:0000:0001:0002:0003:0004:0000:0000" },
	{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::",
	  "0001:0002:0003:0004:0005:0006:0000:0000" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	/* Section 5 names compatible addresses too; conntrack(8) writes them so. */
	{ "::192.0.2.1", "::192.0.2.1",
	  "0000:0000:0000:0000:0000:0000:c000:0201" },
	{ "::2:1", "::0.2.0.1", "0000:0000:0000:0000:0000:0000:0002:0001" },
	{ "::1:0", "::0.1.0.0", "0000:0000:0000:0000:0000:0000:0001:0000" },
	/* Translated ones are no mapped ones. */
	{ "::ffff:0:192.0.2.1", "::ffff:0:c000:201",
	  "0000:0000:0000:0000:ffff:0000:c000:0201" },
};

static void rfc_5952(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(addresses); i++) {
		union ct_addr a = craft_address(addresses[i].from);
		char string[ADDRESS_STRING_SIZE];

		out_address(&out, &a, CT_L3_IPV6);
		assert_string_equal(text(), addresses[i].to);
		out_end(&out, put_address_full(out_begin(&out), &a, CT_L3_IPV6));
		assert_string_equal(text(), addresses[i].full);
		address_string(string, &a, CT_L3_IPV6);
		assert_string_equal(string, addresses[i].to);
	}
}

/* conntrack(8) prints what inet_ntop(3) makes; --table-style conntrack is to be
 * the same. */
static void as_inet_ntop(void **state)
{
	static const uint16_t groups[] = { 0, 0, 0, 1, 0xffff, 0x0a0b, 0xc000 };
	uint32_t seed = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char expected[INET6_ADDRSTRLEN], string[ADDRESS_STRING_SIZE];
		union ct_addr a;

		for (int g = 0; g < 8; g++) {
			uint16_t v;

			seed = seed * 1664525u + 1013904223u;
			v = groups[(seed >> 16) % ITEMS(groups)];
			a.b[2 * g] = (uint8_t)(v >> 8);
			a.b[2 * g + 1] = (uint8_t)v;
		}
		inet_ntop(AF_INET6, a.b, expected, sizeof(expected));
		out_address(&out, &a, CT_L3_IPV6);
		assert_string_equal(text(), expected);
		address_string(string, &a, CT_L3_IPV6);
		assert_string_equal(string, expected);
	}
}

static void ipv4(void **state)
{
	static const char *const v4[] = {
		"0.0.0.0", "255.255.255.255", "192.0.2.1", "10.100.9.99",
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(v4); i++) {
		union ct_addr a = craft_address(v4[i]);
		char string[ADDRESS_STRING_SIZE];

		out_address(&out, &a, CT_L3_IPV4);
		assert_string_equal(text(), v4[i]);
		out_end(&out, put_address_full(out_begin(&out), &a, CT_L3_IPV4));
		assert_string_equal(text(), v4[i]);
		address_string(string, &a, CT_L3_IPV4);
		assert_string_equal(string, v4[i]);
	}
}

/* Seconds from date(1). */
static const struct { uint64_t seconds, nanoseconds; const char *iso; } times[] = {
	{ 0, 0, "1970-01-01T00:00:00.000000000Z" },
	{ 0, 1, "1970-01-01T00:00:00.000000001Z" },
	{ 59, 999999999, "1970-01-01T00:00:59.999999999Z" },
	{ 86399, 0, "1970-01-01T23:59:59.000000000Z" },
	{ 86400, 0, "1970-01-02T00:00:00.000000000Z" },
	{ 5097600, 0, "1970-03-01T00:00:00.000000000Z" },
	{ 68169600, 0, "1972-02-29T00:00:00.000000000Z" },
	{ 68256000, 0, "1972-03-01T00:00:00.000000000Z" },
	{ 94694399, 0, "1972-12-31T23:59:59.000000000Z" },
	{ 94694400, 0, "1973-01-01T00:00:00.000000000Z" },
	{ 951782400, 0, "2000-02-29T00:00:00.000000000Z" },
	{ 951868800, 0, "2000-03-01T00:00:00.000000000Z" },
	{ 1000000000, 119804000, "2001-09-09T01:46:40.119804000Z" },
	{ 1709164800, 0, "2024-02-29T00:00:00.000000000Z" },
	{ 2147483647, 0, "2038-01-19T03:14:07.000000000Z" },
	{ 2147483648, 0, "2038-01-19T03:14:08.000000000Z" },
	{ 4107542399, 0, "2100-02-28T23:59:59.000000000Z" },
	{ 4107542400, 0, "2100-03-01T00:00:00.000000000Z" },
	{ 4294967296, 0, "2106-02-07T06:28:16.000000000Z" },
	{ 13574563200, 0, "2400-02-29T00:00:00.000000000Z" },
	{ 18446744073, 709551615, "2554-07-21T23:34:33.709551615Z" },
};

static void iso_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(times); i++) {
		out_time_iso(&out, times[i].seconds * CT_NSEC_PER_SEC +
				     times[i].nanoseconds);
		assert_string_equal(text(), times[i].iso);
	}
}

static void seconds(void **state)
{
	static const struct {
		uint64_t nanoseconds;
		unsigned int decimals;
		const char *text;
	} cases[] = {
		{ 0, 6, "0.000000" }, { 119804999, 6, "0.119804" },
		{ 1999999999, 6, "1.999999" }, { 1999999999, 0, "1" },
		{ 1999999999, 9, "1.999999999" }, { 1000000001, 9, "1.000000001" },
		{ 1050000000, 1, "1.0" }, { 1050000000, 2, "1.05" },
		{ UINT64_MAX, 9, "18446744073.709551615" },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		out_seconds(&out, cases[i].nanoseconds, cases[i].decimals);
		assert_string_equal(text(), cases[i].text);
	}
}

static struct ct_verdict verdict(enum ct_reason reason, uint32_t a, uint32_t b,
				 uint32_t c, uint32_t d)
{
	struct ct_verdict v = { .nwhy = 1 };

	v.why[0].reason = (uint16_t)reason;
	v.why[0].l3num = CT_L3_IPV4;
	v.why[0].n[0] = a;
	v.why[0].n[1] = b;
	v.why[0].n[2] = c;
	v.why[0].n[3] = d;
	return v;
}

/* Against snprintf(3), which knows nothing of registers and kept words. */
static void every_port(void **state)
{
	char expected[8], got[32];

	(void)state;
	for (uint32_t n = 0; n <= UINT16_MAX; n++) {
		snprintf(expected, sizeof(expected), "%u", n);
		*put_u16(got, (uint16_t)n) = '\0';
		assert_string_equal(got, expected);
	}
}

static void near_numbers(void **state)
{
	static const uint64_t from[] = {
		0, 9990, 99990, 12349990, 99999990, 9999999990, UINT32_MAX - 10,
		UINT64_MAX - 40, 5, 20000, 19990,
	};
	struct number_cache last = { 0 };
	char expected[24], got[64];

	(void)state;
	for (size_t i = 0; i < ITEMS(from); i++)
		for (uint64_t n = from[i]; n < from[i] + 30; n++) {
			snprintf(expected, sizeof(expected), "%" PRIu64, n);
			*put_cached_number(got, n, &last) = '\0';
			assert_string_equal(got, expected);
		}
}

/* On and back, within a second and over seconds. */
static void micros(void **state)
{
	static const uint64_t moments[] = {
		0, 999, 1000, 999999999, 1000000000, 1999999999, 1500000000,
		1000000000000000000, 1000000000119804999, 3, UINT64_MAX,
		UINT64_MAX - 999999999, 1, UINT64_MAX, 2, 59999999999, 60000000000,
	};
	struct second_cache last = { 0 };
	char expected[40], got[64];

	(void)state;
	for (size_t i = 0; i < ITEMS(moments); i++) {
		snprintf(expected, sizeof(expected), "%" PRIu64 ".%06" PRIu64,
			 moments[i] / 1000000000, moments[i] % 1000000000 / 1000);
		*put_micros(got, moments[i], &last) = '\0';
		assert_string_equal(got, expected);
	}
}

static void expect_why(const struct ct_verdict *v, const char *expected)
{
	out_reasons(&out, v);
	assert_string_equal(text(), expected);
}

static void reasons(void **state)
{
	struct ct_verdict v = { .nwhy = 0 };

	(void)state;
	expect_why(&v, "");
	v = verdict(CT_REASON_TCP_SEQ_OVER, 8694, 0, 0, 0);
	expect_why(&v, "SEQ is over upper bound 8694 "
		       "(over the window of the receiver)");
	v = verdict(CT_REASON_TCP_ACK_OVER, 4294967295, 0, 0, 0);
	expect_why(&v, "ACK is over upper bound 4294967295 "
		       "(ACKed data not seen yet)");
	v = verdict(CT_REASON_TCP_INVALID_STATE, 3, 0, CT_TCP_SYN_SENT, 0);
	expect_why(&v, "packet (index 3) in dir 0 invalid, state SYN_SENT");
	v = verdict(CT_REASON_TCP_IGNORED, 1, 1, CT_TCP_SYN_SENT2, 0);
	expect_why(&v, "packet (index 1) in dir 1 ignored, state SYN_SENT2");
	v = verdict(CT_REASON_TCP_LOWER_TIMEOUT, 4, 0, 4, 75000);
	expect_why(&v, "packet (index 4, dir 0) response for index 4 lower "
		       "timeout to 75000");
	v = verdict(CT_REASON_SCTP_VTAG, 0x11223344, 0xabcd, 1, 0);
	expect_why(&v, "verification tag check failed 11223344 vs abcd for dir 1");
	v = verdict(CT_REASON_SCTP_CHUNKS, 1, 0, 1024, 1);
	expect_why(&v, "do_basic_checks failed. chunk num 1, type 0, len 1024 "
		       "flag 1");
	v = verdict(CT_REASON_NOTRACK, 0, 0, 0, 0);
	expect_why(&v, "matched a --notrack filter");
}

static void two_reasons(void **state)
{
	struct ct_verdict v = verdict(CT_REASON_TCP_SEQ_OVER, 5, 0, 0, 0);

	(void)state;
	v.nwhy = 2;
	v.why[1].reason = CT_REASON_TCP_INVALID_RST;
	expect_why(&v, "SEQ is over upper bound 5 (over the window of the "
		       "receiver); invalid rst");
}

static void addresses_in_reasons(void **state)
{
	struct ct_verdict v = { .nwhy = 1 };

	(void)state;
	v.why[0].reason = CT_REASON_ICMP_OUTER;
	v.why[0].l3num = CT_L3_IPV4;
	v.why[0].addr[0] = craft_address("192.0.2.99");
	v.why[0].addr[1] = craft_address("192.0.2.10");
	expect_why(&v, "outer daddr 192.0.2.99 != inner 192.0.2.10");
	v.why[0].reason = CT_REASON_ICMPV6_OUTER;
	v.why[0].l3num = CT_L3_IPV6;
	v.why[0].addr[0] = craft_address("2001:db8::1");
	v.why[0].addr[1] = craft_address("::ffff:192.0.2.1");
	/* %pI6 of the kernel: all digits. */
	expect_why(&v, "outer daddr 2001:0db8:0000:0000:0000:0000:0000:0001 != "
		       "inner 0000:0000:0000:0000:0000:ffff:c000:0201");
}

/* Every reason can be printed, has a code of its own, and needs no escape in
 * JSON. */
static void all_reasons(void **state)
{
	(void)state;
	for (int i = 0; i < CT_REASON_COUNT; i++) {
		const char *code = ct_reason_code((enum ct_reason)i);
		struct ct_verdict v = verdict((enum ct_reason)i, 1, 1, 1, 1);

		out_reasons(&out, &v);
		assert_null(strpbrk(text(), "\"\\\n%"));
		assert_true(strlen(code) > 0);
		assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				 strlen(code));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(code,
						ct_reason_code((enum ct_reason)j));
	}
	assert_true(ct_reason_is_kernel(CT_REASON_TCP_SEQ_OVER));
	assert_false(ct_reason_is_kernel(CT_REASON_TCP_SHORT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_5952),
		cmocka_unit_test(as_inet_ntop),
		cmocka_unit_test(ipv4),
		cmocka_unit_test(iso_times),
		cmocka_unit_test(seconds),
		cmocka_unit_test(every_port),
		cmocka_unit_test(near_numbers),
		cmocka_unit_test(micros),
		cmocka_unit_test(reasons),
		cmocka_unit_test(two_reasons),
		cmocka_unit_test(addresses_in_reasons),
		cmocka_unit_test(all_reasons),
	};

	out_init(&out, -1);
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
