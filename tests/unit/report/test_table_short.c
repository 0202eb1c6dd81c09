/* SPDX-License-Identifier: GPL-2.0-only */
/* The table for a terminal of 80 columns (--table-style short). */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/formats.h"
#include "support/craft.h"
#include "support/sample.h"

/* The longest that RFC 5952 allows: 39 characters. */
#define LONG_SRC "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1111"
#define LONG_DST "2001:1db8:aaaa:bbbb:cccc:dddd:eeee:2222"

static struct report *short_report(void)
{
	struct report *r = sample_report(REPORT_TEXT);

	r->table_style = TABLE_SHORT;
	return r;
}

static void assert_line(const struct ct_record *rec, const char *expected)
{
	struct report *r = short_report();

	report_record(r, rec);
	assert_string_equal(sample_printed(r), expected);
	free(r);
}

static void table_short_columns(void **state)
{
	struct ct_record rec;

	(void)state;
	sample_record(&rec, CT_L4_TCP);
	rec.state = CT_TCP_LAST_ACK;
	rec.status = CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED;
	rec.helper = "ftp";
	rec.master = 22;
	assert_line(&rec, "  21 tcp        30 LAST_ACK    A 192.0.2.1:40001 > "
			  "198.51.100.2:81 ftp master=22\n");
	sample_record(&rec, CT_L4_UDP);
	assert_line(&rec, "  21 udp        30 -           U 192.0.2.1:40001 > "
			  "198.51.100.2:81\n");
	rec.status = CT_STATUS_SEEN_REPLY;
	rec.expires = rec.now + 432000 * CT_NSEC_PER_SEC;
	assert_line(&rec, "  21 udp    432000 -           - 192.0.2.1:40001 > "
			  "198.51.100.2:81\n");
}

static void table_short_keys(void **state)
{
	struct ct_record rec;

	(void)state;
	sample_record(&rec, CT_L4_ICMP);
	assert_line(&rec, "  21 icmp       30 -           U 192.0.2.1 > "
			  "198.51.100.2 type=81 id=40001\n");
	rec.tuple[0].icmp_code = 3;
	assert_line(&rec, "  21 icmp       30 -           U 192.0.2.1 > "
			  "198.51.100.2 type=81 code=3\n"
			  "                                 id=40001\n");
	sample_record(&rec, CT_L4_GRE);
	assert_line(&rec, "  21 gre        30 -           U 192.0.2.1 > "
			  "198.51.100.2 key=0x9c41/0x51\n");
	sample_record(&rec, 253);
	assert_line(&rec, "  21 proto-253     30 -           U 192.0.2.1 > "
			  "198.51.100.2\n");
}

static void table_short_sysctls(void **state)
{
	struct report *r = short_report();
	struct ct_record rec;

	(void)state;
	sample_record(&rec, CT_L4_UDP);
	r->acct = r->timestamp = true;
	report_record(r, &rec);
	assert_string_equal(sample_printed(r),
			    "  21 udp        30 -           U 192.0.2.1:40001 > "
			    "198.51.100.2:81\n"
			    "                                 packets=101/102 "
			    "bytes=1001/1002 age=11\n");
	free(r);
}

static void table_short_long_addresses(void **state)
{
	struct ct_record rec;

	(void)state;
	sample_record(&rec, CT_L4_SCTP);
	rec.state = CT_SCTP_SHUTDOWN_ACK_SENT;
	rec.status = CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED;
	rec.tuple[0].l3num = CT_L3_IPV6;
	rec.tuple[0].src = craft_address(LONG_SRC);
	rec.tuple[0].dst = craft_address(LONG_DST);
	assert_line(&rec,
		    "  21 sctp       30 SHUTDOWN_ACK_SENT A\n"
		    "                                 [" LONG_SRC "]:40001\n"
		    "                               > [" LONG_DST "]:81\n");
	rec.state = CT_SCTP_ESTABLISHED;
	rec.tuple[0].dport = 65535;
	assert_line(&rec,
		    "  21 sctp       30 ESTABLISHED A [" LONG_SRC "]:40001\n"
		    "                               > [" LONG_DST "]:65535\n");
}

/* Whatever an entry holds, no line is longer than a terminal's. */
static void table_short_width(void **state)
{
	static const uint8_t protos[] = { CT_L4_TCP, CT_L4_SCTP, CT_L4_UDPLITE,
					  CT_L4_ICMPV6, CT_L4_GRE, 255 };
	struct report *r = short_report();
	struct ct_record rec;

	(void)state;
	r->acct = r->timestamp = true;
	for (size_t i = 0; i < ITEMS(protos); i++) {
		sample_record(&rec, protos[i]);
		rec.id = 99999999;
		rec.tuple[0].l3num = CT_L3_IPV6;
		rec.tuple[0].src = craft_address(LONG_SRC);
		rec.tuple[0].dst = craft_address(LONG_DST);
		rec.expires = rec.now + 2147483647 * CT_NSEC_PER_SEC;
		rec.counter[0].bytes = rec.counter[1].bytes = UINT64_MAX;
		rec.helper = "netbios-ns";
		rec.master = UINT64_MAX;
		report_record(r, &rec);
		for (const char *line = sample_printed(r); *line;
		     line = strchr(line, '\n') + 1)
			assert_in_range(strcspn(line, "\n"), 1, 80);
	}
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_short_columns),
		cmocka_unit_test(table_short_keys),
		cmocka_unit_test(table_short_sysctls),
		cmocka_unit_test(table_short_long_addresses),
		cmocka_unit_test(table_short_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
