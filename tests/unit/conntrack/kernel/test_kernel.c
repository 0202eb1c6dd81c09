/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Versions and what they have.  Which release brought what is as Debian's kernel
 * changelogs and sources say; see history.c.
 */
#include "support/rig.h"

#include <stdio.h>
#include <string.h>

static void kernel_versions(void **state)
{
	static const struct {
		const char *asked, *name;	/* NULL: refused */
		enum ct_kernel_result result;
	} cases[] = {
		{ "5.10", "5.10.262", CT_KERNEL_JUDGED },
		{ "6.1", "6.1.192", CT_KERNEL_JUDGED },
		{ "6.12", "6.12.118", CT_KERNEL_JUDGED },
		{ "6.18", "6.18.44", CT_KERNEL_JUDGED },
		{ "7.3", "7.3.4", CT_KERNEL_JUDGED },
		{ "5.10.223", "5.10.223", CT_KERNEL_JUDGED },
		{ "5.10.223-1", "5.10.223", CT_KERNEL_JUDGED },
		{ "7.3.4-1~bpo13+1", "7.3.4", CT_KERNEL_JUDGED },
		{ "6.12.117+deb13-amd64", "6.12.117", CT_KERNEL_JUDGED },
		{ "6.18.44-fc-v669", "6.18.44", CT_KERNEL_JUDGED },
		{ "5.10.0-32-amd64", "5.10.223", CT_KERNEL_JUDGED },
		{ "5.10.0-46-amd64", "5.10.262", CT_KERNEL_JUDGED },
		{ "6.1.0-50-amd64", "6.1.176", CT_KERNEL_JUDGED },
		{ "6.1.0-57-cloud-amd64", "6.1.192", CT_KERNEL_JUDGED },
		{ "6.1.0-49-amd64", "6.1.192", CT_KERNEL_ABI },
		{ "6.1.0-rc1", "6.1.192", CT_KERNEL_ABI },
		{ "6.1.0", "6.1.0", CT_KERNEL_HISTORY },
		{ "6.1.20", "6.1.20", CT_KERNEL_HISTORY },
		{ "7.2.13-1", "7.2.13", CT_KERNEL_HISTORY },
		{ "5.15", "5.15.0", CT_KERNEL_MAINLINE },
		{ "6.6.20", "6.6.20", CT_KERNEL_MAINLINE },
		{ "4.19", NULL, CT_KERNEL_RANGE },
		{ "5.9.16", NULL, CT_KERNEL_RANGE },
		{ "7.4", NULL, CT_KERNEL_RANGE },
		{ "99.1", NULL, CT_KERNEL_RANGE },
		{ "", NULL, CT_KERNEL_SYNTAX }, { "6", NULL, CT_KERNEL_SYNTAX },
		{ "6.", NULL, CT_KERNEL_SYNTAX }, { "6.1.", NULL, CT_KERNEL_SYNTAX },
		{ "6.1.x", NULL, CT_KERNEL_SYNTAX }, { "x6.1", NULL, CT_KERNEL_SYNTAX },
		{ "6.1x", NULL, CT_KERNEL_SYNTAX }, { " 6.1", NULL, CT_KERNEL_SYNTAX },
		{ "-6.1", NULL, CT_KERNEL_SYNTAX }, { "256.1", NULL, CT_KERNEL_SYNTAX },
		{ "6.1.10000", NULL, CT_KERNEL_SYNTAX },
		{ "6.99999999999999999999", NULL, CT_KERNEL_SYNTAX },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		char name[CT_KERNEL_NAME_SIZE];
		struct ct_kernel k;

		if (ct_kernel_find(&k, cases[i].asked) != cases[i].result)
			fail_msg("'%s': another result", cases[i].asked);
		if (!cases[i].name)
			continue;
		ct_kernel_name(&k, name);
		assert_string_equal(name, cases[i].name);
	}
}

static void kernel_default_is_judged(void **state)
{
	struct ct_kernel def, k;
	char name[CT_KERNEL_NAME_SIZE];
	bool found = false;

	(void)state;
	ct_kernel_default(&def);
	ct_kernel_name(&def, name);
	assert_string_equal(name, "6.18.44");
	for (size_t i = 0; i < ct_kernel_count(); i++) {
		ct_kernel_judged(&k, i);
		found = found || memcmp(&k, &def, sizeof(k)) == 0;
	}
	assert_true(found);
}

/* The last release without a behaviour, and the first one with it, in each
 * branch that took it: "" all have or lack it. */
