/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The notes on what a capture can be trusted with: each appears where the capture
 * has the fault, and none where it has not.
 */
#include "support/rig.h"

#include <pcap/dlt.h>
#include <string.h>

#include "replay/quality/notes.h"

#define CL4 "192.0.2.10"
#define SV4 "198.51.100.20"
#define NAT4 "203.0.113.1"

/* A capture that is read frame by frame. */
struct play {
	struct rig r;
	struct quality q;
	struct tally tally;
	struct clock clock;
	struct notes notes;
	uint8_t header[20];	/* a link layer's, for the interface */
	uint32_t interface;
};

static void play_begin(struct play *p)
{
	struct ct_config cfg;

	memset(p, 0, sizeof(*p));
	ct_config_defaults(&cfg);
	rig_init(&p->r, &cfg);
	assert_true(quality_init(&p->q));
}

static void play_end(struct play *p)
{
	quality_free(&p->q);
	rig_free(&p->r);
}

/* A packet, 'micros' after the one before. */
static void play_packet(struct play *p, const struct craft *c, uint64_t micros)
{
	struct frame f = { .data = p->header, .caplen = sizeof(p->header),
			   .wirelen = sizeof(p->header) };
	struct ct_packet pkt;

	p->r.now += micros * 1000;
	p->header[7] = (uint8_t)p->interface;
	f.linktype = p->interface ? DLT_LINUX_SLL2 : DLT_EN10MB;
	rig_send(&p->r, c);
	pkt = p->r.pkt;
	pkt.data = c->b;
	f.number = p->r.number;
	f.time = p->r.now;
	quality_packet(&p->q, &f, &pkt, f.time, &p->r.v);
	p->tally.counts.ctstate[p->r.v.ctstate]++;
	p->tally.counts.packet[CT_PACKET_OK]++;
}

/* A TCP segment of the client or, where 'flags' begins with "<", of the server. */
static void say_id(struct play *p, const char *flags, uint32_t seq, uint32_t ack,
		   uint16_t len, uint16_t id)
{
	bool server = *flags == '<';
	struct craft_tcp t = {
		.sport = server ? 80 : 40000, .dport = server ? 40000 : 80,
		.seq = seq, .ack = ack, .flags = flags + server, .win = 65535,
		.len = len,
	};
	struct craft c;

	craft_tcp(&c, CT_L3_IPV4, server ? SV4 : CL4, server ? CL4 : SV4, &t);
	craft_set_be16(&c, 4, id);
	craft_end(&c);
	play_packet(p, &c, 5000);
}

static void say(struct play *p, const char *flags, uint32_t seq, uint32_t ack,
		uint16_t len)
{
	say_id(p, flags, seq, ack, len, (uint16_t)(p->r.number + 1));
}

static void open_tcp(struct play *p)
{
	say(p, "S", 1000, 0, 0);
	say(p, "<S.", 5000, 1001, 0);
	say(p, ".", 1001, 5001, 0);
}

/* The note with this code, or NULL. */
static const struct note *note_of(struct play *p, const char *code)
{
	notes_make(&p->notes, &(struct notes_from){
		.quality = &p->q, .tally = &p->tally, .clock = &p->clock });
	for (size_t i = 0; i < p->notes.n; i++)
		if (strcmp(p->notes.note[i].code, code) == 0)
			return &p->notes.note[i];
	return NULL;
}

static void expect_silence(struct play *p)
{
	note_of(p, "");
	for (size_t i = 0; i < p->notes.n; i++)
		fail_msg("%s: %s", p->notes.note[i].code, p->notes.note[i].text);
}

static void quality_clean_connection(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "P.", 1001, 5001, 100);
	say(&p, "<.", 5001, 1101, 0);
	/* Lost behind the place of the capture, and sent again. */
	say(&p, "<P.", 5001, 1101, 100);
	say(&p, "<P.", 5001, 1101, 100);
	say(&p, ".", 1101, 5101, 0);
	say(&p, "F.", 1101, 5101, 0);
	say(&p, "<F.", 5101, 1102, 0);
	say(&p, ".", 1102, 5102, 0);
	expect_silence(&p);
	play_end(&p);
}

/* The network lost a segment in front of the capture: it is sent again before it is
 * acknowledged. */
static void quality_gap_filled(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "P.", 1101, 5001, 100);
	say(&p, "<.", 5001, 1001, 0);
	say(&p, "P.", 1001, 5001, 100);
	say(&p, "<.", 5001, 1201, 0);
	expect_silence(&p);
	play_end(&p);
}

static void quality_gap_acknowledged(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "P.", 1101, 5001, 100);
	say(&p, "<.", 5001, 1201, 0);
	n = note_of(&p, "lost-segments");
	assert_non_null(n);
	assert_int_equal(n->count, 1);
	assert_int_equal(n->first, 5);
	play_end(&p);
}

