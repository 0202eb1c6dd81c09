/* SPDX-License-Identifier: GPL-2.0-only */
/* Which frame came from which file, and what happens at the limit of runs. */
#include "support/rig.h"

#include "capture/frame_runs.h"

static const char file_a[] = "a", file_b[] = "b";

static void assert_found(const struct frame_runs *r, uint64_t number,
			 const char *file, uint64_t file_frame)
{
	const char *found = NULL;
	uint64_t n = 0;

	assert_true(frame_runs_find(r, number, &found, &n));
	assert_ptr_equal(found, file);
	assert_int_equal(n, file_frame);
}

static void assert_not_found(const struct frame_runs *r, uint64_t number)
{
	const char *found;
	uint64_t n;

	assert_false(frame_runs_find(r, number, &found, &n));
}

static void frame_runs_of_nothing(void **state)
{
	struct frame_runs r = { .n = 0 };

	(void)state;
	assert_not_found(&r, 0);
	assert_not_found(&r, 1);
	assert_not_found(&r, UINT64_MAX);
	frame_runs_free(&r);
}

/* Frames of a file in sequence are one run, and need no memory each. */
static void frame_runs_of_a_sequence(void **state)
{
	struct frame_runs r = { .n = 0 };

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		frame_runs_add(&r, i, file_a, i);
	for (uint64_t i = 1; i <= 500; i++)
		frame_runs_add(&r, 1000 + i, file_b, i);
	assert_int_equal(r.n, 2);
	assert_not_found(&r, 0);
	assert_found(&r, 1, file_a, 1);
	assert_found(&r, 1000, file_a, 1000);
	assert_found(&r, 1001, file_b, 1);
	assert_found(&r, 1500, file_b, 500);
	frame_runs_free(&r);
}

/* Files that overlap in time alternate; the second one is not read from its first
 * frame on where frames before were filtered out of the merge. */
static void frame_runs_that_alternate(void **state)
{
	struct frame_runs r = { .n = 0 };

	(void)state;
	frame_runs_add(&r, 1, file_a, 1);
	frame_runs_add(&r, 3, file_b, 7);
	frame_runs_add(&r, 4, file_b, 8);
	frame_runs_add(&r, 5, file_a, 2);
	frame_runs_add(&r, 6, file_b, 9);
	assert_int_equal(r.n, 4);
	assert_found(&r, 1, file_a, 1);
	assert_found(&r, 3, file_b, 7);
	assert_found(&r, 4, file_b, 8);
	assert_found(&r, 5, file_a, 2);
	assert_found(&r, 6, file_b, 9);
	frame_runs_free(&r);
}

/* Behind the limit no frame is found, rather than the wrong one; those before stay. */
static void frame_runs_at_the_limit(void **state)
{
	struct frame_runs r = { .n = 0 };
	uint64_t number = 1;

	(void)state;
	for (; number <= FRAME_RUNS_MAX; number++)
		frame_runs_add(&r, number, number % 2 ? file_a : file_b, number);
	assert_int_equal(r.n, FRAME_RUNS_MAX);
	assert_int_equal(r.end, 0);
	frame_runs_add(&r, number, number % 2 ? file_a : file_b, number);
	frame_runs_add(&r, number + 1, file_b, number + 1);
	assert_int_equal(r.n, FRAME_RUNS_MAX);
	assert_found(&r, FRAME_RUNS_MAX, file_b, FRAME_RUNS_MAX);
	assert_not_found(&r, FRAME_RUNS_MAX + 1);
	assert_not_found(&r, FRAME_RUNS_MAX + 2);
	frame_runs_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_runs_of_nothing),
		cmocka_unit_test(frame_runs_of_a_sequence),
		cmocka_unit_test(frame_runs_that_alternate),
		cmocka_unit_test(frame_runs_at_the_limit),
	};

	return cmocka_run_group_tests_name("frame_runs", tests, NULL, NULL);
}
