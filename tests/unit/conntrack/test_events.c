/* SPDX-License-Identifier: GPL-2.0-only */
/* Events: their types, order, times and records. */
#include "support/rig.h"

#include <string.h>

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.20"

static void udp(struct rig *r, bool reply)
{
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, reply ? SERVER : CLIENT, reply ? CLIENT : SERVER,
		  reply ? 53 : 40000, reply ? 40000 : 53, 10);
	rig_send(r, &c);
}

static void tcp(struct rig *r, bool reply, const char *flags, uint32_t seq,
		uint32_t ack)
{
	struct craft_tcp t = {
		.sport = reply ? 80 : 40000, .dport = reply ? 40000 : 80,
		.seq = seq, .ack = ack, .flags = flags, .win = 8192,
	};
	struct craft c;

	craft_tcp(&c, CT_L3_IPV4, reply ? SERVER : CLIENT, reply ? CLIENT : SERVER,
		  &t);
	rig_send(r, &c);
}

static void expect(const struct rig *r, size_t i, enum ct_event_type type,
		   uint32_t changed, uint64_t milliseconds)
{
	const struct ct_event *e = &r->event[i];

	assert_true(i < r->events);
	assert_int_equal(e->type, type);
	assert_int_equal(e->changed, changed);
	assert_int_equal((e->when - RIG_START) / MSEC, milliseconds);
}

static void event_question(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	rig_wait(&r, 5);
	udp(&r, false);
	rig_wait(&r, 10);
	udp(&r, false);
	assert_int_equal(r.events, 1);
	expect(&r, 0, CT_EVENT_NEW, 0, 5);
	rig_wait(&r, 10);
	udp(&r, true);
	assert_int_equal(r.events, 2);
	expect(&r, 1, CT_EVENT_UPDATE, CT_CHANGED_REPLY, 25);
	assert_int_equal(r.event[1].record.status,
			 CT_STATUS_CONFIRMED | CT_STATUS_SEEN_REPLY);
	udp(&r, true);
	udp(&r, false);
	assert_int_equal(r.events, 2);
	rig_wait(&r, 100000);
	assert_int_equal(r.events, 3);
	expect(&r, 2, CT_EVENT_DESTROY, 0, 30025);
	assert_int_equal(r.event[2].record.id, 1);
	assert_int_equal(r.event[0].end, CT_END_NONE);
	assert_int_equal(r.event[1].end, CT_END_NONE);
	assert_int_equal(r.event[2].end, CT_END_EXPIRED);
	rig_free(&r);
}

static void event_stream(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	udp(&r, false);
	udp(&r, true);
	rig_wait(&r, 3000);
	udp(&r, false);
	assert_int_equal(r.events, 3);
	expect(&r, 2, CT_EVENT_UPDATE, CT_CHANGED_ASSURED, 3000);
	udp(&r, false);
	assert_int_equal(r.events, 3);
	rig_free(&r);
}

/* conntrack -E shows: NEW SYN_SENT, UPDATE SYN_RECV, UPDATE ESTABLISHED
 * [ASSURED], and so on. */
static void event_tcp_states(void **state)
{
	static const uint8_t states[] = {
		CT_TCP_SYN_SENT, CT_TCP_SYN_RECV, CT_TCP_ESTABLISHED,
		CT_TCP_FIN_WAIT, CT_TCP_LAST_ACK, CT_TCP_TIME_WAIT,
	};
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	tcp(&r, false, "S", 1000, 0);
	tcp(&r, true, "S.", 5000, 1001);
	tcp(&r, false, ".", 1001, 5001);
	tcp(&r, false, "P.", 1001, 5001);
	tcp(&r, false, "F.", 1001, 5001);
	tcp(&r, true, "F.", 5001, 1002);
	tcp(&r, false, ".", 1002, 5002);
	tcp(&r, false, ".", 1002, 5002);
	assert_int_equal(r.events, 6);
	/* The NEW event of the kernel includes the state of the protocol. */
	assert_int_equal(r.event[0].type, CT_EVENT_NEW);
	expect(&r, 1, CT_EVENT_UPDATE, CT_CHANGED_REPLY | CT_CHANGED_PROTOINFO, 0);
	expect(&r, 2, CT_EVENT_UPDATE, CT_CHANGED_ASSURED | CT_CHANGED_PROTOINFO, 0);
	for (size_t i = 3; i < 6; i++)
		expect(&r, i, CT_EVENT_UPDATE, CT_CHANGED_PROTOINFO, 0);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(r.event[i].record.state, states[i]);
	rig_free(&r);
}

static void event_refused_connection(void **state)
{
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	tcp(&r, false, "S", 1000, 0);
	rig_wait(&r, 7);
	tcp(&r, true, "R.", 0, 1001);
	assert_int_equal(r.events, 2);
	expect(&r, 1, CT_EVENT_DESTROY, 0, 7);
	assert_int_equal(r.event[1].record.id, 1);
	assert_int_equal(r.event[1].end, CT_END_RESET);
	rig_free(&r);
}

/* The old connection ends before the new one begins. */
static void event_reopened_port(void **state)
{
	struct rig r;
	size_t n;

	(void)state;
	rig_init(&r, NULL);
	tcp(&r, false, "S", 1000, 0);
	tcp(&r, true, "S.", 5000, 1001);
	tcp(&r, false, ".", 1001, 5001);
	tcp(&r, false, "R.", 1001, 5001);
	n = r.events;
	tcp(&r, false, "S", 3000, 0);
	assert_int_equal(r.events, n + 2);
	assert_int_equal(r.event[n].type, CT_EVENT_DESTROY);
	assert_int_equal(r.event[n].record.id, 1);
	assert_int_equal(r.event[n].end, CT_END_REOPENED);
	assert_int_equal(r.event[n + 1].type, CT_EVENT_NEW);
	assert_int_equal(r.event[n + 1].record.id, 2);
	rig_free(&r);
}

