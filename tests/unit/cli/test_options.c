/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the command line: what each option sets, in what order and with what
 * others, and the message for each kind of mistake.
 *
 * A case is a command line and its outcome as text (see outcome()): every member
 * of struct options that differs from the defaults, so that a case also shows
 * that nothing else is set.
 */
#include "support/rig.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/options_table.h"

#define WORDS_MAX 16

static char said[1200];

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	snprintf(said, sizeof(said), "%s%s",
		 level == DIAG_ERROR ? "" : "warning: ", text);
}

static const struct diag diag = { say, NULL };

/* Splits a command line at blanks; '~' stands for a blank within a word, and ''
 * for an empty word. */
static int split(char *line, char *argv[WORDS_MAX])
{
	static char program[] = "ctreplay";
	int argc = 0;

	argv[argc++] = program;
	for (char *p = strtok(line, " "); p; p = strtok(NULL, " ")) {
		for (char *c = p; *c; c++)
			if (*c == '~')
				*c = ' ';
		argv[argc++] = strcmp(p, "''") == 0 ? p + 2 : p;
		assert_in_range(argc, 1, WORDS_MAX - 1);
	}
	argv[argc] = NULL;
	return argc;
}

__attribute__((format(printf, 2, 3)))
static void add(FILE *to, const char *fmt, ...)
{
	va_list ap;

	if (ftell(to) > 0)
		fputc(' ', to);
	va_start(ap, fmt);
	vfprintf(to, fmt, ap);
	va_end(ap);
}

static void add_list(FILE *to, const char *name, const char *const *words,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i == 0)
			add(to, "%s=%s", name, words[i]);
		else
			fprintf(to, ",%s", words[i]);
}

static void add_output(FILE *to, const struct options *o)
{
	static const char *const formats[] = { "text", "json", "csv",
					       "timesketch" };
	static const char *const styles[] = { "ip", "nf", "conntrack",
					      "short" };
	static const char *const times[] = { "relative", "epoch", "iso",
					     "delta" };
	static const char *const whens[] = { "auto", "always", "never" };

	if (o->packets)
		add(to, "packets");
	if (o->table)
		add(to, "table");
	if (o->events)
		add(to, "events");
	if (o->expectations)
		add(to, "expectations");
	if (o->stats)
		add(to, "stats");
	for (size_t i = 0; i < o->nat; i++)
		add(to, "at=%s%llu", o->at[i].relative ? "+" : "",
		    (unsigned long long)o->at[i].nanoseconds);
	if (o->quiet)
		add(to, "quiet");
	if (o->verbose)
		add(to, "verbose");
	if (o->format != REPORT_TEXT)
		add(to, "%s", formats[o->format]);
	if (o->table_style != TABLE_IP_CONNTRACK)
		add(to, "style=%s", styles[o->table_style]);
	if (o->time_style != TIME_RELATIVE)
		add(to, "time=%s", times[o->time_style]);
	if (o->color != WHEN_AUTO)
		add(to, "color=%s", whens[o->color]);
	if (o->progress != WHEN_AUTO)
		add(to, "progress=%s", whens[o->progress]);
	if (o->write)
		add(to, "write=%s", o->write);
	if (o->annotate)
		add(to, "annotate=%s", o->annotate);
	if (o->report)
		add(to, "report=%s", o->report);
	if (o->save_state)
		add(to, "save=%s", o->save_state);
	if (o->load_state)
		add(to, "load=%s", o->load_state);
}

static void add_ranges(FILE *to, const char *name, const struct ranges *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (i == 0)
			add(to, "%s=", name);
		fprintf(to, "%s%llu-%llu", i ? "," : "",
			(unsigned long long)r->range[i].first,
			(unsigned long long)r->range[i].last);
	}
}

static void add_selection(FILE *to, const struct options *o)
{
	if (o->show)
		add(to, "show=%s", o->show);
	add_ranges(to, "conns", &o->conns);
	add_ranges(to, "frames", &o->frames);
	if (o->show_ids)
		add(to, "ids");
}

static void add_tests(FILE *to, const struct options *o)
{
	const char *names[CT_CTSTATES + 2];
	size_t n = 0;

	for (int i = 0; i < CT_CTSTATES; i++)
		if (o->fail_states[i])
			names[n++] = ct_ctstate_name((enum ct_ctstate)i);
	if (o->fail_accept)
		names[n++] = "accept";
	if (o->fail_drop)
		names[n++] = "drop";
	assert_int_equal(o->fail_on != NULL, n > 0);
	add_list(to, "fail", names, n);
	if (o->check)
		add(to, "check=%s", o->check);
	if (o->check_update)
		add(to, "update");
}

static void add_states(FILE *to, const struct options *o)
{
	const char *names[CT_CTSTATES];
	size_t n = 0;

	for (int i = 0; i < CT_CTSTATES; i++)
		if (o->states[i])
			names[n++] = ct_ctstate_name((enum ct_ctstate)i);
	if (o->some_states)
		add_list(to, "states", names, n);
	else
		assert_int_equal(n, CT_CTSTATES);
}

