/* SPDX-License-Identifier: GPL-2.0-only */
/* SANE: the answer to a START, and to nothing else. */
#include "support/session.h"

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define PORT 6566

#define TO_SERVER CT_DIR_ORIGINAL
#define TO_CLIENT CT_DIR_REPLY

/* What is said, as words of 32 bits, or some octets fewer. */
struct said {
	enum ct_dir dir;
	uint32_t len;
	uint32_t words[3];
};

struct talk {
	const char *name;
	struct said said[4];		/* up to the first of no length */
	bool expected;			/* port 1025 */
};

#define START { TO_SERVER, 8, { 7, 1 } }

static const struct talk talks[] = {
	{ "START", { START, { TO_CLIENT, 12, { 0, 1025, 0x1234 } } }, true },
	{ "the port and no more", { START, { TO_CLIENT, 8, { 0, 1025 } } }, true },
	{ "half a port", { START, { TO_CLIENT, 6, { 0, 1025 } } }, false },
	{ "refused", { START, { TO_CLIENT, 12, { 3, 1025 } } }, false },
	{ "no port of 16 bits", { START, { TO_CLIENT, 12, { 0, 66561 } } }, false },
	{ "not asked", { { TO_CLIENT, 12, { 0, 1025 } } }, false },
	{ "the second answer", { START, { TO_CLIENT, 4, { 0 } }, { TO_CLIENT, 8, { 0, 1025 } } }, false },
	{ "another request", { { TO_SERVER, 8, { 4, 1 } }, { TO_CLIENT, 8, { 0, 1025 } } }, false },
	{ "another request behind", { START, { TO_SERVER, 8, { 4, 1 } }, { TO_CLIENT, 8, { 0, 1025 } } }, false },
	{ "a longer request behind", { START, { TO_SERVER, 12, { 4, 1 } }, { TO_CLIENT, 8, { 0, 1025 } } }, true },
	{ "START in two segments", { { TO_SERVER, 4, { 7 } }, { TO_SERVER, 4, { 1 } }, { TO_CLIENT, 8, { 0, 1025 } } }, false },
	{ "START and more", { { TO_SERVER, 12, { 7, 1, 4 } }, { TO_CLIENT, 8, { 0, 1025 } } }, false },
};

static void say(struct session *s, const struct said *said)
{
	uint8_t octets[12];

	for (uint32_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(said->words[i / 4] >> (24 - i % 4 * 8));
	session_send(s, said->dir, octets, said->len);
}

static void open_sane(struct session *s, struct rig *r, uint8_t l3num)
{
	session_rig(r);
	session_open(s, r, l3num, CT_L4_TCP, PORT);
}

static void check_talk(void **state)
{
	const struct talk *t = *state;
	struct session s;
	struct rig r;

	open_sane(&s, &r, CT_L3_IPV4);
	for (size_t i = 0; i < ITEMS(t->said) && t->said[i].len; i++)
		say(&s, &t->said[i]);
	assert_int_equal(r.v.nwhy, 0);
	if (t->expected)
		session_only(&s, t->name, CT_L4_TCP, C4, S4, 1025);
	else
		assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void announce(struct session *s)
{
	say(s, &talks[0].said[0]);
	say(s, &talks[0].said[1]);
}

static void met(void **state)
{
	static const char c[] = "2001:db8:1::10", v[] = "2001:db8:2::20";
	struct session s;
	struct rig r;

	(void)state;
	open_sane(&s, &r, CT_L3_IPV6);
	announce(&s);
	session_only(&s, "IPv6", CT_L4_TCP, c, v, 1025);
	assert_string_equal(s.expect[0].helper, "sane");
	assert_true(s.expect[0].expires - s.expect[0].now == 300 * CT_NSEC_PER_SEC);
	assert_int_equal(session_syn(&r, CT_L3_IPV6, v, c, 9, 1025), CT_NEW);
	assert_int_equal(session_syn(&r, CT_L3_IPV6, c, v, 9, 1025), CT_RELATED);
	rig_free(&r);
}

static void clash(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_sane(&s, &r, CT_L3_IPV4);
	session_clash(&s, announce, CT_ESTABLISHED, TO_CLIENT,
		      CT_REASON_HELP_NO_EXPECT);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(met),
		cmocka_unit_test(clash),
	};
	int failed = cmocka_run_group_tests_name("sane", tests, NULL, NULL);

	failed += rig_run_cases("sane talks", talks, sizeof(talks[0]), ITEMS(talks),
				check_talk);
	return failed != 0;
}