static const struct step {
	const char *name, *without, *with;
} steps[] = {
	{ "tcp-rst-closing-unchecked", "5.10.262", "5.15 6.1.0" },
	{ "tcp-rst-after-syn", "5.10.262", "5.15 6.1.0" },
	{ "tcp-rst-seq0", "5.10.262", "5.15 6.1.0" },
	{ "tcp-ignore-invalid-rst", "5.10.262", "5.15 6.1.0" },
	{ "tcp-syn-retransmit-no-refresh", "5.10.165", "5.10.166 5.15 6.1.0" },
	{ "tcp-reinit-needs-syn", "5.10.262", "5.18 6.1.0" },
	{ "tcp-overshoot-accepted", "5.10.262 5.19", "6.0 6.1.0" },
	{ "tcp-old-segment-accepted", "5.10.262 6.0", "6.1.0" },
	{ "tcp-bounds-in-text", "5.10.262", "6.1.0" },
	{ "tcp-invalid-lowers-timeout", "5.10.262", "6.1.0" },
	{ "tcp-rst-challenge-ack", "5.10.262 6.1.8", "6.1.9 6.2" },
	{ "tcp-invalid-new-logged", "5.10.262 6.1.192 6.6", "6.7 6.12.0" },
	{ "tcp-wscale-by-reply", "5.10.262 6.1.76", "6.1.77 6.6.16 6.8 6.12.0" },
	{ "tcp-rst-syn-direction", "5.10.258 6.1.175 6.12.92 6.18.34",
	  "5.10.259 6.1.176 6.12.93 6.18.35 7.1" },
	{ "tcp-lowered-text", "5.10.262 6.1.183 6.12.103 6.18.44 7.1.3",
	  "6.1.184 6.12.104 6.18.45 7.1.4 7.2" },
	{ "tcp-rst-timeout-unack", "5.10.262 6.1.192 6.12.116 6.18.44 7.2.13",
	  "6.12.117 7.3.4" },
	{ "udp-assured-stream", "5.10.79", "5.10.80 5.16 6.1.0" },
	{ "udplite-generic", "6.1.192 6.12.118 6.18.44 7.0", "7.1 7.3.4" },
	{ "icmpv6-redirect-related", "5.10.162", "5.10.163 6.1.4 6.2" },
	{ "icmpv6-mrd-untracked", "6.1.192", "6.9 6.12.0" },
	{ "sctp-closed-no-refresh", "5.10.101", "5.10.102 5.17" },
	{ "sctp-one-established", "5.10.165 6.1.8", "5.10.166 6.1.9 6.2" },
	{ "sctp-vtag-by-t", "5.10.165 6.1.8", "5.10.166 6.1.9 6.2" },
	{ "sctp-reasons", "5.10.262 6.1.183", "6.1.184 6.3" },
	{ "sctp-shutdown-3s", "5.10.191 6.1.46", "5.10.192 6.1.47 6.5" },
	{ "sctp-init-collision", "5.10.197 6.1.56", "5.10.198 6.1.57 6.6" },
	{ "sctp-first-vtag", "5.10.210 6.1.79", "5.10.211 6.1.80 6.8" },
	{ "sctp-stale-init", "5.10.257 6.1.174 6.12.90 6.18.32",
	  "5.10.258 6.1.175 6.12.91 6.18.33 7.1" },
	{ "dccp-short-invalid", "5.10.262 6.1.192", "6.3 6.12.0" },
	{ "dccp-generic", "6.12.118 6.16", "6.17 6.18.0" },
	{ "destroy-has-state", "5.10.262", "5.13 6.1.0" },
	{ "large-defaults", "5.10.262", "5.15" },
	{ "events-on-demand", "5.10.262 5.15", "5.19 6.1.0" },
	{ "max-retrans-8bit", "5.10.262", "5.13" },
	{ "limits-checked", "5.10.237 6.1.140 6.12.30",
	  "5.10.238 6.1.141 6.12.31 6.18.0" },
	{ "max-not-zero", "6.18.44", "6.19 7.3.4" },
	{ "expect-inherits-helper",
	  "5.10.262 6.1.167 6.1.183 6.12.80 6.12.103 6.18.44 7.0.11 7.1",
	  "6.1.168 6.1.182 6.12.81 6.12.102 6.18.43 7.0.10" },
	{ "expect-lazy", "5.10.262 6.1.190 6.12.113 6.18.44 7.1.4",
	  "6.1.191 6.12.114 7.1.5 7.2" },
	{ "helper-by-rule", "5.10.262 5.19", "6.0 6.1.0" },
	{ "ftp-strict-numbers", "6.1.192 6.12.118 6.18.44 7.1.13", "7.2.6 7.3.4" },
	{ "irc-after-privmsg", "5.10.145", "5.10.146 6.0" },
	{ "irc-own-address", "5.10.142", "5.10.143 6.0" },
	{ "irc-4095", "5.10.262", "6.0 6.1.0" },
	{ "irc-end", "5.10.260 6.1.177 6.12.96 6.18.39 7.1.3",
	  "5.10.261 6.1.178 6.12.97 6.18.40 7.1.4 7.2" },
	{ "irc-number-saturates", "6.18.44 7.1.13", "7.2.13 7.3.4" },
	{ "irc-stop-after-bad", "5.10.258 6.1.175 6.12.93 6.18.35",
	  "5.10.259 6.1.176 6.12.94 6.18.36 7.1" },
	{ "sip-strict-numbers", "5.10.257 6.1.174 6.12.90 6.18.15",
	  "5.10.258 6.1.175 6.12.91 6.18.33 7.1" },
	{ "sip-expires-number", "5.10.187 6.1.38", "5.10.188 6.1.39 6.5" },
	{ "sip-walk-headers", "5.10.145", "5.10.146 6.0" },
	{ "sip-content-length", "5.10.252 6.1.166 6.12.77 6.18.15",
	  "5.10.253 6.1.167 6.12.78 6.18.33 7.0" },
	{ "h323-choice-length", "5.10.251 6.1.164 6.12.74 6.18.15",
	  "5.10.252 6.1.165 6.12.75 6.18.33 7.0" },
	{ "pptp-keys-pair", "5.10.262 6.1.192 6.12.118 6.18.44", "7.1 7.3.4" },
	{ "broadcast-source-port", "6.18.44 7.2.13", "7.3.4" },
	{ "ipv6-chain-limit", "6.1.192 6.12.118 6.18.44", "7.1 7.3.4" },
};