static void add_sysctls(FILE *to, const struct ct_sysctl *s)
{
	struct ct_sysctl d;

	ct_sysctl_defaults(&d);
#define ADD_SYSCTL(member, name, legacy, def, min, max, help) \
	if (s->member != d.member) \
		add(to, #member "=%u", s->member);
	CT_SYSCTLS(ADD_SYSCTL)
#undef ADD_SYSCTL
	if (s->ipfrag_time != d.ipfrag_time)
		add(to, "ipfrag_time=%u", s->ipfrag_time);
}

/* The ports of one helper, where they differ from the default; "none" if it
 * listens nowhere. */
static void add_helper(FILE *to, const struct ct_config *cfg, unsigned int helper)
{
	uint16_t ports[4];
	unsigned int n = ct_helper_ports(helper, ports), found = 0;
	char list[400] = "";
	bool same = true;

	for (uint32_t i = 0; i < cfg->nhelpers; i++) {
		if (cfg->helper[i].helper != helper)
			continue;
		same &= found < n && ports[found] == cfg->helper[i].port;
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%u",
			 found++ ? "," : "", cfg->helper[i].port);
	}
	if (!same || found != n)
		add(to, "%s:%s", ct_helper_name(helper), found ? list : "none");
}

static void add_engine(FILE *to, const struct options *o)
{
	static const char *const modes[] = { "auto", "all", "none" };

	add_list(to, "notrack", o->notrack, o->nnotrack);
	add_sysctls(to, &o->config.sysctl);
	if (o->config.nhelpers == 0)
		add(to, "no-helpers");
	else
		for (unsigned int i = 0; i < CT_HELPERS; i++)
			add_helper(to, &o->config, i);
	if (o->helpers_chosen)
		add(to, "chosen");
	if (o->config.netbios_prefix)
		add(to, "netbios=/%u", o->config.netbios_prefix);
	if (o->config.snmp_prefix)
		add(to, "snmp=/%u", o->config.snmp_prefix);
	if (o->config.checksum != CT_CHECKSUM_AUTO)
		add(to, "checksum=%s", modes[o->config.checksum]);
	if (o->sandbox != SANDBOX_AUTO)
		add(to, "sandbox=no");
}

/* The second engine of --versus. */
static void add_second(FILE *to, const struct options *o)
{
	const struct options second = {
		.notrack = o->second.notrack, .nnotrack = o->second.nnotrack,
		.config = o->second.config,
	};
	char name[CT_KERNEL_NAME_SIZE];

	assert_true(o->compare_packets || !o->packets);
	add(to, "versus");
	ct_kernel_name(&second.config.kernel, name);
	if (memcmp(&second.config.kernel, &o->config.kernel,
		   sizeof(o->config.kernel)) != 0)
		add(to, "kernel=%s", name);
	add_engine(to, &second);
}

static void add_options(FILE *to, const struct options *o)
{
	add_list(to, "files", o->files, o->nfiles);
	if (o->filter)
		add(to, "filter=%s", o->filter);
	if (o->max_frames)
		add(to, "count=%llu", (unsigned long long)o->max_frames);
	if (o->rule_counters)
		add(to, "rule-counters");
	add_list(to, "interfaces", o->interfaces, o->ninterfaces);
	if (o->merge)
		add(to, "merge");
	if (o->dedup)
		add(to, "dedup=%llu", (unsigned long long)o->dedup);
	if (o->decap)
		add(to, "decap=%x", o->decap);
	add_output(to, o);
	add_selection(to, o);
	add_tests(to, o);
	add_states(to, o);
	add_engine(to, o);
	if (o->versus)
		add_second(to, o);
}

/* Reads a command line; the outcome is "help", "version", the error message, or
 * the options, after the last warning, if there was one. */
static const char *outcome(const char *line)
{
	static char text[2000];
	char copy[1000], *argv[WORDS_MAX];
	struct options o;
	FILE *to = fmemopen(text, sizeof(text), "w");
	int argc;

	assert_non_null(to);
	assert_in_range(strlen(line), 0, sizeof(copy) - 1);
	strcpy(copy, line);
	argc = split(copy, argv);
	said[0] = '\0';
	switch (options_read(&o, argc, argv, &diag)) {
	case OPTIONS_RUN:
		if (*said)
			add(to, "%s:", said);
		add_options(to, &o);
		break;
	case OPTIONS_HELP:
		add(to, "help");
		break;
	case OPTIONS_VERSION:
		add(to, "version");
		break;
	case OPTIONS_KERNELS:
		add(to, "kernels");
		break;
	case OPTIONS_BAD:
		add(to, "%s", said);
		break;
	}
	options_free(&o);
	fclose(to);
	return text;
}

struct option_case {
	const char *line;
	const char *outcome;
};

static void check_cases(const struct option_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = outcome(cases[i].line);

		if (strcmp(got, cases[i].outcome) != 0)
			fail_msg("%s\n  gives '%s'\n  not   '%s'", cases[i].line,
				 got, cases[i].outcome);
	}
}

