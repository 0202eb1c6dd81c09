/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_mode.c - runs a walk in blocks, each in a namespace of its own, and
 * minimises a block that differs.
 */
#include "modes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "coverage.h"
#include "minimise.h"
#include "mutate.h"
#include "sysctl.h"
#include "trial.h"
#include "walk.h"

enum {
	LONG_RUN = 200000,	/* frames; from here on a missed cell is a failure */
	SHARE_RUN = 20000,	/* frames; from here on shares are checked */
	LEAST_SHARE = 2,	/* percent */
	SETTINGS = 128,
	PAUSE_EVERY = 250,	/* frames */
	PAUSE_MS = 1300,
};

/* The settings of one block: those of the command line, then random ones. */
struct settings {
	const char *all[SETTINGS];
	size_t n;
	char text[SETTINGS][64];
	size_t made;
};

/* A kernel that lacks the sysctl runs the same block without it. */
static void set(struct settings *s, const char *name, uint32_t value)
{
	char *text = s->text[s->made++];

	snprintf(text, sizeof(s->text[0]), "?nf_conntrack_%s=%u", name, value);
	s->all[s->n++] = text;
}

/*
 * All timeouts are so long that nothing expires within a block. A FIN or RST
 * out of the window lowers the timeout of an entry that has more than 120
 * seconds left, so no timeout is 120: the kernel's jiffies would decide. The
 * timeouts of the states in which that happens have this default, so they are
 * always set.
 */
static void random_settings(struct rng *r, struct settings *s)
{
	static const char *const switches[] = {
		"tcp_loose", "tcp_be_liberal", "tcp_ignore_invalid_rst",
		"acct", "dccp_loose"
	};
	static const char *const timeouts[] = {
		"tcp_timeout_fin_wait", "tcp_timeout_time_wait",
		"tcp_timeout_syn_sent", "tcp_timeout_syn_recv",
		"tcp_timeout_established", "tcp_timeout_close_wait",
		"tcp_timeout_last_ack", "tcp_timeout_close",
		"tcp_timeout_max_retrans", "tcp_timeout_unacknowledged",
		"udp_timeout", "udp_timeout_stream", "icmp_timeout",
		"icmpv6_timeout", "generic_timeout", "gre_timeout",
		"gre_timeout_stream", "sctp_timeout_closed",
		"sctp_timeout_cookie_wait", "sctp_timeout_cookie_echoed",
		"sctp_timeout_established", "sctp_timeout_shutdown_sent",
		"sctp_timeout_shutdown_recd", "sctp_timeout_shutdown_ack_sent",
		"sctp_timeout_heartbeat_sent", "dccp_timeout_request",
		"dccp_timeout_respond", "dccp_timeout_partopen",
		"dccp_timeout_open", "dccp_timeout_closereq",
		"dccp_timeout_closing", "dccp_timeout_timewait"
	};
	static const uint32_t seconds[] = {
		60, 119, 121, 200, 299, 300, 301, 1000, 100000
	};

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (rng_percent(r, 50))
			set(s, switches[i], rng_below(r, 2));
	if (rng_percent(r, 50))
		set(s, "tcp_max_retrans", rng_below(r, 6));
	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++)
		if (i < 2 || rng_percent(r, 35))
			set(s, timeouts[i],
			    seconds[rng_below(r, ARRAY_SIZE(seconds))]);
}

/*
 * No entry expires close to the end of a pause: after one pause it is 1.3
 * seconds old, after two 2.6, after three 3.9.
 */
static void short_lives(struct rng *r, struct settings *s)
{
	static const char *const timeouts[] = {
		"generic_timeout", "gre_timeout", "gre_timeout_stream",
		"icmp_timeout", "icmpv6_timeout", "udp_timeout",
		"udp_timeout_stream", "frag6_timeout", "tcp_timeout_syn_sent",
		"tcp_timeout_syn_recv", "tcp_timeout_established",
		"tcp_timeout_fin_wait", "tcp_timeout_close_wait",
		"tcp_timeout_last_ack", "tcp_timeout_time_wait",
		"tcp_timeout_close", "tcp_timeout_max_retrans",
		"tcp_timeout_unacknowledged", "sctp_timeout_closed",
		"sctp_timeout_cookie_wait", "sctp_timeout_cookie_echoed",
		"sctp_timeout_established", "sctp_timeout_shutdown_sent",
		"sctp_timeout_shutdown_recd", "sctp_timeout_shutdown_ack_sent",
		"sctp_timeout_heartbeat_sent", "dccp_timeout_request",
		"dccp_timeout_respond", "dccp_timeout_partopen",
		"dccp_timeout_open", "dccp_timeout_closereq",
		"dccp_timeout_closing", "dccp_timeout_timewait",
	};
	char *text = s->text[s->made++];

	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++)
		set(s, timeouts[i], rng_percent(r, 50) ? 1 : 3);
	snprintf(text, sizeof(s->text[0]), "ipfrag_time=%u",
		 rng_percent(r, 50) ? 1 : 3);
	s->all[s->n++] = text;
}

