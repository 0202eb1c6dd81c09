/* SPDX-License-Identifier: GPL-2.0-only */
#include "trial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"

static void kernel_side(struct trial *t, const struct setup *setup,
			struct lab *lab, struct frames *fs)
{
	struct lab own;

	if (lab) {
		lab_flush(lab);
		inject_all(lab, setup, fs, &t->kernel);
		return;
	}
	lab_open(&own, setup);
	inject_all(&own, setup, fs, &t->kernel);
	lab_close(&own);
}

/* The other side's words besides those about packets. */
struct replayed {
	struct sections s;
	uint64_t table_lag, expect_lag;
};

static void replay_side(struct trial *t, const struct setup *setup,
			const struct frames *fs, uint32_t stretch,
			struct replayed *r, replay_packet *fn, void *arg)
{
	char *path = xasprintf("%s/frames.pcap", guard_tmpdir());

	if (frames_write_stretched(fs, path, stretch))
		die("%s: %s", path, strerror(errno));
	t->broken = replay_packets(setup, path, t->replay, t->n, fn, arg);
	if (!t->broken)
		t->broken = replay_sections(setup, path, &r->s);
	free(path);
}

static void compare_all(struct trial *t, const struct setup *setup,
			const struct frames *fs, const struct replayed *r)
{
	const uint64_t table_lag[2] = { t->kernel.table_lag, r->table_lag };
	const uint64_t expect_lag[2] = { t->kernel.expect_lag, r->expect_lag };

	compare_frames(fs, t->kernel.verdicts, t->replay, &t->differences);
	compare_tables(&t->kernel.table, &r->s.table, DIFF_TABLE, table_lag,
		       fs->n, &t->differences);
	compare_tables(&t->kernel.expect, &r->s.expect, DIFF_EXPECT, expect_lag,
		       fs->n, &t->differences);
	/*
	 * A SIP registration may expire at once; the kernel removes its
	 * expectation when it next meets it, so the order differs as it does
	 * with expiry.
	 */
	if (setup->events)
		compare_events(&t->kernel.events, t->kernel.late, &r->s.events,
			       setup->expiry || setup->helpers, fs->n,
			       &t->differences);
}

static void judge_once(struct trial *t, const struct setup *setup,
		       const struct frames *fs, uint32_t stretch,
		       replay_packet *fn, void *arg)
{
	struct replayed r;

	memset(&r, 0, sizeof(r));
	t->n = fs->n;
	t->replay = verdicts_new(fs->n);
	replay_side(t, setup, fs, stretch, &r, fn, arg);
	if (!t->broken)
		compare_all(t, setup, fs, &r);
	lines_free(&r.s.table);
	lines_free(&r.s.expect);
	lines_free(&r.s.events);
}

static void forget_replay(struct trial *t)
{
	verdicts_free(t->replay, t->n);
	differences_free(&t->differences);
	free(t->broken);
}

/*
 * The kernel's clock counts jiffies of 4 ms.  An entry of 3 s is over after
 * 2.996 to 3 s (nf_ct_is_expired()), a UDP flow is a stream after 2 to 2.004 s
 * (nf_conntrack_udp_packet()): which of these depends on when the jiffy began,
 * and that no one knows.  So a block that differs is replayed as if 3 s, or 1 s,
 * the timeouts of walks with expiry, had been 4 ms longer, and as if those 2 s
 * had been shorter.  It counts as the same if one of these replays is the same
 * from the first frame to the tables.
 */
static void judge(struct trial *t, const struct setup *setup,
		  const struct frames *fs, replay_packet *fn, void *arg)
{
	static const uint32_t stretches[] = { 10014, 10040, 9980 };

	judge_once(t, setup, fs, 10000, fn, arg);
	for (size_t i = 0; t->differences.n && i < ARRAY_SIZE(stretches); i++) {
		struct trial other = *t;

		memset(&other.differences, 0, sizeof(other.differences));
		judge_once(&other, setup, fs, stretches[i], NULL, NULL);
		if (other.broken || other.differences.n) {
			forget_replay(&other);
			continue;
		}
		forget_replay(t);
		*t = other;
	}
}

void trial_run(struct trial *t, const struct setup *setup, struct lab *lab,
	       struct frames *fs, replay_packet *fn, void *arg)
{
	memset(t, 0, sizeof(*t));
	kernel_side(t, setup, lab, fs);
	judge(t, setup, fs, fn, arg);
}

void trial_recorded(struct trial *t, const struct setup *setup,
		    const struct frames *fs, struct kernel_run *run,
		    replay_packet *fn, void *arg)
{
	memset(t, 0, sizeof(*t));
	t->kernel = *run;
	memset(run, 0, sizeof(*run));
	judge(t, setup, fs, fn, arg);
}

/* A kernel's verdicts as ctreplay would print them. */
static void as_replayed(struct verdict *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		v[i].dropped = !v[i].out;
		if (v[i].reason)
			v[i].code = xstrdup("of the kernel");
	}
}

void trial_kernels(struct trial *t, const struct setup *setup,
		   const struct frames *fs, struct kernel_run *first,
		   struct kernel_run *second)
{
	struct replayed r = {
		{ second->table, second->expect, second->events },
		second->table_lag, second->expect_lag
	};

	memset(t, 0, sizeof(*t));
	t->n = fs->n;
	t->kernel = *first;
	t->replay = second->verdicts;
	as_replayed(t->replay, t->n);
	compare_all(t, setup, fs, &r);
	lines_free(&r.s.table);
	lines_free(&r.s.expect);
	lines_free(&r.s.events);
	memset(first, 0, sizeof(*first));
	memset(second, 0, sizeof(*second));
}

void trial_free(struct trial *t)
{
	kernel_run_free(&t->kernel);
	verdicts_free(t->replay, t->n);
	differences_free(&t->differences);
	free(t->broken);
	memset(t, 0, sizeof(*t));
}

bool trial_failed(const struct trial *t)
{
	return t->broken || t->differences.n || t->kernel.strays;
}

void trial_print(const struct trial *t, const struct frames *fs, size_t most)
{
	char what[512];

	if (t->broken)
		printf("  %s\n", t->broken);
	if (t->kernel.strays)
		printf("  %u unexpected frames left the bridge\n",
		       t->kernel.strays);
	for (size_t i = 0; i < t->differences.n && i < most; i++) {
		const struct difference *d = &t->differences.v[i];

		if (d->kind >= DIFF_TABLE) {
			printf("  %s: %s\n", difference_name(d->kind), d->text);
			continue;
		}
		frame_summary(&fs->v[d->frame], what, sizeof(what));
		printf("  frame %llu (%zu of the run) differs in %s: %s\n    %s\n",
		       (unsigned long long)fs->v[d->frame].source,
		       d->frame + 1, difference_name(d->kind), d->text, what);
	}
	if (t->differences.n > most)
		printf("  ... and %zu more\n", t->differences.n - most);
}
