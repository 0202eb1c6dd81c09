/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pipeline_model.h - threads of the pipeline without threads: a step of a simulated
 * thread is a function call, so a test says in which order threads are at work, or
 * tries all orders that there are.
 *
 * A step takes a thread from where it holds the lock to where it holds it again, as
 * take_part() in pipeline.c does.  Where a rule of the pipeline is broken, the step
 * fails: stages keep the order of the input, a batch belongs to one thread, and one
 * thread at a time reads, tracks, prints.
 */
#ifndef PIPELINE_MODEL_H
#define PIPELINE_MODEL_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/schedule.h"

#define MODEL_THREADS 3u
#define MODEL_BATCHES 4u

enum activity {
	STARTING, READING, PARSING, TRACKING, FORMATTING, PRINTING,
	RELEASING,	/* printed, the next ticket is served, the batch not free yet */
	WAITING, SLEEPING, FINISHED
};

struct model_thread {
	enum activity does;
	unsigned int batch;	/* index; while it has one */
	bool woken;		/* WAITING: the schedule has changed since */
	uint64_t number;	/* SLEEPING: until this number of batches is printed */
};

/* What happens in this world; constant. */
struct story {
	bool shared;
	unsigned int threads, batches;
	uint64_t input;		/* the capture has this number of batches */
	bool live;		/* a batch comes when those before it are printed */
	bool full_tracking, full_formatting;	/* a buffer fills in that stage */
	uint64_t no_memory, write_error;	/* in the batch of that number, from 1 */
};

struct world {
	const struct story *story;
	struct schedule schedule;
	struct batch batch[MODEL_BATCHES];
	struct model_thread thread[MODEL_THREADS];
	uint64_t served;	/* the ticket */
	uint64_t formats, prints;	/* begun */
};

void model_begin(struct world *w, const struct story *story);

/* Whether the thread has something to do and need not wait for others. */
bool model_can_step(const struct world *w, const struct model_thread *t);
void model_step(struct world *w, struct model_thread *t);

/* All batches are printed, and all threads have come to their end. */
void model_assert_done(const struct world *w);

/*
 * Takes every step that a thread can take, and every step after it, to all ends: each
 * must be model_assert_done().  The number of different worlds on the way.
 */
size_t model_explore(const struct story *story);

#endif
