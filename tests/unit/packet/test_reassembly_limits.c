/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_reassembly_limits.c - what becomes of headers, and the limits of time,
 * distance, memory and snap length.
 */
#include "ctreplay/reassembly.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/reassembly_queue.h"
#include "support/pieces.h"

/* Header of the whole datagram: the first one's, with its new length. */
static void header_ipv4(void **state)
{
	static const struct piece pieces[] = {
		P(8, 8, 0, HELD, .ecn = 3),
		P(0, 8, 1, WHOLE, .ecn = 2, .extra = 4),
	};
	static struct run run;
	const uint8_t *h;

	(void)state;
	run_open(&run, CT_L3_IPV4, &default_limits);
	run_check_all(&run, "header ipv4", pieces, COUNT(pieces));
	h = run.pkt.data;
	assert_int_equal(h[0], 0x46);
	assert_int_equal(h[1], 3);
	assert_int_equal(load_be16(h + 2), 24 + 16);
	assert_int_equal(load_be16(h + 6), 0);
	assert_int_equal(checksum_fold(checksum_add(0, h, 24)), 0xffff);
	assert_int_equal(run.pkt.l4off, 24);
	run_close(&run);
}

static void header_ipv6(void **state)
{
	static const struct piece pieces[] = {
		P(8, 8, 0, HELD, .ecn = 3),
		P(0, 8, 1, WHOLE, .ecn = 2, .extra = 16),
	};
	static struct run run;
	const uint8_t *h;

	(void)state;
	run_open(&run, CT_L3_IPV6, &default_limits);
	run_check_all(&run, "header ipv6", pieces, COUNT(pieces));
	h = run.pkt.data;
	assert_int_equal(h[1], 3 << 4);
	assert_int_equal(load_be16(h + 4), 16 + 16);
	assert_int_equal(h[6], 60);
	assert_int_equal(h[40], CT_L4_UDP);
	assert_int_equal(run.pkt.l4off, 56);
	run_close(&run);
}

/*
 * find_prev_fhdr() keeps the place of the next-header field in eight bits.
 * From 256 on the number of UDP goes somewhere else, and the chain still names
 * a fragment header, which is the datagram's own first octets.  The bridge
 * forwards that where neither version nor destination is hurt.
 */
static const struct {
	uint16_t first, second;	/* sizes of two headers of options */
	uint8_t at;		/* the place that is overwritten */
	enum expect expect;
} places[] = {
	{ 200, 8, 240, WHOLE },		/* the right one */
	{ 216, 8, 0, DROP },		/* version */
	{ 224, 8, 8, WHOLE },		/* source address */
	{ 248, 8, 32, DROP },		/* destination address */
	{ 264, 8, 48, WHOLE },		/* in the first options */
};

static void next_header_beyond_255(void **state)
{
	static const struct piece atomic = P(0, 16, 0, WHOLE);
	static struct run run;

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		uint32_t len = 40;

		run_open(&run, CT_L3_IPV6, &default_limits);
		build_ipv6(run.bytes, &atomic, CT_L4_UDP);
		run.bytes[6] = 60;
		len += put_options(run.bytes + len, places[i].first);
		run.bytes[40] = 60;
		len += put_options(run.bytes + len, places[i].second);
		memset(run.bytes + len, 0, 8 + 16);
		run.bytes[len] = CT_L4_UDP;
		len += 8 + 16;
		store_be16(run.bytes + 4, (uint16_t)(len - 40));
		run_expect(&run, "beyond 255", places[i].expect,
			   run_packet(&run, len, 0));
		if (places[i].expect == WHOLE)
			assert_int_equal(run.pkt.data[places[i].at], CT_L4_UDP);
		run_close(&run);
	}
}

/* IPv6 chains, from the header's next-header field on. */
#define BYTES(s) s, sizeof(s) - 1
#define PORTS	"\0\1\0\1\0\10\0\0"	/* and the rest of UDP's header */

