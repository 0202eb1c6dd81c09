/* SPDX-License-Identifier: GPL-2.0-only */
/* test_ftp.c - which lines of FTP announce a data connection, and which have
 * their packet dropped. */
#include "support/session.h"

#include <string.h>

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define C6 "2001:db8:1::10"
#define S6 "2001:db8:2::20"

#define V4 CT_L3_IPV4
#define V6 CT_L3_IPV6
#define CL CT_DIR_ORIGINAL
#define SV CT_DIR_REPLY

enum outcome { NOTHING, EXPECTED, PARTIAL, OTHER_ADDRESS, TLS };

static const enum ct_reason outcome_reason[] = {
	[PARTIAL] = CT_REASON_HELP_FTP_PARTIAL,
	[OTHER_ADDRESS] = CT_REASON_HELP_OTHER_ADDR,
	[TLS] = CT_REASON_HELP_TLS,
};

struct line {
	const char *name;
	uint8_t l3num;
	enum ct_dir dir;
	const char *text;
	enum outcome outcome;
	uint16_t port;
};

static const struct line lines[] = {
	/* PORT: RFC 959 */
	{ "PORT", V4, CL, "PORT 192,0,2,10,4,1\r\n", EXPECTED, 1025 },
	{ "port in small letters", V4, CL, "port 192,0,2,10,4,1\r\n", EXPECTED, 1025 },
	{ "PORT and more behind it", V4, CL, "PORTS x 192,0,2,10,4,1\r\n", PARTIAL, 0 },
	{ "anything up to the blank", V4, CL, "PORTxx 192,0,2,10,4,1\r\n", EXPECTED, 1025 },
	{ "PORT of another host", V4, CL, "PORT 192,0,2,11,4,1\r\n", OTHER_ADDRESS, 0 },
	{ "octets that spill over", V4, CL, "PORT 192,0,0,522,4,1\r\n", EXPECTED, 1025 },
	{ "a number of 33 bits", V4, CL, "PORT 4294967488,0,2,10,4,1\r\n", EXPECTED, 1025 },
	{ "an empty number", V4, CL, "PORT 192,,2,10,4,1\r\n", EXPECTED, 1025 },
	{ "port 0", V4, CL, "PORT 192,0,2,10,0,0\r\n", EXPECTED, 0 },
	{ "a port of 17 bits", V4, CL, "PORT 192,0,2,10,260,1\r\n", EXPECTED, 1025 },
	{ "PORT without CR", V4, CL, "PORT 192,0,2,10,4,1\n", PARTIAL, 0 },
	{ "seven numbers", V4, CL, "PORT 192,0,2,10,4,1,5\r\n", PARTIAL, 0 },
	{ "five numbers", V4, CL, "PORT 192,0,2,10,4\r\n", PARTIAL, 0 },
	{ "cut within a number", V4, CL, "PORT 192,0,2,10,4,1", PARTIAL, 0 },
	{ "PORT alone", V4, CL, "PORT", PARTIAL, 0 },
	{ "PORT and CRLF", V4, CL, "PORT\r\n", PARTIAL, 0 },
	{ "PORT and a blank", V4, CL, "PORT ", PARTIAL, 0 },
	{ "one letter", V4, CL, "p", PARTIAL, 0 },
	{ "another letter", V4, CL, "x", NOTHING, 0 },
	{ "PASV", V4, CL, "PASV\r\n", NOTHING, 0 },
	{ "PORT of the server", V4, SV, "PORT 198,51,100,20,4,1\r\n", NOTHING, 0 },
	{ "PORT over IPv6", V6, CL, "PORT 192,0,2,10,4,1\r\n", OTHER_ADDRESS, 0 },
	/* the first four octets of 2001:db8:1::10 */
	{ "PORT over IPv6 that fits", V6, CL, "PORT 32,1,13,184,4,1\r\n", EXPECTED, 1025 },

	/* EPRT: RFC 2428 */
	{ "EPRT", V4, CL, "EPRT |1|192.0.2.10|1025|\r\n", EXPECTED, 1025 },
	{ "EPRT with other delimiters", V4, CL, "eprt !1!192.0.2.10!1025!\r\n", EXPECTED, 1025 },
	{ "EPRT with a letter between", V4, CL, "EPRT a1a192.0.2.10a1025a\r\n", EXPECTED, 1025 },
	{ "EPRT with digits between", V4, CL, "EPRT 111192.0.2.10110251\r\n", PARTIAL, 0 },
	{ "EPRT with dots between", V4, CL, "EPRT .1.192.0.2.10.1025.\r\n", PARTIAL, 0 },
	{ "EPRT with DEL between", V4, CL, "EPRT \1771\177192.0.2.10\1771025\177\r\n", PARTIAL, 0 },
	{ "EPRT of IPv6 over IPv4", V4, CL, "EPRT |2|::1|1025|\r\n", PARTIAL, 0 },
	{ "EPRT of IPv4 over IPv6", V6, CL, "EPRT |1|192.0.2.10|1025|\r\n", PARTIAL, 0 },
	{ "EPRT of another host", V4, CL, "EPRT |1|192.0.2.11|1025|\r\n", OTHER_ADDRESS, 0 },
	{ "EPRT with three numbers", V4, CL, "EPRT |1|192.0.2|1025|\r\n", PARTIAL, 0 },
	{ "EPRT, port 0", V4, CL, "EPRT |1|192.0.2.10|0|\r\n", PARTIAL, 0 },
	{ "EPRT, a port of 17 bits", V4, CL, "EPRT |1|192.0.2.10|66561|\r\n", EXPECTED, 1025 },
	{ "EPRT, no port", V4, CL, "EPRT |1|192.0.2.10||\r\n", PARTIAL, 0 },
	{ "EPRT, a port with letters", V4, CL, "EPRT |1|192.0.2.10|x|\r\n", PARTIAL, 0 },
	{ "EPRT cut behind the port", V4, CL, "EPRT |1|192.0.2.10|1025", PARTIAL, 0 },
	{ "EPRT cut behind its blank", V4, CL, "EPRT |1|", PARTIAL, 0 },
	{ "EPRT over IPv6", V6, CL, "EPRT |2|2001:db8:1::10|1025|\r\n", EXPECTED, 1025 },
	{ "in capitals", V6, CL, "EPRT |2|2001:DB8:1::10|1025|\r\n", EXPECTED, 1025 },
	{ "all eight words", V6, CL, "EPRT |2|2001:db8:1:0:0:0:0:10|1025|\r\n", EXPECTED, 1025 },
	{ "words with zeros before", V6, CL, "EPRT |2|2001:000db8:1::0010|1025|\r\n", EXPECTED, 1025 },
	{ "with an IPv4 address", V6, CL, "EPRT |2|2001:db8:1::0.0.0.16|1025|\r\n", EXPECTED, 1025 },
	{ "that a colon closes", V6, CL, "EPRT |2|2001:db8:1::0.0.0.16:1025|\r\n", EXPECTED, 1025 },
	{ "nine words", V6, CL, "EPRT |2|2001:db8:1:0:0:0:0:0:10|1025|\r\n", PARTIAL, 0 },
	{ "seven words", V6, CL, "EPRT |2|2001:db8:1:0:0:0:10|1025|\r\n", PARTIAL, 0 },
	{ "five digits", V6, CL, "EPRT |2|2001:db8:1::10000|1025|\r\n", PARTIAL, 0 },
	{ "with a zone", V6, CL, "EPRT |2|2001:db8:1::10%eth0|1025|\r\n", PARTIAL, 0 },
	{ "without an address", V6, CL, "EPRT |2||1025|\r\n", PARTIAL, 0 },
	{ "of another host", V6, CL, "EPRT |2|2001:db8:1::11|1025|\r\n", OTHER_ADDRESS, 0 },
	{ "cut within the address", V6, CL, "EPRT |2|2001:db8:1::10", PARTIAL, 0 },

	/* The reply to PASV: RFC 959, RFC 1123 */
	{ "227", V4, SV, "227 Entering Passive Mode (198,51,100,20,4,1).\r\n", EXPECTED, 1025 },
	{ "227 without parentheses", V4, SV, "227 198,51,100,20,4,1\r\n", EXPECTED, 1025 },
	{ "227 with =", V4, SV, "227 =198,51,100,20,4,1\r\n", EXPECTED, 1025 },
	{ "227 cut behind the last digit", V4, SV, "227 (198,51,100,20,4,1", PARTIAL, 0 },
	{ "227 with another number first", V4, SV, "227 ok 1 (198,51,100,20,4,1)\r\n", PARTIAL, 0 },
	{ "227 without a number", V4, SV, "227 Entering Passive Mode\r\n", PARTIAL, 0 },
	{ "227-", V4, SV, "227-Entering\r\n", NOTHING, 0 },
	{ "227 of another host", V4, SV, "227 (203,0,113,30,4,1)\r\n", OTHER_ADDRESS, 0 },
	{ "22", V4, SV, "22", PARTIAL, 0 },
	{ "220", V4, SV, "220 ready\r\n", NOTHING, 0 },
	{ "227 of the client", V4, CL, "227 (192,0,2,10,4,1)\r\n", NOTHING, 0 },

	/* The reply to EPSV */
	{ "229", V4, SV, "229 Entering Extended Passive Mode (|||1025|)\r\n", EXPECTED, 1025 },
	{ "229 over IPv6", V6, SV, "229 Entering Extended Passive Mode (|||1025|)\r\n", EXPECTED, 1025 },
	{ "229 with parentheses between", V4, SV, "229 (((((1025(\r\n", PARTIAL, 0 },
	{ "229 with stars between", V4, SV, "229 (***1025*\r\n", EXPECTED, 1025 },
	{ "229 with digits between", V4, SV, "229 (111102511)\r\n", PARTIAL, 0 },
	{ "229 with an address", V4, SV, "229 (|1|198.51.100.20|1025|)\r\n", PARTIAL, 0 },
	{ "229, port 0", V4, SV, "229 (|||0|)\r\n", PARTIAL, 0 },
	{ "229 cut behind the port", V4, SV, "229 (|||1025", PARTIAL, 0 },
	{ "229 cut behind the delimiters", V4, SV, "229 (|||", PARTIAL, 0 },
	{ "229 without parenthesis", V4, SV, "229 |||1025|\r\n", PARTIAL, 0 },
	{ "229 that ends with the parenthesis", V4, SV, "229 (", PARTIAL, 0 },

	/* RFC 4217: the control connection is TLS after this answer */
	{ "234", V4, SV, "234 AUTH TLS successful\r\n", TLS, 0 },
	{ "234 of the client", V4, CL, "234 x\r\n", NOTHING, 0 },
	{ "2340", V4, SV, "2340 x\r\n", NOTHING, 0 },
};

