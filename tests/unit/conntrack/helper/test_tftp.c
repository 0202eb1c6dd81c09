/* SPDX-License-Identifier: GPL-2.0-only */
/* TFTP: a request announces the transfer, before its own connection is there. */
#include "support/session.h"

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define PORT 69

struct packet {
	const char *name;
	enum ct_dir dir;
	const char *octets;
	uint32_t len;
	bool expected;
};

#define REQUEST(opcode) "\0" opcode "boot\0octet", 13

static const struct packet packets[] = {
	{ "read request", CT_DIR_ORIGINAL, REQUEST("\1"), true },
	{ "write request", CT_DIR_ORIGINAL, REQUEST("\2"), true },
	{ "data", CT_DIR_ORIGINAL, REQUEST("\3"), false },
	{ "acknowledgement", CT_DIR_ORIGINAL, "\0\4\0\1", 4, false },
	{ "error", CT_DIR_ORIGINAL, REQUEST("\5"), false },
	{ "opcode 0x0101", CT_DIR_ORIGINAL, "\1\1x", 4, false },
	{ "an opcode and no more", CT_DIR_ORIGINAL, "\0\1", 2, true },
	{ "half an opcode", CT_DIR_ORIGINAL, "", 1, false },
	{ "nothing", CT_DIR_ORIGINAL, "", 0, false },
	/* In either direction: what counts is who opened. */
	{ "a request of the server", CT_DIR_REPLY, REQUEST("\1"), true },
};

static void open_tftp(struct session *s, struct rig *r, uint8_t l3num)
{
	session_rig(r);
	session_open(s, r, l3num, CT_L4_UDP, PORT);
}

static void check_packet(void **state)
{
	const struct packet *p = *state;
	struct session s;
	struct rig r;

	open_tftp(&s, &r, CT_L3_IPV4);
	if (p->dir == CT_DIR_REPLY)
		session_send(&s, CT_DIR_ORIGINAL, "", 0);
	session_send(&s, p->dir, p->octets, p->len);
	rig_expect(&r, p->name, p->dir ? CT_ESTABLISHED : CT_NEW, p->dir,
		   CT_REASON_NONE);
	if (p->expected)
		session_only(&s, p->name, CT_L4_UDP, S4, C4, 40000);
	else
		assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void datagram(struct rig *r, uint8_t l3num, const char *src,
		     const char *dst, uint16_t sport, uint16_t dport)
{
	struct craft c;

	craft_udp(&c, l3num, src, dst, sport, dport, 4);
	rig_send(r, &c);
}

static void transfer(void **state)
{
	static const char c[] = "2001:db8:1::10", v[] = "2001:db8:2::20";
	struct session s;
	struct rig r;

	(void)state;
	open_tftp(&s, &r, CT_L3_IPV6);
	session_send(&s, CT_DIR_ORIGINAL, REQUEST("\1"));
	session_only(&s, "IPv6", CT_L4_UDP, v, c, 40000);
	assert_string_equal(s.expect[0].helper, "tftp");
	assert_int_equal(s.expect[0].master, 1);
	datagram(&r, CT_L3_IPV6, v, c, 5000, 40001);
	assert_int_equal(r.v.ctstate, CT_NEW);
	datagram(&r, CT_L3_IPV6, v, c, 5000, 40000);
	assert_int_equal(r.v.ctstate, CT_RELATED);
	datagram(&r, CT_L3_IPV6, c, v, 40000, 5000);
	assert_int_equal(r.v.ctstate, CT_ESTABLISHED);
	datagram(&r, CT_L3_IPV6, v, c, 5001, 40000);
	assert_int_equal(r.v.ctstate, CT_NEW);
	rig_free(&r);
}

/* The same again, as when the answer is late: one, and from anew. */
static void asked_again(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_tftp(&s, &r, CT_L3_IPV4);
	session_send(&s, CT_DIR_ORIGINAL, REQUEST("\1"));
	rig_wait(&r, 5000);
	session_send(&s, CT_DIR_ORIGINAL, REQUEST("\1"));
	assert_int_equal(session_expects(&s), 1);
	assert_int_equal(s.expect[0].id, 2);
	/* Gone with its master, which nobody answered. */
	rig_wait(&r, 29900);
	assert_int_equal(session_expects(&s), 1);
	rig_wait(&r, 200);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

/* A rule drops the request: nothing is left of it. */
static void request_dropped(void **state)
{
	struct session s;
	struct rig r;
	struct craft c;

	(void)state;
	open_tftp(&s, &r, CT_L3_IPV4);
	craft_ip(&c, CT_L3_IPV4, C4, S4, CT_L4_UDP);
	craft_be16(&c, 40000);
	craft_be16(&c, PORT);
	craft_be16(&c, 10);
	craft_be16(&c, 0);
	craft_be16(&c, 1);
	craft_end(&c);
	craft_sum(&c, 6);
	rig_drop(&r, &c);
	assert_int_equal(ct_count(r.ct), 0);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void clash(void **state)
{
	struct session s;
	struct rig r;
	struct ct_config cfg;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
	assert_string_equal(ct_helper_name(2), "tftp");
	assert_true(ct_config_add_helper(&cfg, 2, 69));
	assert_true(ct_config_add_helper(&cfg, 2, 6969));
	rig_init(&r, &cfg);
	session_open(&s, &r, CT_L3_IPV4, CT_L4_UDP, 69);
	session_send(&s, CT_DIR_ORIGINAL, REQUEST("\1"));
	session_open(&s, &r, CT_L3_IPV4, CT_L4_UDP, 6969);
	session_send(&s, CT_DIR_ORIGINAL, REQUEST("\1"));
	rig_expect(&r, "clash", CT_NEW, CT_DIR_ORIGINAL,
		   CT_REASON_HELP_NO_EXPECT);
	assert_true(r.v.dropped);
	assert_int_equal(ct_count(r.ct), 1);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transfer),
		cmocka_unit_test(asked_again),
		cmocka_unit_test(request_dropped),
		cmocka_unit_test(clash),
	};
	int failed = cmocka_run_group_tests_name("tftp", tests, NULL, NULL);

	failed += rig_run_cases("tftp packets", packets, sizeof(packets[0]),
				ITEMS(packets), check_packet);
	return failed != 0;
}
