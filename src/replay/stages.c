/* SPDX-License-Identifier: GPL-2.0-only */
/* stages.c - the threads that take batches through the stages. */
#include "replay/run.h"

#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES (512u * 1024)
#define LARGE_BYTES (512 * 1024)

/*
 * Where lines are made, tracking is the smaller part of the work, and whoever
 * waits for its turn does not do so for long; and a batch with its lines should
 * stay within the processor's cache.  Where there are none, tracking is the
 * larger part: the others wait for it longer than it takes to be woken, if only
 * batches are large.  In frames of a batch, and in looks of turn_init().
 */
#define FEW		1024
#define MANY		4096
#define LONG_LOOK	2000
#define SHORT_LOOK	500

/* How many threads there is use for. */
static unsigned int count_works(void)
{
#ifdef CTREPLAY_WORKS	/* in tests */
	return CTREPLAY_WORKS;
#else
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) < 0 ? WORKS :
							      CPU_COUNT(&set);

	return (unsigned int)n < WORKS ? (unsigned int)n : WORKS;
#endif
}

/* The first work's report is the run's own; others begin as copies of it. */
static bool create_work(struct run *run, struct work *w, size_t frames)
{
	w->run = run;
	w->number = (uint64_t)(w - run->work);
	w->frames = frame_batch_create();
	if (w->frames)
		frame_batch_limit(w->frames, frames);
	w->parsed = aligned_alloc(_Alignof(struct parsed),
				  FRAME_BATCH_FRAMES * sizeof(*w->parsed));
	w->report = w == run->work ? &run->report : malloc(sizeof(*w->report));
	if (!page_init(&w->page) || !w->frames || !w->parsed || !w->report)
		return false;
	if (w->report != &run->report)
		report_copy(w->report, &run->report);
	w->report->out.claim = print_claim;
	w->report->out.claim_arg = w;
	return true;
}

bool stages_create(struct run *run)
{
	bool lines = run->lines || run->opt->events;
	unsigned int looks = lines ? LONG_LOOK : SHORT_LOOK;

	turn_init(&run->to_read, looks);
	turn_init(&run->to_track, looks);
	turn_init(&run->to_print, looks);
	run->nworks = count_works();
	for (unsigned int i = 0; i < run->nworks; i++)
		if (!create_work(run, &run->work[i], lines ? FEW : MANY))
			return false;
	run->tracking = &run->work[0];
	return true;
}

void stages_free(struct run *run)
{
	for (unsigned int i = 0; i < WORKS; i++) {
		struct work *w = &run->work[i];

		frame_batch_free(w->frames);
		free(w->parsed);
		page_free(&w->page);
		if (w->report != &run->report)
			free(w->report);
	}
	turn_destroy(&run->to_read);
	turn_destroy(&run->to_track);
	turn_destroy(&run->to_print);
}

/* Batches from reading to printing, every run->nworks'th. */
static void *carry(void *arg)
{
	struct work *w = arg;
	struct run *run = w->run;

	while (read_work(run, w)) {
		parse_work(run, w);
		track_work(run, w);
		print_work(run, w);
		w->number += run->nworks;
	}
	return NULL;
}

static void *carry_in_thread(void *arg)
{
	/* For top(1) and debuggers. */
	pthread_setname_np(pthread_self(), "ctreplay:more");
	return carry(arg);
}

/* False where the system has no thread for us: then there is none. */
static bool begin(struct work *w)
{
	pthread_attr_t attr;
	bool ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	     pthread_create(&w->thread, &attr, carry_in_thread, w) == 0;
	pthread_attr_destroy(&attr);
	return ok;
}

/* All begin to wait for their first turn, so that how many there are is known
 * when it comes. */
static void begin_others(struct run *run)
{
	sigset_t all, old;
	unsigned int n = 1;

	/* An arena for each thread would only cost address space.  What is large
	 * and grows goes back to the system whenever it has grown; glibc would
	 * otherwise begin to keep it. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (n < run->nworks && begin(&run->work[n]))
		n++;
	run->nworks = n;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void stages_run(struct run *run)
{
	begin_others(run);
	carry(&run->work[0]);
	for (unsigned int i = 1; i < run->nworks; i++)
		pthread_join(run->work[i].thread, NULL);
	run->tracking = &run->work[0];
	print_take_over(run, run->tracking);
	run->report.start = run->start;
}
