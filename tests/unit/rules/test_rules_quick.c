/* SPDX-License-Identifier: GPL-2.0-only */
/* rules_quick() beside rules_run(), and walks with an index beside those without: two
 * firewalls with the same rules get the same packets, and one of them never takes a
 * short way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/firewall.h"
#include "rules/program.h"
#include "support/rules_desk.h"

struct side {
	struct desk desk;
	struct firewall fw;
	struct ct_reassembly *reassembly;
	char text[65536];
	size_t n;
	uint64_t quick;
};

/* What both sides get beside rules. */
static const char *sets = "";
static bool without_routes;

static void side_open(struct side *s, const char *rules)
{
	const struct rules_options forward = { .path = RULES_PATH_FORWARD };
	struct ct_config cfg;
	struct ct *ct;

	memset(s, 0, sizeof(*s));
	if (without_routes)
		s->desk.r = rules_create(&forward);
	else
		desk_open(&s->desk, NULL);
	assert_true(rules_read_sets(s->desk.r, "sets", sets, strlen(sets)));
	assert_true(desk_load(&s->desk, CT_L3_IPV4, rules));
	ct_config_defaults(&cfg);
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	firewall_attach(&s->fw, ct, NULL);
}

static void side_close(struct side *s)
{
	ct_destroy(s->fw.ct);
	desk_close(&s->desk);
}

static void side_run(struct side *s, const struct rules_frame *frame, bool quick)
{
	struct rules_frame f = *frame;
	struct rules_outcome *o = &s->fw.outcome;

	f.in = f.on = rules_iface(s->desk.r, f.mac[0] ? "lan0" : "wan0");
	ct_advance(s->fw.ct, f.now);
	if (quick && f.pkttype == RULES_PKT_HOST &&
	    rules_quick(s->desk.r, &s->fw.engine, f.pkt, f.on, &f.tracked, o))
		s->quick++;
	else
		rules_run(s->desk.r, &s->fw.engine, &f, o);
}

static void same(const struct rules_outcome *a, const struct rules_outcome *b)
{
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->why, b->why);
	assert_int_equal(a->hook, b->hook);
	assert_int_equal(a->tracked, b->tracked);
	assert_int_equal(a->unknown, b->unknown);
	assert_int_equal(a->npath, b->npath);
	assert_memory_equal(&a->rule, &b->rule, sizeof(a->rule));
	assert_memory_equal(a->path, b->path, sizeof(a->path[0]) * a->npath);
	assert_string_equal(rules_iface_name(a->in), rules_iface_name(b->in));
	assert_string_equal(rules_iface_name(a->out), rules_iface_name(b->out));
	assert_int_equal(a->mark, b->mark);
	if (!a->tracked)
		return;
	assert_int_equal(a->ct.id, b->ct.id);
	assert_int_equal(a->ct.ctstate, b->ct.ctstate);
	assert_int_equal(a->ct.dir, b->ct.dir);
}

static void keep(void *arg, const char *text, size_t len)
{
	struct side *s = arg;

	assert_true(s->n + len < sizeof(s->text));
	memcpy(s->text + s->n, text, len);
	s->n += len;
}

static uint32_t any(uint32_t n)
{
	static uint64_t x = 88172645463325252ull;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 33) % n;
}

static void swap(uint8_t *a, uint8_t *b, size_t n)
{
	for (; n--; a++, b++) {
		uint8_t t = *a;

		*a = *b;
		*b = t;
	}
}

/* A packet of one of a few flows, mostly through the router, in either direction. */
static size_t make(uint8_t *p, bool *back)
{
	uint16_t port = (uint16_t)(1000 + any(4));
	size_t n = any(3) ? desk_udp(p, port, 53, "question") :
		   any(2) ? desk_tcp(p, port, 80, (uint8_t[]){ 2, 0x12, 0x10, 0x11, 4 }[any(5)],
				     "", 0, "") : desk_icmp(p, any(2) ? 8 : 0, 0);

	*back = any(2);
	if (!any(8))
		memcpy(p + 16, (uint8_t[]){ 192, 0, 2, 1 }, 4);	/* the router */
	if (*back)
		swap(p + 12, p + 16, 4);
	if (*back && p[9] != 1)
		swap(p + 20, p + 22, 2);
	p[8] = any(12) ? 64 : 1;
	if (p[9] == 6 && !any(20))
		p[32] = 0xf0;		/* options that are cut short */
	if (!any(20)) {			/* a header that is */
		n = 20 + any((uint32_t)n - 20);
		p[2] = 0;
		p[3] = (uint8_t)n;
	}
	return n;
}