static void add_pauses(struct frames *fs)
{
	for (size_t i = PAUSE_EVERY; i < fs->n; i += PAUSE_EVERY)
		fs->v[i].gap = PAUSE_MS * NSEC_PER_MSEC;
}

static void choose_settings(const struct options *opt, struct rng *r,
			    struct settings *s)
{
	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < opt->setup.nsysctls && i < SETTINGS / 2; i++)
		s->all[s->n++] = opt->setup.sysctls[i];
	if (opt->expiry)
		short_lives(r, s);
	else if (opt->random_sysctls)
		random_settings(r, s);
}

static void print_setup(const struct setup *setup)
{
	printf("  -k %s", setup->checksum ? "all" : "none");
	for (size_t i = 0; i < setup->nsysctls; i++)
		if (sysctl_usable(setup->sysctls[i]))
			printf(" --sysctl %s", sysctl_usable(setup->sysctls[i]));
	putchar('\n');
}

static void print_steps(const struct trial *t, const struct frames *fs)
{
	char what[512];

	for (size_t i = 0; i < fs->n; i++) {
		const struct verdict *k = &t->kernel.verdicts[i];
		const struct verdict *r = &t->replay[i];

		frame_summary(&fs->v[i], what, sizeof(what));
		printf("  %3zu %s\n", i + 1, what);
		printf("      kernel   %s %s%s%s\n", word_name(k->word),
		       direction_name(k->dir), k->reason ? "  # " : "",
		       k->reason ? k->reason : "");
		printf("      ctreplay %s %s%s%s\n", word_name(r->word),
		       direction_name(r->dir), r->reason ? "  # " : "",
		       r->reason ? r->reason : "");
	}
}

static void save_minimal(const struct options *opt, const struct setup *setup,
			 const struct frames *fs, const struct trial *failed,
			 uint64_t block)
{
	char *path = xasprintf("%s/check-kernel-seed%llu-block%llu.pcap",
			       opt->save, (unsigned long long)opt->seed,
			       (unsigned long long)block);
	struct frames few;
	struct trial t;

	minimise(setup, fs, failed, &few);
	trial_run(&t, setup, NULL, &few, NULL, NULL);
	printf("  minimal: %zu frames%s\n", few.n,
	       trial_failed(&t) ? "" : " (no difference when they run again)");
	print_steps(&t, &few);
	trial_print(&t, &few, opt->most);
	if (frames_write(&few, path))
		printf("  %s: %s\n", path, strerror(errno));
	else
		printf("  saved as %s\n", path);
	print_setup(setup);
	trial_free(&t);
	frames_free(&few);
	free(path);
}

struct walk_run {
	const struct options *opt;
	struct tally *tally;
	struct coverage *coverage;
	uint64_t by_family[FAMILY_COUNT];
	uint64_t made;
	unsigned int minimised;
	struct frames *captures;	/* the sessions to damage, or NULL */
};

static void compose(struct walk_run *run, const struct setup *setup,
		    uint64_t block, const struct frames *fs)
{
	char *name = xasprintf("%s seed %llu, block %llu",
			       run->captures ? "damaged sessions" : "walk",
			       (unsigned long long)run->opt->seed,
			       (unsigned long long)block);

	block_write(run->opt->compose, name, setup, fs);
	run->tally->compared += fs->n;
	free(name);
}

/* Checksums are verified in every other block. */
static void make_block(struct walk_run *run, uint64_t block, size_t frames,
		       struct settings *settings, struct setup *setup,
		       struct frames *fs)
{
	const struct options *opt = run->opt;
	uint64_t seed = opt->seed * 1000003 + block;
	struct rng r;

	rng_seed(&r, ~seed);
	choose_settings(opt, &r, settings);
	setup->checksum = !run->captures && (block & 1);
	setup->sysctls = settings->all;
	setup->nsysctls = settings->n;
	if (run->captures)
		mutate_make(fs, seed, frames, run->captures, opt->noperands);
	else
		walk_make(fs, seed, frames, opt->families);
	if (opt->expiry) {
		add_pauses(fs);
		setup->expiry = true;
		setup->max_gap = PAUSE_MS * NSEC_PER_MSEC;
	}
	for (size_t i = 0; i < fs->n; i++)
		run->by_family[fs->v[i].family]++;
	run->made += fs->n;
}

