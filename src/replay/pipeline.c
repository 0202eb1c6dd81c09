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
 * In frames of a batch, and in looks of ticket_init().  A batch with its lines should
 * stay within the processor's cache, and who waits for its turn then does not do so
 * for long.  Where there are no lines, who waits may do so for longer than it takes
 * to be woken, if only batches are large.
 */
#define FEW		1024
#define MANY		4096
#define LONG_LOOK	2000
#define SHORT_LOOK	500

/* Threads that read ahead, since two parse faster than one tracks; and works. */
#define AHEAD		2u
#define WORKS_AHEAD	4u

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
static bool create_work(struct run *run, struct batch *w, size_t frames)
{
	w->run = run;
	w->frames = frame_batch_create();
	if (w->frames)
		frame_batch_limit(w->frames, frames);
	w->parsed = aligned_alloc(_Alignof(struct parsed),
				  FRAME_BATCH_FRAMES * sizeof(*w->parsed));
	w->report = w == run->work ? &run->report : malloc(sizeof(*w->report));
	if (!records_init(&w->page) || !w->frames || !w->parsed || !w->report)
		return false;
	if (w->report != &run->report)
		report_copy(w->report, &run->report);
	w->report->out.claim = print_claim_output;
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

bool pipeline_create(struct run *run)
{
	bool lines = makes_lines(run);
	unsigned int looks = lines ? LONG_LOOK : SHORT_LOOK;
	unsigned int threads = count_threads();

	init_lock(&run->lock);
	ticket_init(&run->changes, looks);
	ticket_init(&run->to_print, looks);
	run->nthreads = threads - 1;
	if (!lines && run->nthreads > AHEAD)
		run->nthreads = AHEAD;
	run->nworks = threads == 1 ? 1 : lines ? 2 * threads : WORKS_AHEAD;
	for (unsigned int i = 0; i < run->nworks; i++) {
		run->work[i].thread = i % threads;
		if (!create_work(run, &run->work[i], lines ? FEW : MANY))
			return false;
	}
	run->tracking = &run->work[0];
	return true;
}

void pipeline_free(struct run *run)
{
	for (unsigned int i = 0; i < WORKS; i++) {
		struct batch *w = &run->work[i];

		frame_batch_free(w->frames);
		free(w->parsed);
		records_free(&w->page);
		if (w->report != &run->report)
			free(w->report);
	}
	pthread_mutex_destroy(&run->lock);
	ticket_destroy(&run->changes);
	ticket_destroy(&run->to_print);
}

/* What follows is called with the lock, and gives it up while a stage is at work. */

/* There may be something to do for who has nothing. */
static void note_change(struct run *run)
{
	ticket_advance(&run->changes);
}

/* Where the batch of that number is, from parsing until it is printed. */
static struct batch **place_of(struct run *run, uint64_t number)
{
	return &run->parsed[number % WORKS];
}

/* That batch; NULL before and after. */
static struct batch *find_parsed(struct run *run, uint64_t number)
{
	struct batch *w = *place_of(run, number);

	return w && w->number == number ? w : NULL;
}

/* Whether there are no more batches. */
static bool all_read(const struct run *run)
{
	return !run->is_reading && run->ended;
}

/* Whether the thread would wait for a pipe, while what comes from it before is parsed
 * and nobody else may track that. */
static bool must_not_wait(const struct run *run, unsigned int thread)
{
	return thread == 0 && run->nthreads > 0 && !makes_lines(run) &&
	       capture_waits(run->capture);
}

/* A work for the next batch, if nobody is reading: as a rule one that the thread has
 * read into before, whose memory is in its processor's cache.  What was printed before
 * the first batch is with the first work, so that batch is its own. */
static struct batch *next_to_read(struct run *run, unsigned int thread)
{
	struct batch *other = NULL;

	if (run->is_reading || run->ended || must_not_wait(run, thread))
		return NULL;
	if (run->batches == 0)
		return &run->work[0];
	for (unsigned int i = 0; i < run->nworks; i++) {
		struct batch *w = &run->work[i];

		if (w->taken)
			continue;
		if (w->thread == thread)
			return w;
		other = w;
	}
	return other;
}

static void read_and_parse(struct run *run, struct batch *w, unsigned int thread)
{
	run->is_reading = w->taken = true;
	w->worded = false;
	w->thread = thread;
	pthread_mutex_unlock(&run->lock);
	reader_fill_batch(run, w);

	pthread_mutex_lock(&run->lock);
	run->is_reading = false;
	note_change(run);
	pthread_mutex_unlock(&run->lock);
	parse_batch(run, w);

	pthread_mutex_lock(&run->lock);
	*place_of(run, w->number) = w;
	note_change(run);
}

/* The batch that is to be tracked next, if nobody is tracking. */
static struct batch *next_to_track(struct run *run)
{
	return run->is_tracking ? NULL : find_parsed(run, run->tracked);
}

/* If it is the batch's turn; and then those behind it that are ready, whose threads
 * have not waited for theirs. */
static void print_worded(struct run *run, struct batch *w)
{
	uint64_t number = w->number;

	while (w && w->worded && ticket_reached(&run->to_print, number)) {
		*place_of(run, number) = NULL;
		pthread_mutex_unlock(&run->lock);
		print_batch(run, w);

		pthread_mutex_lock(&run->lock);
		w->taken = false;
		note_change(run);
		w = find_parsed(run, ++number);
	}
}

/* Who has tracked a batch makes its lines at once: so lines are begun in the order of
 * the batches, and who must write some before the end, and waits until all batches in
 * front are printed, waits for threads that are at work. */
static void track_and_print(struct run *run, struct batch *w)
{
	run->is_tracking = true;
	pthread_mutex_unlock(&run->lock);
	track_batch(run, w);

	pthread_mutex_lock(&run->lock);
	run->is_tracking = false;
	run->tracked++;
	note_change(run);
	pthread_mutex_unlock(&run->lock);
	format_batch(run, w);

	pthread_mutex_lock(&run->lock);
	w->worded = true;
	print_worded(run, w);
}

/* Who only reads ahead, and has no work for it, has time to sleep until all but one
 * are done with: being woken costs as much as several hundred packets. */
static void wait_for_more(struct run *run, bool tracks)
{
	struct ticket *turn = &run->changes;
	uint64_t number = turn->called + 1;

	if (!tracks && !run->is_reading) {
		turn = &run->to_print;
		number = run->batches - 1;
	}
	pthread_mutex_unlock(&run->lock);
	ticket_wait(turn, number);
	pthread_mutex_lock(&run->lock);
}

/* A thread's part in it all: what can be done next, until nothing is left to do.
 * Tracking goes before reading, since nothing else can be waited for longer. */
static void take_part(struct run *run, unsigned int thread, bool tracks)
{
	struct batch *w;

	pthread_mutex_lock(&run->lock);
	for (;;) {
		if (tracks && (w = next_to_track(run)))
			track_and_print(run, w);
		else if ((w = next_to_read(run, thread)))
			read_and_parse(run, w, thread);
		else if (all_read(run) && (!tracks || run->tracked == run->batches))
			break;
		else
			wait_for_more(run, tracks);
	}
	pthread_mutex_unlock(&run->lock);
}

static void *take_part_in_thread(void *arg)
{
	struct thread *t = arg;
	bool lines = makes_lines(t->run);

	/* For top(1) and debuggers. */
	pthread_setname_np(pthread_self(), lines ? "ctreplay:more" : "ctreplay:ahead");
	take_part(t->run, t->number, lines);
	return NULL;
}

/* False where the system has no thread for us. */
static bool begin(struct thread *t)
{
	pthread_attr_t attr;
	bool ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	     pthread_create(&t->id, &attr, take_part_in_thread, t) == 0;
	pthread_attr_destroy(&attr);
	return ok;
}

static void begin_others(struct run *run)
{
	sigset_t all, old;
	unsigned int n = 0;

	/* An arena for each thread would only cost address space.  What is large
	 * and grows goes back to the system whenever it has grown; glibc would
	 * otherwise begin to keep it. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (n < run->nthreads) {
		run->thread[n] = (struct thread){ .run = run, .number = n + 1 };
		if (!begin(&run->thread[n]))
			break;
		n++;
	}
	run->nthreads = n;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void pipeline_run(struct run *run)
{
	begin_others(run);
	take_part(run, 0, true);
	for (unsigned int i = 0; i < run->nthreads; i++)
		pthread_join(run->thread[i].id, NULL);
	run->tracking = &run->work[0];
	print_take_over(run, run->tracking);
	run->report.start = run->start;
}