static uint64_t compare(const char *rules)
{
	static struct side a, b;
	uint64_t quick;

	side_open(&a, rules);
	side_open(&b, rules);
	rule_index_free(&b.desk.r->set[0]);
	for (unsigned int i = 0; i < 20000; i++) {
		struct rules_frame f = { .now = (1000 + i) * (CT_NSEC_PER_SEC / 8) };
		struct ct_packet pkt;
		uint8_t p[128];
		bool back;
		size_t n = make(p, &back);

		if (ct_packet_parse(&pkt, p, (uint32_t)n, (uint32_t)n, CT_L3_IPV4,
				    CT_PARSE_OFFLOAD) != CT_PACKET_OK) {
			/* the TTL is not in the checksum */
			p[10] = p[11] = 0;
			assert_int_equal(ct_packet_parse(&pkt, p, (uint32_t)n,
				(uint32_t)n, CT_L3_IPV4, CT_PARSE_OFFLOAD), CT_PACKET_OK);
		}
		f.pkt = &pkt;
		f.mac[0] = back == !any(20);
		f.pkttype = any(30) ? RULES_PKT_HOST : RULES_PKT_MULTICAST;
		f.has_mac = true;
		f.local = !without_routes && p[12] == 192 && p[15] == 1;
		side_run(&a, &f, true);
		side_run(&b, &f, false);
		same(&a.fw.outcome, &b.fw.outcome);
	}
	rules_print(a.desk.r, CT_L3_IPV4, keep, &a);
	rules_print(b.desk.r, CT_L3_IPV4, keep, &b);
	assert_string_equal(a.text, b.text);
	quick = a.quick;
	side_close(&a);
	side_close(&b);
	return quick;
}

#define FILTER "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"

static void test_first_rules(void **state)
{
	(void)state;
	assert_true(compare(FILTER
		"-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
		"-A FORWARD -i lan0 -j ACCEPT\n-A FORWARD -m ttl --ttl-eq 64 -j DROP\n"
		"-A INPUT -m state --state ESTABLISHED -j ACCEPT\n"
		"COMMIT\n") > 4000);
	/* Rules before it that ask for the connection alone. */
	assert_true(compare(FILTER
		"-A FORWARD -i lo -j ACCEPT\n"
		"-A FORWARD -p udp -m udp --sport 1002 -m state --state ESTABLISHED -j DROP\n"
		"-A FORWARD -p tcp -m multiport --dports 81,82 -j ACCEPT\n"
		"-A FORWARD -p udp -m udp --dport 53 -j ACCEPT\n"
		"-A FORWARD -m conntrack --ctstate ESTABLISHED --ctdir REPLY -j ACCEPT\n"
		"COMMIT\n") > 2000);
	/* Empty chains count, and a policy that accepts is a rule like another. */
	assert_true(compare("*mangle\n:PREROUTING ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
		":POSTROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\n"
		"-A FORWARD -p udp -m state --state NEW -m udp --dport 99 -j DROP\n"
		"COMMIT\n") > 4000);
}

/* Asks each packet at the router itself. */
#define OTHERS "-A INPUT -m length --length 1:\n-A OUTPUT -m length --length 1:\n"
#define EST "-m state --state ESTABLISHED -j ACCEPT\n"

/* Rules that match nothing, for an index. */
#define TWO "-A FORWARD -s 203.0.113.1 -j ACCEPT\n-A FORWARD -d 203.0.113.2 -j DROP\n"
#define EIGHT TWO TWO TWO TWO

