/* SPDX-License-Identifier: GPL-2.0-only */
/* Amanda: which answers announce connections, and how many. */
#include "support/session.h"

#include <string.h>

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define PORT 10080
#define HEAD "Amanda 2.6 REP HANDLE 000-00000000 SEQ 1\n"

struct answer {
	const char *name, *text;
	uint16_t ports[4];		/* expected, up to the first 0 */
};

static const struct answer answers[] = {
	{ "three", HEAD "CONNECT DATA 1025 MESG 1026 INDEX 1027\nOPTIONS ;\n", { 1025, 1026, 1027 } },
	{ "four", HEAD "CONNECT DATA 1025 MESG 1026 INDEX 1027 STATE 1028\n", { 1025, 1026, 1027, 1028 } },
	{ "in another order", HEAD "CONNECT STATE 1028 DATA 1025\n", { 1025, 1028 } },
	{ "nothing of it", HEAD "OPTIONS features=ffff;\n", { 0 } },
	{ "CONNECT alone", HEAD "CONNECT \n", { 0 } },
	{ "in small letters", HEAD "connect DATA 1025\n", { 0 } },
	{ "without a line's end", HEAD "CONNECT DATA 1025 MESG 1026", { 0 } },
	{ "on the next line", HEAD "CONNECT MESG 1026\nDATA 1025\n", { 1026 } },
	{ "the first CONNECT counts", HEAD "CONNECT \nCONNECT DATA 1025\n", { 0 } },
	{ "and the first DATA", HEAD "CONNECT DATA 1025 DATA 1026\n", { 1025 } },
	{ "port 0 ends it", HEAD "CONNECT DATA 1025 MESG 0 INDEX 1027\n", { 1025 } },
	{ "letters end it", HEAD "CONNECT DATA 1025 MESG x INDEX 1027\n", { 1025 } },
	{ "none at the line's end", HEAD "CONNECT DATA 1025 MESG \n", { 1025 } },
	{ "five digits at most", HEAD "CONNECT DATA 010251\n", { 1025 } },
	{ "a port of 17 bits", HEAD "CONNECT DATA 66561\n", { 1025 } },
	{ "2^16", HEAD "CONNECT DATA 65536 MESG 1026\n", { 0 } },
	{ "the port at the line's end", "CONNECT DATA 7\n", { 7 } },
	{ "in the midst of a word", "CONNECT METADATA 1025\n", { 1025 } },
	{ "very short", "CONN", { 0 } },
};

static void open_amanda(struct session *s, struct rig *r, uint8_t l3num)
{
	session_rig(r);
	session_open(s, r, l3num, CT_L4_UDP, PORT);
	session_say(s, CT_DIR_ORIGINAL, "Amanda 2.6 REQ HANDLE 000-00000000 SEQ 1\n");
	assert_int_equal(r->v.ctstate, CT_NEW);
}

static void check_answer(void **state)
{
	const struct answer *a = *state;
	struct session s;
	struct rig r;
	size_t n;

	open_amanda(&s, &r, CT_L3_IPV4);
	session_say(&s, CT_DIR_REPLY, a->text);
	rig_expect(&r, a->name, CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	session_expects(&s);
	for (n = 0; n < ITEMS(a->ports) && a->ports[n]; n++)
		assert_int_equal(s.expect[n].tuple.dport, a->ports[n]);
	assert_int_equal(s.expects, n);
	rig_free(&r);
}

static void met(void **state)
{
	static const char *const ends[2][2] = {
		{ C4, S4 }, { "2001:db8:1::10", "2001:db8:2::20" },
	};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		uint8_t l3num = i ? CT_L3_IPV6 : CT_L3_IPV4;
		const char *c = ends[i][0], *v = ends[i][1];
		struct session s;
		struct rig r;

		open_amanda(&s, &r, l3num);
		session_say(&s, CT_DIR_REPLY, "CONNECT DATA 1025\n");
		session_only(&s, "DATA", CT_L4_TCP, c, v, 1025);
		assert_string_equal(s.expect[0].helper, "amanda");
		assert_true(s.expect[0].expires - s.expect[0].now ==
			    180 * CT_NSEC_PER_SEC);
		assert_int_equal(session_syn(&r, l3num, v, c, 1025, 1025), CT_NEW);
		assert_int_equal(session_syn(&r, l3num, c, v, 9, 1025), CT_RELATED);
		rig_free(&r);
	}
}

/* Answers may take long, so the conversation lives for five minutes after one;
 * until the next question. */
static void lives_longer(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_amanda(&s, &r, CT_L3_IPV4);
	assert_int_equal(rig_left(&r), 30);
	session_say(&s, CT_DIR_REPLY, "");
	assert_int_equal(rig_left(&r), 300);
	session_say(&s, CT_DIR_ORIGINAL, "CONNECT DATA 1025\n");
	assert_int_equal(rig_left(&r), 30);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

/* The note comes once, whatever the number of ports. */
static void clash(void **state)
{
	struct session s, other;
	struct rig r;

	(void)state;
	open_amanda(&s, &r, CT_L3_IPV4);
	session_say(&s, CT_DIR_REPLY, "CONNECT DATA 1025 MESG 1026\n");
	session_open_from(&other, &r, CT_L3_IPV4, CT_L4_UDP, 40001, PORT);
	session_say(&other, CT_DIR_ORIGINAL, "REQ");
	session_say(&other, CT_DIR_REPLY, "CONNECT DATA 1025 MESG 1026 INDEX 1027\n");
	rig_expect(&r, "clash", CT_ESTABLISHED, CT_DIR_REPLY,
		   CT_REASON_HELP_NO_EXPECT);
	assert_true(r.v.dropped);
	assert_int_equal(r.v.nwhy, 1);
	assert_int_equal(session_expects(&s), 3);
	rig_free(&r);
}

static void four_at_a_time(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_amanda(&s, &r, CT_L3_IPV4);
	session_say(&s, CT_DIR_REPLY, "CONNECT DATA 1 MESG 2 INDEX 3 STATE 4\n");
	session_say(&s, CT_DIR_REPLY, "CONNECT DATA 5\n");
	assert_int_equal(session_expects(&s), 4);
	assert_int_equal(s.expect[0].tuple.dport, 2);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(met),
		cmocka_unit_test(lives_longer),
		cmocka_unit_test(clash),
		cmocka_unit_test(four_at_a_time),
	};
	int failed = cmocka_run_group_tests_name("amanda", tests, NULL, NULL);

	failed += rig_run_cases("amanda answers", answers, sizeof(answers[0]),
				ITEMS(answers), check_answer);
	return failed != 0;
}