/* Each option with the values that it takes. */
static void options_accepted(void **state)
{
	static const struct option_case cases[] = {
		{ "a", "files=a packets table" },
		{ "-", "files=- packets table" },
		{ "-r a", "files=a packets table" },
		{ "-f tcp~port~53 a", "files=a filter=tcp port 53 packets table" },
		{ "-f '' a", "files=a filter= packets table" },
		{ "-c 1 a", "files=a count=1 packets table" },
		{ "-c 007 a", "files=a count=7 packets table" },
		{ "-c 1152921504606846975 a",
		  "files=a count=1152921504606846975 packets table" },
		{ "--merge a b", "files=a,b merge" },
		{ "--merge -o json -T epoch a", "files=a merge json time=epoch" },
		{ "-p a", "files=a packets" },
		{ "-t a", "files=a table" },
		{ "-e a", "files=a events" },
		{ "-x a", "files=a expectations" },
		{ "-s a", "files=a stats" },
		{ "--at +1.5 a", "files=a packets table at=+1500000000" },
		{ "--at 2001-09-09T01:46:40Z a",
		  "files=a packets table at=1000000000000000000" },
		{ "-o text a", "files=a packets table" },
		{ "-o json a", "files=a packets table json" },
		{ "-o csv a", "files=a packets csv" },
		{ "-o timesketch a", "files=a packets timesketch" },
		{ "--table-style ip_conntrack a", "files=a packets table" },
		{ "--table-style nf_conntrack a", "files=a packets table style=nf" },
		{ "--table-style conntrack a",
		  "files=a packets table style=conntrack" },
		{ "-T relative a", "files=a packets table" },
		{ "-T epoch a", "files=a packets table time=epoch" },
		{ "-T iso a", "files=a packets table time=iso" },
		{ "-T delta a", "files=a packets table time=delta" },
		{ "--ctstate NEW a", "files=a packets table states=NEW" },
		{ "--ctstate new,Invalid,DROP a",
		  "files=a packets table states=NEW,INVALID,DROP" },
		{ "--show host~192.0.2.1 a",
		  "files=a packets table show=host 192.0.2.1" },
		{ "--conn 3 a", "files=a packets table conns=3-3" },
		{ "--conn 7,1-2 a", "files=a packets table conns=1-2,7-7" },
		{ "--frame 10-20,3 a", "files=a packets table frames=3-3,10-20" },
		{ "--frame 1-9,5-12,12 a", "files=a packets table frames=1-12" },
		{ "--frame 18446744073709551609 a",
		  "files=a packets table frames=18446744073709551609-18446744073709551609" },
		{ "--id a", "files=a packets table ids" },
		{ "--fail-on invalid,DROP a",
		  "files=a packets table fail=INVALID,DROP,drop" },
		{ "--fail-on accept a", "files=a packets table fail=accept" },
		{ "--check d", "packets table check=d" },
		{ "--check d --check-update -p", "packets check=d update" },
		{ "--check-update a", "files=a packets table update" },
		{ "--interface eth0 --interface 2 a",
		  "files=a interfaces=eth0,2 packets table" },
		{ "--dedup a", "files=a dedup=2000000 packets table" },
		{ "--dedup=1 a", "files=a dedup=1000000000 packets table" },
		{ "--dedup=0.000000001 a", "files=a dedup=1 packets table" },
		{ "--dedup=3600 a", "files=a dedup=3600000000000 packets table" },
		{ "--dedup=1.5 a", "files=a dedup=1500000000 packets table" },
		{ "--decap vxlan a", "files=a decap=1 packets table" },
		{ "--decap GRE,ipip --decap gtpu a",
		  "files=a decap=34 packets table" },
		{ "--decap all a", "files=a decap=3f packets table" },
		{ "--color auto a", "files=a packets table" },
		{ "--color always a", "files=a packets table color=always" },
		{ "--color never a", "files=a packets table color=never" },
		{ "--progress always a", "files=a packets table progress=always" },
		{ "--progress never a", "files=a packets table progress=never" },
		{ "-w out a", "files=a write=out" },
		{ "-q a", "files=a table quiet" },
		{ "-v a", "files=a packets table verbose" },
		{ "-n a", "files=a packets table" },
		{ "-N icmp a", "files=a packets table notrack=icmp" },
		{ "--sysctl nf_conntrack_max=1000 a",
		  "files=a packets table max=1000" },
		{ "--sysctl net.netfilter.nf_conntrack_tcp_loose=0 a",
		  "files=a packets table tcp_loose=0" },
		{ "--sysctl net.ipv4.ipfrag_time=5 a",
		  "files=a packets table ipfrag_time=5" },
		{ "--sysctl nf_conntrack_udp_timeout~=~7 a",
		  "files=a packets table udp_timeout=7" },
		{ "--hashsize 16 a", "files=a packets table buckets=16 max=128" },
		{ "--hashsize 268435455 a",
		  "files=a packets table buckets=268435455 max=2147483640" },
		{ "--helper ftp:2121,2122 a", "files=a packets table ftp:2121,2122 chosen" },
		{ "--helper netbios-ns/24 a", "files=a packets table chosen netbios=/24" },
		{ "--helper snmp/30:1161 a",
		  "files=a packets table snmp:1161 chosen snmp=/30" },
		{ "--no-helpers a", "files=a packets table no-helpers chosen" },
		{ "-k auto a", "files=a packets table" },
		{ "-k all a", "files=a packets table checksum=all" },
		{ "-k none a", "files=a packets table checksum=none" },
		{ "--sandbox auto a", "files=a packets table" },
		{ "--sandbox no a", "files=a packets table sandbox=no" },
		{ "-h", "help" },
		{ "-V", "version" },
	};

	(void)state;
	check_cases(cases, ITEMS(cases));
}