/* The segments are there, in frames that the kernel drops before tracking. */
static void quality_gap_not_tracked(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "P.", 1101, 5001, 100);
	p.q.no_length6.count = 1;
	say(&p, "<.", 5001, 1201, 0);
	n = note_of(&p, "lost-segments");
	assert_non_null(n);
	assert_non_null(strstr(n->text, "the replay lacks"));
	assert_null(strstr(n->advice, "tcpdump"));
	play_end(&p);
}

/* Frames in the wrong order: what was missing comes behind its acknowledgement. */
static void quality_gap_out_of_order(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "P.", 1101, 5001, 100);
	say(&p, "<.", 5001, 1201, 0);
	say(&p, "P.", 1001, 5001, 100);
	expect_silence(&p);
	play_end(&p);
}

/* An acknowledgement of what was not seen: the sender goes on behind it. */
static void quality_ack_of_unseen(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "<.", 5001, 9001, 0);
	say(&p, "P.", 9001, 5001, 100);
	say(&p, "<.", 5001, 9101, 0);
	n = note_of(&p, "lost-segments");
	assert_non_null(n);
	assert_int_equal(n->count, 1);
	assert_true(n->explains && n->all_invalid > 0);
	assert_int_equal(n->invalid, n->all_invalid);
	play_end(&p);
}

/* The same number, but the sender has never sent that: it is forged. */
static void quality_ack_forged(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	say(&p, "<.", 5001, 9001, 0);
	say(&p, "P.", 1001, 5001, 100);
	say(&p, "<.", 5001, 1101, 0);
	expect_silence(&p);
	play_end(&p);
}

static void quality_one_direction(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	say(&p, "S", 1000, 0, 0);
	say(&p, ".", 1001, 5001, 0);
	say(&p, "P.", 1001, 5001, 100);
	say(&p, ".", 1101, 5101, 0);
	n = note_of(&p, "one-direction");
	assert_non_null(n);
	assert_int_equal(n->count, 1);
	assert_int_equal(n->first, 1);
	assert_int_equal(n->invalid, 3);
	play_end(&p);
}

/* In a stretch that is not watched: the SYN takes the way of flows_opened(). */
static void quality_one_direction_unwatched(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	p.r.number = QUALITY_WATCH_ALL;
	p.q.skip = QUALITY_SKIP;
	assert_false(quality_watches(&p.q, p.r.number + 1));
	say(&p, "S", 1000, 0, 0);
	say(&p, ".", 1001, 5001, 0);
	say(&p, "P.", 1001, 5001, 100);
	say(&p, ".", 1101, 5101, 0);
	n = note_of(&p, "one-direction");
	assert_non_null(n);
	assert_int_equal(n->count, 1);
	assert_int_equal(n->first, QUALITY_WATCH_ALL + 1);
	assert_int_equal(n->invalid, 3);
	play_end(&p);
}

/* A host that answers nothing is no fault of the capture. */
static void quality_no_answer(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	for (int i = 0; i < 6; i++)
		say(&p, "S", 1000, 0, 0);
	expect_silence(&p);
	play_end(&p);
}

static void quality_picked_up(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	say(&p, "P.", 1001, 5001, 100);
	say(&p, "<P.", 5001, 1101, 100);
	n = note_of(&p, "picked-up");
	assert_non_null(n);
	assert_int_equal(n->count, 1);
	assert_int_equal(n->first, 1);
	assert_null(note_of(&p, "one-direction"));
	play_end(&p);
}

static void quality_copies(void **state)
{
	const struct note *n;
	struct craft_tcp t = { .sport = 40000, .dport = 80, .flags = "S",
			       .win = 65535 };
	struct craft c;
	struct play p;

	(void)state;
	play_begin(&p);
	for (uint32_t i = 0; i < 4; i++) {
		t.sport++;
		craft_tcp(&c, CT_L3_IPV4, CL4, SV4, &t);
		p.interface = 7;
		play_packet(&p, &c, 5000);
		p.interface = 2;
		c.b[8]--;		/* a router's TTL */
		craft_end(&c);
		play_packet(&p, &c, 10);
	}
	n = note_of(&p, "copies");
	assert_non_null(n);
	assert_int_equal(n->count, 4);
	assert_int_equal(n->first, 2);
	assert_non_null(strstr(n->text, "of interfaces 7, 2"));
	play_end(&p);
}

/* A segment that is sent again has another identification, or comes later. */
static void quality_retransmissions(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	for (int i = 0; i < 10; i++)
		say_id(&p, "P.", 1001, 5001, 100, 77);
	expect_silence(&p);
	play_end(&p);
}

