/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options_table.h"

#include <stdio.h>
#include <string.h>

#include "cli/firewall_setters.h"
#include "cli/helper_option.h"
#include "cli/kernel_option.h"
#include "cli/options_say.h"
#include "cli/options_value.h"
#include "cli/output_setters.h"
#include "cli/sysctl_file.h"

/* Input. */

static enum options_result set_file(struct options *o,
				    const struct option_use *use)
{
	o->files[o->nfiles++] = use->arg;
	return OPTIONS_RUN;
}

static enum options_result set_filter(struct options *o,
				      const struct option_use *use)
{
	return run_if(value_only_filter(use, &o->filter));
}

static enum options_result set_interface(struct options *o,
					 const struct option_use *use)
{
	o->interfaces[o->ninterfaces++] = use->arg;
	return OPTIONS_RUN;
}

#define DEDUP_DEFAULT	2000000u	/* 2 ms, in nanoseconds */

static enum options_result set_dedup(struct options *o,
				     const struct option_use *use)
{
	o->dedup = DEDUP_DEFAULT;
	return run_if(!use->arg || value_seconds(use, &o->dedup));
}

static enum options_result set_decap(struct options *o,
				     const struct option_use *use)
{
	return run_if(value_tunnels(use, &o->decap));
}

static enum options_result set_merge(struct options *o,
				     const struct option_use *use)
{
	(void)use;
	o->merge = true;
	return OPTIONS_RUN;
}

static enum options_result set_count(struct options *o,
				     const struct option_use *use)
{
	return run_if(value_number(use, UINT64_MAX / 16, &o->max_frames));
}

/* Connection tracking. */

static enum options_result set_kernel(struct options *o,
				      const struct option_use *use)
{
	if (strcmp(use->arg, "list") == 0)
		return OPTIONS_KERNELS;
	o->kernel_given = true;
	return run_if(kernel_option_read(&o->config, "--kernel", use->arg,
					 use->diag));
}

static enum options_result set_notrack(struct options *o,
				       const struct option_use *use)
{
	o->notrack[o->nnotrack++] = use->arg;
	return OPTIONS_RUN;
}

static enum options_result set_sysctl(struct options *o,
				      const struct option_use *use)
{
	return run_if(sysctl_read_setting(&o->config, &o->given, use->arg,
					  use->diag));
}

static enum options_result set_sysctl_file(struct options *o,
					   const struct option_use *use)
{
	return run_if(sysctl_read_file(&o->config, &o->given, use->arg,
				       use->diag));
}

/* nf_conntrack's module option of this name: eight entries a bucket. */
static enum options_result set_hashsize(struct options *o,
					const struct option_use *use)
{
	uint64_t n;

	if (!value_number(use, CT_INT_MAX / 8, &n))
		return OPTIONS_BAD;
	o->config.sysctl.buckets = (uint32_t)n;
	o->config.sysctl.max = (uint32_t)n * 8;
	o->given.zeros.buckets = o->given.ones.buckets = o->config.sysctl.buckets;
	o->given.zeros.max = o->given.ones.max = o->config.sysctl.max;
	return OPTIONS_RUN;
}

static enum options_result set_helper(struct options *o,
				      const struct option_use *use)
{
	o->helpers_chosen = true;
	return run_if(helper_option_read(&o->config, use->arg, use->diag));
}

static enum options_result set_no_helpers(struct options *o,
					  const struct option_use *use)
{
	(void)use;
	o->helpers_chosen = true;
	o->config.nhelpers = 0;
	return OPTIONS_RUN;
}

static enum options_result set_checksum(struct options *o,
					const struct option_use *use)
{
	static const char *const words[] = {
		[CT_CHECKSUM_AUTO] = "auto", [CT_CHECKSUM_ALL] = "all",
		[CT_CHECKSUM_NONE] = "none",
	};
	int i = VALUE_CHOICE(use, words);

	o->config.checksum = (enum ct_checksum_mode)i;
	return run_if(i >= 0);
}

/* Tests. */

/* The states, and the verdict that is none of them: DROP is both. */
static enum options_result set_fail_on(struct options *o,
				       const struct option_use *use)
{
	const char *names[CT_CTSTATES + 1];
	bool words[CT_CTSTATES + 1];

	for (int i = 0; i < CT_CTSTATES; i++)
		names[i] = ct_ctstate_name((enum ct_ctstate)i);
	names[CT_CTSTATES] = "ACCEPT";
	if (!value_words(use, names, CT_CTSTATES + 1, words))
		return OPTIONS_BAD;
	memcpy(o->fail_states, words, sizeof(o->fail_states));
	o->fail_drop = words[CT_DROP];
	o->fail_accept = words[CT_CTSTATES];
	o->fail_on = use->arg;
	return OPTIONS_RUN;
}

