/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CSV.  RFC 4180 says what a row is, and the section CSV of the manual which
 * columns there are and that a column is empty where JSON has null or no key.
 */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "report/formats.h"
#include "base/tunnel.h"
#include "support/craft.h"
#include "support/grammar.h"
#include "support/sample.h"

static struct csv_row header, row;

static void read_header(enum report_section section)
{
	struct report *r = sample_report(REPORT_CSV);
	const char *rest;

	report_header(r, section);
	rest = csv_read_row(sample_printed(r), &header);
	assert_non_null(rest);
	assert_string_equal(rest, "");
	free(r);
}

/* Reads what was printed: one row, with as many fields as the header. */
static void read_row(struct report *r)
{
	const char *rest = csv_read_row(sample_printed(r), &row);

	assert_non_null(rest);
	assert_string_equal(rest, "");
	assert_int_equal(row.n, header.n);
}

static const char *column(const char *name)
{
	for (size_t i = 0; i < header.n; i++)
		if (strcmp(header.field[i], name) == 0)
			return row.field[i];
	fail_msg("no column %s", name);
	return NULL;
}

/* Checks all columns: the named ones have these values, the others are empty. */
struct expected { const char *name, *value; };

static void assert_row(const struct expected *e, size_t n)
{
	for (size_t i = 0; i < header.n; i++) {
		const char *value = "";

		for (size_t j = 0; j < n; j++)
			if (strcmp(e[j].name, header.field[i]) == 0)
				value = e[j].value;
		if (strcmp(row.field[i], value) != 0)
			fail_msg("%s is \"%s\", not \"%s\"", header.field[i],
				 row.field[i], value);
	}
	for (size_t j = 0; j < n; j++)
		column(e[j].name);
}

static void csv_header_of_each_section(void **state)
{
	static const struct { enum report_section section; size_t columns;
			      const char *first, *last; } sections[] = {
		{ SECTION_PACKETS, 32, "number", "community_id" },
		{ SECTION_TABLE, 38, "at", "use" },
		{ SECTION_EVENTS, 37, "event", "end" },
		{ SECTION_CONNECTIONS, 40, "id", "ended" },
		{ SECTION_EXPECT, 20, "id", "helper" },
		{ SECTION_STATS, 3, "group", "count" },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(sections); i++) {
		read_header(sections[i].section);
		assert_int_equal(header.n, sections[i].columns);
		assert_string_equal(header.field[0], sections[i].first);
		assert_string_equal(header.field[header.n - 1], sections[i].last);
		for (size_t a = 0; a < header.n; a++)
			for (size_t b = 0; b < a; b++)
				assert_string_not_equal(header.field[a],
							header.field[b]);
	}
}

static void csv_packet_tcp(void **state)
{
	static const struct expected expected[] = {
		{ "number", "17" }, { "time", "2001-09-09T01:46:40.119804001Z" },
		{ "ctstate", "NEW" }, { "ctdir", "original" }, { "id", "21" },
		{ "l3proto", "ipv4" }, { "proto", "tcp" }, { "protonum", "6" },
		{ "src", "192.0.2.1" }, { "dst", "198.51.100.2" },
		{ "sport", "40001" }, { "dport", "80" }, { "length", "44" },
		{ "flags", "S" }, { "state", "SYN_SENT" }, { "verdict", "accept" },
		{ "community_id", "1:Ruacet8iiXtH19WXq1rtwkAoHoA=" },
	};
	struct report *r = sample_report(REPORT_CSV);
	struct packet_view pkt;

	(void)state;
	read_header(SECTION_PACKETS);
	sample_packet(&pkt, CT_L4_TCP);
	pkt.summary = (struct packet_summary){
		.ports = true, .tcp = true, .a = 40001, .b = 80, .flags = 0x02,
	};
	pkt.v.proto = CT_L4_TCP;
	pkt.v.state = CT_TCP_SYN_SENT;
	report_packet(r, &pkt);
	read_row(r);
	assert_row(expected, ITEMS(expected));
	free(r);
}

