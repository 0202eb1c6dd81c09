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
		[GROUP_ENGINE] = "Connection tracking:", [GROUP_OTHER] = "Other:",
	};

	fputs("Usage: ctreplay [OPTION]... FILE...\n"
	      "Replay captures through the connection tracking of Linux 6.18.\n",
	      to);
	for (unsigned int g = 0; g < OPTION_GROUPS; g++) {
		fprintf(to, "%s\n", titles[g]);
		for (size_t i = 0; i < option_count; i++)
			if (option_rows[i].group == g)
				print_row(to, &option_rows[i]);
	}
	fputs("Exit status: 0 all frames were read, 2 usage error or no capture, 3 damaged\n"
	      "input or failed output, 130 interrupted.  The manual is ctreplay(1).\n", to);
}

void options_print_version(FILE *to)
{
	fprintf(to, "ctreplay %s (connection tracking of Linux 6.18)\n%s\n",
		CTREPLAY_VERSION, pcap_lib_version());
}