/* All tables on the way, chains below them, and targets that do the same each time. */
static void test_all_tables(void **state)
{
	(void)state;
	assert_true(compare("*raw\n:PREROUTING ACCEPT [0:0]\n:u - [0:0]\n"
		"-A PREROUTING -i lan0 -j u\n-A u -p tcp -j RETURN\n-A u -j TRACE\nCOMMIT\n"
		"*mangle\n:PREROUTING ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
		"-A PREROUTING -i lan0 -j MARK --set-mark 3\n"
		"-A FORWARD -m mark --mark 3 -j CLASSIFY --set-class 1:1\n"
		"-A FORWARD -m iprange --dst-range 198.51.100.1-198.51.100.9\nCOMMIT\n" FILTER
		":v - [0:0]\n:v2 - [0:0]\n-A FORWARD -p udp -m comment --comment x -j v\n"
		"-A FORWARD " EST "-A v -m udp -p udp --sport 1001 -j RETURN\n"
		"-A v -m pkttype --pkt-type unicast -g v2\n-A v2 -j LOG\n"
		"-A v2 -m mark --mark 3 -j ACCEPT\nCOMMIT\n") > 4000);
	/* The state alone, by way and without routes. */
	assert_true(compare(FILTER "-A INPUT -i lo -j ACCEPT\n-A INPUT " EST
			    "-A FORWARD " EST "-A FORWARD -p udp -j ACCEPT\nCOMMIT\n") > 6000);
	without_routes = true;
	assert_true(compare(FILTER "-A FORWARD -i lo -j ACCEPT\n-A FORWARD " EST
			    "-A FORWARD -p udp -j ACCEPT\nCOMMIT\n") > 6000);
	assert_true(compare(FILTER "-A FORWARD -s 192.0.2.0/24 -i lan0 -j ACCEPT\n"
			    "-A FORWARD " EST "COMMIT\n") > 4000);
	assert_true(compare(FILTER "-A FORWARD -m conntrack --ctstate ESTABLISHED --ctdir REPLY "
			    "-j ACCEPT\n-A FORWARD " EST "-A FORWARD -p udp -j ACCEPT\n"
			    "COMMIT\n") > 4000);
	/* The index leads some connections past a rule, and others to it. */
	assert_true(compare(FILTER EIGHT "-A FORWARD -p udp -m udp --sport 1002 -j ACCEPT\n"
			    "-A FORWARD " EST "-A FORWARD -p udp -j ACCEPT\nCOMMIT\n") > 4000);
	without_routes = false;
}

/* A set that nothing changes. */
static void test_sets(void **state)
{
	static const char drop[] = FILTER "-A FORWARD -m set --match-set s src,dst -j DROP\n"
				   "-A FORWARD " EST "-A FORWARD -j ACCEPT\n" OTHERS "COMMIT\n";

	(void)state;
	sets = "create s hash:ip family inet\nadd s 203.0.113.1\n";
	assert_true(compare(drop) > 4000);
	sets = "create s hash:ip,port family inet\nadd s 192.0.2.10,udp:1001\n";
	assert_true(compare(drop) > 4000);
	sets = "create a hash:net family inet\ncreate s list:set size 8\nadd s a\n"
	       "add a 203.0.113.0/24\n";
	assert_true(compare(drop) > 4000);
	sets = "create s hash:net,iface family inet\nadd s 192.0.2.0/24,wan0\n";
	assert_true(compare(drop) > 4000);
	/* Those that do change. */
	sets = "create s hash:ip family inet counters\nadd s 192.0.2.10 packets 0 bytes 0\n";
	assert_int_equal(compare(FILTER "-A FORWARD -m set --match-set s src "
				 "--packets-gt 500 -j DROP\n-A FORWARD " EST
				 "-A FORWARD -j ACCEPT\n" OTHERS "COMMIT\n"), 0);
	sets = "create s hash:ip family inet timeout 900\nadd s 192.0.2.10 timeout 900\n";
	assert_int_equal(compare(drop), 0);
	sets = "create s bitmap:ip,mac range 192.0.2.0/24\nadd s 192.0.2.10\n";
	assert_int_equal(compare(FILTER "-A FORWARD -m set ! --match-set s src,src -j ACCEPT\n"
				 OTHERS "COMMIT\n"), 0);
	sets = "create a hash:ip family inet\ncreate s list:set size 8\nadd s a\n";
	assert_int_equal(compare(FILTER "-A FORWARD -p icmp -j SET --add-set a src --exist\n"
		"-A FORWARD -p tcp -j SET --del-set a src\n"
		"-A FORWARD -m set --match-set s src -j DROP\n"
		"-A FORWARD " EST "-A FORWARD -j ACCEPT\n" OTHERS "COMMIT\n"), 0);
	sets = "";
}

