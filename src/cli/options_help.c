/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options.h"

#include <pcap/pcap.h>

#include "ctreplay/version.h"
#include "cli/options_table.h"

static void print_row(FILE *to, const struct option_row *row)
{
	char names[40];

	snprintf(names, sizeof(names), "--%s%s%s", row->name,
		 row->arg && row->arg[0] != '[' ? " " : "",
		 row->arg ? row->arg : "");
	if (row->letter)
		fprintf(to, "  -%c, ", row->letter);
	else
		fputs("      ", to);
	fprintf(to, "%-22s %s\n", names, row->help);
}

void options_print_help(FILE *to)
{
	static const char *const titles[OPTION_GROUPS] = {
		[GROUP_INPUT] = "Input:", [GROUP_OUTPUT] = "Output:",
		[GROUP_ENGINE] = "Connection tracking:",
		[GROUP_FIREWALL] = "Firewall:",
		[GROUP_TEST] = "Tests:", [GROUP_OTHER] = "Other:",
	};

	fputs("Usage: ctreplay [OPTION]... FILE...\n"
	      "Replay captures through the connection tracking of a Linux kernel.\n",
	      to);
	for (unsigned int g = 0; g < OPTION_GROUPS; g++) {
		fprintf(to, "%s\n", titles[g]);
		for (size_t i = 0; i < option_count; i++)
			if (option_rows[i].group == g)
				print_row(to, &option_rows[i]);
	}
	fputs("Exit status: 0 all frames were read, 1 a test failed (--check, --fail-on)\n"
	      "or --versus found a difference, 2 usage error or no capture, 3 damaged input or\n"
	      "failed output, 130 interrupted.  The manual is ctreplay(1).\n", to);
}

void options_print_version(FILE *to, const struct ct_kernel *k)
{
	char name[CT_KERNEL_NAME_SIZE];

	ct_kernel_name(k, name);
	fprintf(to, "ctreplay %s (connection tracking of Linux %s)\n%s\n",
		CTREPLAY_VERSION, name, pcap_lib_version());
}

/* A behaviour in which 'k' differs from the kernel before it. */
static void print_behaviour(FILE *to, enum ct_behaviour b, bool has)
{
	char releases[200];

	ct_behaviour_releases(b, releases, sizeof(releases));
	fprintf(to, "  %c %s: %s [%s]\n", has ? '+' : '-', ct_behaviour_name(b),
		ct_behaviour_text(b), releases);
}

void options_print_kernels(FILE *to)
{
	struct ct_kernel k, before = { 0 };
	char name[CT_KERNEL_NAME_SIZE];

	for (size_t i = 0; i < ct_kernel_count(); i++) {
		ct_kernel_judged(&k, i);
		ct_kernel_name(&k, name);
		fprintf(to, "%s\n", name);
		for (unsigned int b = 0; i && b < CT_BEHAVIOUR_COUNT; b++) {
			bool has = ct_kernel_has(&k, (enum ct_behaviour)b);

			if (has != ct_kernel_has(&before, (enum ct_behaviour)b))
				print_behaviour(to, (enum ct_behaviour)b, has);
		}
		before = k;
	}
}