static const struct chain_case {
	const char *name;
	uint8_t nexthdr;
	const char *bytes;
	size_t len;
	enum expect expect;
	uint8_t protonum;	/* of a whole one */
	bool no_l4;
} chains[] = {
	{ "no extension", 17, BYTES(PORTS), PASS, 0, 0 },
	{ "no next header", 59, BYTES(""), PASS, 0, 0 },
	{ "no payload", 44, BYTES(""), PASS, 0, 0 },
	{ "fragment header, 2 octets", 44, BYTES("\21\0"), DROP, 0, 0 },
	{ "fragment header, 7 octets", 44, BYTES("\21\0\0\10\0\0\0"), DROP, 0, 0 },
	/* There is nothing of UDP's header either, and that comes first. */
	{ "first fragment, header of 7 octets", 44, BYTES("\21\0\0\0\0\0\0"), PASS, 0, 0 },
	{ "behind options", 60, BYTES("\54\0\1\4\0\0\0\0" "\21\0\0\10\0\0\0\1" "payload!"), HELD, 0, 0 },
	{ "behind routing", 43, BYTES("\54\0\0\0\0\0\0\0" "\21\0\0\10\0\0\0\1" "payload!"), HELD, 0, 0 },
	{ "behind authentication", 51, BYTES("\54\1\0\0\0\0\0\0\0\0\0\0" "\21\0\0\10\0\0\0\1" "payload!"), HELD, 0, 0 },
	{ "behind ESP", 50, BYTES("\54\0\0\0\0\0\0\0" "\21\0\0\10\0\0\0\1" "payload!"), PASS, 0, 0 },
	{ "behind the packet's end", 60, BYTES("\54\4\1\4\0\0\0\0"), PASS, 0, 0 },
	{ "right at the packet's end", 60, BYTES("\54\0\1\4\0\0\0\0"), DROP, 0, 0 },
	{ "no next header behind it", 44, BYTES("\73\0\0\0\0\0\0\1" "payload!"), WHOLE, 59, 1 },
	{ "two, both atomic", 44, BYTES("\54\0\0\0\0\0\0\1" "\21\0\0\0\0\0\0\2" PORTS), WHOLE, 17, 0 },
	{ "two, the second not the first of its own", 44, BYTES("\54\0\0\0\0\0\0\1" "\21\0\0\10\0\0\0\2" PORTS), WHOLE, 44, 1 },
	{ "two, the first not the first of its own", 44, BYTES("\54\0\0\11\0\0\0\1" "\21\0\0\0\0\0\0\2" PORTS), HELD, 0, 0 },
	{ "options behind it, and no UDP", 44, BYTES("\74\0\0\0\0\0\0\1" "\21\0\1\4\0\0\0\0" "\0\1\0\1"), PASS, 0, 0 },
	{ "options behind it cut", 44, BYTES("\74\0\0\0\0\0\0\1" "\21\3\1\4\0\0\0\0"), PASS, 0, 0 },
	{ "options behind it cut, no UDP named", 44, BYTES("\74\0\0\0\0\0\0\1" "\74\3\1\4\0\0\0\0"), WHOLE, 60, 1 },
};

static void chains_ipv6(void **state)
{
	static struct run run;

	(void)state;
	for (size_t i = 0; i < COUNT(chains); i++) {
		const struct chain_case *c = &chains[i];
		uint32_t len = 40 + (uint32_t)c->len;

		run_open(&run, CT_L3_IPV6, &default_limits);
		build_ipv6(run.bytes, &(struct piece){ .size = 0 }, 0);
		run.bytes[6] = c->nexthdr;
		store_be16(run.bytes + 4, (uint16_t)c->len);
		memcpy(run.bytes + 40, c->bytes, c->len);
		run_expect(&run, c->name, c->expect, run_packet(&run, len, 0));
		if (c->expect == WHOLE) {
			assert_int_equal(run.pkt.protonum, c->protonum);
			assert_int_equal(!!(run.pkt.flags & CT_PACKET_NO_L4),
					 c->no_l4);
		}
		run_close(&run);
	}
}