/* Each option with values that it refuses. */
static void options_refused(void **state)
{
	static const struct option_case cases[] = {
		{ "-c 0 a", "-c: invalid number '0'; expected 1 or more" },
		{ "-c -1 a", "-c: invalid number '-1'; expected 1 or more" },
		{ "-c '' a", "-c: invalid number ''; expected 1 or more" },
		{ "-c 5x a", "-c: invalid number '5x'; expected 1 or more" },
		{ "-c ~5 a", "-c: invalid number ' 5'; expected 1 or more" },
		{ "-c 1152921504606846976 a",
		  "-c: invalid number '1152921504606846976'; expected 1 to 1152921504606846975" },
		{ "-c 99999999999999999999999 a",
		  "-c: invalid number '99999999999999999999999'; expected 1 to 1152921504606846975" },
		{ "--hashsize 268435456 a",
		  "--hashsize: invalid number '268435456'; expected 1 to 268435455" },
		{ "-o xml a",
		  "-o: invalid value 'xml'; expected text, json, csv or timesketch" },
		{ "-o jsn a",
		  "-o: invalid value 'jsn'; expected text, json, csv or timesketch; did you mean 'json'?" },
		{ "-o JSON a",
		  "-o: invalid value 'JSON'; expected text, json, csv or timesketch; did you mean 'json'?" },
		{ "--table-style '' a",
		  "--table-style: invalid value ''; expected ip_conntrack, nf_conntrack, "
		  "conntrack or short" },
		{ "-T utc a",
		  "-T: invalid value 'utc'; expected relative, epoch, iso or delta" },
		{ "--color on a",
		  "--color: invalid value 'on'; expected auto, always or never" },
		{ "--progress on a",
		  "--progress: invalid value 'on'; expected auto, always or never" },
		{ "-k some a",
		  "-k: invalid value 'some'; expected auto, all or none; did you mean 'none'?" },
		{ "--sandbox yes a",
		  "--sandbox: invalid value 'yes'; expected auto or no" },
		{ "--at noon a",
		  "--at: invalid time 'noon'; expected +SECONDS from the first frame, seconds since 1970, 2001-09-09T01:46:40Z, or 01:46:40 on the first frame's day" },
		{ "--at 14:03 -T iso a", "files=a packets table at=50580000000000 time=iso" },
		{ "--merge",
		  "no FILE to merge; name what -s, -C and --top printed with -o json" },
		{ "--merge -p a",
		  "--merge adds up what was printed, and goes without --packets" },
		{ "--merge --kernel 6.1 a",
		  "--merge adds up what was printed, and goes without --kernel" },
		{ "--versus --no-helpers --merge a",
		  "--merge adds up what was printed, and goes without --versus" },
		{ "--merge -o csv a",
		  "--merge has only the forms of -o text and -o json" },
		{ "--merge -T delta a",
		  "--merge has only the times of -T iso and -T epoch: several captures have no common start" },
		{ "--dedup=0 a",
		  "--dedup: invalid time '0'; expected seconds, such as 0.002, up to 3600" },
		{ "--dedup=3600.1 a",
		  "--dedup: invalid time '3600.1'; expected seconds, such as 0.002, up to 3600" },
		{ "--dedup=1. a",
		  "--dedup: invalid time '1.'; expected seconds, such as 0.002, up to 3600" },
		{ "--dedup= a",
		  "--dedup: invalid time ''; expected seconds, such as 0.002, up to 3600" },
		{ "--dedup=0.0000000001 a",
		  "--dedup: invalid time '0.0000000001'; expected seconds, such as 0.002, up to 3600" },
		{ "--decap vxlan, a",
		  "--decap: invalid value ''; expected vxlan, geneve, gre, erspan, ipip, gtpu or all" },
		{ "--ctstate NEW,, a",
		  "--ctstate: invalid value ''; expected NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED, FRAGMENT or DROP" },
		{ "--ctstate NEWS a",
		  "--ctstate: invalid value 'NEWS'; expected NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED, FRAGMENT or DROP; did you mean 'NEW'?" },
		/* Longer than any state. */
		{ "--ctstate ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ,NEW a",
		  "--ctstate: invalid value 'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE'; expected NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED, FRAGMENT or DROP" },
		{ "--fail-on BAD a",
		  "--fail-on: invalid value 'BAD'; expected NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED, FRAGMENT, DROP or ACCEPT" },
		{ "--frame 0 a",
		  "--frame: invalid list '0'; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--frame 3- a",
		  "--frame: invalid list '3-'; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--frame 9-3 a",
		  "--frame: invalid list '9-3'; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--frame 3,,4 a",
		  "--frame: invalid list '3,,4'; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--frame 99999999999999999999 a",
		  "--frame: invalid list '99999999999999999999'; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--conn x a",
		  "--conn: invalid list 'x'; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--conn '' a",
		  "--conn: invalid list ''; expected numbers from 1 on and ranges of them, such as 3,10-20" },
		{ "--sysctl nf_conntrack_max a",
		  "--sysctl: invalid setting 'nf_conntrack_max'; expected NAME=VALUE, such as nf_conntrack_max=1000" },
		{ "--sysctl =1 a",
		  "--sysctl: invalid setting '=1'; expected NAME=VALUE, such as nf_conntrack_max=1000" },
		{ "--sysctl nf_conntrack_maxx=1 a",
		  "--sysctl: unknown connection tracking sysctl 'nf_conntrack_maxx'; did you mean nf_conntrack_max?" },
		{ "--sysctl nf_conntrack_tcp_loose=2 a",
		  "--sysctl: invalid value '2' for nf_conntrack_tcp_loose; expected 0 or 1" },
		{ "--sysctl nf_conntrack_count=2 a",
		  "--sysctl: nf_conntrack_count is read-only; leave it out" },
		{ "--sysctl-file /nonexistent/file a",
		  "/nonexistent/file: cannot be opened: No such file or directory; check its name" },
		{ "--helper ftq a",
		  "--helper: unknown helper 'ftq'; did you mean ftp?" },
		{ "--helper rtsp-proxy a",
		  "--helper: unknown helper 'rtsp-proxy'; expected ftp, irc, tftp, sip, h323, pptp, amanda, netbios-ns, snmp or sane" },
		{ "--helper ftp:0 a",
		  "--helper: 'ftp:0': invalid port; expected 1 to 65535" },
		{ "--helper ftp:65536 a",
		  "--helper: 'ftp:65536': invalid port; expected 1 to 65535" },
		{ "--helper ftp: a",
		  "--helper: 'ftp:': invalid port; expected 1 to 65535" },
		{ "--helper ftp:21, a",
		  "--helper: 'ftp:21,': invalid port; expected 1 to 65535" },
		{ "--helper ftp/24 a",
		  "--helper: 'ftp/24': only netbios-ns and snmp take a subnet's prefix length, from 1 to 30" },
		{ "--helper snmp/31 a",
		  "--helper: 'snmp/31': only netbios-ns and snmp take a subnet's prefix length, from 1 to 30" },
	};

	(void)state;
	check_cases(cases, ITEMS(cases));
}

