/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/pipeline.h"

#include <malloc.h>

#include "base/thread.h"

#define LARGE_BYTES (512 * 1024)

/*
 * Batch sizes in frames.  With lines or -w: small batches, so that a batch and its text
 * stay in the processor's cache, and no thread waits long for its turn.  Without: large
 * ones, so that a wake-up is amortised.
 */
#define BATCH_SMALL	1024
#define BATCH_LARGE	4096

static const struct pipeline_mode shared = {
	.shared = true,
	.batch_frames = BATCH_SMALL,
	.threads = THREADS_MAX, .batches = BATCHES_MAX,
	.thread_name = "ctreplay:more",
};

/* Two threads parse faster than one tracks. */
static const struct pipeline_mode read_ahead = {
	.shared = false,
	.batch_frames = BATCH_LARGE,
	.threads = 3, .batches = 4,
	.thread_name = "ctreplay:ahead",
};

/* Without lines, but each frame is parsed into two places, and both should stay in
 * the processor's cache until the second engine has seen them. */
static const struct pipeline_mode versus = {
	.shared = false,
	.batch_frames = BATCH_SMALL,
	.threads = 3, .batches = 4,
	.thread_name = "ctreplay:ahead",
};

const struct pipeline_mode *pipeline_mode(const struct options *o)
{
	bool output = o->packets || o->events || o->format == REPORT_TIMESKETCH || o->write;

	/* Differences are few. */
	if (o->versus)
		return &versus;
	return output ? &shared : &read_ahead;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Adaptive mutex: spins briefly before it sleeps (glibc only). */
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

bool pipeline_init(struct pipeline *p, const struct pipeline_mode *mode)
{
	unsigned int threads = least(thread_processors(), mode->threads);
	unsigned int batches = threads == 1 ? 1 : least(mode->batches, 2 * threads);

	p->mode = mode;
	init_lock(&p->lock);
	event_count_init(&p->changes, EVENT_COUNT_SPIN_NS);
	p->nothers = threads - 1;
	schedule_init(&p->schedule, p->batch, batches, threads, mode->shared);
	for (unsigned int i = 0; i < batches; i++)
		if (!batch_init(&p->batch[i], mode->batch_frames, p->printer,
				i == 0 ? &p->printer->report : NULL))
			return false;
	return true;
}

void pipeline_free(struct pipeline *p)
{
	if (!p->mode)
		return;
	for (unsigned int i = 0; i < BATCHES_MAX; i++)
		batch_free(&p->batch[i]);
	event_count_destroy(&p->changes);
	pthread_mutex_destroy(&p->lock);
}

/* The following functions are called with the lock held, and release it while a stage is
 * at work. */

/* Wakes idle threads: there may be something to do. */
static void note_change(struct pipeline *p)
{
	event_count_advance(&p->changes);
}

static void read_and_parse(struct pipeline *p, struct batch *b)
{
	bool more;

	pthread_mutex_unlock(&p->lock);
	more = frame_reader_fill(p->reader, b);

	pthread_mutex_lock(&p->lock);
	schedule_read(&p->schedule, b, more);
	note_change(p);
	pthread_mutex_unlock(&p->lock);
	parser_parse(p->parser, b);

	pthread_mutex_lock(&p->lock);
	schedule_parsed(&p->schedule, b);
	note_change(p);
}

void pipeline_set_origins(struct pipeline *p, bool files, bool interfaces)
{
	for (unsigned int i = 0; i < BATCHES_MAX; i++) {
		struct report *r = p->batch[i].report;

		if (!r)
			continue;
		r->files = files;
		r->interfaces = interfaces;
	}
}

/* The batch's ticket is served until this returns. */
static bool print_batch(struct pipeline *p, struct batch *b)
{
	struct frame_writer *w = &p->tracker->writer;
	bool written = !w->writer || frame_writer_write(w, b);

	return printer_print(b) && written;
}

/* Prints 'b' and then the batches after it that are ready. */
static void print_in_order(struct pipeline *p, struct batch *b)
{
	bool more;

	while (b) {
		pthread_mutex_unlock(&p->lock);
		more = print_batch(p, b);

		pthread_mutex_lock(&p->lock);
		b = schedule_printed(&p->schedule, b,
				     ticket_serving(&p->printer->turn), more);
		note_change(p);
	}
}

static void track_and_print(struct pipeline *p, struct batch *b)
{
	bool more;

	pthread_mutex_unlock(&p->lock);
	more = tracker_track(p->tracker, b);

	pthread_mutex_lock(&p->lock);
	schedule_tracked(&p->schedule, b, more);
	note_change(p);
	pthread_mutex_unlock(&p->lock);
	printer_format(b);

	pthread_mutex_lock(&p->lock);
	print_in_order(p, schedule_formatted(&p->schedule, b,
					     ticket_serving(&p->printer->turn)));
}

static void wait_for_change(struct pipeline *p)
{
	uint64_t next = event_count_read(&p->changes) + 1;

	pthread_mutex_unlock(&p->lock);
	event_count_wait(&p->changes, next);
	pthread_mutex_lock(&p->lock);
}

static void wait_for_printed(struct pipeline *p, uint64_t number)
{
	pthread_mutex_unlock(&p->lock);
	ticket_wait(&p->printer->turn, number);
	pthread_mutex_lock(&p->lock);
}

/* A thread's work: what can be done next, until nothing is left to do. */
static void take_part(struct pipeline *p, unsigned int thread)
{
	struct step step;

	pthread_mutex_lock(&p->lock);
	do {
		step = schedule_next(&p->schedule, thread);
		switch (step.kind) {
		case STEP_READ:
			read_and_parse(p, step.batch);
			break;
		case STEP_TRACK:
			track_and_print(p, step.batch);
			break;
		case STEP_WAIT:
			wait_for_change(p);
			break;
		case STEP_WAIT_PRINTED:
			wait_for_printed(p, step.number);
			break;
		case STEP_FINISHED:
			break;
		}
	} while (step.kind != STEP_FINISHED);
	pthread_mutex_unlock(&p->lock);
}

static void *take_part_in_thread(void *arg)
{
	struct thread *t = arg;

	pthread_setname_np(pthread_self(), t->pipeline->mode->thread_name);
	take_part(t->pipeline, t->number);
	return NULL;
}

/* A thread that decompresses needs a processor.  Where only one is left, one thread does
 * all else in less time than two that share it, and the other. */
static unsigned int count_others(const struct pipeline *p)
{
	unsigned int processors = thread_processors();

	if (!capture_unpacks(p->reader->capture) || processors < 2)
		return p->nothers;
	return least(p->nothers, processors - 2);
}

static void start_others(struct pipeline *p)
{
	unsigned int n = 0;

	/* Threads share one malloc arena: one for each would only cost address space.
	 * A block that is large and grows returns to the system whenever it grows;
	 * glibc would otherwise begin to keep such blocks. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	for (; n < p->nothers; n++) {
		p->other[n] = (struct thread){ .pipeline = p, .number = n + 1 };
		if (!thread_start(&p->other[n].id, take_part_in_thread, &p->other[n]))
			break;
	}
	p->nothers = n;
}

void pipeline_run(struct pipeline *p)
{
	p->nothers = count_others(p);
	if (p->nothers && p->tracker->versus)
		versus_start_thread(p->tracker->versus);
	start_others(p);
	pthread_mutex_lock(&p->lock);
	p->schedule.alone = p->nothers == 0;
	pthread_mutex_unlock(&p->lock);
	take_part(p, 0);
	for (unsigned int i = 0; i < p->nothers; i++)
		pthread_join(p->other[i].id, NULL);
}