static void check_releases(const struct step *step, const char *versions, bool has)
{
	char copy[200], *save = NULL;
	unsigned int b = 0;

	while (strcmp(ct_behaviour_name((enum ct_behaviour)b), step->name) != 0)
		if (++b == CT_BEHAVIOUR_COUNT)
			fail_msg("no behaviour %s", step->name);
	snprintf(copy, sizeof(copy), "%s", versions);
	for (char *v = strtok_r(copy, " ", &save); v; v = strtok_r(NULL, " ", &save)) {
		struct ct_kernel k;

		assert_true(ct_kernel_find(&k, v) <= CT_KERNEL_ABI);
		if (ct_kernel_has(&k, (enum ct_behaviour)b) != has)
			fail_msg("%s %s %s", v, has ? "lacks" : "has", step->name);
	}
}

static void kernel_history(void **state)
{
	(void)state;
	assert_int_equal(ITEMS(steps), CT_BEHAVIOUR_COUNT);
	for (size_t i = 0; i < ITEMS(steps); i++) {
		check_releases(&steps[i], steps[i].without, false);
		check_releases(&steps[i], steps[i].with, true);
	}
}

static void kernel_behaviours_are_named(void **state)
{
	(void)state;
	for (unsigned int a = 0; a < CT_BEHAVIOUR_COUNT; a++) {
		char releases[200];

		assert_true(strlen(ct_behaviour_name((enum ct_behaviour)a)) > 0);
		assert_true(strlen(ct_behaviour_text((enum ct_behaviour)a)) > 0);
		ct_behaviour_releases((enum ct_behaviour)a, releases,
				      sizeof(releases));
		assert_true(strlen(releases) > 0);
		for (unsigned int b = 0; b < a; b++)
			assert_string_not_equal(
				ct_behaviour_name((enum ct_behaviour)a),
				ct_behaviour_name((enum ct_behaviour)b));
	}
}

