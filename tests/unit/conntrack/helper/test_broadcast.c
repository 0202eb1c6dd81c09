/* SPDX-License-Identifier: GPL-2.0-only */
/* netbios-ns and snmp: one asks all of the subnet, anyone answers. */
#include "support/rig.h"

#include <string.h>

#define A4 "192.0.2.10"

struct expected {
	struct ct_expect_record x[4];
	int n;
};

static bool note_expected(void *arg, const struct ct_expect_record *x)
{
	struct expected *e = arg;

	assert_true(e->n < 4);
	e->x[e->n++] = *x;
	return true;
}

static struct expected expectations(struct rig *r)
{
	struct expected e = { .n = 0 };

	assert_int_equal(ct_expectations(r->ct, note_expected, &e), 0);
	return e;
}

static void rig_subnet(struct rig *r, uint8_t prefix)
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
	ct_config_all_helpers(&cfg);
	cfg.netbios_prefix = prefix;
	cfg.snmp_prefix = prefix;
	rig_init(r, &cfg);
}

static void udp(struct rig *r, const char *src, uint16_t sport, const char *dst,
		uint16_t dport)
{
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, src, dst, sport, dport, 20);
	rig_send(r, &c);
}

/* Who asks whom, and who answers. */
static const struct question {
	const char *name;
	uint8_t prefix;
	uint16_t port;		/* asked */
	const char *to;
	const char *answer;
	uint16_t sport;		/* of the answer */
	bool related;
} questions[] = {
	{ "the subnet's own",      24, 137, "192.0.2.255", "192.0.2.20", 137, true },
	{ "the first address",     24, 137, "192.0.2.255", "192.0.2.0", 137, true },
	{ "no subnet",              0, 137, "192.0.2.255", "192.0.2.20", 137, false },
	{ "another port answers",  24, 137, "192.0.2.255", "192.0.2.20", 138, false },
	{ "from outside",          24, 137, "192.0.2.255", "192.0.3.20", 137, false },
	{ "to one",                24, 137, "192.0.2.20", "192.0.2.21", 137, false },
	{ "to everyone",           24, 137, "255.255.255.255", "192.0.2.20", 137, false },
	{ "to the old address",    24, 137, "192.0.2.0", "192.0.2.20", 137, false },
	{ "to another subnet",     24, 137, "192.0.3.255", "192.0.3.20", 137, false },
	{ "a larger subnet",       23, 137, "192.0.3.255", "192.0.3.20", 137, true },
	{ "in the middle of it",   23, 137, "192.0.2.255", "192.0.2.20", 137, false },
	{ "the largest",            1, 137, "255.255.255.255", "129.0.0.1", 137, true },
	{ "a small subnet",        29, 137, "192.0.2.15", "192.0.2.9", 137, true },
	{ "beside the small one",  29, 137, "192.0.2.15", "192.0.2.17", 137, false },
	{ "the smallest",          30, 137, "192.0.2.11", "192.0.2.9", 137, true },
	{ "a link of two",         31, 137, "192.0.2.11", "192.0.2.11", 138, false },
	{ "one host",              32, 137, "192.0.2.10", "192.0.2.20", 137, false },
	{ "snmp",                  24, 161, "192.0.2.255", "192.0.2.20", 161, true },
	{ "snmp, another port",    24, 161, "192.0.2.255", "192.0.2.20", 137, false },
};

