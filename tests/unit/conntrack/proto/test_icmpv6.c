/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMPv6: queries, errors, redirects, and types that are never tracked. */
#include "support/rig.h"

#include <stdio.h>

#define CLIENT	"2001:db8:1::10"
#define SERVER	"2001:db8:2::20"
#define ROUTER	"2001:db8:1::1"
#define ROUTER_LL "fe80::1"
#define OTHER	"2001:db8:1::99"

enum { REDIRECT = 137, HOP_LIMIT = 7 };

enum fate { NEW, UNTRACKED, NO_FLOW, ERROR, SHORT_REDIRECT };

static const struct { uint8_t first, last; enum fate fate; } types[] = {
	{ 0, 127, ERROR },
	{ 128, 128, NEW },		/* echo request */
	{ 129, 129, NO_FLOW },
	{ 130, 132, UNTRACKED },	/* MLD */
	{ 133, 136, UNTRACKED },	/* router and neighbour discovery */
	{ 137, 137, SHORT_REDIRECT },
	{ 138, 138, NO_FLOW },
	{ 139, 139, NEW },		/* node information query */
	{ 140, 142, NO_FLOW },
	{ 143, 143, UNTRACKED },	/* MLDv2 report */
	{ 144, 150, NO_FLOW },
	{ 151, 152, UNTRACKED },	/* multicast router discovery */
	{ 153, 255, NO_FLOW },
};

static void expect_fate(const struct rig *r, const char *what, enum fate fate)
{
	switch (fate) {
	case NEW:
		rig_expect(r, what, CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		break;
	case UNTRACKED:
		rig_expect(r, what, CT_UNTRACKED, CT_DIR_NONE,
			   CT_REASON_ICMPV6_UNTRACKED);
		break;
	case NO_FLOW:
		rig_expect(r, what, CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_NEW);
		break;
	case ERROR:
		rig_expect(r, what, CT_INVALID, CT_DIR_NONE, CT_REASON_ICMP_INNER);
		break;
	case SHORT_REDIRECT:
		rig_expect(r, what, CT_INVALID, CT_DIR_NONE,
			   CT_REASON_ICMPV6_REDIR_SHORT);
		break;
	}
}

static void icmpv6_each_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(types); i++)
		for (unsigned int t = types[i].first; t <= types[i].last; t++) {
			struct craft c;
			struct rig r;
			char what[32];

			snprintf(what, sizeof(what), "type %u", t);
			rig_init(&r, NULL);
			craft_icmp(&c, CT_L3_IPV6, CLIENT, SERVER, (uint8_t)t, 0,
				   5, 4);
			rig_send(&r, &c);
			expect_fate(&r, what, types[i].fate);
			rig_free(&r);
		}
}

static void icmpv6_answers(void **state)
{
	static const struct { uint8_t query, answer; } pairs[] = {
		{ 128, 129 }, { 139, 140 },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(pairs); i++) {
		struct craft c;
		struct rig r;

		rig_init(&r, NULL);
		craft_icmp(&c, CT_L3_IPV6, CLIENT, SERVER, pairs[i].query, 0, 5, 8);
		rig_send(&r, &c);
		assert_int_equal(rig_left(&r), 30);
		craft_icmp(&c, CT_L3_IPV6, SERVER, CLIENT, pairs[i].answer, 0, 6, 8);
		rig_send(&r, &c);
		rig_expect(&r, "another id", CT_INVALID, CT_DIR_NONE,
			   CT_REASON_ICMP_NEW);
		craft_icmp(&c, CT_L3_IPV6, SERVER, CLIENT, pairs[i].answer, 0, 5, 8);
		rig_send(&r, &c);
		rig_expect(&r, "the answer", CT_ESTABLISHED, CT_DIR_REPLY,
			   CT_REASON_NONE);
		assert_int_equal(r.v.id, 1);
		rig_free(&r);
	}
}

