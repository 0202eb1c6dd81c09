/* SPDX-License-Identifier: GPL-2.0-only */
/* The Community ID that lines find in the table is the one that a hash gives, in both
 * directions, for a slot's next connection as well, and while several threads use it. */
#include "support/rig.h"

#include <pthread.h>
#include <string.h>

#include "report/community_id.h"

static struct packet_view packet(uint8_t protonum, uint16_t client, bool reply,
				 uint32_t slot, uint64_t id)
{
	struct packet_view v = { .l3num = CT_L3_IPV4, .protonum = protonum };

	v.src.b[0] = v.dst.b[0] = 10;
	v.src.b[3] = reply ? 2 : 1;
	v.dst.b[3] = reply ? 1 : 2;
	v.summary = (struct packet_summary){ .ports = true, .a = reply ? 53 : client,
					     .b = reply ? client : 53 };
	v.v.slot = slot;
	v.v.id = id;
	return v;
}

static void assert_packet(struct communities *c, const struct packet_view *v)
{
	char expected[COMMUNITY_ID_SIZE], shown[COMMUNITY_ID_SIZE];
	struct community_flow flow;

	assert_true(community_flow_packet(&flow, v));
	put_community_id(expected, &flow, 0);
	assert_ptr_equal(put_packet_community_id(shown, v, c), shown + COMMUNITY_ID_SIZE);
	assert_memory_equal(shown, expected, COMMUNITY_ID_SIZE);
}

static void assert_id(struct communities *c, uint8_t protonum, uint16_t client, bool reply,
		      uint32_t slot, uint64_t id)
{
	struct packet_view v = packet(protonum, client, reply, slot, id);

	assert_packet(c, &v);
}

static bool is_there(struct communities *c, uint32_t slot, uint64_t id)
{
	struct community_text text;

	return community_table_get(c->table, slot, id, &text);
}

static void table_by_slot(void **state)
{
	static struct communities c;

	(void)state;
	c.table = community_table_create();
	assert_non_null(c.table);
	for (unsigned int round = 0; round < 2; round++) {
		assert_id(&c, CT_L4_TCP, 1000, false, 1, 1);
		assert_id(&c, CT_L4_TCP, 1000, true, 1, 1);
		assert_id(&c, CT_L4_UDP, 1000, false, 70000, 2);
	}
	assert_true(is_there(&c, 1, 1) && is_there(&c, 70000, 2));
	/* The slot's next connection; a late line of the first does not displace it. */
	assert_id(&c, CT_L4_UDP, 2000, true, 1, 3);
	assert_id(&c, CT_L4_UDP, 2000, false, 1, 3);
	assert_id(&c, CT_L4_TCP, 1000, true, 1, 1);
	assert_true(is_there(&c, 1, 3) && !is_there(&c, 1, 1));
	/* More connections than an id has bytes for. */
	assert_id(&c, CT_L4_UDP, 3000, false, 2, COMMUNITY_CONNECTIONS);
	assert_id(&c, CT_L4_UDP, 3000, false, 2, COMMUNITY_CONNECTIONS + 5);
	assert_false(is_there(&c, 2, 5) || is_there(&c, 2, COMMUNITY_CONNECTIONS));
	community_table_free(c.table);
}

/* Packets that have another ID than the connection that they belong to, or none. */
static void table_not_for_all(void **state)
{
	static struct communities c;
	struct packet_view v = packet(CT_L4_ICMP, 0, false, 4, 9);
	char shown[COMMUNITY_ID_SIZE];

	(void)state;
	c.table = community_table_create();
	assert_non_null(c.table);
	assert_id(&c, CT_L4_TCP, 1000, false, 4, 9);
	v.summary = (struct packet_summary){ .icmp = true, .type = 3, .code = 1 };
	assert_packet(&c, &v);
	v = packet(CT_L4_TCP, 1000, false, 4, 9);
	v.summary.fragment = true;
	assert_null(put_packet_community_id(shown, &v, &c));
	v = packet(CT_L4_TCP, 1000, false, 4, 9);
	v.summary.ports = false;
	assert_null(put_packet_community_id(shown, &v, &c));
	/* A packet of no connection. */
	assert_id(&c, CT_L4_TCP, 5000, false, 4, 0);
	community_table_free(c.table);
}

