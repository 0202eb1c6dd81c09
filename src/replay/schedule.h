/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * schedule.h - which thread does what next.
 *
 * The schedule knows no threads, locks or clocks: its functions look at the states of
 * the batches, decide, and note what has begun or ended.  The pipeline calls them with
 * its lock held; tests call them in any order that threads could.
 *
 *	read	one batch at a time, in the order of the input
 *	track	one batch at a time, in that order, once a batch is parsed
 *	format	by the thread that tracked the batch, at once
 *	print	one batch at a time, in that order
 *
 * Batches therefore begin formatting in order.  So a thread that must write in the
 * middle of tracking or formatting, because a buffer is full, and waits for the batches
 * before its own to be printed, waits only for threads that are running: no deadlock.
 *
 * 'serving' below is the ticket that the printer serves (printer.h), which is the number
 * of batches that are printed.  It is read with the lock held, but advances without: so a
 * thread that was waiting for its batch's ticket may go on, and print, before the thread
 * that printed the batch before has told the schedule.
 *
 *	0 <= serving <= tracked <= begun
 *
 * are numbers of batches, and each batch in between is in one of the struct batch.
 */
#ifndef REPLAY_SCHEDULE_H
#define REPLAY_SCHEDULE_H 1

#include <stdbool.h>
#include <stdint.h>

#include "replay/batch.h"

struct schedule {
	/* Constant while threads run. */
	struct batch *batch;
	unsigned int nbatches;
	bool shared;		/* any thread tracks; else only thread 0 */
	bool alone;		/* there is only thread 0 */

	uint64_t begun, tracked;	/* batches */
	bool reading;		/* a thread is */
	bool ended;		/* no more batches are begun */
	bool read_waits;	/* reading the next batch may block on a pipe */
};

enum step_kind {
	STEP_READ,		/* fill 'batch', and parse it */
	STEP_TRACK,		/* track 'batch', and format it */
	STEP_WAIT,		/* until another thread has changed the schedule */
	STEP_WAIT_PRINTED,	/* until 'number' batches are printed */
	STEP_FINISHED,		/* nothing is left to do for this thread */
};

struct step {
	enum step_kind kind;
	struct batch *batch;
	uint64_t number;
};

/* 'batch' are 'nbatches' free ones, spread over the threads by last_reader. */
void schedule_init(struct schedule *s, struct batch *batch, unsigned int nbatches,
		   unsigned int nthreads, bool shared);

/* What the thread does next: it has begun when this returns. */
struct step schedule_next(struct schedule *s, unsigned int thread);

/* The batch is read.  'more': others may follow. */
void schedule_read(struct schedule *s, struct batch *b, bool more);
void schedule_parsed(struct schedule *s, struct batch *b);
/* 'more': it makes sense to read on. */
void schedule_tracked(struct schedule *s, struct batch *b, bool more);

/* Both return the batch that the calling thread is to print now, or NULL.  That batch may
 * be another thread's, which has not waited for the ticket. */
struct batch *schedule_formatted(struct schedule *s, struct batch *b,
				 uint64_t serving);
struct batch *schedule_printed(struct schedule *s, struct batch *b,
			       uint64_t serving, bool more);

#endif