static void options_unknown(void **state)
{
	static const struct option_case cases[] = {
		{ "", "no FILE to replay; name a capture, or - for standard input; "
		  "ctreplay --help lists all options" },
		{ "-p", "no FILE to replay; name a capture, or - for standard input; "
		  "ctreplay --help lists all options" },
		{ "-Z a", "unknown option -Z; ctreplay --help lists all options" },
		{ "-? a", "unknown option -?; ctreplay --help lists all options" },
		{ "-: a", "unknown option -:; ctreplay --help lists all options" },
		/* Within a word of letters, after a long option. */
		{ "--stats -pZt a",
		  "unknown option -Z; ctreplay --help lists all options" },
		/* Letters of other programs. */
		{ "-i eth0", "unknown option -i; captures are read here, not interfaces; for live packets: tcpdump -i IF -U -w - | ctreplay -p -" },
		{ "-l a", "unknown option -l; it is not needed: from a pipe, each packet is printed as it comes" },
		{ "-E", "unknown option -E; events are -e here; live: tcpdump -i IF -U -w - | ctreplay -e -" },
		{ "-L", "unknown option -L; the table is -t here, with --table-style conntrack as conntrack -L prints it" },
		{ "a -Y tcp", "unknown option -Y; what is shown is chosen with --show FILTER here, a filter as in pcap-filter(7)" },
		{ "-A a", "unknown option -A; no bytes are printed here; tcpdump -A -r FILE does" },
		{ "-X a", "unknown option -X; no bytes are printed here; tcpdump -X -r FILE does" },
		{ "-S", "unknown option -S; statistics are -s here" },
		{ "-z io,stat a", "unknown option -z; statistics are -s here" },
		{ "-s0 -r a", "unknown option -0; frames are always read whole, so tcpdump's -s0 is not needed" },
		{ "-d 192.0.2.1 a", "unknown option -d; --show 'dst host ADDRESS' shows packets to an address" },
		{ "-D", "unknown option -D; captures are read here, not interfaces; tcpdump -D lists these" },
		{ "-tttt -nr a", "-t is given several times; it prints the table here. For dates, as of tcpdump -tttt: -p -T iso" },
		{ "--frobnicate a",
		  "unknown option --frobnicate; ctreplay --help lists all options" },
		{ "--frobnicate=1 a",
		  "unknown option --frobnicate; ctreplay --help lists all options" },
		{ "--tabel a", "unknown option --tabel; did you mean --table?" },
		{ "--t a",
		  "option --t is ambiguous; it may be --table, --top, --table-style, --time" },
		{ "--pack a", "files=a packets" },
		{ "--packets=1 a", "--packets takes no argument" },
		{ "--pack=1 a", "--packets takes no argument" },
		{ "a -f", "--filter needs an argument: --filter BPF" },
		{ "a --filter", "--filter needs an argument: --filter BPF" },
		{ "a --sysctl-file", "--sysctl-file needs an argument: --sysctl-file FILE" },
		/* The first mistake is named. */
		{ "-o xml -Z a",
		  "-o: invalid value 'xml'; expected text, json, csv or timesketch" },
		/* Help, if it is asked for before a mistake. */
		{ "-h -Z", "help" },
		{ "-Z -h", "unknown option -Z; ctreplay --help lists all options" },
	};

	(void)state;
	check_cases(cases, ITEMS(cases));
}

