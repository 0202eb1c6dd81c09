/* SPDX-License-Identifier: GPL-2.0-only */
/* The window check: bounds, scaling, selective acknowledgements. */
#include "support/tcp_cases.h"

static const struct tcp_case window_cases[] = {
	/* I: seq <= sender's td_maxend */
	{ "I: last byte of the window", DEFAULTS, { HANDSHAKE,
		C("P.", 17384, 5001, 8192, 1, NULL, EST, ESTAB, OK),
	} },
	{ "I: a segment may begin at the edge and reach beyond", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 17385, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		/* The receiver's window has grown by the bytes beyond it. */
		S(".", 5001, 17485, 16384, 0, NULL, EST, ESTAB, OK),
	} },
	{ "I: one past the edge is more than expected", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 17386, 5001, 8192, 0, NULL, EST, ESTAB, MORE_BYTES, 2,
		  .left = 431999, .after = 1000),
		/* Its acknowledgement counts nevertheless. */
		S(".", 5001, 17386, 16384, 0, NULL, EST, ESTAB, OK),
	} },
	{ "I: more than expected, up to a whole window", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 32768, 5001, 8192, 1000, NULL, EST, ESTAB, MORE_BYTES,
		  16384),
	} },
	{ "I: more than a whole window", DEFAULTS, { HANDSHAKE,
		C("P.", 32769, 5001, 8192, 1000, NULL, INV, ESTAB, SEQ_OVER,
		  17386),
		C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK),
	} },
	{ "I: far beyond", DEFAULTS, { HANDSHAKE,
		S("P.", 100000, 1001, 16384, 10, NULL, INV, ESTAB, SEQ_OVER,
		  13194),
	} },
	{ "I: half the number space away counts as before", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 17386u + 0x80000000u, 5001, 8192, 1, NULL, EST, ESTAB,
		  SEQ_UNDER),
		C("P.", 17385u + 0x80000000u, 5001, 8192, 1, NULL, INV, ESTAB,
		  SEQ_OVER, 17386),
	} },
	{ "I and II: more bytes with an ACK of the unseen is over", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 17386, 5002, 8192, 0, NULL, INV, ESTAB, SEQ_OVER,
		  17386),
	} },
	{ "I and IV: more bytes with an old ACK is over", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 17386, 5001u - 66001u, 8192, 0, NULL, INV, ESTAB,
		  SEQ_OVER, 17386),
		C("P.", 17386, 5001u - 66000u, 8192, 0, NULL, EST, ESTAB,
		  MORE_BYTES, 2),
	} },
	/* II: sack <= receiver's td_end */
	{ "II: all that was sent may be acknowledged", DEFAULTS,
	  { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 500, NULL, EST, ESTAB, OK,
		  .left = 300),
		C(".", 1001, 5501, 8192, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	{ "II: one more may not", DEFAULTS, { HANDSHAKE,
		C(".", 1001, 5002, 8192, 0, NULL, INV, ESTAB, ACK_OVER, 5002,
		  .left = 431999, .after = 1000),
	} },
	/* III: end >= sender's td_end - receiver's td_maxwin */
	{ "III: a whole window back", DEFAULTS, { HANDSHAKE,
		C(".", 1001u - 16384u, 5001, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "III: one more back is ignored", DEFAULTS, { HANDSHAKE,
		C(".", 1001u - 16385u, 5001, 8192, 0, NULL, EST, ESTAB,
		  SEQ_UNDER, 1001u - 16385u, .left = 431999, .after = 1000),
	} },
	{ "III: it is the segment's end that counts", DEFAULTS,
	  { HANDSHAKE,
		C("P.", 1001u - 16484u, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		C("P.", 1001u - 16485u, 5001, 8192, 100, NULL, EST, ESTAB,
		  SEQ_UNDER),
	} },
	/* IV: sack >= receiver's td_end - max(66000, sender's td_maxwin) */
	{ "IV: an old ACK", DEFAULTS, { HANDSHAKE,
		C(".", 1001, 5001u - 66000u, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "IV: too old an ACK is ignored", DEFAULTS, { HANDSHAKE,
		C(".", 1001, 5001u - 66001u, 8192, 0, NULL, EST, ESTAB,
		  ACK_UNDER, 5001u - 66001u, .left = 431999, .after = 1000),
	} },
	{ "IV: a window above 66000 makes older ACKs good", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "ws=4", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, "ws=0", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		C(".", 1001, 5001u - 131072u, 8192, 0, NULL, EST, ESTAB, OK),
		C(".", 1001, 5001u - 131073u, 8192, 0, NULL, EST, ESTAB,
		  ACK_UNDER, 5001u - 131073u),
	} },
	{ "numbers that wrap", DEFAULTS, {
		C("S", 0xffffffff, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 0xfffffffe, 0, 16384, 0, NULL, EST, SYN_RECV, OK),
		C(".", 0, 0xffffffff, 8192, 0, NULL, EST, ESTAB, OK),
		C("P.", 0, 0xffffffff, 8192, 1000, NULL, EST, ESTAB, OK),
		S("P.", 0xffffffff, 1000, 16384, 1000, NULL, EST, ESTAB, OK),
		C(".", 1000, 999, 8192, 0, NULL, EST, ESTAB, OK),
		C(".", 1000, 1000, 8192, 0, NULL, INV, ESTAB, ACK_OVER, 1000),
	} },
	{ "the window follows the ACKs", DEFAULTS, { HANDSHAKE,
		C("P.", 1001, 5001, 8192, 1000, NULL, EST, ESTAB, OK),
		S(".", 5001, 2001, 1000, 0, NULL, EST, ESTAB, OK),
		/* A window once offered stays valid: 17385, not 3001. */
		C("P.", 17385, 5001, 8192, 1, NULL, EST, ESTAB, OK),
		S(".", 5001, 17386, 1000, 0, NULL, EST, ESTAB, OK),
		/* Now 18386. */
		C("P.", 18386, 5001, 8192, 1, NULL, EST, ESTAB, OK),
	} },
	{ "a window that shrinks by one", DEFAULTS, { HANDSHAKE,
		S(".", 5001, 1001, 16383, 0, NULL, EST, ESTAB, OK),
		C("P.", 17385, 5001, 8192, 1, NULL, EST, ESTAB, OK),
	} },
	{ "a probe of a closed window is one byte", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 10, 0, NULL, EST, SYN_RECV, OK),
		C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK),
		S(".", 5001, 1011, 0, 0, NULL, EST, ESTAB, OK),
		C("P.", 1011, 5001, 8192, 1, NULL, EST, ESTAB, OK),
		S(".", 5001, 1011, 0, 0, NULL, EST, ESTAB, OK),
	} },
	{ "a keep-alive probe repeats the last number", DEFAULTS,
	  { HANDSHAKE,
		S(".", 5000, 1001, 16384, 0, NULL, EST, ESTAB, OK),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "a SYN with window 0 counts as 1", DEFAULTS, {
		C("S", 1000, 0, 0, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 0, 0, NULL, EST, SYN_RECV, OK),
		C(".", 1001, 5001, 0, 0, NULL, EST, ESTAB, OK, .left = 300),
		C("P.", 1002, 5001, 0, 1, NULL, EST, ESTAB, OK),
	} },
};

static const struct tcp_case scale_cases[] = {
	{ "both sides scale", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "mss ws=3", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 4096, 0, "mss nop ws=2", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 4096, 0, NULL, EST, ESTAB, OK),
		/* 5001 + (4096 << 3) */
		S("P.", 37769, 1001, 4096, 1, NULL, EST, ESTAB, OK),
		S("P.", 70551, 1001, 4096, 1, NULL, INV, ESTAB, SEQ_OVER),
	} },
	{ "the window of a SYN/ACK is never scaled", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "ws=3", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 4096, 0, "ws=2", EST, SYN_RECV, OK),
		C("P.", 5097, 5001, 4096, 0, NULL, EST, ESTAB, OK),
		C("P.", 5098, 5001, 4096, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "only the client offers: none scales", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "ws=3", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 4096, 0, "mss", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 4096, 0, NULL, EST, ESTAB, OK),
		S("P.", 9097, 1001, 4096, 1, NULL, EST, ESTAB, OK),
		S("P.", 9100, 1001, 4096, 1, NULL, EST, ESTAB, MORE_BYTES),
	} },
	{ "only the server offers: none scales", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 4096, 0, "ws=7", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		S(".", 5001, 1001, 8192, 0, NULL, EST, ESTAB, OK),
		C("P.", 9194, 5001, 8192, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "a scale above 14 is 14", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "ws=15", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 4096, 0, "ws=0", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 1, 0, NULL, EST, ESTAB, OK),
		S("P.", 5001 + 16384, 1001, 4096, 1, NULL, EST, ESTAB, OK),
		S(".", 5001 + 16384 + 2, 1001, 4096, 0, NULL, EST, ESTAB,
		  MORE_BYTES),
	} },
	{ "an option cut short ends the list", DEFAULTS, {
		/* The window scale follows an option of length 1. */
		C("S", 1000, 0, 8192, 0, "x=fe01 ws=3 nop nop nop", NEW, SYN_SENT,
		  OK),
		S("S.", 5000, 1001, 4096, 0, "ws=3", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 4096, 0, NULL, EST, ESTAB, OK),
		S(".", 9097, 1001, 4096, 0, NULL, EST, ESTAB, OK),
		S(".", 9098, 1001, 4096, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "other options of the same lengths are not read", DEFAULTS, {
		C("S", 1000, 0, 100, 0, "x=fe0309 x=fe02", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 100, 0, "ws=3 sackok", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5101, 1001, 100, 0, "nop nop sack=1001:9000", EST, ESTAB, OK),
		S(".", 5102, 1001, 100, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "options of other lengths are not read", DEFAULTS, {
		C("S", 1000, 0, 100, 0, "x=03040900 x=040300", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 100, 0, "ws=3 sackok", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5101, 1001, 100, 0, "nop nop sack=1001:9000", EST, ESTAB, OK),
		S(".", 5102, 1001, 100, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "a SYN sent again does not change the scale", DEFAULTS, {
		C("S", 1000, 0, 100, 0, "ws=3", NEW, SYN_SENT, OK),
		C("S", 1000, 0, 100, 0, "ws=0", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 100, 0, "ws=0", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5801, 1001, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5802, 1001, 100, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "a new SYN does", DEFAULTS, {
		C("S", 1000, 0, 100, 0, "ws=0", NEW, SYN_SENT, OK),
		C("S", 1001, 0, 100, 0, "ws=3", NEW, SYN_SENT, OK),
		S("S.", 5000, 1002, 100, 0, "ws=0", EST, SYN_RECV, OK),
		C(".", 1002, 5001, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5801, 1002, 100, 0, NULL, EST, ESTAB, OK),
	} },
	{ "options behind the end of the list do not count", DEFAULTS, {
		C("S", 1000, 0, 100, 0, "x=0002 ws=3", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 100, 0, "ws=3", EST, SYN_RECV, OK),
		C(".", 1001, 5001, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5102, 1001, 100, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
};

static const struct tcp_case sack_cases[] = {
	{ "the right edge counts", DEFAULTS, { HANDSHAKE_SACK,
		C("P.", 1101, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		S(".", 5001, 1001, 16384, 0, "nop nop sack=1101:1201", EST, ESTAB,
		  OK),
		S(".", 5001, 1001, 16384, 0, "nop nop sack=1101:1202", INV, ESTAB,
		  ACK_OVER, 1202),
	} },
	{ "the highest of several blocks", DEFAULTS, { HANDSHAKE_SACK,
		C("P.", 1101, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		S(".", 5001, 1001, 16384, 0,
		  "nop nop sack=1110:1120,1190:1202,1130:1140", INV, ESTAB, ACK_OVER,
		  1202),
	} },
	{ "only the first SACK option is read", DEFAULTS, { HANDSHAKE_SACK,
		C("P.", 1101, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		S(".", 5001, 1001, 16384, 0,
		  "sack=1110:1120 sack=1190:1202", EST, ESTAB, OK),
	} },
	{ "a block below the ACK changes nothing", DEFAULTS,
	  { HANDSHAKE_SACK,
		S(".", 5001, 1001, 16384, 0, "nop nop sack=500:600", EST, ESTAB,
		  OK),
	} },
	{ "an option of a length that cannot be is not read", DEFAULTS,
	  { HANDSHAKE_SACK,
		S(".", 5001, 1001, 16384, 0, "x=050b0000000000002000ff", EST,
		  ESTAB, OK),
		S(".", 5001, 1001, 16384, 0, "x=0502", EST, ESTAB, OK),
	} },
	{ "not where it was not allowed", DEFAULTS, { HANDSHAKE,
		C("P.", 1101, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		S(".", 5001, 1001, 16384, 0, "nop nop sack=1101:9999", EST, ESTAB,
		  OK),
	} },
	{ "with time stamps", DEFAULTS, { HANDSHAKE_SACK,
		C("P.", 1101, 5001, 8192, 100, NULL, EST, ESTAB, OK),
		S(".", 5001, 1001, 16384, 0, "nop nop ts nop nop sack=1101:1202",
		  INV, ESTAB, ACK_OVER, 1202),
	} },
	{ "what is selectively acknowledged opens the window", DEFAULTS,
	  { HANDSHAKE_SACK,
		C("P.", 2001, 5001, 8192, 1000, NULL, EST, ESTAB, OK),
		/* 3001 + 16384 */
		S(".", 5001, 1001, 16384, 0, "nop nop sack=2001:3001", EST, ESTAB,
		  OK),
		C("P.", 19385, 5001, 8192, 1, NULL, EST, ESTAB, OK),
	} },
};

#define LIBERAL { { "nf_conntrack_tcp_be_liberal", "1" } }

static const struct tcp_case liberal_cases[] = {
	{ "all four rules pass in silence", LIBERAL, { HANDSHAKE,
		C("P.", 900000, 5001, 8192, 1, NULL, EST, ESTAB, OK),
		C(".", 1001, 900000, 8192, 0, NULL, EST, ESTAB, OK),
		C(".", 1001u - 100000u, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		C(".", 1001, 5001u - 100000u, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "more bytes pass in silence and count", LIBERAL, { HANDSHAKE,
		C("P.", 17386, 5001, 8192, 10, NULL, EST, ESTAB, OK,
		  .left = 300),
	} },
	{ "a RST out of the window closes", LIBERAL, { HANDSHAKE,
		S("R.", 5001, 1001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "the state table is as strict as ever", LIBERAL, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		C(".", 1001, 5001, 8192, 0, NULL, INV, SYN_SENT, INVALID_STATE,
		  3),
	} },
};

/* With config.track_bounds the verdict has the bounds, and the frame that set
 * the violated one.  Frame 4 sets the client's upper bound to 21001. */
static const struct bounds_case {
	const char *name;
	struct segment last;
	uint64_t frame;
} bounds_cases[] = {
	{ "I", C("P.", 90000, 5001, 8192, 1, NULL, INV, ESTAB, SEQ_OVER), 4 },
	{ "II", C(".", 1011, 5102, 8192, 0, NULL, INV, ESTAB, ACK_OVER), 6 },
	{ "III", C(".", 1011u - 20001u, 5101, 8192, 0, NULL, EST, ESTAB, SEQ_UNDER),
	  5 },
	{ "IV", C(".", 1011, 5101u - 66001u, 8192, 0, NULL, EST, ESTAB, ACK_UNDER),
	  6 },
};

static const struct segment before_bounds[] = { HANDSHAKE,
	S(".", 5001, 1001, 20000, 0, NULL, EST, ESTAB, OK),
	C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK),
	S("P.", 5001, 1001, 16384, 100, NULL, EST, ESTAB, OK),
};

static void tcp_window_bounds(void **state)
{
	const struct bounds_case *b = *state;
	const struct ct_window *w;
	struct ct_config cfg;
	struct rig r;

	ct_config_defaults(&cfg);
	cfg.track_bounds = true;
	rig_init(&r, &cfg);
	for (size_t i = 0; i < ITEMS(before_bounds); i++) {
		tcp_send(&r, &before_bounds[i]);
		tcp_check(&r, "on the way", &before_bounds[i]);
		assert_false(r.v.windowed);
	}
	tcp_send(&r, &b->last);
	tcp_check(&r, b->name, &b->last);
	assert_true(r.v.windowed);
	w = &r.v.window;
	assert_int_equal(w->seq, b->last.seq);
	assert_int_equal(w->end, b->last.seq + b->last.len);
	assert_int_equal(w->ack, b->last.ack);
	assert_int_equal(w->seq_upper, 21001);
	assert_int_equal(w->seq_lower, 1011u - 20000u);
	assert_int_equal(w->ack_upper, 5101);
	assert_int_equal(w->ack_lower, 5101u - 66000u);
	assert_int_equal(w->frame, b->frame);
	rig_free(&r);
}

int main(void)
{
	int failed = 0;

	failed += TCP_RUN("tcp window", window_cases);
	failed += TCP_RUN("tcp window scale", scale_cases);
	failed += TCP_RUN("tcp sack", sack_cases);
	failed += TCP_RUN("tcp be_liberal", liberal_cases);
	failed += rig_run_cases("tcp bounds", bounds_cases, sizeof(bounds_cases[0]),
				ITEMS(bounds_cases), tcp_window_bounds);
	return failed != 0;
}
