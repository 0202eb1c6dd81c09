/* SPDX-License-Identifier: GPL-2.0-only */
/* Matches at their edges; what is expected stands in the kernel's functions, or was
 * seen of the live kernel (tests/rules). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/rules_desk.h"

struct edge { const char *rule; int match; };

static void check(const struct edge *e, size_t n, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (desk_match(e[i].rule, p, len) != e[i].match)
			fail_msg("%s: not %d", e[i].rule, e[i].match);
}

#define CHECK(e, p, len) check(e, RULES_COUNT(e), p, len)

static void test_header(void **state)
{
	static const struct edge edges[] = {
		{ "-s 192.0.2.10", 1 }, { "! -s 192.0.2.10", 0 },
		{ "-s 192.0.2.8/255.255.255.253", 1 }, { "-s 0.0.0.0/0", 1 },
		{ "-d 198.51.100.20/32", 1 }, { "-d 198.51.100.0/25", 1 },
		{ "-d 198.51.100.128/25", 0 }, { "-i lan0", 1 },
		{ "-i lan", 0 }, { "-i lan+", 1 }, { "-i +", 1 },
		{ "! -i lan+", 0 }, { "-i wan0", 0 }, { "! -i wan0", 1 },
		{ "-p udp", 1 }, { "-p 17", 1 }, { "! -p tcp", 1 }, { "-p all", 1 },
		{ "-f", 0 }, { "! -f", 1 },
	};
	uint8_t p[64];

	(void)state;
	CHECK(edges, p, desk_udp(p, 1000, 53, "x"));
}

static void test_tcp(void **state)
{
	static const struct edge edges[] = {
		{ "-p tcp -m tcp --sport 1000 --dport 80", 1 },
		{ "-p tcp -m tcp --dport 80:90", 1 },
		{ "-p tcp -m tcp --dport :79", 0 },
		{ "-p tcp -m tcp --dport 81:", 0 },
		{ "-p tcp -m tcp ! --dport 80", 0 },
		{ "-p tcp --syn", 1 }, { "-p tcp ! --syn", 0 },
		{ "-p tcp -m tcp --tcp-flags ALL SYN", 1 },
		{ "-p tcp -m tcp --tcp-flags ACK,FIN NONE", 1 },
		{ "-p tcp -m tcp --tcp-flags SYN SYN,ACK", 0 },
		{ "-p tcp -m tcp --tcp-option 2", 1 },
		{ "-p tcp -m tcp ! --tcp-option 2", 0 },
		{ "-p tcp -m tcp --tcp-option 8", 0 },
		{ "-p tcp -m tcpmss --mss 1460", 1 },
		{ "-p tcp -m tcpmss ! --mss 1400:1459", 1 },
		{ "-p tcp -m multiport --dports 1,79:81", 1 },
		{ "-p tcp -m multiport ! --ports 1000", 0 },
		{ "-p tcp -m multiport --sports 80", 0 },
		{ "-p tcp -m multiport --ports 80", 1 },
		{ "-p udp -m udp --dport 80", 0 },
		{ "-p tcp -m ecn --ecn-tcp-cwr", 0 },
	};
	uint8_t p[128];

	(void)state;
	CHECK(edges, p, desk_tcp(p, 1000, 80, 0x02, "\2\4\5\xb4", 4, ""));
}

/* Behind an end of the list an option is still found; a length of 0 is one byte. */
static void test_tcp_options(void **state)
{
	static const struct edge edges[] = {
		{ "-p tcp -m tcp --tcp-option 3", 1 },
		{ "-p tcp -m tcp --tcp-option 9", 1 },
		{ "-p tcp -m tcp --tcp-option 77", 0 },
	};
	uint8_t p[128];

	(void)state;
	CHECK(edges, p, desk_tcp(p, 1, 2, 0x10, "\0\3\3\7\x4c\0\x9\2", 8, ""));
}

static void test_icmp(void **state)
{
	static const struct edge edges[] = {
		{ "-p icmp -m icmp --icmp-type 3", 1 },
		{ "-p icmp -m icmp --icmp-type 3/1", 1 },
		{ "-p icmp -m icmp --icmp-type 3/2", 0 },
		{ "-p icmp -m icmp --icmp-type host-unreachable", 1 },
		{ "-p icmp -m icmp ! --icmp-type 8", 1 },
		{ "-p icmp -m icmp --icmp-type any", 1 },
		{ "-p icmp -m icmp --icmp-type 255", 1 },
		{ "-p icmp -m icmp ! --icmp-type any", 0 },
	};
	uint8_t p[64];

	(void)state;
	CHECK(edges, p, desk_icmp(p, 3, 1));
}

