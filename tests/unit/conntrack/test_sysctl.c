/* SPDX-License-Identifier: GPL-2.0-only */
/* Sysctls by name: all of them, their legacy names, their limits. */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct row {
	const char *name, *legacy;
	size_t offset;
	uint32_t def, min, max;
	const char *help;
} rows[] = {
#define ROW(member, name, legacy, def, min, max, help) \
	{ name, legacy, offsetof(struct ct_sysctl, member), def, min, max, help },
	CT_SYSCTLS(ROW)
#undef ROW
};

static uint32_t value(const struct ct_sysctl *s, const struct row *row)
{
	uint32_t v;

	memcpy(&v, (const char *)s + row->offset, sizeof(v));
	return v;
}

/* As read off 'sysctl -a' on Linux 6.18. */
static const struct { const char *name; uint32_t value; } defaults[] = {
	{ "nf_conntrack_acct", 0 }, { "nf_conntrack_buckets", 262144 },
	{ "nf_conntrack_checksum", 1 }, { "nf_conntrack_events", 2 },
	{ "nf_conntrack_expect_max", 4096 },
	{ "nf_conntrack_frag6_high_thresh", 4194304 },
	{ "nf_conntrack_frag6_low_thresh", 3145728 },
	{ "nf_conntrack_frag6_timeout", 60 },
	{ "nf_conntrack_generic_timeout", 600 },
	{ "nf_conntrack_gre_timeout", 30 },
	{ "nf_conntrack_gre_timeout_stream", 180 },
	{ "nf_conntrack_icmp_timeout", 30 },
	{ "nf_conntrack_icmpv6_timeout", 30 },
	{ "nf_conntrack_log_invalid", 0 }, { "nf_conntrack_max", 262144 },
	{ "nf_conntrack_sctp_timeout_closed", 10 },
	{ "nf_conntrack_sctp_timeout_cookie_wait", 3 },
	{ "nf_conntrack_sctp_timeout_cookie_echoed", 3 },
	{ "nf_conntrack_sctp_timeout_established", 210 },
	{ "nf_conntrack_sctp_timeout_shutdown_sent", 3 },
	{ "nf_conntrack_sctp_timeout_shutdown_recd", 3 },
	{ "nf_conntrack_sctp_timeout_shutdown_ack_sent", 3 },
	{ "nf_conntrack_sctp_timeout_heartbeat_sent", 30 },
	{ "nf_conntrack_tcp_be_liberal", 0 },
	{ "nf_conntrack_tcp_ignore_invalid_rst", 0 },
	{ "nf_conntrack_tcp_loose", 1 }, { "nf_conntrack_tcp_max_retrans", 3 },
	{ "nf_conntrack_tcp_timeout_syn_sent", 120 },
	{ "nf_conntrack_tcp_timeout_syn_recv", 60 },
	{ "nf_conntrack_tcp_timeout_established", 432000 },
	{ "nf_conntrack_tcp_timeout_fin_wait", 120 },
	{ "nf_conntrack_tcp_timeout_close_wait", 60 },
	{ "nf_conntrack_tcp_timeout_last_ack", 30 },
	{ "nf_conntrack_tcp_timeout_time_wait", 120 },
	{ "nf_conntrack_tcp_timeout_close", 10 },
	{ "nf_conntrack_tcp_timeout_max_retrans", 300 },
	{ "nf_conntrack_tcp_timeout_unacknowledged", 300 },
	{ "nf_conntrack_timestamp", 0 }, { "nf_conntrack_udp_timeout", 30 },
	{ "nf_conntrack_udp_timeout_stream", 120 },
};

