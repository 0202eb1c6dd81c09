/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The statistics in three formats.  Each counter has a number of its own, so one
 * in the wrong place, left out or printed twice is noticed.  Names are those of
 * the manual, sections OUTPUT and JSON RECORDS.
 */
#include "support/rig.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/grammar.h"
#include "support/sample.h"

static const struct named_count links[] = { { "arp", 71 }, { "other", 72 } };

static struct statistics s;
static struct ct_stats engine;
static struct ct_kernel kernel;

static void fill(void)
{
	ct_kernel_default(&kernel);
	s = (struct statistics){
		.kernel = &kernel, .frames = 11, .bytes = 12, .filtered = 13, .cut = 14,
		.first = SAMPLE_TIME, .last = SAMPLE_TIME + 4 * CT_NSEC_PER_SEC,
		.helper_dropped = 15, .link = links, .nlink = ITEMS(links),
	};
	for (unsigned int i = 0; i < CT_PACKET_CLASSES; i++)
		s.packet[i] = 100 + i;
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		s.ctstate[i] = 200 + i;
	s.protocol[CT_L4_TCP] = 401;
	s.protocol[89] = 402;
	s.invalid[CT_REASON_TCP_SEQ_OVER] = 301;
	s.noted[CT_REASON_TCP_IGNORED] = 302;
	s.noted[CT_REASON_NOTRACK] = 303;
	engine = (struct ct_stats){
		.created = 51, .destroyed = 52, .early_dropped = 53, .refused = 54,
		.expected = 55, .met = 56, .most = 57,
		.most_when = SAMPLE_TIME + 1500000000,
	};
}

/* "group name" and the number; the classes and ctstates are added below. */
static const struct { const char *group, *name; uint64_t n; } rows[] = {
	{ "frames", "read", 11 }, { "bytes", "read", 12 },
	{ "frames", "arp", 71 }, { "frames", "other", 72 },
	{ "frames", "filtered-out", 13 }, { "packets", "cut", 14 },
	{ "packets", "dropped-by-helpers", 15 }, { "invalid", "tcp-seq-over", 301 },
	{ "noted", "tcp-ignored", 302 }, { "noted", "notrack", 303 },
	{ "entries", "created", 51 }, { "entries", "destroyed", 52 },
	{ "entries", "early-dropped", 53 }, { "entries", "refused", 54 },
	{ "entries", "most-at-once", 57 }, { "expectations", "made", 55 },
	{ "protocol", "tcp", 401 }, { "protocol", "proto-89", 402 },
	/* 11 and 12 in 4 seconds. */
	{ "rate", "frames-per-second", 3 }, { "rate", "bytes-per-second", 3 },
	{ "expectations", "met", 56 },
};

static size_t all_rows(void)
{
	return ITEMS(rows) + CT_PACKET_CLASSES + CT_CTSTATES;
}

/* Whether a row of this name is one of the above with this number. */
static bool is_expected(const char *group, const char *name, uint64_t n)
{
	for (size_t i = 0; i < ITEMS(rows); i++)
		if (strcmp(group, rows[i].group) == 0 &&
		    strcmp(name, rows[i].name) == 0)
			return n == rows[i].n;
	if (strcmp(group, "frames") == 0)
		return n >= 100 && n < 100 + CT_PACKET_CLASSES &&
		       strcmp(name, ct_packet_class_name(
				     (enum ct_packet_class)(n - 100))) == 0;
	return strcmp(group, "packets") == 0 && n >= 200 &&
	       n < 200 + CT_CTSTATES &&
	       strcmp(name, ct_ctstate_name((enum ct_ctstate)(n - 200))) == 0;
}

