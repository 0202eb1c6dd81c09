/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_kernel.c - the differential test: the same frames through the live
 * kernel and through ctreplay, compared frame by frame.
 *
 *	check-kernel [OPTION]... diff CAPTURE...
 *	check-kernel [OPTION]... walk [CAPTURE]...
 *	check-kernel [OPTION]... timed
 *	check-kernel [OPTION]... dump [CAPTURE]...
 *
 * guard.c stays behind while everything else happens in namespaces; lab.c
 * makes one; inject.c sends frames.c through it and notes what nflog.c and
 * ctnl.c hear; replay.c runs ctreplay over the same; compare.c compares, and
 * trial.c is all of that once.  The modes are diff.c, walk_mode.c, timed.c and
 * dump.c.  capfile.c reads captures, walk*.c make frames, minimise.c finds the
 * few that matter, coverage.c tells where a walk has been.
 *
 * Needs root, /dev/net/tun, ip(8), nft(8), br_netfilter and nf_conntrack;
 * where one of them is missing it says so and exits with 77.
 */
#include "modes.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "block.h"
#include "ctnl.h"
#include "guard.h"
#include "util.h"
#include "walk.h"

static const char usage_text[] =
"usage: check-kernel [OPTION]... diff CAPTURE...\n"
"       check-kernel [OPTION]... walk [CAPTURE]...\n"
"       check-kernel [OPTION]... timed\n"
"       check-kernel [OPTION]... dump [CAPTURE]...\n"
"       check-kernel record BLOCKS ANSWERS...\n"
"       check-kernel [OPTION]... recorded BLOCKS ANSWERS...\n"
"\n"
"  --ctreplay FILE      the program (default $CTREPLAY or build/ctreplay)\n"
"  --ctreplay-arg ARG   one more argument for it; may be repeated\n"
"  --sysctl NAME=VALUE  set on both sides; may be repeated\n"
"  --raw-rule RULE      nft rule before tracking (give ctreplay its like)\n"
"  --gap MS             keep gaps up to so many milliseconds (default 0)\n"
"  --realtime           keep all gaps\n"
"  --helpers            all helpers on their usual ports\n"
"  --host ADDRESS/PREFIX  this host's UDP comes from sockets, for netbios-ns\n"
"                       and snmp; implies --helpers and --realtime\n"
"  --demand-helpers     the same, and fail where one expects nothing or what\n"
"                       it expects never comes\n"
"  --no-events          do not compare events\n"
"  --most N             differences to print for each run (default 10)\n"
"  --protocols LIST     what walks and timed sequences are made of; captures'\n"
"                       fragments are left out without frag (default: all of\n"
"                       @)\n"
"  --compose FILE       write the blocks of frames to FILE, for record, and run\n"
"                       nothing\n"
"dump, of captures or else of a walk:\n"
"  --checksum           verify checksums\n"
"  --events             show connection events\n"
"walk, from nothing or of sessions that are spoilt:\n"
"  --seed N             (default 1)\n"
"  --frames N           (default 20000)\n"
"  --block N            frames between two empty tables (default 2000)\n"
"  --sysctl-random      other settings in each block\n"
"  --expiry             timeouts of one and three seconds, and pauses: slow\n"
"  --minimise N         find minimal captures for so many blocks (default 3)\n"
"  --save DIR           where minimal captures go (default $TMPDIR or /tmp)\n"
"\n"
"Exit status: 0 no difference, 1 difference, 2 usage, 77 cannot run here.\n";

enum {
	OPT_CTREPLAY = 256, OPT_ARG, OPT_SYSCTL, OPT_RAW, OPT_GAP,
	OPT_REALTIME, OPT_MOST, OPT_CHECKSUM, OPT_EVENTS, OPT_SEED,
	OPT_FRAMES, OPT_BLOCK, OPT_PROTOCOLS, OPT_RANDOM, OPT_SAVE,
	OPT_MINIMISE, OPT_EXPIRY, OPT_HELPERS, OPT_DEMAND_HELPERS,
	OPT_HOST, OPT_NO_EVENTS, OPT_COMPOSE, OPT_HELP
};

static const struct option long_options[] = {
	{ "ctreplay", required_argument, NULL, OPT_CTREPLAY },
	{ "ctreplay-arg", required_argument, NULL, OPT_ARG },
	{ "sysctl", required_argument, NULL, OPT_SYSCTL },
	{ "raw-rule", required_argument, NULL, OPT_RAW },
	{ "gap", required_argument, NULL, OPT_GAP },
	{ "realtime", no_argument, NULL, OPT_REALTIME },
	{ "most", required_argument, NULL, OPT_MOST },
	{ "checksum", no_argument, NULL, OPT_CHECKSUM },
	{ "events", no_argument, NULL, OPT_EVENTS },
	{ "no-events", no_argument, NULL, OPT_NO_EVENTS },
	{ "helpers", no_argument, NULL, OPT_HELPERS },
	{ "demand-helpers", no_argument, NULL, OPT_DEMAND_HELPERS },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "frames", required_argument, NULL, OPT_FRAMES },
	{ "block", required_argument, NULL, OPT_BLOCK },
	{ "protocols", required_argument, NULL, OPT_PROTOCOLS },
	{ "expiry", no_argument, NULL, OPT_EXPIRY },
	{ "sysctl-random", no_argument, NULL, OPT_RANDOM },
	{ "save", required_argument, NULL, OPT_SAVE },
	{ "minimise", required_argument, NULL, OPT_MINIMISE },
	{ "compose", required_argument, NULL, OPT_COMPOSE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 }
};