static void kernel_releases_in_words(void **state)
{
	char text[200], little[8];

	(void)state;
	ct_behaviour_releases(CT_HAS_TCP_RST_SYN_DIRECTION, text, sizeof(text));
	assert_string_equal(text, "7.1, 5.10.259, 6.1.176, 6.12.93, 6.18.35, 7.0.12");
	ct_behaviour_releases(CT_HAS_EXPECT_INHERITS_HELPER, text, sizeof(text));
	assert_string_equal(text, "6.1.168 to 6.1.182, 6.12.81 to 6.12.102, "
			    "6.18.16 to 6.18.43, 7.0.0 to 7.0.10");
	ct_behaviour_releases(CT_HAS_TCP_RST_SYN_DIRECTION, little, sizeof(little));
	assert_string_equal(little, "7.1, 5.");
	ct_sysctl_releases("nf_conntrack_tcp_ignore_invalid_rst", text, sizeof(text));
	assert_string_equal(text, "since 5.14");
	ct_sysctl_releases("net.netfilter.nf_conntrack_helper", text, sizeof(text));
	assert_string_equal(text, "before 6.0");
	ct_sysctl_releases("nf_conntrack_sctp_timeout_heartbeat_acked", text,
			   sizeof(text));
	assert_string_equal(text, "before 6.2, 5.10.166, 6.1.9");
	ct_sysctl_releases("nf_conntrack_max", text, sizeof(text));
	assert_string_equal(text, "");
}

/* As 'sysctl -a' says on these kernels. */
static void kernel_sysctls(void **state)
{
	static const struct {
		const char *kernel, *name, *value;
		enum ct_sysctl_result result;
	} cases[] = {
		{ "5.10.223", "nf_conntrack_helper", "1", CT_SYSCTL_OK },
		{ "5.10.223", "nf_conntrack_helper", "2", CT_SYSCTL_VALUE },
		{ "6.1", "nf_conntrack_helper", "1", CT_SYSCTL_ABSENT },
		{ "5.10", "nf_conntrack_tcp_ignore_invalid_rst", "1", CT_SYSCTL_ABSENT },
		{ "6.12", "nf_conntrack_dccp_loose", "0", CT_SYSCTL_OK },
		{ "6.18", "nf_conntrack_dccp_loose", "0", CT_SYSCTL_ABSENT },
		{ "7.3", "nf_conntrack_max", "0", CT_SYSCTL_VALUE },
		{ "6.18", "nf_conntrack_max", "0", CT_SYSCTL_OK },
		{ "5.10.223", "nf_conntrack_expect_max", "0", CT_SYSCTL_OK },
		{ "5.10.262", "nf_conntrack_expect_max", "0", CT_SYSCTL_VALUE },
		{ "5.10", "nf_conntrack_tcp_max_retrans", "256", CT_SYSCTL_OK },
		{ "6.1", "nf_conntrack_tcp_max_retrans", "256", CT_SYSCTL_VALUE },
		{ "5.10", "nf_conntrack_events", "2", CT_SYSCTL_VALUE },
		{ "6.1", "nf_conntrack_events", "2", CT_SYSCTL_OK },
		{ "5.10.165", "nf_conntrack_sctp_timeout_heartbeat_acked", "1",
		  CT_SYSCTL_OK },
		{ "5.10.166", "nf_conntrack_sctp_timeout_heartbeat_acked", "1",
		  CT_SYSCTL_ABSENT },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct ct_kernel k;
		struct ct_sysctl s;

		ct_kernel_find(&k, cases[i].kernel);
		ct_kernel_sysctl_defaults(&k, &s);
		if (ct_kernel_sysctl_set(&k, &s, cases[i].name, cases[i].value) !=
		    cases[i].result)
			fail_msg("%s: %s=%s", cases[i].kernel, cases[i].name,
				 cases[i].value);
	}
}

static void kernel_sysctl_defaults(void **state)
{
	struct ct_kernel k;
	struct ct_sysctl s;

	(void)state;
	for (int i = 0; i < 2; i++) {
		ct_kernel_find(&k, i ? "5.10.262" : "5.10.223");
		ct_kernel_sysctl_defaults(&k, &s);
		assert_int_equal(s.buckets, 65536);
		assert_int_equal(s.expect_max, 1024);
		assert_int_equal(s.events, 1);
		assert_int_equal(s.max, 262144);
		assert_int_equal(s.dccp_timeout_open, 43200);
	}
	ct_kernel_find(&k, "5.10.100");
	ct_kernel_sysctl_defaults(&k, &s);
	assert_int_equal(s.sctp_timeout_established, 432000);
	assert_int_equal(s.sctp_timeout_shutdown_sent, 0);
	assert_int_equal(s.sctp_timeout_heartbeat_acked, 210);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_versions),
		cmocka_unit_test(kernel_default_is_judged),
		cmocka_unit_test(kernel_history),
		cmocka_unit_test(kernel_behaviours_are_named),
		cmocka_unit_test(kernel_releases_in_words),
		cmocka_unit_test(kernel_sysctls),
		cmocka_unit_test(kernel_sysctl_defaults),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
