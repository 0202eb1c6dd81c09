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
 * In frames of a batch, and in looks of turn_init().  A batch with its lines should
 * stay within the processor's cache, and who waits for its turn then does not do so
 * for long.  Where there are no lines, who waits may do so for longer than it takes
 * to be woken, if only batches are large.
 */
#define FEW		1024
#define MANY		4096
#define LONG_LOOK	2000
#define SHORT_LOOK	500

/* Threads that read ahead: two parse faster than one tracks. */
#define AHEAD		2u

/* How many threads there is use for. */
static unsigned int count_threads(void)
{
#ifdef CTREPLAY_THREADS	/* in tests */
	return CTREPLAY_THREADS;
#else
	cpu_set_t set;
	unsigned int n = THREADS;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = (unsigned int)CPU_COUNT(&set);
	return n < THREADS ? n : THREADS;
#endif
}

/* The first work's report is the run's own; others begin as copies of it. */
static bool create_work(struct run *run, struct work *w, size_t frames)
{
	w->run = run;
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

/* One that is looked at for a while before a thread sleeps, where there is such. */
static void init_lock(pthread_mutex_t *lock)
{
#ifdef __GLIBC__
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(lock, &attr);
	pthread_mutexattr_destroy(&attr);
#else
	pthread_mutex_init(lock, NULL);
#endif
}

static bool makes_lines(const struct run *run)
{
	return run->lines || run->opt->events;
}

bool stages_create(struct run *run)
{
	bool lines = makes_lines(run);
	unsigned int looks = lines ? LONG_LOOK : SHORT_LOOK;
	unsigned int threads = count_threads();

	init_lock(&run->read_lock);
	turn_init(&run->parsed, looks);
	turn_init(&run->to_track, looks);
	turn_init(&run->to_print, looks);
	run->nthreads = threads - 1;
	run->nworks = threads;
	if (!lines && threads > 1) {
		run->nworks = WORKS;
		if (run->nthreads > AHEAD)
			run->nthreads = AHEAD;
	}
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
	pthread_mutex_destroy(&run->read_lock);
	turn_destroy(&run->parsed);
	turn_destroy(&run->to_track);
	turn_destroy(&run->to_print);
}

/* The work for the next batch that is read ahead: they take turns.  Where none is
 * done with, there is time to sleep until half of them are. */
static struct work *next_work(struct run *run)
{
	uint64_t number = run->batches;

	if (number >= run->nworks &&
	    !turn_has_come(&run->to_print, number - run->nworks + 1))
		turn_await(&run->to_print, number - run->nworks / 2);
	return &run->work[number % run->nworks];
}

/* Reads the next batch into 'w', or ahead, into the next work, where that is NULL.
 * The work; NULL: there are no more batches. */
static struct work *read_next(struct run *run, struct work *w)
{
	pthread_mutex_lock(&run->read_lock);
	if (run->ended) {
		w = NULL;
	} else {
		if (!w)
			w = next_work(run);
		read_work(run, w);
	}
	pthread_mutex_unlock(&run->read_lock);
	return w;
}

/* Takes a batch that was read, and those that are left, to printing. */
static void carry(struct run *run, struct work *w)
{
	do {
		parse_work(run, w);
		turn_await(&run->to_track, w->number);
		track_work(run, w);
		print_work(run, w);
	} while (read_next(run, w));
}

static void *carry_in_thread(void *arg)
{
	struct work *w = arg;

	/* For top(1) and debuggers. */
	pthread_setname_np(pthread_self(), "ctreplay:more");
	if (read_next(w->run, w))
		carry(w->run, w);
	return NULL;
}

static void *read_ahead(void *arg)
{
	struct run *run = arg;
	struct work *w;

	pthread_setname_np(pthread_self(), "ctreplay:ahead");
	while ((w = read_next(run, NULL))) {
		parse_work(run, w);
		turn_await(&run->parsed, w->number);
		turn_pass(&run->parsed);
	}
	return NULL;
}

/* Takes the batches that others have parsed. */
static void track_all(struct run *run)
{
	bool last = false;

	for (uint64_t number = 0; !last; number++) {
		struct work *w = &run->work[number % run->nworks];

		turn_await(&run->parsed, number + 1);
		/* Once it is printed, others have it. */
		last = w->last;
		track_work(run, w);
		print_work(run, w);
	}
}

/* False where the system has no thread for us. */
static bool begin(pthread_t *thread, void *(*what)(void *), void *arg)
{
	pthread_attr_t attr;
	bool ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	     pthread_create(thread, &attr, what, arg) == 0;
	pthread_attr_destroy(&attr);
	return ok;
}

/* Each with a work of its own, but for the first, the calling thread's; or all
 * with all. */
static void begin_others(struct run *run, bool lines)
{
	void *(*what)(void *) = lines ? carry_in_thread : read_ahead;
	sigset_t all, old;
	unsigned int n = 0;

	/* An arena for each thread would only cost address space.  What is large
	 * and grows goes back to the system whenever it has grown; glibc would
	 * otherwise begin to keep it. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (n < run->nthreads &&
	       begin(&run->thread[n], what,
		     lines ? (void *)&run->work[n + 1] : run))
		n++;
	run->nthreads = n;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void stages_run(struct run *run)
{
	bool lines = makes_lines(run), ahead;

	/* What has been printed before is with the first work, so the first batch
	 * is its own. */
	pthread_mutex_lock(&run->read_lock);
	begin_others(run, lines);
	ahead = !lines && run->nthreads;
	if (!ahead)
		read_work(run, &run->work[0]);
	pthread_mutex_unlock(&run->read_lock);
	if (ahead)
		track_all(run);
	else
		carry(run, &run->work[0]);
	for (unsigned int i = 0; i < run->nthreads; i++)
		pthread_join(run->thread[i], NULL);
	run->tracking = &run->work[0];
	print_take_over(run, run->tracking);
	run->report.start = run->start;
}
