/* SPDX-License-Identifier: GPL-2.0-only */
/* The pipeline's schedule, with threads that step in the order that a test says. */
#include "support/effort.h"
#include "support/pipeline_model.h"
#include "support/rig.h"

/* Thread 'n' makes a step, after which it does this, with batch 'number'. */
static void go(struct world *w, unsigned int n, enum activity does, uint64_t number)
{
	struct model_thread *t = &w->thread[n];

	assert_true(model_can_step(w, t));
	model_step(w, t);
	assert_int_equal(t->does, does);
	if (does < WAITING)
		assert_int_equal(w->batch[t->batch].number, number);
}

static void assert_stuck(const struct world *w, unsigned int n)
{
	assert_false(model_can_step(w, &w->thread[n]));
}

/* The threads step in turn, as far as they can, until all are done. */
static void finish(struct world *w)
{
	for (unsigned int i = 0; i < 1000; i++) {
		struct model_thread *t = &w->thread[i % w->story->threads];

		if (model_can_step(w, t))
			model_step(w, t);
	}
	model_assert_done(w);
}

static void pipeline_one_thread(void **state)
{
	const struct story story = { .shared = true, .threads = 1, .batches = 1,
				     .input = 2 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	for (uint64_t i = 0; i < 2; i++) {
		go(&w, 0, READING, i);
		go(&w, 0, PARSING, i);
		go(&w, 0, TRACKING, i);
		go(&w, 0, FORMATTING, i);
		go(&w, 0, PRINTING, i);
		go(&w, 0, RELEASING, i);
	}
	go(&w, 0, FINISHED, 0);
	model_assert_done(&w);
}

/* Two threads share all stages, and the second one is faster. */
static void pipeline_keeps_order(void **state)
{
	const struct story story = { .shared = true, .threads = 2, .batches = 4,
				     .input = 3 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	go(&w, 0, READING, 0);
	go(&w, 1, WAITING, 0);		/* one thread reads at a time */
	assert_stuck(&w, 1);
	go(&w, 0, PARSING, 0);
	go(&w, 1, READING, 1);
	go(&w, 1, PARSING, 1);
	/* Batch 1 is parsed, but batch 0 is to be tracked first. */
	go(&w, 1, READING, 2);
	go(&w, 0, TRACKING, 0);
	go(&w, 1, PARSING, 2);
	go(&w, 1, WAITING, 0);		/* one thread tracks at a time */
	go(&w, 0, FORMATTING, 0);
	go(&w, 1, TRACKING, 1);
	go(&w, 1, FORMATTING, 1);
	/* Batch 1 is formatted first.  Its thread does not wait for its turn ... */
	go(&w, 1, TRACKING, 2);
	/* ... so the other one prints both. */
	go(&w, 0, PRINTING, 0);
	go(&w, 0, RELEASING, 0);
	go(&w, 0, PRINTING, 1);
	finish(&w);
}

/* A batch's memory is in the cache of the thread that read it. */
static void pipeline_reuses_batches(void **state)
{
	const struct story story = { .shared = true, .threads = 2, .batches = 4,
				     .input = 9 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	/* The first batch is the first of the array, whatever thread reads it. */
	go(&w, 1, READING, 0);
	assert_int_equal(w.thread[1].batch, 0);
	go(&w, 1, PARSING, 0);
	go(&w, 0, READING, 1);
	assert_int_equal(w.thread[0].batch, 2);
	go(&w, 0, PARSING, 1);
	go(&w, 1, TRACKING, 0);
	go(&w, 0, READING, 2);
	go(&w, 1, FORMATTING, 0);
	go(&w, 1, PRINTING, 0);
	go(&w, 1, RELEASING, 0);
	go(&w, 0, PARSING, 2);
	go(&w, 1, TRACKING, 1);
	go(&w, 0, READING, 3);
	assert_true(w.thread[0].batch == 0 || w.thread[0].batch == 1 ||
		    w.thread[0].batch == 3);
	finish(&w);
}

/* A thread that must write early waits for the batches before its own. */
static void pipeline_full_buffer(void **state)
{
	const struct story story = { .shared = true, .threads = 2, .batches = 4,
				     .input = 2, .full_tracking = true };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	go(&w, 0, READING, 0);
	go(&w, 0, PARSING, 0);
	go(&w, 1, READING, 1);
	go(&w, 0, TRACKING, 0);
	go(&w, 1, PARSING, 1);
	go(&w, 0, FORMATTING, 0);
	go(&w, 1, TRACKING, 1);
	assert_stuck(&w, 1);
	go(&w, 0, PRINTING, 0);
	assert_stuck(&w, 1);
	go(&w, 0, RELEASING, 0);
	/* Thread 1 goes on, before thread 0 has noted that batch 0 is printed. */
	go(&w, 1, FORMATTING, 1);
	go(&w, 1, PRINTING, 1);
	go(&w, 0, FINISHED, 0);
	finish(&w);
}

/* Without lines only thread 0 tracks.  The other one reads ahead, and sleeps until all
 * batches but one are printed. */
static void pipeline_reads_ahead(void **state)
{
	const struct story story = { .threads = 2, .batches = 4, .input = 9 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	for (uint64_t i = 0; i < 4; i++) {
		go(&w, 1, READING, i);
		go(&w, 1, PARSING, i);
	}
	go(&w, 1, SLEEPING, 0);
	assert_int_equal(w.thread[1].number, 3);
	for (uint64_t i = 0; i < 3; i++) {
		assert_stuck(&w, 1);
		go(&w, 0, TRACKING, i);
		go(&w, 0, FORMATTING, i);
		go(&w, 0, PRINTING, i);
		go(&w, 0, RELEASING, i);
	}
	go(&w, 1, READING, 4);
	go(&w, 0, TRACKING, 3);
	go(&w, 0, FORMATTING, 3);
	go(&w, 0, PRINTING, 3);
	go(&w, 0, RELEASING, 3);
	go(&w, 0, WAITING, 0);
	go(&w, 1, PARSING, 4);
	go(&w, 0, READING, 5);
	finish(&w);
}

/* A read-ahead thread does not sleep while another one reads: it can read after it. */
static void pipeline_reads_ahead_in_turn(void **state)
{
	const struct story story = { .threads = 3, .batches = 4, .input = 9 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	go(&w, 1, READING, 0);
	go(&w, 2, WAITING, 0);
	go(&w, 1, PARSING, 0);
	go(&w, 2, READING, 1);
	finish(&w);
}

/* The only tracker does not read if reading may block on a pipe, unless there is no
 * other thread. */
static void pipeline_live_pipe(void **state)
{
	struct story story = { .threads = 2, .batches = 4, .input = 3, .live = true };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	go(&w, 1, READING, 0);
	go(&w, 1, PARSING, 0);
	go(&w, 0, WAITING, 0);
	go(&w, 1, READING, 1);
	assert_stuck(&w, 1);
	go(&w, 0, TRACKING, 0);
	go(&w, 0, FORMATTING, 0);
	go(&w, 0, PRINTING, 0);
	go(&w, 0, RELEASING, 0);
	go(&w, 1, PARSING, 1);		/* the next frames have come */
	finish(&w);

	story.threads = 1;
	model_begin(&w, &story);
	finish(&w);
}

/* Once output has failed, no more batches are begun.  Those that are begun are still
 * tracked. */
static void pipeline_write_error(void **state)
{
	const struct story story = { .shared = true, .threads = 2, .batches = 4,
				     .input = 100, .write_error = 1 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	go(&w, 0, READING, 0);
	go(&w, 0, PARSING, 0);
	go(&w, 0, TRACKING, 0);
	go(&w, 1, READING, 1);
	go(&w, 0, FORMATTING, 0);
	go(&w, 0, PRINTING, 0);
	go(&w, 0, RELEASING, 0);
	go(&w, 0, WAITING, 0);
	go(&w, 1, PARSING, 1);
	go(&w, 1, TRACKING, 1);
	finish(&w);
	assert_int_equal(w.schedule.begun, 2);
}

/* Once memory has run out in the tracker, no more batches are begun. */
static void pipeline_no_memory(void **state)
{
	const struct story story = { .threads = 2, .batches = 4, .input = 100,
				     .no_memory = 2 };
	struct world w;

	(void)state;
	model_begin(&w, &story);
	go(&w, 1, READING, 0);
	go(&w, 1, PARSING, 0);
	go(&w, 1, READING, 1);
	go(&w, 0, TRACKING, 0);
	go(&w, 1, PARSING, 1);
	go(&w, 0, FORMATTING, 0);
	go(&w, 1, READING, 2);
	go(&w, 0, PRINTING, 0);
	go(&w, 0, RELEASING, 0);
	go(&w, 0, TRACKING, 1);
	go(&w, 0, FORMATTING, 1);
	/* The batch that is being read still goes through all stages. */
	go(&w, 1, PARSING, 2);
	finish(&w);
	assert_int_equal(w.schedule.begun, 3);
}

/* In every order of the threads' steps, stages keep the order of the input, all batches
 * are printed, and no threads wait for each other. */
static void pipeline_all_interleavings(void **state)
{
	static const struct story what[] = {
		{ .input = 1 }, { .input = 5 }, { .input = 5, .live = true },
		{ .input = 5, .full_tracking = true },
		{ .input = 5, .full_formatting = true },
		{ .input = 4, .live = true, .full_tracking = true },
		{ .input = 5, .write_error = 2 }, { .input = 5, .no_memory = 2 },
	};

	/* With less effort: every seventh, so that each story and each number of
	 * threads is there. */
	const size_t step = effort(8) == 8 ? 1 : 7;
	size_t worlds = 0;

	(void)state;
	for (size_t i = 0; i < ITEMS(what) * 6; i += step) {
		struct story story = what[i / 6];

		story.shared = i % 2;
		story.threads = i % 6 / 2 + 1;
		story.batches = story.threads == 1 ? 1 : 4;
		worlds += model_explore(&story);
	}
	print_message("%zu worlds\n", worlds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipeline_one_thread),
		cmocka_unit_test(pipeline_keeps_order),
		cmocka_unit_test(pipeline_reuses_batches),
		cmocka_unit_test(pipeline_full_buffer),
		cmocka_unit_test(pipeline_reads_ahead),
		cmocka_unit_test(pipeline_reads_ahead_in_turn),
		cmocka_unit_test(pipeline_live_pipe),
		cmocka_unit_test(pipeline_write_error),
		cmocka_unit_test(pipeline_no_memory),
		cmocka_unit_test(pipeline_all_interleavings),
	};

	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