/* The text has the list of protocols at its '@'. */
static void usage(FILE *out)
{
	const char *at = strchr(usage_text, '@');

	fwrite(usage_text, 1, (size_t)(at - usage_text), out);
	walk_family_names(out);
	fputs(at + 1, out);
}

struct texts {
	const char *v[128];
	size_t n;
};

static struct texts sysctls, raw_rules, program_args;

static bool push(struct texts *t, const char *s)
{
	if (t->n == ARRAY_SIZE(t->v))
		return false;
	t->v[t->n++] = s;
	return true;
}

static bool number(const char *s, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 0);
	return *s && *s != '-' && !*end && !errno;
}

static bool set_option(struct options *o, int c, const char *arg)
{
	uint64_t v = 0;
	bool ok = !arg || number(arg, &v);

	switch (c) {
	case OPT_CTREPLAY:
		o->setup.program = arg;
		return true;
	case OPT_ARG:
		return push(&program_args, arg);
	case OPT_SYSCTL:
		return push(&sysctls, arg);
	case OPT_RAW:
		return push(&raw_rules, arg);
	case OPT_GAP:
		o->setup.max_gap = v * NSEC_PER_MSEC;
		return ok;
	case OPT_REALTIME:
		o->setup.max_gap = UINT64_MAX;
		return true;
	case OPT_MOST:
		o->most = v;
		return ok;
	case OPT_CHECKSUM:
		o->setup.checksum = true;
		return true;
	case OPT_EVENTS:
		o->setup.events = true;
		return true;
	case OPT_NO_EVENTS:
		o->setup.events = false;
		return true;
	case OPT_HELPERS:
		o->setup.helpers = true;
		return true;
	case OPT_DEMAND_HELPERS:
		o->setup.helpers = o->demand_helpers = true;
		return true;
	case OPT_HOST:
		o->setup.host = arg;
		o->setup.helpers = true;
		o->setup.expiry = true;
		o->setup.max_gap = UINT64_MAX;
		return strchr(arg, '/');
	case OPT_SEED:
		o->seed = v;
		return ok;
	case OPT_FRAMES:
		o->frames = v;
		return ok;
	case OPT_BLOCK:
		o->block = v;
		return ok && v;
	case OPT_PROTOCOLS:
		return walk_families(arg, &o->families);
	case OPT_RANDOM:
		o->random_sysctls = true;
		return true;
	case OPT_EXPIRY:
		o->expiry = true;
		return true;
	case OPT_MINIMISE:
		o->minimise = v;
		return ok;
	case OPT_COMPOSE:
		o->compose = fopen(arg, "we");
		if (!o->compose)
			die("%s: %s", arg, strerror(errno));
		block_file_start(o->compose);
		return true;
	case OPT_SAVE:
		o->save = arg;
		return true;
	default:
		return false;
	}
}

static void defaults(struct options *o)
{
	const char *program = getenv("CTREPLAY"), *tmp = getenv("TMPDIR");

	memset(o, 0, sizeof(*o));
	o->setup.program = program && *program ? program : "build/ctreplay";
	o->save = tmp && *tmp ? tmp : "/tmp";
	o->most = 10;
	o->seed = 1;
	o->frames = 20000;
	o->block = 2000;
	o->minimise = 3;
	o->families = WALK_ALL;
	o->setup.events = true;
}

/* Exits with 2 where the command line is wrong. */
static const char *read_command_line(struct options *o, int argc, char **argv)
{
	const char *mode;
	int c;

	defaults(o);
	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (c == 'h' || c == OPT_HELP) {
			usage(stdout);
			exit(0);
		}
		if (set_option(o, c, optarg))
			continue;
		if (c != '?')
			fprintf(stderr, "check-kernel: bad value: %s\n",
				optarg ? optarg : "");
		usage(stderr);
		exit(2);
	}
	if (optind == argc) {
		usage(stderr);
		exit(2);
	}
	mode = argv[optind++];
	o->operands = (const char *const *)(argv + optind);
	o->noperands = (size_t)(argc - optind);
	o->setup.sysctls = sysctls.v;
	o->setup.nsysctls = sysctls.n;
	o->setup.raw_rules = raw_rules.v;
	o->setup.nraw_rules = raw_rules.n;
	o->setup.program_args = program_args.v;
	o->setup.nprogram_args = program_args.n;
	return mode;
}