/* Packets that are INVALID, RELATED or dropped by a rule cause no event. */
static void event_none_for_invalid_related_dropped(void **state)
{
	struct craft quoted, c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	udp(&r, false);
	craft_udp(&quoted, CT_L3_IPV4, CLIENT, SERVER, 40000, 53, 10);
	craft_icmp_error(&c, SERVER, CLIENT, 3, 3, &quoted, 28);
	rig_send(&r, &c);
	assert_int_equal(r.v.ctstate, CT_RELATED);
	tcp(&r, false, "R", 1, 1);
	assert_int_equal(r.v.ctstate, CT_INVALID);
	craft_udp(&c, CT_L3_IPV4, CLIENT, SERVER, 1, 2, 10);
	rig_drop(&r, &c);
	assert_int_equal(r.events, 1);
	rig_free(&r);
}

static void event_early_drop(void **state)
{
	struct ct_config cfg;
	struct craft c;
	struct rig r;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.max = 2;
	rig_init(&r, &cfg);
	for (uint16_t i = 0; i < 3; i++) {
		rig_wait(&r, 1);
		craft_udp(&c, CT_L3_IPV4, CLIENT, SERVER, i, 53, 10);
		rig_send(&r, &c);
	}
	assert_int_equal(r.events, 4);
	expect(&r, 2, CT_EVENT_DESTROY, 0, 3);
	assert_int_equal(r.event[2].record.id, 1);
	assert_int_equal(r.event[2].end, CT_END_EARLY_DROP);
	expect(&r, 3, CT_EVENT_NEW, 0, 3);
	rig_free(&r);
}

/* Several connections expire between two frames, each at its own time, in
 * order. */
static void event_many_expiries_in_order(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (uint16_t i = 0; i < 5; i++) {
		craft_icmp(&c, CT_L3_IPV4, CLIENT, SERVER, 8, 0, i, 8);
		rig_send(&r, &c);
		rig_wait(&r, 10);
		udp(&r, false);
	}
	rig_wait(&r, 1000000);
	assert_int_equal(r.events, 12);
	for (size_t i = 6; i < 12; i++) {
		assert_int_equal(r.event[i].type, CT_EVENT_DESTROY);
		assert_true(r.event[i].when >= r.event[i - 1].when);
		assert_true(r.event[i].when == r.event[i].record.expires);
		assert_true(r.event[i].record.now == r.event[i].when);
	}
	/* The UDP connection was used last. */
	assert_int_equal(r.event[11].record.tuple[0].protonum, CT_L4_UDP);
	rig_free(&r);
}

static void event_counters(void **state)
{
	struct ct_config cfg;
	struct rig r;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.acct = 1;
	rig_init(&r, &cfg);
	udp(&r, false);
	udp(&r, true);
	udp(&r, true);
	rig_wait(&r, 31000);
	assert_int_equal(r.events, 3);
	assert_int_equal(r.event[0].record.counter[0].packets, 1);
	assert_int_equal(r.event[2].record.counter[0].packets, 1);
	assert_int_equal(r.event[2].record.counter[1].packets, 2);
	assert_int_equal(r.event[2].record.counter[1].bytes, 76);
	/* The RST of a refused connection is counted before it ends. */
	tcp(&r, false, "S", 1000, 0);
	tcp(&r, true, "R.", 0, 1001);
	assert_int_equal(r.event[r.events - 1].type, CT_EVENT_DESTROY);
	assert_int_equal(r.event[r.events - 1].record.counter[1].packets, 1);
	rig_free(&r);
}

/* Types that the program does not want are not sent; verdicts stay the same, which
 * the rig compares. */
static void event_skipped(void **state)
{
	static const enum ct_event_type wanted[] = {
		CT_EVENT_NEW, CT_EVENT_UPDATE, CT_EVENT_DESTROY,
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(wanted); i++) {
		struct ct_config cfg;
		struct rig r;

		ct_config_defaults(&cfg);
		cfg.skip_events = (uint8_t)(7u & ~(1u << wanted[i]));
		rig_init(&r, &cfg);
		udp(&r, false);
		udp(&r, true);
		udp(&r, true);
		rig_wait(&r, 31000);
		assert_int_equal(r.events, 1);
		assert_int_equal(r.event[0].type, wanted[i]);
		rig_free(&r);
	}
}

static void event_no_callback(void **state)
{
	struct ct_config cfg;
	struct ct_packet pkt;
	struct ct_verdict v;
	struct craft c;
	struct ct *ct;

	(void)state;
	ct_config_defaults(&cfg);
	assert_null(cfg.on_event);
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	craft_udp(&c, CT_L3_IPV4, CLIENT, SERVER, 1, 2, 3);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	ct_track(ct, &pkt, &v);
	ct_confirm(ct, &v);
	ct_advance(ct, UINT64_MAX);
	assert_int_equal(ct_count(ct), 0);
	ct_destroy(ct);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_question),
		cmocka_unit_test(event_stream),
		cmocka_unit_test(event_tcp_states),
		cmocka_unit_test(event_refused_connection),
		cmocka_unit_test(event_reopened_port),
		cmocka_unit_test(event_none_for_invalid_related_dropped),
		cmocka_unit_test(event_early_drop),
		cmocka_unit_test(event_many_expiries_in_order),
		cmocka_unit_test(event_counters),
		cmocka_unit_test(event_skipped),
		cmocka_unit_test(event_no_callback),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
