/* SPDX-License-Identifier: GPL-2.0-only */
/* --top: what is counted together, the entries at the fullest moment, the order. */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "replay/top.h"
#include "support/sample.h"

/* The head of each line's columns. */
#define HEAD(by) "# top " by "\n     entries connections     packets       bytes" \
		 "     INVALID  " by "\n"

/* A connection with one packet of 'bytes' each way. */
static struct connection_view connection(uint32_t slot, uint8_t protonum,
					 const char *src, const char *dst,
					 uint16_t dport)
{
	struct connection_view c = { .record = { .slot = slot } };
	struct ct_tuple *t = &c.record.tuple[0];

	t->src = craft_address(src);
	t->dst = craft_address(dst);
	t->l3num = strchr(src, ':') ? CT_L3_IPV6 : CT_L3_IPV4;
	t->protonum = protonum;
	t->dport = dport;
	c.record.counter[0] = (struct ct_counter){ 2, 300 };
	c.record.counter[1] = (struct ct_counter){ 1, 50 };
	return c;
}

static void start(struct top *t, const struct connection_view *c)
{
	assert_true(top_begin(t, &c->record));
}

/* Begins a connection from 'src' to a DNS server. */
static struct connection_view from(struct top *t, uint32_t slot, const char *src)
{
	struct connection_view c = connection(slot, CT_L4_UDP, src, "198.51.100.1", 53);

	start(t, &c);
	return c;
}

static void assert_text(struct top *t, const char *expected)
{
	struct report *r = sample_report(REPORT_TEXT);

	assert_true(top_print(t, r));
	assert_string_equal(sample_printed(r), expected);
	free(r);
}

/* Three of A and one of B is the first maximum, four.  Then A has one and B three,
 * which is as many. */
static void top_entries_at_first_maximum(void **state)
{
	struct connection_view a[3], b[4];
	struct top t;

	(void)state;
	top_init(&t, TOP_SRC, 10);
	for (uint32_t i = 0; i < 3; i++)
		a[i] = from(&t, i, "192.0.2.1");
	b[0] = from(&t, 3, "192.0.2.2");
	top_end(&t, &a[0]);
	top_end(&t, &a[1]);
	b[1] = from(&t, 0, "192.0.2.2");
	b[2] = from(&t, 1, "192.0.2.2");
	assert_text(&t, HEAD("src")
		    "           3           2           6         700           0  192.0.2.1\n"
		    "           1           0           0           0           0  192.0.2.2\n");
	/* One more is a new maximum: one of A and four of B. */
	b[3] = from(&t, 4, "192.0.2.2");
	top_end(&t, &b[0]);
	top_open(&t, &a[2]);
	for (int i = 1; i < 4; i++)
		top_open(&t, &b[i]);
	assert_text(&t, HEAD("src")
		    "           4           4          12        1400           0  192.0.2.2\n"
		    "           1           3           9        1050           0  192.0.2.1\n");
	top_free(&t);
}

/* Entries decide, then connections, packets, bytes, INVALID, the address; no more
 * lines than were asked for. */
static void top_sorted(void **state)
{
	struct connection_view c[6];
	struct top t;

	(void)state;
	top_init(&t, TOP_SRC, 5);
	c[0] = from(&t, 0, "192.0.2.9");
	c[1] = from(&t, 1, "192.0.2.8");
	c[2] = from(&t, 2, "192.0.2.7");
	c[3] = from(&t, 3, "192.0.2.6");
	c[4] = from(&t, 4, "192.0.2.4");
	c[5] = from(&t, 5, "192.0.2.5");
	c[1].ctstate[CT_INVALID] = 1;
	c[2].record.counter[1].bytes++;
	c[3].record.counter[0].packets++;
	for (int i = 0; i < 6; i++)
		top_open(&t, &c[i]);
	c[0].record.slot = 0;
	top_end(&t, &c[0]);		/* a second connection of it */
	assert_text(&t, HEAD("src")
		    "           1           2           6         700           0  192.0.2.9\n"
		    "           1           1           4         350           0  192.0.2.6\n"
		    "           1           1           3         351           0  192.0.2.7\n"
		    "           1           1           3         350           1  192.0.2.8\n"
		    "           1           1           3         350           0  192.0.2.4\n");
	top_free(&t);
}

static void count_all(struct top *t, enum top_by by, const struct connection_view *c,
		      size_t n)
{
	top_init(t, by, 10);
	for (size_t i = 0; i < n; i++)
		start(t, &c[i]);
	for (size_t i = 0; i < n; i++)
		top_open(t, &c[i]);
}

