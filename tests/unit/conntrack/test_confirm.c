/* SPDX-License-Identifier: GPL-2.0-only */
/* Between ct_track() and ct_confirm(): packets that are not confirmed, and the
 * view of the packet's connection. */
#include "support/rig.h"

#include <string.h>

#include "conntrack/engine.h"
#include "ctreplay/fast.h"

#define A "192.0.2.10"
#define B "198.51.100.20"
#define TFTP 69

struct bench {
	struct ct *ct;
	struct ct_packet pkt;
	struct ct_verdict v;
	struct craft c;
	struct ct_record record;
	size_t events;
};

static void count_event(void *arg, const struct ct_event *event)
{
	struct bench *b = arg;

	(void)event;
	b->events++;
}

static void bench_init(struct bench *b, bool events)
{
	struct ct_config cfg;

	memset(b, 0, sizeof(*b));
	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	if (events) {
		cfg.on_event = count_event;
		cfg.event_arg = b;
	}
	assert_int_equal(ct_create(&b->ct, &cfg, NULL), 0);
	ct_advance(b->ct, RIG_START);
}

/* ct_track() of the packet in b->c. */
static bool track(struct bench *b)
{
	assert_int_equal(ct_packet_parse(&b->pkt, b->c.b, b->c.n, b->c.n,
					 (enum ct_l3)b->c.l3num, 0),
			 CT_PACKET_OK);
	return ct_track(b->ct, &b->pkt, &b->v);
}

/* The same for a packet that may take the fast path. */
static bool track_fast(struct bench *b)
{
	assert_true(ct_prepare_fast(b->ct, &b->pkt, b->c.b, b->c.n, CT_L3_IPV4));
	ct_prefetch(b->ct, &b->pkt);
	ct_prefetch_entry(b->ct, &b->pkt);
	return ct_track(b->ct, &b->pkt, &b->v);
}

static void udp(struct bench *b, bool reply, uint16_t sport, uint16_t dport)
{
	craft_udp(&b->c, CT_L3_IPV4, reply ? B : A, reply ? A : B,
		  reply ? dport : sport, reply ? sport : dport, 4);
}

static void tcp(struct bench *b, bool reply, const char *flags, uint32_t seq,
		uint32_t ack, uint16_t len)
{
	const struct craft_tcp t = {
		.sport = reply ? 80 : 40000, .dport = reply ? 40000 : 80,
		.seq = seq, .ack = ack, .flags = flags, .win = 8192, .len = len,
	};

	craft_tcp(&b->c, CT_L3_IPV4, reply ? B : A, reply ? A : B, &t);
}

static void handshake(struct bench *b)
{
	tcp(b, false, "S", 1000, 0, 0);
	track(b);
	ct_confirm(b->ct, &b->v);
	tcp(b, true, "S.", 5000, 1001, 0);
	track(b);
	ct_confirm(b->ct, &b->v);
	tcp(b, false, ".", 1001, 5001, 0);
	track(b);
	ct_confirm(b->ct, &b->v);
	assert_int_equal(b->v.state, CT_TCP_ESTABLISHED);
}

static bool current(struct bench *b)
{
	memset(&b->record, 0xa5, sizeof(b->record));
	return ct_current(b->ct, &b->pkt, &b->v, &b->record);
}

/* Without ct_confirm() the next ct_track() drops the packet before. */
static void confirm_missing_drops(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, false);
	for (uint32_t i = 0; i < 100000; i++) {
		udp(&b, false, (uint16_t)i, TFTP);
		assert_true(track(&b));
		assert_int_equal(b.v.ctstate, CT_NEW);
		/* The same entry each time: nothing leaks. */
		assert_in_range(b.ct->table.slab[0].used, 1, 2);
	}
	assert_int_equal(ct_count(b.ct), 0);
	ct_confirm(b.ct, &b.v);
	assert_int_equal(ct_count(b.ct), 1);
	ct_confirm(b.ct, &b.v);
	ct_drop(b.ct);
	assert_int_equal(ct_count(b.ct), 1);
	assert_int_equal(ct_stats(b.ct)->created, 1);
	ct_destroy(b.ct);
}

/* Also where the next packet would take the fast path. */
static void confirm_missing_before_fast_path(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, false);
	handshake(&b);
	udp(&b, false, 1, 2);
	assert_true(track(&b));
	tcp(&b, false, "P.", 1001, 5001, 10);
	assert_false(track_fast(&b));
	assert_int_equal(b.v.ctstate, CT_ESTABLISHED);
	/* There is nothing to confirm. */
	ct_confirm(b.ct, &b.v);
	assert_int_equal(ct_count(b.ct), 1);
	ct_destroy(b.ct);
}

