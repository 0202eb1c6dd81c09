/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.c - what a kernel says to block files, kept in answer files; and
 * ctreplay, or another kernel's answers, against such files, for which neither
 * root nor that kernel is needed.
 */
#include "modes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "block.h"
#include "coverage.h"
#include "trial.h"
#include "version.h"

/* A block file and one or two files of answers to it, again and again. */
static void check_operands(const struct options *opt, size_t together)
{
	if (opt->noperands % together)
		die("each block file needs %s", together == 2
		    ? "an answer file" : "two answer files");
}

/*
 * A namespace takes a second to set up under emulation, so that a block gets
 * the one of the block before where the settings are the same.
 */
struct recorder {
	struct lab lab;
	char *settings;		/* of the open lab; NULL: none is open */
	bool fragments;		/* it may hold some that wait for others */
};

static bool any_fragment(const struct frames *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		if (frame_is_fragment(&fs->v[i]))
			return true;
	return false;
}

static void leave_lab(struct recorder *r)
{
	if (r->settings)
		lab_close(&r->lab);
	free(r->settings);
	r->settings = NULL;
}

static void enter_lab(struct recorder *r, const struct block *b)
{
	if (r->settings && !r->fragments && !b->host &&
	    !strcmp(r->settings, b->settings)) {
		lab_flush(&r->lab);
		lab_checksum(&b->setup);
	} else {
		leave_lab(r);
		lab_open(&r->lab, &b->setup);
		r->settings = xstrdup(b->settings);
	}
	r->fragments = any_fragment(&b->fs);
}

static void record_block(struct recorder *r, struct block *b, FILE *out)
{
	struct kernel_run run;

	enter_lab(r, b);
	inject_all(&r->lab, &b->setup, &b->fs, &run);
	answers_write(out, b, &run);
	kernel_run_free(&run);
}

static void record_file(const char *blocks, const char *answers,
			struct tally *tally)
{
	FILE *out = fopen(answers, "we");
	struct recorder r = { .settings = NULL };
	struct packed in;
	struct block b;

	if (!out)
		die("%s: %s", answers, strerror(errno));
	packed_open(&in, blocks);
	block_file_check(&in);
	answers_start(out);
	while (block_read(&in, &b)) {
		record_block(&r, &b, out);
		tally->compared += b.fs.n;
		tally->passed++;
		block_free(&b);
	}
	leave_lab(&r);
	packed_close(&in);
	if (fclose(out))
		die("%s: %s", answers, strerror(errno));
}

void mode_record(const struct options *opt, struct tally *tally)
{
	check_operands(opt, 2);
	for (size_t i = 0; i < opt->noperands; i += 2)
		record_file(opt->operands[i], opt->operands[i + 1], tally);
}

static void setup_for(const struct options *opt, const char *kernel,
		      struct setup *setup)
{
	setup->kernel = kernel;
	setup->program = opt->setup.program;
	setup->program_args = opt->setup.program_args;
	setup->nprogram_args = opt->setup.nprogram_args;
	setup->events = setup->events && opt->setup.events;
}

/* Ends the program after the first block that differs, with --first. */
static void report(const struct options *opt, const struct block *b,
		   const struct trial *t, struct tally *tally)
{
	tally->differing += t->differences.n;
	tally->compared += t->broken ? 0 : b->fs.n;
	if (!trial_failed(t)) {
		tally->passed++;
		return;
	}
	tally->failed++;
	printf("%s: %zu differences in %zu frames\n", b->name,
	       t->differences.n, b->fs.n);
	trial_print(t, &b->fs, opt->most);
	fflush(stdout);
	if (opt->first)
		exit(1);
}

/* A block file with answers to it. */
struct answers {
	struct packed file;
	char *kernel;
};

static void open_answers(struct answers *a, const char *path)
{
	packed_open(&a->file, path);
	a->kernel = answers_kernel(&a->file);
	printf("%s: kernel %s\n", path, a->kernel);
}

static void close_answers(struct answers *a)
{
	if (packed_line(&a->file))
		packed_bad(&a->file, "there are more answers than blocks");
	packed_close(&a->file);
	free(a->kernel);
}

static void judge_file(const struct options *opt, const char *blocks,
		       const char *answers, struct coverage *coverage,
		       struct tally *tally)
{
	struct setup told = opt->setup;
	struct kernel_run run;
	struct answers from;
	struct packed in;
	struct block b;
	struct trial t;

	packed_open(&in, blocks);
	block_file_check(&in);
	open_answers(&from, answers);
	version_choose(opt, &told, from.kernel);
	while (block_read(&in, &b)) {
		answers_read(&from.file, &b, &run);
		setup_for(opt, told.kernel, &b.setup);
		coverage_restart(coverage, &b.fs);
		trial_recorded(&t, &b.setup, &b.fs, &run, coverage_packet,
			       coverage);
		report(opt, &b, &t, tally);
		trial_free(&t);
		block_free(&b);
	}
	packed_close(&in);
	close_answers(&from);
}

void mode_recorded(const struct options *opt, struct tally *tally)
{
	struct coverage *coverage = coverage_new();

	check_operands(opt, 2);
	for (size_t i = 0; i < opt->noperands; i += 2)
		judge_file(opt, opt->operands[i], opt->operands[i + 1],
			   coverage, tally);
	if (opt->coverage)
		coverage_print(coverage);
	coverage_free(coverage);
}

/* Seconds from the first frame to the last. */
static uint64_t duration(const struct frames *fs)
{
	return fs->n ? (fs->v[fs->n - 1].sent - fs->v[0].sent) / NSEC_PER_SEC
		     : 0;
}

/* The slower recording has fewer seconds left in its tables. */
static void versus_block(const struct options *opt, struct block *b,
			 struct answers answers[2], struct tally *tally)
{
	struct kernel_run runs[2];
	uint64_t seconds[2];
	struct trial t;

	for (unsigned int i = 0; i < 2; i++) {
		answers_read(&answers[i].file, b, &runs[i]);
		seconds[i] = duration(&b->fs);
	}
	runs[0].table_lag += seconds[0];
	runs[0].expect_lag += seconds[0];
	runs[1].table_lag += seconds[1];
	runs[1].expect_lag += seconds[1];
	trial_kernels(&t, &b->setup, &b->fs, &runs[0], &runs[1]);
	report(opt, b, &t, tally);
	trial_free(&t);
}

/*
 * Blocks in real time are left out: no two runs take the same time.  For the
 * same reason a slow machine may show differences where seconds count.
 */
static void versus_file(const struct options *opt, const char *const *paths,
			struct tally *tally)
{
	struct answers answers[2];
	struct kernel_run skipped;
	struct packed in;
	struct block b;

	packed_open(&in, paths[0]);
	block_file_check(&in);
	open_answers(&answers[0], paths[1]);
	open_answers(&answers[1], paths[2]);
	compare_names(version_of(answers[0].kernel),
		      version_of(answers[1].kernel));
	while (block_read(&in, &b)) {
		if (!b.setup.expiry)
			versus_block(opt, &b, answers, tally);
		for (unsigned int i = 0; i < 2 && b.setup.expiry; i++) {
			answers_read(&answers[i].file, &b, &skipped);
			kernel_run_free(&skipped);
		}
		block_free(&b);
	}
	packed_close(&in);
	close_answers(&answers[0]);
	close_answers(&answers[1]);
}

void mode_versus(const struct options *opt, struct tally *tally)
{
	check_operands(opt, 3);
	for (size_t i = 0; i < opt->noperands; i += 3)
		versus_file(opt, opt->operands + i, tally);
}
