/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Community ID, version 1.  The expected IDs are the published ones: the tables and
 * JSON files in baseline/ of https://github.com/corelight/community-id-spec, made
 * with seeds 0 and 1, and those of the tests of corelight/pycommunityid.
 */
#include "support/rig.h"

#include <stdio.h>
#include <string.h>

#include "report/community_id.h"

#define ICMP6 CT_L4_ICMPV6
#define RSVP 46

/* The IDs without "1:". */
static const struct vector {
	uint8_t protonum;
	const char *src, *dst;
	uint16_t a, b;		/* ports, or type and code */
	const char *seed0, *seed1;
} vectors[] = {
	/* The tables of baseline/README.md. */
	{ CT_L4_TCP, "1.2.3.4", "5.6.7.8", 1122, 3344,
	  "wCb3OG7yAFWelaUydu0D+125CLM=", "HhA1B+6CoLbiKPEs5nhNYN4XWfk=" },
	{ CT_L4_UDP, "1.2.3.4", "5.6.7.8", 1122, 3344,
	  "0Mu9InQx6z4ZiCZM/7HXi2WMhOg=", "OShq+iKDAMVouh/4bMxB9Sz4amw=" },
	{ CT_L4_SCTP, "1.2.3.4", "5.6.7.8", 1122, 3344,
	  "EKt4MsxuyaE6mL+hmrEkQ9csDD8=", "uitchpn5MMGAQKBJh7bIr/bAr7s=" },
	{ CT_L4_ICMP, "1.2.3.4", "5.6.7.8", 8, 0,
	  "crodRHL2FEsHjbv3UkRrfbs4bZ0=", "9pr4ZGTICiuZoIh90RRYE2RyXpU=" },
	{ CT_L4_ICMP, "5.6.7.8", "1.2.3.4", 0, 0,
	  "crodRHL2FEsHjbv3UkRrfbs4bZ0=", "9pr4ZGTICiuZoIh90RRYE2RyXpU=" },
	{ CT_L4_ICMP, "1.2.3.4", "5.6.7.8", 11, 0,
	  "f/YiSyWqczrTgfUCZlBUnvHRcPk=", "1DD7cWGC/Yg91YGsQeni8du3pIA=" },
	{ ICMP6, "fe80:1:203:405:607:809:a0b:c0d",
	  "fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 128, 0,
	  "0bf7hyMJUwt3fMED7z8LIfRpBeo=", "IO27GQzPuCtNnwFvjWALMHu5tJE=" },
	{ ICMP6, "fe80:1011:1213:1415:1617:1819:1a1b:1c1d",
	  "fe80:1:203:405:607:809:a0b:c0d", 129, 0,
	  "0bf7hyMJUwt3fMED7z8LIfRpBeo=", "IO27GQzPuCtNnwFvjWALMHu5tJE=" },
	{ ICMP6, "fe80:1:203:405:607:809:a0b:c0d",
	  "fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 146, 0,
	  "fYC8+pz24E+EhANP1EZhpX0Dw10=", "Cv4IKJe56BNkF0MBW2YxQ3Nwc3s=" },
	{ RSVP, "1.2.3.4", "5.6.7.8", 0, 0,
	  "ikv3kmf89luf73WPz1jOs49S768=", "/buhqeOmaRCopOZFy9HnoJd5XW8=" },
	{ RSVP, "fe80:1:203:405:607:809:a0b:c0d",
	  "fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 0, 0,
	  "wQ/2mwrnXP4lmJcHdGL5ePjR+e0=", "j6EyyfBzL4vWKHFXgUqb5Az3OxM=" },
	/* baseline/baseline_*.json: the captures of that repository. */
	{ ICMP6, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0,
	  "dGHyGvjMfljg6Bppwm3bg0LO8TY=", "kHa1FhMYIT6Ym2Vm2AOtoOARDzY=" },
	{ ICMP6, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0,
	  "dGHyGvjMfljg6Bppwm3bg0LO8TY=", "kHa1FhMYIT6Ym2Vm2AOtoOARDzY=" },
	{ ICMP6, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 0,
	  "zavyT/cezQr1fmImYCwYnMXbgck=", "2hSqmsDZ2kdcY9kbiUzOEBic0iM=" },
	{ ICMP6, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
	  "2ObVBgIn28oZvibYZhZMBgh7WdQ=", "lVEtCZpYu84Xqaa++3lXFyuu2n4=" },
	{ ICMP6, "3ffe:501:410:0:2c0:dfff:fe47:33e",
	  "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4,
	  "hLZd0XGWojozrvxqE0dWB1iM6R0=", "W8MHwXpWzpoSTD+cGcaJr4u0ys8=" },
	{ ICMP6, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0,
	  "+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "GfZxjAkDk2MkegpBYHV6tadtFXQ=" },
	{ ICMP6, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0,
	  "hO+sN4H+MG5MY/8hIrXPqc4ZQz0=", "L7Ka0ZMYu+J3bL4ulW2PrqyXNo8=" },
	{ ICMP6, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0,
	  "pkvHqCL88/tg1k4cPigmZXUtL00=", "K/ee5UCqAMAQXDorP5nSa2CGLjc=" },
	{ CT_L4_ICMP, "192.168.0.89", "192.168.0.1", 8, 0,
	  "X0snYXpgwiv9TZtqg64sgzUn6Dk=", "03g6IloqVBdcZlPyX8r0hgoE7kA=" },
	{ CT_L4_ICMP, "10.0.0.1", "10.0.0.2", 11, 0,
	  "YHxtAirCG//0OzkcVAukqKQN9xM=", "XjUibYHaafLQ3pxQeiMI8g25q20=" },
	{ CT_L4_TCP, "2001:470:e5bf:dead:4957:2174:e82c:4887",
	  "2607:f8b0:400c:c03::1a", 63943, 25,
	  "/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "eJYTW6AOzFLlSUoESovMjnu7rMw=" },
	{ CT_L4_SCTP, "192.168.170.8", "192.168.170.56", 7, 7,
	  "MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "5w3ZRjeKBzqT3zsaEECDGjUbYeg=" },
	{ CT_L4_TCP, "128.232.110.120", "66.35.250.204", 34855, 80,
	  "LQU9qZlK+B5F3KDmev6m5PMibrg=", "3V71V58M3Ksw/yuFALMcW0LAHvc=" },
	{ CT_L4_UDP, "192.168.1.52", "8.8.8.8", 54585, 53,
	  "d/FP5EW3wiY1vCndhwleRRKHowQ=", "Q9We8WO3piVF8yEQBNJF4uiSVrI=" },
	{ RSVP, "10.1.12.1", "10.1.12.2", 0, 0,
	  "KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "rYir8gphR31noO9iDRQmF/BteEI=" },
	/* The tests of pycommunityid. */
	{ CT_L4_ICMP, "192.168.0.89", "192.168.0.1", 20, 0,
	  "3o2RFccXzUgjl7zDpqmY7yJi8rI=", "lCXHHxavE1Vq3oX9NH5ladQg02o=" },
	{ CT_L4_ICMP, "192.168.0.89", "192.168.0.1", 20, 1,
	  "tz/fHIDUHs19NkixVVoOZywde+I=", "Ie3wmFyxiEyikbsbcO03d2nh+PM=" },
	{ CT_L4_ICMP, "192.168.0.1", "192.168.0.89", 0, 20,
	  "X0snYXpgwiv9TZtqg64sgzUn6Dk=", "03g6IloqVBdcZlPyX8r0hgoE7kA=" },
	{ ICMP6, "3ffe:507:0:1:260:97ff:fe07:69ea",
	  "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
	  "NdobDX8PQNJbAyfkWxhtL2Pqp5w=", "OlOWx9psIbBFi7lOCw/4MhlKR9M=" },
	{ ICMP6, "3ffe:507:0:1:200:86ff:fe05:80da",
	  "3ffe:507:0:1:260:97ff:fe07:69ea", 3, 0,
	  "/OGBt9BN1ofenrmSPWYicpij2Vc=", "Ij4ZxnC87/MXzhOjvH2vHu7LRmE=" },
	{ CT_L4_SCTP, "192.168.170.8", "192.168.170.56", 7, 80,
	  "jQgCxbku+pNGw8WPbEc/TS/uTpQ=", "Y1/0jQg6e+I3ZwZZ9LP65DNbTXU=" },
	{ CT_L4_TCP, "10.0.0.1", "10.0.0.2", 10, 11569,
	  "SXBGMX1lBOwhhoDrZynfROxnhnM=", "HmBRGR+fUyXF4t8WEtal7Y0gEAo=" },
	{ RSVP, "10.1.24.4", "10.1.12.1", 0, 0,
	  "/nQI4Rh/TtY3mf0R2gJFBkVlgS4=", "BK3BVW3U2eemuwVQVN3zd/GULno=" },
};

static bool is_icmp(uint8_t protonum)
{
	return protonum == CT_L4_ICMP || protonum == CT_L4_ICMPV6;
}

static uint8_t family(const char *address)
{
	return strchr(address, ':') ? CT_L3_IPV6 : CT_L3_IPV4;
}

static void make_packet(struct packet_view *pkt, const struct vector *v)
{
	bool icmp = is_icmp(v->protonum);

	*pkt = (struct packet_view){
		.src = craft_address(v->src), .dst = craft_address(v->dst),
		.l3num = family(v->src), .protonum = v->protonum,
	};
	if (icmp)
		pkt->summary = (struct packet_summary){
			.icmp = true, .type = (uint8_t)v->a, .code = (uint8_t)v->b,
			.a = 4711,	/* the identifier does not count */
		};
	else if (v->protonum != RSVP)
		pkt->summary = (struct packet_summary){
			.ports = true, .a = v->a, .b = v->b,
		};
}

static void make_tuple(struct ct_tuple *t, const struct vector *v)
{
	*t = (struct ct_tuple){
		.src = craft_address(v->src), .dst = craft_address(v->dst),
		.l3num = family(v->src), .protonum = v->protonum,
	};
	if (is_icmp(v->protonum)) {
		t->icmp_id = 4711;
		t->icmp_type = (uint8_t)v->a;
		t->icmp_code = (uint8_t)v->b;
	} else {
		t->sport = v->a;
		t->dport = v->b;
	}
}

static void assert_id(const struct community_flow *f, uint16_t seed,
		      const char *expected)
{
	char id[COMMUNITY_ID_SIZE + 1], whole[COMMUNITY_ID_SIZE + 1];
	char *end = put_community_id(id, f, seed);

	snprintf(whole, sizeof(whole), "1:%s", expected);
	assert_ptr_equal(end, id + COMMUNITY_ID_SIZE);
	*end = '\0';
	assert_string_equal(id, whole);
}

static void community_id_of_packets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(vectors); i++) {
		struct packet_view pkt;
		struct community_flow f;

		make_packet(&pkt, &vectors[i]);
		assert_true(community_flow_packet(&f, &pkt));
		assert_id(&f, 0, vectors[i].seed0);
		assert_id(&f, 1, vectors[i].seed1);
	}
}

static void community_id_of_tuples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(vectors); i++) {
		struct community_flow f;
		struct ct_tuple t;

		make_tuple(&t, &vectors[i]);
		community_flow_tuple(&f, &t);
		assert_id(&f, 0, vectors[i].seed0);
		assert_id(&f, 1, vectors[i].seed1);
	}
}

