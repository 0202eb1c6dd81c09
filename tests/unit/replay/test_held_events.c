/* SPDX-License-Identifier: GPL-2.0-only */
/* Events that wait for their connection to be selected: order, end, limit. */
#include "support/rig.h"

#include <stdio.h>
#include <string.h>

#include "replay/held_events.h"
#include "replay/id_set.h"

static char released[1000];

/* "3N" for a NEW event of connection 3, "3x" for one of an expectation of it. */
static void on_release(void *arg, const struct ct_event *ev,
		       const struct ct_expect_event *expect)
{
	static const char letters[] = "NUD";
	size_t n = strlen(released);

	(void)arg;
	if (ev)
		snprintf(released + n, sizeof(released) - n, "%d%c",
			 (int)ev->record.id, letters[ev->type]);
	else
		snprintf(released + n, sizeof(released) - n, "%dx",
			 (int)expect->record.master);
}

static const char *release(struct held_events *h, uint64_t id)
{
	released[0] = '\0';
	held_events_release(h, id, on_release, NULL);
	return released;
}

static void add(struct held_events *h, uint64_t id, enum ct_event_type type)
{
	struct ct_event ev = { .type = type, .record = { .id = id } };

	assert_true(held_events_add(h, &ev));
}

static void add_expect(struct held_events *h, uint64_t master)
{
	struct ct_expect_event ev = { .record = { .master = master } };

	assert_true(held_events_add_expect(h, &ev));
}

static void held_events_in_order(void **state)
{
	struct held_events *h = held_events_create(100);

	(void)state;
	add(h, 1, CT_EVENT_NEW);
	add(h, 2, CT_EVENT_NEW);
	add_expect(h, 1);
	add(h, 1, CT_EVENT_UPDATE);
	/* The same place of the hash table as 1. */
	add(h, 1 + 16384, CT_EVENT_NEW);
	assert_string_equal(release(h, 3), "");
	assert_string_equal(release(h, 1), "1N1x1U");
	assert_string_equal(release(h, 1), "");
	assert_string_equal(release(h, 1 + 16384), "16385N");
	assert_string_equal(release(h, 2), "2N");
	held_events_free(h);
}

/* A connection that has ended is kept until the packet at hand is decided. */
static void held_events_ended(void **state)
{
	struct held_events *h = held_events_create(100);

	(void)state;
	for (uint64_t id = 1; id <= 3; id++) {
		add(h, id, CT_EVENT_NEW);
		add(h, id, CT_EVENT_DESTROY);
	}
	add(h, 4, CT_EVENT_NEW);
	assert_string_equal(release(h, 2), "2N2D");
	held_events_forget_ended(h);
	assert_string_equal(release(h, 1), "");
	assert_string_equal(release(h, 3), "");
	assert_string_equal(release(h, 4), "4N");
	held_events_forget_ended(h);
	assert_int_equal(held_events_lost(h), 0);
	held_events_free(h);
}

static void held_events_limit(void **state)
{
	struct held_events *h = held_events_create(3);

	(void)state;
	add(h, 1, CT_EVENT_NEW);
	add(h, 2, CT_EVENT_NEW);
	add(h, 1, CT_EVENT_UPDATE);
	add(h, 1, CT_EVENT_UPDATE);	/* forgets 1N */
	add(h, 3, CT_EVENT_NEW);	/* forgets 2N, the only one of 2 */
	assert_int_equal(held_events_lost(h), 2);
	assert_string_equal(release(h, 2), "");
	assert_string_equal(release(h, 1), "1U1U");
	assert_string_equal(release(h, 3), "3N");
	/* A limit of one, with a connection that has ended. */
	held_events_free(h);
	h = held_events_create(1);
	add(h, 1, CT_EVENT_DESTROY);
	add(h, 2, CT_EVENT_DESTROY);
	held_events_forget_ended(h);
	assert_string_equal(release(h, 2), "");
	held_events_free(h);
	held_events_free(NULL);
}

static void id_set_members(void **state)
{
	struct id_set s = { NULL, 0 };

	(void)state;
	assert_false(id_set_has(&s, 0));
	id_set_remove(&s, 5);
	for (uint64_t id = 1; id < 20000; id += 63)
		assert_true(id_set_add(&s, id));
	assert_true(id_set_add(&s, 100000));
	for (uint64_t id = 0; id < 20000; id++)
		assert_int_equal(id_set_has(&s, id), id % 63 == 1);
	assert_true(id_set_has(&s, 100000));
	assert_false(id_set_has(&s, UINT64_MAX));
	id_set_remove(&s, 100000);
	assert_false(id_set_has(&s, 100000));
	id_set_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held_events_in_order),
		cmocka_unit_test(held_events_ended),
		cmocka_unit_test(held_events_limit),
		cmocka_unit_test(id_set_members),
	};

	return cmocka_run_group_tests_name("held_events", tests, NULL, NULL);
}