/* What says another thing of each packet is asked each time. */
static void test_never(void **state)
{
	static const char *const matches[] = {
		"-m limit --limit 1/s", "-m quota --quota 90000", "-m length --length 28:36",
		"-m statistic --mode nth --every 3 --packet 0", "-m ttl --ttl-lt 9",
		"-m recent --name x --rcheck --hitcount 5", "-m tos --tos 0x10",
		"-m connbytes --connbytes 9: --connbytes-dir both --connbytes-mode packets",
		"-m hashlimit --hashlimit-upto 1/s --hashlimit-mode srcip --hashlimit-name y",
		"-m conntrack --ctstatus ASSURED", "-m conntrack --ctexpire 1:60",
		"-m connmark --mark 5", "-m mac --mac-source 00:00:00:00:00:00",
		"-m time --timestart 00:10 --timestop 00:30",
		"-m string --string question --algo bm", "-m u32 --u32 \"0=1\"",
		"-m connlimit --connlimit-above 3",
	};
	char rules[1024];

	(void)state;
	for (size_t i = 0; i < RULES_COUNT(matches); i++) {
		snprintf(rules, sizeof(rules), FILTER "-A FORWARD %s -j DROP\n"
			 "-A FORWARD " EST "-A FORWARD -m recent --name x --set -j ACCEPT\n"
			 OTHERS "COMMIT\n", matches[i]);
		assert_int_equal(compare(rules), 0);
	}
	assert_int_equal(compare(FILTER "-A FORWARD -m length --length 36 -j DROP\n"
		"-A FORWARD " EST "COMMIT\n"
		"*mangle\n:OUTPUT DROP [0:0]\n:INPUT DROP [0:0]\nCOMMIT\n"), 0);
	/* The flags of UDP's connections are not asked. */
	assert_true(compare(FILTER "-A FORWARD -p tcp -m tcp --tcp-flags SYN SYN -j DROP\n"
			    "-A FORWARD " EST "-A FORWARD -j ACCEPT\nCOMMIT\n") > 4000);
	/* The first rule of raw decides how all are tracked. */
	assert_int_equal(compare("*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -p udp -m udp --sport 1001 -j CT --notrack\nCOMMIT\n" FILTER
		"-A FORWARD " EST "COMMIT\n"), 0);
	assert_int_equal(compare("*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -p udp -m udp --sport 1001 -j DROP\nCOMMIT\n" FILTER
		"-A FORWARD " EST "COMMIT\n"), 0);
	assert_int_equal(compare("*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -m length --length 1:40\nCOMMIT\n" FILTER
		"-A FORWARD " EST "COMMIT\n"), 0);
	/* ... and the state that later rules of raw see, which have an index. */
	assert_int_equal(compare("*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -p udp -m udp --sport 1001 -j CT --notrack\n"
		"-A PREROUTING -s 203.0.113.1\n-A PREROUTING -s 203.0.113.2\n"
		"-A PREROUTING -s 203.0.113.3\n-A PREROUTING -s 203.0.113.4\n"
		"-A PREROUTING -s 203.0.113.5\n-A PREROUTING -s 203.0.113.6\n"
		"-A PREROUTING -m state --state UNTRACKED -j ACCEPT\nCOMMIT\n" FILTER
		"-A FORWARD " EST "COMMIT\n"), 0);
}

/* Targets that change the packet, its connection or what they keep. */
static void test_targets(void **state)
{
	static const char *const targets[] = {
		"CONNMARK --set-mark 5", "CONNMARK --restore-mark", "CONNMARK --save-mark",
		"TTL --ttl-set 9", "TOS --set-tos 4", "DSCP --set-dscp 3",
	};
	char rules[1024];

	(void)state;
	for (size_t i = 0; i < RULES_COUNT(targets); i++) {
		snprintf(rules, sizeof(rules), "*mangle\n:PREROUTING ACCEPT [0:0]\n"
			 ":OUTPUT ACCEPT [0:0]\n-A OUTPUT -j %s\n-A PREROUTING -j %s\n"
			 "COMMIT\n" FILTER "-A FORWARD " EST "-A FORWARD -j ACCEPT\n"
			 "COMMIT\n", targets[i], targets[i]);
		assert_int_equal(compare(rules), 0);
	}
	assert_true(compare(FILTER "-A FORWARD " EST
			    "-A FORWARD -p udp -j REJECT\n-A FORWARD -p tcp -j REJECT "
			    "--reject-with tcp-reset\nCOMMIT\n") < 20000);
}