/* Their time runs from the first to arrive, and nothing is left of it after. */
static void timeouts(void **state)
{
	static const struct piece pieces[] = {
		P(0, 16, 1, HELD), P(16, 8, 1, HELD, .ms = 500),
		P(24, 8, 0, WHOLE, .ms = 499),
		P(0, 16, 1, HELD), P(16, 8, 1, HELD, .ms = 500),
		P(24, 8, 0, HELD, .ms = 500),
		P(0, 24, 1, WHOLE, .ms = 999),
	};
	static const struct ct_sysctl limits = {
		.ipfrag_time = 1, .frag6_timeout = 1,
		.ipfrag_high_thresh = 4194304, .frag6_high_thresh = 4194304,
	};
	static struct run run;
	static const enum ct_l3 families[] = { CT_L3_IPV4, CT_L3_IPV6 };

	(void)state;
	for (size_t i = 0; i < COUNT(families); i++) {
		run_open(&run, families[i], &limits);
		run_check_all(&run, "timeouts", pieces, COUNT(pieces));
		assert_int_equal(ct_reassembly_stats(run.r)->timed_out, 1);
		assert_int_equal(ct_reassembly_stats(run.r)->whole, 2);
		assert_int_equal(ct_reassembly_stats(run.r)->held, 5);
		run_close(&run);
	}
}

/*
 * ip_frag_too_far(): with a limit of three, as many other fragments of the same
 * source between two of a datagram make it start anew, with all its time.
 */
static void too_far(void **state)
{
	static const struct piece pieces[] = {
		/* Two between; another source does not count. */
		P(0, 16, 1, HELD, .id = 1),
		P(0, 16, 1, HELD, .id = 2), P(16, 8, 1, HELD, .id = 2),
		P(0, 16, 1, HELD, .id = 1, .source = 1),
		P(16, 8, 0, WHOLE, .id = 1),
		/* Three, and a duplicate is one of them. */
		P(0, 16, 1, HELD, .id = 1),
		P(24, 8, 1, HELD, .id = 2), P(32, 8, 1, HELD, .id = 2),
		P(32, 8, 1, DROP, .id = 2),
		P(16, 8, 0, HELD, .id = 1, .ms = 600),
		P(0, 16, 1, WHOLE, .id = 1, .ms = 600),
	};
	static const struct ct_sysctl limits = {
		.ipfrag_time = 1, .ipfrag_high_thresh = 4194304, .ipfrag_max_dist = 3,
	};
	static struct run run;

	(void)state;
	run_open(&run, CT_L3_IPV4, &limits);
	run_check_all(&run, "too far", pieces, COUNT(pieces));
	run_close(&run);
}

/*
 * A full store takes nothing more, not even what would complete a datagram;
 * one that has just room for a byte takes any fragment.
 */
static void memory(void **state)
{
	static const struct piece pieces[] = {
		P(0, 16, 1, HELD, .id = 1), P(0, 16, 1, HELD, .id = 2),
		P(16, 8, 0, DROP, .why = "memory", .id = 1),
		P(0, 16, 1, DROP, .why = "memory", .id = 3),
		P(16, 8, 0, HELD, .id = 1, .ms = 1000),
	};
	uint32_t cost = QUEUE4_COST + fragment_cost(36);
	struct ct_sysctl limits = default_limits;
	static struct run run;

	(void)state;
	limits.ipfrag_time = 1;
	limits.ipfrag_high_thresh = 2 * cost - 1;
	run_open(&run, CT_L3_IPV4, &limits);
	run_check_all(&run, "memory", pieces, COUNT(pieces));
	assert_int_equal(ct_reassembly_stats(run.r)->over_limit, 2);
	run_close(&run);

	limits.ipfrag_high_thresh = 0;
	run_open(&run, CT_L3_IPV4, &limits);
	run_check(&run, "memory", &(struct piece)P(0, 16, 1, DROP));
	run_close(&run);
}

