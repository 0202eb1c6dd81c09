/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMP: queries and replies, errors and the packets that they quote. */
#include "support/rig.h"

#include <stdio.h>
#include <string.h>

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.20"
#define ROUTER	"203.0.113.1"
#define OTHER	"192.0.2.99"

enum { UNREACHABLE = 3, QUENCH = 4, REDIRECT = 5, EXCEEDED = 11, PROBLEM = 12 };

/* Types up to 18 and some others: whether one opens a connection, and the type
 * that answers it. */
static const struct query {
	uint8_t type;
	int answer;		/* -1: it is not a query */
} queries[] = {
	{ 0, -1 }, { 1, -1 }, { 2, -1 }, { 6, -1 }, { 7, -1 }, { 8, 0 },
	{ 9, -1 }, { 10, -1 }, { 13, 14 }, { 14, -1 }, { 15, 16 }, { 16, -1 },
	{ 17, 18 }, { 18, -1 }, { 19, -1 }, { 40, -1 }, { 255, -1 },
};

static void icmp_each_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(queries); i++) {
		const struct query *q = &queries[i];
		struct craft c;
		struct rig r;
		char what[32];

		snprintf(what, sizeof(what), "type %u", q->type);
		rig_init(&r, NULL);
		craft_icmp(&c, CT_L3_IPV4, CLIENT, SERVER, q->type, 0, 77, 8);
		rig_send(&r, &c);
		if (q->type > 18)
			rig_expect(&r, what, CT_INVALID, CT_DIR_NONE,
				   CT_REASON_ICMP_TYPE);
		else if (q->answer < 0)
			rig_expect(&r, what, CT_INVALID, CT_DIR_NONE,
				   CT_REASON_ICMP_NEW);
		else
			rig_expect(&r, what, CT_NEW, CT_DIR_ORIGINAL,
				   CT_REASON_NONE);
		assert_int_equal(ct_count(r.ct), q->answer >= 0);
		if (q->answer >= 0) {
			assert_int_equal(rig_left(&r), 30);
			craft_icmp(&c, CT_L3_IPV4, SERVER, CLIENT,
				   (uint8_t)q->answer, 0, 77, 8);
			rig_wait(&r, 1000);
			rig_send(&r, &c);
			rig_expect(&r, what, CT_ESTABLISHED, CT_DIR_REPLY,
				   CT_REASON_NONE);
			assert_int_equal(rig_left(&r), 30);
			assert_int_equal(r.record[0].status, CT_STATUS_CONFIRMED |
					 CT_STATUS_SEEN_REPLY);
		}
		rig_free(&r);
	}
}

static void echo(struct rig *r, bool reply, uint8_t code, uint16_t id)
{
	struct craft c;

	craft_icmp(&c, CT_L3_IPV4, reply ? SERVER : CLIENT,
		   reply ? CLIENT : SERVER, reply ? 0 : 8, code, id, 56);
	rig_send(r, &c);
}

