/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of numbers and ranges: what is accepted, and which numbers are in them. */
#include "support/rig.h"

#include <stdio.h>

#include "base/ranges.h"

static void ranges_membership(void **state)
{
	struct ranges r = { NULL, 0 };

	(void)state;
	assert_false(ranges_contain(&r, 1));
	assert_int_equal(ranges_add(&r, "20-30,5,7-9"), RANGES_OK);
	assert_int_equal(ranges_add(&r, "8-21"), RANGES_OK);
	assert_int_equal(r.n, 2);
	for (uint64_t n = 0; n < 40; n++)
		assert_int_equal(ranges_contain(&r, n),
				 n == 5 || (n >= 7 && n <= 30));
	ranges_free(&r);
	assert_false(ranges_contain(&r, 5));
}

/* Against a set of flags, in any order of adding. */
static void ranges_join(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int run = 0; run < 500; run++) {
		bool wanted[64] = { false };
		struct ranges r = { NULL, 0 };
		char text[40];

		for (int i = 0; i < 8; i++) {
			unsigned int first, last;

			seed = seed * 1664525 + 1013904223;
			first = 1 + (seed >> 16) % 50;
			last = first + (seed >> 24) % 12;
			snprintf(text, sizeof(text), "%u-%u", first, last);
			assert_int_equal(ranges_add(&r, text), RANGES_OK);
			for (unsigned int n = first; n <= last; n++)
				wanted[n] = true;
		}
		for (unsigned int n = 0; n < 64; n++)
			assert_int_equal(ranges_contain(&r, n), wanted[n]);
		for (size_t i = 1; i < r.n; i++)
			assert_true(r.range[i - 1].last < r.range[i].first);
		ranges_free(&r);
	}
}

static void ranges_bad_lists(void **state)
{
	static const char *const bad[] = {
		"", ",", "0", "1,", ",1", "1-", "-1", "1--2", "2-1", "1 ", " 1", "a",
		"1;2", "0x1", "1-0", "18446744073709551616", "1-2-3",
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(bad); i++) {
		struct ranges r = { NULL, 0 };

		if (ranges_add(&r, bad[i]) != RANGES_SYNTAX)
			fail_msg("'%s' is accepted", bad[i]);
		ranges_free(&r);
	}
}

static void ranges_beyond_the_last(void **state)
{
	struct ranges r = { NULL, 0 };

	(void)state;
	assert_int_equal(ranges_first_above(&r, 0), 0);
	assert_int_equal(ranges_add(&r, "3,10-20,30"), RANGES_OK);
	assert_int_equal(ranges_first_above(&r, 2), 3);
	assert_int_equal(ranges_first_above(&r, 15), 30);
	assert_int_equal(ranges_first_above(&r, 30), 0);
	ranges_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_membership),
		cmocka_unit_test(ranges_join),
		cmocka_unit_test(ranges_bad_lists),
		cmocka_unit_test(ranges_beyond_the_last),
	};

	return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