static const struct row *row_of(const char *name)
{
	for (size_t i = 0; i < ITEMS(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	fail_msg("no %s", name);
	return NULL;
}

/* Whether Linux 6.18 has it; other kernels have more. */
static bool exists(const struct row *row)
{
	uint32_t min, max;

	return ct_sysctl_limits(row->name, &min, &max);
}

static void sysctl_kernel_defaults(void **state)
{
	struct ct_sysctl s;
	size_t existing = 0;

	(void)state;
	memset(&s, 0xff, sizeof(s));
	ct_sysctl_defaults(&s);
	for (size_t i = 0; i < ITEMS(rows); i++)
		existing += exists(&rows[i]);
	assert_int_equal(ITEMS(defaults), existing);
	for (size_t i = 0; i < ITEMS(defaults); i++)
		if (value(&s, row_of(defaults[i].name)) != defaults[i].value)
			fail_msg("%s is %u by default", defaults[i].name,
				 value(&s, row_of(defaults[i].name)));
	assert_int_equal(s.ipfrag_time, 30);
	assert_int_equal(s.ipfrag_high_thresh, 4194304);
	assert_int_equal(s.ipfrag_max_dist, 64);
}

/* Sets 'v' by 'name'; nothing but the row's member may change. */
static void set_one(const struct row *row, const char *name, uint32_t v)
{
	struct ct_sysctl before, after;
	char text[32];

	ct_sysctl_defaults(&before);
	after = before;
	snprintf(text, sizeof(text), "%u", v);
	if (ct_sysctl_set(&after, name, text) != CT_SYSCTL_OK)
		fail_msg("%s cannot be set to %s", name, text);
	assert_int_equal(value(&after, row), v);
	memcpy((char *)&after + row->offset, (char *)&before + row->offset,
	       sizeof(uint32_t));
	assert_memory_equal(&after, &before, sizeof(after));
}

static void sysctl_every_name(void **state)
{
	static const char *const paths[] = { "", "net.netfilter.", "net/netfilter/" };

	(void)state;
	for (size_t i = 0; i < ITEMS(rows); i++)
		for (size_t p = 0; p < ITEMS(paths) && exists(&rows[i]); p++) {
			char name[128];

			snprintf(name, sizeof(name), "%s%s", paths[p], rows[i].name);
			set_one(&rows[i], name, rows[i].min);
			set_one(&rows[i], name, rows[i].max);
		}
}

static void sysctl_legacy_names(void **state)
{
	static const char *const paths[] = {
		"", "net.ipv4.netfilter.", "net/ipv4/netfilter/",
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(rows); i++)
		for (size_t p = 0; p < ITEMS(paths) && rows[i].legacy[0]; p++) {
			char name[128];

			snprintf(name, sizeof(name), "%s%s", paths[p],
				 rows[i].legacy);
			set_one(&rows[i], name, rows[i].max);
		}
	set_one(row_of("nf_conntrack_max"), "net.nf_conntrack_max", 5);
	set_one(row_of("nf_conntrack_max"), "net.ipv4.ip_conntrack_max", 5);
	set_one(row_of("nf_conntrack_max"), "net/nf_conntrack_max", 5);
}

static void sysctl_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(rows); i++) {
		struct ct_sysctl s;
		uint32_t min, max;
		char text[32];

		ct_sysctl_defaults(&s);
		if (!exists(&rows[i])) {
			assert_int_equal(ct_sysctl_set(&s, rows[i].name, "1"),
					 CT_SYSCTL_ABSENT);
			continue;
		}
		assert_true(ct_sysctl_limits(rows[i].name, &min, &max));
		assert_int_equal(min, rows[i].min);
		assert_int_equal(max, rows[i].max);
		assert_in_range(rows[i].def, min, max);
		snprintf(text, sizeof(text), "%llu", (unsigned long long)max + 1);
		assert_int_equal(ct_sysctl_set(&s, rows[i].name, text),
				 CT_SYSCTL_VALUE);
		if (min) {
			snprintf(text, sizeof(text), "%u", min - 1);
			assert_int_equal(ct_sysctl_set(&s, rows[i].name, text),
					 CT_SYSCTL_VALUE);
		}
		assert_int_equal(value(&s, &rows[i]), rows[i].def);
	}
	uint32_t min, max;

	assert_false(ct_sysctl_limits("nf_conntrack_none", &min, &max));
}

static void sysctl_values(void **state)
{
	static const struct {
		const char *text;
		enum ct_sysctl_result result;
	} cases[] = {
		{ "30", CT_SYSCTL_OK }, { " 30", CT_SYSCTL_OK },
		{ "30 \n", CT_SYSCTL_OK }, { "\t30", CT_SYSCTL_OK },
		{ "0030", CT_SYSCTL_OK },
		{ "", CT_SYSCTL_VALUE }, { " ", CT_SYSCTL_VALUE },
		{ "-1", CT_SYSCTL_VALUE }, { "+1", CT_SYSCTL_VALUE },
		{ "3x", CT_SYSCTL_VALUE }, { "x", CT_SYSCTL_VALUE },
		{ "3 0", CT_SYSCTL_VALUE }, { "0x10", CT_SYSCTL_VALUE },
		{ "1.5", CT_SYSCTL_VALUE }, { "4294967296", CT_SYSCTL_VALUE },
		{ "99999999999999999999999999", CT_SYSCTL_VALUE },
		{ "18446744073709551646", CT_SYSCTL_VALUE },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct ct_sysctl s;

		ct_sysctl_defaults(&s);
		s.udp_timeout = 77;
		if (ct_sysctl_set(&s, "nf_conntrack_udp_timeout", cases[i].text) !=
		    cases[i].result)
			fail_msg("wrong result for the value '%s'", cases[i].text);
		assert_int_equal(s.udp_timeout,
				 cases[i].result == CT_SYSCTL_OK ? 30 : 77);
	}
}