static void open_ftp(struct session *s, struct rig *r, uint8_t l3num)
{
	session_rig(r);
	session_open(s, r, l3num, CT_L4_TCP, 21);
	session_say(s, SV, "220 ready\r\n");
	session_say(s, CL, "USER anonymous\r\n");
	assert_int_equal(r->v.dropped, false);
}

static void ftp_reads_line(void **state)
{
	const struct line *l = *state;
	struct session s;
	struct rig r;

	open_ftp(&s, &r, l->l3num);
	session_say(&s, l->dir, l->text);
	rig_expect(&r, l->name, CT_ESTABLISHED, l->dir,
		   outcome_reason[l->outcome]);
	assert_int_equal(r.v.dropped, l->outcome == PARTIAL);
	if (l->outcome == EXPECTED)
		session_only(&s, l->name, CT_L4_TCP, s.ends[!l->dir],
			     s.ends[l->dir], l->port);
	else
		assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void ftp_active_mode(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ftp(&s, &r, V4);
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	session_expects(&s);
	session_check_helper(&s, "ftp", 300);
	assert_int_equal(s.expect[0].master, 1);
	assert_int_equal(session_syn(&r, V4, S4, C4, 2000, 1026), CT_NEW);
	assert_int_equal(session_syn(&r, V4, C4, S4, 20, 1025), CT_NEW);
	assert_int_equal(session_syn(&r, V4, S4, C4, 20, 1025), CT_RELATED);
	assert_int_equal(session_expects(&s), 0);
	rig_table(&r);
	assert_int_equal(r.record[3].master, 1);
	assert_null(r.record[3].helper);
	assert_string_equal(r.record[0].helper, "ftp");
	assert_int_equal(r.record[0].use, 3);
	/* Used up. */
	assert_int_equal(session_syn(&r, V4, S4, C4, 21, 1025), CT_NEW);
	rig_free(&r);
}

static void ftp_other_source(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ftp(&s, &r, V4);
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_syn(&r, V4, "203.0.113.30", C4, 20, 1025), CT_NEW);
	rig_free(&r);
}

