/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_reassembly.c - fragments in sequences, and what becomes of each.
 */
#include "ctreplay/reassembly.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "support/pieces.h"

#define PIECES	12

struct sequence {
	const char *name;
	struct piece pieces[PIECES];
	uint8_t proto;		/* 0: UDP */
};

#define SEQUENCE(n, ...)	{ .name = (n), .pieces = { __VA_ARGS__ } }
#define SEQUENCE_OF(n, p, ...) \
	{ .name = (n), .proto = (p), .pieces = { __VA_ARGS__ } }

static const struct sequence ipv4[] = {
	SEQUENCE("in order",
		P(0, 16, 1, HELD), P(16, 8, 1, HELD), P(24, 5, 0, WHOLE)),
	SEQUENCE("backwards",
		P(24, 5, 0, HELD), P(16, 8, 1, HELD), P(0, 16, 1, WHOLE)),
	SEQUENCE("the middle last",
		P(0, 16, 1, HELD), P(24, 5, 0, HELD), P(16, 8, 1, WHOLE)),
	SEQUENCE("no fragment", P(0, 16, 0, PASS)),
	SEQUENCE("the number is used again",
		P(0, 16, 1, HELD), P(16, 8, 0, WHOLE),
		P(16, 8, 0, HELD), P(0, 16, 1, WHOLE)),
	SEQUENCE("datagrams side by side",
		P(0, 16, 1, HELD, .id = 1), P(0, 24, 1, HELD, .id = 2),
		P(16, 8, 0, WHOLE, .id = 1), P(24, 8, 0, WHOLE, .id = 2)),
	SEQUENCE("a source has its own numbers",
		P(0, 16, 1, HELD), P(16, 8, 0, HELD, .source = 1),
		P(0, 16, 1, WHOLE, .source = 1), P(16, 8, 0, WHOLE)),

	/* inet_frag_queue_insert() */
	SEQUENCE("duplicate",
		P(0, 16, 1, HELD), P(0, 16, 1, DROP, .why = "duplicate"),
		P(16, 8, 0, WHOLE)),
	SEQUENCE("within one",
		P(0, 32, 1, HELD), P(8, 8, 1, DROP, .why = "duplicate"),
		P(32, 8, 0, WHOLE)),
	SEQUENCE("over two of one run",
		P(0, 16, 1, HELD), P(16, 16, 1, HELD),
		P(8, 16, 1, DROP, .why = "duplicate"), P(32, 8, 0, WHOLE)),
	SEQUENCE("over two that came in the other order",
		P(16, 16, 1, HELD), P(0, 16, 1, HELD),
		P(8, 16, 1, DROP, .why = "overlaps"), P(32, 8, 0, HELD)),
	SEQUENCE("a gap filled later joins no run",
		P(0, 8, 1, HELD), P(16, 8, 1, HELD), P(8, 8, 1, HELD),
		P(8, 16, 1, DROP, .why = "overlaps")),
	SEQUENCE("the start of one",
		P(8, 16, 1, HELD), P(0, 16, 1, DROP, .why = "overlaps"),
		P(8, 16, 1, HELD), P(24, 8, 0, HELD), P(0, 8, 1, WHOLE)),
	SEQUENCE("the end of one",
		P(0, 16, 1, HELD), P(8, 16, 1, DROP, .why = "overlaps"),
		P(16, 8, 0, HELD)),
	SEQUENCE("around one",
		P(8, 8, 1, HELD), P(0, 32, 1, DROP, .why = "overlaps")),
	SEQUENCE("teardrop",
		P(0, 36, 1, HELD), P(24, 4, 0, DROP, .why = "end"),
		P(0, 24, 1, HELD), P(24, 4, 0, WHOLE)),
	SEQUENCE("a duplicate that says it is the last",
		P(0, 16, 1, HELD), P(8, 8, 0, DROP, .why = "duplicate"),
		P(0, 16, 1, DROP, .why = "duplicate"),
		P(16, 8, 0, DROP, .why = "end"),
		P(0, 16, 1, HELD)),

	/* ip_frag_queue() */
	SEQUENCE("the last ends below what is here",
		P(16, 16, 1, HELD), P(8, 16, 0, DROP, .why = "end"),
		P(16, 16, 0, HELD)),
	SEQUENCE("two ends",
		P(16, 16, 0, HELD), P(32, 16, 0, DROP, .why = "end")),
	SEQUENCE("beyond the last",
		P(16, 16, 0, HELD), P(32, 16, 1, DROP, .why = "end")),
	SEQUENCE("what is over eight octets is cut off",
		P(0, 23, 1, HELD), P(16, 8, 0, WHOLE)),
	SEQUENCE("less than eight octets and more to come",
		P(8, 8, 1, HELD), P(0, 7, 1, DROP, .why = "without data"),
		P(0, 8, 1, HELD), P(16, 8, 0, HELD)),
	SEQUENCE("an empty last one",
		P(0, 8, 1, HELD), P(8, 0, 0, DROP, .why = "without data"),
		P(8, 8, 0, HELD)),
	SEQUENCE("one octet", P(8, 1, 0, HELD), P(0, 8, 1, WHOLE)),
	SEQUENCE("65535 octets",
		P(0, 65480, 1, HELD), P(65480, 35, 0, WHOLE)),
	SEQUENCE("65536 octets",
		P(0, 65480, 1, HELD), P(65480, 36, 0, DROP, .why = "65535"),
		P(0, 65480, 1, HELD)),
	SEQUENCE("the highest offset",
		P(65528, 1000, 0, HELD), P(0, 32768, 1, HELD),
		P(32768, 32760, 1, DROP, .why = "65535")),
	SEQUENCE("options are the first one's",
		P(16, 8, 0, HELD, .extra = 8),
		P(0, 16, 1, WHOLE, .extra = 12)),

	/* ip_frag_ecn_table */
	SEQUENCE("ecn: all capable, one marked",
		P(0, 8, 1, HELD, .ecn = 2), P(8, 8, 1, HELD, .ecn = 3),
		P(16, 8, 0, WHOLE, .ecn = 1)),
	SEQUENCE("ecn: all marked",
		P(0, 8, 1, HELD, .ecn = 3), P(8, 8, 0, WHOLE, .ecn = 3)),
	SEQUENCE("ecn: one not capable",
		P(0, 8, 1, HELD, .ecn = 2), P(8, 8, 0, DROP, .why = "ECN"),
		P(8, 8, 0, HELD, .ecn = 2)),
	SEQUENCE("ecn: marked, one not capable",
		P(0, 8, 1, HELD), P(8, 8, 0, DROP, .why = "ECN", .ecn = 3)),
	SEQUENCE("ecn: a duplicate's does not count",
		P(0, 8, 1, HELD), P(0, 8, 1, DROP, .why = "duplicate", .ecn = 3),
		P(8, 8, 0, WHOLE)),
};

