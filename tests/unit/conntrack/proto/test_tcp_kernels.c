/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What other kernels than the default one do with TCP: a pair of cases for each
 * behaviour, of a kernel that lacks it and of one that has it.  Verdicts were
 * read off the sources of Linux 5.10.223, 6.1.176, 6.12.117 and 7.3.4.
 */
#include "support/tcp_cases.h"

#include <string.h>

#define WITHOUT(behaviour)	{ { "lacks", behaviour } }
#define WITH(behaviour)		{ { "has", behaviour } }

#define LESS_UNACKED { "nf_conntrack_tcp_timeout_unacknowledged", "60" }

#define STRAY_SYN \
	C("S", 90000, 0, 8192, 0, NULL, EST, ESTAB, IGNORED)

static const struct tcp_case cases[] = {
	{ "an RST in FIN_WAIT is checked", WITHOUT("tcp-rst-closing-unchecked"), { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		S("R", 4000, 0, 0, 0, NULL, INV, FIN_WAIT, INVALID_RST),
	} },
	{ "an RST in FIN_WAIT is not checked", DEFAULTS, { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		S("R", 4000, 0, 0, 0, NULL, EST, CLOSE, OK),
	} },
	{ "an RST after a SYN is held against ACKs", WITHOUT("tcp-rst-after-syn"), { HANDSHAKE,
		STRAY_SYN,
		S("R.", 4000, 90001, 0, 0, NULL, INV, ESTAB, INVALID_RST),
	} },
	{ "an RST after a SYN is not", DEFAULTS, { HANDSHAKE,
		STRAY_SYN,
		S("R.", 4000, 90001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "an RST with SEQ 0 is invalid", WITHOUT("tcp-rst-seq0"), {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, "mss", EST, SYN_RECV, OK),
		C("R", 0, 0, 0, 0, NULL, INV, SYN_RECV, INVALID_RST),
	} },
	{ "an RST with SEQ 0 goes on to the window", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, "mss", EST, SYN_RECV, OK),
		C("R", 0, 0, 0, 0, NULL, EST, CLOSE, OK),
	} },
	{ "each SYN refreshes", WITHOUT("tcp-syn-retransmit-no-refresh"), {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK, .left = 120),
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK, .left = 120,
		  .after = 10000),
	} },
	{ "only the first SYN refreshes", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK, .left = 120),
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK, .left = 110,
		  .after = 10000),
	} },
	/* Since td_end is set first, the data does not count as sent. */
	{ "a FIN with data starts the numbers anew", { { "lacks", "tcp-reinit-needs-syn" }, LESS_UNACKED }, {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, "mss", EST, SYN_RECV, OK),
		S("FP.", 5001, 1001, 16384, 10, NULL, EST, FIN_WAIT, OK,
		  .left = 120),
	} },
	{ "a FIN with data starts nothing anew", { LESS_UNACKED }, {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, "mss", EST, SYN_RECV, OK),
		S("FP.", 5001, 1001, 16384, 10, NULL, EST, FIN_WAIT, OK,
		  .left = 60),
	} },
	{ "data beyond the window is invalid", WITHOUT("tcp-overshoot-accepted"), { HANDSHAKE,
		C("P.", 17386, 5001, 8192, 0, NULL, INV, ESTAB, SEQ_OVER),
	} },
	{ "old data is invalid", WITHOUT("tcp-old-segment-accepted"), { HANDSHAKE,
		C(".", 1001u - 16385u, 5001, 8192, 0, NULL, INV, ESTAB, SEQ_UNDER),
		C(".", 1001, 5001u - 66001u, 8192, 0, NULL, INV, ESTAB, ACK_UNDER),
		/* The first of the four tests that fails is named. */
		C(".", 1001u - 16385u, 5002, 8192, 0, NULL, INV, ESTAB, SEQ_UNDER),
	} },
	{ "old data with an ACK of the unseen", DEFAULTS, { HANDSHAKE,
		C(".", 1001u - 16385u, 5002, 8192, 0, NULL, INV, ESTAB, ACK_OVER),
	} },
	{ "invalid FINs leave the timeout alone", WITHOUT("tcp-invalid-lowers-timeout"), { HANDSHAKE,
		S("F.", 100000, 1001, 16384, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("F.", 100000, 5001, 8192, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 432000),
	} },
	{ "invalid FINs lower the timeout", DEFAULTS, { HANDSHAKE,
		S("F.", 100000, 1001, 16384, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("F.", 100000, 5001, 8192, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 300, .second = CT_REASON_TCP_LOWER_TIMEOUT),
	} },
	{ "the RST after a challenge ACK is checked", WITHOUT("tcp-rst-challenge-ack"), {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S(".", 7000, 900000, 16384, 0, NULL, EST, SYN_SENT, IGNORED),
		C("R", 900000, 0, 0, 0, NULL, INV, SYN_SENT, SEQ_OVER),
	} },
	{ "the RST after a challenge ACK closes", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK),
		S(".", 7000, 900000, 16384, 0, NULL, EST, SYN_SENT, IGNORED),
		C("R", 900000, 0, 0, 0, NULL, EST, CLOSE, OK),
	} },
	{ "a repeated SYN ends scaling", WITHOUT("tcp-wscale-by-reply"), {
		C("S", 1000, 0, 8192, 0, "ws=4", NEW, SYN_SENT, OK),
		C("S", 2000, 0, 8192, 0, "ws=4", NEW, SYN_SENT, OK),
		S("S.", 5000, 2001, 16384, 0, "ws=2", EST, SYN_RECV, OK),
		C(".", 2001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		S("P.", 55001, 2001, 16384, 10, NULL, INV, ESTAB, SEQ_OVER),
	} },
	{ "a repeated SYN keeps scaling", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, "ws=4", NEW, SYN_SENT, OK),
		C("S", 2000, 0, 8192, 0, "ws=4", NEW, SYN_SENT, OK),
		S("S.", 5000, 2001, 16384, 0, "ws=2", EST, SYN_RECV, OK),
		C(".", 2001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		S("P.", 55001, 2001, 16384, 10, NULL, EST, ESTAB, OK),
	} },
	{ "an RST after the own SYN closes", WITHOUT("tcp-rst-syn-direction"), { HANDSHAKE,
		STRAY_SYN,
		C("R.", 1001, 90001, 0, 0, NULL, EST, CLOSE, OK),
	} },
	{ "an RST after the own SYN is checked", DEFAULTS, { HANDSHAKE,
		STRAY_SYN,
		C("R.", 1001, 90001, 0, 0, NULL, INV, ESTAB, ACK_OVER),
	} },
	{ "an inexact RST leaves 10 s", DEFAULTS, { HANDSHAKE,
		S("R", 5010, 0, 0, 0, NULL, EST, ESTAB, OK, .left = 10),
	} },
	{ "an inexact RST leaves 300 s", WITH("tcp-rst-timeout-unack"), { HANDSHAKE,
		S("R", 5010, 0, 0, 0, NULL, EST, ESTAB, OK, .left = 300),
	} },
	{ "an exact RST leaves 10 s", WITH("tcp-rst-timeout-unack"), { HANDSHAKE,
		S("R", 5001, 0, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
};

/* The text of reason 'i' of the last packet. */
static const char *text(const struct rig *r, int i)
{
	return ct_why_text(&r->v.why[i]);
}

static void tcp_texts_without_numbers(void **state)
{
	static const struct { struct segment seg; const char *text; } says[] = {
		{ C("S", 90000, 0, 8192, 0), "invalid packet ignored in state %2s" },
		{ C("P.", 90000, 5001, 8192, 1),
		  "SEQ is over the upper bound (over the window of the receiver)" },
		{ C(".", 1001, 5002, 8192, 0),
		  "ACK is over the upper bound (ACKed data not seen yet)" },
		{ C(".", 1001u - 16385u, 5001, 8192, 0),
		  "SEQ is under the lower bound (already ACKed data retransmitted)" },
		{ C(".", 1001, 5001u - 66001u, 8192, 0),
		  "ACK is under the lower bound (possible overly delayed ACK)" },
	};
	static const struct segment handshake[] = { HANDSHAKE };
	static const struct setting set[3] =
		WITHOUT("tcp-bounds-in-text tcp-old-segment-accepted");
	struct rig r;

	(void)state;
	tcp_init(&r, set);
	for (size_t i = 0; i < ITEMS(handshake); i++)
		tcp_send(&r, &handshake[i]);
	for (size_t i = 0; i < ITEMS(says); i++) {
		tcp_send(&r, &says[i].seg);
		assert_string_equal(text(&r, 0), says[i].text);
	}
	rig_free(&r);
}

static void tcp_text_lowered_timeout(void **state)
{
	static const struct segment seg[] = { HANDSHAKE,
		S("F.", 100000, 1001, 16384, 0), C("F.", 100000, 5001, 8192, 0),
	};
	static const struct setting set[2][3] = {
		DEFAULTS, WITH("tcp-lowered-text")
	};

	(void)state;
	for (int has = 0; has < 2; has++) {
		struct rig r;

		tcp_init(&r, set[has]);
		for (size_t i = 0; i < ITEMS(seg); i++)
			tcp_send(&r, &seg[i]);
		assert_int_equal(r.v.nwhy, 2);
		assert_string_equal(text(&r, 1), has ? "lowered timeout to UNACK" :
			"packet (index %d, dir %d) response for index %d lower timeout to %u");
		rig_free(&r);
	}
}

static void tcp_invalid_new_is_silent(void **state)
{
	struct ct_config cfg;

	(void)state;
	ct_config_defaults(&cfg);
	assert_true(ct_kernel_logs(&cfg.kernel, CT_REASON_TCP_INVALID_NEW));
	rig_kernel(&cfg, "tcp-invalid-new-logged", NULL);
	assert_false(ct_kernel_logs(&cfg.kernel, CT_REASON_TCP_INVALID_NEW));
	assert_true(ct_kernel_logs(&cfg.kernel, CT_REASON_TCP_INVALID_RST));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_texts_without_numbers),
		cmocka_unit_test(tcp_text_lowered_timeout),
		cmocka_unit_test(tcp_invalid_new_is_silent),
	};

	return TCP_RUN("tcp_kernels", cases) |
	       cmocka_run_group_tests_name("tcp_kernels", tests, NULL, NULL);
}
