/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Texts of several fields or members in a row, against snprintf(3): none of them is cut,
 * and each is at its place.
 */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"

static struct columns *columns;

static int init(void **state)
{
	(void)state;
	columns = calloc(1, sizeof(*columns));
	return columns ? 0 : -1;
}

static int destroy(void **state)
{
	(void)state;
	free(columns);
	return 0;
}

static void assert_text(const char *text, size_t len, const char *expected)
{
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(text, expected, len);
}

/* In quotation marks, or null. */
static const char *quoted(char to[64], const char *s)
{
	snprintf(to, 64, s ? "\"%s\"" : "null", s);
	return to;
}

static const char *const dirs[] = { "original", "reply", NULL };

static void json_states(void **state)
{
	char expected[256], a[64], b[64];

	(void)state;
	columns_make(columns, COLUMNS_JSON);
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		for (unsigned int dir = 0; dir < ITEMS(dirs); dir++) {
			const struct out_text_64 *t = &columns->json.state_dir[i][dir];

			snprintf(expected, sizeof(expected),
				 "\",\"ctstate\":%s,\"ctdir\":%s,\"id\":",
				 quoted(a, ct_ctstate_name((enum ct_ctstate)i)),
				 quoted(b, dirs[dir]));
			assert_text(t->text, t->len, expected);
		}
	for (unsigned int i = 0; i <= CT_TCP_STATES; i++) {
		const struct out_text_96 *t = i < CT_TCP_STATES ?
			&columns->json.tcp_accepted[i] : &columns->json.accepted;

		snprintf(expected, sizeof(expected),
			 ",\"state\":%s,\"verdict\":\"accept\",\"reason_code\":null,"
			 "\"reason\":null,\"community_id\":\"",
			 quoted(a, i < CT_TCP_STATES ?
				ct_proto_state_name(CT_L4_TCP, (uint8_t)i) : NULL));
		assert_text(t->text, t->len, expected);
	}
}

static void json_protocols(void **state)
{
	char expected[256], a[64];

	(void)state;
	columns_make(columns, COLUMNS_JSON);
	for (unsigned int i = 0; i < 512; i++) {
		const struct out_text_64 *t = i < 256 ? &columns->json.proto4[i] :
							&columns->json.proto6[i - 256];

		snprintf(expected, sizeof(expected),
			 ",\"l3proto\":\"%s\",\"proto\":%s,\"protonum\":%u,\"src\":\"",
			 i < 256 ? "ipv4" : "ipv6", quoted(a, ct_proto_name((uint8_t)i)),
			 i % 256);
		assert_text(t->text, t->len, expected);
	}
}

static void json_ends(void **state)
{
	char expected[256], a[64];

	(void)state;
	columns_make(columns, COLUMNS_JSON);
	for (unsigned int i = 0; i < CT_ENDS; i++) {
		snprintf(expected, sizeof(expected), "%s,\"community_id\":\"",
			 quoted(a, ct_end_name((enum ct_end)i)));
		assert_text(columns->json.end[i].text, columns->json.end[i].len, expected);
	}
}

static void csv_rows(void **state)
{
	char expected[256];

	(void)state;
	columns_make(columns, COLUMNS_CSV);
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		for (unsigned int dir = 0; dir < ITEMS(dirs); dir++) {
			const struct out_text *t = &columns->csv.state_dir[i][dir];

			snprintf(expected, sizeof(expected), "%s,%s,",
				 ct_ctstate_name((enum ct_ctstate)i),
				 dirs[dir] ? dirs[dir] : "");
			assert_text(t->text, t->len, expected);
		}
	for (unsigned int i = 0; i < 512; i++) {
		const struct out_text *t = i < 256 ? &columns->csv.proto4[i] :
						     &columns->csv.proto6[i - 256];

		snprintf(expected, sizeof(expected), ",%s,%s,%u,",
			 i < 256 ? "ipv4" : "ipv6", ct_proto_name((uint8_t)i), i % 256);
		assert_text(t->text, t->len, expected);
	}
}

static void event_protocols(void **state)
{
	char expected[256];

	(void)state;
	columns_make(columns, COLUMNS_TEXT);
	for (unsigned int i = 0; i < 256; i++) {
		const struct out_text *t = &columns->event_proto[i];

		snprintf(expected, sizeof(expected), "%-8s %u ",
			 ct_proto_name((uint8_t)i), i);
		assert_text(t->text, t->len, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(json_states, init, destroy),
		cmocka_unit_test_setup_teardown(json_protocols, init, destroy),
		cmocka_unit_test_setup_teardown(json_ends, init, destroy),
		cmocka_unit_test_setup_teardown(csv_rows, init, destroy),
		cmocka_unit_test_setup_teardown(event_protocols, init, destroy),
	};

	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
