/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections whose first packet a firewall's rules dropped. */
#include "replay/refused.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static const struct rule_place first = { .chain = "INPUT", .number = 1 };
static const struct rule_place second = { .chain = "INPUT", .number = 2 };

/* A packet of 100 bytes from a port. */
static void drop(struct refused *r, uint16_t port, ct_time now,
		 const struct rule_place *rule)
{
	const struct ct_packet pkt = { .len = 100 };
	const struct ct_verdict v = { .ctstate = CT_NEW };
	struct ct_record rec = { .id = 7, .first_seen = now, .now = now };

	rec.tuple[0].l3num = rec.tuple[1].l3num = CT_L3_IPV4;
	rec.tuple[0].protonum = rec.tuple[1].protonum = CT_L4_UDP;
	rec.tuple[0].sport = rec.tuple[1].dport = port;
	assert_true(refused_packet(r, &rec, &pkt, &v, rule));
}

static void sent_again(void **state)
{
	struct refused r;

	(void)state;
	refused_init(&r);
	drop(&r, 1, 5, &first);
	drop(&r, 2, 6, &first);
	drop(&r, 1, 7, &second);
	assert_int_equal(r.n, 2);
	assert_int_equal(r.view[0].record.id, 0);
	assert_int_equal(r.view[0].record.first_seen, 5);
	assert_int_equal(r.view[0].record.last_seen, 7);
	assert_int_equal(r.view[0].record.counter[CT_DIR_ORIGINAL].packets, 2);
	assert_int_equal(r.view[0].record.counter[CT_DIR_ORIGINAL].bytes, 200);
	assert_int_equal(r.view[0].ctstate[CT_NEW], 2);
	assert_int_equal(r.view[0].drops.packets, 2);
	assert_int_equal(r.view[0].drops.first.number, 1);
	assert_int_equal(r.view[0].drops.last.number, 2);
	assert_int_equal(r.view[1].drops.packets, 1);
	refused_free(&r);
}

static void so_many_and_no_more(void **state)
{
	struct refused r;

	(void)state;
	refused_init(&r);
	r.limit = 1000;
	for (unsigned int round = 0; round < 2; round++)
		for (uint16_t port = 1; port <= 1200; port++)
			drop(&r, port, 1, &first);
	assert_int_equal(r.n, 1000);
	assert_int_equal(r.others, 400);
	for (unsigned int i = 0; i < r.n; i++) {
		assert_int_equal(r.view[i].record.tuple[0].sport, i + 1);
		assert_int_equal(r.view[i].drops.packets, 2);
	}
	refused_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sent_again),
		cmocka_unit_test(so_many_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