/* Each slot, at the borders of the chunks, has a place of its own. */
static void table_places(void **state)
{
	static const uint32_t slots[] = { 0, 1023, 1024, 3071, 3072, 7167, 7168, 100000 };
	static struct communities c;

	(void)state;
	c.table = community_table_create();
	assert_non_null(c.table);
	for (unsigned int round = 0; round < 2; round++)
		for (unsigned int i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
			assert_int_equal(is_there(&c, slots[i], i + 1), round);
			assert_id(&c, CT_L4_UDP, (uint16_t)(1000 + i), false, slots[i], i + 1);
		}
	assert_null(community_table_place(c.table, UINT32_MAX));
	community_table_free(c.table);
}

static void table_of_events(void **state)
{
	static struct communities c;
	struct ct_record rec = { .id = 5, .slot = 3 };
	char expected[COMMUNITY_ID_SIZE], shown[COMMUNITY_ID_SIZE];
	struct community_flow flow;
	struct packet_view v = packet(CT_L4_UDP, 1000, false, 3, 5);

	(void)state;
	c.table = community_table_create();
	assert_non_null(c.table);
	rec.tuple[0] = (struct ct_tuple){ .src = v.src, .dst = v.dst, .sport = 1000,
					  .dport = 53, .l3num = CT_L3_IPV4,
					  .protonum = CT_L4_UDP };
	for (unsigned int i = 0; i < 3; i++) {
		rec.tuple[0].protonum = i < 2 ? CT_L4_UDP : CT_L4_ICMP;
		rec.id = i < 2 ? 5 : 6;
		community_flow_tuple(&flow, &rec.tuple[0]);
		put_community_id(expected, &flow, 0);
		put_record_community_id(shown, &rec, &c);
		assert_memory_equal(shown, expected, COMMUNITY_ID_SIZE);
	}
	assert_true(is_there(&c, 3, 5) && !is_there(&c, 3, 6));
	assert_packet(&c, &v);
	community_table_free(c.table);
}

/* Two threads whose connections have the same few slots. */
#define ROUNDS 20000u
#define SLOTS 3u

struct user {
	struct communities c;
	unsigned int first, wrong;
};

static void *use(void *arg)
{
	struct user *u = arg;
	char expected[COMMUNITY_ID_SIZE], shown[COMMUNITY_ID_SIZE];

	for (unsigned int i = u->first; i < ROUNDS; i++) {
		struct packet_view v = packet(CT_L4_TCP, (uint16_t)(i / 16), i & 1,
					      i / 16 % SLOTS, i / 16 + 1);
		struct community_flow flow;

		community_flow_packet(&flow, &v);
		put_community_id(expected, &flow, 0);
		put_packet_community_id(shown, &v, &u->c);
		u->wrong += memcmp(shown, expected, COMMUNITY_ID_SIZE) != 0;
	}
	return NULL;
}

static void table_of_threads(void **state)
{
	static struct user user[2];
	pthread_t other;

	(void)state;
	user[0].c.table = user[1].c.table = community_table_create();
	assert_non_null(user[0].c.table);
	user[1].first = 40;
	assert_int_equal(pthread_create(&other, NULL, use, &user[1]), 0);
	use(&user[0]);
	pthread_join(other, NULL);
	assert_int_equal(user[0].wrong + user[1].wrong, 0);
	community_table_free(user[0].c.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_by_slot),
		cmocka_unit_test(table_not_for_all),
		cmocka_unit_test(table_places),
		cmocka_unit_test(table_of_events),
		cmocka_unit_test(table_of_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