/* A connection has one expectation, the newest, for five minutes. */
static void ftp_expects_one_at_a_time(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ftp(&s, &r, V6);
	session_say(&s, CL, "EPRT |2|" C6 "|1025|\r\n");
	session_say(&s, SV, "229 (|||1026|)\r\n");
	session_only(&s, "second", CT_L4_TCP, C6, S6, 1026);
	rig_wait(&r, 299900);
	assert_int_equal(session_expects(&s), 1);
	rig_wait(&r, 200);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void announce(struct session *s)
{
	session_say(s, CL, "NOOP\r\n");
	session_say(s, CL, "PORT 192,0,2,10,4,1\r\n");
}

static void ftp_clash_drops_packet(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ftp(&s, &r, V4);
	session_clash(&s, announce, CT_ESTABLISHED, CL, CT_REASON_HELP_NO_EXPECT);
	assert_int_equal(s.expects, 1);
	assert_int_equal(s.expect[0].master, 1);
	rig_free(&r);
}

/* A command counts only at the beginning of a line. */
static void ftp_reads_only_line_beginnings(void **state)
{
	struct session s;
	struct rig r;
	uint32_t seq;

	(void)state;
	session_rig(&r);
	session_open(&s, &r, V4, CT_L4_TCP, 21);
	/* The end of the line before it was not seen. */
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_expects(&s), 0);
	session_say(&s, CL, "STOR ");
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_expects(&s), 0);
	/* In two segments: the first is dropped. */
	seq = s.seq[CL];
	session_say(&s, CL, "PORT 192,0,2,");
	assert_int_equal(r.v.why[0].n[0], 0);
	assert_string_equal(ct_ftp_pattern(0), "PORT");
	session_say_at(&s, CL, seq, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_expects(&s), 1);
	rig_free(&r);
}

