/* SPDX-License-Identifier: GPL-2.0-only */
/* The table: many entries, its limit, its order. */
#include "support/effort.h"
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/debug.h"

#define B4 "198.51.100.20"

/* The i-th flow of many. */
static void flow(struct craft *c, uint32_t i, bool reply)
{
	char client[32];

	snprintf(client, sizeof(client), "10.%u.%u.%u", i >> 16 & 255, i >> 8 & 255,
		 i & 255);
	craft_udp(c, CT_L3_IPV4, reply ? B4 : client, reply ? client : B4,
		  reply ? 53 : 1024, reply ? 1024 : 53, 4);
}

static struct ct *engine(uint32_t max)
{
	struct ct_config cfg;
	struct ct *ct;

	ct_config_defaults(&cfg);
	cfg.sysctl.max = max;
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	ct_advance(ct, RIG_START);
	return ct;
}

static void track(struct ct *ct, const struct craft *c, struct ct_verdict *v)
{
	struct ct_packet pkt;

	assert_int_equal(ct_packet_parse(&pkt, c->b, c->n, c->n,
					 (enum ct_l3)c->l3num, 0), CT_PACKET_OK);
	ct_track(ct, &pkt, v);
	ct_confirm(ct, v);
}

static bool check_order(void *arg, const struct ct_record *r)
{
	uint64_t *last = arg;

	assert_true(r->id > *last);
	*last = r->id;
	return true;
}

static void table_many_entries(void **state)
{
	struct ct *ct = engine(0);
	struct ct_verdict v;
	struct craft c;
	/* More than a slab holds. */
	const uint32_t many = effort(160000);
	uint64_t last = 0;

	(void)state;
	for (uint32_t i = 0; i < many; i++) {
		flow(&c, i, false);
		track(ct, &c, &v);
		if (v.ctstate != CT_NEW || v.id != i + 1)
			fail_msg("flow %u is not NEW", i);
	}
	assert_int_equal(ct_count(ct), many);
	/* Replies of all flows, from the last to the first. */
	ct_advance(ct, RIG_START + CT_NSEC_PER_SEC);
	for (uint32_t i = many; i-- > 0; ) {
		flow(&c, i, true);
		track(ct, &c, &v);
		if (v.ctstate != CT_ESTABLISHED || v.dir != CT_DIR_REPLY ||
		    v.id != i + 1)
			fail_msg("the reply of flow %u does not find it", i);
	}
	assert_int_equal(ct_count(ct), many);
	assert_int_equal(ct_table(ct, check_order, &last), 0);
	assert_int_equal(last, many);
	assert_int_equal(ct_stats(ct)->created, many);
	assert_int_equal(ct_stats(ct)->most, many);
	assert_true(ct_stats(ct)->most_when == RIG_START);

	ct_advance(ct, RIG_START + 31 * CT_NSEC_PER_SEC - 1);
	assert_int_equal(ct_count(ct), many);
	ct_advance(ct, RIG_START + 31 * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(ct), 0);
	assert_int_equal(ct_stats(ct)->destroyed, many);
	/* Numbers are used again, ids are not. */
	flow(&c, 5, false);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_NEW);
	assert_int_equal(v.id, many + 1);
	ct_destroy(ct);
}

static void table_limit_drops_the_oldest(void **state)
{
	struct ct *ct = engine(10);
	struct ct_verdict v;
	struct craft c;

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		flow(&c, i, false);
		track(ct, &c, &v);
	}
	assert_int_equal(ct_stats(ct)->early_dropped, 0);
	/* A packet does not make an old connection younger. */
	ct_advance(ct, RIG_START + CT_NSEC_PER_SEC);
	flow(&c, 0, false);
	track(ct, &c, &v);
	flow(&c, 10, false);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_NEW);
	assert_int_equal(ct_count(ct), 10);
	assert_int_equal(ct_stats(ct)->early_dropped, 1);
	assert_int_equal(ct_stats(ct)->refused, 0);
	flow(&c, 0, true);
	track(ct, &c, &v);
	/* Flow 0 has been evicted: its reply opens a connection, which evicts
	 * flow 1. */
	assert_int_equal(v.ctstate, CT_NEW);
	flow(&c, 2, true);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_ESTABLISHED);
	assert_int_equal(v.id, 3);
	assert_int_equal(ct_stats(ct)->early_dropped, 2);
	assert_int_equal(ct_stats(ct)->most, 10);
	ct_destroy(ct);
}