static void ask(void **state)
{
	const struct question *q = *state;
	struct rig r;

	rig_subnet(&r, q->prefix);
	udp(&r, A4, 40000, q->to, q->port);
	assert_int_equal(r.v.ctstate, CT_NEW);
	udp(&r, q->answer, q->sport, A4, 40000);
	rig_expect(&r, q->name, q->related ? CT_RELATED : CT_NEW,
		   CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

static void what_is_expected(void **state)
{
	const union ct_addr all = craft_address("192.0.2.255"),
			    mask = craft_address("255.255.255.0"),
			    a = craft_address(A4);
	struct expected e;
	struct rig r;

	(void)state;
	rig_subnet(&r, 24);
	udp(&r, A4, 40000, "192.0.2.255", 137);
	/* Announced with its usual time, then it gets the helper's. */
	assert_int_equal(r.event[0].type, CT_EVENT_NEW);
	assert_int_equal((r.event[0].record.expires - r.now) / CT_NSEC_PER_SEC, 30);
	assert_int_equal(rig_left(&r), 3);
	assert_string_equal(r.record[0].helper, "netbios-ns");
	e = expectations(&r);
	assert_int_equal(e.n, 1);
	assert_true(e.x[0].permanent);
	assert_memory_equal(&e.x[0].tuple.src, &all, sizeof(all));
	assert_memory_equal(&e.x[0].tuple.dst, &a, sizeof(a));
	assert_memory_equal(&e.x[0].mask.src, &mask, sizeof(mask));
	assert_int_equal(e.x[0].tuple.sport, 137);
	assert_int_equal(e.x[0].mask.sport, 0xffff);
	assert_int_equal(e.x[0].tuple.dport, 40000);
	assert_int_equal((e.x[0].expires - r.now) / CT_NSEC_PER_SEC, 3);
	rig_free(&r);

	rig_subnet(&r, 24);
	udp(&r, A4, 40000, "192.0.2.255", 161);
	assert_int_equal(rig_left(&r), 30);
	assert_int_equal((expectations(&r).x[0].expires - r.now) / CT_NSEC_PER_SEC,
			 30);
	rig_free(&r);
}

static void until_it_ends(void **state)
{
	struct rig r;

	(void)state;
	rig_subnet(&r, 24);
	udp(&r, A4, 137, "192.0.2.255", 137);
	rig_wait(&r, 1000);
	udp(&r, "192.0.2.20", 137, A4, 137);
	rig_expect(&r, "one", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	/* It is permanent ... */
	udp(&r, "192.0.2.21", 137, A4, 137);
	rig_expect(&r, "another", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_table(&r);
	assert_int_equal(r.record[0].use, 4);
	assert_int_equal(r.record[2].master, 1);
	/* ... and asking again makes it anew. */
	rig_wait(&r, 1900);
	udp(&r, A4, 137, "192.0.2.255", 137);
	assert_int_equal(expectations(&r).n, 1);
	rig_wait(&r, 2999);
	udp(&r, "192.0.2.22", 137, A4, 137);
	rig_expect(&r, "in time", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_wait(&r, 1);
	udp(&r, "192.0.2.23", 137, A4, 137);
	rig_expect(&r, "too late", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	/* The answers outlive the question. */
	udp(&r, A4, 137, "192.0.2.22", 137);
	rig_expect(&r, "on with it", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	rig_free(&r);
}

/* The answer comes from the service's port, wherever the helper listens. */
static void another_port(void **state)
{
	struct ct_config cfg;
	struct rig r;
	unsigned int i = 0;

	(void)state;
	ct_config_defaults(&cfg);
	while (strcmp(ct_helper_name(i), "netbios-ns") != 0)
		i++;
	ct_config_add_helper(&cfg, i, 1137);
	cfg.netbios_prefix = 24;
	rig_init(&r, &cfg);
	udp(&r, A4, 40000, "192.0.2.255", 1137);
	udp(&r, "192.0.2.20", 1137, A4, 40000);
	rig_expect(&r, "that port", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	udp(&r, "192.0.2.20", 137, A4, 40000);
	rig_expect(&r, "the usual", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

/* A question that a rule dropped. */
static void dropped(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_subnet(&r, 24);
	craft_udp(&c, CT_L3_IPV4, A4, "192.0.2.255", 40000, 137, 20);
	rig_drop(&r, &c);
	assert_int_equal(expectations(&r).n, 0);
	assert_int_equal(ct_count(r.ct), 0);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_expected),
		cmocka_unit_test(until_it_ends),
		cmocka_unit_test(another_port),
		cmocka_unit_test(dropped),
	};

	return rig_run_cases("questions", questions, sizeof(questions[0]),
			     ITEMS(questions), ask) |
	       cmocka_run_group_tests(tests, NULL, NULL);
}