/* One of 'n' words. */
#define ONE_OF(...) \
	((const char *const[]){ __VA_ARGS__ }[any(sizeof((const char *const[]){ __VA_ARGS__ }) / \
					  sizeof(char *))])

static void add(char *rules, size_t size, const char *text)
{
	size_t n = strlen(rules);

	assert_true(n + strlen(text) < size);
	snprintf(rules + n, size - n, "%s", text);
}

/* A rule of what an index tells, and of what it must not look behind. */
static void add_rule(char *rules, size_t size, const char *chain)
{
	bool tcp = any(2);

	add(rules, size, chain);
	add(rules, size, ONE_OF("", "", " -s 192.0.2.10", " -s 192.0.2.0/25", " ! -s 192.0.2.0/30",
				" -s 128.0.0.0/1"));
	add(rules, size, ONE_OF("", "", "", " -d 198.51.100.0/24", " -d 192.0.2.10",
				" ! -d 192.0.2.1", " -d 0.0.2.10/0.0.255.255"));
	add(rules, size, ONE_OF("", "", "", " -i lan0", " ! -i lan0", " -i w+", " -o wan0",
				" ! -o +"));
	if (any(2))
		add(rules, size, ONE_OF(" -m limit --limit 1/min", " -m length --length 28:40",
					" -m comment --comment x", " -m quota --quota 5000"));
	if (!any(3)) {
		add(rules, size, ONE_OF(" -p icmp", " ! -p udp", " -p icmp -m state --state NEW",
					" ! -p tcp -m state ! --state NEW"));
	} else {
		add(rules, size, tcp ? " -p tcp -m tcp" : " -p udp -m udp");
		add(rules, size, ONE_OF("", " --dport 53", " --dport 80:90", " ! --sport 1001",
					" --sport 900:1001", " --sport 767:1001",
					" --sport 1002 ! --dport 80",
					" --dport 0:255", " --dport 40:1030"));
		if (tcp)
			add(rules, size, ONE_OF("", "", " --syn", " --tcp-option 2"));
		add(rules, size, ONE_OF("", "", " -m multiport --sports 1000,1003",
					" -m multiport ! --dports 53,80:81",
					" -m multiport --ports 1001,79:80"));
	}
	add(rules, size, ONE_OF("", "", " -m state --state NEW", " -m conntrack --ctstate "
				"RELATED,ESTABLISHED", " -m conntrack ! --ctstate ESTABLISHED",
				" -m conntrack --ctstate INVALID --ctdir ORIGINAL"));
	add(rules, size, ONE_OF("\n", "\n", " -m limit --limit 9/min -j RETURN\n", " -j u\n",
				" -j LOG\n", " -j ACCEPT\n", " -j DROP\n"));
}

static void test_index(void **state)
{
	static char rules[16384];

	(void)state;
	for (unsigned int i = 0; i < 40; i++) {
		snprintf(rules, sizeof(rules), "%s", FILTER ":u - [0:0]\n");
		for (unsigned int k = 1 + any(90); k--;)
			add_rule(rules, sizeof(rules), any(4) ? "-A FORWARD" : "-A INPUT");
		for (unsigned int k = any(20); k--;)
			add_rule(rules, sizeof(rules), "-A u");
		for (char *at = strstr(rules, "-A u"); at && (at = strstr(at, " -j u")) != NULL;)
			memcpy(at, "     ", 5);	/* no loop */
		for (char *at = rules; (at = strstr(at, "-A INPUT")) != NULL; at++)
			for (char *o = strstr(at, " -o "), *end = strchr(at, '\n'); o && o < end;
			     o = strstr(o, " -o "))
				memcpy(o, " -i ", 4);
		add(rules, sizeof(rules), "COMMIT\n");
		without_routes = !any(3);
		compare(rules);
	}
	without_routes = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_rules),
		cmocka_unit_test(test_all_tables),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
