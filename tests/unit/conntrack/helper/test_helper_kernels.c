/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the helpers of other kernels than the default one do: each text to a
 * kernel without a behaviour and to one with it.  Read off the sources of Linux
 * 5.10.223, 5.10.262, 6.1.176 and 7.3.4.
 */
#include "support/session.h"

#include <stdio.h>
#include <string.h>

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define IP "3221225994"		/* the client's address as DCC writes it */
#define SERVER_IP "3325256724"
#define SEND "PRIVMSG joe :\1DCC SEND file "
#define REGISTER "REGISTER sip:x SIP/2.0\nCSeq: 1 REGISTER\n"

#define PARTIAL CT_REASON_HELP_FTP_PARTIAL
#define CONTACT CT_REASON_HELP_SIP_CONTACT
#define EXPIRES CT_REASON_HELP_SIP_EXPIRES
#define NO_CSEQ CT_REASON_HELP_SIP_NO_CSEQ

enum { IN_DEFAULT, NOT_IN_DEFAULT };

/* The port that is expected, or 0; or why the packet is dropped. */
struct outcome {
	uint16_t port;
	enum ct_reason drop;
};

static const struct reading {
	const char *name;
	const char *behaviour;
	int in;			/* whether the default kernel has it */
	uint8_t protonum;
	uint16_t port;
	const char *text;
	struct outcome without, with;
} readings[] = {
	{ "an octet above 255", "ftp-strict-numbers", NOT_IN_DEFAULT, CT_L4_TCP, 21,
	  "PORT 192,0,0,522,4,1\r\n", { 1025, 0 }, { 0, PARTIAL } },
	{ "a port of 17 bits", "ftp-strict-numbers", NOT_IN_DEFAULT, CT_L4_TCP, 21,
	  "EPRT |1|192.0.2.10|66561|\r\n", { 1025, 0 }, { 0, PARTIAL } },
	{ "numbers that fit", "ftp-strict-numbers", NOT_IN_DEFAULT, CT_L4_TCP, 21,
	  "EPRT |1|192.0.2.10|65535|\r\n", { 65535, 0 }, { 65535, 0 } },
	{ "no PRIVMSG", "irc-after-privmsg", IN_DEFAULT, CT_L4_TCP, 6667,
	  "NOTICE joe :hi \1DCC SEND file " IP " 1025\1\r\n", { 1025, 0 }, { 0, 0 } },
	{ "the server's address", "irc-own-address", IN_DEFAULT, CT_L4_TCP, 6667,
	  SEND SERVER_IP " 1025\1\r\n", { 1025, 0 }, { 0, 0 } },
	{ "another's address", "irc-own-address", IN_DEFAULT, CT_L4_TCP, 6667,
	  SEND "3221225995 1025\1\r\n", { 0, 0 }, { 0, 0 } },
	{ "a request behind a bad one", "irc-stop-after-bad", IN_DEFAULT, CT_L4_TCP,
	  6667, SEND "1 2 :\1DCC SEND file " IP " 1025\1\r\n", { 1025, 0 }, { 0, 0 } },
	{ "a keyword behind a bad one", "irc-stop-after-bad", IN_DEFAULT, CT_L4_TCP,
	  6667, "PRIVMSG joe :\1DCC SEND CHAT file " IP " 1025\1\r\n",
	  { 1025, 0 }, { 0, 0 } },
	{ "an address beyond 64 bits", "irc-number-saturates", NOT_IN_DEFAULT,
	  CT_L4_TCP, 6667, SEND "18446744076930777610 1025\1\r\n",
	  { 1025, 0 }, { 0, 0 } },
	{ "a port beyond 64 bits", "irc-number-saturates", NOT_IN_DEFAULT, CT_L4_TCP,
	  6667, SEND IP " 18446744073709552641\1\r\n", { 1025, 0 }, { 65535, 0 } },
	{ "a bad port", "sip-strict-numbers", IN_DEFAULT, CT_L4_UDP, 5060,
	  REGISTER "Contact: sip:" C4 ":80\nExpires: 60\n\n", { 0, CONTACT }, { 0, 0 } },
	{ "a bad port before a good one", "sip-strict-numbers", IN_DEFAULT, CT_L4_UDP,
	  5060, REGISTER "Contact: <sip:" C4 ":99999>\nContact: <sip:" C4 ":5080>\n"
	  "Expires: 60\n\n", { 0, CONTACT }, { 5080, 0 } },
	{ "a hexadecimal expires=", "sip-strict-numbers", IN_DEFAULT, CT_L4_UDP, 5060,
	  REGISTER "Contact: sip:" C4 ";expires=0x10\n\n", { 5060, 0 }, { 0, 0 } },
	{ "a long CSeq", "sip-strict-numbers", IN_DEFAULT, CT_L4_UDP, 5060,
	  "INVITE sip:x SIP/2.0\r\nCSeq: 000000000001 INVITE\r\n\r\nv=0\r\n"
	  "c=IN IP4 " C4 "\r\nm=audio 4000\r\n", { 4000, 0 }, { 0, NO_CSEQ } },
	{ "a CSeq whose lower bits are 0", "sip-strict-numbers", IN_DEFAULT, CT_L4_UDP,
	  5060, "INVITE sip:x SIP/2.0\nCSeq: 4294967296 INVITE\n\n",
	  { 0, NO_CSEQ }, { 0, NO_CSEQ } },
	{ "expires= without a number", "sip-expires-number", IN_DEFAULT, CT_L4_UDP,
	  5060, REGISTER "Contact: sip:" C4 ";expires=soon\nExpires: 60\n\n",
	  { 0, 0 }, { 0, EXPIRES } },
	{ "a Contact behind one with a name", "sip-walk-headers", IN_DEFAULT, CT_L4_UDP,
	  5060, REGISTER "m: sip:a@b\nm: sip:c@d\nContact: sip:" C4 ":5080\n"
	  "Expires: 60\n\n", { 0, 0 }, { 5080, 0 } },
};

