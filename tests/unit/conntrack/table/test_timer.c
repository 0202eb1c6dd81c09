/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers: entries expire on time and in order, also after their expiry changed.
 */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#define FLOWS 2000u
#define A4 "192.0.2.10"
#define B4 "198.51.100.20"

/* The entries that expired, in order. */
struct left {
	struct { ct_time when; uint64_t id; } gone[FLOWS];
	size_t n;
};

static void on_event(void *arg, const struct ct_event *event)
{
	struct left *l = arg;

	if (event->type != CT_EVENT_DESTROY)
		return;
	assert_true(l->n < FLOWS);
	/* The time of the event is that of the expiry, also in the record. */
	assert_true(event->when == event->record.expires);
	assert_true(event->record.now == event->when);
	l->gone[l->n].when = event->when;
	l->gone[l->n++].id = event->record.id;
}

static struct ct *engine(struct left *l)
{
	struct ct_config cfg;
	struct ct *ct;

	memset(l, 0, sizeof(*l));
	ct_config_defaults(&cfg);
	cfg.on_event = on_event;
	cfg.event_arg = l;
	ct = ct_create(&cfg);
	assert_non_null(ct);
	ct_advance(ct, RIG_START);
	return ct;
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void track(struct ct *ct, const struct craft *c)
{
	struct ct_packet pkt;
	struct ct_verdict v;

	assert_int_equal(ct_packet_parse(&pkt, c->b, c->n, c->n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	ct_track(ct, &pkt, &v);
	ct_confirm(ct, &v);
}

/* Flow 'i', one of four kinds with different timeouts. */
static void send_flow(struct ct *ct, uint32_t i)
{
	struct craft_tcp tcp = { (uint16_t)(1000 + i), 80, 1, 1, ".", 100, 0, NULL };
	struct craft c;

	switch (i % 4) {
	case 0:
		craft_udp(&c, CT_L3_IPV4, A4, B4, (uint16_t)(1000 + i), 53, 0);
		break;
	case 1:
		craft_tcp(&c, CT_L3_IPV4, A4, B4, &tcp);
		break;
	case 2:
		tcp.flags = "S";
		craft_tcp(&c, CT_L3_IPV4, A4, B4, &tcp);
		break;
	default:
		craft_icmp(&c, CT_L3_IPV4, A4, B4, 8, 0, (uint16_t)i, 0);
	}
	track(ct, &c);
}

static void check_order(const struct left *l)
{
	for (size_t i = 1; i < l->n; i++) {
		assert_true(l->gone[i].when >= l->gone[i - 1].when);
		/* At equal times in order of creation. */
		if (l->gone[i].when == l->gone[i - 1].when)
			assert_true(l->gone[i].id > l->gone[i - 1].id);
	}
}

static void timer_random_timeouts(void **state)
{
	static struct left l;
	struct ct *ct = engine(&l);
	uint32_t seed = 42;

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++) {
		ct_advance(ct, ct_now(ct) + next_random(&seed) % 1000 * 100000);
		send_flow(ct, i);
		/* Another packet of a recent flow. */
		if (i % 2)
			send_flow(ct, i - next_random(&seed) % (i < 50 ? i + 1 : 50));
	}
	ct_advance(ct, ct_now(ct) + 1000 * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(ct), 0);
	assert_int_equal(l.n, FLOWS);
	check_order(&l);
	ct_destroy(ct);
}

/* The same entries expire at the same times in small steps and in one large
 * step. */
static void timer_steps_of_any_size(void **state)
{
	static struct left small, large;
	struct ct *a = engine(&small), *b = engine(&large);

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		send_flow(a, i);
		send_flow(b, i);
	}
	for (int i = 0; i < 4000; i++)
		ct_advance(a, ct_now(a) + CT_NSEC_PER_SEC / 10);
	ct_advance(b, ct_now(b) + 400 * CT_NSEC_PER_SEC);
	assert_int_equal(small.n, 200);
	assert_int_equal(large.n, 200);
	assert_memory_equal(small.gone, large.gone, sizeof(small.gone));
	assert_true(ct_now(a) == ct_now(b));
	ct_destroy(a);
	ct_destroy(b);
}

/* A connection that closes gets a shorter timeout. */
static void timer_shortened(void **state)
{
	static struct left l;
	struct ct *ct = engine(&l);
	struct craft_tcp ack = { 40000, 80, 1, 1, ".", 100, 0, NULL };
	struct craft_tcp back = { 80, 40000, 1, 1, ".", 100, 0, NULL };
	struct craft_tcp fin = { 40000, 80, 1, 1, "F.", 100, 0, NULL };
	struct craft c;

	(void)state;
	craft_tcp(&c, CT_L3_IPV4, A4, B4, &ack);
	track(ct, &c);
	craft_tcp(&c, CT_L3_IPV4, B4, A4, &back);
	track(ct, &c);
	craft_tcp(&c, CT_L3_IPV4, A4, B4, &ack);
	track(ct, &c);
	craft_udp(&c, CT_L3_IPV4, A4, B4, 1, 2, 0);
	track(ct, &c);
	ct_advance(ct, RIG_START + 10 * CT_NSEC_PER_SEC);
	craft_tcp(&c, CT_L3_IPV4, A4, B4, &fin);
	track(ct, &c);
	ct_advance(ct, RIG_START + 31 * CT_NSEC_PER_SEC);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.gone[0].id, 2);
	ct_advance(ct, RIG_START + 130 * CT_NSEC_PER_SEC - 1);
	assert_int_equal(l.n, 1);
	ct_advance(ct, RIG_START + 130 * CT_NSEC_PER_SEC);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.gone[1].id, 1);
	ct_destroy(ct);
}