static void quality_both_sides(void **state)
{
	const struct note *n;
	struct craft_tcp t = { .sport = 40000, .dport = 80, .flags = "P.",
			       .seq = 1000, .ack = 5000, .win = 65535, .len = 20 };
	struct craft c;
	struct play p;

	(void)state;
	play_begin(&p);
	for (uint16_t i = 1; i < 5; i++) {
		for (int side = 0; side < 2; side++) {
			craft_tcp(&c, CT_L3_IPV4, side ? NAT4 : CL4, SV4, &t);
			craft_set_be16(&c, 4, i);
			craft_end(&c);
			play_packet(&p, &c, side ? 100 : 5000);
		}
		t.seq += 20;
	}
	n = note_of(&p, "rewritten");
	assert_non_null(n);
	assert_int_equal(n->count, 4);
	assert_null(note_of(&p, "copies"));
	play_end(&p);
}

/* A scanner that sends the same to many hosts is no rewriting device. */
static void quality_scanner(void **state)
{
	struct craft_tcp t = { .sport = 40000, .dport = 80, .flags = "S",
			       .win = 1024 };
	struct craft c;
	struct play p;

	(void)state;
	play_begin(&p);
	for (uint8_t i = 1; i < 100; i++) {
		t.seq = i * 7919u;
		craft_tcp(&c, CT_L3_IPV4, CL4, SV4, &t);
		craft_set_be16(&c, 4, 54321);
		c.b[19] = i;
		craft_end(&c);
		craft_sum(&c, 16);
		play_packet(&p, &c, 5);
	}
	expect_silence(&p);
	play_end(&p);
}

static void udp(struct play *p, const char *src, uint16_t sport, const char *dst,
		uint16_t dport)
{
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, src, dst, sport, dport, 20);
	play_packet(p, &c, 5000);
}

static void quality_group_answer(void **state)
{
	const struct note *n;
	struct play p;

	(void)state;
	play_begin(&p);
	udp(&p, CL4, 50000, "239.255.255.250", 1900);
	udp(&p, SV4, 1900, CL4, 50000);
	assert_int_equal(rig_reason(&p.r), CT_REASON_GROUP_ANSWER);
	assert_int_equal(p.r.v.why[0].n[0], 1);
	/* To another port, and from another. */
	udp(&p, SV4, 1900, CL4, 50001);
	assert_int_equal(rig_reason(&p.r), CT_REASON_NONE);
	udp(&p, SV4, 1901, CL4, 50000);
	assert_int_equal(rig_reason(&p.r), CT_REASON_NONE);
	n = note_of(&p, "group-answers");
	assert_non_null(n);
	assert_int_equal(n->count, 1);
	assert_int_equal(n->first, 2);
	play_end(&p);
}

/* Too late to be an answer. */
static void quality_group_answer_late(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	udp(&p, CL4, 50000, "192.0.2.255", 137);
	p.r.now += 31 * CT_NSEC_PER_SEC;
	udp(&p, SV4, 137, CL4, 50000);
	assert_int_equal(rig_reason(&p.r), CT_REASON_NONE);
	expect_silence(&p);
	play_end(&p);
}

