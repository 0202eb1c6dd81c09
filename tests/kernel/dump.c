/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dump.c - prints what the kernel says about captures, or about a walk if there
 * are none, without ctreplay.
 */
#include "modes.h"

#include <stdio.h>
#include <stdlib.h>

#include "inject.h"
#include "walk.h"

static void print_frame(const struct frame *f, const struct verdict *v)
{
	char what[512];

	frame_summary(f, what, sizeof(what));
	printf("%6llu  %-11s %-8s out %u  %s%s%s\n",
	       (unsigned long long)f->source, word_name(v->word),
	       direction_name(v->dir), v->out, what, v->reason ? "  # " : "",
	       v->reason ? v->reason : "");
	if (v->events)
		printf("%s\n", v->events);
}

static void print_lines(const char *heading, const struct lines *ls)
{
	printf("# %s\n", heading);
	for (size_t i = 0; i < ls->n; i++)
		printf("%s\n", ls->v[i]);
}

static void dump(const struct setup *setup, struct frames *fs)
{
	struct kernel_run run;
	struct lab lab;
	uint64_t before;

	lab_open(&lab, setup);
	before = now_mono();
	inject_all(&lab, setup, fs, &run);
	before = now_mono() - before;
	for (size_t i = 0; i < fs->n; i++)
		print_frame(&fs->v[i], &run.verdicts[i]);
	lines_sort(&run.table);
	print_lines("nf_conntrack", &run.table);
	print_lines("nf_conntrack_expect", &run.expect);
	printf("# %zu frames in %.3f s, %u strays\n", fs->n,
	       (double)before / (double)NSEC_PER_SEC, run.strays);
	kernel_run_free(&run);
	lab_close(&lab);
}

static void dump_walk(const struct options *opt, struct tally *tally)
{
	struct frames fs = { 0 };

	walk_make(&fs, opt->seed, opt->frames, opt->families);
	dump(&opt->setup, &fs);
	tally->compared += fs.n;
	tally->passed++;
	frames_free(&fs);
}

void mode_dump(const struct options *opt, struct tally *tally)
{
	if (!opt->noperands)
		dump_walk(opt, tally);
	for (size_t i = 0; i < opt->noperands; i++) {
		struct frames fs = { 0 };

		printf("# %s\n", opt->operands[i]);
		capfile_read(opt->operands[i],
			     opt->families & 1u << FAMILY_FRAG, &fs,
			     tally->left);
		if (fs.n)
			dump(&opt->setup, &fs);
		tally->compared += fs.n;
		tally->passed++;
		frames_free(&fs);
	}
}
