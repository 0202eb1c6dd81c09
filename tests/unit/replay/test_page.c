/* SPDX-License-Identifier: GPL-2.0-only */
/* What is collected for the page of --report: bins whose width doubles, connections of
 * which the troublesome are kept, hosts. */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "replay/page/bins.h"
#include "replay/page/hosts.h"
#include "replay/page/lanes.h"

#define START	RIG_START

static uint32_t next_random(uint32_t *x)
{
	*x = *x * 1664525u + 1013904223u;
	return *x >> 8;
}

/* What happens in a capture, and when. */
struct happening {
	ct_time when;
	uint8_t kind;		/* below 3: a packet; else an entry comes or goes */
	uint8_t state;
};

static void play(struct bins *b, const struct happening *h)
{
	bins_advance(b, h->when);
	if (h->kind < 3)
		bins_packet(b, h->kind, h->kind == 2);
	else if (h->kind == 3)
		bins_add(b, h->state);
	else
		bins_remove(b, h->state);
}

/* The bins counted anew, of their final width. */
static void count_again(struct bin *to, const struct happening *h, size_t n,
			uint64_t width, size_t bins)
{
	uint32_t live[PAGE_STATES] = { 0 }, entries = 0;
	size_t i = 0;

	for (size_t b = 0; b < bins; b++) {
		to[b].most = entries;
		for (; i < n && (h[i].when - START) / width == b; i++) {
			if (h[i].kind < 3) {
				to[b].word[h[i].kind]++;
				to[b].dropped += h[i].kind == 2;
				continue;
			}
			live[h[i].state] += h[i].kind == 3 ? 1u : -1u;
			entries += h[i].kind == 3 ? 1u : -1u;
			if (entries > to[b].most)
				to[b].most = entries;
		}
		memcpy(to[b].live, live, sizeof(live));
	}
	assert_int_equal(i, n);
}

#define HAPPENINGS 3000u

/* 'longest': of the pauses between two happenings, in nanoseconds. */
static void check_bins(uint64_t longest, uint32_t seed)
{
	struct happening *h = calloc(HAPPENINGS, sizeof(*h));
	struct bin *again = calloc(BINS, sizeof(*again));
	uint32_t live[4] = { 0 };
	struct bins b;

	assert_true(bins_init(&b));
	bins_start(&b, START);
	for (size_t i = 0; i < HAPPENINGS; i++) {
		uint64_t pause = ((uint64_t)next_random(&seed) << 24 | next_random(&seed)) %
				 (longest + 1);

		h[i].when = (i ? h[i - 1].when : START) + (next_random(&seed) % 4 ? 0 : pause);
		h[i].kind = (uint8_t)(next_random(&seed) % 5);
		h[i].state = (uint8_t)(1 + next_random(&seed) % 3);
		if (h[i].kind == 4 && !live[h[i].state])
			h[i].kind = 3;
		if (h[i].kind > 2)
			live[h[i].state] += h[i].kind == 3 ? 1u : -1u;
		play(&b, &h[i]);
	}
	bins_close(&b);
	assert_true(b.current < BINS);
	assert_int_equal(b.current, (h[HAPPENINGS - 1].when - START) / b.width);
	/* No wider than needed. */
	assert_true(b.width == BIN_MIN || b.current >= BINS / 2);
	count_again(again, h, HAPPENINGS, b.width, b.current + 1);
	for (size_t i = 0; i <= b.current; i++)
		assert_memory_equal(&again[i], &b.bin[i], sizeof(*again));
	bins_free(&b);
	free(again);
	free(h);
}

static void bins_double(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed < 20; seed++)
		for (uint64_t longest = 0; longest < 1ull << 47; longest = longest * 16 + 1)
			check_bins(longest, seed);
}

/* From the first moment to the last that 64 bits have. */
static void bins_far(void **state)
{
	struct bins b;

	(void)state;
	assert_true(bins_init(&b));
	bins_start(&b, 0);
	bins_advance(&b, 0);
	bins_add(&b, 1);
	bins_packet(&b, CT_NEW, false);
	bins_advance(&b, UINT64_MAX - 1);
	bins_packet(&b, CT_NEW, false);
	bins_close(&b);
	assert_true(b.current < BINS);
	assert_int_equal(b.bin[0].word[CT_NEW], 1);
	assert_int_equal(b.bin[b.current].word[CT_NEW], 1);
	assert_int_equal(b.bin[b.current].live[1], 1);
	assert_int_equal(b.bin[b.current / 2].most, 1);
	bins_free(&b);
}

static struct ct_record record(uint64_t id, uint32_t slot)
{
	struct ct_record rec = { .id = id, .slot = slot, .state = CT_TCP_SYN_SENT,
				 .first_seen = START + id };

	rec.tuple[0].protonum = CT_L4_TCP;
	rec.tuple[0].l3num = CT_L3_IPV4;
	rec.tuple[0].src.w[0] = (uint32_t)id;
	rec.tuple[0].sport = (uint16_t)id;
	return rec;
}

static void packets(struct lanes *l, struct bins *b, uint64_t id, uint32_t slot,
		    unsigned int n, uint8_t ctstate)
{
	struct ct_verdict v = { .id = id, .slot = slot, .ctstate = ctstate,
				.proto = CT_L4_TCP, .state = CT_TCP_ESTABLISHED };
	const struct lane_slot *s = lanes_find(l, slot, id);

	assert_non_null(s);
	for (unsigned int i = 0; i < n; i++) {
		lanes_packet(l, s, &v, false);
		assert_true(lanes_follow(l, &v, START + id + 10, b));
	}
}

