/* SPDX-License-Identifier: GPL-2.0-only */
/* test_packet.c - from bytes to a packet: classes, header chains, jumbograms,
 * cut captures. */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"
#define A6 "2001:db8:1::10"
#define B6 "2001:db8:2::20"

enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTH = 51, NO_NEXT = 59,
       DEST_OPTS = 60 };

/* Parses a copy that ends where memory ends. */
static enum ct_packet_class parse(struct ct_packet *pkt, const struct craft *c,
				  uint32_t caplen, uint32_t wirelen,
				  unsigned int options)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	enum ct_packet_class class;

	assert_non_null(copy);
	memcpy(copy, c->b, caplen);
	class = ct_packet_parse(pkt, copy, caplen, wirelen,
				(enum ct_l3)c->l3num, options);
	free(copy);
	return class;
}

static enum ct_packet_class parse_all(struct ct_packet *pkt, const struct craft *c)
{
	return parse(pkt, c, c->n, c->n, 0);
}

static void ipv4(struct craft *c)
{
	craft_udp(c, CT_L3_IPV4, A4, B4, 1, 2, 12);
}

static void packet_ipv4_good(void **state)
{
	union ct_addr src = craft_address(A4), dst = craft_address(B4);
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	ipv4(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.len, 40);
	assert_int_equal(pkt.caplen, 40);
	assert_int_equal(pkt.l4off, 20);
	assert_int_equal(pkt.protonum, 17);
	assert_int_equal(pkt.flags, 0);
	assert_memory_equal(&pkt.src, &src, sizeof(src));
	assert_memory_equal(&pkt.dst, &dst, sizeof(dst));
}

/* Each change makes one field wrong; the checksum is corrected. */
struct bad_v4 {
	const char *name;
	uint32_t off;
	uint8_t value;
	bool leave_sum;
	uint32_t wirelen;	/* 0: all */
	enum ct_packet_class class;
};

static const struct bad_v4 bad_v4[] = {
	{ "no byte", 0, 0x45, false, UINT32_MAX, CT_PACKET_SHORT },
	{ "19 bytes", 0, 0x45, false, 19, CT_PACKET_SHORT },
	{ "version 6", 0, 0x65, false, 0, CT_PACKET_VERSION },
	{ "version 0", 0, 0x05, false, 0, CT_PACKET_VERSION },
	{ "header of 16 bytes", 0, 0x44, false, 0, CT_PACKET_IHL },
	{ "header of 0 bytes", 0, 0x40, false, 0, CT_PACKET_IHL },
	{ "header of 60 bytes in a packet of 40", 0, 0x4f, false, 0, CT_PACKET_IHL },
	{ "checksum", 10, 0xff, true, 0, CT_PACKET_CHECKSUM },
	{ "total length one too long", 3, 41, false, 0, CT_PACKET_LENGTH },
	{ "total length below the header", 3, 19, false, 0, CT_PACKET_LENGTH },
	{ "total length of the header", 3, 20, false, 0, CT_PACKET_OK },
	{ "cut on the wire", 0, 0x45, false, 39, CT_PACKET_LENGTH },
	{ "TTL 0", 8, 0, false, 0, CT_PACKET_OK },
};

static void resum(struct craft *c)
{
	uint16_t total = load_be16(c->b + 2);
	uint32_t n = c->n;

	c->n = total;
	if ((c->b[0] & 15) >= 5)
		craft_end(c);
	c->n = n;
}

static void packet_ipv4_bad(void **state)
{
	const struct bad_v4 *b = *state;
	uint32_t wirelen;
	struct ct_packet pkt;
	struct craft c;

	ipv4(&c);
	c.b[b->off] = b->value;
	if (!b->leave_sum)
		resum(&c);
	wirelen = b->wirelen == UINT32_MAX ? 0 : b->wirelen ? b->wirelen : c.n;
	assert_int_equal(parse(&pkt, &c, wirelen, wirelen, 0), b->class);
}

static void packet_ipv4_offloaded_checksum(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	ipv4(&c);
	craft_set_be16(&c, 10, 0);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, 0), CT_PACKET_CHECKSUM);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, CT_PARSE_OFFLOAD), CT_PACKET_OK);
	craft_set_be16(&c, 10, 1);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, CT_PARSE_OFFLOAD),
			 CT_PACKET_CHECKSUM);
}

