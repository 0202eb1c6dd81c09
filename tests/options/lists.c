/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lists.c - prints the lists in the source, which run.sh compares with the
 * manual page and the completions:
 *
 *	lists options	-r, --read FILE
 *	lists help	read replay FILE, like an operand; - is standard input
 *	lists reasons	tcp-flags "invalid tcp flag combination"	(OWN follows, if the kernel has no such text)
 *	lists sysctls	nf_conntrack_udp_timeout 30
 *	lists linktypes	1 EN10MB read	(else "-" at the end)
 */
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "capture/link/link.h"
#include "cli/options_table.h"
#include "ctreplay/reason.h"
#include "ctreplay/sysctl.h"

static void options(void)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (row->letter)
			printf("-%c, ", row->letter);
		printf("--%s%s%s\n", row->name,
		       row->arg && row->arg[0] != '[' ? " " : "",
		       row->arg ? row->arg : "");
	}
}

static void help(void)
{
	for (size_t i = 0; i < option_count; i++)
		printf("%s %s\n", option_rows[i].name, option_rows[i].help);
}

/* dlt_list.h has LINK_TYPE(NAME) for each DLT_NAME of libpcap's header. */
static void linktypes(void)
{
#define LINK_TYPE(name) \
	printf("%d " #name " %s\n", DLT_##name, \
	       link_supported(DLT_##name) ? "read" : "-");
#include "dlt_list.h"
}

static void reason(const char *code, const char *origin, const char *text)
{
	/* "none" has no text and is not in the manual. */
	if (*text)
		printf("%s \"%s\"%s\n", code, text,
		       strcmp(origin, "OWN") == 0 ? " OWN" : "");
}

int main(int argc, char **argv)
{
	const char *list = argc == 2 ? argv[1] : "";

	if (strcmp(list, "options") == 0) {
		options();
	} else if (strcmp(list, "help") == 0) {
		help();
	} else if (strcmp(list, "linktypes") == 0) {
		linktypes();
	} else if (strcmp(list, "reasons") == 0) {
#define REASON(sym, code, origin, text) reason(code, #origin, text);
		CT_REASONS(REASON)
	} else if (strcmp(list, "sysctls") == 0) {
#define SYSCTL(member, name, legacy, def, min, max, help) \
		printf("%s %u\n", name, (unsigned int)(def));
		CT_SYSCTLS(SYSCTL)
		struct ct_sysctl s;

		ct_sysctl_defaults(&s);
		printf("ipfrag_time %u\n", s.ipfrag_time);
		printf("ipfrag_high_thresh %u\n", s.ipfrag_high_thresh);
		printf("ipfrag_max_dist %u\n", s.ipfrag_max_dist);
	} else {
		fputs("usage: lists options|help|reasons|sysctls|linktypes\n", stderr);
		return 2;
	}
	return 0;
}