static void icmpv6_invalid_packets(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_icmp(&c, CT_L3_IPV6, CLIENT, SERVER, 128, 0, 1, 0);
	c.n -= 1;
	craft_end(&c);
	rig_send(&r, &c);
	rig_expect(&r, "7 bytes", CT_INVALID, CT_DIR_NONE, CT_REASON_ICMPV6_SHORT);
	/* The checksum of neighbour discovery is verified, too. */
	craft_icmp(&c, CT_L3_IPV6, CLIENT, SERVER, 135, 0, 1, 16);
	c.b[c.l4off + 2] ^= 1;
	rig_send(&r, &c);
	rig_expect(&r, "checksum", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMPV6_CHECKSUM);
	rig_free(&r);
}

static void flow(struct rig *r, struct craft *c)
{
	craft_udp(c, CT_L3_IPV6, CLIENT, SERVER, 40000, 53, 30);
	rig_send(r, c);
	assert_int_equal(r->v.ctstate, CT_NEW);
}

struct error_case {
	const char *name;
	uint8_t type;
	const char *dst;
	uint32_t quote;
	enum ct_ctstate word;
	enum ct_dir dir;
	enum ct_reason reason;
};

static const struct error_case errors[] = {
	{ "unreachable", 1, CLIENT, 48, CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "packet too big", 2, CLIENT, 78, CT_RELATED, CT_DIR_REPLY,
	  CT_REASON_NONE },
	{ "time exceeded", 3, CLIENT, 48, CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE },
	{ "parameter problem", 4, CLIENT, 48, CT_RELATED, CT_DIR_REPLY,
	  CT_REASON_NONE },
	{ "an error of a type to come", 127, CLIENT, 48, CT_RELATED, CT_DIR_REPLY,
	  CT_REASON_NONE },
	{ "just the ports", 1, CLIENT, 44, CT_RELATED, CT_DIR_REPLY,
	  CT_REASON_NONE },
	{ "half of the ports", 1, CLIENT, 43, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMP_INNER },
	{ "the IP header only", 1, CLIENT, 40, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMP_INNER },
	{ "half of the IP header", 1, CLIENT, 20, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMP_INNER },
	{ "to somebody else", 1, OTHER, 48, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMPV6_OUTER },
};

static void icmpv6_error(void **state)
{
	const struct error_case *e = *state;
	struct craft quoted, c;
	struct rig r;

	rig_init(&r, NULL);
	flow(&r, &quoted);
	craft_icmp_error(&c, ROUTER, e->dst, e->type, 0, &quoted, e->quote);
	rig_send(&r, &c);
	rig_expect(&r, e->name, e->word, e->dir, e->reason);
	rig_free(&r);
}

/* The quoted packet has extension headers. */
static void icmpv6_quoted_extensions(void **state)
{
	struct craft quoted, opaque, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	flow(&r, &opaque);
	craft_ip(&quoted, CT_L3_IPV6, CLIENT, SERVER, CT_L4_UDP);
	craft_extension(&quoted, 60, 16);
	craft_bytes(&quoted, opaque.b + 40, 8);
	craft_end(&quoted);
	craft_icmp_error(&c, ROUTER, CLIENT, 1, 0, &quoted, quoted.n);
	rig_send(&r, &c);
	rig_expect(&r, "destination options", CT_RELATED, CT_DIR_REPLY,
		   CT_REASON_NONE);
	/* A first fragment, then a later one. */
	quoted.b[6] = 44;
	quoted.b[41] = 0;
	quoted.n = 48;
	craft_set_be16(&quoted, 42, 0x0001);
	craft_bytes(&quoted, opaque.b + 40, 8);
	craft_icmp_error(&c, ROUTER, CLIENT, 1, 0, &quoted, quoted.n);
	rig_send(&r, &c);
	rig_expect(&r, "first fragment", CT_RELATED, CT_DIR_REPLY, CT_REASON_NONE);
	craft_set_be16(&quoted, 42, 0x0008);
	craft_icmp_error(&c, ROUTER, CLIENT, 1, 0, &quoted, quoted.n);
	rig_send(&r, &c);
	rig_expect(&r, "later fragment", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_INNER);
	/* Nothing follows the header. */
	opaque.b[6] = 59;
	craft_icmp_error(&c, ROUTER, CLIENT, 1, 0, &opaque, 48);
	rig_send(&r, &c);
	rig_expect(&r, "no next header", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_ICMP_INNER);
	rig_free(&r);
}

