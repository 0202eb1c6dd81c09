/* SPDX-License-Identifier: GPL-2.0-only */
/* -C: whose packets are counted, and with which end a connection is reported. */
#include "support/rig.h"

#include <string.h>

#include "replay/connections.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.20"
#define ENDS	8

/* An engine whose packets are counted. */
struct bench {
	struct rig rig;
	struct connections c;
	struct connection_view end[ENDS];	/* in the order of their reports */
	size_t ends;
	size_t events;		/* of the rig, that were handed over */
};

static void begin(struct bench *b, const struct ct_config *cfg)
{
	memset(b, 0, sizeof(*b));
	rig_init(&b->rig, cfg);
}

static void finish(struct bench *b)
{
	connections_free(&b->c);
	rig_free(&b->rig);
}

/* Events so far go to the counts, as the tracker does it. */
static void hand_over_ends(struct bench *b)
{
	for (; b->events < b->rig.events; b->events++) {
		const struct ct_event *ev = &b->rig.event[b->events];

		assert_true(b->ends < ENDS);
		if (ev->type == CT_EVENT_DESTROY &&
		    connections_end(&b->c, ev, &b->end[b->ends]))
			b->ends++;
	}
}

static void send(struct bench *b, const struct craft *c)
{
	const struct connection_view *reset;

	rig_send(&b->rig, c);
	hand_over_ends(b);
	assert_true(connections_packet(&b->c, &b->rig.pkt, &b->rig.v));
	reset = connections_reset(&b->c);
	if (reset)
		b->end[b->ends++] = *reset;
}

static void tcp(struct bench *b, bool reply, const char *flags, uint32_t seq,
		uint32_t ack)
{
	struct craft_tcp t = {
		.sport = reply ? 80 : 40000, .dport = reply ? 40000 : 80,
		.seq = seq, .ack = ack, .flags = flags, .win = 8192,
	};
	struct craft c;

	craft_tcp(&c, CT_L3_IPV4, reply ? SERVER : CLIENT, reply ? CLIENT : SERVER,
		  &t);
	send(b, &c);
}

/* 20 bytes of IP, 8 of UDP, 'len' of data. */
static void udp(struct bench *b, bool reply, uint16_t port, uint32_t len)
{
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, reply ? SERVER : CLIENT, reply ? CLIENT : SERVER,
		  reply ? 53 : port, reply ? port : 53, len);
	send(b, &c);
}

/* The connection in place 'i' of the table. */
static struct connection_view open_view(struct bench *b, size_t i)
{
	struct connection_view v;

	rig_table(&b->rig);
	assert_true(i < b->rig.records);
	connections_open(&b->c, &b->rig.record[i], &v);
	return v;
}

static void assert_own(const struct connection_view *v, uint64_t packets,
		       uint64_t bytes, uint64_t reply_packets, uint64_t reply_bytes)
{
	assert_int_equal(v->record.counter[0].packets, packets);
	assert_int_equal(v->record.counter[0].bytes, bytes);
	assert_int_equal(v->record.counter[1].packets, reply_packets);
	assert_int_equal(v->record.counter[1].bytes, reply_bytes);
}

static void assert_states(const struct connection_view *v, uint64_t new,
			  uint64_t established, uint64_t related, uint64_t invalid)
{
	assert_int_equal(v->ctstate[CT_NEW], new);
	assert_int_equal(v->ctstate[CT_ESTABLISHED], established);
	assert_int_equal(v->ctstate[CT_RELATED], related);
	assert_int_equal(v->ctstate[CT_INVALID], invalid);
}