static void statistics_text(void **state)
{
	struct report *r = sample_report(REPORT_TEXT);
	char group[32], name[64];
	const char *p;
	size_t n = 0;

	(void)state;
	fill();
	report_statistics(r, &s, &engine);
	for (p = sample_printed(r); *p; p = strchr(p, '\n') + 1) {
		uint64_t count;
		int end;

		if (strncmp(p, "time ", 5) == 0)
			continue;
		assert_int_equal(sscanf(p, "%31s %63s %" SCNu64 "%n", group, name,
					&count, &end), 3);
		if (!is_expected(group, name, count))
			fail_msg("%s %s %" PRIu64, group, name, count);
		/* The columns: 14, a blank, 24, a blank. */
		assert_int_equal(p[14], ' ');
		assert_int_equal(strncmp(p + 15, name, strlen(name)), 0);
		assert_int_equal(strtoull(p + 40, NULL, 10), count);
		p += end;
		if (strcmp(name, "most-at-once") == 0)
			assert_int_equal(strncmp(p, " at 1.500000\n", 13), 0);
		else
			assert_int_equal(*p, '\n');
		n++;
	}
	assert_int_equal(n, all_rows());
	free(r);
}

static void statistics_text_times(void **state)
{
	static const char times[] =
		"time           first                    2001-09-09T01:46:40.000000000Z\n"
		"time           last                     2001-09-09T01:46:44.000000000Z\n"
		"time           duration                 4.000000 s\n";
	struct report *r = sample_report(REPORT_TEXT);
	const char *p;

	(void)state;
	fill();
	report_statistics(r, &s, &engine);
	p = strstr(sample_printed(r), "time ");
	assert_non_null(p);
	assert_int_equal(strncmp(p, times, strlen(times)), 0);
	free(r);
}

static size_t count_lines(const char *p)
{
	size_t n = 0;

	while ((p = strchr(p, '\n'))) {
		p++;
		n++;
	}
	return n;
}

/* What is 0 is for -v, but for the totals. */
static void statistics_text_zeros(void **state)
{
	struct report *r = sample_report(REPORT_TEXT);

	(void)state;
	s = (struct statistics){ .kernel = &kernel };
	engine = (struct ct_stats){ .destroyed = 7 };
	report_statistics(r, &s, &engine);
	assert_string_equal(sample_printed(r),
		"frames         read                     0\n"
		"bytes          read                     0\n"
		"entries        destroyed                7\n");
	r->verbose = true;
	report_statistics(r, &s, &engine);
	/* Two totals, filtered-out, two of packets, five of entries, two of
	 * expectations. */
	assert_int_equal(count_lines(sample_printed(r)),
			 CT_PACKET_CLASSES + CT_CTSTATES + 12);
	free(r);
}

static void statistics_text_heading(void **state)
{
	struct report *r = sample_report(REPORT_TEXT);

	(void)state;
	fill();
	r->headings = true;
	engine.most = 0;		/* and there is no time of it */
	report_statistics(r, &s, &engine);
	assert_int_equal(strncmp(sample_printed(r), "# statistics\n", 13), 0);
	report_statistics(r, &s, &engine);
	assert_null(strstr(sample_printed(r), " at "));
	free(r);
}

static void statistics_csv(void **state)
{
	static struct csv_row row;
	struct report *r = sample_report(REPORT_CSV);
	const char *p;
	size_t n = 0;

	(void)state;
	fill();
	report_header(r, SECTION_STATS);
	report_statistics(r, &s, &engine);
	p = csv_read_row(sample_printed(r), &row);
	assert_non_null(p);
	assert_int_equal(row.n, 3);
	for (; *p; n++) {
		p = csv_read_row(p, &row);
		assert_non_null(p);
		assert_int_equal(row.n, 3);
		if (strcmp(row.field[0], "time") == 0) {
			assert_string_equal(row.field[1], "duration-ns");
			assert_string_equal(row.field[2], "4000000000");
			n--;
			continue;
		}
		if (!is_expected(row.field[0], row.field[1],
				 strtoull(row.field[2], NULL, 10)))
			fail_msg("%s,%s,%s", row.field[0], row.field[1],
				 row.field[2]);
	}
	assert_int_equal(n, all_rows());
	free(r);
}

