/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of timestamp.c: points in time as text. */
#include "support/rig.h"

#include <string.h>

#include "cli/timestamp.h"
#include "report/format.h"

static const struct {
	const char *text;
	bool good, relative;
	uint64_t seconds, nanoseconds;
} cases[] = {
	{ "+0", true, true, 0, 0 }, { "+3", true, true, 3, 0 },
	{ "+0.5", true, true, 0, 500000000 },
	{ "+1.000000001", true, true, 1, 1 },
	{ "+1.0000000019", true, true, 1, 1 },
	{ "0", true, false, 0, 0 }, { "1000000000", true, false, 1000000000, 0 },
	{ "1000000000.25", true, false, 1000000000, 250000000 },
	{ "2001-09-09T01:46:40Z", true, false, 1000000000, 0 },
	{ "2001-09-09T01:46:40", true, false, 1000000000, 0 },
	{ "2001-09-09 01:46:40", true, false, 1000000000, 0 },
	{ "2001-09-09T01:46:40.119804Z", true, false, 1000000000, 119804000 },
	{ "2001-09-09T03:46:40+02:00", true, false, 1000000000, 0 },
	{ "2001-09-08T20:46:40-05:00", true, false, 1000000000, 0 },
	{ "2001-09-09", true, false, 999993600, 0 },
	{ "1970-01-01T00:00:00Z", true, false, 0, 0 },
	{ "2000-02-29", true, false, 951782400, 0 },
	{ "2024-02-29T12:00:00Z", true, false, 1709208000, 0 },
	{ "2100-03-01", true, false, 4107542400, 0 },
	{ "", false, false, 0, 0 }, { "+", false, false, 0, 0 },
	{ "-1", false, false, 0, 0 }, { "+-1", false, false, 0, 0 },
	{ "now", false, false, 0, 0 }, { "1.", false, false, 0, 0 },
	{ "1.5x", false, false, 0, 0 }, { "+1 ", false, false, 0, 0 },
	{ "2001-13-01", false, false, 0, 0 }, { "2001-00-01", false, false, 0, 0 },
	{ "2001-02-29", false, false, 0, 0 }, { "2100-02-29", false, false, 0, 0 },
	{ "2001-04-31", false, false, 0, 0 }, { "2001-01-00", false, false, 0, 0 },
	{ "2001-9-9", false, false, 0, 0 }, { "20010909", true, false, 20010909, 0 },
	{ "2001-09-09T24:00:00Z", false, false, 0, 0 },
	{ "2001-09-09T01:60:00Z", false, false, 0, 0 },
	{ "2001-09-09T01:46:40ZZ", false, false, 0, 0 },
	{ "2001-09-09T", false, false, 0, 0 },
	{ "1969-12-31T23:59:59Z", false, false, 0, 0 },
	{ "1970-01-01T00:00:00+01:00", false, false, 0, 0 },
	{ "2600-01-01", false, false, 0, 0 },
	{ "99999999999999999999", false, false, 0, 0 },
	{ "18446744074", false, false, 0, 0 },
	{ "+99999999999999999999", false, false, 0, 0 },
};

static void timestamp_read_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct timestamp t = { 0 };
		bool good = timestamp_read(cases[i].text, &t);

		if (good != cases[i].good)
			fail_msg("'%s' is %s", cases[i].text,
				 good ? "accepted" : "refused");
		if (!good)
			continue;
		if (t.relative != cases[i].relative || t.nanoseconds !=
		    cases[i].seconds * 1000000000 + cases[i].nanoseconds)
			fail_msg("'%s' is %llu ns", cases[i].text,
				 (unsigned long long)t.nanoseconds);
	}
}

/* The times in JSON records can be given to --at. */
static void timestamp_read_takes_json_times(void **state)
{
	static struct out out;
	uint64_t time = 0;

	(void)state;
	out_init(&out, -1);
	for (int i = 0; i < 3000; i++, time += 6148914691236517ull) {
		struct timestamp t;

		out.len = 0;
		out_time_iso(&out, time);
		out.buf[out.len] = '\0';
		assert_true(timestamp_read(out.buf, &t));
		assert_false(t.relative);
		if (t.nanoseconds != time)
			fail_msg("%s comes back as another time", out.buf);
	}
}

static void timestamp_of_day(void **state)
{
	struct timestamp t;

	(void)state;
	assert_true(timestamp_read("14:03", &t));
	assert_true(t.of_day && !t.relative);
	assert_int_equal(t.nanoseconds, (14 * 3600 + 3 * 60) * 1000000000ull);
	assert_true(timestamp_read("00:00:59.5", &t));
	assert_int_equal(t.nanoseconds, 59500000000ull);
	assert_false(timestamp_read("24:00", &t));
	assert_false(timestamp_read("14:3", &t));
	assert_false(timestamp_read("14:03x", &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timestamp_read_table),
		cmocka_unit_test(timestamp_of_day),
		cmocka_unit_test(timestamp_read_takes_json_times),
	};

	return cmocka_run_group_tests_name("timestamp", tests, NULL, NULL);
}
