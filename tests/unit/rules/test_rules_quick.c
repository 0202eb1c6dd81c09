/* SPDX-License-Identifier: GPL-2.0-only */
/* rules_quick() beside rules_run(): two firewalls with the same rules get the same
 * packets, and one of them never takes the short way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "replay/firewall.h"
#include "support/rules_desk.h"

struct side {
	struct desk desk;
	struct firewall fw;
	struct ct_reassembly *reassembly;
	char text[8192];
	size_t n;
	uint64_t quick;
};

static void side_open(struct side *s, const char *rules)
{
	struct ct_config cfg;
	struct ct *ct;

	memset(s, 0, sizeof(*s));
	desk_open(&s->desk, NULL);
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
	return n;
}

static uint64_t compare(const char *rules)
{
	static struct side a, b;
	uint64_t quick;

	side_open(&a, rules);
	side_open(&b, rules);
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
		f.local = p[12] == 192 && p[15] == 1;
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

/* What says another thing of each packet is asked each time. */
static void test_never(void **state)
{
	(void)state;
	assert_int_equal(compare("*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -p udp -m udp --sport 1001 -j CT --notrack\nCOMMIT\n" FILTER
		"-A FORWARD -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n"), 0);
	assert_int_equal(compare(FILTER "-A FORWARD -m length --length 36 -j DROP\n"
		"-A FORWARD -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n"
		"*mangle\n:OUTPUT DROP [0:0]\n:INPUT DROP [0:0]\nCOMMIT\n"), 0);
	assert_int_equal(compare(FILTER "-A FORWARD -m statistic --mode nth --every 2 "
		"--packet 0 -j DROP\n-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n"
		"-A INPUT -m conntrack --ctstatus ASSURED -j ACCEPT\n"
		"-A OUTPUT -p tcp -m tcp --tcp-flags SYN SYN -j DROP\nCOMMIT\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_rules),
		cmocka_unit_test(test_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
