/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fast path: the second engine of the rig takes it, the first one never
 * does, and the rig compares everything that shows.  These tests put other
 * packets between the segments of the fast path, whose verdicts would differ if
 * the fast path had left something out.
 */
#include "support/rig.h"

#include <string.h>

#define A "192.0.2.10"
#define B "198.51.100.20"

struct peer {
	struct rig rig;
	uint32_t seq[2];	/* of the next segment, by direction */
};

static void craft(struct craft *c, const struct peer *p, enum ct_dir dir,
		  const char *flags, uint32_t seq, uint32_t ack, uint16_t len)
{
	const struct craft_tcp t = {
		.sport = dir ? 80 : 40000, .dport = dir ? 40000 : 80,
		.seq = seq, .ack = ack, .flags = flags, .win = 8000, .len = len,
	};

	(void)p;
	craft_tcp(c, CT_L3_IPV4, dir ? B : A, dir ? A : B, &t);
}

static void send(struct peer *p, enum ct_dir dir, const char *flags, uint16_t len)
{
	struct craft c;

	craft(&c, p, dir, flags, p->seq[dir], p->seq[!dir], len);
	rig_wait(&p->rig, 10);
	rig_send(&p->rig, &c);
	p->seq[dir] += len;
}

/* Up to the segment before the ACK that makes it ASSURED. */
static void open_with(struct peer *p, const struct ct_config *cfg)
{
	struct craft c;

	rig_init(&p->rig, cfg);
	p->seq[0] = 1000;
	p->seq[1] = 5000;
	craft(&c, p, CT_DIR_ORIGINAL, "S", 999, 0, 0);
	rig_send(&p->rig, &c);
	craft(&c, p, CT_DIR_REPLY, "S.", 4999, 1000, 0);
	rig_send(&p->rig, &c);
}

static void established(struct peer *p)
{
	open_with(p, NULL);
	send(p, CT_DIR_ORIGINAL, ".", 0);
	for (int i = 0; i < 4; i++) {
		send(p, CT_DIR_ORIGINAL, "P.", 100);
		rig_expect(&p->rig, "data", CT_ESTABLISHED, CT_DIR_ORIGINAL,
			   CT_REASON_NONE);
		send(p, CT_DIR_REPLY, "P.", 200);
		rig_expect(&p->rig, "an answer", CT_ESTABLISHED, CT_DIR_REPLY,
			   CT_REASON_NONE);
	}
}

static void fast_path_conversation(void **state)
{
	struct peer p;

	(void)state;
	established(&p);
	rig_free(&p.rig);
}

/* The last segment counts, not the SYN before it. */
static void fast_path_syn_in_between(void **state)
{
	struct peer p;
	struct craft c;

	(void)state;
	established(&p);
	craft(&c, &p, CT_DIR_ORIGINAL, "S", 77000, 0, 0);
	rig_send(&p.rig, &c);
	rig_expect(&p.rig, "SYN", CT_ESTABLISHED, CT_DIR_ORIGINAL,
		   CT_REASON_TCP_IGNORED);
	send(&p, CT_DIR_ORIGINAL, "P.", 10);
	craft(&c, &p, CT_DIR_REPLY, "R", p.seq[1] - 500, 0, 0);
	rig_send(&p.rig, &c);
	rig_expect(&p.rig, "an old RST", CT_INVALID, CT_DIR_NONE,
		   CT_REASON_TCP_INVALID_RST);
	rig_free(&p.rig);
}

/* A RST follows data of the same side that is not acknowledged. */
static void fast_path_rst_after_data(void **state)
{
	struct peer p;
	struct craft c;

	(void)state;
	established(&p);
	send(&p, CT_DIR_REPLY, "P.", 300);
	craft(&c, &p, CT_DIR_REPLY, "R", p.seq[1], 0, 0);
	rig_send(&p.rig, &c);
	assert_int_equal(p.rig.v.state, CT_TCP_CLOSE);
	rig_free(&p.rig);
}

/* A rule drops the packet that made the connection ASSURED: the next packet
 * that is confirmed sends the event. */
static void fast_path_drop_before(void **state)
{
	struct peer p;
	struct craft c;
	size_t before;

	(void)state;
	open_with(&p, NULL);
	craft(&c, &p, CT_DIR_ORIGINAL, ".", 1000, 5000, 0);
	rig_drop(&p.rig, &c);
	before = p.rig.events;
	send(&p, CT_DIR_ORIGINAL, "P.", 100);
	assert_int_equal(p.rig.events, before + 1);
	assert_int_equal(p.rig.event[before].type, CT_EVENT_UPDATE);
	send(&p, CT_DIR_REPLY, ".", 0);
	assert_int_equal(p.rig.events, before + 1);
	rig_free(&p.rig);
}

static void fast_path_notrack(void **state)
{
	struct peer p;

	(void)state;
	established(&p);
	p.rig.flags = CT_PACKET_NOTRACK;
	send(&p, CT_DIR_ORIGINAL, "P.", 100);
	rig_expect(&p.rig, "NOTRACK", CT_UNTRACKED, CT_DIR_NONE,
		   CT_REASON_NOTRACK);
	rig_free(&p.rig);
}

/*
 * Without a SYN the first segment after the reply makes the connection ASSURED.
 */
