/* SPDX-License-Identifier: GPL-2.0-only */
/* test_irc.c - which messages of IRC announce a direct connection. */
#include "support/session.h"

#include <stdio.h>
#include <string.h>

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define IP "3221225994"		/* the client's address as DCC writes it */

#define PORT 6667

struct message {
	const char *name, *text;
	int port;		/* 0: none is expected */
};

#define OTHER_ADDRESS (-1)	/* none, and the address is named */

static const struct message messages[] = {
	{ "SEND", "PRIVMSG joe :\1DCC SEND file " IP " 1025 77\1\r\n", 1025 },
	{ "CHAT", "PRIVMSG joe :\1DCC CHAT chat " IP " 1025\1\r\n", 1025 },
	{ "MOVE", "PRIVMSG joe :\1DCC MOVE x " IP " 1025\1\r\n", 1025 },
	{ "TSEND", "PRIVMSG joe :\1DCC TSEND x " IP " 1025\1\r\n", 1025 },
	{ "SCHAT", "PRIVMSG joe :\1DCC SCHAT x " IP " 1025\1\r\n", 1025 },
	{ "ACCEPT", "PRIVMSG joe :\1DCC ACCEPT x " IP " 1025\1\r\n", 0 },
	{ "small letters", "PRIVMSG joe :\1DCC send x " IP " 1025\1\r\n", 0 },
	{ "privmsg in small letters", "privmsg joe :\1DCC SEND x " IP " 1025\1\r\n", 1025 },
	{ "blank lines before", " \r\n\r\nPRIVMSG joe :\1DCC SEND x " IP " 1025\1\r\n", 1025 },
	{ "NOTICE", "NOTICE joe :\1DCC SEND file " IP " 1025\1\r\n", 0 },
	{ "with a prefix", ":me PRIVMSG joe :\1DCC SEND file " IP " 1025\1\r\n", 0 },
	{ "words before it", "PRIVMSG joe :hi \1DCC SEND file " IP " 1025\1\r\n", 0 },
	{ "no CTCP", "PRIVMSG joe :DCC SEND file " IP " 1025\r\n", 0 },
	{ "not closed", "PRIVMSG joe :\1DCC SEND file " IP " 1025\n", 1025 },
	{ "cut in front of the line's end", "PRIVMSG joe :\1DCC SEND file " IP " 1025\1", 0 },
	{ "without a name", "PRIVMSG joe :\1DCC SEND  " IP " 1025\r\n", 1025 },
	{ "a name of two words", "PRIVMSG joe :\1DCC SEND my file " IP " 1025\r\n", 0 },
	{ "a name up to the end", "PRIVMSG joe :\1DCC SEND filefilefilefilefile\r\n", 0 },
	{ "blanks", "PRIVMSG joe :\1DCC SEND file " IP "   1025\r\n", 1025 },
	{ "no blank", "PRIVMSG joe :\1DCC SEND file " IP "\r\n\r\n", 0 },
	{ "another's address", "PRIVMSG joe :\1DCC SEND file 3221225995 1025\r\n", OTHER_ADDRESS },
	{ "no number", "PRIVMSG joe :\1DCC SEND file " C4 " 1025\r\n", 0 },
	{ "32 bits more", "PRIVMSG joe :\1DCC SEND file 7516193290 1025\r\n", 1025 },
	{ "64 bits more", "PRIVMSG joe :\1DCC SEND file 18446744076930777610 1025\r\n", 1025 },
	{ "port 0", "PRIVMSG joe :\1DCC SEND file " IP " 0\r\n", 0 },
	{ "a port of 17 bits", "PRIVMSG joe :\1DCC SEND file " IP " 66561\r\n", 1025 },
	{ "the second request", "PRIVMSG joe :\1DCC XMIT file " IP " 1024 :\1DCC SEND file " IP " 1025\r\n", 1025 },
	/* Older kernels went on searching. */
	{ "behind a wrong one", "PRIVMSG joe :\1DCC SEND file 1 2 :\1DCC SEND file " IP " 1025\r\n", OTHER_ADDRESS },
	{ "two keywords", "PRIVMSG joe :\1DCC SEND CHAT file " IP " 1025\r\n", 0 },
	{ "short", "PRIVMSG j ", 0 },
	{ "blanks alone", "         \r\n\r\n", 0 },
	{ "nothing of it", "PRIVMSG joe :how are you today, and where?\r\n", 0 },
};

