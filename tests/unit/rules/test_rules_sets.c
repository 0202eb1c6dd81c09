/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets as ipset save prints them, and routes as ip route show does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rules_desk.h"

/* Whether a match of the set 's' is true of UDP 192.0.2.10:1000 to
 * 198.51.100.20:53; -1: refused. */
static int in_set(const char *sets, const char *match)
{
	uint8_t p[64];
	size_t n = desk_udp(p, 1000, 53, "x");
	char text[512];
	struct desk d;
	int found = -1;

	desk_open(&d, NULL);
	snprintf(text, sizeof(text), "*mangle\n:FORWARD ACCEPT [0:0]\n"
		 "-A FORWARD -m set %s\nCOMMIT\n", match);
	if (rules_read_sets(d.r, "ipsets", sets, strlen(sets)) &&
	    desk_load(&d, CT_L3_IPV4, text)) {
		desk_run(&d, p, n);
		found = (int)desk_count(&d, CT_L3_IPV4, "mangle", "FORWARD", 1);
	}
	desk_close(&d);
	return found;
}

static void test_types(void **state)
{
	static const struct { const char *sets, *match; int found; } cases[] = {
		{ "create s hash:ip family inet hashsize 1024 maxelem 65536 "
		  "bucketsize 12 initval 0x1234\nadd s 192.0.2.10\n",
		  "--match-set s src", 1 },
		{ "create s hash:ip\nadd s 192.0.2.8-192.0.2.12\n",
		  "--match-set s src", 1 },
		{ "create s hash:ip netmask 24\nadd s 192.0.2.0\n",
		  "--match-set s src", 1 },
		{ "create s hash:ip\nadd s 192.0.2.10\n", "! --match-set s src", 0 },
		{ "create s hash:ip\n", "--match-set s src", 0 },
		{ "create s hash:ip family inet6\n", "! --match-set s src", 1 },
		{ "create s hash:net\nadd s 192.0.2.0/24\nadd s 192.0.2.8/29 nomatch\n",
		  "--match-set s src", 0 },
		{ "create s hash:net\nadd s 192.0.2.0/24\nadd s 192.0.2.8/29 nomatch\n",
		  "--match-set s src --return-nomatch", 1 },
		{ "create s hash:net\nadd s 192.0.2.1-192.0.2.14\n",
		  "--match-set s src", 1 },
		{ "create s hash:ip,port\nadd s 198.51.100.20,udp:53\n",
		  "--match-set s dst,dst", 1 },
		{ "create s hash:ip,port\nadd s 198.51.100.20,53\n",
		  "--match-set s dst,dst", 0 },
		{ "create s hash:ip,port\nadd s 198.51.100.20,udp:50-60\n",
		  "--match-set s dst,dst", 1 },
		{ "create s hash:ip,port\nadd s 198.51.100.20,udp:53\n",
		  "--match-set s dst", 0 },
		{ "create s hash:net,port\nadd s 198.51.100.0/24,udp:53\n",
		  "--match-set s dst,dst", 1 },
		{ "create s hash:ip,port,ip\nadd s 192.0.2.10,udp:53,198.51.100.20\n",
		  "--match-set s src,dst,dst", 1 },
		{ "create s hash:ip,port,net\nadd s 192.0.2.10,udp:53,198.51.100.0/24\n",
		  "--match-set s src,dst,dst", 1 },
		{ "create s hash:net,net\nadd s 192.0.2.0/24,198.51.100.0/24\n",
		  "--match-set s src,dst", 1 },
		{ "create s hash:net,iface\nadd s 192.0.2.0/24,lan0\n",
		  "--match-set s src,src", 1 },
		{ "create s hash:net,iface\nadd s 192.0.2.0/24,lan0\n",
		  "--match-set s src,dst", 0 },
		/* A longer network for another interface ends the search. */
		{ "create s hash:net,iface\nadd s 192.0.2.0/24,lan0\n"
		  "add s 192.0.2.10/32,wan0\n", "--match-set s src,src", 0 },
		{ "create s hash:net,iface\nadd s 192.0.2.0/24,lan wildcard\n",
		  "--match-set s src,src", -1 },
		{ "create s hash:net,iface comment\nadd s 192.0.2.0/24,lan0 comment wildcard\n",
		  "--match-set s src,src", 1 },
		{ "create t hash:net,iface\nadd t 192.0.2.0/24,lan wildcard\n"
		  "create s list:set\nadd s t\n", "--match-set s src,src", -1 },
		{ "create t hash:net,iface\nadd t 192.0.2.0/24,lan wildcard\n"
		  "create s hash:ip\nadd s 192.0.2.10\n", "--match-set s src", 1 },
		{ "create s hash:mac\nadd s 02:00:00:00:01:01\n",
		  "--match-set s src", 1 },
		{ "create s hash:ip,mark\nadd s 192.0.2.10,0x00000000\n",
		  "--match-set s src,src", 1 },
		{ "create s bitmap:ip range 192.0.2.0-192.0.2.255\nadd s 192.0.2.10\n",
		  "--match-set s src", 1 },
		{ "create s bitmap:port range 0-1023\nadd s 53\n",
		  "--match-set s dst", 1 },
		{ "create s bitmap:ip,mac range 192.0.2.0/24\n"
		  "add s 192.0.2.10,02:00:00:00:01:02\n", "--match-set s src,src", 0 },
		{ "create a hash:ip\nadd a 192.0.2.10\ncreate s list:set size 8\n"
		  "add s a\n", "--match-set s src", 1 },
		{ "create s hash:ip timeout 60\nadd s 192.0.2.10 timeout 3\n",
		  "--match-set s src", 1 },
		{ "create s hash:ip counters\nadd s 192.0.2.10 packets 2 bytes 100\n",
		  "--match-set s src --packets-eq 3", 1 },
		{ "create s hash:ip counters\nadd s 192.0.2.10 packets 2 bytes 100\n",
		  "--match-set s src --bytes-lt 129", 0 },
		{ "create s hash:ip counters\nadd s 192.0.2.10 packets 2 bytes 100\n",
		  "--match-set s src ! --update-counters --packets-eq 2", 1 },
		/* as 'ipset save' 7.17 prints 3/4 and 11/1, and 1/4 of ICMPv6 */
		{ "create s hash:ip,port\nadd s 192.0.2.10,icmp:fragmentation-needed\n"
		  "add s 192.0.2.10,icmp:ttl-zero-during-reassembly\n",
		  "! --match-set s src,src", 1 },
		{ "create s hash:ip,port family inet6\nadd s ::1,ipv6-icmp:port-unreachable\n",
		  "! --match-set s src,src", 1 },
		{ "create s hash:ip,port\nadd s 192.0.2.10,icmp:nothing\n",
		  "--match-set s src,src", -1 },
		{ "create s hash:ip comment\nadd s 192.0.2.10 comment \"a b\"\n",
		  "--match-set s src", 1 },
		/* refused */
		{ "", "--match-set s src", -1 },
		{ "create s hash:nothing\n", "--match-set s src", -1 },
		{ "create s hash:ip\nadd s 192.0.2.10,1\n", "--match-set s src", -1 },
		{ "create s hash:ip maxelem 2\nadd s 192.0.2.0/24\n",
		  "--match-set s src", -1 },
		{ "create s hash:ip netmask 8\nadd s 0.0.0.0-255.255.255.255\n",
		  "--match-set s src", -1 },
		{ "add s 192.0.2.10\n", "--match-set s src", -1 },
		/* as the kernel refuses them: IPSET_BITMAP_MAX_RANGE */
		{ "create s bitmap:ip range 192.0.0.0-192.1.0.0\n", "--match-set s src",
		  -1 },
		{ "create s bitmap:ip range 192.0.2.0-192.0.2.9\nadd s 192.0.2.10\n",
		  "--match-set s src", -1 },
		{ "create s bitmap:ip range 192.0.0.0-192.255.255.255 netmask 24\n"
		  "add s 192.0.2.0\n", "--match-set s src", 1 },
	};

	(void)state;
	for (size_t i = 0; i < RULES_COUNT(cases); i++)
		if (in_set(cases[i].sets, cases[i].match) != cases[i].found)
			fail_msg("%s%s: not %d", cases[i].sets, cases[i].match,
				 cases[i].found);
}

