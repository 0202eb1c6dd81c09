/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/schedule.h"

#include <stddef.h>

void schedule_init(struct schedule *s, struct batch *batch, unsigned int nbatches,
		   unsigned int nthreads, bool shared)
{
	*s = (struct schedule){
		.batch = batch, .nbatches = nbatches, .shared = shared,
		.alone = nthreads == 1,
	};
	for (unsigned int i = 0; i < nbatches; i++) {
		batch[i].state = BATCH_FREE;
		batch[i].last_reader = i % nthreads;
	}
}

static bool may_track(const struct schedule *s, unsigned int thread)
{
	return s->shared || thread == 0;
}

/* The batch of that number, if it is in that state. */
static struct batch *find(const struct schedule *s, uint64_t number,
			  enum batch_state state)
{
	for (unsigned int i = 0; i < s->nbatches; i++)
		if (s->batch[i].state == state && s->batch[i].number == number)
			return &s->batch[i];
	return NULL;
}

/* True if reading might block on a pipe while earlier batches wait for this thread, the
 * only tracker. */
static bool must_not_block(const struct schedule *s, unsigned int thread)
{
	return !s->shared && thread == 0 && !s->alone && s->read_waits;
}

/*
 * A free batch, if possible one that the thread has read into before: its memory is in
 * that processor's cache.  The first batch is always the first of the array, whose
 * report has what was printed before.
 */
static struct batch *find_free(const struct schedule *s, unsigned int thread)
{
	struct batch *other = NULL;

	if (s->begun == 0)
		return &s->batch[0];
	for (unsigned int i = 0; i < s->nbatches; i++) {
		struct batch *b = &s->batch[i];

		if (b->state != BATCH_FREE)
			continue;
		if (b->last_reader == thread)
			return b;
		other = b;
	}
	return other;
}

static struct batch *begin_track(struct schedule *s, unsigned int thread)
{
	struct batch *b;

	if (!may_track(s, thread))
		return NULL;
	/* While that batch is tracked, this finds none. */
	b = find(s, s->tracked, BATCH_PARSED);
	if (b)
		b->state = BATCH_TRACKING;
	return b;
}

static struct batch *begin_read(struct schedule *s, unsigned int thread)
{
	struct batch *b;

	if (s->reading || s->ended || must_not_block(s, thread))
		return NULL;
	b = find_free(s, thread);
	if (!b)
		return NULL;
	s->reading = true;
	b->state = BATCH_READING;
	b->number = s->begun++;
	b->last_reader = thread;
	return b;
}

/*
 * A read-ahead thread without a free batch sleeps until at most one is outstanding: a
 * wake-up costs as much as several hundred packets.
 */
static struct step wait_step(const struct schedule *s, unsigned int thread)
{
	if (!may_track(s, thread) && !s->reading)
		return (struct step){ STEP_WAIT_PRINTED, NULL, s->begun - 1 };
	return (struct step){ .kind = STEP_WAIT };
}

/* Tracking goes first: everything else waits for it the longest. */
struct step schedule_next(struct schedule *s, unsigned int thread)
{
	struct batch *b;

	if ((b = begin_track(s, thread)))
		return (struct step){ STEP_TRACK, b, 0 };
	if ((b = begin_read(s, thread)))
		return (struct step){ STEP_READ, b, 0 };
	if (s->ended && (!may_track(s, thread) || s->tracked == s->begun))
		return (struct step){ .kind = STEP_FINISHED };
	return wait_step(s, thread);
}

void schedule_read(struct schedule *s, struct batch *b, bool more)
{
	s->reading = false;
	s->ended |= !more;
	s->read_waits = b->next_waits;
	b->state = BATCH_PARSING;
}

void schedule_parsed(struct schedule *s, struct batch *b)
{
	(void)s;
	b->state = BATCH_PARSED;
}

void schedule_tracked(struct schedule *s, struct batch *b, bool more)
{
	s->tracked++;
	s->ended |= !more;
	b->state = BATCH_FORMATTING;
}

static struct batch *begin_print(struct schedule *s, uint64_t serving)
{
	struct batch *b = find(s, serving, BATCH_FORMATTED);

	if (b)
		b->state = BATCH_PRINTING;
	return b;
}

struct batch *schedule_formatted(struct schedule *s, struct batch *b,
				 uint64_t serving)
{
	b->state = BATCH_FORMATTED;
	return begin_print(s, serving);
}

struct batch *schedule_printed(struct schedule *s, struct batch *b,
			       uint64_t serving, bool more)
{
	s->ended |= !more;
	b->state = BATCH_FREE;
	return begin_print(s, serving);
}