/* A total length of 0, as Windows, ESXi and BIG TCP leave it to be segmented:
 * iph_totlen() takes the whole frame, of TCP alone. */
static void packet_ipv4_offloaded_length(void **state)
{
	struct craft_tcp tcp = { .sport = 1, .dport = 2, .flags = ".", .len = 4000 };
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_tcp(&c, CT_L3_IPV4, A4, B4, &tcp);
	craft_set_be16(&c, 2, 0);
	craft_set_be16(&c, 10, 0);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, 0), CT_PACKET_CHECKSUM);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, CT_PARSE_OFFLOAD), CT_PACKET_OK);
	assert_int_equal(pkt.len, c.n);
	assert_int_equal(pkt.flags, CT_PACKET_OFFLOAD);
	/* The length on the wire counts, and not what was captured of it. */
	assert_int_equal(parse(&pkt, &c, 68, c.n, CT_PARSE_OFFLOAD), CT_PACKET_OK);
	assert_int_equal(pkt.len, c.n);
	assert_int_equal(pkt.flags, CT_PACKET_OFFLOAD | CT_PACKET_CUT);
	c.b[9] = CT_L4_UDP;
	assert_int_equal(parse(&pkt, &c, c.n, c.n, CT_PARSE_OFFLOAD),
			 CT_PACKET_LENGTH);
}

/* IPv6's twin: tests/kernel's mode offload shows that Linux 6.18 drops it. */
static void packet_ipv6_offloaded_length(void **state)
{
	struct craft_tcp tcp = { .sport = 1, .dport = 2, .flags = ".", .len = 4000 };
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_tcp(&c, CT_L3_IPV6, A6, B6, &tcp);
	craft_set_be16(&c, 4, 0);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, 0), CT_PACKET_OK);
	assert_int_equal(pkt.len, 40);
	assert_int_equal(parse(&pkt, &c, c.n, c.n, CT_PARSE_OFFLOAD),
			 CT_PACKET_LENGTH);
	/* Padding of the link layer is shorter. */
	assert_int_equal(parse(&pkt, &c, 46, 46, CT_PARSE_OFFLOAD), CT_PACKET_OK);
}

static void packet_ipv4_options(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_ip(&c, CT_L3_IPV4, A4, B4, 17);
	/* A record route that the routed path would refuse. */
	craft_bytes(&c, "\7\377\377\377\1\1\1\0", 8);
	c.b[0] = 0x47;
	craft_fill(&c, 8);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.l4off, 28);
}

static void packet_ipv4_fragments(void **state)
{
	static const struct { uint16_t field; bool fragment; } cases[] = {
		{ 0x0000, false }, { 0x4000, false }, { 0x8000, false },
		{ 0x2000, true }, { 0x0001, true }, { 0x1fff, true },
		{ 0x6000, true },
	};
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		ipv4(&c);
		craft_set_be16(&c, 6, cases[i].field);
		craft_end(&c);
		assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
		assert_int_equal(!!(pkt.flags & CT_PACKET_FRAGMENT),
				 cases[i].fragment);
	}
}

static void packet_link_padding(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		uint32_t n;

		craft_udp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4,
			  v6 ? B6 : B4, 1, 2, 0);
		n = c.n;
		craft_fill(&c, 18);
		assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
		assert_int_equal(pkt.len, n);
		assert_int_equal(pkt.caplen, n);
		assert_int_equal(pkt.flags, 0);
	}
}

/* A packet cut at each length: the missing bytes read as zero, and none is read
 * out of bounds. */