/* SET adds what later packets find, until its time is over. */
static void test_target(void **state)
{
	static const char sets[] = "create s hash:ip timeout 5\n";
	uint8_t p[64];
	size_t n = desk_udp(p, 1000, 53, "x");
	struct desk d;

	(void)state;
	desk_open(&d, NULL);
	assert_true(rules_read_sets(d.r, "ipsets", sets, strlen(sets)));
	assert_true(desk_load(&d, CT_L3_IPV4,
		"*filter\n:FORWARD ACCEPT [0:0]\n"
		"-A FORWARD -m set --match-set s src\n"
		"-A FORWARD -j SET --add-set s src --timeout 2\nCOMMIT\n"));
	for (int i = 0; i < 3; i++)
		desk_run(&d, p, n);
	assert_int_equal(desk_count(&d, CT_L3_IPV4, "filter", "FORWARD", 1), 2);
	d.frame.now += 2 * CT_NSEC_PER_SEC;
	desk_run(&d, p, n);
	assert_int_equal(desk_count(&d, CT_L3_IPV4, "filter", "FORWARD", 1), 2);
	desk_close(&d);
}

/* mtype_add(): whether a full set with forceadd takes one depends on its buckets. */
static void test_target_forceadd(void **state)
{
	static const struct rules_options unknown_ok = { .unknown_ok = true };
	static const char sets[] = "create s hash:ip maxelem 1 forceadd\nadd s 192.0.2.1\n";
	static const struct { const char *rule; bool known; } cases[] = {
		{ "-A FORWARD -m set --match-set s src", true },
		{ "-A FORWARD -j SET --del-set s src", true },
		{ "-A FORWARD -j SET --add-set s src", false },
	};

	(void)state;
	for (size_t i = 0; i < 2 * RULES_COUNT(cases); i++) {
		bool known = cases[i / 2].known;
		char text[128];
		struct desk d;

		snprintf(text, sizeof(text), "*filter\n:FORWARD ACCEPT [0:0]\n%s\nCOMMIT\n",
			 cases[i / 2].rule);
		desk_open(&d, i & 1 ? &unknown_ok : NULL);
		assert_true(rules_read_sets(d.r, "ipsets", sets, strlen(sets)));
		assert_int_equal(desk_load(&d, CT_L3_IPV4, text), known || i & 1);
		assert_int_equal(strstr(d.said, "forceadd") != NULL, !known);
		desk_close(&d);
	}
}

