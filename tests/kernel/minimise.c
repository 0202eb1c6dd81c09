/* SPDX-License-Identifier: GPL-2.0-only */
#include "minimise.h"

#include <string.h>

enum { MOST_TRIALS = 1500, MOST_SECONDS = 90 };

struct search {
	const struct setup *setup;
	struct lab lab;
	bool lab_is_open;
	bool broken;		/* reproduce a failure of ctreplay */
	enum difference_kind kind;	/* or a difference of this kind */
	unsigned int trials;
	uint64_t deadline;
};

/*
 * Emptying the table is faster than a new namespace, but does not drop
 * fragments that wait for the rest of their datagram.
 */
static struct lab *lab_for(struct search *s, const struct frames *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		if (frame_is_fragment(&fs->v[i])) {
			if (s->lab_is_open)
				lab_close(&s->lab);
			s->lab_is_open = false;
			return NULL;
		}
	if (!s->lab_is_open)
		lab_open(&s->lab, s->setup);
	s->lab_is_open = true;
	return &s->lab;
}

static bool still_fails(struct search *s, struct frames *fs)
{
	struct trial t;
	bool fails = false;

	s->trials++;
	trial_run(&t, s->setup, lab_for(s, fs), fs, NULL, NULL);
	if (s->broken)
		fails = t.broken;
	for (size_t i = 0; i < t.differences.n && !s->broken; i++)
		fails = fails || t.differences.v[i].kind == s->kind;
	trial_free(&t);
	return fails;
}

static void without(const struct frames *fs, size_t from, size_t n,
		    struct frames *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < fs->n; i++)
		if (i < from || i >= from + n)
			frames_copy(out, &fs->v[i]);
}

/* One pass: removes 'step' frames at a time; true if any could be removed. */
static bool sweep(struct search *s, struct frames *fs, size_t step)
{
	bool any = false;
	size_t at = 0;

	while (at < fs->n && fs->n > 1) {
		struct frames fewer;

		if (s->trials > MOST_TRIALS || now_mono() > s->deadline)
			return false;
		without(fs, at, step, &fewer);
		if (fewer.n && still_fails(s, &fewer)) {
			frames_free(fs);
			*fs = fewer;
			any = true;
		} else {
			frames_free(&fewer);
			at += step;
		}
	}
	return any;
}

/* The number of frames up to the first that differs; all if none does. */
static size_t first_part(const struct frames *fs, const struct trial *t)
{
	size_t n = fs->n;

	if (t->broken)
		return n;
	for (size_t i = 0; i < t->differences.n; i++)
		if (t->differences.v[i].frame < n)
			n = t->differences.v[i].frame + 1;
	return n;
}

void minimise(const struct setup *setup, const struct frames *fs,
	      const struct trial *failed, struct frames *out)
{
	struct search s = {
		.setup = setup, .broken = failed->broken,
		.deadline = now_mono() + MOST_SECONDS * NSEC_PER_SEC
	};
	size_t n = first_part(fs, failed), step;

	s.kind = failed->differences.n ? failed->differences.v[0].kind
				       : DIFF_STATE;
	without(fs, n, fs->n - n, out);
	for (step = out->n / 2; step; step = step > 1 ? step / 2 : 0)
		while (sweep(&s, out, step) && step == 1)
			;
	if (s.lab_is_open)
		lab_close(&s.lab);
}