/* Makes flow 'i' ASSURED: packets in both directions over more than two
 * seconds. */
static void assure(struct ct *ct, uint32_t i)
{
	struct ct_verdict v;
	struct craft c;

	flow(&c, i, false);
	track(ct, &c, &v);
	flow(&c, i, true);
	track(ct, &c, &v);
	ct_advance(ct, ct_now(ct) + 3 * CT_NSEC_PER_SEC);
	track(ct, &c, &v);
}

static void table_limit_spares_the_assured(void **state)
{
	struct ct *ct = engine(4);
	struct ct_verdict v;
	struct craft c;

	(void)state;
	assure(ct, 0);
	assure(ct, 1);
	flow(&c, 2, false);
	track(ct, &c, &v);
	assure(ct, 3);
	/* Flow 2 is the only one that can be evicted, then its successors. */
	for (uint32_t i = 10; i < 15; i++) {
		flow(&c, i, false);
		track(ct, &c, &v);
		assert_int_equal(v.ctstate, CT_NEW);
	}
	assert_int_equal(ct_stats(ct)->early_dropped, 5);
	flow(&c, 0, true);
	track(ct, &c, &v);
	assert_int_equal(v.id, 1);
	ct_destroy(ct);
}

#define LIMIT 1500u

struct oldest {
	uint64_t id;		/* oldest that is not ASSURED; 0: none */
	uint64_t gone;		/* the last one that was destroyed */
};

static bool find_oldest(void *arg, const struct ct_record *r)
{
	struct oldest *o = arg;

	if (!o->id && !(r->status & CT_STATUS_ASSURED))
		o->id = r->id;
	return !o->id;
}

static void note_gone(void *arg, const struct ct_event *e)
{
	struct oldest *o = arg;

	if (e->type == CT_EVENT_DESTROY)
		o->gone = e->record.id;
}

/* The table is full most of the time; some connections become ASSURED, some
 * end. The oldest of the others is always the one that is evicted. */
static void table_limit_keeps_the_order(void **state)
{
	struct oldest o = { 0, 0 };
	uint32_t seed = 3, dropped = 0;
	struct ct_config cfg;
	struct ct *ct;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.max = LIMIT;
	cfg.on_event = note_gone;
	cfg.event_arg = &o;
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	ct_advance(ct, RIG_START);
	for (uint32_t step = 0; step < 12000; step++) {
		bool full = ct_count(ct) == LIMIT;
		uint64_t before = ct_stats(ct)->early_dropped;
		struct ct_verdict v;
		struct craft c;

		seed = seed * 1664525u + 1013904223u;
		ct_advance(ct, ct_now(ct) + (seed >> 8) % 30 * 1000000);
		/* Replies soon follow the first packets. */
		flow(&c, step / 4 + (seed >> 16) % 900, step % 2);
		o = (struct oldest){ 0, 0 };
		if (full)
			assert_int_equal(ct_table(ct, find_oldest, &o), 0);
		o.gone = 0;
		track(ct, &c, &v);
		if (step % 64 == 0)
			engine_check(ct);
		if (ct_stats(ct)->early_dropped == before)
			continue;
		dropped++;
		assert_true(full);
		assert_int_equal(o.gone, o.id);
	}
	assert_in_range(dropped, 100, 12000);
	assert_true(ct_stats(ct)->destroyed > dropped);
	ct_destroy(ct);
}

static void table_limit_refuses(void **state)
{
	struct ct *ct = engine(3);
	struct ct_verdict v;
	struct craft c;

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		assure(ct, i);
	flow(&c, 9, false);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_DROP);
	assert_int_equal(v.dir, CT_DIR_NONE);
	assert_int_equal(v.why[0].reason, CT_REASON_TABLE_FULL);
	assert_int_equal(v.id, 0);
	assert_int_equal(ct_count(ct), 3);
	assert_int_equal(ct_stats(ct)->refused, 1);
	assert_int_equal(ct_stats(ct)->early_dropped, 0);
	/* Connections in the table are not affected. */
	flow(&c, 1, true);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_ESTABLISHED);
	ct_destroy(ct);
}