static void timer_clock_never_runs_backwards(void **state)
{
	static struct left l;
	struct ct *ct = engine(&l);

	(void)state;
	ct_advance(ct, RIG_START - CT_NSEC_PER_SEC);
	assert_true(ct_now(ct) == RIG_START);
	ct_advance(ct, 0);
	assert_true(ct_now(ct) == RIG_START);
	send_flow(ct, 0);
	ct_advance(ct, RIG_START + 29 * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(ct), 1);
	ct_advance(ct, RIG_START + 30 * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(ct), 0);
	ct_destroy(ct);
}

/* Times near the largest number of nanoseconds. */
static void timer_end_of_time(void **state)
{
	static struct left l;
	struct ct *ct = engine(&l);

	(void)state;
	ct_advance(ct, 18000000000ull * CT_NSEC_PER_SEC);
	send_flow(ct, 0);
	assert_int_equal(ct_count(ct), 1);
	ct_advance(ct, 18000000030ull * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(ct), 0);
	/* At the end of time the sum must not wrap into an endless loop. */
	ct_advance(ct, UINT64_MAX);
	send_flow(ct, 4);
	ct_advance(ct, UINT64_MAX);
	ct_destroy(ct);
}

/* After a timeout of 0 seconds the entry expires at the next ct_advance(). */
static void timer_timeout_zero(void **state)
{
	struct ct_config cfg;
	struct ct *ct;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.udp_timeout = 0;
	ct = ct_create(&cfg);
	assert_non_null(ct);
	ct_advance(ct, RIG_START);
	send_flow(ct, 0);
	ct_advance(ct, RIG_START);
	assert_int_equal(ct_count(ct), 0);
	ct_destroy(ct);
}

/* Flow 'i': UDP, ICMP or a protocol without a tracker, each with a timeout of
 * its own that every packet restarts. */
static void renew(struct ct *ct, uint32_t i)
{
	struct craft c;

	switch (i % 3) {
	case 0:
		craft_udp(&c, CT_L3_IPV4, A4, B4, (uint16_t)(1000 + i), 53, 0);
		break;
	case 1:
		craft_icmp(&c, CT_L3_IPV4, A4, B4, 8, 0, (uint16_t)i, 0);
		break;
	default:
		craft_ip(&c, CT_L3_IPV4, A4, B4, (uint8_t)(200 + i / 3 % 40));
		craft_fill(&c, 8);
		craft_end(&c);
	}
	track(ct, &c);
}

/* Timeouts from seconds to decades at the same time: each entry expires on
 * time. */