/* A packet that is not confirmed sends no event, but the next one does. */
static void confirm_missing_keeps_changes(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, true);
	udp(&b, false, 1, 2);
	track(&b);
	ct_confirm(b.ct, &b.v);
	assert_int_equal(b.events, 1);
	udp(&b, true, 1, 2);
	assert_true(track(&b));
	udp(&b, false, 1, 2);
	assert_true(track(&b));
	assert_int_equal(b.events, 1);
	ct_confirm(b.ct, &b.v);
	assert_int_equal(b.events, 2);
	ct_destroy(b.ct);
}

/* An engine may be destroyed while a packet waits for ct_confirm(). */
static void confirm_missing_at_the_end(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, false);
	udp(&b, false, 1, TFTP);
	assert_true(track(&b));
	ct_destroy(b.ct);
}

/* The clock runs on, and the connection expires before ct_confirm(). */
static void confirm_after_expiry(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, true);
	udp(&b, false, 1, 2);
	track(&b);
	ct_confirm(b.ct, &b.v);
	udp(&b, true, 1, 2);
	assert_true(track(&b));
	ct_advance(b.ct, RIG_START + 1000 * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(b.ct), 0);
	assert_int_equal(b.events, 2);
	assert_false(current(&b));
	ct_confirm(b.ct, &b.v);
	assert_int_equal(b.events, 2);
	ct_destroy(b.ct);
}

static void current_new(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, false);
	udp(&b, false, 1, 2);
	assert_true(track(&b));
	assert_true(current(&b));
	assert_int_equal(b.record.id, 1);
	assert_int_equal(b.record.status, 0);
	assert_int_equal(b.record.tuple[0].dport, 2);
	assert_int_equal(b.record.tuple[1].dport, 1);
	ct_confirm(b.ct, &b.v);
	assert_true(current(&b));
	assert_int_equal(b.record.status, CT_STATUS_CONFIRMED);
	ct_destroy(b.ct);
}

static void current_dropped(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, false);
	udp(&b, false, 1, 2);
	track(&b);
	ct_drop(b.ct);
	assert_false(current(&b));
	/* An old connection stays. */
	track(&b);
	ct_confirm(b.ct, &b.v);
	udp(&b, true, 1, 2);
	track(&b);
	ct_drop(b.ct);
	assert_true(current(&b));
	ct_destroy(b.ct);
}

/* The connection of a packet that ct_track() has dealt with finally, on the fast
 * path and off it. */
static void current_established(void **state)
{
	struct bench b;

	(void)state;
	for (int fast = 0; fast < 2; fast++) {
		bench_init(&b, false);
		handshake(&b);
		udp(&b, false, 1, 2);
		track(&b);
		ct_confirm(b.ct, &b.v);
		tcp(&b, true, "P.", 5001, 1001, 10);
		assert_false(fast ? track_fast(&b) : track(&b));
		assert_true(current(&b));
		assert_int_equal(b.record.id, 1);
		assert_int_equal(b.record.state, CT_TCP_ESTABLISHED);
		assert_true(b.record.status & CT_STATUS_ASSURED);
		assert_int_equal(b.record.tuple[0].dport, 80);
		ct_destroy(b.ct);
	}
}

static void current_none(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, false);
	handshake(&b);
	/* INVALID: the kernel attaches no connection to it. */
	tcp(&b, false, "P.", 500000, 5001, 10);
	assert_false(track(&b));
	assert_int_equal(b.v.ctstate, CT_INVALID);
	assert_int_equal(b.v.id, 1);
	assert_false(current(&b));
	b.pkt.flags |= CT_PACKET_NOTRACK;
	assert_false(ct_track(b.ct, &b.pkt, &b.v));
	assert_int_equal(b.v.ctstate, CT_UNTRACKED);
	assert_false(current(&b));
	ct_destroy(b.ct);
}

/* An ICMP error: the connection of the quoted packet. */
static void current_related(void **state)
{
	struct craft quoted;
	struct bench b;

	(void)state;
	bench_init(&b, false);
	udp(&b, false, 1, 2);
	quoted = b.c;
	track(&b);
	ct_confirm(b.ct, &b.v);
	craft_icmp_error(&b.c, B, A, 3, 3, &quoted, 28);
	assert_false(track(&b));
	assert_int_equal(b.v.ctstate, CT_RELATED);
	assert_true(current(&b));
	assert_int_equal(b.record.id, 1);
	assert_int_equal(b.record.tuple[0].protonum, CT_L4_UDP);
	ct_destroy(b.ct);
}

