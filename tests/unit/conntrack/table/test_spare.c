/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that another thread gets ready for the table. */
#include "support/rig.h"

#include <pthread.h>
#include <stdlib.h>

#include "conntrack/table/index.h"

#define PIECE 8192u

static void expect_none(struct spare *s)
{
	assert_null(spare_take(s, PIECE));
	assert_null(atomic_load(&s->memory));
}

static void spare_nothing_wanted(void **state)
{
	struct spare s = { 0 };

	(void)state;
	spare_provide(&s);
	expect_none(&s);
}

static void spare_is_there_once(void **state)
{
	struct spare s = { .zeros = true };
	unsigned char *p;

	(void)state;
	spare_want(&s, PIECE);
	spare_provide(&s);
	spare_want(&s, PIECE);	/* is there already */
	assert_int_equal(atomic_load(&s.wanted), 0);
	p = spare_take(&s, PIECE);
	assert_non_null(p);
	for (unsigned int i = 0; i < PIECE; i++)
		assert_int_equal(p[i], 0);
	free(p);
	spare_provide(&s);
	expect_none(&s);
}

/* Taken before it is there, and not wanted any more. */
static void spare_too_late(void **state)
{
	struct spare s = { 0 };

	(void)state;
	spare_want(&s, PIECE);
	expect_none(&s);
	spare_provide(&s);
	expect_none(&s);
}

static void spare_other_size(void **state)
{
	struct spare s = { 0 };

	(void)state;
	spare_want(&s, 2 * PIECE);
	spare_provide(&s);
	expect_none(&s);
	spare_want(&s, PIECE);
	spare_provide(&s);
	spare_free(&s);
}

struct growing {
	struct table table;
	atomic_bool end;
};

static void *provide(void *arg)
{
	struct growing *g = arg;

	while (!atomic_load(&g->end))
		table_provide(&g->table);
	return NULL;
}

/* A table grows while two threads provide: to so many entries that the index has been
 * foreseen, with the mask of one that had not. */
static void spare_for_a_table(void **state)
{
	struct growing *g = aligned_alloc(CACHE_LINE, sizeof(*g));
	const uint32_t n = 700000;
	pthread_t thread[2];
	uint32_t found = 0;

	(void)state;
	assert_non_null(g);
	*g = (struct growing){ .table = { .count = 0 } };
	assert_true(table_init(&g->table, false, false));
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, provide, g), 0);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number;

		assert_true(index_reserve(&g->table));
		number = table_alloc(&g->table, i % 8 ? CT_L3_IPV4 : CT_L3_IPV6);
		assert_int_not_equal(number, ENTRY_NONE);
		assert_int_equal(table_entry(&g->table, number)->id, 0);
		table_entry(&g->table, number)->id = i;
		table_rest(&g->table, number)->hash = i * 0x9e3779b1u;
		index_insert(&g->table, number);
	}
	atomic_store(&g->end, true);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(g->table.index.mask + 1, 131072);
	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(&g->table, i)) != ENTRY_NONE; )
		found++;
	assert_int_equal(found, n);
	table_free(&g->table);
	free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spare_nothing_wanted),
		cmocka_unit_test(spare_is_there_once),
		cmocka_unit_test(spare_too_late),
		cmocka_unit_test(spare_other_size),
		cmocka_unit_test(spare_for_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