static void packet_cut_everywhere(void **state)
{
	struct craft_tcp syn = { 1, 2, 1000, 0, "S", 8192, 20, "mss ws=3 sackok" };
	struct ct_packet pkt;
	struct ct_verdict v;
	struct ct_config cfg;
	struct craft c;

	(void)state;
	ct_config_defaults(&cfg);
	for (int v6 = 0; v6 < 2; v6++) {
		craft_tcp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4, v6 ? A6 : A4,
			  v6 ? B6 : B4, &syn);
		for (uint32_t cap = 0; cap <= c.n; cap++) {
			struct ct *ct;
			uint8_t *copy = malloc(cap ? cap : 1);

			assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
			assert_non_null(copy);
			memcpy(copy, c.b, cap);
			if (ct_packet_parse(&pkt, copy, cap, c.n,
					    (enum ct_l3)c.l3num, 0) ==
			    CT_PACKET_OK) {
				assert_int_equal(pkt.len, c.n);
				assert_int_equal(!!(pkt.flags & CT_PACKET_CUT),
						 cap < c.n);
				ct_track(ct, &pkt, &v);
				ct_confirm(ct, &v);
				/* A SYN, if the flags were captured. */
				if (cap >= c.l4off + 14)
					assert_int_equal(v.ctstate, CT_NEW);
			}
			free(copy);
			ct_destroy(ct);
		}
	}
}

static void packet_cut_lengths_count_as_sent(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_udp(&c, CT_L3_IPV4, A4, B4, 1, 2, 100);
	assert_int_equal(parse(&pkt, &c, 60, c.n, 0), CT_PACKET_OK);
	assert_int_equal(pkt.caplen, 60);
	assert_int_equal(pkt.len, 128);
	assert_int_equal(pkt.flags, CT_PACKET_CUT);
	/* A packet is not cut if only padding is missing. */
	assert_int_equal(parse(&pkt, &c, 128, 140, 0), CT_PACKET_OK);
	assert_int_equal(pkt.flags, 0);
	/* A damaged capture: the length on the wire is below the captured
	 * one. */
	assert_int_equal(parse(&pkt, &c, 128, 50, 0), CT_PACKET_OK);
	assert_int_equal(pkt.len, 128);
}

static void bytes_between_cap_and_len(void **state)
{
	static const uint8_t data[4] = { 1, 2, 3, 4 };
	const struct bytes b = { data, 4, 8 };
	uint8_t out[8];
	uint16_t half;
	uint32_t word;

	(void)state;
	assert_true(bytes_copy(&b, 0, out, 4));
	assert_memory_equal(out, "\1\2\3\4", 4);
	assert_true(bytes_copy(&b, 2, out, 4));
	assert_memory_equal(out, "\3\4\0\0", 4);
	assert_true(bytes_copy(&b, 4, out, 4));
	assert_memory_equal(out, "\0\0\0\0", 4);
	assert_true(bytes_copy(&b, 8, out, 0));
	assert_false(bytes_copy(&b, 5, out, 4));
	assert_false(bytes_copy(&b, 9, out, 0));
	assert_false(bytes_copy(&b, UINT32_MAX, out, 2));
	assert_false(bytes_copy(&b, 2, out, UINT32_MAX));
	assert_true(bytes_be16(&b, 3, &half));
	assert_int_equal(half, 0x0400);
	assert_true(bytes_be32(&b, 0, &word));
	assert_int_equal(word, 0x01020304);
	assert_false(bytes_be32(&b, 5, &word));
}

static void packet_ipv6_good(void **state)
{
	union ct_addr src = craft_address(A6);
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_udp(&c, CT_L3_IPV6, A6, B6, 1, 2, 12);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.len, 60);
	assert_int_equal(pkt.l4off, 40);
	assert_int_equal(pkt.protonum, 17);
	assert_int_equal(pkt.flags, 0);
	assert_memory_equal(&pkt.src, &src, sizeof(src));
}

static void packet_ipv6_bad(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_udp(&c, CT_L3_IPV6, A6, B6, 1, 2, 12);
	assert_int_equal(parse(&pkt, &c, 39, 39, 0), CT_PACKET_SHORT);
	assert_int_equal(parse(&pkt, &c, 0, 0, 0), CT_PACKET_SHORT);
	assert_int_equal(parse(&pkt, &c, 59, 59, 0), CT_PACKET_LENGTH);
	c.b[0] = 0x40;
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_VERSION);
	craft_ip(&c, CT_L3_IPV6, A6, B6, NO_NEXT);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.flags, CT_PACKET_NO_L4);
}

struct chain {
	const char *name;
	uint8_t ext[5];		/* extension headers, ended by 255 */
	uint32_t l4off;		/* 0: none is found */
};

