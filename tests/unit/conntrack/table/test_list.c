/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of connections: all of them, in order of their ids. */
#include "support/rig.h"

#include <stdlib.h>

#include "conntrack/table/index.h"
#include "conntrack/table/list.h"

struct walk {
	const struct table *t;
	uint64_t last;		/* id */
	uint32_t seen, stop_after;
};

static bool step(void *arg, uint32_t number)
{
	struct walk *w = arg;
	uint64_t id = table_entry(w->t, number)->id;

	assert_true(table_rest(w->t, number)->indexed);
	assert_true(id > w->last);
	w->last = id;
	return ++w->seen != w->stop_after;
}

static void expect_list(struct table *t)
{
	struct walk all = { .t = t }, some = { .t = t, .stop_after = 3 };

	assert_true(list_each(t, step, &all));
	assert_int_equal(all.seen, t->count);
	assert_true(list_each(t, step, &some));
	assert_int_equal(some.seen, t->count < 3 ? t->count : 3);
}

static uint32_t add(struct table *t, uint64_t id, bool ipv4)
{
	uint32_t number;

	assert_true(index_reserve(t));
	number = table_alloc(t, ipv4 ? CT_L3_IPV4 : CT_L3_IPV6);
	assert_int_not_equal(number, ENTRY_NONE);
	table_entry(t, number)->id = id;
	table_entry(t, number)->l3num = ipv4 ? CT_L3_IPV4 : CT_L3_IPV6;
	table_rest(t, number)->hash = (uint32_t)id * 0x9e3779b1u;
	index_insert(t, number);
	return number;
}

static void take(struct table *t, uint32_t number)
{
	index_remove(t, number);
	table_release(t, number);
}

static void begin(struct table *t)
{
	*t = (struct table){ 0 };
	assert_true(table_init(t, false, false));
}

static void list_is_empty(void **state)
{
	struct table t;

	(void)state;
	begin(&t);
	expect_list(&t);
	table_free(&t);
}

/* No number was used again: no keys are sorted. */
static void list_merges_families(void **state)
{
	struct table t;

	(void)state;
	begin(&t);
	for (uint64_t id = 1; id < 100000; id++)
		add(&t, id, id % 3 != 0);
	take(&t, 50000);
	expect_list(&t);
	table_free(&t);
}

/* More connections than a window has, whose numbers are in no order. */
static void list_sorts_windows(void **state)
{
	enum { ALL = 300000 };
	uint32_t *number = malloc(ALL * sizeof(*number)), at = 0;
	struct table t;
	uint64_t id = 0;

	(void)state;
	assert_non_null(number);
	begin(&t);
	for (uint32_t i = 0; i < ALL; i++)
		number[i] = add(&t, ++id, i % 5 != 0);
	for (uint32_t i = 0; i < 2 * ALL; i++) {
		at = (at * 1103515245u + 12345u) % ALL;
		take(&t, number[at]);
		number[at] = add(&t, ++id, i % 4 != 0);
	}
	expect_list(&t);
	table_free(&t);
	free(number);
}

/* Nearly all are in one part of the range of ids. */
static void list_sorts_uneven(void **state)
{
	struct table t;
	uint32_t first;

	(void)state;
	begin(&t);
	t.shuffled = true;	/* as one that was loaded */
	first = add(&t, UINT64_MAX / 2, true);
	for (uint64_t id = 200000; id > 0; id--)
		add(&t, id, id % 2);
	expect_list(&t);
	take(&t, first);
	add(&t, UINT64_MAX, true);
	expect_list(&t);
	table_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_is_empty),
		cmocka_unit_test(list_merges_families),
		cmocka_unit_test(list_sorts_windows),
		cmocka_unit_test(list_sorts_uneven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