static void options_order(void **state)
{
	static const struct option_case cases[] = {
		{ "a b -r c - d", "files=a,b,c,-,d packets table" },
		{ "a -- -p -t", "files=a,-p,-t packets table" },
		{ "-- a", "files=a packets table" },
		{ "a --", "files=a packets table" },
		{ "a -p", "files=a packets" },
		{ "-pts a", "files=a packets table stats" },
		{ "-pofile a",
		  "-o: invalid value 'file'; expected text, json, csv or timesketch" },
		{ "-pojson a", "files=a packets json" },
		{ "--output=json a", "files=a packets table json" },
		{ "-f -p a", "files=a filter=-p packets table" },
		/* The last value counts, ... */
		{ "-o json -o text a", "files=a packets table" },
		{ "-c 1 -c 2 a", "files=a count=2 packets table" },
		{ "--ctstate NEW --ctstate DROP a",
		  "files=a packets table states=DROP" },
		{ "--sysctl nf_conntrack_max=1 --hashsize 16 a",
		  "files=a packets table buckets=16 max=128" },
		{ "--hashsize 16 --sysctl nf_conntrack_max=1 a",
		  "files=a packets table buckets=16 max=1" },
		{ "--helper ftp:1 --helper ftp a", "files=a packets table chosen" },
		{ "--helper ftp:1 --no-helpers a", "files=a packets table no-helpers chosen" },
		{ "--no-helpers --helper ftp:1 a",
		  "files=a packets table ftp:1 irc:none tftp:none sip:none h323:none pptp:none amanda:none netbios-ns:none snmp:none sane:none chosen" },
		/* ... or each does. */
		{ "--at +2 --at +1 a",
		  "files=a packets table at=+2000000000 at=+1000000000" },
		{ "-N tcp -N udp a", "files=a packets table notrack=tcp,udp" },
		{ "--conn 2 --conn 1 a", "files=a packets table conns=1-1,2-2" },
		/* Of filters on frames there is one. */
		{ "-f tcp -f udp a",
		  "-f is given twice; join the filters: -f '(tcp) and (udp)', or with 'or'" },
		{ "--show tcp --show udp a",
		  "--show is given twice; join the filters: --show '(tcp) and (udp)', or with 'or'" },
	};

	(void)state;
	check_cases(cases, ITEMS(cases));
}

static void options_together(void **state)
{
	static const struct option_case cases[] = {
		{ "-q -p a", "files=a table quiet" },
		{ "-q -s a", "files=a stats quiet" },
		{ "-q -e a", "files=a events quiet" },
		{ "-q -w out a", "files=a quiet write=out" },
		{ "--annotate out a", "files=a annotate=out" },
		{ "-q --annotate - a", "files=a quiet annotate=-" },
		{ "--annotate out -p -w x a", "files=a packets write=x annotate=out" },
		{ "--annotate - -t a",
		  "--annotate - writes the capture to standard output, where nothing else can be printed; give --annotate a FILE" },
		{ "--annotate x -w x a",
		  "-w and --annotate cannot both write x; name two files" },
		{ "--report out a", "files=a report=out" },
		{ "-q --report - a", "files=a quiet report=-" },
		{ "--report out -p --annotate x a", "files=a packets annotate=x report=out" },
		{ "--report - -t a",
		  "--report - writes the page to standard output, where nothing else can be printed; give --report a FILE" },
		{ "--report x -w x a",
		  "-w and --report cannot both write x; name two files" },
		{ "--report x --annotate x a",
		  "--annotate and --report cannot both write x; name two files" },
		{ "--report x --versus --no-helpers a",
		  "--versus prints the differences of two engines, and goes without --report" },
		{ "--report x --explain 1 a",
		  "--explain tells about one frame, and goes without --report" },
		{ "--save-state s --load-state s a", "files=a packets table save=s load=s" },
		{ "--load-state s -s", "stats load=s" },
		{ "--save-state s --show tcp a", "files=a packets table save=s show=tcp" },
		{ "--save-state s -s", "no FILE to replay; name a capture, or - for standard input; ctreplay --help lists all options" },
		{ "--save-state s --versus --no-helpers a",
		  "a state has nothing about --versus: --save-state goes without" },
		{ "--save-state s --report p a",
		  "a state has nothing about --report: --save-state goes without" },
		{ "--load-state s --explain 3 a",
		  "a state has nothing about --explain: --load-state goes without" },
		{ "--save-state s -e --ctstate NEW a",
		  "a state has nothing about events of what --show, --frame or --ctstate selects: --save-state goes without" },
		{ "-q -o timesketch a", "files=a packets quiet timesketch" },
		{ "-o csv -t a", "files=a table csv" },
		{ "-o csv --at +1 a", "files=a table at=+1000000000 csv" },
		{ "-o csv -t --at +1 a", "files=a table at=+1000000000 csv" },
		{ "-o csv -p -t a",
		  "-o csv prints one section; give only one of -p, -t, -e, -C, -x and -s" },
		{ "-o csv -e --at +1 a",
		  "-o csv prints one section; give only one of -p, -t, -e, -C, -x and -s" },
		{ "-o timesketch -p a",
		  "-o timesketch chooses what it prints; leave out -p, -t, -e, -C, --top, -x, -s and --at" },
		{ "-o timesketch --at +1 a",
		  "-o timesketch chooses what it prints; leave out -p, -t, -e, -C, --top, -x, -s and --at" },
		{ "-w - a", "files=a write=-" },
		{ "-w out -p a", "files=a packets write=out" },
		{ "-w - -p a",
		  "-w - writes the capture to standard output, where nothing else can be printed; give -w a FILE" },
		{ "-w - --at +1 a",
		  "-w - writes the capture to standard output, where nothing else can be printed; give -w a FILE" },
		{ "-w - -o timesketch a",
		  "-w - writes the capture to standard output, where nothing else can be printed; give -w a FILE" },
	};

	(void)state;
	check_cases(cases, ITEMS(cases));
}

