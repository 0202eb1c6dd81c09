/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/filter.h"

#include <stdlib.h>
#include <string.h>

#include "capture/resolver.h"

#define FILTER_SNAPLEN	262144	/* libpcap's largest for network traffic */

struct bpf_set {
	struct bpf_program program;
};

static void say_refused(const char *what, const char *expr, const char *why,
			const struct diag *diag)
{
	const char *hint = "; see pcap-filter(7)";

	if (strstr(why, "unknown host") || strstr(why, "unknown network"))
		hint = "; names are never looked up, write the address";
	diag_say(diag, DIAG_ERROR, "%s: '%s': %s%s", what, expr, why, hint);
}

struct bpf_set *bpf_compile_for(pcap_t *p, const char *expr, const char *what,
				const struct diag *diag)
{
	struct bpf_set *set = malloc(sizeof(*set));

	if (!set) {
		diag_say(diag, DIAG_ERROR, "%s: out of memory", what);
		return NULL;
	}
	if (!resolver_is_ours()) {
		/* The program was linked in a way that the comment in
		 * resolver.h does not allow for: better no filter than a
		 * query that nobody asked for. */
		diag_say(diag, DIAG_ERROR,
			 "%s: this build cannot keep libpcap from looking up names",
			 what);
		free(set);
		return NULL;
	}
	if (pcap_compile(p, &set->program, expr, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		say_refused(what, expr, pcap_geterr(p), diag);
		free(set);
		return NULL;
	}
	return set;
}

struct bpf_set *bpf_compile(const char *expr, int linktype, const char *what,
			    const struct diag *diag)
{
	pcap_t *p = pcap_open_dead(linktype, FILTER_SNAPLEN);
	struct bpf_set *set;

	if (!p) {
		diag_say(diag, DIAG_ERROR, "%s: out of memory", what);
		return NULL;
	}
	set = bpf_compile_for(p, expr, what, diag);
	pcap_close(p);
	return set;
}

bool bpf_matches(const struct bpf_set *set, const uint8_t *data,
		 uint32_t caplen, uint32_t wirelen)
{
	const struct pcap_pkthdr h = { .caplen = caplen, .len = wirelen };

	return pcap_offline_filter(&set->program, &h, data) != 0;
}

void bpf_set_free(struct bpf_set *set)
{
	if (!set)
		return;
	pcap_freecode(&set->program);
	free(set);
}
