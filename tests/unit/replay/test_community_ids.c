/* SPDX-License-Identifier: GPL-2.0-only */
/* The Community ID that the tracker keeps for a connection is the one that its
 * packets' lines would find, in both directions, and a slot's next connection has
 * its own. */
#include "support/rig.h"

#include <string.h>

#include "replay/community_ids.h"

static const struct ct_packet *packet(struct ct_packet *pkt, uint8_t protonum,
				      bool reply)
{
	*pkt = (struct ct_packet){ .l3num = CT_L3_IPV4, .protonum = protonum };
	pkt->src.b[0] = pkt->dst.b[0] = 10;
	pkt->src.b[3] = reply ? 2 : 1;
	pkt->dst.b[3] = reply ? 1 : 2;
	return pkt;
}

static struct packet_summary summary(uint16_t client, bool reply)
{
	return (struct packet_summary){ .ports = true, .a = reply ? 53 : client,
					.b = reply ? client : 53 };
}

static void assert_id(struct community_ids *c, uint8_t protonum, uint16_t client,
		      bool reply, uint32_t slot, uint64_t id)
{
	struct packet_summary s = summary(client, reply);
	struct ct_verdict v = { .id = id, .slot = slot };
	struct community_flow flow;
	struct packet_view view;
	char expected[COMMUNITY_ID_SIZE + 1];
	struct ct_packet pkt;
	const struct community_text *text;

	packet_view_set(&view, 0, packet(&pkt, protonum, reply));
	view.summary = s;
	assert_true(community_flow_packet(&flow, &view));
	put_community_id(expected, &flow, 0);
	text = community_ids_get(c, &pkt, &s, &v);
	assert_non_null(text);
	assert_memory_equal(text->s, expected, COMMUNITY_ID_SIZE);
}

static void community_ids_by_slot(void **state)
{
	struct community_ids c = { .wanted = true };

	(void)state;
	assert_id(&c, CT_L4_TCP, 1000, false, 1, 1);
	assert_id(&c, CT_L4_TCP, 1000, true, 1, 1);
	assert_id(&c, CT_L4_UDP, 1000, false, 70000, 2);
	assert_id(&c, CT_L4_TCP, 1000, true, 1, 1);
	/* The slot's next connection. */
	assert_id(&c, CT_L4_UDP, 2000, true, 1, 3);
	assert_id(&c, CT_L4_UDP, 2000, false, 1, 3);
	community_ids_free(&c);
}

/* What has no ports, or no connection, is left to the line. */
static void community_ids_none(void **state)
{
	struct community_ids c = { .wanted = true };
	struct packet_summary s = summary(1, false), fragment = { .fragment = true };
	struct ct_verdict v = { .id = 1, .slot = 1 }, none = { 0 };
	struct ct_packet pkt;

	(void)state;
	assert_null(community_ids_get(&c, packet(&pkt, CT_L4_ICMP, false), &s, &v));
	assert_null(community_ids_get(&c, packet(&pkt, CT_L4_UDP, false), &fragment, &v));
	assert_null(community_ids_get(&c, packet(&pkt, CT_L4_UDP, false), &s, &none));
	assert_id(&c, CT_L4_UDP, 1, false, 1, 1);
	assert_null(community_ids_get(&c, packet(&pkt, CT_L4_UDP, false), &s, &none));
	community_ids_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(community_ids_by_slot),
		cmocka_unit_test(community_ids_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