static void fast_path_picked_up_connection(void **state)
{
	struct peer p;

	(void)state;
	rig_init(&p.rig, NULL);
	p.seq[0] = 1000;
	p.seq[1] = 5000;
	for (int i = 0; i < 3; i++) {
		send(&p, CT_DIR_ORIGINAL, "P.", 100);
		send(&p, CT_DIR_REPLY, "P.", 100);
	}
	assert_int_equal(rig_table(&p.rig), 1);
	assert_true(p.rig.record[0].status & CT_STATUS_ASSURED);
	rig_free(&p.rig);
}

static void fast_path_counters(void **state)
{
	struct ct_config cfg;
	struct peer p;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.sysctl.acct = 1;
	open_with(&p, &cfg);
	for (int i = 0; i < 5; i++)
		send(&p, CT_DIR_ORIGINAL, "P.", 100);
	assert_int_equal(rig_table(&p.rig), 1);
	assert_int_equal(p.rig.record[0].counter[0].packets, 6);
	rig_free(&p.rig);
}

/* A segment of the fast path set the bound. */
static void fast_path_bounds(void **state)
{
	struct ct_config cfg;
	struct peer p;
	uint64_t frame;

	(void)state;
	ct_config_defaults(&cfg);
	cfg.track_bounds = true;
	open_with(&p, &cfg);
	send(&p, CT_DIR_ORIGINAL, ".", 0);
	send(&p, CT_DIR_ORIGINAL, "P.", 100);
	send(&p, CT_DIR_REPLY, "P.", 100);
	frame = p.rig.number;
	p.seq[0] += 100000;
	send(&p, CT_DIR_ORIGINAL, "P.", 100);
	assert_int_equal(p.rig.v.ctstate, CT_INVALID);
	assert_true(p.rig.v.windowed);
	assert_int_equal(p.rig.v.window.frame, frame);
	rig_free(&p.rig);
}

/* The connection that ct_prefetch_entry() noted has ended when the packet is
 * tracked, and another one may have its place. */
static void fast_path_stale_prefetch(void **state)
{
	struct craft c, other;
	struct ct_verdict v;
	struct ct_packet pkt, late;
	struct peer p;

	for (int reused = 0; reused < 2; reused++) {
		(void)state;
		established(&p);
		craft(&c, &p, CT_DIR_ORIGINAL, "P.", p.seq[0], p.seq[1], 10);
		assert_int_equal(ct_packet_parse(&late, c.b, c.n, c.n,
						 CT_L3_IPV4, 0), CT_PACKET_OK);
		ct_prepare(p.rig.fast, &late);
		ct_prefetch_entry(p.rig.fast, &late);
		assert_true(late.priv.entry);
		ct_advance(p.rig.fast, p.rig.now + 500000 * CT_NSEC_PER_SEC);
		assert_int_equal(ct_count(p.rig.fast), 0);
		if (reused) {
			craft_udp(&other, CT_L3_IPV4, A, B, 1, 2, 4);
			assert_int_equal(ct_packet_parse(&pkt, other.b, other.n,
							 other.n, CT_L3_IPV4, 0),
					 CT_PACKET_OK);
			ct_track(p.rig.fast, &pkt, &v);
			ct_confirm(p.rig.fast, &v);
		}
		assert_true(ct_track(p.rig.fast, &late, &v));
		assert_int_equal(v.ctstate, CT_NEW);
		ct_confirm(p.rig.fast, &v);
		assert_int_equal(v.id, reused ? 3 : 2);
		rig_free(&p.rig);
	}
}

/* ct_track_at() moves the clock first: the connection expires, or does not yet, and
 * the clock never goes back. */
static void fast_path_track_at(void **state)
{
	const ct_time later[] = { 0, 100 * CT_NSEC_PER_SEC, 500000 * CT_NSEC_PER_SEC };
	const uint64_t ids[] = { 1, 1, 2 };
	struct ct_packet pkt;
	struct ct_verdict v;
	struct craft c;
	struct peer p;

	(void)state;
	for (size_t i = 0; i < ITEMS(later); i++) {
		established(&p);
		craft(&c, &p, CT_DIR_ORIGINAL, "P.", p.seq[0], p.seq[1], 10);
		assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
				 CT_PACKET_OK);
		ct_prepare(p.rig.fast, &pkt);
		ct_prefetch_entry(p.rig.fast, &pkt);
		ct_track_at(p.rig.fast, &pkt, &v, p.rig.now + later[i]);
		ct_confirm(p.rig.fast, &v);
		assert_int_equal(v.id, ids[i]);
		ct_track_at(p.rig.fast, &pkt, &v, p.rig.now - 1);
		ct_confirm(p.rig.fast, &v);
		assert_int_equal(ct_now(p.rig.fast), p.rig.now + later[i]);
		rig_free(&p.rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fast_path_conversation),
		cmocka_unit_test(fast_path_syn_in_between),
		cmocka_unit_test(fast_path_rst_after_data),
		cmocka_unit_test(fast_path_drop_before),
		cmocka_unit_test(fast_path_notrack),
		cmocka_unit_test(fast_path_picked_up_connection),
		cmocka_unit_test(fast_path_counters),
		cmocka_unit_test(fast_path_bounds),
		cmocka_unit_test(fast_path_stale_prefetch),
		cmocka_unit_test(fast_path_track_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