/* 0 is no limit. */
static void table_no_limit(void **state)
{
	struct ct *ct = engine(0);
	struct ct_verdict v;
	struct craft c;

	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {
		flow(&c, i, false);
		track(ct, &c, &v);
	}
	assert_int_equal(ct_count(ct), 5000);
	ct_destroy(ct);
}

/* An INVALID first packet leaves nothing in the table. */
static void table_invalid_packets_open_nothing(void **state)
{
	struct ct *ct = engine(0);
	struct ct_verdict v;
	struct craft c;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		flow(&c, i, false);
		c.b[c.l4off + 6] ^= 0x40;
		track(ct, &c, &v);
		assert_int_equal(v.ctstate, CT_INVALID);
	}
	assert_int_equal(ct_count(ct), 0);
	assert_int_equal(ct_stats(ct)->created, 0);
	ct_destroy(ct);
}

/* From an address and port to itself: the lookup finds the reply direction
 * first. */
static void table_self_connection(void **state)
{
	struct ct *ct = engine(0);
	struct ct_verdict v;
	struct craft c;

	(void)state;
	craft_udp(&c, CT_L3_IPV4, B4, B4, 7, 7, 4);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_NEW);
	assert_int_equal(v.dir, CT_DIR_ORIGINAL);
	track(ct, &c, &v);
	assert_int_equal(v.ctstate, CT_ESTABLISHED);
	assert_int_equal(v.dir, CT_DIR_REPLY);
	assert_int_equal(v.id, 1);
	assert_int_equal(ct_count(ct), 1);
	ct_destroy(ct);
}

static bool stop_after_three(void *arg, const struct ct_record *r)
{
	(void)r;
	return ++*(int *)arg < 3;
}

static void table_walking_stops(void **state)
{
	struct ct *ct = engine(0);
	struct ct_verdict v;
	struct craft c;
	int seen = 0;

	(void)state;
	assert_int_equal(ct_table(ct, stop_after_three, &seen), 0);
	assert_int_equal(seen, 0);
	for (uint32_t i = 0; i < 9; i++) {
		flow(&c, i, false);
		track(ct, &c, &v);
	}
	assert_int_equal(ct_table(ct, stop_after_three, &seen), 0);
	assert_int_equal(seen, 3);
	ct_destroy(ct);
}

struct digest {
	uint64_t n, sum;
};

static bool digest(void *arg, const struct ct_record *r)
{
	struct digest *d = arg;

	d->n++;
	d->sum = d->sum * 1000003 + r->id * 31 + r->tuple[0].src.b[3];
	return true;
}

/* Which entries are evicted does not depend on the hash key. */
static void table_key_does_not_show(void **state)
{
	struct digest first = { 0, 0 };

	(void)state;
	for (uint8_t key = 0; key < 3; key++) {
		struct digest d = { 0, 0 };
		struct ct_config cfg;
		struct ct_verdict v;
		struct craft c;
		struct ct *ct;

		ct_config_defaults(&cfg);
		cfg.sysctl.max = 100;
		memset(cfg.hash_key, key * 77, sizeof(cfg.hash_key));
		assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
		for (uint32_t i = 0; i < 1000; i++) {
			ct_advance(ct, RIG_START + i * CT_NSEC_PER_SEC / 10);
			flow(&c, i * 7919 % 311, i % 3 == 0);
			track(ct, &c, &v);
		}
		assert_int_equal(ct_table(ct, digest, &d), 0);
		if (key == 0)
			first = d;
		assert_int_equal(d.n, first.n);
		assert_true(d.sum == first.sum);
		ct_destroy(ct);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_many_entries),
		cmocka_unit_test(table_limit_drops_the_oldest),
		cmocka_unit_test(table_limit_spares_the_assured),
		cmocka_unit_test(table_limit_keeps_the_order),
		cmocka_unit_test(table_limit_refuses),
		cmocka_unit_test(table_no_limit),
		cmocka_unit_test(table_invalid_packets_open_nothing),
		cmocka_unit_test(table_self_connection),
		cmocka_unit_test(table_walking_stops),
		cmocka_unit_test(table_key_does_not_show),
	};

	ct_destroy(NULL);
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