/* Other. */

static enum options_result set_sandbox(struct options *o,
				       const struct option_use *use)
{
	static const char *const words[] = {
		[SANDBOX_AUTO] = "auto", [SANDBOX_NO] = "no",
	};
	int i = VALUE_CHOICE(use, words);

	o->sandbox = (enum sandbox_use)i;
	return run_if(i >= 0);
}

static enum options_result set_help(struct options *o,
				    const struct option_use *use)
{
	(void)o;
	(void)use;
	return OPTIONS_HELP;
}

static enum options_result set_version(struct options *o,
				       const struct option_use *use)
{
	(void)o;
	(void)use;
	return OPTIONS_VERSION;
}

#define ROW(letter, name, arg, group, setter, help) \
	{ letter, name, arg, GROUP_##group, setter, help, OPTION_ANYWHERE },
#define EARLY_ROW(when, letter, name, arg, group, setter, help) \
	{ letter, name, arg, GROUP_##group, setter, help, when },

const struct option_row option_rows[] = {
ROW('r', "read", "FILE", INPUT, set_file,
    "replay FILE, like an operand; - is standard input")
ROW('f', "filter", "BPF", INPUT, set_filter,
    "replay only the frames that match a libpcap filter")
ROW(0, "interface", "NAME", INPUT, set_interface,
    "only frames of this interface, by name or number")
ROW(0, "dedup", "[=SECONDS]", INPUT, set_dedup,
    "leave out copies of packets, within 0.002 seconds")
ROW(0, "decap", "LIST", INPUT, set_decap,
    "track the packets in tunnels: vxlan,gre,... or all")
ROW(0, "merge", NULL, INPUT, set_merge,
    "add up FILEs that -s, -C, --top -o json printed")
ROW('c', "count", "N", INPUT, set_count,
    "stop after reading N frames")
ROW(0, "load-state", "FILE", INPUT, output_set_load_state,
    "go on from what --save-state wrote to FILE")
ROW('p', "packets", NULL, OUTPUT, output_set_packets,
    "print a line for each packet")
ROW('t', "table", NULL, OUTPUT, output_set_table,
    "print the table at the end; default: -p -t")
ROW('e', "events", NULL, OUTPUT, output_set_events,
    "print connections as they start, change and end")
ROW('C', "connections", NULL, OUTPUT, output_set_connections,
    "print each connection when it ends, or at the end")
ROW(0, "top", "KEY[:N]", OUTPUT, output_set_top,
    "print the N largest by src, dst, port or pair")
ROW('x', "expect", NULL, OUTPUT, output_set_expectations,
    "print the expectations at the end")
ROW('s', "stats", NULL, OUTPUT, output_set_stats,
    "print the counters at the end")
ROW('R', "rule-counters", NULL, OUTPUT, output_set_rule_counters,
    "print the firewall's rules with their counters")
ROW(0, "at", "TIME", OUTPUT, output_set_at,
    "also print the table as of TIME; may be repeated")
ROW('o', "output", "FORMAT", OUTPUT, output_set_output,
    "text (default), json, csv, timesketch")
ROW(0, "table-style", "STYLE", OUTPUT, output_set_table_style,
    "ip_conntrack, nf_conntrack, conntrack or short")
ROW('T', "time", "STYLE", OUTPUT, output_set_time,
    "relative (default), epoch, iso, delta")
ROW(0, "show", "FILTER", OUTPUT, output_set_show,
    "show only packets that match a libpcap filter")
ROW(0, "conn", "ID,...", OUTPUT, output_set_conn,
    "show only these connections and their children")
ROW(0, "frame", "N[-M],...", OUTPUT, output_set_frame,
    "show only these frames")
ROW(0, "ctstate", "LIST", OUTPUT, output_set_ctstate,
    "show only these states, such as NEW,INVALID")
ROW(0, "explain", "N", OUTPUT, output_set_explain,
    "tell why frame N has its state, and what decides")
ROW(0, "id", NULL, OUTPUT, output_set_show_ids,
    "print the connection's id in each line of text")
ROW(0, "color", "WHEN", OUTPUT, output_set_color,
    "auto (default), always, never")
ROW('w', "write", "FILE", OUTPUT, output_set_write,
    "write the selected frames to a capture file")
ROW(0, "annotate", "FILE", OUTPUT, output_set_annotate,
    "write all frames as pcapng, with their states")
ROW(0, "report", "FILE", OUTPUT, output_set_report,
    "write a page for a browser, with curves and lanes")
ROW(0, "save-state", "FILE", OUTPUT, output_set_save_state,
    "at the end, save all to go on with later")
ROW(0, "versus", "OPTIONS", OUTPUT, output_set_versus,
    "print only what differs with OPTIONS as well")
ROW(0, "progress", "WHEN", OUTPUT, output_set_progress,
    "auto (default), always, never")
ROW('q', "quiet", NULL, OUTPUT, output_set_quiet,
    "print no packet lines and no notes")
ROW('v', "verbose", NULL, OUTPUT, output_set_verbose,
    "also print frames without a state, window bounds")
ROW('n', "numeric", NULL, OUTPUT, output_set_numeric,
    "no effect: names are never looked up")
EARLY_ROW(OPTION_FIRST, 0, "kernel", "VERSION", ENGINE, set_kernel,
    "behave as that Linux, 6.18 by default; or list")
ROW('N', "notrack", "BPF", ENGINE, set_notrack,
    "matching packets are UNTRACKED; may be repeated")
ROW(0, "sysctl", "NAME=VALUE", ENGINE, set_sysctl,
    "set a sysctl of the kernel; may be repeated")
EARLY_ROW(OPTION_SECOND, 0, "sysctl-file", "FILE", ENGINE, set_sysctl_file,
    "set the sysctls in FILE, as 'sysctl -a' prints them")
ROW(0, "hashsize", "N", ENGINE, set_hashsize,
    "number of buckets; allows 8 times as many entries")
ROW(0, "helper", "NAME[:PORTS]", ENGINE, set_helper,
    "ports that a helper listens on; may be repeated")
ROW(0, "no-helpers", NULL, ENGINE, set_no_helpers,
    "no helpers but those of a later --helper")
ROW('k', "checksum", "MODE", ENGINE, set_checksum,
    "checksums to verify: auto (default), all, none")
EARLY_ROW(OPTION_EACH, 0, "firewall", "DIR", FIREWALL, firewall_set_firewall,
    "judge packets by the rules, sets, routes in DIR")
ROW(0, "rules", "FILE", FIREWALL, firewall_set_rules,
    "the rules, as iptables-save prints them")
ROW(0, "rules6", "FILE", FIREWALL, firewall_set_rules6,
    "those of IPv6, as ip6tables-save prints them")
ROW(0, "ipsets", "FILE", FIREWALL, firewall_set_ipsets,
    "the sets, as 'ipset save' prints them")
ROW(0, "routes", "FILE", FIREWALL, firewall_set_routes,
    "as 'ip route show table all' prints them")
ROW(0, "hook", "WAY", FIREWALL, firewall_set_hook,
    "without routes: forward, input or output")
ROW(0, "in", "IF", FIREWALL, firewall_set_in,
    "the interface that packets come in by")
ROW(0, "out", "IF", FIREWALL, firewall_set_out,
    "the interface that packets leave by")
ROW(0, "local", "ADDR", FIREWALL, firewall_set_local,
    "an address of the firewall; may be repeated")
ROW(0, "rules-unknown", NULL, FIREWALL, firewall_set_rules_unknown,
    "go on where answers of rules are not known")
ROW(0, "rules-seed", "N", FIREWALL, firewall_set_rules_seed,
    "for rules that match at random")
ROW(0, "fail-on", "LIST", TEST, set_fail_on,
    "exit status 1 if a packet shown is one of LIST")
ROW(0, "check", "DIR", TEST, output_set_check,
    "compare each CAPTURE of DIR with CAPTURE.expected")
ROW(0, "check-update", NULL, TEST, output_set_check_update,
    "with --check: write CAPTURE.expected anew")
ROW(0, "sandbox", "MODE", OTHER, set_sandbox,
    "confine the program: auto (default), no")
ROW('h', "help", NULL, OTHER, set_help,
    "print this help")
ROW('V', "version", NULL, OTHER, set_version,
    "print the version")
};

const size_t option_count = sizeof(option_rows) / sizeof(option_rows[0]);
const struct option_row *const option_operand = &option_rows[0];

_Static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= OPTIONS_MAX,
	       "OPTIONS_MAX must grow with the table");