/* bitmap_ip_kadt(): what is not in the range is not added. */
static void test_target_range(void **state)
{
	static const char sets[] = "create s bitmap:ip range 192.0.2.11-192.0.2.99\n"
		"create t bitmap:ip range 192.0.2.9-192.0.2.99\n";
	uint8_t p[64];
	size_t n = desk_udp(p, 1000, 53, "x");
	struct desk d;

	(void)state;
	desk_open(&d, NULL);
	assert_true(rules_read_sets(d.r, "ipsets", sets, strlen(sets)));
	assert_true(desk_load(&d, CT_L3_IPV4,
		"*filter\n:FORWARD ACCEPT [0:0]\n"
		"-A FORWARD -m set --match-set s src\n"
		"-A FORWARD -m set --match-set t src\n"
		"-A FORWARD -j SET --add-set s src\n"
		"-A FORWARD -j SET --add-set t src\nCOMMIT\n"));
	for (int i = 0; i < 3; i++)
		desk_run(&d, p, n);
	assert_int_equal(desk_count(&d, CT_L3_IPV4, "filter", "FORWARD", 1), 0);
	assert_int_equal(desk_count(&d, CT_L3_IPV4, "filter", "FORWARD", 2), 2);
	desk_close(&d);
}

/* A walk of 100,000 addresses would take minutes here, instead of a look-up. */
static void test_large_set(void **state)
{
	size_t room = 4u << 20, n;
	char *text = malloc(room);
	uint8_t p[64];
	struct desk d;

	(void)state;
	n = (size_t)sprintf(text, "create s hash:ip maxelem 200000\n");
	for (unsigned int i = 0; i < 100000; i++)
		n += (size_t)sprintf(text + n, "add s 10.%u.%u.%u\n", i >> 16,
				     i >> 8 & 255, i & 255);
	desk_open(&d, NULL);
	assert_true(rules_read_sets(d.r, "ipsets", text, n));
	assert_true(desk_load(&d, CT_L3_IPV4, "*raw\n:PREROUTING ACCEPT [0:0]\n"
			      "-A PREROUTING -m set --match-set s src -j DROP\n"
			      "COMMIT\n"));
	n = desk_udp(p, 1, 2, "x");
	for (unsigned int i = 0; i < 200000; i++)
		assert_int_equal(desk_run(&d, p, n)->verdict, RULES_ACCEPT);
	desk_close(&d);
	free(text);
}