static void connection_counts_each_way(void **state)
{
	struct connection_view v;
	struct bench b;

	(void)state;
	begin(&b, NULL);
	udp(&b, false, 40000, 10);	/* 38 bytes */
	udp(&b, true, 40000, 100);	/* 128 bytes */
	udp(&b, false, 40000, 12);	/* 40 bytes */
	udp(&b, false, 40001, 0);	/* of another connection */
	v = open_view(&b, 0);
	assert_own(&v, 2, 78, 1, 128);
	assert_states(&v, 1, 2, 0, 0);
	assert_int_equal(v.end, CT_END_NONE);
	v = open_view(&b, 1);
	assert_own(&v, 1, 28, 0, 0);
	assert_states(&v, 1, 0, 0, 0);
	finish(&b);
}

static void connection_expires(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, NULL);
	udp(&b, false, 40000, 10);
	rig_wait(&b.rig, 31000);
	hand_over_ends(&b);
	assert_int_equal(b.ends, 1);
	assert_int_equal(b.end[0].record.id, 1);
	assert_int_equal(b.end[0].end, CT_END_EXPIRED);
	assert_int_equal(b.end[0].when, RIG_START + 30 * CT_NSEC_PER_SEC);
	assert_own(&b.end[0], 1, 38, 0, 0);
	finish(&b);
}

/* The error's bytes are not the connection's. */
static void connection_counts_errors_apart(void **state)
{
	struct craft quoted, c;
	struct connection_view v;
	struct bench b;

	(void)state;
	begin(&b, NULL);
	udp(&b, false, 40000, 10);
	craft_udp(&quoted, CT_L3_IPV4, CLIENT, SERVER, 40000, 53, 10);
	craft_icmp_error(&c, SERVER, CLIENT, 3, 3, &quoted, 28);
	send(&b, &c);
	assert_int_equal(b.rig.v.ctstate, CT_RELATED);
	v = open_view(&b, 0);
	assert_own(&v, 1, 38, 0, 0);
	assert_states(&v, 1, 0, 1, 0);
	finish(&b);
}

/* The receiver's window is 8192: a segment far beyond it. */
static void connection_counts_invalid_apart(void **state)
{
	struct connection_view v;
	struct bench b;

	(void)state;
	begin(&b, NULL);
	tcp(&b, false, "S", 1000, 0);
	tcp(&b, true, "S.", 5000, 1001);
	tcp(&b, false, ".", 1001, 5001);
	tcp(&b, false, ".", 901001, 5001);
	assert_int_equal(b.rig.v.ctstate, CT_INVALID);
	v = open_view(&b, 0);
	assert_own(&v, 2, 80, 1, 40);
	assert_states(&v, 1, 2, 0, 1);
	finish(&b);
}

/* The reset that ends the connection is one of its packets. */
static void connection_counts_reset(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, NULL);
	tcp(&b, false, "S", 1000, 0);
	rig_wait(&b.rig, 7);
	tcp(&b, true, "R.", 0, 1001);
	assert_int_equal(b.ends, 1);
	assert_int_equal(b.end[0].end, CT_END_RESET);
	assert_int_equal(b.end[0].when, RIG_START + 7 * MSEC);
	assert_int_equal(b.end[0].record.last_seen, RIG_START + 7 * MSEC);
	assert_own(&b.end[0], 1, 40, 1, 40);
	assert_states(&b.end[0], 1, 1, 0, 0);
	/* The next one does not inherit its counts. */
	tcp(&b, false, "S", 2000, 0);
	assert_int_equal(b.ends, 1);
	assert_int_equal(open_view(&b, 0).record.id, 2);
	assert_int_equal(open_view(&b, 0).record.counter[0].packets, 1);
	finish(&b);
}

