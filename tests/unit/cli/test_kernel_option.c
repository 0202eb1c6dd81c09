/* SPDX-License-Identifier: GPL-2.0-only */
/* --kernel: which kernel is taken, and what the user is told about it. */
#include "support/rig.h"

#include <stdio.h>
#include <string.h>

#include "cli/kernel_option.h"
#include "cli/sysctl_file.h"

struct told {
	enum diag_level level;
	char text[1100];
	int n;
};

static void hear(void *arg, enum diag_level level, const char *text)
{
	struct told *told = arg;

	told->level = level;
	snprintf(told->text, sizeof(told->text), "%s", text);
	told->n++;
}

static void kernel_option_messages(void **state)
{
	static const struct {
		const char *arg, *name, *says;	/* NULL: refused; silent */
		enum diag_level level;
	} cases[] = {
		{ "6.1", "6.1.192", NULL, 0 },
		{ "5.10.223-1", "5.10.223", NULL, 0 },
		{ "6.1.0-50-amd64", "6.1.176", NULL, 0 },
		{ "6.1.0-49-amd64", "6.1.192", "taken as 6.1.192", DIAG_NOTE },
		{ "6.1.20", "6.1.20", "nearest that was compared is 6.1.176", DIAG_NOTE },
		{ "6.12.40", "6.12.40", "nearest that was compared is 6.12.117", DIAG_NOTE },
		{ "6.1.300", "6.1.300", "since 6.1.192 may be missing", DIAG_NOTE },
		{ "5.15.100", "5.15.100", "is that of mainline", DIAG_NOTE },
		{ "4.19", NULL, "not between 5.10 and 7.3", DIAG_ERROR },
		{ "4.19", NULL, "the nearest that was compared is 5.10.223", DIAG_ERROR },
		{ "8.1", NULL, "the nearest that was compared is 7.3.4", DIAG_ERROR },
		{ "bookworm", NULL, "is not a version", DIAG_ERROR },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct told told = { .n = 0 };
		const struct diag diag = { hear, &told };
		char name[CT_KERNEL_NAME_SIZE];
		struct ct_config cfg;

		ct_config_defaults(&cfg);
		assert_int_equal(kernel_option_read(&cfg, "--kernel", cases[i].arg, &diag),
				 cases[i].name != NULL);
		ct_kernel_name(&cfg.kernel, name);
		assert_string_equal(name, cases[i].name ? cases[i].name : "6.18.44");
		assert_int_equal(told.n, cases[i].says != NULL);
		if (!cases[i].says)
			continue;
		assert_int_equal(told.level, cases[i].level);
		if (!strstr(told.text, cases[i].says))
			fail_msg("%s: %s", cases[i].arg, told.text);
	}
}

/* A firewall's directory has a file with the version. */
static void messages_name_the_file(void **state)
{
	static const char *const versions[] = { "15:52:25", "4.19", "6.1.20", "5.15.100",
						"6.1.0-49-amd64", "6.1.300" };

	(void)state;
	for (size_t i = 0; i < ITEMS(versions); i++) {
		struct told told = { .n = 0 };
		const struct diag diag = { hear, &told };
		struct ct_config cfg;

		ct_config_defaults(&cfg);
		kernel_option_read(&cfg, "fw/kernel", versions[i], &diag);
		assert_int_equal(told.n, 1);
		if (strncmp(told.text, "fw/kernel: ", 11) != 0)
			fail_msg("%s: %s", versions[i], told.text);
	}
}

/* A sysctl that the kernel lacks: since or until when others have it. */
static void kernel_lacks_sysctl(void **state)
{
	static const struct { const char *kernel, *setting, *says; } cases[] = {
		{ "5.10", "nf_conntrack_tcp_ignore_invalid_rst=1", "since 5.14" },
		{ "6.1", "net.netfilter.nf_conntrack_helper=1", "before 6.0" },
		{ "6.18", "nf_conntrack_dccp_loose=0", "before 6.17" },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct told told = { .n = 0 };
		const struct diag diag = { hear, &told };
		struct ct_config cfg;

		ct_config_defaults(&cfg);
		assert_true(kernel_option_read(&cfg, "--kernel", cases[i].kernel, &diag));
		assert_false(sysctl_read_setting(&cfg, NULL, cases[i].setting, &diag));
		assert_int_equal(told.level, DIAG_ERROR);
		if (!strstr(told.text, cases[i].says))
			fail_msg("%s: %s", cases[i].setting, told.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_option_messages),
		cmocka_unit_test(messages_name_the_file),
		cmocka_unit_test(kernel_lacks_sysctl),
	};

	return cmocka_run_group_tests_name("kernel_option", tests, NULL, NULL);
}