static void csv_packet_icmpv6(void **state)
{
	static const struct expected expected[] = {
		{ "number", "17" }, { "time", "2001-09-09T01:46:40.119804001Z" },
		{ "ctstate", "UNTRACKED" }, { "l3proto", "ipv6" },
		{ "proto", "icmpv6" }, { "protonum", "58" },
		{ "src", "2001:db8::1" }, { "dst", "ff02::1" },
		{ "icmp_type", "128" }, { "icmp_code", "3" }, { "icmp_id", "513" },
		{ "length", "44" }, { "verdict", "accept" },
		{ "reason_code", "notrack" },
		{ "reason", "matched a --notrack filter" },
		{ "community_id", "1:fGMMlAn5OW4ALtQn4k5OPdivs7o=" },
	};
	struct report *r = sample_report(REPORT_CSV);
	struct packet_view pkt;

	(void)state;
	read_header(SECTION_PACKETS);
	sample_packet(&pkt, CT_L4_ICMPV6);
	pkt.l3num = CT_L3_IPV6;
	pkt.src = craft_address("2001:db8::1");
	pkt.dst = craft_address("ff02::1");
	pkt.summary = (struct packet_summary){
		.icmp = true, .type = 128, .code = 3, .a = 513,
	};
	pkt.v.ctstate = CT_UNTRACKED;
	pkt.v.dir = CT_DIR_NONE;
	pkt.v.id = 0;
	sample_reason(&pkt, CT_REASON_NOTRACK);
	report_packet(r, &pkt);
	read_row(r);
	assert_row(expected, ITEMS(expected));
	free(r);
}

/* What few packets have; the others leave these columns empty, whatever the memory of
 * the view held before. */
static void csv_packet_details(void **state)
{
	struct report *r = sample_report(REPORT_CSV);
	struct packet_view pkt;

	(void)state;
	read_header(SECTION_PACKETS);
	sample_packet(&pkt, CT_L4_SCTP);
	pkt.summary = (struct packet_summary){ .detailed = true };
	pkt.detail = (struct packet_detail){
		.kind = DETAIL_SCTP, .chunks = 3, .type = { 1, 0x40, 99 },
	};
	report_packet(r, &pkt);
	read_row(r);
	assert_string_equal(column("sctp_chunks"), "INIT I_DATA type-99");
	sample_packet(&pkt, CT_L4_GRE);
	pkt.summary = (struct packet_summary){ .detailed = true, .tunnel = TUNNEL_GRE + 1 };
	pkt.detail = (struct packet_detail){
		.kind = DETAIL_GRE, .inner = 0x0800, .key = true, .number = UINT32_MAX,
	};
	report_packet(r, &pkt);
	read_row(r);
	assert_string_equal(column("gre_protocol"), "2048");
	assert_string_equal(column("gre_key"), "4294967295");
	assert_string_equal(column("gre_call_id"), "");
	assert_string_equal(column("tunnel"), "gre");
	sample_packet(&pkt, CT_L4_ICMP);
	pkt.summary = (struct packet_summary){ .icmp = true, .type = 3, .detailed = true };
	pkt.detail = (struct packet_detail){
		.kind = DETAIL_QUOTE, .protonum = CT_L4_TCP, .ports = true,
		.sport = 1, .dport = 65535,
		.src = craft_address("192.0.2.7"), .dst = craft_address("192.0.2.8"),
	};
	report_packet(r, &pkt);
	read_row(r);
	assert_string_equal(column("quoted_proto"), "tcp");
	assert_string_equal(column("quoted_src"), "192.0.2.7");
	assert_string_equal(column("quoted_dst"), "192.0.2.8");
	assert_string_equal(column("quoted_sport"), "1");
	assert_string_equal(column("quoted_dport"), "65535");
	pkt.detail.ports = false;
	report_packet(r, &pkt);
	read_row(r);
	assert_string_equal(column("quoted_dst"), "192.0.2.8");
	assert_string_equal(column("quoted_sport"), "");
	pkt.summary.detailed = false;
	report_packet(r, &pkt);
	read_row(r);
	assert_string_equal(column("quoted_proto"), "");
	free(r);
}

/* A comma in a reason does not make a column, and no reason's text is changed on
 * its way through CSV. */
static void csv_packet_every_reason(void **state)
{
	struct report *r = sample_report(REPORT_CSV);
	static struct out text;
	bool comma = false;

	(void)state;
	read_header(SECTION_PACKETS);
	for (int i = 0; i < CT_REASON_COUNT; i++) {
		struct packet_view pkt;

		sample_packet(&pkt, CT_L4_TCP);
		sample_reason(&pkt, (enum ct_reason)i);
		pkt.v.ctstate = CT_INVALID;
		report_packet(r, &pkt);
		read_row(r);
		out_init(&text, -1);
		out_reasons(&text, &pkt.v);
		text.buf[text.len] = '\0';
		assert_string_equal(column("reason"), text.buf);
		assert_string_equal(column("reason_code"),
				    ct_reason_code((enum ct_reason)i));
		comma |= strchr(text.buf, ',') != NULL;
	}
	assert_true(comma);
	free(r);
}

