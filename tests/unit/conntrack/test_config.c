/* SPDX-License-Identifier: GPL-2.0-only */
/* ct_create() and the configuration: every member is checked, and a program with
 * a shorter or longer structure is served. */
#include "support/rig.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void set_nhelpers_65(struct ct_config *cfg)
{
	cfg->nhelpers = CT_HELPER_RULES + 1;
}

static void set_nhelpers_huge(struct ct_config *cfg)
{
	cfg->nhelpers = 100000000;
}

static void set_unknown_helper(struct ct_config *cfg)
{
	assert_true(ct_config_add_helper(cfg, 0, 21));
	cfg->helper[0].helper = CT_HELPERS;
}

static void set_checksum(struct ct_config *cfg)
{
	cfg->checksum = (enum ct_checksum_mode)3;
}

static void set_netbios(struct ct_config *cfg)
{
	cfg->netbios_prefix = 33;
}

static void set_snmp(struct ct_config *cfg)
{
	cfg->snmp_prefix = 255;
}

static void set_reserved(struct ct_config *cfg)
{
	cfg->reserved[CT_CONFIG_RESERVED - 1] = 1;
}

static void set_sysctl_above(struct ct_config *cfg)
{
	cfg->sysctl.tcp_timeout_established = UINT32_MAX;
}

static void set_sysctl_below(struct ct_config *cfg)
{
	cfg->sysctl.expect_max = 0;
}

static void set_table_huge(struct ct_config *cfg)
{
	cfg->sysctl.max = UINT32_MAX;
}

static void set_ipfrag(struct ct_config *cfg)
{
	cfg->sysctl.ipfrag_time = CT_SECONDS_MAX + 1;
}

static void set_no_size(struct ct_config *cfg)
{
	cfg->size = 0;
}

static void set_short_size(struct ct_config *cfg)
{
	cfg->size = offsetof(struct ct_config, sysctl) - 1;
}

static void set_huge_size(struct ct_config *cfg)
{
	cfg->size = SIZE_MAX;
}

static const struct invalid {
	const char *name;
	void (*set)(struct ct_config *cfg);
	const char *member, *text;
} invalid_cases[] = {
	{ "one helper too many", set_nhelpers_65, "nhelpers",
	  "nhelpers is 65, and must be from 0 to 64" },
	{ "100 million helpers", set_nhelpers_huge, "nhelpers",
	  "nhelpers is 100000000, and must be from 0 to 64" },
	{ "a helper that does not exist", set_unknown_helper, "helper",
	  "helper is 10, and must be from 0 to 9" },
	{ "an unknown checksum mode", set_checksum, "checksum",
	  "checksum is 3, and must be from 0 to 2" },
	{ "a prefix longer than an address", set_netbios, "netbios_prefix",
	  "netbios_prefix is 33, and must be from 0 to 32" },
	{ "no prefix", set_snmp, "snmp_prefix",
	  "snmp_prefix is 255, and must be from 0 to 32" },
	{ "a reserved member", set_reserved, "reserved",
	  "reserved is 1, and must be from 0 to 0" },
	{ "a sysctl above its limit", set_sysctl_above,
	  "nf_conntrack_tcp_timeout_established",
	  "nf_conntrack_tcp_timeout_established is 4294967295, and must be from 0 to 8589934" },
	{ "a sysctl below its limit", set_sysctl_below, "nf_conntrack_expect_max",
	  "nf_conntrack_expect_max is 0, and must be from 1 to 2147483647" },
	{ "a table that is too large", set_table_huge, "nf_conntrack_max",
	  "nf_conntrack_max is 4294967295, and must be from 0 to 2147483647" },
	{ "a sysctl of IPv4", set_ipfrag, "ipfrag_time",
	  "ipfrag_time is 8589935, and must be from 0 to 8589934" },
	{ "a size of 0", set_no_size, "size", NULL },
	{ "a size without the fixed part", set_short_size, "size", NULL },
	{ "the largest size", set_huge_size, "size", NULL },
};

static void config_invalid(void **state)
{
	const struct invalid *test = *state;
	struct ct_error error;
	struct ct_config cfg;
	struct ct *ct = (struct ct *)&cfg;

	ct_config_defaults(&cfg);
	test->set(&cfg);
	assert_int_equal(ct_create(&ct, &cfg, &error), -EINVAL);
	assert_null(ct);
	assert_int_equal(error.code, -EINVAL);
	assert_string_equal(error.member, test->member);
	if (test->text)
		assert_string_equal(error.text, test->text);
	assert_int_equal(ct_create(&ct, &cfg, NULL), -EINVAL);
	assert_null(ct);
}