static void test_ip(void **state)
{
	static const struct edge edges[] = {
		{ "-m ttl --ttl-eq 64", 1 }, { "-m ttl ! --ttl-eq 64", 0 },
		{ "-m ttl --ttl-lt 64", 0 }, { "-m ttl --ttl-gt 63", 1 },
		{ "-m tos --tos 0", 1 }, { "-m tos --tos 0x10/0x10", 0 },
		{ "-m dscp --dscp-class CS0", 1 }, { "-m dscp ! --dscp 0", 0 },
		{ "-p udp -m udp --sport 1001:999", 0 },
		{ "-p udp -m udp ! --sport 1001:999", 1 },
		{ "-m length --length 34", 1 }, { "-m length --length :33", 0 },
		{ "-m length ! --length 35:", 1 },
		{ "-m iprange --src-range 192.0.2.10-192.0.2.11", 1 },
		{ "-m iprange --src-range 192.0.2.11-192.0.2.12", 0 },
		{ "-m iprange ! --dst-range 198.51.100.20-198.51.100.20", 0 },
		{ "-m pkttype --pkt-type unicast", 1 },
		{ "-m mac --mac-source 02:00:00:00:01:01", 1 },
		{ "-m mac ! --mac-source 02:00:00:00:01:02", 1 },
		{ "-m policy --dir in --pol none", 1 },
		{ "-m policy --dir in --pol ipsec", 0 },
		{ "-m physdev --physdev-in eth0", 0 },
		{ "-m physdev ! --physdev-in eth0", 1 },
		{ "-m string --string needle --algo bm", 1 },
		{ "-m string --string needle --algo bm --to 34", 1 },
		{ "-m string --string needle --algo bm --to 33", 0 },
		{ "-m string --string needle --algo kmp --from 28", 1 },
		{ "-m string --string needle --algo kmp --from 29", 0 },
		{ "-m string ! --string NEEDLE --algo bm", 1 },
		{ "-m string --string NEEDLE --algo bm --icase", 1 },
		{ "-m string --hex-string \"|6e 65|edle\" --algo bm", 1 },
		{ "-m u32 --u32 \"6&0xFF=17\"", 1 },
		{ "-m u32 --u32 \"0>>22&0x3C@0>>16=1000\"", 1 },
		{ "-m u32 --u32 \"31=0:0xffffffff\"", 0 },
		{ "-m u32 --u32 \"30=0:0xffffffff\"", 1 },
		{ "-m u32 ! --u32 \"100=0\"", 1 },
		{ "-m time --timestart 00:00 --timestop 00:20", 1 },
		{ "-m time --timestart 00:17 --timestop 00:20", 0 },
		{ "-m time --timestart 23:00 --timestop 00:17", 1 },
		{ "-m time --weekdays Thu", 1 }, { "-m time ! --weekdays Thu", 0 },
		{ "-m time --monthdays 1", 1 }, { "-m time --monthdays 2", 0 },
		{ "-m time --datestart 1970-01-01T00:16", 1 },
		{ "-m time --datestop 1970-01-01T00:16", 0 },
		{ "-m addrtype --dst-type UNICAST", 1 },
		{ "-m addrtype ! --src-type LOCAL", 1 },
		{ "-m rpfilter", 1 }, { "-m rpfilter --invert", 0 },
		{ "-m mark --mark 0", 1 }, { "-m mark --mark 1/0", -1 },
		{ "-m comment --comment \"a b\"", 1 },
	};
	uint8_t p[64];

	(void)state;
	for (size_t i = 0; i < RULES_COUNT(edges); i++) {
		int want = edges[i].match;

		/* A value outside of its mask is taken, and never matches. */
		if (strstr(edges[i].rule, "1/0"))
			want = 0;
		if (desk_match(edges[i].rule, p,
			       desk_udp(p, 1000, 53, "needle")) != want)
			fail_msg("%s: not %d", edges[i].rule, want);
	}
}

static void test_ipv6(void **state)
{
	static const struct edge edges[] = {
		{ "-s 2001:db8:1::10", 1 }, { "-s 2001:db8:1::/64", 1 },
		{ "-s 2001:db8:2::/47", 0 }, { "-p udp -m udp --dport 53", 1 },
		{ "-m hl --hl-eq 64", 1 }, { "-m ipv6header --header prot", 1 },
		{ "-m ipv6header --header hop --soft", 0 }, { "-m frag", 0 },
		{ "-m hbh", 0 }, { "-m rt --rt-type 0", 0 },
		{ "-m addrtype --dst-type LOCAL", 0 },
		{ "-p ipv6-icmp -m icmp6 --icmpv6-type 128", 0 },
		{ "-p udp -m udp --dport 53 -m length --length 48", 1 },
	};
	uint8_t p[64];

	(void)state;
	CHECK(edges, p, desk_udp6(p, 1000, 53));
}

