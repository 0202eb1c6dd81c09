/* SPDX-License-Identifier: GPL-2.0-only */
/* Columns of the page of --report: what is written is what is read. */
#include "support/rig.h"

#include <string.h>

#include "report/base64.h"
#include "report/page_column.h"
#include "report/page_state.h"

static const int64_t values[] = {
	0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, -8193, INT32_MAX, INT32_MIN,
	INT64_MAX, INT64_MIN,
};

static void column_bytes(void **state)
{
	static const struct { uint64_t v; uint8_t n, bytes[10]; } cases[] = {
		{ 0, 1, { 0 } }, { 127, 1, { 127 } }, { 128, 2, { 0x80, 1 } },
		{ 300, 2, { 0xac, 2 } }, { 16384, 3, { 0x80, 0x80, 1 } },
		{ UINT64_MAX, 10, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				    1 } },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct column c = { .type = COLUMN_VARINT };

		column_varint(&c, cases[i].v);
		assert_int_equal(c.n, cases[i].n);
		assert_memory_equal(c.bytes, cases[i].bytes, c.n);
		column_free(&c);
	}
}

static void column_signed(void **state)
{
	struct column c = { .type = COLUMN_SVARINT };
	size_t at = 0;

	(void)state;
	for (unsigned int turn = 0; turn < 1000; turn++)
		for (size_t i = 0; i < ITEMS(values); i++)
			column_svarint(&c, values[i]);
	assert_int_equal(c.count, 1000 * ITEMS(values));
	for (unsigned int turn = 0; turn < 1000; turn++)
		for (size_t i = 0; i < ITEMS(values); i++)
			assert_true(column_read_signed(&c, &at) == values[i]);
	assert_int_equal(at, c.n);
	column_free(&c);
	/* Zigzag: small numbers of either sign are short. */
	c = (struct column){ .type = COLUMN_SVARINT };
	column_svarint(&c, -64);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.bytes[0], 127);
	column_free(&c);
}

static void column_differences(void **state)
{
	struct column c = { .type = COLUMN_SVARINT };
	uint64_t sum = 0;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < ITEMS(values); i++)
		column_delta(&c, (uint64_t)values[i]);
	for (size_t i = 0; i < ITEMS(values); i++) {
		sum += (uint64_t)column_read_signed(&c, &at);
		assert_true(sum == (uint64_t)values[i]);
	}
	column_free(&c);
}

static void column_fixed(void **state)
{
	struct column c = { .type = COLUMN_U32 };
	static const uint8_t bytes[] = { 0xff, 0x78, 0x56, 0x34, 0x12 };

	(void)state;
	column_u8(&c, 0xff);
	column_u32(&c, 0x12345678);
	assert_int_equal(c.n, sizeof(bytes));
	assert_memory_equal(c.bytes, bytes, sizeof(bytes));
	column_free(&c);
}

/* After a failure nothing is written, and it is remembered. */
static void column_without_memory(void **state)
{
	struct column c = { .type = COLUMN_U8, .failed = true };

	(void)state;
	column_u8(&c, 1);
	column_varint(&c, 1);
	column_u32(&c, 1);
	assert_true(c.failed);
	assert_int_equal(c.count, 0);
	assert_null(c.bytes);
}

/* RFC 4648, section 10. */
static void base64(void **state)
{
	static const struct { const char *plain, *text; } cases[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	};
	char text[16];

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		size_t n = strlen(cases[i].plain);
		char *end = put_base64(text, (const uint8_t *)cases[i].plain, n);

		assert_int_equal(end - text, BASE64_SIZE(n));
		*end = '\0';
		assert_string_equal(text, cases[i].text);
	}
}

static void assert_state(uint8_t protonum, uint8_t number, uint32_t status, bool generic,
			 const char *wanted)
{
	struct ct_record rec = { .state = number, .status = status, .generic = generic };
	char name[PAGE_STATE_NAME];

	rec.tuple[0].protonum = protonum;
	assert_in_range(page_state(&rec), 1, PAGE_STATES - 1);
	page_state_name(name, page_state(&rec));
	assert_string_equal(name, wanted);
}

static void states(void **state)
{
	char name[PAGE_STATE_NAME], other[PAGE_STATE_NAME];

	(void)state;
	assert_state(CT_L4_TCP, CT_TCP_ESTABLISHED, 0, false, "TCP ESTABLISHED");
	assert_state(CT_L4_TCP, CT_TCP_SYN_SENT2, CT_STATUS_ASSURED, false, "TCP SYN_SENT2");
	assert_state(CT_L4_SCTP, CT_SCTP_CLOSED, 0, false, "SCTP CLOSED");
	assert_state(CT_L4_DCCP, CT_DCCP_OPEN, 0, false, "DCCP OPEN");
	assert_state(CT_L4_DCCP, 0, 0, true, "OTHER UNREPLIED");
	assert_state(CT_L4_UDP, 0, 0, false, "UDP UNREPLIED");
	assert_state(CT_L4_UDP, 0, CT_STATUS_SEEN_REPLY, false, "UDP REPLIED");
	assert_state(CT_L4_UDP, 0, CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED, false,
		     "UDP ASSURED");
	assert_state(CT_L4_ICMPV6, 0, 0, false, "ICMPv6 UNREPLIED");
	assert_state(89, 0, CT_STATUS_SEEN_REPLY, true, "OTHER REPLIED");
	page_state_name(name, 0);
	assert_string_equal(name, "");
	/* No two have one name, and none is cut. */
	for (unsigned int i = 0; i < PAGE_STATES; i++)
		for (unsigned int j = 0; j < i; j++) {
			page_state_name(name, i);
			page_state_name(other, j);
			assert_string_not_equal(name, other);
			assert_true(strlen(name) < PAGE_STATE_NAME - 1);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(column_bytes),
		cmocka_unit_test(column_signed),
		cmocka_unit_test(column_differences),
		cmocka_unit_test(column_fixed),
		cmocka_unit_test(column_without_memory),
		cmocka_unit_test(base64),
		cmocka_unit_test(states),
	};

	return cmocka_run_group_tests_name("page_column", tests, NULL, NULL);
}
