/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.c - what a kernel says to block files, kept in answer files, and
 * ctreplay against such files, for which neither root nor that kernel is
 * needed.
 */
#include "modes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "block.h"
#include "trial.h"
#include "version.h"

/* Operands come in pairs: a block file and the answers to it. */
static void check_pairs(const struct options *opt)
{
	if (opt->noperands % 2)
		die("each block file needs an answer file");
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
	check_pairs(opt);
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

static void judge_block(const struct options *opt, const char *kernel,
			struct packed *in, struct block *b,
			struct tally *tally)
{
	struct kernel_run run;
	struct trial t;

	answers_read(in, b, &run);
	setup_for(opt, kernel, &b->setup);
	trial_recorded(&t, &b->setup, &b->fs, &run, NULL, NULL);
	tally->differing += t.differences.n;
	tally->compared += t.broken ? 0 : b->fs.n;
	if (trial_failed(&t)) {
		tally->failed++;
		printf("%s: %zu differences in %zu frames\n", b->name,
		       t.differences.n, b->fs.n);
		trial_print(&t, &b->fs, opt->most);
		fflush(stdout);
	} else {
		tally->passed++;
	}
	trial_free(&t);
}

static void judge_file(const struct options *opt, const char *blocks,
		       const char *answers, struct tally *tally)
{
	struct setup told = opt->setup;
	struct packed in, from;
	struct block b;
	char *kernel;

	packed_open(&in, blocks);
	packed_open(&from, answers);
	block_file_check(&in);
	kernel = answers_kernel(&from);
	printf("%s: kernel %s\n", answers, kernel);
	version_choose(opt, &told, kernel);
	while (block_read(&in, &b)) {
		judge_block(opt, told.kernel, &from, &b, tally);
		block_free(&b);
	}
	if (packed_line(&from))
		packed_bad(&from, "there are more answers than blocks");
	packed_close(&in);
	packed_close(&from);
	free(kernel);
}

void mode_recorded(const struct options *opt, struct tally *tally)
{
	check_pairs(opt);
	for (size_t i = 0; i < opt->noperands; i += 2)
		judge_file(opt, opt->operands[i], opt->operands[i + 1], tally);
}