static const struct chain chains[] = {
	{ "hop-by-hop", { HOP_BY_HOP, 255 }, 48 },
	{ "destination options", { DEST_OPTS, 255 }, 48 },
	{ "routing", { ROUTING, 255 }, 48 },
	{ "authentication", { AUTH, 255 }, 40 + 16 },
	{ "all", { HOP_BY_HOP, DEST_OPTS, ROUTING, AUTH, 255 }, 40 + 3 * 8 + 16 },
	{ "the same twice", { DEST_OPTS, DEST_OPTS, 255 }, 56 },
	{ "hop-by-hop not first", { DEST_OPTS, HOP_BY_HOP, 255 }, 56 },
};

static void packet_ipv6_chain(void **state)
{
	const struct chain *ch = *state;
	struct ct_packet pkt;
	struct craft c;

	craft_ip(&c, CT_L3_IPV6, A6, B6, ch->ext[0]);
	for (int i = 0; ch->ext[i] != 255; i++) {
		uint8_t next = ch->ext[i + 1] == 255 ? 17 : ch->ext[i + 1];
		bool auth = ch->ext[i] == AUTH;

		craft_u8(&c, next);
		/* AH counts words of 4 less 2, the others words of 8 less 1. */
		craft_u8(&c, auth ? 2 : 0);
		craft_bytes(&c, "\1\4\0\0\0\0", 6);
		if (auth)
			craft_bytes(&c, "\0\0\0\0\0\0\0\0", 8);
	}
	craft_fill(&c, 8);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.l4off, ch->l4off);
	assert_int_equal(pkt.protonum, 17);
	assert_int_equal(pkt.flags, 0);
}

static void packet_ipv6_chain_cut(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	/* The chain leaves the packet: it has no transport header, but is of
	 * the class CT_PACKET_OK. */
	craft_ip(&c, CT_L3_IPV6, A6, B6, DEST_OPTS);
	craft_u8(&c, 17);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.flags, CT_PACKET_NO_L4);
	/* The chain ends with the packet: there is a transport header of no
	 * bytes. */
	craft_ip(&c, CT_L3_IPV6, A6, B6, DEST_OPTS);
	craft_bytes(&c, "\21\377\1\4\0\0\0\0", 8);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.flags, 0);
	assert_int_equal(pkt.l4off, 40 + 256 * 8);
	/* "No next header" after an extension. */
	craft_ip(&c, CT_L3_IPV6, A6, B6, DEST_OPTS);
	craft_bytes(&c, "\73\0\1\4\0\0\0\0", 8);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
	assert_int_equal(pkt.flags, CT_PACKET_NO_L4);
}

static void packet_ipv6_fragment_header(void **state)
{
	static const struct {
		const char *header;
		unsigned int flags;
	} cases[] = {
		{ "\21\0\0\0\0\0\0\1", CT_PACKET_FRAGMENT },	/* atomic */
		{ "\21\0\0\1\0\0\0\1", CT_PACKET_FRAGMENT },	/* first */
		{ "\21\0\0\10\0\0\0\1", CT_PACKET_FRAGMENT | CT_PACKET_NO_L4 },
	};
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		craft_ip(&c, CT_L3_IPV6, A6, B6, FRAGMENT);
		craft_bytes(&c, cases[i].header, 8);
		craft_fill(&c, 8);
		craft_end(&c);
		assert_int_equal(parse_all(&pkt, &c), CT_PACKET_OK);
		assert_int_equal(pkt.flags, cases[i].flags);
	}
}

struct hop_by_hop {
	const char *name;
	const char *options;	/* 6 bytes */
	uint16_t payload_len;
	uint32_t bytes;		/* after the IPv6 header */
	enum ct_packet_class class;
};