/* Both directions of a flow with ports, or without any, have one ID. */
static void community_id_of_the_reply(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(vectors); i++) {
		struct vector reply = vectors[i];
		struct community_flow f;
		struct packet_view pkt;

		if (is_icmp(reply.protonum))
			continue;
		reply.src = vectors[i].dst;
		reply.dst = vectors[i].src;
		reply.a = vectors[i].b;
		reply.b = vectors[i].a;
		make_packet(&pkt, &reply);
		assert_true(community_flow_packet(&f, &pkt));
		assert_id(&f, 0, vectors[i].seed0);
	}
}

/* "If the IP addresses are equal, the ports decide." */
static void community_id_of_one_address(void **state)
{
	struct community_flow f = {
		.src = craft_address("127.0.0.1"), .dst = craft_address("127.0.0.1"),
		.a = 1234, .b = 80, .l3num = CT_L3_IPV4, .protonum = CT_L4_TCP,
	}, reply = f;
	char there[COMMUNITY_ID_SIZE], here[COMMUNITY_ID_SIZE];

	(void)state;
	reply.a = f.b;
	reply.b = f.a;
	put_community_id(there, &f, 0);
	put_community_id(here, &reply, 0);
	assert_memory_equal(there, here, sizeof(here));
}

/* The answer to each type that has one, the pairs being those of RFC 792, 950,
 * 1256, 4443, 4861, 2710, 4620 and 6275, has the ID of the question; the answer to
 * any other has not. */
