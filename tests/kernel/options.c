/* SPDX-License-Identifier: GPL-2.0-only */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "util.h"
#include "walk.h"

enum { MOST_TEXTS = 128, FIRST = 256 };

/* Options that may be repeated. */
struct texts {
	const char *v[MOST_TEXTS];
	size_t n;
};

static struct texts sysctls, raw_rules, program_args;

static bool number(const char *s, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 0);
	return *s && *s != '-' && !*end && !errno;
}

static bool set_gap(struct options *o, const char *arg)
{
	uint64_t v;
	bool ok = number(arg, &v);

	o->setup.max_gap = v * NSEC_PER_MSEC;
	return ok;
}

static bool set_realtime(struct options *o, const char *arg)
{
	(void)arg;
	o->setup.max_gap = UINT64_MAX;
	return true;
}

static bool set_no_events(struct options *o, const char *arg)
{
	(void)arg;
	o->setup.events = false;
	return true;
}

static bool set_demand_helpers(struct options *o, const char *arg)
{
	(void)arg;
	o->setup.helpers = o->demand_helpers = true;
	return true;
}

static bool set_host(struct options *o, const char *arg)
{
	o->setup.host = arg;
	o->setup.helpers = o->setup.expiry = true;
	o->setup.max_gap = UINT64_MAX;
	return strchr(arg, '/');
}

static bool set_block(struct options *o, const char *arg)
{
	return number(arg, &o->block) && o->block;
}

static bool set_protocols(struct options *o, const char *arg)
{
	return walk_families(arg, &o->families);
}

static bool set_compose(struct options *o, const char *arg)
{
	o->compose = fopen(arg, "we");
	if (!o->compose)
		die("%s: %s", arg, strerror(errno));
	block_file_start(o->compose);
	return true;
}

/* One row is one option: how it is set, and its help. */
static const struct row {
	const char *name;
	const char *argument;		/* NULL: it takes none */
	enum { FLAG, NUMBER, TEXT, LIST, SETTER } kind;
	size_t offset;			/* FLAG, NUMBER, TEXT */
	struct texts *list;
	bool (*set)(struct options *o, const char *arg);
	const char *help;		/* after '\n' a new line; '@': protocols */
} rows[] = {
#define MEMBER(member) .offset = offsetof(struct options, member)
	{ "ctreplay", "FILE", TEXT, MEMBER(setup.program), .help =
	  "the program (default $CTREPLAY or build/ctreplay)" },
	{ "ctreplay-arg", "ARG", LIST, .list = &program_args, .help =
	  "one more argument for it; may be repeated" },
	{ "kernel", "VERSION", TEXT, MEMBER(kernel), .help =
	  "the kernel that ctreplay is told to be (default: the one that\n"
	  "answers); \"none\": it is told nothing" },
	{ "sysctl", "NAME=VALUE", LIST, .list = &sysctls, .help =
	  "set on both sides; may be repeated.  \"?NAME=VALUE\" is left\n"
	  "out on a kernel without it" },
	{ "raw-rule", "RULE", LIST, .list = &raw_rules, .help =
	  "an nft rule before tracking; give ctreplay its equivalent" },
	{ "gap", "MS", SETTER, .set = set_gap, .help =
	  "keep gaps of up to MS milliseconds (default 0)" },
	{ "realtime", NULL, SETTER, .set = set_realtime, .help =
	  "keep all gaps" },
	{ "helpers", NULL, FLAG, MEMBER(setup.helpers), .help =
	  "all helpers on their usual ports" },
	{ "demand-helpers", NULL, SETTER, .set = set_demand_helpers, .help =
	  "the same; fail where a helper creates no expectation, or no\n"
	  "connection matches one" },
	{ "host", "ADDRESS/PREFIX", SETTER, .set = set_host, .help =
	  "UDP of this host comes from sockets, for netbios-ns and snmp;\n"
	  "implies --helpers and --realtime" },
	{ "no-events", NULL, SETTER, .set = set_no_events, .help =
	  "do not compare events" },
	{ "most", "N", NUMBER, MEMBER(most), .help =
	  "differences to print for each run (default 10)" },
	{ "protocols", "LIST", SETTER, .set = set_protocols, .help =
	  "what walks and timed sequences consist of; fragments in\n"
	  "captures are left out without frag (default: all of\n@)" },
	{ "coverage", NULL, FLAG, MEMBER(coverage), .help =
	  "recorded: print which states and reasons were reached" },
	{ "first", NULL, FLAG, MEMBER(first), .help =
	  "recorded, versus: stop after the first block that differs" },
	{ "compose", "FILE", SETTER, .set = set_compose, .help =
	  "run nothing, but write the blocks to FILE, for record" },
	{ "checksum", NULL, FLAG, MEMBER(setup.checksum), .help =
	  "dump: verify checksums" },
	{ "events", NULL, FLAG, MEMBER(setup.events), .help =
	  "dump: show connection events" },
	{ "seed", "N", NUMBER, MEMBER(seed), .help = "walk: default 1" },
	{ "frames", "N", NUMBER, MEMBER(frames), .help =
	  "walk: default 20000" },
	{ "block", "N", SETTER, .set = set_block, .help =
	  "walk: frames between two empty tables (default 2000)" },
	{ "sysctl-random", NULL, FLAG, MEMBER(random_sysctls), .help =
	  "walk: other settings in each block" },
	{ "expiry", NULL, FLAG, MEMBER(expiry), .help =
	  "walk: timeouts of one and three seconds, and pauses; slow" },
	{ "minimise", "N", NUMBER, MEMBER(minimise), .help =
	  "walk: find minimal captures for N blocks (default 3)" },
	{ "save", "DIR", TEXT, MEMBER(save), .help =
	  "walk: where minimal captures are kept (default $TMPDIR or /tmp)" },
	{ "help", NULL, FLAG, .help = "show this" },
#undef MEMBER
};

