/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lists.c - the lists of the source, for run.sh to hold against the manual:
 *
 *	lists options	-r, --read FILE
 *	lists reasons	tcp-flags "invalid tcp flag combination"	(or OWN behind)
 *	lists sysctls	nf_conntrack_udp_timeout 30
 */
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "ctreplay/reason.h"
#include "ctreplay/sysctl.h"

static void option(int letter, const char *name, const char *arg)
{
	if (letter)
		printf("-%c, ", letter);
	printf("--%s%s%s\n", name, arg ? " " : "", arg ? arg : "");
}

static void reason(const char *code, const char *origin, const char *text)
{
	/* "none" is no reason. */
	if (*text)
		printf("%s \"%s\"%s\n", code, text,
		       strcmp(origin, "OWN") == 0 ? " OWN" : "");
}

int main(int argc, char **argv)
{
	const char *list = argc == 2 ? argv[1] : "";

	if (strcmp(list, "options") == 0) {
#define OPTION(letter, name, arg, group, help) option(letter, name, arg);
		CLI_OPTIONS(OPTION)
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
		fputs("usage: lists options|reasons|sysctls\n", stderr);
		return 2;
	}
	return 0;
}