static void hear(const struct reading *x, bool has, const struct outcome *o)
{
	bool differs = has != (x->in == IN_DEFAULT);
	struct session s;
	struct rig r;

	session_rig_kernel(&r, differs && !has ? x->behaviour : NULL,
			   differs && has ? x->behaviour : NULL);
	session_open(&s, &r, CT_L3_IPV4, x->protonum, x->port);
	/* FTP's helper reads what follows a line. */
	if (x->port == 21)
		session_say(&s, CT_DIR_ORIGINAL, "NOOP\r\n");
	session_say(&s, CT_DIR_ORIGINAL, x->text);
	if (r.v.dropped != (o->drop != 0) ||
	    (r.v.dropped && rig_reason(&r) != o->drop))
		fail_msg("%s: %s", has ? "with" : "without",
			 r.v.dropped ? ct_reason_code(rig_reason(&r)) : "accepted");
	if (session_expects(&s) == 0)
		assert_int_equal(o->port, 0);
	else
		assert_int_equal(s.expect[0].tuple.dport, o->port);
	rig_free(&r);
}

static void kernel_reads(void **state)
{
	const struct reading *x = *state;

	hear(x, false, &x->without);
	hear(x, true, &x->with);
}

/* A segment with a request whose newline is byte 'at', counted from 1. */
static size_t irc_newline_at(struct rig *r, uint32_t at)
{
	static const char request[] = SEND IP " 1025";
	char text[5000];
	struct session s;

	session_open(&s, r, CT_L3_IPV4, CT_L4_TCP, 6667);
	memset(text, 'x', sizeof(text));
	memcpy(text, request, strlen(request));
	text[strlen(request)] = ' ';
	text[at - 1] = '\n';
	session_send(&s, CT_DIR_ORIGINAL, text, sizeof(text));
	return session_expects(&s);
}