/* The way of a packet, by routes. */
static void test_ways(void **state)
{
	static const struct { uint8_t src[4], dst[4]; uint8_t verdict, hook, why; }
	cases[] = {
		{ { 192, 0, 2, 10 }, { 198, 51, 100, 20 }, RULES_ACCEPT,
		  RULES_POSTROUTING, 0 },
		{ { 192, 0, 2, 10 }, { 192, 0, 2, 1 }, RULES_ACCEPT, RULES_INPUT, 0 },
		{ { 192, 0, 2, 10 }, { 192, 0, 2, 255 }, RULES_ACCEPT,
		  RULES_INPUT, 0 },
		{ { 192, 0, 2, 10 }, { 255, 255, 255, 255 }, RULES_ACCEPT,
		  RULES_INPUT, 0 },
		{ { 192, 0, 2, 10 }, { 224, 0, 0, 1 }, RULES_ACCEPT, RULES_INPUT, 0 },
		{ { 192, 0, 2, 10 }, { 239, 1, 1, 1 }, RULES_DROP,
		  RULES_PREROUTING, RULES_WHY_NOT_MEMBER },
		{ { 192, 0, 2, 10 }, { 203, 0, 113, 1 }, RULES_DROP,
		  RULES_PREROUTING, RULES_WHY_NO_ROUTE },
		{ { 127, 0, 0, 1 }, { 198, 51, 100, 20 }, RULES_DROP,
		  RULES_PREROUTING, RULES_WHY_MARTIAN },
	};
	uint8_t p[64];
	struct desk d;

	(void)state;
	desk_open(&d, NULL);
	assert_true(rules_ready(d.r));
	for (size_t i = 0; i < RULES_COUNT(cases); i++) {
		size_t n = desk_udp(p, 1, 2, "x");

		memcpy(p + 12, cases[i].src, 4);
		memcpy(p + 16, cases[i].dst, 4);
		ct_packet_parse(&d.pkt, p, (uint32_t)n, (uint32_t)n, CT_L3_IPV4, 0);
		d.pkt = (struct ct_packet){ .data = p, .caplen = (uint32_t)n,
			.len = (uint32_t)n, .l3num = CT_L3_IPV4, .l4off = 20,
			.protonum = 17 };
		d.frame.pkt = &d.pkt;
		rules_run(d.r, &d.engine, &d.frame, &d.out);
		assert_int_equal(d.out.verdict, cases[i].verdict);
		assert_int_equal(d.out.hook, cases[i].hook);
		if (cases[i].verdict == RULES_DROP)
			assert_int_equal(d.out.why, cases[i].why);
	}
	desk_close(&d);
}

/* As 'ip route' prints gateways of the other family and locked metrics. */
static void test_routes_taken(void **state)
{
	static const char odd[] =
		"10.7.0.0/16 via inet6 fe80::1 dev lan0 \n"
		"default via inet6 fe80::1 dev wan0 proto static \n"
		"10.8.0.0/16 via 192.0.2.2 dev lan0 mtu lock 1400 advmss 1360 \n"
		"10.9.0.0/16  encap seg6 mode encap segs 1 [ fc00::1 ] dev lan0 scope link \n";
	struct desk d;

	(void)state;
	desk_open(&d, NULL);
	if (!rules_read_routes(d.r, "routes", odd, strlen(odd)))
		fail_msg("%s", d.said);
	desk_close(&d);
}

static void test_routes_refused(void **state)
{
	static const char *const bad[] = {
		"nowhere dev lan0\n", "192.0.2.0/33 dev lan0\n", "local\n",
		"192.0.2.0/24 dev a-name-that-is-too-long\n",
	};
	struct desk d;

	(void)state;
	for (size_t i = 0; i < RULES_COUNT(bad); i++) {
		desk_open(&d, NULL);
		assert_false(rules_read_routes(d.r, "routes", bad[i],
					       strlen(bad[i])));
		assert_non_null(strstr(d.said, "routes:1:"));
		desk_close(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types), cmocka_unit_test(test_target),
		cmocka_unit_test(test_target_range),
		cmocka_unit_test(test_target_forceadd),
		cmocka_unit_test(test_large_set), cmocka_unit_test(test_ways),
		cmocka_unit_test(test_routes_refused),
		cmocka_unit_test(test_routes_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