/* 65544 is 0x10008. */
static const struct hop_by_hop hops[] = {
	{ "padding", "\1\4\0\0\0\0", 16, 16, CT_PACKET_OK },
	{ "Pad1 six times", "\0\0\0\0\0\0", 16, 16, CT_PACKET_OK },
	{ "router alert", "\5\2\0\0\1\0", 16, 16, CT_PACKET_OK },
	{ "an option beyond the header", "\1\5\0\0\0\0", 16, 16, CT_PACKET_JUMBO },
	{ "an option without a length", "\1\3\0\0\0\5", 16, 16, CT_PACKET_JUMBO },
	{ "jumbo payload", "\302\4\0\1\0\10", 0, 65544, CT_PACKET_OK },
	{ "jumbo payload that is none", "\302\4\0\0\377\377", 0, 65535,
	  CT_PACKET_JUMBO },
	{ "jumbo payload with a payload length", "\302\4\0\1\0\10", 16, 65544,
	  CT_PACKET_JUMBO },
	{ "jumbo payload beyond the frame", "\302\4\0\1\0\11", 0, 65544,
	  CT_PACKET_JUMBO },
	{ "jumbo payload of length 3", "\302\3\0\1\0\0", 0, 65544, CT_PACKET_JUMBO },
	{ "jumbo payload not aligned", "\0\302\4\0\1\0", 0, 65544, CT_PACKET_JUMBO },
};

static void packet_ipv6_hop_by_hop(void **state)
{
	const struct hop_by_hop *h = *state;
	struct ct_packet pkt;
	struct craft c;

	craft_ip(&c, CT_L3_IPV6, A6, B6, HOP_BY_HOP);
	craft_u8(&c, 17);
	craft_u8(&c, 0);
	craft_bytes(&c, h->options, 6);
	craft_be32(&c, 0x00010002);
	craft_be32(&c, (h->bytes - 8) << 16);
	while (c.n < 40 + h->bytes)
		craft_u8(&c, 0);
	craft_set_be16(&c, 4, h->payload_len);
	assert_int_equal(parse_all(&pkt, &c), h->class);
	if (h->class != CT_PACKET_OK)
		return;
	assert_int_equal(pkt.len, 40 + h->bytes);
	assert_int_equal(pkt.l4off, 48);
	assert_int_equal(pkt.protonum, 17);
}

static void packet_ipv6_hop_by_hop_cut(void **state)
{
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	craft_ip(&c, CT_L3_IPV6, A6, B6, HOP_BY_HOP);
	craft_bytes(&c, "\21\0\1\4\0\0\0", 7);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_JUMBO);
	craft_ip(&c, CT_L3_IPV6, A6, B6, HOP_BY_HOP);
	craft_bytes(&c, "\21\1\1\4\0\0\0\0", 8);
	craft_end(&c);
	assert_int_equal(parse_all(&pkt, &c), CT_PACKET_JUMBO);
}

static void packet_class_names(void **state)
{
	(void)state;
	for (int i = 0; i < CT_PACKET_CLASSES; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				ct_packet_class_name((enum ct_packet_class)i),
				ct_packet_class_name((enum ct_packet_class)j));
	assert_string_equal(ct_packet_class_name(CT_PACKET_CHECKSUM), "ip-checksum");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packet_ipv4_good),
		cmocka_unit_test(packet_ipv4_offloaded_checksum),
		cmocka_unit_test(packet_ipv4_offloaded_length),
		cmocka_unit_test(packet_ipv6_offloaded_length),
		cmocka_unit_test(packet_ipv4_options),
		cmocka_unit_test(packet_ipv4_fragments),
		cmocka_unit_test(packet_link_padding),
		cmocka_unit_test(packet_cut_everywhere),
		cmocka_unit_test(packet_cut_lengths_count_as_sent),
		cmocka_unit_test(bytes_between_cap_and_len),
		cmocka_unit_test(packet_ipv6_good),
		cmocka_unit_test(packet_ipv6_bad),
		cmocka_unit_test(packet_ipv6_chain_cut),
		cmocka_unit_test(packet_ipv6_fragment_header),
		cmocka_unit_test(packet_ipv6_hop_by_hop_cut),
		cmocka_unit_test(packet_class_names),
	};
	int failed = cmocka_run_group_tests_name("packet", tests, NULL, NULL);

	failed += rig_run_cases("ipv4 headers", bad_v4, sizeof(bad_v4[0]),
				ITEMS(bad_v4), packet_ipv4_bad);
	failed += rig_run_cases("ipv6 chains", chains, sizeof(chains[0]),
				ITEMS(chains), packet_ipv6_chain);
	failed += rig_run_cases("ipv6 hop-by-hop", hops, sizeof(hops[0]),
				ITEMS(hops), packet_ipv6_hop_by_hop);
	return failed != 0;
}