static void irc_long_segments(void **state)
{
	static const struct {
		const char *lacks;
		uint32_t at;
		size_t expected;
	} cases[] = {
		{ "irc-end", 4095, 1 }, { "irc-end", 4096, 1 }, { "irc-end", 4097, 0 },
		{ NULL, 4095, 1 }, { NULL, 4096, 0 },
		{ "irc-4095", 4096, 1 }, { "irc-4095", 5000, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		bool end = cases[i].lacks && strcmp(cases[i].lacks, "irc-end") == 0;
		struct ct_config cfg;
		struct rig r;

		/* 6.18.44 has the fix, as the releases from 6.18.40 on. */
		ct_config_defaults(&cfg);
		assert_true(ct_kernel_has(&cfg.kernel, CT_HAS_IRC_END) || !end);
		session_rig_kernel(&r, cases[i].lacks, NULL);
		if (irc_newline_at(&r, cases[i].at) != cases[i].expected)
			fail_msg("%s: a newline at byte %u",
				 cases[i].lacks ? cases[i].lacks : "default",
				 cases[i].at);
		rig_free(&r);
	}
}

#define INVITE_TCP(length) \
	"INVITE sip:x SIP/2.0\r\nCSeq: 1 INVITE\r\nContent-Length: " length \
	"\r\n\r\nv=0\r\nc=IN IP4 " C4 "\r\nm=image 4000\r\n"

/* 2^32 and the 34 bytes that the description has. */
static void sip_content_length(void **state)
{
	static const struct { const char *lacks, *length; size_t expected; } cases[] = {
		{ NULL, "39", 2 }, { NULL, "4294967335", 0 },
		{ "sip-strict-numbers", "4294967335", 0 },
		{ "sip-strict-numbers sip-content-length", "4294967335", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct session s;
		struct rig r;
		char text[300];

		session_rig_kernel(&r, cases[i].lacks, NULL);
		session_open(&s, &r, CT_L3_IPV4, CT_L4_TCP, 5060);
		snprintf(text, sizeof(text), INVITE_TCP("%s"), cases[i].length);
		session_say(&s, CT_DIR_ORIGINAL, text);
		if (session_expects(&s) != cases[i].expected)
			fail_msg("case %zu: %zu expectations", i, s.expects);
		rig_free(&r);
	}
}

/* The data connection of FTP, and who reads it. */
static void child_inherits_helper(void **state)
{
	(void)state;
	for (int has = 0; has < 2; has++) {
		struct session s;
		struct rig r;

		session_rig_kernel(&r, NULL, has ? "expect-inherits-helper" : NULL);
		session_open(&s, &r, CT_L3_IPV4, CT_L4_TCP, 21);
		session_say(&s, CT_DIR_ORIGINAL, "NOOP\r\n");
		session_say(&s, CT_DIR_ORIGINAL, "PORT 192,0,2,10,4,1\r\n");
		assert_int_equal(session_syn(&r, CT_L3_IPV4, S4, C4, 20, 1025),
				 CT_RELATED);
		assert_int_equal(rig_table(&r), 2);
		for (size_t i = 0; i < r.records; i++) {
			const struct ct_record *rec = &r.record[i];

			if (rec->tuple[0].dport == 21 || has)
				assert_string_equal(rec->helper, "ftp");
			else
				assert_null(rec->helper);
		}
		rig_free(&r);
	}
}

/* The port from which the answer to a question to port 1137 is expected. */
static void answer_from_port(void **state)
{
	(void)state;
	for (int has = 0; has < 2; has++) {
		struct ct_config cfg;
		struct session s;
		struct craft c;
		struct rig r;

		ct_config_defaults(&cfg);
		rig_kernel(&cfg, NULL, has ? "broadcast-source-port" : NULL);
		cfg.netbios_prefix = 24;
		for (unsigned int i = 0; i < CT_HELPERS; i++)
			if (strcmp(ct_helper_name(i), "netbios-ns") == 0)
				ct_config_add_helper(&cfg, i, 1137);
		rig_init(&r, &cfg);
		s.rig = &r;
		craft_udp(&c, CT_L3_IPV4, C4, "192.0.2.255", 5000, 1137, 20);
		rig_send(&r, &c);
		assert_int_equal(session_expects(&s), 1);
		assert_int_equal(s.expect[0].tuple.sport, has ? 1137 : 137);
		rig_free(&r);
	}
}

/* Linux 5.10 with nf_conntrack_helper, and without any rule. */
static void helper_by_port(void **state)
{
	(void)state;
	for (uint32_t on = 0; on < 2; on++) {
		struct ct_config cfg;
		struct session s;
		struct rig r;

		ct_config_defaults(&cfg);
		rig_kernel(&cfg, "helper-by-rule", NULL);
		assert_int_equal(ct_kernel_sysctl_set(&cfg.kernel, &cfg.sysctl,
						      "nf_conntrack_helper",
						      on ? "1" : "0"), CT_SYSCTL_OK);
		rig_init(&r, &cfg);
		session_open(&s, &r, CT_L3_IPV4, CT_L4_TCP, 21);
		session_say(&s, CT_DIR_ORIGINAL, "NOOP\r\n");
		session_say(&s, CT_DIR_ORIGINAL, "PORT 192,0,2,10,4,1\r\n");
		assert_int_equal(session_expects(&s), on);
		rig_free(&r);
	}
}

static void helper_sysctl_is_gone(void **state)
{
	struct ct_sysctl s;

	(void)state;
	ct_sysctl_defaults(&s);
	assert_int_equal(ct_sysctl_set(&s, "nf_conntrack_helper", "1"),
			 CT_SYSCTL_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(irc_long_segments),
		cmocka_unit_test(sip_content_length),
		cmocka_unit_test(child_inherits_helper),
		cmocka_unit_test(answer_from_port),
		cmocka_unit_test(helper_by_port),
		cmocka_unit_test(helper_sysctl_is_gone),
	};

	return rig_run_cases("helper_kernels", readings, sizeof(readings[0]),
			     ITEMS(readings), kernel_reads) |
	       cmocka_run_group_tests_name("helper_kernels", tests, NULL, NULL);
}
