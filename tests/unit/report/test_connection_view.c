/* SPDX-License-Identifier: GPL-2.0-only */
/* A connection's line, object and row (-C). */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/formats.h"
#include "support/grammar.h"
#include "support/sample.h"

/* Ended 9 seconds after its first packet. */
static struct connection_view ended(void)
{
	struct connection_view c = {
		.end = CT_END_EARLY_DROP,
		.when = SAMPLE_TIME + 9 * CT_NSEC_PER_SEC,
	};

	sample_record(&c.record, CT_L4_TCP);
	c.record.state = CT_TCP_LAST_ACK;
	c.record.master = 22;
	c.record.helper = "ftp";
	c.record.status = CT_STATUS_SEEN_REPLY;
	c.ctstate[CT_NEW] = 3;
	c.ctstate[CT_ESTABLISHED] = 4;
	c.ctstate[CT_INVALID] = 6;
	return c;
}

/* The same, still in the table with 30 seconds left. */
static struct connection_view still_there(void)
{
	struct connection_view c = ended();

	c.end = CT_END_NONE;
	return c;
}

static void connection_text(void **state)
{
	static const char tuples[] =
		"src=192.0.2.1 dst=198.51.100.2 sport=40001 dport=81 packets=101 "
		"bytes=1001 src=198.51.100.2 dst=192.0.2.1 sport=82 dport=40002 "
		"packets=102 bytes=1002 helper=ftp id=21 master=22";
	static const struct {
		enum time_style style;
		const char *times;
	} cases[] = {
		{ TIME_RELATIVE, "first=1.000000 last=8.000000" },
		{ TIME_DELTA, "first=1.000000 last=8.000000" },
		{ TIME_EPOCH, "first=1000000000.000000 last=1000000007.000000" },
		{ TIME_ISO, "first=2001-09-09T01:46:40.000000000Z "
			    "last=2001-09-09T01:46:47.000000000Z" },
	};
	struct connection_view c = ended(), open = still_there();
	struct report *r = sample_report(REPORT_TEXT);
	char expected[512];

	(void)state;
	r->start = SAMPLE_TIME - CT_NSEC_PER_SEC;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		r->time_style = cases[i].style;
		report_connection(r, &c);
		snprintf(expected, sizeof(expected), "[CONNECTION] tcp      6 "
			 "LAST_ACK %s %s NEW=3 ESTABLISHED=4 INVALID=6 "
			 "end=early-drop\n", tuples, cases[i].times);
		assert_string_equal(sample_printed(r), expected);
		report_connection(r, &open);
		snprintf(expected, sizeof(expected), "[CONNECTION] tcp      6 30 "
			 "LAST_ACK %s %s NEW=3 ESTABLISHED=4 INVALID=6 end=-\n",
			 tuples, cases[i].times);
		assert_string_equal(sample_printed(r), expected);
	}
	free(r);
}

static void assert_value(const struct json_members *m, const char *name, char kind,
			 const char *text)
{
	const char *value = json_value(m, name, kind);

	if (!value)
		fail_msg("no %s of kind %c", name, kind);
	assert_string_equal(value, text);
}

/* The counters are there without nf_conntrack_acct, which stays off for the rest. */
static void connection_json(void **state)
{
	struct connection_view c = ended(), open = still_there();
	struct report *r = sample_report(REPORT_JSON);
	struct json_members m;

	(void)state;
	report_connection(r, &c);
	assert_non_null(json_read_line(sample_printed(r), &m));
	assert_value(&m, "type", 's', "connection");
	assert_value(&m, "timeout", 'z', "null");
	assert_value(&m, "state", 's', "LAST_ACK");
	assert_value(&m, "orig_packets", 'n', "101");
	assert_value(&m, "reply_bytes", 'n', "1002");
	assert_value(&m, "new", 'n', "3");
	assert_value(&m, "established", 'n', "4");
	assert_value(&m, "related", 'n', "0");
	assert_value(&m, "invalid", 'n', "6");
	assert_value(&m, "end", 's', "early-drop");
	assert_value(&m, "ended", 's', "2001-09-09T01:46:49.000000000Z");
	assert_false(r->acct);
	report_connection(r, &open);
	assert_non_null(json_read_line(sample_printed(r), &m));
	assert_value(&m, "timeout", 'n', "30");
	assert_value(&m, "end", 'z', "null");
	assert_value(&m, "ended", 'z', "null");
	free(r);
}

/* The last columns: helper, master, four states, end, ended. */
static void connection_csv(void **state)
{
	struct connection_view c = ended(), open = still_there();
	struct report *r = sample_report(REPORT_CSV);
	const char *row;

	(void)state;
	report_connection(r, &c);
	row = sample_printed(r);
	assert_non_null(strstr(row, ",ftp,22,3,4,0,6,early-drop,"
			       "2001-09-09T01:46:49.000000000Z\r\n"));
	report_connection(r, &open);
	row = sample_printed(r);
	assert_non_null(strstr(row, ",ftp,22,3,4,0,6,,\r\n"));
	assert_false(r->acct);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connection_text),
		cmocka_unit_test(connection_json),
		cmocka_unit_test(connection_csv),
	};

	return cmocka_run_group_tests_name("connection_view", tests, NULL, NULL);
}
