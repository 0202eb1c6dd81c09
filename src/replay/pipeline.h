/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pipeline.h - the threads, which take batches of frames through the stages.
 *
 *	reader	    frames of the captures
 *	parser	    all that needs nothing but the frame itself
 *	tracker	    the clock, reassembly, the engine, the counts, which frames -w writes
 *	printer	    results become lines (formatting), and lines and frames output (printing)
 *
 * Each stage gets the batches in the order of the input.  The reader, the tracker and
 * printing are for one thread at a time, parsing and formatting for any number of
 * threads: no result depends on which thread is faster.
 *
 * There are more batches than threads, and a thread that is done with one stage does
 * whatever can be done next, so no thread waits while there is something to do.
 *
 * Of the modes, the first is for packet lines, events and -w: any thread does
 * anything.  Without output, tracking is at least half of the work.  Then it stays with
 * the calling thread, and the table in its processor's cache, while the other threads
 * read and parse ahead; the calling thread reads as well when it has nothing to track.
 *
 * Only the calling thread gets signals; a thread that waits for a pipe learns of them
 * through stop.h.
 */
#ifndef REPLAY_PIPELINE_H
#define REPLAY_PIPELINE_H 1

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/event_count.h"
#include "replay/parser.h"
#include "replay/printer.h"
#include "replay/reader.h"
#include "replay/schedule.h"
#include "replay/tracker.h"

/* More threads do not help: tracking, for one at a time, is at least a quarter of the
 * work. */
#define THREADS_MAX	4u
/* Twice as many batches: one that a thread has, and one that waits. */
#define BATCHES_MAX	(2 * THREADS_MAX)

struct pipeline_mode {
	bool shared;			/* as in struct schedule */
	size_t batch_frames;
	unsigned int threads;		/* at most, with the calling one */
	unsigned int batches;		/* at most */
	const char *thread_name;	/* of the others, for top(1) and debuggers */
};

struct pipeline;

struct thread {
	struct pipeline *pipeline;
	unsigned int number;		/* the calling one is 0 */
	pthread_t id;
};

struct pipeline {
	/* Constant while threads run.  Each stage belongs to the threads that the
	 * schedule lets in. */
	const struct pipeline_mode *mode;
	struct frame_reader *reader;
	const struct parser *parser;
	struct tracker *tracker;
	struct printer *printer;

	/* Protects the schedule.  Never held while a stage is at work. */
	pthread_mutex_t lock;
	struct schedule schedule;
	struct event_count changes;	/* of the schedule; advanced with the lock held */
	struct batch batch[BATCHES_MAX];

	unsigned int nothers;		/* threads beside the calling one */
	struct thread other[THREADS_MAX - 1];
};

const struct pipeline_mode *pipeline_mode(const struct options *o);

/* The caller has set the stages.  False: no memory; pipeline_free() must still be
 * called. */
bool pipeline_init(struct pipeline *p, const struct pipeline_mode *mode);
void pipeline_free(struct pipeline *p);

/* Which of the two records of packets name; before pipeline_run(). */
void pipeline_set_origins(struct pipeline *p, bool files, bool interfaces);

/* Returns when all frames are printed. */
void pipeline_run(struct pipeline *p);

#endif