static void open_irc(struct session *s, struct rig *r)
{
	session_rig(r);
	session_open(s, r, CT_L3_IPV4, CT_L4_TCP, PORT);
}

static void irc_reads_message(void **state)
{
	const struct message *m = *state;
	struct session s;
	struct rig r;

	open_irc(&s, &r);
	session_say(&s, CT_DIR_ORIGINAL, m->text);
	rig_expect(&r, m->name, CT_ESTABLISHED, CT_DIR_ORIGINAL,
		   m->port == OTHER_ADDRESS ? CT_REASON_HELP_OTHER_ADDR : CT_REASON_NONE);
	if (m->port > 0)
		session_only(&s, m->name, CT_L4_TCP, NULL, C4, (uint16_t)m->port);
	else
		assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

/* Any host may connect to that port. */
static void irc_expectation_is_met(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_irc(&s, &r);
	session_say(&s, CT_DIR_ORIGINAL, messages[0].text);
	session_expects(&s);
	session_check_helper(&s, "irc", 300);
	assert_int_equal(session_syn(&r, CT_L3_IPV4, "203.0.113.30", C4, 99, 1026), CT_NEW);
	assert_int_equal(session_syn(&r, CT_L3_IPV4, "203.0.113.30", C4, 99, 1025), CT_RELATED);
	rig_table(&r);
	assert_int_equal(r.record[2].master, 1);
	rig_free(&r);
}

/* The helper ignores the reply direction, where the offers of others come. */
static void irc_ignores_server(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_irc(&s, &r);
	session_say(&s, CT_DIR_REPLY, "PRIVMSG joe :\1DCC SEND x 3325256724 1025\r\n");
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void irc_expects_eight_at_a_time(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_irc(&s, &r);
	for (int i = 0; i < 9; i++) {
		char text[80];

		snprintf(text, sizeof(text),
			 "PRIVMSG joe :\1DCC SEND file " IP " %d\r\n", 1025 + i);
		session_say(&s, CT_DIR_ORIGINAL, text);
		assert_false(r.v.dropped);
	}
	assert_int_equal(session_expects(&s), 8);
	assert_int_equal(s.expect[0].tuple.dport, 1026);
	rig_free(&r);
}

static void announce(struct session *s)
{
	session_say(s, CT_DIR_ORIGINAL, messages[0].text);
}

static void irc_clash_drops_packet(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_irc(&s, &r);
	session_clash(&s, announce, CT_ESTABLISHED, CT_DIR_ORIGINAL,
		      CT_REASON_HELP_NO_EXPECT);
	rig_free(&r);
}

/* The helper reads only 4095 characters of a segment. */
static void irc_long_message(void **state)
{
	static const char tail[] = " :\1DCC SEND file " IP " 1025\r\n";
	char text[4097 + 1];

	(void)state;
	for (size_t len = 4094; len < 4098; len++) {
		struct session s;
		struct rig r;

		memset(text, 'x', sizeof(text));
		memcpy(text, "PRIVMSG ", 8);
		memcpy(text + len - strlen(tail), tail, sizeof(tail));
		open_irc(&s, &r);
		session_say(&s, CT_DIR_ORIGINAL, text);
		assert_int_equal(session_expects(&s), len < 4096);
		rig_free(&r);
	}
}

static void irc_ignores_ipv6(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	session_open(&s, &r, CT_L3_IPV6, CT_L4_TCP, PORT);
	session_say(&s, CT_DIR_ORIGINAL, messages[0].text);
	assert_int_equal(session_expects(&s), 0);
	rig_table(&r);
	assert_null(r.record[0].helper);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(irc_expectation_is_met),
		cmocka_unit_test(irc_ignores_server),
		cmocka_unit_test(irc_expects_eight_at_a_time),
		cmocka_unit_test(irc_clash_drops_packet),
		cmocka_unit_test(irc_long_message),
		cmocka_unit_test(irc_ignores_ipv6),
	};
	int failed = cmocka_run_group_tests_name("irc", tests, NULL, NULL);

	failed += rig_run_cases("irc messages", messages, sizeof(messages[0]),
				ITEMS(messages), irc_reads_message);
	return failed != 0;
}