/* As /proc/net/sockstat showed them for a tap device. */
static void costs(void **state)
{
	static const uint32_t rows[][2] = {
		{ 28, 704 }, { 44, 704 }, { 52, 768 }, { 1500, 2176 },
		{ 3380, 4096 }, { 3444, 4352 }, { 3700, 8448 },
		{ 8020, 12544 }, { 65020, 65792 }, { 65500, 69888 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(fragment_cost(rows[i][0]), rows[i][1]);
}

/* Bytes that were not captured read as zero, and say so. */
static void snap_length(void **state)
{
	static const struct piece cut_second[] = {
		P(24, 8, 0, HELD), P(8, 16, 1, HELD, .cut = 10),
		P(0, 8, 1, WHOLE),
	};
	/* What is cut off anyhow does not matter. */
	static const struct piece cut_rest[] = {
		P(0, 15, 1, HELD, .cut = 7), P(8, 8, 0, WHOLE),
	};
	static struct run run;

	(void)state;
	run_open(&run, CT_L3_IPV4, &default_limits);
	run_check_all(&run, "snap length", cut_second, COUNT(cut_second));
	assert_int_equal(run.pkt.len, 20 + 32);
	assert_int_equal(run.pkt.caplen, 20 + 14);
	assert_true(run.pkt.flags & CT_PACKET_CUT);
	assert_int_equal(run.pkt.data[20 + 13], pattern(13));
	assert_int_equal(run.pkt.data[20 + 14], 0);
	run_check_all(&run, "snap length", cut_rest, COUNT(cut_rest));
	assert_int_equal(run.pkt.caplen, run.pkt.len);
	assert_false(run.pkt.flags & CT_PACKET_CUT);
	run_close(&run);
}

/* What has to go with a datagram where captures are written. */
static void frames(void **state)
{
	static const struct piece pieces[] = {
		P(16, 8, 0, HELD, .id = 1), P(0, 8, 1, HELD, .id = 2),
		P(0, 8, 1, HELD, .id = 1), P(0, 8, 1, DROP, .id = 1),
		P(8, 8, 1, WHOLE, .id = 1),
	};
	static struct run run;
	const uint64_t *numbers;
	uint32_t n;

	(void)state;
	run_open(&run, CT_L3_IPV6, &default_limits);
	run_check_all(&run, "frames", pieces, COUNT(pieces));
	numbers = ct_reassembly_frames(run.r, &n);
	assert_int_equal(n, 3);
	assert_int_equal(numbers[0], 1);
	assert_int_equal(numbers[1], 3);
	assert_int_equal(numbers[2], 5);
	run_check(&run, "frames", &(struct piece)P(0, 8, 1, HELD));
	ct_reassembly_frames(run.r, &n);
	assert_int_equal(n, 0);
	run_close(&run);
}

/* As many fragments as a datagram can have, in the worst of orders. */
static void most_fragments(void **state)
{
	static struct run run;

	(void)state;
	run_open(&run, CT_L3_IPV4, &(struct ct_sysctl){
		.ipfrag_time = 30, .ipfrag_high_thresh = UINT32_MAX });
	for (uint16_t i = 8188; i > 0; i -= 2)
		run_check(&run, "even", &(struct piece)
			  P((uint16_t)(i * 8), 8, i != 8188, HELD));
	for (uint16_t i = 1; i < 8188; i += 2)
		run_check(&run, "odd", &(struct piece)
			  P((uint16_t)(i * 8), 8, 1, HELD));
	run_check(&run, "first", &(struct piece)P(0, 8, 1, WHOLE));
	run_check_whole(&run, "most fragments", 8189 * 8);
	run_close(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_ipv4),
		cmocka_unit_test(header_ipv6),
		cmocka_unit_test(next_header_beyond_255),
		cmocka_unit_test(chains_ipv6),
		cmocka_unit_test(timeouts),
		cmocka_unit_test(too_far),
		cmocka_unit_test(memory),
		cmocka_unit_test(costs),
		cmocka_unit_test(snap_length),
		cmocka_unit_test(frames),
		cmocka_unit_test(most_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