/* The SYN belongs to the new connection, which gets the old one's slot. */
static void connection_reopened(void **state)
{
	struct connection_view v;
	struct bench b;

	(void)state;
	begin(&b, NULL);
	tcp(&b, false, "S", 1000, 0);
	tcp(&b, true, "S.", 5000, 1001);
	tcp(&b, false, ".", 1001, 5001);
	tcp(&b, false, "R.", 1001, 5001);
	assert_int_equal(b.ends, 0);
	tcp(&b, false, "S", 3000, 0);
	assert_int_equal(b.ends, 1);
	assert_int_equal(b.end[0].end, CT_END_REOPENED);
	assert_int_equal(b.end[0].record.id, 1);
	assert_own(&b.end[0], 3, 120, 1, 40);
	assert_states(&b.end[0], 1, 3, 0, 0);
	v = open_view(&b, 0);
	assert_int_equal(v.record.id, 2);
	assert_int_equal(v.record.slot, b.end[0].record.slot);
	assert_own(&v, 1, 40, 0, 0);
	assert_states(&v, 1, 0, 0, 0);
	finish(&b);
}

/* The third connection takes the place, and the slot, of the first. */
static void connection_early_drop(void **state)
{
	struct ct_config cfg;
	struct connection_view v;
	struct bench b;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.max = 2;
	begin(&b, &cfg);
	for (uint16_t i = 0; i < 3; i++)
		udp(&b, false, (uint16_t)(40000 + i), i);
	assert_int_equal(b.ends, 1);
	assert_int_equal(b.end[0].end, CT_END_EARLY_DROP);
	assert_int_equal(b.end[0].record.id, 1);
	assert_own(&b.end[0], 1, 28, 0, 0);
	v = open_view(&b, 1);
	assert_int_equal(v.record.id, 3);
	assert_int_equal(v.record.slot, b.end[0].record.slot);
	assert_own(&v, 1, 30, 0, 0);
	finish(&b);
}

/* Neither a packet without a connection nor one that the tracker itself drops
 * has a state that counts. */
static void connection_counts_no_others(void **state)
{
	struct ct_verdict v = { .ctstate = CT_INVALID, .dir = CT_DIR_NONE };
	const struct ct_packet pkt = { .len = 40 };
	struct ct_record rec = { .slot = 0 };
	struct connections c = { 0 };
	struct connection_view view;

	(void)state;
	assert_true(connections_packet(&c, &pkt, &v));
	v.id = 1;
	v.ctstate = CT_DROP;
	assert_true(connections_packet(&c, &pkt, &v));
	connections_open(&c, &rec, &view);
	assert_own(&view, 0, 0, 0, 0);
	assert_states(&view, 0, 0, 0, 0);
	connections_free(&c);
}

/* Counts survive growth, for any slot; one that never counted has none. */
static void connection_slots_grow(void **state)
{
	static const uint32_t slots[] = { 1, 1023, 1024, 5000, 70000 };
	struct ct_verdict v = { .ctstate = CT_ESTABLISHED, .dir = CT_DIR_REPLY };
	struct ct_packet pkt = { 0 };
	struct connections c = { 0 };
	struct connection_view view;
	struct ct_record rec = { 0 };

	(void)state;
	for (uint32_t i = 0; i < ITEMS(slots); i++) {
		v.id = i + 1;
		v.slot = slots[i];
		pkt.len = 100 + i;
		assert_true(connections_packet(&c, &pkt, &v));
	}
	for (uint32_t i = 0; i < ITEMS(slots); i++) {
		rec.slot = slots[i];
		connections_open(&c, &rec, &view);
		assert_own(&view, 0, 0, 1, 100 + i);
	}
	rec.slot = 10000000;
	connections_open(&c, &rec, &view);
	assert_own(&view, 0, 0, 0, 0);
	connections_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connection_counts_each_way),
		cmocka_unit_test(connection_expires),
		cmocka_unit_test(connection_counts_errors_apart),
		cmocka_unit_test(connection_counts_invalid_apart),
		cmocka_unit_test(connection_counts_reset),
		cmocka_unit_test(connection_reopened),
		cmocka_unit_test(connection_early_drop),
		cmocka_unit_test(connection_counts_no_others),
		cmocka_unit_test(connection_slots_grow),
	};

	return cmocka_run_group_tests_name("connections", tests, NULL, NULL);
}