struct redirect_case {
	const char *name;
	const char *src;
	uint8_t hop_limit, code;
	int option;		/* -1: none */
	uint8_t option_len;
	enum ct_ctstate word;
	enum ct_dir dir;
	enum ct_reason reason;
};

/* A redirect with a code other than 0 or an option other than "redirected
 * header" is looked up as any packet, and opens no connection. */
static const struct redirect_case redirects[] = {
	{ "about a flow", ROUTER_LL, 255, 0, 4, 7, CT_RELATED, CT_DIR_REPLY,
	  CT_REASON_NONE },
	{ "from beyond the link", ROUTER_LL, 254, 0, 4, 7, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMPV6_REDIR_FROM },
	{ "from no link-local address", ROUTER, 255, 0, 4, 7, CT_INVALID,
	  CT_DIR_NONE, CT_REASON_ICMPV6_REDIR_FROM },
	{ "from the end of fe80::/10", "febf::1", 255, 0, 4, 7, CT_RELATED,
	  CT_DIR_REPLY, CT_REASON_NONE },
	{ "from site-local", "fec0::1", 255, 0, 4, 7, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMPV6_REDIR_FROM },
	{ "without options", ROUTER_LL, 255, 0, -1, 0, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMPV6_REDIR_OPTS },
	{ "with an option of length 0", ROUTER_LL, 255, 0, 4, 0, CT_INVALID,
	  CT_DIR_NONE, CT_REASON_ICMPV6_REDIR_OPTS },
	{ "with another option", ROUTER_LL, 255, 0, 2, 1, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMP_NEW },
	{ "with a code", ROUTER_LL, 255, 1, 4, 7, CT_INVALID, CT_DIR_NONE,
	  CT_REASON_ICMP_NEW },
};

static void icmpv6_redirect(void **state)
{
	const struct redirect_case *d = *state;
	struct craft quoted, c;
	struct rig r;

	rig_init(&r, NULL);
	flow(&r, &quoted);
	craft_ip(&c, CT_L3_IPV6, d->src, CLIENT, CT_L4_ICMPV6);
	c.b[HOP_LIMIT] = d->hop_limit;
	craft_u8(&c, REDIRECT);
	craft_u8(&c, d->code);
	craft_be16(&c, 0);
	craft_be32(&c, 0);
	craft_fill(&c, 32);	/* target and destination */
	if (d->option >= 0) {
		craft_u8(&c, (uint8_t)d->option);
		craft_u8(&c, d->option_len);
		craft_bytes(&c, "\0\0\0\0\0\0", 6);
		craft_bytes(&c, quoted.b, 48);
	}
	craft_end(&c);
	craft_sum(&c, 2);
	rig_send(&r, &c);
	rig_expect(&r, d->name, d->word, d->dir, d->reason);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(icmpv6_each_type),
		cmocka_unit_test(icmpv6_answers),
		cmocka_unit_test(icmpv6_invalid_packets),
		cmocka_unit_test(icmpv6_quoted_extensions),
	};
	int failed = cmocka_run_group_tests_name("icmpv6", tests, NULL, NULL);

	failed += rig_run_cases("icmpv6 errors", errors, sizeof(errors[0]),
				ITEMS(errors), icmpv6_error);
	failed += rig_run_cases("icmpv6 redirects", redirects, sizeof(redirects[0]),
				ITEMS(redirects), icmpv6_redirect);
	return failed != 0;
}