static void community_id_of_icmp_answers(void **state)
{
	static const struct { uint8_t protonum, question, answer; } pairs[] = {
		{ CT_L4_ICMP, 8, 0 }, { CT_L4_ICMP, 10, 9 },
		{ CT_L4_ICMP, 13, 14 }, { CT_L4_ICMP, 15, 16 },
		{ CT_L4_ICMP, 17, 18 }, { ICMP6, 128, 129 }, { ICMP6, 130, 131 },
		{ ICMP6, 133, 134 }, { ICMP6, 135, 136 }, { ICMP6, 139, 140 },
		{ ICMP6, 144, 145 },
	};
	uint8_t answer[2][256];

	(void)state;
	memset(answer, 255, sizeof(answer));
	for (size_t i = 0; i < ITEMS(pairs); i++) {
		answer[pairs[i].protonum == ICMP6][pairs[i].question] =
			pairs[i].answer;
		answer[pairs[i].protonum == ICMP6][pairs[i].answer] =
			pairs[i].question;
	}
	for (unsigned int v6 = 0; v6 < 2; v6++)
		for (unsigned int type = 0; type < 256; type++) {
			bool two_way = answer[v6][type] != 255;
			struct vector v = {
				.protonum = v6 ? ICMP6 : CT_L4_ICMP,
				.src = v6 ? "2001:db8::1" : "192.0.2.1",
				.dst = v6 ? "2001:db8::2" : "192.0.2.2",
				.a = (uint16_t)type, .b = 1,
			}, back = v;
			struct community_flow f, g;
			struct ct_tuple t;
			char there[COMMUNITY_ID_SIZE], here[COMMUNITY_ID_SIZE];

			back.src = v.dst;
			back.dst = v.src;
			if (two_way)
				back.a = answer[v6][type];
			make_tuple(&t, &v);
			community_flow_tuple(&f, &t);
			make_tuple(&t, &back);
			community_flow_tuple(&g, &t);
			put_community_id(there, &f, 0);
			put_community_id(here, &g, 0);
			assert_int_equal(memcmp(there, here, sizeof(here)) == 0,
					 two_way);
		}
}