/* The helper remembers the two newest line ends. */
static void ftp_remembers_two_line_ends(void **state)
{
	struct session s;
	struct rig r;
	uint32_t seq[4];

	(void)state;
	open_ftp(&s, &r, V4);
	for (unsigned int i = 0; i < 4; i++) {
		seq[i] = s.seq[CL];
		session_say(&s, CL, "NOOP\r\n");
	}
	/* seq[3] and the end of the last line. */
	session_say_at(&s, CL, seq[2], "P");
	assert_false(r.v.dropped);
	session_say_at(&s, CL, seq[3], "P");
	assert_true(r.v.dropped);
	/* An older line end does not replace a newer one. */
	session_say_at(&s, CL, seq[0], "NOOP\r\n");
	session_say_at(&s, CL, seq[1], "P");
	assert_false(r.v.dropped);
	session_say_at(&s, CL, seq[3], "P");
	assert_true(r.v.dropped);
	session_say(&s, CL, "P");
	assert_true(r.v.dropped);
	rig_free(&r);
}

/* The reason names the pattern. */
static void ftp_partial_names_pattern(void **state)
{
	static const struct { enum ct_dir dir; const char *text, *name; } cases[] = {
		{ CL, "PO", "PORT" }, { CL, "EP", "EPRT" },
		{ SV, "227", "227 " }, { SV, "229", "229 " },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct session s;
		struct rig r;

		open_ftp(&s, &r, V4);
		session_say(&s, cases[i].dir, cases[i].text);
		assert_int_equal(rig_reason(&r), CT_REASON_HELP_FTP_PARTIAL);
		assert_string_equal(ct_ftp_pattern(r.v.why[0].n[0]), cases[i].name);
		rig_free(&r);
	}
}