static void top_keys(void **state)
{
	struct connection_view c[] = {
		connection(0, CT_L4_TCP, "192.0.2.1", "198.51.100.1", 80),
		connection(1, CT_L4_TCP, "2001:db8::1", "2001:db8::2", 80),
		connection(2, CT_L4_TCP, "192.0.2.2", "198.51.100.1", 80),
		connection(3, CT_L4_UDP, "192.0.2.1", "198.51.100.1", 80),
		connection(4, CT_L4_ICMP, "192.0.2.1", "198.51.100.1", 7),
		connection(5, 89, "192.0.2.1", "198.51.100.1", 7),
	};
	struct top t;

	(void)state;
	c[5].record.generic = true;
	count_all(&t, TOP_PORT, c, ITEMS(c));
	/* What is not a port is not shown as one. */
	assert_text(&t, HEAD("port")
		    "           3           3           9        1050           0  tcp/80\n"
		    "           1           1           3         350           0  icmp\n"
		    "           1           1           3         350           0  udp/80\n"
		    "           1           1           3         350           0  proto-89\n");
	top_free(&t);
	count_all(&t, TOP_DST, c, ITEMS(c));
	assert_text(&t, HEAD("dst")
		    "           5           5          15        1750           0  198.51.100.1\n"
		    "           1           1           3         350           0  2001:db8::2\n");
	top_free(&t);
	count_all(&t, TOP_PAIR, c, ITEMS(c));
	assert_text(&t, HEAD("pair")
		    "           4           4          12        1400           0  192.0.2.1 > 198.51.100.1\n"
		    "           1           1           3         350           0  192.0.2.2 > 198.51.100.1\n"
		    "           1           1           3         350           0  2001:db8::1 > 2001:db8::2\n");
	top_free(&t);
}

static void top_json(void **state)
{
	static const char expected[] =
		"{\"type\":\"top\",\"by\":\"port\",\"rank\":1,\"proto\":\"icmp\","
		"\"protonum\":1,\"dport\":null,\"entries\":1,\"connections\":1,"
		"\"packets\":3,\"bytes\":350,\"invalid\":0}\n";
	struct connection_view c =
		connection(0, CT_L4_ICMP, "192.0.2.1", "198.51.100.1", 7);
	struct report *r = sample_report(REPORT_JSON);
	struct top t;

	(void)state;
	count_all(&t, TOP_PORT, &c, 1);
	assert_true(top_print(&t, r));
	assert_string_equal(sample_printed(r), expected);
	top_free(&t);
	free(r);
}

/* An INVALID packet of no connection counts for its own addresses and port. */
static void top_invalid_without_connection(void **state)
{
	struct craft_tcp segment = {
		.sport = 40000, .dport = 443, .flags = "R", .win = 1,
	};
	struct craft c;
	struct rig rig;
	struct top t;

	(void)state;
	rig_init(&rig, NULL);
	craft_tcp(&c, CT_L3_IPV4, "192.0.2.1", "198.51.100.1", &segment);
	rig_send(&rig, &c);
	assert_int_equal(rig.v.ctstate, CT_INVALID);
	rig.pkt.data = c.b;	/* the rig's copy is gone */
	top_init(&t, TOP_PORT, 10);
	assert_true(top_invalid(&t, &rig.pkt));
	assert_text(&t, HEAD("port")
		    "           0           0           0           0           1  tcp/443\n");
	top_free(&t);
	rig_free(&rig);
}

/* Keys beyond the limit are counted together; those before stay right. */
static void top_too_many_keys(void **state)
{
	struct connection_view c = connection(0, CT_L4_UDP, "10.0.0.0", "192.0.2.1", 53);
	struct top t;

	(void)state;
	top_init(&t, TOP_SRC, 1);
	for (uint32_t i = 0; i < TOP_KEYS_MAX + 3; i++) {
		uint8_t bytes[4] = { (uint8_t)(i >> 24), (uint8_t)(i >> 16),
				     (uint8_t)(i >> 8), (uint8_t)i };

		memcpy(&c.record.tuple[0].src, bytes, sizeof(bytes));
		start(&t, &c);
		top_end(&t, &c);
	}
	assert_int_equal(t.others, 3);
	assert_int_equal(t.used, TOP_KEYS_MAX);
	memset(&c.record.tuple[0].src, 0, 4);
	start(&t, &c);
	top_end(&t, &c);
	assert_int_equal(t.others, 3);
	assert_text(&t, HEAD("src")
		    "           1           2           6         700           0  0.0.0.0\n");
	top_free(&t);
}

static void top_nothing(void **state)
{
	struct top t;

	(void)state;
	top_init(&t, TOP_SRC, 10);
	assert_text(&t, "");
	top_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(top_entries_at_first_maximum),
		cmocka_unit_test(top_sorted),
		cmocka_unit_test(top_keys),
		cmocka_unit_test(top_json),
		cmocka_unit_test(top_invalid_without_connection),
		cmocka_unit_test(top_too_many_keys),
		cmocka_unit_test(top_nothing),
	};

	return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