enum { ROWS = ARRAY_SIZE(rows) };

static const char head[] =
"usage: check-kernel [OPTION]... diff CAPTURE...\n"
"       check-kernel [OPTION]... walk [CAPTURE]...\n"
"       check-kernel [OPTION]... timed\n"
"       check-kernel [OPTION]... dump [CAPTURE]...\n"
"       check-kernel record BLOCKS ANSWERS...\n"
"       check-kernel [OPTION]... recorded BLOCKS ANSWERS...\n"
"       check-kernel [OPTION]... versus BLOCKS ANSWERS ANSWERS...\n"
"\n"
"diff      captures through the running kernel and through ctreplay\n"
"walk      random packets, or captures that are damaged at random\n"
"timed     sequences in real time\n"
"dump      what the kernel says about captures or a walk\n"
"record    what the running kernel says to each block of a file\n"
"recorded  ctreplay against such answers; needs no root and no kernel\n"
"versus    two kernels' answers to the same blocks\n"
"\n";

static const char tail[] =
"\nExit status: 0 no difference, 1 difference, 2 usage, 77 cannot run here.\n";

static void print_help(FILE *out, const char *help)
{
	for (; *help; help++) {
		if (*help == '@')
			walk_family_names(out);
		else
			putc(*help, out);
		if (*help == '\n')
			fprintf(out, "%25s", "");
	}
	putc('\n', out);
}

static void usage(FILE *out)
{
	char left[64];

	fputs(head, out);
	for (size_t i = 0; i < ROWS; i++) {
		snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
			 rows[i].argument ? " " : "",
			 rows[i].argument ? rows[i].argument : "");
		fprintf(out, "  %-22s ", left);
		print_help(out, rows[i].help);
	}
	fputs(tail, out);
}

void options_wrong(void)
{
	usage(stderr);
	exit(2);
}

static bool push(struct texts *t, const char *s)
{
	if (t->n == ARRAY_SIZE(t->v))
		return false;
	t->v[t->n++] = s;
	return true;
}

static bool set_option(struct options *o, const struct row *row,
		       const char *arg)
{
	char *member = (char *)o + row->offset;

	switch (row->kind) {
	case FLAG:
		return *(bool *)(void *)member = true;
	case NUMBER:
		return number(arg, (uint64_t *)(void *)member);
	case TEXT:
		*(const char **)(void *)member = arg;
		return true;
	case LIST:
		return push(row->list, arg);
	default:
		return row->set(o, arg);
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

static void read_options(struct options *o, int argc, char **argv)
{
	struct option longs[ROWS + 1] = { 0 };
	int c;

	for (size_t i = 0; i < ROWS; i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg = rows[i].argument ? required_argument
						    : no_argument;
		longs[i].val = FIRST + (int)i;
	}
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'h' || c == FIRST + (int)ROWS - 1) {
			usage(stdout);
			exit(0);
		}
		if (c < FIRST)
			options_wrong();
		if (!set_option(o, &rows[c - FIRST], optarg)) {
			fprintf(stderr, "check-kernel: bad value: %s\n",
				optarg ? optarg : "");
			options_wrong();
		}
	}
}

const char *options_read(struct options *o, int argc, char **argv)
{
	const char *mode;

	defaults(o);
	read_options(o, argc, argv);
	if (optind == argc)
		options_wrong();
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
