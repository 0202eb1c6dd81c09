/* SPDX-License-Identifier: GPL-2.0-only */
/* diff.c - replays captures through both sides. */
#include "modes.h"

#include <stdio.h>
#include <stdlib.h>

#include "block.h"
#include "host.h"
#include "trial.h"
#include "walk.h"

static void one_run(const struct options *opt, const struct setup *setup,
		    const char *path, struct frames *fs, struct tally *tally)
{
	struct trial t;
	char *name;

	if (opt->compose) {
		name = xasprintf("%s, checksums %s", path,
				 setup->checksum ? "verified" : "not verified");
		block_write(opt->compose, name, setup, fs);
		tally->compared += fs->n;
		free(name);
		return;
	}
	trial_run(&t, setup, NULL, fs, NULL, NULL);
	if (trial_failed(&t)) {
		tally->failed++;
		printf("%s, checksums %s: %zu of %zu frames and table lines differ\n",
		       path, setup->checksum ? "verified" : "not verified",
		       t.differences.n, fs->n);
		trial_print(&t, fs, opt->most);
	} else {
		tally->passed++;
	}
	if (!t.broken)
		tally->compared += fs->n;
	tally->differing += t.differences.n;
	trial_free(&t);
	fflush(stdout);
}

static void keep_hosts(const char *address, struct frames *fs,
		       struct tally *tally)
{
	struct host *h = host_new(address);

	if (!h)
		die("%s: expected ADDRESS/PREFIX", address);
	tally->left[LEFT_NOT_HOSTS] += host_filter(h, fs);
	host_free(h);
}

/*
 * Both sides see zeros in place of bytes beyond the snap length, so the
 * checksums of such captures are not verified.
 */
void mode_diff(const struct options *opt, struct tally *tally)
{
	for (size_t i = 0; i < opt->noperands; i++) {
		struct frames fs = { 0 };
		struct setup setup = opt->setup;

		capfile_read(opt->operands[i],
			     opt->families & 1u << FAMILY_FRAG, &fs,
			     tally->left);
		if (setup.host)
			keep_hosts(setup.host, &fs, tally);
		/*
		 * With a host the gaps are kept, which is slow: run it once
		 * only.
		 */
		if (fs.n && !setup.host) {
			setup.checksum = false;
			one_run(opt, &setup, opt->operands[i], &fs, tally);
		}
		if (fs.n && !frames_any_cut(&fs)) {
			setup.checksum = true;
			one_run(opt, &setup, opt->operands[i], &fs, tally);
		}
		frames_free(&fs);
	}
}