/* A packet that does not show its ports has no ID; protocols whose ports the
 * specification does not hash do not need them.  A fragment never has one. */
static void community_id_needs_ports(void **state)
{
	static const struct { uint8_t protonum; bool has_id; } cases[] = {
		{ CT_L4_TCP, false }, { CT_L4_UDP, false }, { CT_L4_SCTP, false },
		{ CT_L4_ICMP, false }, { ICMP6, false }, { CT_L4_UDPLITE, true },
		{ CT_L4_GRE, true }, { RSVP, true },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct packet_view pkt = {
			.src = craft_address("192.0.2.1"),
			.dst = craft_address("192.0.2.2"),
			.l3num = CT_L3_IPV4, .protonum = cases[i].protonum,
		};
		struct community_flow f;

		assert_int_equal(community_flow_packet(&f, &pkt), cases[i].has_id);
		pkt.summary.fragment = true;
		assert_false(community_flow_packet(&f, &pkt));
	}
}

/* GRE's keys and the ports of UDP-Lite and DCCP are in the tuple and not in the
 * hash. */
static void community_id_without_ports(void **state)
{
	static const uint8_t protocols[] = { CT_L4_GRE, CT_L4_UDPLITE, CT_L4_DCCP };

	(void)state;
	for (size_t i = 0; i < ITEMS(protocols); i++) {
		struct community_flow f, g;
		struct ct_tuple t = {
			.src = craft_address("192.0.2.1"),
			.dst = craft_address("192.0.2.2"),
			.l3num = CT_L3_IPV4, .protonum = protocols[i],
		};

		community_flow_tuple(&f, &t);
		t.sport = 1;
		t.dport = 2;
		community_flow_tuple(&g, &t);
		assert_memory_equal(&f, &g, sizeof(f));
	}
}

/* The same with a cache, first and later, from both sides, and with more flows
 * than it has places. */
static void community_id_cached(void **state)
{
	static struct community_cache cache;
	unsigned int hits = 0;

	(void)state;
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int i = 0; i < 3 * COMMUNITY_CACHE; i++) {
			struct community_flow f = {
				.src = craft_address("192.0.2.1"),
				.dst = craft_address("198.51.100.2"),
				.a = (uint16_t)(1024 + i / 2), .b = 80,
				.l3num = CT_L3_IPV4, .protonum = CT_L4_TCP,
			}, reply = {
				.src = f.dst, .dst = f.src, .a = f.b, .b = f.a,
				.l3num = CT_L3_IPV4, .protonum = CT_L4_TCP,
			};
			const struct community_flow *g = i % 2 ? &reply : &f;
			char plain[COMMUNITY_ID_SIZE], cached[COMMUNITY_ID_SIZE];
			struct community_cache before = cache;

			assert_ptr_equal(put_community_id_cached(cached, g, &cache),
					 cached + COMMUNITY_ID_SIZE);
			put_community_id(plain, g, 0);
			assert_memory_equal(cached, plain, sizeof(plain));
			hits += memcmp(&before, &cache, sizeof(cache)) == 0;
		}
	/* At least each reply, which comes after its packet, finds it there. */
	assert_true(hits >= 3 * 3 * COMMUNITY_CACHE / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(community_id_of_packets),
		cmocka_unit_test(community_id_of_tuples),
		cmocka_unit_test(community_id_of_the_reply),
		cmocka_unit_test(community_id_of_one_address),
		cmocka_unit_test(community_id_of_icmp_answers),
		cmocka_unit_test(community_id_needs_ports),
		cmocka_unit_test(community_id_without_ports),
		cmocka_unit_test(community_id_cached),
	};

	return cmocka_run_group_tests_name("community_id", tests, NULL, NULL);
}