static void assert_number(const struct json_members *m, const char *name, uint64_t n)
{
	const char *value = json_value(m, name, 'n');

	if (!value || strtoull(value, NULL, 10) != n)
		fail_msg("%s is %s, not %" PRIu64, name, value ? value : "missing", n);
}

static void statistics_json(void **state)
{
	static const struct { const char *name; uint64_t n; } numbers[] = {
		{ "frames", 11 }, { "bytes", 12 }, { "cut", 14 },
		{ "dropped_by_helpers", 15 }, { "frames_by_class.arp", 71 },
		{ "frames_by_class.other", 72 },
		{ "frames_by_class.filtered-out", 13 },
		{ "invalid_by_reason.tcp-seq-over", 301 },
		{ "noted_by_reason.tcp-ignored", 302 },
		{ "noted_by_reason.notrack", 303 }, { "entries.created", 51 },
		{ "entries.destroyed", 52 }, { "entries.early-dropped", 53 },
		{ "entries.refused", 54 }, { "expectations.made", 55 },
		{ "expectations.met", 56 }, { "most_entries", 57 },
		{ "duration_ns", 4000000000 }, { "frames_per_second", 3 },
		{ "bytes_per_second", 3 }, { "packets_by_protocol.tcp", 401 },
		{ "packets_by_protocol.proto-89", 402 },
	};
	static struct json_members m;
	struct report *r = sample_report(REPORT_JSON);
	char name[96];

	(void)state;
	fill();
	report_statistics(r, &s, &engine);
	assert_string_equal(json_read_line(sample_printed(r), &m), "");
	assert_string_equal(m.value[0].name, "type");
	assert_string_equal(m.value[0].text, "statistics");
	for (size_t i = 0; i < ITEMS(numbers); i++)
		assert_number(&m, numbers[i].name, numbers[i].n);
	for (unsigned int i = 0; i < CT_PACKET_CLASSES; i++) {
		snprintf(name, sizeof(name), "frames_by_class.%s",
			 ct_packet_class_name((enum ct_packet_class)i));
		assert_number(&m, name, 100 + i);
	}
	for (unsigned int i = 0; i < CT_CTSTATES; i++) {
		snprintf(name, sizeof(name), "packets_by_ctstate.%s",
			 ct_ctstate_name((enum ct_ctstate)i));
		assert_number(&m, name, 200 + i);
	}
	assert_string_equal(json_value(&m, "most_entries_at", 's'),
			    "2001-09-09T01:46:41.500000000Z");
	assert_string_equal(json_value(&m, "kernel", 's'), "6.18.44");
	assert_string_equal(json_value(&m, "first", 's'),
			    "2001-09-09T01:46:40.000000000Z");
	assert_string_equal(json_value(&m, "last", 's'),
			    "2001-09-09T01:46:44.000000000Z");
	/* These, "type", "kernel" and three times. */
	assert_int_equal(m.n, ITEMS(numbers) + CT_PACKET_CLASSES + CT_CTSTATES + 5);
	free(r);
}

/* Nothing was counted: still one object, with empty groups and a null. */
static void statistics_json_of_nothing(void **state)
{
	static struct json_members m;
	struct report *r = sample_report(REPORT_JSON);

	(void)state;
	ct_kernel_default(&kernel);
	s = (struct statistics){ .kernel = &kernel };
	engine = (struct ct_stats){ 0 };
	report_statistics(r, &s, &engine);
	assert_string_equal(json_read_line(sample_printed(r), &m), "");
	assert_string_equal(json_value(&m, "kernel", 's'), "6.18.44");
	assert_non_null(json_value(&m, "most_entries_at", 'z'));
	for (size_t i = 0; i < m.n; i++)
		if (m.value[i].kind == 'n')
			assert_string_equal(m.value[i].text, "0");
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statistics_text),
		cmocka_unit_test(statistics_text_times),
		cmocka_unit_test(statistics_text_zeros),
		cmocka_unit_test(statistics_text_heading),
		cmocka_unit_test(statistics_csv),
		cmocka_unit_test(statistics_json),
		cmocka_unit_test(statistics_json_of_nothing),
	};

	return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
