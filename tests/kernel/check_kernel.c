/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_kernel.c - the differential test: the same frames through a kernel and
 * through ctreplay, compared frame by frame.  options.c has the command line.
 *
 * The running kernel: guard.c stays in the first namespace while a child does
 * the work in others; lab.c sets one up; inject.c sends frames (frames.c)
 * through it and collects what nflog.c and ctnl.c receive; replay.c runs
 * ctreplay over the same frames; compare.c compares, and trial.c does all of
 * that once.  The modes are diff.c, walk_mode.c, timed.c and dump.c.
 * capfile.c reads captures, walk*.c and mutate.c make frames, minimise.c finds
 * the few that matter, coverage.c counts which states and reasons they reach.
 *
 * Other kernels: record.c has the modes for block files (block.c) and answer
 * files (answers.c), which recorded.sh and check-kernels.sh use; version.c
 * tells ctreplay which kernel to be.
 *
 * The modes that ask the running kernel need root, /dev/net/tun, ip(8), nft(8),
 * br_netfilter and nf_conntrack; where one is missing they say so and exit
 * with 77.
 */
#include "modes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctnl.h"
#include "guard.h"
#include "util.h"
#include "version.h"

static const struct mode {
	const char *name;
	void (*run)(const struct options *opt, struct tally *tally);
	enum { NO_FILES, MAY_FILES, MUST_FILES } files;
	bool needs_program, needs_kernel, compares;
} modes[] = {
	{ "diff", mode_diff, MUST_FILES, true, true, true },
	{ "offload", mode_offload, MUST_FILES, true, true, true },
	{ "walk", mode_walk, MAY_FILES, true, true, true },
	{ "timed", mode_timed, NO_FILES, true, true, true },
	{ "dump", mode_dump, MAY_FILES, false, true, false },
	{ "record", mode_record, MUST_FILES, false, true, false },
	{ "recorded", mode_recorded, MUST_FILES, true, false, true },
	{ "versus", mode_versus, MUST_FILES, false, false, true },
};

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	return NULL;
}

/*
 * The helpers that work on bridged packets; netbios-ns and snmp only follow
 * packets from the host's own sockets.
 */
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
		printf("FAIL: helper %s %s\n", names[i],
		       at < n && c[at].made ? "matched nothing" : "created nothing");
		idle++;
	}
	return idle;
}

static unsigned int print_helpers(const struct options *o)
{
	size_t n;
	const struct helper_count *c = ctnl_helper_counts(&n);

	for (size_t i = 0; i < n; i++)
		printf("helper %s: %llu expectations created, %llu matched\n", c[i].name,
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
	if (o->compose)
		printf("%llu frames written\n",
		       (unsigned long long)t->compared);
	else if (m->compares)
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
	struct options *opt;
};

static void meet_kernel(struct job *job)
{
	char *kernel = version_running();

	printf("kernel: %s\n", kernel);
	if (job->mode->needs_program)
		version_choose(job->opt, &job->opt->setup, kernel);
	fflush(stdout);
	free(kernel);
}

static int work(void *arg)
{
	struct job *job = arg;
	struct tally tally = { 0 };

	if (job->mode->needs_kernel && !job->opt->compose)
		meet_kernel(job);
	job->mode->run(job->opt, &tally);
	if (job->opt->compose && fclose(job->opt->compose))
		die("cannot write blocks: %s", strerror(errno));
	return print_tally(job->mode, job->opt, &tally);
}

/*
 * A process in another network namespace cannot load modules, so load them now.
 */
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
	const char *name = options_read(&opt, argc, argv);
	struct job job = { find_mode(name), &opt };

	if (!job.mode) {
		fprintf(stderr, "check-kernel: %s: no such mode\n", name);
		options_wrong();
	}
	if ((job.mode->files == MUST_FILES && !opt.noperands) ||
	    (job.mode->files == NO_FILES && opt.noperands))
		options_wrong();
	if (job.mode->needs_program && !opt.compose &&
	    access(opt.setup.program, X_OK))
		die("%s: %s", opt.setup.program, strerror(errno));
	if (job.mode->needs_kernel && !opt.compose)
		check_machine();
	return guard_run(work, &job);
}