static void csv_packet_verdicts(void **state)
{
	static const struct { enum ct_ctstate ctstate; bool dropped;
			      const char *verdict; } cases[] = {
		{ CT_ESTABLISHED, false, "accept" },
		{ CT_ESTABLISHED, true, "drop" },	/* by a helper */
		{ CT_INVALID, false, "accept" },	/* left to the rules */
		{ CT_DROP, false, "drop" },
		{ CT_FRAGMENT, false, "" },		/* not decided */
	};
	struct report *r = sample_report(REPORT_CSV);
	struct packet_view pkt;

	(void)state;
	read_header(SECTION_PACKETS);
	for (size_t i = 0; i < ITEMS(cases); i++) {
		sample_packet(&pkt, CT_L4_UDP);
		pkt.v.ctstate = (uint8_t)cases[i].ctstate;
		pkt.v.dropped = cases[i].dropped;
		report_packet(r, &pkt);
		read_row(r);
		assert_string_equal(column("verdict"), cases[i].verdict);
	}
	free(r);
}

static void csv_record_tcp(void **state)
{
	static const struct expected expected[] = {
		{ "id", "21" }, { "l3proto", "ipv4" }, { "proto", "tcp" },
		{ "protonum", "6" }, { "timeout", "30" },
		{ "state", "ESTABLISHED" }, { "orig_src", "192.0.2.1" },
		{ "orig_dst", "198.51.100.2" }, { "orig_sport", "40001" },
		{ "orig_dport", "81" }, { "reply_src", "198.51.100.2" },
		{ "reply_dst", "192.0.2.1" }, { "reply_sport", "82" },
		{ "reply_dport", "40002" }, { "status", "ASSURED" },
		{ "first_seen", "2001-09-09T01:46:40.000000000Z" },
		{ "last_seen", "2001-09-09T01:46:47.000000000Z" },
		{ "helper", "ftp" }, { "master", "22" }, { "mark", "0" },
		{ "zone", "0" }, { "use", "1" },
	};
	static const char *const counted[][2] = {
		{ "orig_packets", "101" }, { "orig_bytes", "1001" },
		{ "reply_packets", "102" }, { "reply_bytes", "1002" },
		{ "delta_time", "11" }, { "at", "2001-09-09T01:46:41.000000000Z" },
	};
	struct report *r = sample_report(REPORT_CSV);
	struct ct_event ev = { .type = CT_EVENT_NEW };

	(void)state;
	sample_record(&ev.record, CT_L4_TCP);
	ev.record.state = CT_TCP_ESTABLISHED;
	ev.record.status = CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED;
	ev.record.helper = "ftp";
	ev.record.master = 22;
	read_header(SECTION_TABLE);
	csv_record(r, &ev.record);
	read_row(r);
	assert_row(expected, ITEMS(expected));
	r->acct = r->timestamp = r->snapshot = true;
	r->snapshot_at = SAMPLE_TIME + CT_NSEC_PER_SEC;
	csv_record(r, &ev.record);
	read_row(r);
	for (size_t i = 0; i < ITEMS(counted); i++)
		assert_string_equal(column(counted[i][0]), counted[i][1]);
	free(r);
}

/* Which columns have the tuple's numbers depends on the protocol alone. */
static void csv_record_columns_by_protocol(void **state)
{
	static const struct { uint8_t protonum; const char *filled[4]; } cases[] = {
		{ CT_L4_TCP, { "orig_sport", "orig_dport" } },
		{ CT_L4_UDP, { "orig_sport", "orig_dport" } },
		{ CT_L4_UDPLITE, { "orig_sport", "orig_dport" } },
		{ CT_L4_SCTP, { "orig_sport", "orig_dport" } },
		{ CT_L4_DCCP, { "orig_sport", "orig_dport" } },
		{ CT_L4_ICMP, { "orig_type", "orig_code", "orig_id" } },
		{ CT_L4_GRE, { "orig_srckey", "orig_dstkey" } },
		{ 50, { NULL } },	/* ESP: the generic tracker */
	};
	struct report *r = sample_report(REPORT_CSV);
	struct ct_record rec;

	(void)state;
	read_header(SECTION_TABLE);
	for (size_t i = 0; i < ITEMS(cases); i++) {
		size_t first, filled = 0;

		sample_record(&rec, cases[i].protonum);
		csv_record(r, &rec);
		read_row(r);
		assert_string_equal(column("status"), "UNREPLIED");
		for (size_t j = 0; j < 4 && cases[i].filled[j]; j++)
			assert_string_not_equal(column(cases[i].filled[j]), "");
		for (first = 0; strcmp(header.field[first], "orig_sport"); first++)
			;
		/* sport, dport, type, code, id, srckey, dstkey */
		for (size_t j = first; j < first + 7; j++)
			filled += row.field[j][0] != '\0';
		for (size_t j = 0; j < 4 && cases[i].filled[j]; j++)
			filled--;
		assert_int_equal(filled, 0);
	}
	free(r);
}

/* ctnetlink_conntrack_event() leaves the timeout out of the message when nothing
 * of it is left at the end, and the state where it did not change. */
