/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON Lines.  RFC 8259 says what an object is, and the section JSON RECORDS of
 * the manual which keys each type has, in which order.
 */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "report/formats.h"
#include "support/grammar.h"
#include "support/sample.h"

static struct json_members m;

/* Reads what was printed: one object. */
static void read_line(struct report *r)
{
	const char *rest = json_read_line(sample_printed(r), &m);

	assert_non_null(rest);
	assert_string_equal(rest, "");
}

struct expected { const char *name; char kind; const char *text; };

/* Checks that these are the members, in this order, and no others. */
static void assert_members(const struct expected *e, size_t n)
{
	for (size_t i = 0; i < n && i < m.n; i++) {
		assert_string_equal(m.value[i].name, e[i].name);
		if (m.value[i].kind != e[i].kind ||
		    strcmp(m.value[i].text, e[i].text) != 0)
			fail_msg("%s is %s (%c), not %s (%c)", e[i].name,
				 m.value[i].text, m.value[i].kind, e[i].text,
				 e[i].kind);
	}
	assert_int_equal(m.n, n);
}

static void assert_value(const char *name, char kind, const char *text)
{
	const char *value = json_value(&m, name, kind);

	if (!value)
		fail_msg("no %s of kind %c", name, kind);
	assert_string_equal(value, text);
}