static void icmp_identity(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	echo(&r, false, 0, 1);
	echo(&r, true, 0, 2);
	rig_expect(&r, "another id", CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_NEW);
	echo(&r, true, 1, 1);
	rig_expect(&r, "another code", CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_NEW);
	echo(&r, false, 1, 1);
	rig_expect(&r, "another code opens", CT_NEW, CT_DIR_ORIGINAL,
		   CT_REASON_NONE);
	echo(&r, true, 0, 1);
	rig_expect(&r, "the answer", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	echo(&r, false, 0, 1);
	rig_expect(&r, "the next", CT_ESTABLISHED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	assert_int_equal(ct_count(r.ct), 2);
	rig_free(&r);
}

static void icmp_invalid_packets(void **state)
{
	struct ct_config cfg;
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_icmp(&c, CT_L3_IPV4, CLIENT, SERVER, 8, 0, 1, 0);
	c.n -= 1;
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "7 bytes", CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_SHORT);
	craft_icmp(&c, CT_L3_IPV4, CLIENT, SERVER, 8, 0, 1, 0);
	rig_send(&r, &c);
	rig_expect(&r, "8 bytes", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	c.b[c.l4off + 2] ^= 1;
	rig_send(&r, &c);
	rig_expect(&r, "checksum", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_CHECKSUM);
	/* The checksum is verified before the type. */
	craft_icmp(&c, CT_L3_IPV4, CLIENT, SERVER, 200, 0, 1, 0);
	c.b[c.l4off + 2] ^= 1;
	rig_send(&r, &c);
	rig_expect(&r, "checksum before type", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_CHECKSUM);
	rig_free(&r);

	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	rig_init(&r, &cfg);
	craft_icmp(&c, CT_L3_IPV4, CLIENT, SERVER, 8, 0, 1, 0);
	c.b[c.l4off + 2] ^= 1;
	rig_send(&r, &c);
	rig_expect(&r, "-k none", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

/*
 * ICMP of the other IP version has no error handling and opens no connection.
 */
static void icmp_other_family(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_ip(&c, CT_L3_IPV6, "2001:db8::1", "2001:db8::2", CT_L4_ICMP);
	craft_bytes(&c, "\10\0\0\0\0\1\0\1", 8);
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "ICMP over IPv6", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_FAMILY);
	craft_ip(&c, CT_L3_IPV4, CLIENT, SERVER, CT_L4_ICMPV6);
	craft_bytes(&c, "\200\0\0\0\0\1\0\1", 8);
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "ICMPv6 over IPv4", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_FAMILY);
	assert_int_equal(ct_count(r.ct), 0);
	rig_free(&r);
}

/*
 * The connection that errors quote: a datagram from the client to the server.
 */
static void flow(struct rig *r, struct craft *c)
{
	craft_udp(c, CT_L3_IPV4, CLIENT, SERVER, 40000, 53, 30);
	rig_send(r, c);
	assert_int_equal(r->v.ctstate, CT_NEW);
}

struct error_case {
	const char *name;
	uint8_t type;
	const char *src, *dst;	/* of the error */
	uint32_t quote;		/* length of the quotation, bytes */
	enum ct_ctstate word;
	enum ct_dir dir;
	enum ct_reason reason;
};

static const struct error_case errors[] = {
	{ "unreachable, from a router", UNREACHABLE, ROUTER, CLIENT, 28,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "unreachable, from the server", UNREACHABLE, SERVER, CLIENT, 28,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "source quench", QUENCH, ROUTER, CLIENT, 28,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "redirect", REDIRECT, ROUTER, CLIENT, 28,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "time exceeded", EXCEEDED, ROUTER, CLIENT, 28,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "parameter problem", PROBLEM, ROUTER, CLIENT, 28,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "all of the datagram quoted", UNREACHABLE, ROUTER, CLIENT, 58,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "just the ports quoted", UNREACHABLE, ROUTER, CLIENT, 24,
	  CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "one byte less than the ports", UNREACHABLE, ROUTER, CLIENT, 23,
	  CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_INNER },
	{ "the IP header only", UNREACHABLE, ROUTER, CLIENT, 20,
	  CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_INNER },
	{ "half an IP header", UNREACHABLE, ROUTER, CLIENT, 19,
	  CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_INNER },
	{ "nothing quoted", UNREACHABLE, ROUTER, CLIENT, 0,
	  CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_INNER },
	{ "to somebody else", UNREACHABLE, ROUTER, OTHER, 28,
	  CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_OUTER },
	{ "to the server", UNREACHABLE, ROUTER, SERVER, 28,
	  CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_OUTER },
};

static void icmp_error(void **state)
{
	const struct error_case *e = *state;
	struct craft quoted, c;
	struct rig r;

	rig_init(&r, NULL);
	flow(&r, &quoted);
	rig_wait(&r, 1000);
	craft_icmp_error(&c, e->src, e->dst, e->type, 1, &quoted, e->quote);
	rig_send(&r, &c);
	rig_expect(&r, e->name, e->word, e->dir, e->reason);
	if (e->reason == CT_REASON_ICMP_INNER)
		assert_int_equal(r.v.id, 0);
	else
		assert_int_equal(r.v.id, 1);
	if (e->reason == CT_REASON_ICMP_OUTER) {
		union ct_addr outer = craft_address(e->dst);
		union ct_addr inner = craft_address(CLIENT);

		assert_memory_equal(&r.v.why[0].addr[0], &outer, 4);
		assert_memory_equal(&r.v.why[0].addr[1], &inner, 4);
	}
	/* An error changes neither the timeout nor the status. */
	assert_int_equal(rig_left(&r), 29);
	assert_int_equal(r.record[0].status, CT_STATUS_CONFIRMED);
	rig_free(&r);
}

/* An error that quotes a reply goes to the server, in original direction. */
static void icmp_error_about_reply(void **state)
{
	struct craft quoted, answer, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	flow(&r, &quoted);
	craft_udp(&answer, CT_L3_IPV4, SERVER, CLIENT, 53, 40000, 30);
	rig_send(&r, &answer);
	craft_icmp_error(&c, CLIENT, SERVER, UNREACHABLE, 3, &answer, 28);
	rig_send(&r, &c);
	rig_expect(&r, "about the answer", CT_RELATED, CT_DIR_ORIGINAL,
		   CT_REASON_NONE);
	rig_free(&r);
}

static void icmp_error_about_unknown(void **state)
{
	struct craft quoted, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_udp(&quoted, CT_L3_IPV4, CLIENT, SERVER, 40000, 53, 30);
	craft_icmp_error(&c, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "never seen", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_UNKNOWN);
	rig_send(&r, &quoted);
	rig_wait(&r, 30000);
	rig_send(&r, &c);
	rig_expect(&r, "expired", CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_UNKNOWN);
	rig_free(&r);
}

static void icmp_error_about_tcp_and_echo(void **state)
{
	struct craft_tcp syn = { 40000, 80, 1000, 0, "S", 8192, 0, NULL };
	struct craft quoted, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_tcp(&quoted, CT_L3_IPV4, CLIENT, SERVER, &syn);
	rig_send(&r, &quoted);
	craft_icmp_error(&c, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "about a SYN", CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE);
	assert_int_equal(r.v.proto, CT_L4_TCP);
	assert_int_equal(r.v.state, CT_TCP_SYN_SENT);

	craft_icmp(&quoted, CT_L3_IPV4, CLIENT, SERVER, 8, 0, 9, 56);
	rig_send(&r, &quoted);
	craft_icmp_error(&c, ROUTER, CLIENT, EXCEEDED, 0, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "about an echo", CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE);
	/* A quoted ICMP header must be complete. */
	craft_icmp_error(&c, ROUTER, CLIENT, EXCEEDED, 0, &quoted, 27);
	rig_send(&r, &c);
	rig_expect(&r, "about half an echo", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_INNER);
	rig_free(&r);
}

/* An error that quotes an error, or a fragment that is not the first. */
static void icmp_error_about_no_flow(void **state)
{
	struct craft quoted, first, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	flow(&r, &quoted);
	craft_icmp_error(&first, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	craft_icmp_error(&c, CLIENT, ROUTER, UNREACHABLE, 1, &first, 56);
	rig_send(&r, &c);
	rig_expect(&r, "about an error", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_INNER);
	craft_set_be16(&quoted, 6, 0x2010);
	craft_icmp_error(&c, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "about a later fragment", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_INNER);
	/* The first fragment contains the ports. */
	craft_set_be16(&quoted, 6, 0x2000);
	craft_icmp_error(&c, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "about a first fragment", CT_RELATED, CT_DIR_REPLY,
		   CT_REASON_NONE);
	rig_free(&r);
}

/* Version, lengths and checksum of the quoted header are not checked. */
static void icmp_quoted_header_is_not_checked(void **state)
{
	struct craft quoted, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	flow(&r, &quoted);
	quoted.b[0] = 0x95;
	craft_set_be16(&quoted, 2, 9);
	craft_set_be16(&quoted, 10, 0xdead);
	craft_icmp_error(&c, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "damaged quote", CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE);
	/* No ports follow a header length beyond the packet. */
	quoted.b[0] = 0x4f;
	craft_icmp_error(&c, ROUTER, CLIENT, UNREACHABLE, 1, &quoted, 28);
	rig_send(&r, &c);
	rig_expect(&r, "header too long", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_INNER);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(icmp_each_type),
		cmocka_unit_test(icmp_identity),
		cmocka_unit_test(icmp_invalid_packets),
		cmocka_unit_test(icmp_other_family),
		cmocka_unit_test(icmp_error_about_reply),
		cmocka_unit_test(icmp_error_about_unknown),
		cmocka_unit_test(icmp_error_about_tcp_and_echo),
		cmocka_unit_test(icmp_error_about_no_flow),
		cmocka_unit_test(icmp_quoted_header_is_not_checked),
	};
	int failed = cmocka_run_group_tests_name("icmp", tests, NULL, NULL);

	failed += rig_run_cases("icmp errors", errors, sizeof(errors[0]),
				ITEMS(errors), icmp_error);
	return failed != 0;
}