static void timer_seconds_to_decades(void **state)
{
	static const uint32_t scales[] = {
		1, 10, 255, 256, 257, 4000, 65535, 70000, 9000000, 17000000,
		20000000, 100000000,
	};

	(void)state;
	for (size_t s = 0; s < ITEMS(scales); s++) {
		ct_time end[120] = { 0 };
		uint32_t life[3], seed = 5;
		struct ct_config cfg;
		struct ct *ct;

		ct_config_defaults(&cfg);
		cfg.sysctl.udp_timeout = life[0] = scales[s];
		cfg.sysctl.icmp_timeout = life[1] = scales[s] * 2;
		cfg.sysctl.generic_timeout = life[2] = scales[s] / 3 + 1;
		ct = ct_create(&cfg);
		assert_non_null(ct);
		ct_advance(ct, RIG_START + s * 12345 * MSEC);
		for (int step = 0; step < 4000; step++) {
			uint32_t i = next_random(&seed) % ITEMS(end);
			size_t alive = 0;

			ct_advance(ct, ct_now(ct) + scales[s] * MSEC *
				   (next_random(&seed) % 30));
			renew(ct, i);
			end[i] = ct_now(ct) + life[i % 3] * CT_NSEC_PER_SEC;
			for (size_t k = 0; k < ITEMS(end); k++)
				alive += end[k] > ct_now(ct);
			assert_int_equal(ct_count(ct), alive);
		}
		ct_destroy(ct);
	}
}

#define MANY 900u

struct flow {
	ct_time end;		/* when it expires */
	bool open;		/* established and not being closed */
};

/* A segment from A4 to B4 if 'out', else in the other direction. */
static void say(struct ct *ct, uint32_t i, bool out, const char *flags,
		uint32_t seq, uint32_t ack)
{
	uint16_t port = (uint16_t)(1000 + i);
	struct craft_tcp tcp = { out ? port : 80, out ? 80 : port, seq, ack,
				 flags, 1000, 0, NULL };
	struct craft c;

	craft_tcp(&c, CT_L3_IPV4, out ? A4 : B4, out ? B4 : A4, &tcp);
	track(ct, &c);
}

/*
 * The next event in the life of flow 'i'; timeouts are the kernel's defaults.
 */
static void live_on(struct ct *ct, uint32_t i, struct flow *f, uint32_t dice)
{
	uint32_t life;

	if (f->end <= ct_now(ct)) {
		say(ct, i, true, "S", 1000, 0);
		if (dice % 8 == 0) {
			/* Refused: the entry is removed at once. */
			say(ct, i, false, "R.", 0, 1001);
			return;
		}
		f->open = dice % 8 > 2;
		life = 120;
		if (f->open) {
			say(ct, i, false, "S.", 5000, 1001);
			say(ct, i, true, ".", 1001, 5001);
			life = 432000;
		}
	} else if (f->open && dice % 4 == 0) {
		say(ct, i, true, "R", 1001, 0);
		f->open = false;
		life = 10;
	} else if (f->open && dice % 4 == 1) {
		say(ct, i, true, "F.", 1001, 5001);
		f->open = false;
		life = 120;
	} else {
		return;
	}
	f->end = ct_now(ct) + life * CT_NSEC_PER_SEC;
}

/* Hundreds of connections open, are refused, close early or late, or stay idle:
 * each expires on time, whatever other timers share its slot. */
static void timer_connections_come_and_go(void **state)
{
	static struct flow flow[MANY];
	struct ct_config cfg;
	uint32_t seed = 9;
	struct ct *ct;

	(void)state;
	ct_config_defaults(&cfg);
	ct = ct_create(&cfg);
	assert_non_null(ct);
	ct_advance(ct, RIG_START);
	for (int step = 0; step < 40000; step++) {
		uint32_t dice = next_random(&seed), i = next_random(&seed) % MANY;
		size_t alive = 0;

		ct_advance(ct, ct_now(ct) + dice % 97 * MSEC);
		if (dice % 1000 == 0)
			ct_advance(ct, ct_now(ct) + dice % 300 * CT_NSEC_PER_SEC);
		if (step % 10000 == 9999)
			ct_advance(ct, ct_now(ct) + 400000 * CT_NSEC_PER_SEC);
		live_on(ct, i, &flow[i], dice / 64);
		for (size_t k = 0; k < MANY; k++)
			alive += flow[k].end > ct_now(ct);
		assert_int_equal(ct_count(ct), alive);
	}
	ct_destroy(ct);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timer_random_timeouts),
		cmocka_unit_test(timer_steps_of_any_size),
		cmocka_unit_test(timer_shortened),
		cmocka_unit_test(timer_clock_never_runs_backwards),
		cmocka_unit_test(timer_end_of_time),
		cmocka_unit_test(timer_timeout_zero),
		cmocka_unit_test(timer_seconds_to_decades),
		cmocka_unit_test(timer_connections_come_and_go),
	};

	return cmocka_run_group_tests_name("timer", tests, NULL, NULL);
}