static void sysctl_other_names(void **state)
{
	static const struct {
		const char *name;
		enum ct_sysctl_result result;
	} cases[] = {
		{ "nf_conntrack_udp_timeouts", CT_SYSCTL_UNKNOWN },
		{ "net.netfilter.nf_conntrack_x", CT_SYSCTL_UNKNOWN },
		{ "ip_conntrack_x", CT_SYSCTL_UNKNOWN },
		{ "net.ipv4.netfilter.ip_conntrack_x", CT_SYSCTL_UNKNOWN },
		{ "nf_conntrack_count", CT_SYSCTL_READONLY },
		{ "net.netfilter.nf_conntrack_count", CT_SYSCTL_READONLY },
		{ "net.ipv4.netfilter.ip_conntrack_count", CT_SYSCTL_READONLY },
		{ "net.ipv4.ip_forward", CT_SYSCTL_FOREIGN },
		{ "net.ipv4.tcp_rmem", CT_SYSCTL_FOREIGN },
		{ "kernel.pid_max", CT_SYSCTL_FOREIGN },
		{ "net.netfilter.nf_log.2", CT_SYSCTL_FOREIGN },
		{ "net.netfilter.nf_hooks_lwtunnel", CT_SYSCTL_FOREIGN },
		{ "", CT_SYSCTL_FOREIGN }, { ".", CT_SYSCTL_FOREIGN },
		{ "udp_timeout", CT_SYSCTL_FOREIGN },
		{ "nf_conntrack_udp_timeout ", CT_SYSCTL_UNKNOWN },
		{ "NF_CONNTRACK_MAX", CT_SYSCTL_FOREIGN },
		{ "nf_conntrack_max.x", CT_SYSCTL_FOREIGN },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct ct_sysctl s;

		ct_sysctl_defaults(&s);
		if (ct_sysctl_set(&s, cases[i].name, "1") != cases[i].result)
			fail_msg("wrong result for the name '%s'", cases[i].name);
	}
	struct ct_sysctl s;
	char longer[500];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(ct_sysctl_set(&s, longer, "1"), CT_SYSCTL_FOREIGN);
	assert_null(ct_sysctl_nearest(longer));
}

static void sysctl_fragments(void **state)
{
	struct ct_sysctl s;

	(void)state;
	ct_sysctl_defaults(&s);
	assert_int_equal(ct_sysctl_set(&s, "net.ipv4.ipfrag_time", "5"),
			 CT_SYSCTL_OK);
	assert_int_equal(s.ipfrag_time, 5);
	assert_int_equal(ct_sysctl_set(&s, "net/ipv4/ipfrag_high_thresh", "6"),
			 CT_SYSCTL_OK);
	assert_int_equal(s.ipfrag_high_thresh, 6);
	assert_int_equal(ct_sysctl_set(&s, "ipfrag_max_dist", "0"), CT_SYSCTL_OK);
	assert_int_equal(s.ipfrag_max_dist, 0);
}

static void sysctl_nearest(void **state)
{
	static const struct { const char *name, *near; } cases[] = {
		{ "nf_conntrack_tcp_timeout_established",
		  "nf_conntrack_tcp_timeout_established" },
		{ "nf_conntrack_tcp_timeout_estabished",
		  "nf_conntrack_tcp_timeout_established" },
		{ "net.netfilter.nf_conntrack_udp_timout",
		  "nf_conntrack_udp_timeout" },
		{ "udp_timeout", "nf_conntrack_udp_timeout" },
		{ "max", "nf_conntrack_max" },
		{ "tcp_loose", "nf_conntrack_tcp_loose" },
		{ "nf_conntrack_tcp_lose", "nf_conntrack_tcp_loose" },
		{ "zzzzzzzz", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		const char *near = ct_sysctl_nearest(cases[i].name);

		if (!cases[i].near)
			assert_null(near);
		else if (!near || strcmp(near, cases[i].near) != 0)
			fail_msg("nearest to '%s' is '%s', expected '%s'",
				 cases[i].name, near ? near : "(none)",
				 cases[i].near);
	}
}

/* No two rows share a name, a legacy name or a member, and each has a help
 * text. */
static void sysctl_list_is_consistent(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(rows); i++) {
		assert_true(strlen(rows[i].help) > 0);
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(rows[i].name, rows[j].name);
			assert_true(rows[i].offset != rows[j].offset);
			if (rows[i].legacy[0])
				assert_string_not_equal(rows[i].legacy,
							rows[j].legacy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sysctl_kernel_defaults),
		cmocka_unit_test(sysctl_every_name),
		cmocka_unit_test(sysctl_legacy_names),
		cmocka_unit_test(sysctl_limits),
		cmocka_unit_test(sysctl_values),
		cmocka_unit_test(sysctl_other_names),
		cmocka_unit_test(sysctl_fragments),
		cmocka_unit_test(sysctl_nearest),
		cmocka_unit_test(sysctl_list_is_consistent),
	};

	return cmocka_run_group_tests_name("sysctl", tests, NULL, NULL);
}