/* Bytes that the snap length cut off are zero. */
static void ftp_cut_segment(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ftp(&s, &r, V4);
	session_say_cut(&s, CL, "NOOP\r\n", 0);
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_expects(&s), 0);
	session_say_cut(&s, CL, "PORT 192,0,2,10,4,1\r\n", 12);
	assert_int_equal(rig_reason(&r), CT_REASON_HELP_FTP_PARTIAL);
	assert_int_equal(r.v.nwhy, 2);
	assert_int_equal(r.v.why[1].reason, CT_REASON_HELP_CUT);
	rig_free(&r);
}

static void ftp_connection_not_established(void **state)
{
	struct session s;
	struct rig r;
	struct craft c;

	(void)state;
	session_rig(&r);
	session_open(&s, &r, V4, CT_L4_TCP, 2121);
	session_say(&s, CL, "NOOP\r\n");
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_expects(&s), 0);
	/* Data in a SYN, then no data at all. */
	craft_ip(&c, V4, C4, S4, CT_L4_TCP);
	craft_tcp_header(&c, &(struct craft_tcp){ .sport = 41000, .dport = 21,
						  .seq = 1, .flags = "S", .win = 1 });
	craft_bytes(&c, "NOOP\r\n", 6);
	craft_end(&c);
	craft_sum(&c, 16);
	rig_send(&r, &c);
	assert_int_equal(r.v.ctstate, CT_NEW);
	assert_int_equal(r.v.nwhy, 0);
	rig_free(&r);
}

/* An ICMP error about a packet of the client belongs to the connection, but its
 * bytes are not FTP: nf_confirm() calls no helper for IP_CT_RELATED_REPLY. */
static void ftp_icmp_error(void **state)
{
	struct craft quoted, c;
	struct session s;
	struct rig r;

	(void)state;
	open_ftp(&s, &r, V4);
	session_say(&s, CL, "NOOP\r\n");
	craft_ip(&quoted, V4, C4, S4, CT_L4_TCP);
	craft_tcp_header(&quoted, &(struct craft_tcp){
			.sport = s.ports[0], .dport = s.ports[1],
			.seq = s.seq[0], .flags = "P." });
	craft_bytes(&quoted, "PORT 192,0,2,10,4,1\r\n", 21);
	craft_end(&quoted);
	craft_icmp_error(&c, "198.51.100.1", C4, 3, 1, &quoted, quoted.n);
	rig_send(&r, &c);
	rig_expect(&r, "unreachable", CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE);
	assert_int_equal(session_expects(&s), 0);
	/* The next line still counts. */
	session_say(&s, CL, "PORT 192,0,2,10,4,1\r\n");
	assert_int_equal(session_expects(&s), 1);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ftp_active_mode),
		cmocka_unit_test(ftp_other_source),
		cmocka_unit_test(ftp_expects_one_at_a_time),
		cmocka_unit_test(ftp_clash_drops_packet),
		cmocka_unit_test(ftp_reads_only_line_beginnings),
		cmocka_unit_test(ftp_remembers_two_line_ends),
		cmocka_unit_test(ftp_partial_names_pattern),
		cmocka_unit_test(ftp_cut_segment),
		cmocka_unit_test(ftp_connection_not_established),
		cmocka_unit_test(ftp_icmp_error),
	};
	int failed = cmocka_run_group_tests_name("ftp", tests, NULL, NULL);

	failed += rig_run_cases("ftp lines", lines, sizeof(lines[0]), ITEMS(lines),
				ftp_reads_line);
	return failed != 0;
}
