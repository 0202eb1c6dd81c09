/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection is found as long as it lives, and no longer, in tables of any
 * size and with any distribution of hashes; compared with a list that the test
 * keeps.
 */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "conntrack/table/hash.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"
#define FLOWS 6000u
#define SAME_LINE 60u	/* flows whose hashes end in the same bits */
#define LINE_MASK 0x3ffu

struct flow {
	uint16_t sport, dport;
	uint64_t id;		/* of its last connection */
	ct_time expires;	/* 0: never seen */
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Tracks a packet, which must belong to the connection in the list. */
static void send_packet(struct ct *ct, struct flow *f, uint64_t *last_id,
			uint32_t timeout, bool prepared)
{
	struct ct_packet pkt;
	struct ct_verdict v;
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, A4, B4, f->sport, f->dport, 0);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	if (prepared) {
		ct_prepare(ct, &pkt);
		ct_prefetch(ct, &pkt);
		ct_prefetch_entry(ct, &pkt);
	}
	ct_track(ct, &pkt, &v);
	ct_confirm(ct, &v);
	if (f->expires <= ct_now(ct))
		f->id = ++*last_id;
	assert_int_equal(v.id, f->id);
	f->expires = ct_now(ct) + timeout * CT_NSEC_PER_SEC;
}

static void check_count(const struct ct *ct, const struct flow *flow, size_t n)
{
	size_t alive = 0;

	for (size_t i = 0; i < n; i++)
		alive += flow[i].expires > ct_now(ct);
	assert_int_equal(ct_count(ct), alive);
}

/* Packets of random flows, of which more or fewer are alive. */
static void walk(struct flow *flow, size_t n, uint32_t seed)
{
	struct ct_config cfg;
	uint64_t last_id = 0;
	struct ct *ct;

	ct_config_defaults(&cfg);
	ct = ct_create(&cfg);
	assert_non_null(ct);
	ct_advance(ct, RIG_START);
	for (uint32_t i = 0; i < 40 * n; i++) {
		/* Now and then most of them expire. */
		uint64_t step = next_random(&seed) % (20 * n) ?
				next_random(&seed) % (30000 / n) : 29000;

		ct_advance(ct, ct_now(ct) + step * MSEC);
		send_packet(ct, &flow[next_random(&seed) % n], &last_id,
			    cfg.sysctl.udp_timeout, i % 2);
		if (i % n == 0)
			check_count(ct, flow, n);
	}
	ct_advance(ct, ct_now(ct) + cfg.sysctl.udp_timeout * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(ct), 0);
	ct_destroy(ct);
}

static void index_many_flows(void **state)
{
	static struct flow flow[FLOWS];

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++)
		flow[i] = (struct flow){ (uint16_t)(1024 + i), 53, 0, 0 };
	walk(flow, FLOWS, 7);
}

/* All belong into the same line of the index. */
static void index_one_line(void **state)
{
	static struct flow flow[SAME_LINE];
	const uint8_t seed[16] = { 0 };
	struct hash_key key;
	struct ct_tuple t = { .l3num = CT_L3_IPV4, .protonum = CT_L4_UDP };
	size_t n = 0;

	(void)state;
	hash_key_expand(&key, seed);
	t.src = craft_address(A4);
	t.dst = craft_address(B4);
	for (uint32_t ports = 0; n < SAME_LINE && ports < 1u << 20; ports++) {
		t.sport = (uint16_t)(1024 + ports % 60000);
		t.dport = (uint16_t)(1 + ports / 60000);
		if ((tuple_hash(&key, &t) & LINE_MASK) == 5)
			flow[n++] = (struct flow){ t.sport, t.dport, 0, 0 };
	}
	assert_int_equal(n, SAME_LINE);
	walk(flow, SAME_LINE, 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index_many_flows),
		cmocka_unit_test(index_one_line),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