/* Headers that end too soon: xt_tcpudp.c drops the packet, single loads of the
 * nft back end do not match. */
static void test_cut_headers(void **state)
{
	static const struct { enum rules_backend backend; const char *rule;
			      enum rules_verdict verdict; } cases[] = {
		{ RULES_BACKEND_LEGACY, "-p udp -m udp --dport 53", RULES_DROP },
		{ RULES_BACKEND_NFT, "-p udp -m udp --dport 53", RULES_ACCEPT },
		{ RULES_BACKEND_NFT, "-p udp -m udp", RULES_DROP },
		{ RULES_BACKEND_NFT, "-p udp -m multiport --dports 53",
		  RULES_ACCEPT },
	};
	uint8_t p[64];

	(void)state;
	desk_udp(p, 1000, 53, "");
	p[3] = 26;	/* two bytes of the header are missing */
	p[10] = p[11] = 0;
	for (size_t i = 0; i < RULES_COUNT(cases); i++) {
		struct rules_options o = { .backend = cases[i].backend };
		char text[256];
		struct desk d;

		desk_open(&d, &o);
		snprintf(text, sizeof(text), "*raw\n:PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING %s\nCOMMIT\n", cases[i].rule);
		assert_true(desk_load(&d, CT_L3_IPV4, text));
		ct_packet_parse(&d.pkt, p, 26, 26, CT_L3_IPV4, CT_PARSE_OFFLOAD);
		d.frame.pkt = &d.pkt;
		rules_run(d.r, &d.engine, &d.frame, &d.out);
		assert_int_equal(d.out.verdict, cases[i].verdict);
		desk_close(&d);
	}
}

/* What the capture's snap length cut off is not known. */
static void test_snap_length(void **state)
{
	static const struct rules_options options = { .unknown_ok = true };
	uint8_t p[64];
	size_t n = desk_udp(p, 1000, 53, "a needle");
	struct desk d;

	(void)state;
	desk_open(&d, &options);
	assert_true(desk_load(&d, CT_L3_IPV4,
		"*raw\n:PREROUTING ACCEPT [0:0]\n"
		"-A PREROUTING -m string --string needle --algo bm -j DROP\n"
		"-A PREROUTING -m string --string needle --algo bm --to 28\n"
		"COMMIT\n"));
	ct_packet_parse(&d.pkt, p, 28, (uint32_t)n, CT_L3_IPV4, 0);
	d.frame.pkt = &d.pkt;
	rules_run(d.r, &d.engine, &d.frame, &d.out);
	assert_true(d.out.unknown);
	assert_int_equal(d.out.doubt.number, 1);
	assert_int_equal(desk_count(&d, CT_L3_IPV4, "raw", "PREROUTING", 2), 0);
	desk_close(&d);
}

/* Loaded by iptables-nft 1.8.9-2 and 1.8.11-2 of Debian, and by iptables-legacy; Linux
 * 6.18.44 counted. */
static void test_inverted_all_ports(void **state)
{
	static const struct { const char *from; unsigned int n; } writers[] = {
		{ "iptables-save v1.8.9 (nf_tables)", 1 },
		{ "iptables-save v1.8.11 (nf_tables)", 0 },
		{ "ip6tables-nft-save v1.8.11 (nf_tables)", 0 },
		{ "iptables-save v1.8.11", 0 },
		{ "iptables-save v1.8.9", 0 },
	};
	uint8_t p[64];
	size_t n = desk_udp(p, 1000, 53, "x");

	(void)state;
	for (size_t i = 0; i < RULES_COUNT(writers); i++) {
		struct desk d;
		char text[512];

		snprintf(text, sizeof(text), "# Generated by %s on\n*raw\n"
			 ":PREROUTING ACCEPT [0:0]\n"
			 "-A PREROUTING -p udp -m udp ! --dport 0:65535\n"
			 "-A PREROUTING -p udp -m udp --sport 1000 ! --dport 0:65535\n"
			 "-A PREROUTING -p udp -m udp --dport 0:65535\nCOMMIT\n",
			 writers[i].from);
		desk_open(&d, NULL);
		assert_true(desk_load(&d, CT_L3_IPV4, text));
		desk_run(&d, p, n);
		for (unsigned int rule = 1; rule <= 2; rule++)
			assert_int_equal(desk_count(&d, CT_L3_IPV4, "raw", "PREROUTING",
						    rule), writers[i].n);
		assert_int_equal(desk_count(&d, CT_L3_IPV4, "raw", "PREROUTING", 3), 1);
		desk_close(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inverted_all_ports),
		cmocka_unit_test(test_header), cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_tcp_options), cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_ip), cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_cut_headers),
		cmocka_unit_test(test_snap_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
