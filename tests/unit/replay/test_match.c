/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of matching what two engines have: each pair and each thing without a
 * partner comes once, in order, whatever the order of the other side.
 */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/match.h"

/* An event of the connection with that port; 'id' tells two of them apart. */
static struct happening event(enum ct_event_type type, uint16_t port, uint64_t id)
{
	struct happening h;

	memset(&h, 0, sizeof(h));
	h.event.type = type;
	h.event.record.id = id;
	h.event.record.tuple[0].sport = port;
	h.event.record.tuple[0].protonum = CT_L4_TCP;
	return h;
}

static struct happening expectation(uint16_t port, uint16_t master, uint64_t id)
{
	struct happening h;

	memset(&h, 0, sizeof(h));
	h.of_expect = true;
	h.expect.record.id = id;
	h.expect.record.tuple.dport = port;
	h.expect.record.master_tuple.sport = master;
	return h;
}

static char found[20000];

static uint64_t id_of(const struct happening *h)
{
	return h->of_expect ? h->expect.record.id : h->event.record.id;
}

static void on_match(void *arg, const struct happening *a, const struct happening *b)
{
	size_t len = strlen(found);

	assert_ptr_equal(arg, found);
	snprintf(found + len, sizeof(found) - len, "%d=%d ", a ? (int)id_of(a) : 0,
		 b ? (int)id_of(b) : 0);
}

static void matches(const struct happening *a, size_t na, struct happening *b,
		    size_t nb, const char *wanted)
{
	struct match m = { .size = 0 };

	found[0] = '\0';
	assert_true(match_happenings(&m, a, na, b, nb, on_match, found));
	assert_string_equal(found, wanted);
	match_free(&m);
}

static void match_none(void **state)
{
	struct happening a[1] = { event(CT_EVENT_NEW, 1, 1) };
	struct happening b[1] = { event(CT_EVENT_NEW, 1, 1) };

	(void)state;
	matches(a, 0, b, 0, "");
	matches(a, 1, b, 0, "1=0 ");
	matches(a, 0, b, 1, "0=1 ");
}

static void match_same_order(void **state)
{
	struct happening a[2] = { event(CT_EVENT_NEW, 1, 1), event(CT_EVENT_NEW, 2, 2) };
	struct happening b[2] = { event(CT_EVENT_NEW, 1, 7), event(CT_EVENT_NEW, 2, 8) };

	(void)state;
	matches(a, 2, b, 2, "1=7 2=8 ");
}

static void match_other_order(void **state)
{
	struct happening a[3] = { event(CT_EVENT_NEW, 1, 1), event(CT_EVENT_NEW, 2, 2),
				  event(CT_EVENT_NEW, 3, 3) };
	struct happening b[3] = { event(CT_EVENT_NEW, 3, 7), event(CT_EVENT_NEW, 4, 8),
				  event(CT_EVENT_NEW, 1, 9) };

	(void)state;
	matches(a, 3, b, 3, "1=9 2=0 3=7 0=8 ");
}

/* Another type, or an expectation, is another thing. */
static void match_kinds(void **state)
{
	struct happening a[3] = { event(CT_EVENT_NEW, 1, 1), event(CT_EVENT_DESTROY, 1, 2),
				  expectation(1, 1, 3) };
	struct happening b[3] = { expectation(1, 2, 7), expectation(1, 1, 8),
				  event(CT_EVENT_DESTROY, 1, 9) };

	(void)state;
	matches(a, 3, b, 3, "1=0 2=9 3=8 0=7 ");
}

/* Of several with one identity, the first gets the first. */
static void match_repeated(void **state)
{
	struct happening a[3] = { event(CT_EVENT_NEW, 2, 1), event(CT_EVENT_NEW, 1, 2),
				  event(CT_EVENT_NEW, 1, 3) };
	struct happening b[4] = { event(CT_EVENT_NEW, 1, 6), event(CT_EVENT_NEW, 1, 7),
				  event(CT_EVENT_NEW, 1, 8), event(CT_EVENT_NEW, 2, 9) };

	(void)state;
	matches(a, 3, b, 4, "1=9 2=6 3=7 0=8 ");
}

/* Against the obvious way, quadratic, on random lists. */
static void match_random(void **state)
{
	enum { N = 40 };
	struct happening a[N], b[N];
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		char wanted[20000] = "";
		bool taken[N] = { false };

		for (int i = 0; i < N; i++) {
			a[i] = event(CT_EVENT_NEW, (uint16_t)(rand_r(&seed) % 30),
				     (uint64_t)i + 1);
			b[i] = event(CT_EVENT_NEW, (uint16_t)(rand_r(&seed) % 30),
				     (uint64_t)i + 1);
		}
		for (int i = 0; i < N; i++) {
			int j = 0;

			while (j < N && (taken[j] || a[i].event.record.tuple[0].sport !=
				b[j].event.record.tuple[0].sport))
				j++;
			if (j < N)
				taken[j] = true;
			sprintf(wanted + strlen(wanted), "%d=%d ", i + 1,
				j < N ? j + 1 : 0);
		}
		for (int j = 0; j < N; j++)
			if (!taken[j])
				sprintf(wanted + strlen(wanted), "0=%d ", j + 1);
		matches(a, N, b, N, wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(match_none),
		cmocka_unit_test(match_same_order),
		cmocka_unit_test(match_other_order),
		cmocka_unit_test(match_kinds),
		cmocka_unit_test(match_repeated),
		cmocka_unit_test(match_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
