/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection's line of a timeline, against snprintf(3) and strftime(3): members that
 * are made of one text, and times, which keep the text of their second.
 */
#include "support/rig.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/sample.h"

static struct report *report;

static int init(void **state)
{
	(void)state;
	report = sample_report(REPORT_TIMESKETCH);
	return report ? 0 : -1;
}

static int destroy(void **state)
{
	(void)state;
	free(report);
	return 0;
}

static void assert_line_has(const struct ct_event *ev, const char *expected)
{
	const char *line;

	report_event(report, ev);
	line = sample_printed(report);
	if (!strstr(line, expected))
		fail_msg("'%s' is not in '%s'", expected, line);
}

static void times_agree(void **state)
{
	/* Seconds that come again, before and behind the one that was kept. */
	static const ct_time times[] = {
		0, 999, 1000, 999999999, 1000000000, 1000001999, 999999999,
		SAMPLE_TIME, SAMPLE_TIME + 119804999, SAMPLE_TIME + 999999999,
		SAMPLE_TIME + 1000000000, SAMPLE_TIME - 1, 5, UINT64_MAX, 700000000,
		UINT64_MAX - 709551615,
	};
	struct ct_event ev = { .type = CT_EVENT_NEW };

	(void)state;
	sample_record(&ev.record, CT_L4_UDP);
	for (size_t i = 0; i < ITEMS(times); i++) {
		time_t seconds = (time_t)(times[i] / CT_NSEC_PER_SEC);
		char date[32], expected[128];
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(expected, sizeof(expected),
			 "\",\"datetime\":\"%s.%06u+00:00\",\"timestamp\":%" PRIu64 ",", date,
			 (unsigned int)(times[i] % CT_NSEC_PER_SEC / 1000), times[i] / 1000);
		ev.when = times[i];
		assert_line_has(&ev, expected);
	}
}

/* What is before the Community ID, with all flags, ends, and a helper or none. */
static void status_and_end_agree(void **state)
{
	struct ct_event ev = { .type = CT_EVENT_DESTROY, .when = SAMPLE_TIME };

	(void)state;
	for (unsigned int i = 0; i < 4 * 4 * CT_ENDS; i++) {
		bool replied = i & 1, assured = i & 2, helper = i & 4, master = i & 8;
		const char *end = ct_end_name((enum ct_end)(i / 16));
		char expected[256];

		sample_record(&ev.record, CT_L4_UDP);
		ev.record.status = (replied ? CT_STATUS_SEEN_REPLY : 0u) |
				   (assured ? CT_STATUS_ASSURED : 0u);
		ev.record.helper = helper ? "sip" : NULL;
		ev.record.master = master ? 77 : 0;
		ev.end = (enum ct_end)(i / 16);
		snprintf(expected, sizeof(expected),
			 ",\"state\":null,\"replied\":%s,\"assured\":%s,\"helper\":%s,"
			 "\"master\":%s,\"end\":%s%s%s,\"community_id\":\"1:",
			 replied ? "true" : "false", assured ? "true" : "false",
			 helper ? "\"sip\"" : "null", master ? "77" : "null",
			 end ? "\"" : "", end ? end : "null", end ? "\"" : "");
		assert_line_has(&ev, expected);
	}
}

/* Each kind of event begins its message and ends its members with texts of its own. */
static void kinds_agree(void **state)
{
	static const struct { enum ct_event_type type; const char *begin, *behind; } kinds[] = {
		{ CT_EVENT_NEW, "{\"message\":\"connection begins: udp ",
		  ",\"timestamp_desc\":\"Connection Start\","
		  "\"data_type\":\"ctreplay:connection:new\",\"connection\":" },
		{ CT_EVENT_UPDATE, "{\"message\":\"connection changes: udp ",
		  ",\"timestamp_desc\":\"Connection State Change\","
		  "\"data_type\":\"ctreplay:connection:update\",\"connection\":" },
		{ CT_EVENT_DESTROY, "{\"message\":\"connection ends: udp ",
		  ",\"timestamp_desc\":\"Connection End\","
		  "\"data_type\":\"ctreplay:connection:destroy\",\"connection\":" },
	};
	struct ct_event ev = { .when = SAMPLE_TIME, .changed = CT_CHANGED_REPLY };
	char expected[256];

	(void)state;
	sample_record(&ev.record, CT_L4_UDP);
	for (size_t i = 0; i < ITEMS(kinds); i++) {
		ev.type = kinds[i].type;
		assert_line_has(&ev, kinds[i].begin);
		snprintf(expected, sizeof(expected), "%s%" PRIu64 ",\"proto\":\"udp\",",
			 kinds[i].behind, ev.record.id);
		assert_line_has(&ev, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(times_agree, init, destroy),
		cmocka_unit_test_setup_teardown(status_and_end_agree, init, destroy),
		cmocka_unit_test_setup_teardown(kinds_agree, init, destroy),
	};

	return cmocka_run_group_tests_name("timesketch", tests, NULL, NULL);
}