/* A RST that refuses a connection ends it, but still belongs to it. */
static void current_refused(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, true);
	tcp(&b, false, "S", 1000, 0, 0);
	track(&b);
	ct_confirm(b.ct, &b.v);
	tcp(&b, true, "R.", 0, 1001, 0);
	assert_false(track(&b));
	assert_int_equal(b.events, 2);
	assert_int_equal(ct_count(b.ct), 0);
	assert_true(current(&b));
	assert_int_equal(b.record.id, 1);
	assert_int_equal(b.record.state, CT_TCP_CLOSE);
	ct_confirm(b.ct, &b.v);
	/* Its entry is used again. */
	udp(&b, false, 1, 2);
	assert_true(track(&b));
	assert_int_equal(b.ct->current, 1);
	assert_int_equal(b.ct->table.slab[0].used, 2);
	assert_true(current(&b));
	assert_int_equal(b.record.tuple[0].protonum, CT_L4_UDP);
	ct_destroy(b.ct);
}

static void lookup_finds(void **state)
{
	struct ct_tuple t, other;
	enum ct_dir dir;
	struct bench b;

	(void)state;
	bench_init(&b, false);
	udp(&b, false, 1, 2);
	track(&b);
	assert_true(current(&b));
	t = b.record.tuple[0];
	/* A connection that is not confirmed is not in the table. */
	assert_false(ct_lookup(b.ct, &t, &dir, &b.record));
	ct_confirm(b.ct, &b.v);
	assert_true(ct_lookup(b.ct, &t, &dir, &b.record));
	assert_int_equal(dir, CT_DIR_ORIGINAL);
	assert_int_equal(b.record.id, 1);
	/* Bytes that mean nothing do not matter. */
	other = b.record.tuple[1];
	other.zero = 7;
	other.src.d[1] = other.dst.d[1] = 7;
	assert_true(ct_lookup(b.ct, &other, &dir, &b.record));
	assert_int_equal(dir, CT_DIR_REPLY);
	assert_true(ct_lookup(b.ct, &other, NULL, &b.record));
	other.sport++;
	assert_false(ct_lookup(b.ct, &other, &dir, &b.record));
	other = t;
	other.protonum = CT_L4_TCP;
	assert_false(ct_lookup(b.ct, &other, &dir, &b.record));
	ct_advance(b.ct, RIG_START + 30 * CT_NSEC_PER_SEC);
	assert_false(ct_lookup(b.ct, &t, &dir, &b.record));
	ct_destroy(b.ct);
}

static void lookup_of_other_protocols(void **state)
{
	struct ct_tuple t;
	enum ct_dir dir;
	struct bench b;

	(void)state;
	bench_init(&b, false);
	craft_icmp(&b.c, CT_L3_IPV4, A, B, 8, 0, 77, 8);
	track(&b);
	ct_confirm(b.ct, &b.v);
	assert_true(current(&b));
	t = b.record.tuple[1];
	assert_true(ct_lookup(b.ct, &t, &dir, &b.record));
	assert_int_equal(dir, CT_DIR_REPLY);
	/* An error has no other direction. */
	t.icmp_type = 3;
	assert_false(ct_lookup(b.ct, &t, &dir, &b.record));

	craft_ip(&b.c, CT_L3_IPV6, "2001:db8::1", "2001:db8::2", 89);
	craft_fill(&b.c, 8);
	craft_end(&b.c);
	track(&b);
	ct_confirm(b.ct, &b.v);
	assert_true(current(&b));
	t = b.record.tuple[0];
	t.l4 = 12345;
	assert_true(ct_lookup(b.ct, &t, &dir, &b.record));
	assert_int_equal(b.record.id, 2);
	ct_destroy(b.ct);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(confirm_missing_drops),
		cmocka_unit_test(confirm_missing_before_fast_path),
		cmocka_unit_test(confirm_missing_keeps_changes),
		cmocka_unit_test(confirm_missing_at_the_end),
		cmocka_unit_test(confirm_after_expiry),
		cmocka_unit_test(current_new),
		cmocka_unit_test(current_dropped),
		cmocka_unit_test(current_established),
		cmocka_unit_test(current_none),
		cmocka_unit_test(current_related),
		cmocka_unit_test(current_refused),
		cmocka_unit_test(lookup_finds),
		cmocka_unit_test(lookup_of_other_protocols),
	};

	return cmocka_run_group_tests_name("confirm", tests, NULL, NULL);
}