/* The limits themselves are valid. */
static void config_limits(void **state)
{
	struct ct_config cfg;
	struct ct *ct;

	(void)state;
	ct_config_defaults(&cfg);
	for (unsigned int i = 0; i < CT_HELPER_RULES; i++)
		assert_true(ct_config_add_helper(&cfg, i % CT_HELPERS,
						 (uint16_t)(1000 + i)));
	assert_false(ct_config_add_helper(&cfg, 0, 21));
	cfg.netbios_prefix = cfg.snmp_prefix = 32;
#define MAXIMUM(member, name, legacy, def, min, max, help) \
	cfg.sysctl.member = max;
	CT_SYSCTLS(MAXIMUM)
#undef MAXIMUM
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	ct_destroy(ct);
#define MINIMUM(member, name, legacy, def, min, max, help) \
	cfg.sysctl.member = min;
	CT_SYSCTLS(MINIMUM)
#undef MINIMUM
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	ct_destroy(ct);
}

static void config_unknown_helper(void **state)
{
	struct ct_config cfg;

	(void)state;
	ct_config_defaults(&cfg);
	assert_false(ct_config_add_helper(&cfg, CT_HELPERS, 21));
	assert_false(ct_config_add_helper(&cfg, UINT_MAX, 21));
	assert_int_equal(cfg.nhelpers, 0);
}

/* Seconds until a UDP connection of the engine expires. */
static uint64_t udp_timeout(struct ct *ct)
{
	struct ct_packet pkt;
	struct ct_record record;
	struct ct_verdict v;
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, "192.0.2.10", "198.51.100.20", 1, 2, 3);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	ct_track(ct, &pkt, &v);
	ct_confirm(ct, &v);
	assert_true(ct_current(ct, &pkt, &v, &record));
	return (record.expires - record.now) / CT_NSEC_PER_SEC;
}

/* A structure of 'size' bytes in memory that ends there. */
static struct ct_config *config_of_size(size_t size)
{
	struct ct_config *cfg = malloc(size);

	assert_non_null(cfg);
	memset(cfg, 0xa5, size);
	ct_config_init(cfg, size);
	assert_int_equal(cfg->size, size);
	return cfg;
}

/* A program that was compiled when the last sysctls did not exist yet: they have
 * their defaults, and nothing beyond its structure is read or written. */
static void config_of_older_program(void **state)
{
	const size_t fixed = offsetof(struct ct_config, sysctl);
	const size_t sizes[] = {
		fixed, fixed + 4 * sizeof(uint32_t),
		sizeof(struct ct_config) - 2 * sizeof(uint32_t),
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(sizes); i++) {
		struct ct_config *cfg = config_of_size(sizes[i]);
		struct ct *ct;

		assert_int_equal(ct_create(&ct, cfg, NULL), 0);
		assert_int_equal(udp_timeout(ct), 30);
		ct_destroy(ct);
		free(cfg);
	}
}

/* A program that was compiled when there were more sysctls: they must not be set. */
static void config_of_newer_program(void **state)
{
	const size_t size = sizeof(struct ct_config) + 2 * sizeof(uint32_t);
	struct ct_config *cfg = config_of_size(size);
	struct ct_error error;
	struct ct *ct;

	(void)state;
	cfg->sysctl.udp_timeout = 77;
	assert_int_equal(ct_create(&ct, cfg, &error), 0);
	assert_int_equal(udp_timeout(ct), 77);
	ct_destroy(ct);
	((char *)cfg)[size - 1] = 1;
	assert_int_equal(ct_create(&ct, cfg, &error), -EINVAL);
	assert_string_equal(error.member, "size");
	free(cfg);
}

/* A sysctl that the program's structure does not have cannot be set by name. */
static void config_sysctl_beyond_size(void **state)
{
	/* Volatile, so that the compiler does not see the short structure. */
	volatile size_t shorter = offsetof(struct ct_sysctl, udp_timeout_stream);
	const size_t size = shorter;
	struct ct_sysctl *s = malloc(size);

	(void)state;
	assert_non_null(s);
	ct_sysctl_init(s, size);
	assert_int_equal(s->udp_timeout, 30);
	assert_int_equal(ct_sysctl_set_sized(s, size, "nf_conntrack_udp_timeout",
					     "31"), CT_SYSCTL_OK);
	assert_int_equal(s->udp_timeout, 31);
	assert_int_equal(ct_sysctl_set_sized(s, size,
					     "nf_conntrack_udp_timeout_stream",
					     "31"), CT_SYSCTL_UNKNOWN);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_limits),
		cmocka_unit_test(config_unknown_helper),
		cmocka_unit_test(config_of_older_program),
		cmocka_unit_test(config_of_newer_program),
		cmocka_unit_test(config_sysctl_beyond_size),
	};
	int failed;

	failed = rig_run_cases("config invalid", invalid_cases,
			       sizeof(invalid_cases[0]), ITEMS(invalid_cases),
			       config_invalid);
	return cmocka_run_group_tests_name("config", tests, NULL, NULL) + failed;
}