/* --versus: OPTIONS are words, and come on top of the first engine's options. */
static void options_versus(void **state)
{
	static const struct option_case cases[] = {
		{ "--versus --no-helpers a",
		  "files=a packets table versus no-helpers" },
		{ "-q --versus --no-helpers a",
		  "files=a table quiet versus no-helpers" },
		{ "--versus -k~all~-N~'udp~port~53'~-N~tcp -N icmp a",
		  "files=a packets table notrack=icmp versus notrack=udp port 53,tcp checksum=all" },
		{ "--versus --sysctl~nf_conntrack_max=5 --sysctl nf_conntrack_max=6 --sysctl nf_conntrack_udp_timeout=7 a",
		  "files=a packets table max=6 udp_timeout=7 versus max=5 udp_timeout=7" },
		{ "--versus --helper~ftp:1 --no-helpers a",
		  "files=a packets table no-helpers chosen versus ftp:1 irc:none tftp:none sip:none h323:none pptp:none amanda:none netbios-ns:none snmp:none sane:none" },
		{ "--versus --kernel=6.18 --sysctl nf_conntrack_max=6 a",
		  "files=a packets table max=6 versus max=6" },
		/* The other kernel's defaults, with what was given for the first. */
		{ "--versus --kernel~7.3 --hashsize 16 --sysctl ipfrag_time=0 a",
		  "files=a packets table buckets=16 max=128 ipfrag_time=0 versus kernel=7.3.4 buckets=16 max=128 ipfrag_time=0" },
		{ "--kernel 7.3 --versus --kernel~6.18 --sysctl nf_conntrack_udp_timeout=30 a",
		  "files=a packets table versus kernel=6.18.44" },
		{ "--versus --sysctl~nf_conntrack_sctp_timeout_established=3~--kernel~5.10 --sysctl nf_conntrack_tcp_ignore_invalid_rst=1 a",
		  "warning: --versus: Linux 5.10.262 does not take nf_conntrack_tcp_ignore_invalid_rst=1; it goes without:"
		  " files=a packets table tcp_ignore_invalid_rst=1 versus kernel=5.10.262 buckets=65536 events=1 expect_max=1024 sctp_timeout_established=3" },
		{ "--versus '' a",
		  "--versus: no option; expected one that the second engine has besides, such as '--kernel 7.3'" },
		{ "--versus x a", "--versus: 'x' is no option; expected such as '--kernel 7.3'" },
		{ "--versus -k~all~--~x a", "--versus: 'x' is no option; expected such as '--kernel 7.3'" },
		{ "--versus --kernal~6.1 a",
		  "--versus: unknown option --kernal; did you mean --kernel?" },
		{ "--versus -p a",
		  "--versus: --packets does not concern connection tracking; give it to ctreplay itself" },
		{ "--versus --versus~x a",
		  "--versus: --versus does not concern connection tracking; give it to ctreplay itself" },
		{ "--versus -r~x a",
		  "--versus: --read does not concern connection tracking; give it to ctreplay itself" },
		{ "--versus -h a",
		  "--versus: --help does not concern connection tracking; give it to ctreplay itself" },
		{ "--versus --kernel~list a",
		  "--versus: --kernel list prints kernels; give it to ctreplay itself" },
		{ "--versus --kernel a",
		  "--versus: --kernel needs an argument: --kernel VERSION" },
		{ "--versus -Z a",
		  "--versus: unknown option -Z; ctreplay --help lists all options" },
		{ "--versus -k~'all a", "--versus: '-k 'all': a quotation mark has no partner" },
		{ "--versus -k~all\\ a",
		  "--versus: '-k all\\': nothing follows the last backslash" },
		{ "--versus -k~all -o csv a",
		  "--versus has only the forms of -o text and -o json" },
		{ "--versus -k~all -s a",
		  "--versus prints the differences of two engines, and goes without -s" },
		{ "--versus -k~all --conn 1 a",
		  "--versus prints the differences of two engines, and goes without --conn" },
	};

	(void)state;
	check_cases(cases, ITEMS(cases));
}

/* A file of sysctls is read first, wherever it stands: --sysctl wins. */
static void options_sysctl_file(void **state)
{
	char path[] = "/tmp/test_options.XXXXXX", line[200];
	int fd = mkstemp(path);
	static const char text[] =
		"# comment\n"
		"net.netfilter.nf_conntrack_udp_timeout = 7\n"
		"net.netfilter.nf_conntrack_max = 5\n"
		"net.ipv4.ip_forward = 1\n";

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	snprintf(line, sizeof(line), "--sysctl-file %s a", path);
	assert_string_equal(outcome(line),
			    "files=a packets table max=5 udp_timeout=7");
	snprintf(line, sizeof(line),
		 "--sysctl nf_conntrack_max=6 --sysctl-file %s a", path);
	assert_string_equal(outcome(line),
			    "files=a packets table max=6 udp_timeout=7");
	unlink(path);
}

