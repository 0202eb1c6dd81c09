/* SPDX-License-Identifier: GPL-2.0-only */
/* Records come out in the order in which they are to be printed. */
#include "support/rig.h"

#include <string.h>

#include "replay/records.h"

#define SMALL 24u	/* bytes of a record's values */

static struct records records;

static int init(void **state)
{
	(void)state;
	return records_init(&records) ? 0 : -1;
}

static int destroy(void **state)
{
	(void)state;
	records_free(&records);
	return 0;
}

static void fill(size_t at, unsigned char byte, size_t size)
{
	assert_true(at != RECORDS_FULL);
	memset(records_at(&records, at), byte, size);
}

static void add(unsigned char byte, size_t size)
{
	fill(records_add(&records, RECORD_EVENT, size), byte, size);
}

/* The next record has this kind, and 'size' bytes of this value. */
static void assert_next(size_t *at, enum record_kind kind, unsigned char byte, size_t size)
{
	enum record_kind got;
	const unsigned char *p = records_next(&records, at, &got);

	assert_non_null(p);
	assert_int_equal(got, kind);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(p[i], byte);
}

static void assert_end(size_t *at)
{
	enum record_kind kind;

	assert_null(records_next(&records, at, &kind));
}

static void withdrawn_record_is_none(void **state)
{
	size_t at, next = 0;

	(void)state;
	at = records_add(&records, RECORD_PACKET, SMALL);
	add(2, SMALL);
	records_withdraw(&records, at);
	assert_next(&next, RECORD_NONE, 0, 0);
	assert_next(&next, RECORD_EVENT, 2, SMALL);
	assert_end(&next);
}

/* In front of two records of other sizes, and behind one. */
static void inserted_record_is_in_front(void **state)
{
	size_t mark, next = 0;

	(void)state;
	add(1, SMALL);
	mark = records.used;
	add(2, 1);
	add(3, 500);
	fill(records_insert(&records, mark, RECORD_PACKET, 300), 9, 300);
	assert_next(&next, RECORD_EVENT, 1, SMALL);
	assert_next(&next, RECORD_PACKET, 9, 300);
	assert_next(&next, RECORD_EVENT, 2, 1);
	assert_next(&next, RECORD_EVENT, 3, 500);
	assert_end(&next);
}

/* At the end there is nothing to move. */
static void inserted_at_the_end(void **state)
{
	size_t next = 0;

	(void)state;
	add(1, SMALL);
	fill(records_insert(&records, records.used, RECORD_PACKET, SMALL), 9, SMALL);
	assert_next(&next, RECORD_EVENT, 1, SMALL);
	assert_next(&next, RECORD_PACKET, 9, SMALL);
	assert_end(&next);
}

/* A full buffer grows. */
static void inserted_into_a_full_buffer(void **state)
{
	size_t size = records.size, n = 0, next = 0;

	(void)state;
	for (size_t at; (at = records_add(&records, RECORD_EVENT, SMALL)) != RECORDS_FULL; n++)
		fill(at, (unsigned char)n, SMALL);
	fill(records_insert(&records, 0, RECORD_PACKET, SMALL), 9, SMALL);
	assert_true(records.size > size);
	assert_next(&next, RECORD_PACKET, 9, SMALL);
	for (size_t i = 0; i < n; i++)
		assert_next(&next, RECORD_EVENT, (unsigned char)i, SMALL);
	assert_end(&next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(withdrawn_record_is_none, init, destroy),
		cmocka_unit_test_setup_teardown(inserted_record_is_in_front, init, destroy),
		cmocka_unit_test_setup_teardown(inserted_at_the_end, init, destroy),
		cmocka_unit_test_setup_teardown(inserted_into_a_full_buffer, init, destroy),
	};

	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