static const struct sequence ipv6[] = {
	SEQUENCE("in order",
		P(0, 16, 1, HELD), P(16, 8, 1, HELD), P(24, 5, 0, WHOLE)),
	SEQUENCE("backwards",
		P(24, 5, 0, HELD), P(16, 8, 1, HELD), P(0, 16, 1, WHOLE)),
	SEQUENCE("atomic", P(0, 16, 0, WHOLE)),
	SEQUENCE("atomic, in the middle of another datagram",
		P(16, 8, 0, HELD), P(0, 8, 0, DROP, .why = "end"),
		P(0, 16, 1, WHOLE)),
	SEQUENCE("atomic, over another datagram",
		P(0, 16, 1, HELD), P(0, 24, 0, DROP, .why = "overlaps"),
		P(0, 24, 0, WHOLE)),
	SEQUENCE("headers are the first one's",
		P(16, 8, 0, HELD, .extra = 8),
		P(0, 16, 1, WHOLE, .extra = 24)),
	SEQUENCE("255 octets of headers",
		P(0, 16, 1, HELD, .extra = 248), P(16, 8, 0, WHOLE)),

	SEQUENCE("duplicate",
		P(0, 16, 1, HELD), P(0, 16, 1, DROP, .why = "duplicate"),
		P(16, 8, 0, WHOLE)),
	SEQUENCE("over two of one run",
		P(0, 16, 1, HELD), P(16, 16, 1, HELD),
		P(8, 16, 1, DROP, .why = "duplicate"), P(32, 8, 0, WHOLE)),
	SEQUENCE("overlap",
		P(0, 16, 1, HELD), P(8, 16, 1, DROP, .why = "overlaps"),
		P(16, 8, 0, HELD), P(0, 16, 1, WHOLE)),

	/* nf_ct_frag6_queue() keeps what IPv4 discards. */
	SEQUENCE("the last ends below what is here",
		P(16, 16, 1, HELD), P(8, 16, 0, DROP, .why = "end"),
		P(0, 16, 1, HELD), P(32, 8, 0, WHOLE)),
	SEQUENCE("two ends",
		P(16, 16, 0, HELD), P(32, 16, 0, DROP, .why = "end"),
		P(0, 16, 1, WHOLE)),
	SEQUENCE("beyond the last",
		P(16, 16, 0, HELD), P(32, 16, 1, DROP, .why = "end"),
		P(0, 16, 1, WHOLE)),
	SEQUENCE("an empty one",
		P(0, 16, 1, HELD), P(16, 0, 1, DROP, .why = "without data"),
		P(16, 8, 0, WHOLE)),
	SEQUENCE("an empty last one fixes the end",
		P(0, 16, 1, HELD), P(16, 0, 0, DROP, .why = "without data"),
		P(16, 8, 0, DROP, .why = "end")),
	SEQUENCE("not a multiple of eight, and more to come",
		P(16, 8, 0, HELD), P(0, 12, 1, PASS),
		P(0, 16, 1, HELD)),
	SEQUENCE("65535 octets",
		P(0, 65400, 1, HELD), P(65400, 135, 0, WHOLE)),
	SEQUENCE("beyond 65535 octets",
		P(0, 65400, 1, HELD), P(65400, 136, 0, DROP, .why = "beyond"),
		P(65400, 135, 0, WHOLE)),
	SEQUENCE("65535 octets and a header before",
		P(0, 65400, 1, HELD, .extra = 8),
		P(65400, 135, 0, DROP, .why = "longer")),

	/* ipv6frag_thdr_truncated() */
	SEQUENCE("first without all of UDP",
		P(16, 8, 0, HELD), P(0, 7, 0, PASS), P(0, 16, 1, WHOLE)),
	SEQUENCE_OF("first without all of TCP", 6,
		P(0, 16, 1, PASS), P(0, 24, 1, HELD), P(24, 1, 0, WHOLE)),
	SEQUENCE_OF("first without all of ICMPv6", 58,
		P(0, 4, 0, PASS), P(0, 8, 1, HELD), P(8, 8, 0, WHOLE)),
	SEQUENCE_OF("first without an octet", 253,
		P(0, 0, 1, PASS), P(0, 8, 1, HELD), P(8, 8, 0, WHOLE)),
	SEQUENCE_OF("others may be short", 58,
		P(8, 1, 0, HELD), P(0, 8, 1, WHOLE)),

	SEQUENCE("ecn: all capable, one marked",
		P(0, 8, 1, HELD, .ecn = 2), P(8, 8, 1, HELD, .ecn = 3),
		P(16, 8, 0, WHOLE, .ecn = 1)),
	SEQUENCE("ecn: one not capable",
		P(0, 8, 1, HELD, .ecn = 2), P(8, 8, 0, DROP, .why = "ECN"),
		P(8, 8, 0, HELD, .ecn = 2)),
};

static void run_sequence(const struct sequence *s, enum ct_l3 l3num)
{
	static struct run run;
	uint32_t end = 0;

	run_open(&run, l3num, &default_limits);
	if (s->proto)
		run.proto = s->proto;
	for (size_t i = 0; i < PIECES && s->pieces[i].expect != END; i++) {
		const struct piece *p = &s->pieces[i];

		run_check(&run, s->name, p);
		if (!p->more && (p->expect == HELD || p->expect == WHOLE))
			end = p->offset + p->size;
		if (p->expect == WHOLE)
			run_check_whole(&run, s->name, end);
	}
	run_close(&run);
}

static void sequences_ipv4(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ipv4); i++)
		run_sequence(&ipv4[i], CT_L3_IPV4);
}

static void sequences_ipv6(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ipv6); i++)
		run_sequence(&ipv6[i], CT_L3_IPV6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_ipv4),
		cmocka_unit_test(sequences_ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
