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
 *	lists behaviours	udplite-generic 7.1
 *	lists versions	sysctl nf_conntrack_events 5.19	(what is not the same
 *			in all kernels, and the releases that changed it)
 */
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "capture/link/link.h"
#include "cli/options_table.h"
#include "conntrack/track.h"
#include "ctreplay/kernel.h"
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

static void behaviours(void)
{
	for (unsigned int b = 0; b < CT_BEHAVIOUR_COUNT; b++) {
		char releases[128];

		ct_behaviour_releases(b, releases, sizeof(releases));
		printf("%s %s\n", ct_behaviour_name(b), releases);
	}
}

static const char *const sysctl_names[] = {
#define SYSCTL_NAME(member, name, legacy, def, min, max, help) name,
	CT_SYSCTLS(SYSCTL_NAME)
#undef SYSCTL_NAME
};

enum { SYSCTLS = sizeof(sysctl_names) / sizeof(sysctl_names[0]) };

/* What a kernel says of one sysctl, and of all. */
struct setting {
	bool exists;
	uint32_t min, max;
};

struct said {
	struct ct_sysctl defaults;
	struct setting setting[SYSCTLS];
	uint8_t texts[CT_REASON_COUNT];
};

static void ask(struct said *s, const struct ct_kernel *k)
{
	memset(s, 0, sizeof(*s));
	ct_kernel_sysctl_defaults(k, &s->defaults);
	for (unsigned int i = 0; i < SYSCTLS; i++)
		s->setting[i].exists =
			ct_kernel_sysctl_limits(k, sysctl_names[i],
						&s->setting[i].min,
						&s->setting[i].max);
	reason_variants(s->texts, k);
}

static bool same_default(const struct said *a, const struct said *b, unsigned int i)
{
	static const size_t at[] = {
#define SYSCTL_AT(member, name, legacy, def, min, max, help) \
		offsetof(struct ct_sysctl, member),
		CT_SYSCTLS(SYSCTL_AT)
#undef SYSCTL_AT
	};

	return memcmp((const char *)&a->defaults + at[i],
		      (const char *)&b->defaults + at[i], sizeof(uint32_t)) == 0;
}

static void print_versions(const struct said *all, const struct said *but_one,
			   unsigned int b)
{
	char releases[128];

	ct_behaviour_releases(b, releases, sizeof(releases));
	for (unsigned int i = 0; i < SYSCTLS; i++)
		if (!same_default(all, but_one, i) ||
		    memcmp(&all->setting[i], &but_one->setting[i],
			   sizeof(all->setting[i])) != 0)
			printf("sysctl %s %s\n", sysctl_names[i], releases);
	for (unsigned int i = 0; i < CT_REASON_COUNT; i++)
		if (all->texts[i] != but_one->texts[i])
			printf("reason %s %s\n", ct_reason_code(i), releases);
}

/* Reasons that only kernels with a behaviour give, or only those without it. */
static const struct {
	enum ct_reason reason;
	enum ct_behaviour behaviour;
} trackers[] = {
	{ CT_REASON_TCP_MORE_BYTES, CT_HAS_TCP_OVERSHOOT_ACCEPTED },
	{ CT_REASON_TCP_LOWER_TIMEOUT, CT_HAS_TCP_INVALID_LOWERS_TIMEOUT },
	{ CT_REASON_UDPLITE_SHORT, CT_HAS_UDPLITE_GENERIC },
	{ CT_REASON_UDPLITE_COVERAGE, CT_HAS_UDPLITE_GENERIC },
	{ CT_REASON_UDPLITE_MISSING, CT_HAS_UDPLITE_GENERIC },
	{ CT_REASON_UDPLITE_CHECKSUM, CT_HAS_UDPLITE_GENERIC },
	{ CT_REASON_ICMPV6_REDIR_SHORT, CT_HAS_ICMPV6_REDIRECT_RELATED },
	{ CT_REASON_ICMPV6_REDIR_FROM, CT_HAS_ICMPV6_REDIRECT_RELATED },
	{ CT_REASON_ICMPV6_REDIR_OPTS, CT_HAS_ICMPV6_REDIRECT_RELATED },
	{ CT_REASON_ICMPV6_UNTRACKED, CT_HAS_ICMPV6_MRD_UNTRACKED },
	{ CT_REASON_DCCP_SHORT, CT_HAS_DCCP_SHORT_INVALID },
	{ CT_REASON_DCCP_SHORT, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_TRUNCATED, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_COVERAGE, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_CHECKSUM, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_TYPE, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_SHORT_SEQ, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_IGNORED, CT_HAS_DCCP_GENERIC },
	{ CT_REASON_DCCP_STATE, CT_HAS_DCCP_GENERIC },
};

static void print_tracker_versions(void)
{
	for (size_t i = 0; i < sizeof(trackers) / sizeof(trackers[0]); i++) {
		char releases[128];

		ct_behaviour_releases(trackers[i].behaviour, releases,
				      sizeof(releases));
		printf("reason %s %s\n", ct_reason_code(trackers[i].reason),
		       releases);
	}
}

/* Asks a kernel with all behaviours, and others that lack one each. */
static void versions(void)
{
	struct ct_kernel k = { .has = { UINT64_MAX, UINT64_MAX } };
	struct said all, but_one;

	ask(&all, &k);
	for (unsigned int b = 0; b < CT_BEHAVIOUR_COUNT; b++) {
		struct ct_kernel other = k;

		other.has[b / 64] ^= (uint64_t)1 << b % 64;
		ask(&but_one, &other);
		print_versions(&all, &but_one, b);
	}
	print_tracker_versions();
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
	} else if (strcmp(list, "behaviours") == 0) {
		behaviours();
	} else if (strcmp(list, "versions") == 0) {
		versions();
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
		fputs("usage: lists options|help|reasons|sysctls|linktypes|"
		      "behaviours|versions\n", stderr);
		return 2;
	}
	return 0;
}