static void csv_event_timeout_and_state(void **state)
{
	static const struct {
		enum ct_event_type type;
		uint32_t changed, left;
		const char *event, *timeout, *state;
	} cases[] = {
		{ CT_EVENT_NEW, CT_CHANGED_PROTOINFO, 30, "NEW", "30", "LAST_ACK" },
		{ CT_EVENT_NEW, 0, 30, "NEW", "30", "" },
		{ CT_EVENT_UPDATE, CT_CHANGED_ASSURED, 30, "UPDATE", "30", "" },
		{ CT_EVENT_UPDATE, CT_CHANGED_PROTOINFO, 0, "UPDATE", "0",
		  "LAST_ACK" },
		{ CT_EVENT_DESTROY, 0, 0, "DESTROY", "", "LAST_ACK" },
		{ CT_EVENT_DESTROY, 0, 9, "DESTROY", "9", "LAST_ACK" },
	};
	struct report *r = sample_report(REPORT_CSV);
	struct ct_event ev = { 0 };

	(void)state;
	read_header(SECTION_EVENTS);
	for (size_t i = 0; i < ITEMS(cases); i++) {
		ev.type = cases[i].type;
		ev.changed = cases[i].changed;
		ev.when = SAMPLE_TIME;
		sample_record(&ev.record, CT_L4_TCP);
		ev.record.state = CT_TCP_LAST_ACK;
		ev.record.expires = ev.record.now +
				    cases[i].left * CT_NSEC_PER_SEC;
		ev.record.master = i % 2 ? 22 : 0;
		report_event(r, &ev);
		read_row(r);
		assert_string_equal(column("master"), i % 2 ? "22" : "");
		assert_string_equal(column("event"), cases[i].event);
		assert_string_equal(column("timeout"), cases[i].timeout);
		assert_string_equal(column("state"), cases[i].state);
		assert_string_equal(column("time"),
				    "2001-09-09T01:46:40.000000000Z");
	}
	free(r);
}

static void csv_expect_ports_and_keys(void **state)
{
	static const struct expected tcp[] = {
		{ "id", "31" }, { "master", "22" }, { "l3proto", "ipv4" },
		{ "proto", "tcp" }, { "protonum", "6" }, { "timeout", "33" },
		{ "src", "192.0.2.1" }, { "dst", "198.51.100.2" },
		{ "sport", "40001" }, { "dport", "81" },
		{ "mask_src", "255.255.255.255" }, { "mask_sport", "65535" },
		{ "permanent", "false" }, { "inactive", "false" },
		{ "class", "0" }, { "helper", "pptp" },
	}, gre[] = {
		{ "id", "31" }, { "master", "22" }, { "l3proto", "ipv4" },
		{ "proto", "gre" }, { "protonum", "47" }, { "timeout", "33" },
		{ "src", "192.0.2.1" }, { "dst", "198.51.100.2" },
		{ "srckey", "40001" }, { "dstkey", "81" },
		{ "mask_src", "255.255.255.255" }, { "mask_srckey", "65535" },
		{ "permanent", "true" }, { "inactive", "true" },
		{ "class", "0" }, { "helper", "pptp" },
	};
	struct report *r = sample_report(REPORT_CSV);
	struct ct_expect_record x;

	(void)state;
	read_header(SECTION_EXPECT);
	sample_expect(&x, CT_L4_TCP);
	csv_expect(r, &x);
	read_row(r);
	assert_row(tcp, ITEMS(tcp));
	sample_expect(&x, CT_L4_GRE);
	x.permanent = x.inactive = true;
	csv_expect(r, &x);
	read_row(r);
	assert_row(gre, ITEMS(gre));
	free(r);
}

/* Frames and events of expectations have no row. */
static void csv_has_one_kind_of_row(void **state)
{
	struct report *r = sample_report(REPORT_CSV);
	struct ct_expect_event ev = { .type = CT_EVENT_NEW };

	(void)state;
	sample_expect(&ev.record, CT_L4_TCP);
	report_frame(r, 1, SAMPLE_TIME, "arp");
	report_expect_event(r, &ev);
	assert_string_equal(sample_printed(r), "");
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_header_of_each_section),
		cmocka_unit_test(csv_packet_tcp),
		cmocka_unit_test(csv_packet_icmpv6),
		cmocka_unit_test(csv_packet_details),
		cmocka_unit_test(csv_packet_every_reason),
		cmocka_unit_test(csv_packet_verdicts),
		cmocka_unit_test(csv_record_tcp),
		cmocka_unit_test(csv_record_columns_by_protocol),
		cmocka_unit_test(csv_event_timeout_and_state),
		cmocka_unit_test(csv_expect_ports_and_keys),
		cmocka_unit_test(csv_has_one_kind_of_row),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