static const struct mode {
	const char *name;
	void (*run)(const struct options *opt, struct tally *tally);
	enum { NO_FILES, MAY_FILES, MUST_FILES } files;
	bool needs_program, needs_kernel;
} modes[] = {
	{ "diff", mode_diff, MUST_FILES, true, true },
	{ "walk", mode_walk, MAY_FILES, true, true },
	{ "timed", mode_timed, NO_FILES, true, true },
	{ "dump", mode_dump, MAY_FILES, false, true },
	{ "record", mode_record, MUST_FILES, false, true },
	{ "recorded", mode_recorded, MUST_FILES, true, false },
};

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	return NULL;
}

static void print_kernel(void)
{
	struct utsname u;

	if (uname(&u))
		return;
	printf("kernel: %s %s %s\n", u.sysname, u.release, u.machine);
	if (strncmp(u.release, "6.18", 4) || (u.release[4] >= '0' &&
					      u.release[4] <= '9'))
		printf("note: ctreplay claims to do what Linux 6.18 does; this is another kernel\n");
}

/* Those of the bridge: netbios-ns and snmp act for a host's own packets. */
static unsigned int idle_helpers(const struct helper_count *c, size_t n)
{
	static const char *const names[] = {
		"ftp", "irc", "tftp", "sip", "RAS", "Q.931", "H.245", "pptp",
		"amanda", "sane"
	};
	unsigned int idle = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t at = 0;

		while (at < n && strcmp(c[at].name, names[i]))
			at++;
		if (at < n && c[at].made && c[at].met)
			continue;
		printf("FAIL: helper %s has %s\n", names[i],
		       at < n && c[at].made ? "met nothing" : "made nothing");
		idle++;
	}
	return idle;
}

static unsigned int print_helpers(const struct options *o)
{
	size_t n;
	const struct helper_count *c = ctnl_helper_counts(&n);

	for (size_t i = 0; i < n; i++)
		printf("helper %s: %llu expectations made, %llu met\n", c[i].name,
		       (unsigned long long)c[i].made,
		       (unsigned long long)c[i].met);
	return o->demand_helpers ? idle_helpers(c, n) : 0;
}

static int print_tally(const struct mode *m, const struct options *o,
		       struct tally *t)
{
	for (size_t i = 0; i < LEFT_CAUSES; i++)
		if (t->left[i])
			printf("left out: %llu %s\n",
			       (unsigned long long)t->left[i],
			       left_out_name((enum left_out)i));
	if (m->needs_kernel && !o->compose)
		t->failed += print_helpers(o);
	if (!t->compared)
		printf("FAIL: no frame was compared\n");
	if (m->needs_program && !o->compose)
		printf("%llu frames compared, %llu differences\n",
		       (unsigned long long)t->compared,
		       (unsigned long long)t->differing);
	printf("%llu passed, %llu failed\n", (unsigned long long)t->passed,
	       (unsigned long long)t->failed);
	fflush(stdout);
	return t->failed || !t->compared;
}

struct job {
	const struct mode *mode;
	const struct options *opt;
};

static int work(void *arg)
{
	const struct job *job = arg;
	struct tally tally = { 0 };

	job->mode->run(job->opt, &tally);
	if (job->opt->compose && fclose(job->opt->compose))
		die("writing blocks: %s", strerror(errno));
	return print_tally(job->mode, job->opt, &tally);
}

/* Modules cannot be asked for from within another namespace. */
static void check_machine(void)
{
	if (geteuid())
		skip("needs root");
	if (access("/dev/net/tun", R_OK | W_OK))
		skip("/dev/net/tun: %s", strerror(errno));
	if (access("/proc/sys/net/bridge/bridge-nf-call-iptables", F_OK) &&
	    system("modprobe -q br_netfilter") != 0)
		skip("br_netfilter is missing");
	if (access("/proc/sys/net/netfilter/nf_conntrack_max", F_OK) &&
	    system("modprobe -q nf_conntrack") != 0)
		skip("nf_conntrack is missing");
}

int main(int argc, char **argv)
{
	struct options opt;
	const char *name = read_command_line(&opt, argc, argv);
	struct job job = { find_mode(name), &opt };

	if (!job.mode) {
		fprintf(stderr, "check-kernel: %s: no such mode\n", name);
		usage(stderr);
		return 2;
	}
	if ((job.mode->files == MUST_FILES && !opt.noperands) ||
	    (job.mode->files == NO_FILES && opt.noperands)) {
		usage(stderr);
		return 2;
	}
	if (job.mode->needs_program && access(opt.setup.program, X_OK))
		die("%s: %s", opt.setup.program, strerror(errno));
	if (job.mode->needs_kernel && !opt.compose) {
		check_machine();
		print_kernel();
	}
	return guard_run(work, &job);
}
