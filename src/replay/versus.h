/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * versus.h - --versus: two engines over the same frames, and what they say
 * differently.
 *
 * Belongs to the tracker.  The first side uses the tracker's own engine, the second
 * has one of its own.  Each tracks a whole batch and notes its verdicts; then they
 * are compared.  With a second processor a thread tracks for the second side
 * meanwhile; versus_track() returns when both are done.
 */
#ifndef REPLAY_VERSUS_H
#define REPLAY_VERSUS_H 1

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/event_count.h"
#include "replay/match.h"
#include "replay/side.h"

/* How much was compared, and how much of it differs. */
struct versus_counts {
	uint64_t packets, packets_differ;
	uint64_t differ;	/* connections, expectations and events */
};

struct versus {
	const struct settings *settings;
	struct side side[2];
	struct match match;
	struct versus_counts counts;
	ct_time now;		/* when the frame that is compared came */
	size_t view[2], happening[2];	/* the next ones of each side */
	uint64_t reasons_full;	/* first frame that found the first table full */

	/* The second side's own. */
	struct ct *ct;
	struct ct_reassembly *reassembly;

	/* The thread of the second side.  'batch', 'from' and 'to' are what it is to
	 * track, written before 'begun' grows and read after that. */
	bool threaded;
	pthread_t thread;
	struct event_count begun, done;
	const struct batch *batch;	/* NULL: the thread ends */
	uint32_t from, to;
};

struct tally;

struct versus *versus_create(const struct settings *settings);
void versus_free(struct versus *v);	/* NULL is fine */

/* Completes both sides: 'cfg' is the configuration of the first engine.  False: no
 * memory. */
bool versus_init(struct versus *v, const struct ct_config *cfg, struct ct *ct,
		 struct ct_reassembly *reassembly);

/* Starts the thread of the second side, if one can be created. */
void versus_start_thread(struct versus *v);

/* A new batch comes. */
void versus_begin(struct versus *v);

/* Tracks the frames from number 'from' to before 'to' on both sides, adds what
 * differs to the batch's records, and counts for the first side.  False: no memory
 * at frame *number. */
bool versus_track(struct versus *v, struct batch *b, uint32_t from, uint32_t to,
		  struct tally *tally, uint64_t *number);

/* Moves both clocks to 'time', before the frame of index 'frame'.  False: no
 * memory. */
bool versus_advance(struct versus *v, struct batch *b, ct_time time, uint32_t frame);

/* The differences of the tables and of the expectations as they are now go to the
 * report at once.  False: no memory. */
bool versus_table(struct versus *v, struct report *r, bool snapshot);
bool versus_expectations(struct versus *v, struct report *r);

static inline bool versus_differs(const struct versus *v)
{
	return v->counts.packets_differ || v->counts.differ;
}

#endif