static void report_block(struct walk_run *run, const struct setup *setup,
			 uint64_t block, const struct frames *fs,
			 const struct trial *t)
{
	const struct options *opt = run->opt;

	printf("seed %llu, block %llu: %zu differences in %zu frames\n",
	       (unsigned long long)opt->seed, (unsigned long long)block,
	       t->differences.n, fs->n);
	trial_print(t, fs, opt->most);
	if (run->minimised++ < opt->minimise)
		save_minimal(opt, setup, fs, t, block);
	fflush(stdout);
}

static void judge_block(struct walk_run *run, const struct setup *setup,
			uint64_t block, struct frames *fs)
{
	struct trial t;

	coverage_restart(run->coverage, fs);
	trial_run(&t, setup, NULL, fs, coverage_packet, run->coverage);
	run->tally->differing += t.differences.n;
	run->tally->compared += t.broken ? 0 : fs->n;
	if (trial_failed(&t)) {
		run->tally->failed++;
		report_block(run, setup, block, fs, &t);
	} else {
		run->tally->passed++;
	}
	trial_free(&t);
}

static void run_block(struct walk_run *run, uint64_t block, size_t frames)
{
	struct setup setup = run->opt->setup;
	struct frames fs = { 0 };
	struct settings settings;

	make_block(run, block, frames, &settings, &setup, &fs);
	if (run->opt->compose)
		compose(run, &setup, block, &fs);
	else
		judge_block(run, &setup, block, &fs);
	frames_free(&fs);
}

static void judge_shares(struct walk_run *run)
{
	bool all = run->opt->families == WALK_ALL;

	printf("frames by kind:");
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		printf(" %s %llu", walk_family_name((enum family)i),
		       (unsigned long long)run->by_family[i]);
	putchar('\n');
	for (size_t i = 0; all && run->made >= SHARE_RUN && i < FAMILY_COUNT; i++)
		if (run->by_family[i] * 100 < run->made * LEAST_SHARE) {
			printf("FAIL: less than %d percent of the frames are %s\n",
			       LEAST_SHARE, walk_family_name((enum family)i));
			run->tally->failed++;
		}
}

static void judge_coverage(struct walk_run *run)
{
	unsigned int missed = coverage_print(run->coverage);

	if (!(run->opt->families & 1u << FAMILY_TCP) || !missed)
		return;
	if (run->made >= LONG_RUN) {
		printf("FAIL: %u cells were not reached\n", missed);
		run->tally->failed++;
	} else {
		printf("%u cells were not reached; below %d frames that is no failure\n",
		       missed, LONG_RUN);
	}
}

/* With operands, the walk damages the sessions in these captures. */
static void read_captures(struct walk_run *run)
{
	const struct options *opt = run->opt;

	if (!opt->noperands)
		return;
	run->captures = xmalloc(opt->noperands * sizeof(*run->captures));
	memset(run->captures, 0, opt->noperands * sizeof(*run->captures));
	for (size_t i = 0; i < opt->noperands; i++) {
		capfile_read(opt->operands[i], true, &run->captures[i],
			     run->tally->left);
		if (run->captures[i].n == 0)
			die("%s: nothing to replay", opt->operands[i]);
	}
}

static void free_captures(struct walk_run *run)
{
	for (size_t i = 0; run->captures && i < run->opt->noperands; i++)
		frames_free(&run->captures[i]);
	free(run->captures);
}

void mode_walk(const struct options *opt, struct tally *tally)
{
	struct walk_run run = {
		.opt = opt, .tally = tally, .coverage = coverage_new()
	};
	uint64_t before = now_mono();

	read_captures(&run);
	for (uint64_t block = 0; run.made < opt->frames; block++) {
		uint64_t left = opt->frames - run.made;

		run_block(&run, block, left < opt->block ? left : opt->block);
	}
	printf("walk of %llu frames from seed %llu in %.1f s\n",
	       (unsigned long long)run.made, (unsigned long long)opt->seed,
	       (double)(now_mono() - before) / (double)NSEC_PER_SEC);
	if (!run.captures && !opt->compose) {
		judge_shares(&run);
		judge_coverage(&run);
	}
	free_captures(&run);
	coverage_free(run.coverage);
}