static void end(struct lanes *l, struct bins *b, const struct ct_record *rec)
{
	struct ct_event ev = { .type = CT_EVENT_DESTROY, .end = CT_END_EXPIRED,
			       .when = START + rec->id + 20, .record = *rec };

	ev.record.state = CT_TCP_ESTABLISHED;
	assert_true(lanes_end(l, &ev, b));
}

/* Of many connections, those with INVALID packets and the large ones stay, each with its
 * own states; one whose lane is gone goes on without. */
static void lanes_many(void **state)
{
	const uint64_t n = 450000;
	struct lanes l = { .start = START };
	struct ct_record first = record(1, 0);
	uint64_t last = 0;
	uint32_t kept = 0;
	struct bins b;

	(void)state;
	assert_true(bins_init(&b));
	bins_start(&b, START);
	assert_true(lanes_new(&l, &first, &b));
	for (uint64_t id = 2; id <= n; id++) {
		struct ct_record rec = record(id, 1 + (uint32_t)(id % 1000));

		assert_true(lanes_new(&l, &rec, &b));
		packets(&l, &b, id, rec.slot, id % 50 ? 1 : 40, CT_ESTABLISHED);
		if (id % 100 == 7)
			packets(&l, &b, id, rec.slot, 1, CT_INVALID);
		end(&l, &b, &rec);
	}
	packets(&l, &b, 1, 0, 1, CT_ESTABLISHED);
	assert_true(lanes_reduce(&l));
	assert_int_equal(l.seen, n);
	assert_int_equal(l.n, LANES_KEPT);
	assert_int_equal(b.entries, 1);
	assert_int_equal(b.live[PAGE_STATE_TCP + CT_TCP_ESTABLISHED], 1);
	for (uint32_t i = 0; i < l.n; i++) {
		assert_true(l.lane[i].id > last);
		last = l.lane[i].id;
		kept += last % 50 == 0 || last % 100 == 7;
		assert_int_equal(l.lane[i].sport, (uint16_t)last);
		assert_ptr_equal(lanes_by_id(&l, last), &l.lane[i]);
	}
	assert_int_equal(kept, n / 50 + (n + 93) / 100);
	for (uint32_t i = 0; i < l.nsegments; i++) {
		const struct page_segment *s = &l.segment[i];
		uint64_t id = l.lane[s->connection].id;

		assert_int_equal(s->at, s->state == PAGE_STATE_TCP + CT_TCP_SYN_SENT ?
					id : id + 10);
	}
	lanes_free(&l);
	bins_free(&b);
}

/* No connection has more segments than its share, nor all of them together. */
static void lanes_restless(void **state)
{
	struct lanes l = { .start = START };
	struct ct_verdict v = { .id = 1, .ctstate = CT_ESTABLISHED, .proto = CT_L4_TCP };
	struct ct_record rec = record(1, 0);
	struct bins b;

	(void)state;
	assert_true(bins_init(&b));
	bins_start(&b, START);
	assert_true(lanes_new(&l, &rec, &b));
	for (unsigned int i = 0; i < 3 * SEGMENTS_EACH; i++) {
		v.state = i % 2 ? CT_TCP_CLOSE : CT_TCP_ESTABLISHED;
		assert_true(lanes_follow(&l, &v, START + i, &b));
	}
	assert_int_equal(l.nsegments, SEGMENTS_EACH);
	assert_int_equal(l.segments_seen, 3 * SEGMENTS_EACH + 1);
	assert_int_equal(l.lane[0].state, PAGE_STATE_TCP + CT_TCP_CLOSE);
	lanes_free(&l);
	bins_free(&b);
}

/* A slot's next connection is another, and the last one that ended is still known. */
static void lanes_slots(void **state)
{
	struct lanes l = { .start = START };
	struct ct_record a = record(5, 3), other = record(6, 3);
	struct bins b;

	(void)state;
	assert_true(bins_init(&b));
	bins_start(&b, START);
	assert_null(lanes_find(&l, 3, 5));
	assert_null(lanes_find(&l, 0, 0));
	assert_true(lanes_new(&l, &a, &b));
	assert_non_null(lanes_find(&l, 3, 5));
	assert_null(lanes_find(&l, 3, 6));
	assert_null(lanes_find(&l, 0, 0));
	end(&l, &b, &a);
	assert_int_equal(lanes_find(&l, 3, 5)->lane, 1);
	assert_true(lanes_new(&l, &other, &b));
	assert_int_equal(lanes_find(&l, 3, 5)->lane, 1);
	assert_int_equal(lanes_find(&l, 3, 6)->lane, 2);
	assert_int_equal(l.lane[0].ended, PAGE_TIMED_OUT);
	assert_int_equal(l.lane[1].ended, PAGE_ALIVE);
	lanes_free(&l);
	bins_free(&b);
}

static void hosts_numbers(void **state)
{
	const uint32_t n = 5000, most = 4000;
	struct hosts h;
	uint32_t number;

	(void)state;
	hosts_init(&h);
	for (unsigned int turn = 0; turn < 2; turn++)
		for (uint32_t i = 0; i < n; i++) {
			union ct_addr a = { .w = { i } };

			assert_true(hosts_find(&h, &a, CT_L3_IPV4, most, &number));
			assert_int_equal(number, i < most ? i + 1 : 0);
		}
	assert_int_equal(h.n, most);
	/* The same bytes are another address in the other family. */
	assert_true(hosts_find(&h, &(union ct_addr){ .w = { 1 } }, CT_L3_IPV6, UINT32_MAX,
			       &number));
	assert_int_equal(number, most + 1);
	hosts_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bins_double),
		cmocka_unit_test(bins_far),
		cmocka_unit_test(lanes_many),
		cmocka_unit_test(lanes_restless),
		cmocka_unit_test(lanes_slots),
		cmocka_unit_test(hosts_numbers),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