/* A valid argument for a row, by the argument's name. */
static const char *argument_of(const struct option_row *row)
{
	static const struct { const char *option, *arg; } args[] = {
		{ "read", "b" }, { "filter", "tcp" }, { "count", "9" },
		{ "at", "+9" }, { "output", "json" },
		{ "table-style", "conntrack" }, { "time", "iso" },
		{ "fail-on", "NEW" }, { "check", "d" },
		{ "show", "tcp" }, { "conn", "1" }, { "frame", "1" }, { "explain", "1" },
		{ "ctstate", "NEW" }, { "color", "never" },
		{ "write", "out" }, { "annotate", "out" }, { "report", "out" },
		{ "save-state", "s" }, { "load-state", "s" }, { "progress", "never" },
		{ "notrack", "udp" }, { "sysctl", "nf_conntrack_max=9" },
		{ "sysctl-file", "/dev/null" }, { "hashsize", "9" },
		{ "helper", "ftp:9" }, { "checksum", "none" },
		{ "top", "src" },
		{ "sandbox", "no" }, { "kernel", "6.1" },
		{ "interface", "eth0" }, { "decap", "gre" },
		{ "versus", "--no-helpers" },
		{ "firewall", "tests/rules/cases/router" }, { "rules", "r" },
		{ "rules6", "r" }, { "ipsets", "s" }, { "routes", "t" },
		{ "hook", "input" }, { "in", "eth0" }, { "out", "eth1" },
		{ "local", "192.0.2.1" }, { "rules-seed", "9" },
	};

	for (size_t i = 0; i < ITEMS(args); i++)
		if (strcmp(args[i].option, row->name) == 0)
			return args[i].arg;
	fail_msg("no argument here for --%s", row->name);
	return NULL;
}

static void options_forms_of_row(const struct option_row *row)
{
	char lines[4][200], first[2000];
	size_t n = 0;

	/* An argument that may be left out is given in one form only. */
	if (row->arg && row->arg[0] != '[') {
		const char *arg = argument_of(row);

		snprintf(lines[n++], 200, "--%s %s a", row->name, arg);
		snprintf(lines[n++], 200, "--%s=%s a", row->name, arg);
		if (row->letter) {
			snprintf(lines[n++], 200, "-%c %s a", row->letter, arg);
			snprintf(lines[n++], 200, "-%c%s a", row->letter, arg);
		}
	} else {
		snprintf(lines[n++], 200, "--%s a", row->name);
		if (row->letter)
			snprintf(lines[n++], 200, "-%c a", row->letter);
	}
	strcpy(first, outcome(lines[0]));
	assert_null(strstr(first, "unknown option"));
	for (size_t i = 1; i < n; i++)
		if (strcmp(outcome(lines[i]), first) != 0)
			fail_msg("%s\n  gives '%s'\n  not   '%s'", lines[i],
				 outcome(lines[i]), first);
}

/* The long and the short form of each option do the same. */
static void options_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count; i++)
		options_forms_of_row(&option_rows[i]);
}

static void option_rows_are_consistent(void **state)
{
	(void)state;
	assert_ptr_equal(option_operand, &option_rows[0]);
	assert_string_equal(option_operand->name, "read");
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];

		assert_non_null(row->set);
		assert_in_range(row->group, 0, OPTION_GROUPS - 1);
		assert_in_range(strlen(row->name), 2, 20);
		for (const char *p = row->name; *p; p++)
			assert_true(islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '-');
		/* --help fits in 80 columns, and is a phrase. */
		assert_in_range(strlen(row->help), 10, 51);
		assert_int_not_equal(row->help[strlen(row->help) - 1], '.');
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(row->name, option_rows[k].name);
			if (row->letter)
				assert_int_not_equal(row->letter,
						     option_rows[k].letter);
		}
	}
}

static void options_filter_hint(void **state)
{
	static const struct { const char *word; bool filter; } cases[] = {
		{ "tcp", true }, { "port 53", true }, { "not icmp", true },
		{ "tcp[13] & 2 != 0", true }, { "(tcp)", true }, { "!tcp", true },
		{ "ip6", true }, { "host\t192.0.2.1", true },
		{ "tcp.pcap", false }, { "capture.pcap", false }, { "", false },
		{ "tcpdump", false }, { "-", false }, { "./tcp", false },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++)
		if (options_looks_like_filter(cases[i].word) != cases[i].filter)
			fail_msg("'%s' %s a filter", cases[i].word,
				 cases[i].filter ? "is" : "is not");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_accepted),
		cmocka_unit_test(options_refused),
		cmocka_unit_test(options_unknown),
		cmocka_unit_test(options_order),
		cmocka_unit_test(options_together),
		cmocka_unit_test(options_versus),
		cmocka_unit_test(options_sysctl_file),
		cmocka_unit_test(options_forms),
		cmocka_unit_test(option_rows_are_consistent),
		cmocka_unit_test(options_filter_hint),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
