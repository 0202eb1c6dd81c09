/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/pipeline_model.h"

#include <stdlib.h>
#include <string.h>

#include "support/rig.h"

void model_begin(struct world *w, const struct story *story)
{
	memset(w, 0, sizeof(*w));
	w->story = story;
	schedule_init(&w->schedule, w->batch, story->batches, story->threads,
		      story->shared);
}

static void copy(struct world *to, const struct world *from)
{
	memcpy(to, from, sizeof(*to));
	to->schedule.batch = to->batch;
}

/* event_count_advance() of pipeline.c */
static void note_change(struct world *w)
{
	for (unsigned int i = 0; i < w->story->threads; i++)
		w->thread[i].woken = true;
}

static void has(struct world *w, struct model_thread *t, enum activity does,
		const struct batch *b)
{
	t->does = does;
	t->batch = (unsigned int)(b - w->batch);
	for (unsigned int i = 0; i < w->story->threads; i++) {
		const struct model_thread *other = &w->thread[i];

		if (other == t || other->does >= WAITING || other->does == STARTING)
			continue;
		assert_int_not_equal(other->batch, t->batch);
		/* These stages are for one thread at a time. */
		if (does == READING || does == TRACKING || does == PRINTING)
			assert_int_not_equal(other->does, does);
	}
}

static void take(struct world *w, struct model_thread *t)
{
	unsigned int number = (unsigned int)(t - w->thread);
	struct step step = schedule_next(&w->schedule, number);

	t->woken = false;
	switch (step.kind) {
	case STEP_READ:
		has(w, t, READING, step.batch);
		break;
	case STEP_TRACK:
		assert_true(w->story->shared || number == 0);
		assert_int_equal(step.batch->number, w->schedule.tracked);
		has(w, t, TRACKING, step.batch);
		break;
	case STEP_WAIT:
		t->does = WAITING;
		break;
	case STEP_WAIT_PRINTED:
		t->does = SLEEPING;
		t->number = step.number;
		break;
	case STEP_FINISHED:
		t->does = FINISHED;
		break;
	}
}

static void print_or_take(struct world *w, struct model_thread *t, struct batch *b)
{
	if (!b) {
		take(w, t);
		return;
	}
	assert_int_equal(b->number, w->prints++);
	has(w, t, PRINTING, b);
}

bool model_can_step(const struct world *w, const struct model_thread *t)
{
	const struct story *s = w->story;
	bool its_turn = w->batch[t->batch].number == w->served;

	switch (t->does) {
	case READING:
		return !s->live || its_turn;
	case TRACKING:
		return !s->full_tracking || its_turn;
	case FORMATTING:
		return !s->full_formatting || its_turn;
	case PRINTING:
		return its_turn;
	case WAITING:
		return t->woken;
	case SLEEPING:
		return w->served >= t->number;
	case FINISHED:
		return false;
	case STARTING:
	case PARSING:
	case RELEASING:
		break;
	}
	return true;
}

static void end_read(struct world *w, struct model_thread *t, struct batch *b)
{
	b->next_waits = w->story->live;
	schedule_read(&w->schedule, b, b->number + 1 < w->story->input);
	note_change(w);
	t->does = PARSING;
}

static void end_parse(struct world *w, struct model_thread *t, struct batch *b)
{
	schedule_parsed(&w->schedule, b);
	note_change(w);
	take(w, t);
}

static void end_track(struct world *w, struct model_thread *t, struct batch *b)
{
	schedule_tracked(&w->schedule, b, b->number + 1 != w->story->no_memory);
	note_change(w);
	assert_int_equal(b->number, w->formats++);
	t->does = FORMATTING;
}

static void release(struct world *w, struct model_thread *t, struct batch *b)
{
	b = schedule_printed(&w->schedule, b, w->served,
			     b->number + 1 != w->story->write_error);
	note_change(w);
	print_or_take(w, t, b);
}

void model_step(struct world *w, struct model_thread *t)
{
	struct batch *b = &w->batch[t->batch];

	switch (t->does) {
	case STARTING:
	case WAITING:
	case SLEEPING:
		take(w, t);
		break;
	case READING:
		end_read(w, t, b);
		break;
	case PARSING:
		end_parse(w, t, b);
		break;
	case TRACKING:
		end_track(w, t, b);
		break;
	case FORMATTING:
		print_or_take(w, t, schedule_formatted(&w->schedule, b, w->served));
		break;
	case PRINTING:
		w->served++;	/* printer_print() */
		t->does = RELEASING;
		break;
	case RELEASING:
		release(w, t, b);
		break;
	case FINISHED:
		fail();
	}
}

void model_assert_done(const struct world *w)
{
	const struct schedule *s = &w->schedule;

	assert_true(s->ended);
	assert_int_equal(w->served, s->begun);
	for (unsigned int i = 0; i < w->story->threads; i++)
		assert_int_equal(w->thread[i].does, FINISHED);
	for (unsigned int i = 0; i < w->story->batches; i++)
		assert_int_equal(w->batch[i].state, BATCH_FREE);
	if (!w->story->no_memory && !w->story->write_error)
		assert_int_equal(s->begun, w->story->input);
}

/* Hashes of the worlds that were seen: an open-addressing table, whose size is a power of
 * two. */
struct seen {
	uint64_t *hash;
	size_t n, size;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_world(const struct world *w)
{
	const struct schedule *s = &w->schedule;
	uint64_t h = mix(mix(s->begun, s->tracked), w->served);

	h = mix(h, s->reading | s->ended << 1 | s->read_waits << 2);
	for (unsigned int i = 0; i < w->story->batches; i++)
		h = mix(h, w->batch[i].state | w->batch[i].number << 8 |
			   (uint64_t)w->batch[i].last_reader << 32);
	for (unsigned int i = 0; i < w->story->threads; i++) {
		const struct model_thread *t = &w->thread[i];

		h = mix(h, t->does | t->batch << 8 | (unsigned int)t->woken << 16 |
			   t->number << 24);
	}
	return h ? h : 1;
}

/* False if the hash was there before. */
static bool add_seen(struct seen *s, uint64_t hash)
{
	size_t at = hash & (s->size - 1);

	for (; s->hash[at]; at = (at + 1) & (s->size - 1))
		if (s->hash[at] == hash)
			return false;
	assert_true(++s->n < s->size / 2);
	s->hash[at] = hash;
	return true;
}

/* Tries every step that is possible now, and every step after it. */
static void explore(const struct world *w, struct seen *seen)
{
	uint64_t hash = hash_world(w);
	bool stuck = true;
	struct world next;

	if (!add_seen(seen, hash))
		return;
	for (unsigned int i = 0; i < w->story->threads; i++) {
		if (!model_can_step(w, &w->thread[i]))
			continue;
		copy(&next, w);
		model_step(&next, &next.thread[i]);
		/* A thread that wakes up and waits for the same again makes no progress. */
		stuck &= hash_world(&next) == hash;
		explore(&next, seen);
	}
	if (stuck)
		model_assert_done(w);
}

size_t model_explore(const struct story *story)
{
	struct seen seen = { .size = 1u << 22 };
	struct world w;

	seen.hash = calloc(seen.size, sizeof(*seen.hash));
	assert_non_null(seen.hash);
	model_begin(&w, story);
	explore(&w, &seen);
	free(seen.hash);
	return seen.n;
}