static void fragment(struct craft *c, struct ct_packet *pkt, uint16_t id,
		     uint16_t offset)
{
	craft_ip(c, CT_L3_IPV4, CL4, SV4, CT_L4_UDP);
	craft_fill(c, 80);
	craft_set_be16(c, 4, id);
	craft_set_be16(c, 6, (uint16_t)(0x2000 | offset));
	craft_end(c);
	assert_int_equal(ct_packet_parse(pkt, c->b, c->n, c->n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	pkt->number = (uint64_t)id * 10 + offset;
}

static void quality_datagrams(void **state)
{
	struct ct_packet pkt;
	const struct note *n;
	struct craft c;
	struct play p;

	(void)state;
	play_begin(&p);
	fragment(&c, &pkt, 1, 0);
	datagrams_held(&p.q.datagrams, &pkt);
	fragment(&c, &pkt, 1, 10);
	datagrams_settled(&p.q.datagrams, &pkt);
	assert_null(note_of(&p, "incomplete-datagrams"));
	fragment(&c, &pkt, 2, 0);
	datagrams_held(&p.q.datagrams, &pkt);
	n = note_of(&p, "incomplete-datagrams");
	assert_non_null(n);
	assert_int_equal(n->first, 20);
	assert_non_null(strstr(n->text, "only first fragments"));
	fragment(&c, &pkt, 3, 10);
	datagrams_held(&p.q.datagrams, &pkt);
	n = note_of(&p, "incomplete-datagrams");
	assert_int_equal(n->count, 2);
	assert_null(strstr(n->text, "only first fragments"));
	play_end(&p);
}

/* Stamps in seconds, and what is said about them. */
static const struct stamps {
	const char *name;
	ct_time stamp[5];
	const char *code[2];	/* of the notes */
	uint64_t first;		/* frame of the first of them */
} stamps[] = {
	{ "in order", { 1000, 1001, 1002, 5000, 90000 }, { NULL }, 0 },
	{ "one older", { 1000, 1002, 1001, 1003, 1004 }, { "older-frames" }, 3 },
	{ "an outlier", { 1000, 1001, 1200001000, 1002, 1003 },
	  { "time-outlier", "older-frames" }, 3 },
	{ "back", { 900000, 900001, 1000, 1001, 1002 },
	  { "time-back", "older-frames" }, 3 },
	{ "years later", { 1000, 1001, 100000000, 100000001, 100000002 },
	  { "time-jump" }, 3 },
};

static void quality_stamps(void **state)
{
	const struct stamps *s = *state;
	const struct note *n;
	struct play p;

	play_begin(&p);
	for (size_t i = 0; i < ITEMS(s->stamp); i++) {
		ct_time time = s->stamp[i] * CT_NSEC_PER_SEC;

		if (clock_is_due(&p.clock, time))
			clock_note(&p.clock, i + 1, time);
		if (time > p.clock.now)
			p.clock.now = time;
	}
	for (size_t i = 0; i < ITEMS(s->code) && s->code[i]; i++) {
		n = note_of(&p, s->code[i]);
		if (!n)
			fail_msg("%s: no %s", s->name, s->code[i]);
		if (i == 0)
			assert_int_equal(n->first, s->first);
	}
	note_of(&p, "");
	assert_int_equal(p.notes.n, !!s->code[0] + !!s->code[1]);
	play_end(&p);
}

/* Frames of one link type that are of another. */
static void quality_wrong_link_type(void **state)
{
	struct craft_tcp t = { .sport = 1, .dport = 2, .flags = ".", .len = 40 };
	struct frame f = { .linktype = DLT_EN10MB };
	const struct note *n;
	struct craft c;
	struct play p;

	(void)state;
	play_begin(&p);
	craft_tcp(&c, CT_L3_IPV4, CL4, SV4, &t);
	f.data = c.b;
	f.caplen = f.wirelen = c.n;
	f.number = 1;
	p.tally.link[LINK_OTHER] = 1;
	quality_not_ip(&p.q, &f);
	n = note_of(&p, "not-ip");
	assert_non_null(n);
	assert_non_null(strstr(n->advice, "rawip"));
	/* Most frames are IP: a few others are usual. */
	p.tally.counts.packet[CT_PACKET_OK] = 10;
	assert_null(note_of(&p, "not-ip"));
	play_end(&p);
}

/* Of a long capture without a fault fewer packets are watched; a fault in one of
 * those brings all back. */
static void quality_watches_less(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	open_tcp(&p);
	p.r.number = QUALITY_WATCH_ALL;
	say(&p, "P.", 1001, 5001, 100);
	assert_true(quality_watches(&p.q, 16 * QUALITY_WATCH_ALL + 5));
	assert_false(quality_watches(&p.q, 16 * QUALITY_WATCH_ALL + 0x1000));
	p.q.flows.fault[FLOW_LOST].count = 1;
	say(&p, "P.", 1101, 5001, 100);
	assert_true(quality_watches(&p.q, 16 * QUALITY_WATCH_ALL + 0x1000));
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quality_clean_connection),
		cmocka_unit_test(quality_gap_filled),
		cmocka_unit_test(quality_gap_acknowledged),
		cmocka_unit_test(quality_gap_not_tracked),
		cmocka_unit_test(quality_gap_out_of_order),
		cmocka_unit_test(quality_ack_of_unseen),
		cmocka_unit_test(quality_ack_forged),
		cmocka_unit_test(quality_one_direction),
		cmocka_unit_test(quality_one_direction_unwatched),
		cmocka_unit_test(quality_no_answer),
		cmocka_unit_test(quality_picked_up),
		cmocka_unit_test(quality_copies),
		cmocka_unit_test(quality_retransmissions),
		cmocka_unit_test(quality_both_sides),
		cmocka_unit_test(quality_scanner),
		cmocka_unit_test(quality_group_answer),
		cmocka_unit_test(quality_group_answer_late),
		cmocka_unit_test(quality_datagrams),
		cmocka_unit_test(quality_wrong_link_type),
		cmocka_unit_test(quality_watches_less),
	};
	int failed = cmocka_run_group_tests_name("quality", tests, NULL, NULL);

	failed += rig_run_cases("quality stamps", stamps, sizeof(stamps[0]),
				ITEMS(stamps), quality_stamps);
	return failed != 0;
}