static void json_packet_tcp(void **state)
{
	static const struct expected expected[] = {
		{ "type", 's', "packet" }, { "number", 'n', "17" },
		{ "time", 's', "2001-09-09T01:46:40.119804001Z" },
		{ "ctstate", 's', "NEW" }, { "ctdir", 's', "original" },
		{ "id", 'n', "21" }, { "l3proto", 's', "ipv4" },
		{ "proto", 's', "tcp" }, { "protonum", 'n', "6" },
		{ "src", 's', "192.0.2.1" }, { "dst", 's', "198.51.100.2" },
		{ "sport", 'n', "40001" }, { "dport", 'n', "80" },
		{ "length", 'n', "44" }, { "flags", 's', "S" },
		{ "state", 's', "SYN_SENT" }, { "verdict", 's', "accept" },
		{ "reason_code", 'z', "null" }, { "reason", 'z', "null" },
		{ "community_id", 's', "1:Ruacet8iiXtH19WXq1rtwkAoHoA=" },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct packet_view pkt;

	(void)state;
	sample_packet(&pkt, CT_L4_TCP);
	pkt.summary = (struct packet_summary){
		.ports = true, .tcp = true, .a = 40001, .b = 80, .flags = 0x02,
	};
	pkt.v.proto = CT_L4_TCP;
	pkt.v.state = CT_TCP_SYN_SENT;
	report_packet(r, &pkt);
	read_line(r);
	assert_members(expected, ITEMS(expected));
	free(r);
}

/* A header that is cut short: the keys are there, and null. */
static void json_packet_without_header(void **state)
{
	static const struct expected tcp[] = {
		{ "sport", 'z', "null" }, { "dport", 'z', "null" },
		{ "flags", 'z', "null" }, { "id", 'z', "null" },
		{ "ctdir", 'z', "null" }, { "state", 'z', "null" },
		{ "community_id", 'z', "null" },
	}, icmp[] = {
		{ "icmp_type", 'z', "null" }, { "icmp_code", 'z', "null" },
		{ "icmp_id", 'z', "null" },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct packet_view pkt;

	(void)state;
	sample_packet(&pkt, CT_L4_TCP);
	pkt.v.id = 0;
	pkt.v.dir = CT_DIR_NONE;
	report_packet(r, &pkt);
	read_line(r);
	for (size_t i = 0; i < ITEMS(tcp); i++)
		assert_value(tcp[i].name, tcp[i].kind, tcp[i].text);
	assert_null(json_value(&m, "icmp_type", 'z'));
	sample_packet(&pkt, CT_L4_ICMP);
	report_packet(r, &pkt);
	read_line(r);
	for (size_t i = 0; i < ITEMS(icmp); i++)
		assert_value(icmp[i].name, icmp[i].kind, icmp[i].text);
	assert_null(json_value(&m, "sport", 'z'));
	assert_null(json_value(&m, "flags", 'z'));
	free(r);
}

/* A view whose summary has no detail keeps the detail that its memory held before:
 * nothing of it is shown. */
static void json_packet_without_detail(void **state)
{
	static const struct {
		uint8_t protonum;
		const char *names[6];
	} cases[] = {
		{ CT_L4_SCTP, { "sctp_chunks" } },
		{ CT_L4_GRE, { "gre_protocol", "gre_key", "gre_call_id" } },
		{ CT_L4_ICMP, { "quoted_proto", "quoted_src", "quoted_dst",
				"quoted_sport", "quoted_dport" } },
		{ CT_L4_ICMPV6, { "quoted_proto", "quoted_src", "quoted_dst",
				  "quoted_sport", "quoted_dport" } },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct packet_view pkt;

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		/* Each kind that another packet may have left there. */
		for (uint8_t kind = 0; kind <= DETAIL_QUOTE; kind++) {
			sample_packet(&pkt, cases[i].protonum);
			memset(&pkt.detail, 0xa5, sizeof(pkt.detail));
			pkt.detail.kind = kind;
			pkt.detail.chunks = DETAIL_CHUNKS;
			report_packet(r, &pkt);
			read_line(r);
			for (const char *const *name = cases[i].names; *name; name++)
				assert_value(*name, 'z', "null");
		}
	}
	free(r);
}

/* tcpdump's letters in its order, for each of the 256 combinations. */
static void json_packet_flags(void **state)
{
	static const char letters[] = "FSRP.UEW";
	struct report *r = sample_report(REPORT_JSON);
	struct packet_view pkt;

	(void)state;
	sample_packet(&pkt, CT_L4_TCP);
	pkt.summary.tcp = true;
	for (unsigned int flags = 0; flags < 256; flags++) {
		char expected[9] = "";

		for (unsigned int bit = 0; bit < 8; bit++)
			if (flags >> bit & 1)
				strncat(expected, letters + bit, 1);
		pkt.summary.flags = (uint8_t)flags;
		report_packet(r, &pkt);
		read_line(r);
		assert_value("flags", 's', flags ? expected : "none");
	}
	free(r);
}

/* No reason breaks the grammar or is changed on its way through JSON. */
static void json_packet_every_reason(void **state)
{
	struct report *r = sample_report(REPORT_JSON);
	static struct out text;
	struct packet_view pkt;

	(void)state;
	for (int i = 0; i < CT_REASON_COUNT; i++) {
		sample_packet(&pkt, CT_L4_UDP);
		sample_reason(&pkt, (enum ct_reason)i);
		pkt.v.ctstate = CT_INVALID;
		report_packet(r, &pkt);
		read_line(r);
		out_init(&text, -1);
		out_reasons(&text, &pkt.v);
		text.buf[text.len] = '\0';
		assert_value("reason", 's', text.buf);
		assert_value("reason_code", 's', ct_reason_code((enum ct_reason)i));
	}
	free(r);
}

static void json_packet_bounds(void **state)
{
	static const struct expected bounds[] = {
		{ "seq", 'n', "1" }, { "seq_end", 'n', "2" }, { "ack", 'n', "3" },
		{ "seq_lower", 'n', "4" }, { "seq_upper", 'n', "4294967295" },
		{ "ack_lower", 'n', "6" }, { "ack_upper", 'n', "7" },
		{ "bound_frame", 'n', "8" },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct packet_view pkt;

	(void)state;
	sample_packet(&pkt, CT_L4_TCP);
	pkt.v.windowed = true;
	pkt.v.window = (struct ct_window){
		.seq = 1, .end = 2, .ack = 3, .seq_lower = 4,
		.seq_upper = UINT32_MAX, .ack_lower = 6, .ack_upper = 7, .frame = 8,
	};
	report_packet(r, &pkt);
	read_line(r);
	for (size_t i = 0; i < ITEMS(bounds); i++)
		assert_string_equal(m.value[m.n - ITEMS(bounds) + i].name,
				    bounds[i].name);
	for (size_t i = 0; i < ITEMS(bounds); i++)
		assert_value(bounds[i].name, bounds[i].kind, bounds[i].text);
	pkt.v.window.frame = 0;		/* unknown */
	report_packet(r, &pkt);
	read_line(r);
	assert_value("bound_frame", 'z', "null");
	free(r);
}

/* 2^64 - 1 is a number like others (RFC 8259 section 6 sets no limit). */
static void json_packet_largest_numbers(void **state)
{
	struct report *r = sample_report(REPORT_JSON);
	struct packet_view pkt;

	(void)state;
	sample_packet(&pkt, 255);
	pkt.number = pkt.v.id = UINT64_MAX;
	pkt.len = UINT32_MAX;
	report_packet(r, &pkt);
	read_line(r);
	assert_value("number", 'n', "18446744073709551615");
	assert_value("id", 'n', "18446744073709551615");
	assert_value("length", 'n', "4294967295");
	assert_value("protonum", 'n', "255");
	free(r);
}

static void json_frame_members(void **state)
{
	static const struct expected expected[] = {
		{ "type", 's', "frame" }, { "number", 'n', "3" },
		{ "time", 's', "2001-09-09T01:46:40.000000000Z" },
		{ "class", 's', "arp" },
	};
	struct report *r = sample_report(REPORT_JSON);

	(void)state;
	report_frame(r, 3, SAMPLE_TIME, "arp");
	read_line(r);
	assert_members(expected, ITEMS(expected));
	free(r);
}

static void json_record_members(void **state)
{
	static const struct expected expected[] = {
		{ "type", 's', "conntrack" },
		{ "at", 's', "2001-09-09T01:46:40.000000000Z" },
		{ "id", 'n', "21" }, { "l3proto", 's', "ipv4" },
		{ "proto", 's', "icmp" }, { "protonum", 'n', "1" },
		{ "timeout", 'n', "30" }, { "state", 'z', "null" },
		{ "orig_src", 's', "192.0.2.1" },
		{ "orig_dst", 's', "198.51.100.2" },
		{ "orig_type", 'n', "81" }, { "orig_code", 'n', "0" },
		{ "orig_id", 'n', "40001" }, { "orig_packets", 'n', "101" },
		{ "orig_bytes", 'n', "1001" },
		{ "reply_src", 's', "198.51.100.2" },
		{ "reply_dst", 's', "192.0.2.1" }, { "reply_type", 'n', "66" },
		{ "reply_code", 'n', "0" }, { "reply_id", 'n', "82" },
		{ "reply_packets", 'n', "102" }, { "reply_bytes", 'n', "1002" },
		{ "status", 'a', "[\"UNREPLIED\"]" }, { "delta_time", 'n', "11" },
		{ "first_seen", 's', "2001-09-09T01:46:40.000000000Z" },
		{ "last_seen", 's', "2001-09-09T01:46:47.000000000Z" },
		{ "helper", 'z', "null" }, { "master", 'z', "null" },
		{ "mark", 'n', "0" }, { "zone", 'n', "0" }, { "use", 'n', "1" },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct ct_record rec;

	(void)state;
	sample_record(&rec, CT_L4_ICMP);
	r->acct = r->timestamp = r->snapshot = true;
	r->snapshot_at = SAMPLE_TIME;
	json_record(r, &rec);
	read_line(r);
	assert_members(expected, ITEMS(expected));
	free(r);
}

static void json_record_status(void **state)
{
	static const struct { uint32_t bits; const char *status; } cases[] = {
		{ 0, "[\"UNREPLIED\"]" },
		{ CT_STATUS_SEEN_REPLY, "[]" },
		{ CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED, "[\"ASSURED\"]" },
		{ CT_STATUS_ASSURED, "[\"UNREPLIED\",\"ASSURED\"]" },
		{ CT_STATUS_CONFIRMED | CT_STATUS_EXPECTED, "[\"UNREPLIED\"]" },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct ct_record rec;

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		sample_record(&rec, CT_L4_UDP);
		rec.status = cases[i].bits;
		json_record(r, &rec);
		read_line(r);
		assert_value("status", 'a', cases[i].status);
	}
	free(r);
}

static void json_event_nulls(void **state)
{
	struct report *r = sample_report(REPORT_JSON);
	struct ct_event ev = { .type = CT_EVENT_DESTROY, .when = SAMPLE_TIME };

	(void)state;
	sample_record(&ev.record, CT_L4_SCTP);
	ev.record.state = CT_SCTP_CLOSED;
	ev.record.expires = ev.record.now;
	report_event(r, &ev);
	read_line(r);
	assert_value("event", 's', "DESTROY");
	assert_value("timeout", 'z', "null");
	assert_value("state", 's', "CLOSED");
	ev.type = CT_EVENT_UPDATE;
	ev.changed = CT_CHANGED_ASSURED;
	report_event(r, &ev);
	read_line(r);
	assert_value("event", 's', "UPDATE");
	assert_value("timeout", 'n', "0");
	assert_value("state", 'z', "null");
	free(r);
}

static void json_expect_members(void **state)
{
	static const struct expected expected[] = {
		{ "type", 's', "expect_event" },
		{ "expect_event", 's', "NEW" },
		{ "time", 's', "2001-09-09T01:46:40.000000000Z" },
		{ "id", 'n', "31" }, { "master", 'n', "22" },
		{ "l3proto", 's', "ipv4" }, { "proto", 's', "gre" },
		{ "protonum", 'n', "47" }, { "timeout", 'n', "33" },
		{ "src", 's', "192.0.2.1" }, { "dst", 's', "198.51.100.2" },
		{ "srckey", 'n', "40001" }, { "dstkey", 'n', "81" },
		{ "mask_src", 's', "255.255.255.255" },
		{ "mask_srckey", 'n', "65535" }, { "permanent", 'f', "false" },
		{ "inactive", 't', "true" }, { "class", 'n', "0" },
		{ "class_name", 'z', "null" }, { "helper", 's', "pptp" },
	};
	struct report *r = sample_report(REPORT_JSON);
	struct ct_expect_event ev = { .type = CT_EVENT_NEW, .when = SAMPLE_TIME };

	(void)state;
	sample_expect(&ev.record, CT_L4_GRE);
	ev.record.inactive = true;
	report_expect_event(r, &ev);
	read_line(r);
	assert_members(expected, ITEMS(expected));
	ev.record.class_name = "rtp";
	json_expect(r, &ev.record);
	read_line(r);
	assert_value("type", 's', "expect");
	assert_value("class_name", 's', "rtp");
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_packet_tcp),
		cmocka_unit_test(json_packet_without_header),
		cmocka_unit_test(json_packet_without_detail),
		cmocka_unit_test(json_packet_flags),
		cmocka_unit_test(json_packet_every_reason),
		cmocka_unit_test(json_packet_bounds),
		cmocka_unit_test(json_packet_largest_numbers),
		cmocka_unit_test(json_frame_members),
		cmocka_unit_test(json_record_members),
		cmocka_unit_test(json_record_status),
		cmocka_unit_test(json_event_nulls),
		cmocka_unit_test(json_expect_members),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
