/* SPDX-License-Identifier: GPL-2.0-only */
/* The TCP tracker without its state table and window check: pick-up, timeouts,
 * RST, unexpected SYNs, invalid segments. */
#include "support/tcp_cases.h"

#define PICKED_UP CT_REASON_TCP_PICKED_UP
#define STRICT { { "nf_conntrack_tcp_loose", "0" } }

static const struct tcp_case pickup_cases[] = {
	{ "an ACK opens", DEFAULTS, {
		C(".", 1000, 5000, 100, 0, NULL, NEW, ESTAB, PICKED_UP,
		  .left = 300),
		/* SEEN_REPLY is set after the tracker, so the timeout is still
		 * capped. */
		S(".", 5000, 1000, 100, 0, NULL, EST, ESTAB, OK, .left = 300),
		C(".", 1000, 5000, 100, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	{ "data opens", DEFAULTS, {
		C("P.", 1000, 5000, 100, 20, NULL, NEW, ESTAB, PICKED_UP,
		  .left = 300),
		C("P.", 1020, 5000, 100, 20, NULL, NEW, ESTAB, OK, .left = 300),
	} },
	{ "windows are not held against it", DEFAULTS, {
		C(".", 1000, 5000, 100, 0, NULL, NEW, ESTAB, PICKED_UP),
		S(".", 5000, 1000, 100, 0, NULL, EST, ESTAB, OK),
		C("P.", 900000, 900000, 100, 10, NULL, EST, ESTAB, OK),
		S("P.", 7000000, 5, 100, 10, NULL, EST, ESTAB, OK),
	} },
	{ "a FIN does not open", DEFAULTS, {
		C("F.", 1000, 5000, 100, 0, NULL, INV, NONE,
		  CT_REASON_TCP_INVALID_NEW, .left = GONE),
	} },
	{ "a RST does not open", DEFAULTS, {
		C("R", 1000, 0, 0, 0, NULL, INV, NONE,
		  CT_REASON_TCP_INVALID_NEW, .left = GONE),
	} },
	{ "a SYN/ACK does not open", DEFAULTS, {
		C("S.", 1000, 5000, 100, 0, NULL, INV, NONE,
		  CT_REASON_TCP_INVALID_NEW, .left = GONE),
	} },
	{ "not loose: an ACK does not open", STRICT, {
		C(".", 1000, 5000, 100, 0, NULL, INV, NONE,
		  CT_REASON_TCP_NO_PICKUP, .left = GONE),
	} },
	{ "not loose: a FIN is invalid first", STRICT, {
		C("F.", 1000, 5000, 100, 0, NULL, INV, NONE,
		  CT_REASON_TCP_INVALID_NEW, .left = GONE),
	} },
	{ "not loose: a SYN opens", STRICT, { HANDSHAKE } },
};

#define FEW { { "nf_conntrack_tcp_max_retrans", "2" }, \
	      { "nf_conntrack_tcp_timeout_max_retrans", "200" } }

static const struct tcp_case timeout_cases[] = {
	{ "retransmissions of one segment", DEFAULTS, { HANDSHAKE,
		C(".", 1001, 5001, 9000, 0, NULL, EST, ESTAB, OK, .left = 432000),
		C(".", 1001, 5001, 9000, 0, NULL, EST, ESTAB, OK, .left = 432000),
		C(".", 1001, 5001, 9000, 0, NULL, EST, ESTAB, OK, .left = 432000),
		C(".", 1001, 5001, 9000, 0, NULL, EST, ESTAB, OK, .left = 300),
		C(".", 1001, 5001, 9001, 0, NULL, EST, ESTAB, OK, .left = 432000),
	} },
	{ "an answer ends the count", FEW, { HANDSHAKE,
		C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK, .left = 300),
		C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK, .left = 300),
		C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK, .left = 200),
		S(".", 5001, 1011, 16384, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	{ "a SYN between does not touch the count", FEW, { HANDSHAKE,
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK, .left = 432000),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK, .left = 200),
	} },
	{ "the retransmission limit never lengthens",
	  { { "nf_conntrack_tcp_max_retrans", "0" } }, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 120),
		S("S.", 5000, 1001, 8192, 0, NULL, EST, SYN_RECV, OK,
		  .left = 60),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK, .left = 300),
	} },
	{ "data without its ACK",
	  { { "nf_conntrack_tcp_timeout_unacknowledged", "250" } }, { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 10, NULL, EST, ESTAB, OK,
		  .left = 250),
		C(".", 1001, 5005, 8192, 0, NULL, EST, ESTAB, OK, .left = 250),
		C(".", 1001, 5011, 8192, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	{ "data of both without ACK",
	  { { "nf_conntrack_tcp_timeout_unacknowledged", "250" } }, { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 10, NULL, EST, ESTAB, OK),
		C("P.", 1001, 5001, 8192, 10, NULL, EST, ESTAB, OK),
		C(".", 1011, 5011, 8192, 0, NULL, EST, ESTAB, OK, .left = 250),
		S(".", 5011, 1011, 16384, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	{ "a closed window",
	  { { "nf_conntrack_tcp_timeout_max_retrans", "200" } }, { HANDSHAKE,
		S(".", 5001, 1001, 0, 0, NULL, EST, ESTAB, OK, .left = 200),
		S(".", 5001, 1001, 100, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	{ "a RST's time goes before data's", DEFAULTS, { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 10, NULL, EST, ESTAB, OK),
		C("R.", 1001, 5001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "each state's own", DEFAULTS, { HANDSHAKE, CLOSING, LAST } },
	{ "a SYN sent again does not refresh", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 120),
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 119,
		  .after = 1000),
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 117,
		  .after = 2000),
		/* Nor is it with other numbers. */
		C("S", 77777, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 113,
		  .after = 4000),
		S("S.", 5000, 77778, 8192, 0, NULL, EST, SYN_RECV, OK,
		  .left = 60),
	} },
	{ "after its time a connection is gone", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 8192, 0, NULL, INV, NONE,
		  CT_REASON_TCP_INVALID_NEW, .after = 120000, .left = GONE),
	} },
	{ "just before it is not", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 8192, 0, NULL, EST, SYN_RECV, OK,
		  .after = 119999),
	} },
};

#define UNACKED_100 { "nf_conntrack_tcp_timeout_unacknowledged", "100" }

static const struct tcp_case rst_cases[] = {
	{ "refused: nothing is left", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("R.", 0, 1001, 0, 0, NULL, EST, CLOSE, OK, .left = GONE),
	} },
	{ "refused without an ACK", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("R", 0, 0, 0, 0, NULL, EST, CLOSE, OK, .left = GONE),
	} },
	{ "refused with an ACK of zero", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("R.", 0, 0, 0, 0, NULL, EST, CLOSE, OK, .left = GONE),
	} },
	{ "refused with an ACK of what was not sent", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("R.", 0, 1003, 0, 0, NULL, INV, SYN_SENT, ACK_OVER, 1002,
		  .left = 120),
	} },
	{ "refused with an ACK of one more: passes for a keep-alive's", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("R.", 0, 1002, 0, 0, NULL, EST, CLOSE, OK, .left = GONE),
	} },
	{ "the client gives up in SYN_SENT", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		C("R", 1001, 0, 0, 0, NULL, NEW, CLOSE, OK, .left = GONE),
	} },
	{ "the client gives up in SYN_RECV", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
		C("R", 1001, 0, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "exactly the next number", DEFAULTS, { HANDSHAKE,
		S("R.", 5001, 1001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "in the window but not exact: the state stays", DEFAULTS,
	  { HANDSHAKE,
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		S("R.", 5002, 1001, 0, 0, NULL, EST, ESTAB, OK, .left = 10),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK,
		  .left = 300),
	} },
	{ "before what is acknowledged", DEFAULTS, { HANDSHAKE,
		S("R.", 5000, 1001, 0, 0, NULL, INV, ESTAB, INVALID_RST,
		  .left = 431999, .after = 1000),
	} },
	{ "before it, and allowed to",
	  { { "nf_conntrack_tcp_ignore_invalid_rst", "1" } }, { HANDSHAKE,
		S("R.", 5000, 1001, 0, 0, NULL, EST, ESTAB, OK, .left = 10),
	} },
	{ "out of the window", DEFAULTS, { HANDSHAKE,
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER, 13194,
		  .left = 432000),
	} },
	{ "number zero outside ESTABLISHED", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
		C("R.", 0, 5001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "any number before, outside ESTABLISHED", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
		C("R.", 1, 5001, 0, 0, NULL, INV, SYN_RECV, INVALID_RST),
	} },
	{ "number zero in ESTABLISHED is before", DEFAULTS, { HANDSHAKE,
		C("R.", 0, 5001, 0, 0, NULL, INV, ESTAB, INVALID_RST),
	} },
	{ "behind its own data that is on its way", DEFAULTS, { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 19, NULL, EST, ESTAB, OK),
		S("R.", 5020, 1001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "not behind that data", DEFAULTS, { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 19, NULL, EST, ESTAB, OK),
		S("R.", 5019, 1001, 0, 0, NULL, EST, ESTAB, OK, .left = 10),
	} },
	{ "the other side spoke last", DEFAULTS, { HANDSHAKE,
		S("P.", 5001, 1001, 16384, 19, NULL, EST, ESTAB, OK),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
		S("R.", 5020, 1001, 0, 0, NULL, EST, ESTAB, OK, .left = 10),
	} },
	{ "a closing connection takes any", DEFAULTS, { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		S("R.", 987654321, 42, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
		C("R", 123456789, 0, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "an ACK number without the flag is not read", DEFAULTS, { HANDSHAKE,
		S("R", 5001, 0x12345678, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "number zero in answer to a SYN, after a SYN/ACK out of place",
	  DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 500000, 1002, 8192, 0, NULL, INV, SYN_SENT, ACK_OVER, 1002),
		S("R.", 0, 1001, 0, 0, NULL, EST, CLOSE, OK, .left = GONE),
	} },
	{ "in answer to an ACK that was let through", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S(".", 7777, 8888, 16384, 0, NULL, EST, SYN_SENT, IGNORED),
		C("R.", 123456, 7777, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	/* Since 6.18.44; earlier kernels do not compare directions. */
	{ "in answer to an own SYN that was let through", DEFAULTS, { HANDSHAKE,
		C("S", 900000, 0, 8192, 0, NULL, EST, ESTAB, IGNORED),
		C("R.", 700000, 900001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
	} },
	{ "the time that is left is just enough to cut", { UNACKED_100,
		{ "nf_conntrack_tcp_timeout_established", "120" } }, { HANDSHAKE_SACK,
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("R.", 90000, 5001, 0, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 100, .second = CT_REASON_TCP_LOWER_TIMEOUT),
	} },
	{ "the time that is left is too short to cut", { UNACKED_100,
		{ "nf_conntrack_tcp_timeout_established", "120" } }, { HANDSHAKE_SACK,
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("R.", 90000, 5001, 0, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .after = 1000, .left = 119),
	} },
	{ "the time that is left is what it would be cut to",
	  { { "nf_conntrack_tcp_timeout_unacknowledged", "150" },
	    { "nf_conntrack_tcp_timeout_established", "150" } }, { HANDSHAKE_SACK,
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("R.", 90000, 5001, 0, 0, NULL, INV, ESTAB, SEQ_OVER, .left = 150),
	} },
	{ "out of the window from both sides: the time is cut", DEFAULTS,
	  { HANDSHAKE,
		/* A reply in ESTABLISHED makes it ASSURED first. */
		S(".", 5001, 1001, 16384, 0, NULL, EST, ESTAB, OK),
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("R.", 90000, 5001, 0, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 300, .second = CT_REASON_TCP_LOWER_TIMEOUT),
		/* It is not lowered again. */
		S("F.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("F.", 90000, 5001, 0, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 299, .after = 1000),
	} },
	{ "the same from one side only", DEFAULTS, { HANDSHAKE,
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		S("F.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 432000),
	} },
	{ "data out of the window cuts nothing", DEFAULTS, { HANDSHAKE,
		S("R.", 90000, 1001, 0, 0, NULL, INV, ESTAB, SEQ_OVER),
		C("P.", 90000, 5001, 0, 9, NULL, INV, ESTAB, SEQ_OVER,
		  .left = 432000),
	} },
	{ "not ASSURED: nothing is cut", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
		S("F.", 90000, 1001, 0, 0, NULL, INV, SYN_RECV, SEQ_OVER),
		C("F.", 90000, 5001, 0, 0, NULL, INV, SYN_RECV, SEQ_OVER,
		  .left = 60),
	} },
};

static const struct tcp_case sync_cases[] = {
	{ "an ignored SYN, then its SYN/ACK: we were out of sync",
	  DEFAULTS, { HANDSHAKE,
		C("S", 900000, 0, 8192, 0, "mss ws=2 sackok", EST, ESTAB, IGNORED,
		  .left = 431999, .after = 1000),
		S("S.", 700000, 900001, 16384, 0, "mss ws=2 sackok", EST, SYN_RECV,
		  OK, .left = 60),
		C(".", 900001, 700001, 100, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
		/* 700001 + (100 << 2), with the window scale of the ignored
		 * SYN. */
		S("P.", 700401, 900001, 16384, 0, NULL, EST, ESTAB, OK),
		S("P.", 700402, 900001, 16384, 0, NULL, EST, ESTAB, MORE_BYTES, 2),
	} },
	{ "a SYN/ACK that answers another SYN is ignored", DEFAULTS,
	  { HANDSHAKE,
		C("S", 900000, 0, 8192, 0, NULL, EST, ESTAB, IGNORED),
		S("S.", 700000, 900002, 16384, 0, NULL, EST, ESTAB, IGNORED, 1),
	} },
	{ "an ignored SYN, then a RST for it", DEFAULTS, { HANDSHAKE,
		C("S", 900000, 0, 8192, 0, NULL, EST, ESTAB, IGNORED),
		S("R.", 0, 900001, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "an ignored SYN, then a challenge ACK and its RST", DEFAULTS,
	  { HANDSHAKE,
		C("S", 900000, 0, 8192, 0, NULL, EST, ESTAB, IGNORED),
		S(".", 5001, 1001, 16384, 0, NULL, EST, ESTAB, OK),
		C("R", 1001, 0, 0, 0, NULL, EST, CLOSE, OK),
	} },
	{ "a half-open server: ACK to the SYN, RST, the next SYN",
	  DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S(".", 7777, 8888, 16384, 0, NULL, EST, SYN_SENT, IGNORED, 3,
		  .left = 119, .after = 1000),
		C("R", 8888, 0, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
		C("S", 3000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 120),
	} },
	{ "a RST that does not answer that ACK", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S(".", 7777, 8888, 16384, 0, NULL, EST, SYN_SENT, IGNORED),
		C("R", 8889, 0, 0, 0, NULL, INV, SYN_SENT, SEQ_OVER, 1002),
	} },
	{ "a challenge ACK in LAST_ACK is not the last ACK", DEFAULTS,
	  { HANDSHAKE, CLOSING,
		C("S", 900000, 0, 8192, 0, NULL, EST, LAST_ACK, IGNORED),
		S(".", 5002, 1002, 16384, 0, NULL, EST, LAST_ACK,
		  CT_REASON_TCP_CHALLENGE_ACK, .left = 29, .after = 1000),
		/* Only one is expected. */
		S(".", 5002, 1002, 16384, 0, NULL, EST, TIME_WAIT, OK),
	} },
	{ "an ACK of the SYN's own side is no challenge", DEFAULTS,
	  { HANDSHAKE, CLOSING,
		C("S", 900000, 0, 8192, 0, NULL, EST, LAST_ACK, IGNORED),
		C(".", 1002, 5002, 8192, 0, NULL, EST, TIME_WAIT, OK),
	} },
	{ "a SYN in TIME_WAIT opens anew", DEFAULTS,
	  { HANDSHAKE, CLOSING, LAST,
		C("S", 500000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 120),
		S("S.", 600000, 500001, 8192, 0, NULL, EST, SYN_RECV, OK),
	} },
	{ "a SYN in TIME_WAIT from the server turns the roles", DEFAULTS,
	  { HANDSHAKE, CLOSING, LAST,
		S("S", 500000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 120,
		  .turned = true),
		C("S.", 600000, 500001, 8192, 0, NULL, EST, SYN_RECV, OK,
		  .turned = true),
	} },
	{ "a SYN after a RST of the same side opens anew", DEFAULTS,
	  { HANDSHAKE,
		C("R.", 1001, 5001, 0, 0, NULL, EST, CLOSE, OK),
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK, .left = 120),
	} },
	{ "a SYN after a RST of the other side is ignored", DEFAULTS,
	  { HANDSHAKE,
		S("R.", 5001, 1001, 0, 0, NULL, EST, CLOSE, OK),
		C("S", 500000, 0, 8192, 0, NULL, EST, CLOSE, IGNORED,
		  .left = 9, .after = 1000),
		S("S.", 600000, 500001, 8192, 0, NULL, EST, SYN_RECV, OK),
	} },
	{ "a SYN after a RST of the other side while closing", DEFAULTS,
	  { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		S("R.", 5001, 1001, 0, 0, NULL, EST, CLOSE, OK),
		C("S", 500000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
	} },
	{ "crossed SYNs", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S", 5000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK, .left = 120),
		C("S.", 1000, 5001, 8192, 0, NULL, EST, SYN_RECV, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, IGNORED, 1),
		S(".", 5001, 1001, 16384, 0, NULL, EST, ESTAB, OK,
		  .left = 432000),
	} },
	/*
	 * No ACK was noted yet: a RST with the number 0 matches the initial 0.
	 */
	{ "crossed SYNs: a RST with any number, without ACK", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S", 5000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK),
		C("R", 77777777, 0, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "crossed SYNs: a new SYN is out of the window", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S", 5000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK),
		C("S", 90000, 0, 8192, 0, NULL, INV, SYN_SENT2, SEQ_OVER, 1002),
	} },
	{ "crossed SYNs: the server's opens no window yet", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S", 5000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK),
		C("R", 1002, 7, 0, 0, NULL, EST, SYN_SENT2, MORE_BYTES, 2),
		C("R", 1001, 7, 0, 0, NULL, EST, CLOSE, OK, .left = 10),
	} },
	{ "a SYN of the server with higher numbers starts its side anew", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1002, 16384, 0, NULL, INV, SYN_SENT, ACK_OVER, 1002),
		S("S", 900000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK),
		C("R", 1002, 7, 0, 0, NULL, EST, SYN_SENT2, MORE_BYTES, 2),
		C("S.", 1000, 900001, 8192, 0, NULL, EST, SYN_RECV, OK),
	} },
	{ "crossed SYNs, the server's SYN/ACK first", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S", 5000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
		C("S.", 1000, 5001, 8192, 0, NULL, EST, SYN_RECV, OK),
		C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "without crossed SYNs the server's ACK completes nothing",
	  DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
		S(".", 5001, 1001, 16384, 0, NULL, EST, SYN_RECV, OK),
	} },
	{ "a SYN with higher numbers starts its side anew", DEFAULTS, {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		C("S", 90000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 90001, 16384, 0, NULL, EST, SYN_RECV, OK),
		C(".", 90001, 5001, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "a SYN with lower numbers does not", DEFAULTS, {
		C("S", 90000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 90002, 16384, 0, NULL, INV, SYN_SENT, ACK_OVER,
		  90002),
		S("S.", 5000, 90001, 16384, 0, NULL, EST, SYN_RECV, OK),
	} },
	{ "data in the SYN, acknowledged by the SYN/ACK", DEFAULTS, {
		C("S", 1000, 0, 8192, 100, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1101, 16384, 50, NULL, EST, SYN_RECV, OK),
		C(".", 1101, 5051, 8192, 0, NULL, EST, ESTAB, OK),
	} },
	{ "closing from the server's side", DEFAULTS, { HANDSHAKE,
		S("F.", 5001, 1001, 16384, 0, NULL, EST, FIN_WAIT, OK),
		C("F.", 1001, 5002, 8192, 0, NULL, EST, LAST_ACK, OK),
		S(".", 5002, 1002, 16384, 0, NULL, EST, TIME_WAIT, OK),
		C("S", 500000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
	} },
	{ "crossed FINs", DEFAULTS, { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		S("F.", 5001, 1001, 16384, 0, NULL, EST, LAST_ACK, OK),
		C(".", 1002, 5002, 8192, 0, NULL, EST, TIME_WAIT, OK),
		S(".", 5002, 1002, 16384, 0, NULL, EST, TIME_WAIT, OK),
	} },
	{ "a FIN sent again counts as the other side's", DEFAULTS,
	  { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		C("F.", 1001, 5001, 8192, 0, NULL, EST, LAST_ACK, OK),
	} },
};

struct broken {
	const char *name;
	uint8_t doff;		/* header length in words; 0: unchanged */
	uint16_t cut;		/* bytes of the TCP packet that remain */
	enum ct_reason reason;
	const char *opts;
	bool bad_sum;
};

static const struct broken broken_cases[] = {
	{ "3 bytes: no ports", 0, 3, CT_REASON_NO_TUPLE, NULL, false },
	{ "4 bytes: ports but no header", 0, 4, CT_REASON_TCP_SHORT, NULL, false },
	{ "19 bytes", 0, 19, CT_REASON_TCP_SHORT, NULL, false },
	{ "20 bytes", 0, 20, CT_REASON_NONE, NULL, false },
	{ "data offset 4", 4, 20, CT_REASON_TCP_TRUNCATED, NULL, false },
	{ "data offset 0x0", 0xf0, 20, CT_REASON_TCP_TRUNCATED, NULL, false },
	{ "data offset beyond the packet", 6, 20, CT_REASON_TCP_TRUNCATED, NULL,
	  false },
	{ "options cut in half", 0, 22, CT_REASON_TCP_TRUNCATED, "mss", false },
	{ "wrong checksum", 0, 20, CT_REASON_TCP_CHECKSUM, NULL, true },
};

static void tcp_invalid_segment(void **state)
{
	const struct broken *b = *state;
	struct craft_tcp tcp = { CLIENT_PORT, SERVER_PORT, 1000, 0, "S", 8192, 0,
				 b->opts };

	for (int v6 = 0; v6 < 2; v6++) {
		struct craft c;
		struct rig r;

		rig_init(&r, NULL);
		craft_tcp(&c, v6 ? CT_L3_IPV6 : CT_L3_IPV4,
			  v6 ? "2001:db8::1" : CLIENT,
			  v6 ? "2001:db8::2" : SERVER, &tcp);
		if (b->doff)
			c.b[c.l4off + 12] = (uint8_t)(b->doff << 4);
		c.n = c.l4off + b->cut;
		craft_end(&c);
		if (b->cut >= 20)
			craft_sum(&c, 16);
		if (b->bad_sum)
			c.b[c.l4off + 16] ^= 0x55;
		rig_send(&r, &c);
		if (b->reason == CT_REASON_NONE)
			rig_expect(&r, b->name, CT_NEW, CT_DIR_ORIGINAL, b->reason);
		else
			rig_expect(&r, b->name, CT_INVALID, CT_DIR_NONE, b->reason);
		assert_int_equal(ct_count(r.ct), b->reason == CT_REASON_NONE);
		rig_free(&r);
	}
}

/* The first accepted segment in ESTABLISHED after a reply makes it ASSURED. */
static void tcp_assured(void **state)
{
	static const struct segment to_established[] = { HANDSHAKE };
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	tcp_send(&r, &to_established[0]);
	rig_table(&r);
	assert_int_equal(r.record[0].status, CT_STATUS_CONFIRMED);
	tcp_send(&r, &to_established[1]);
	rig_table(&r);
	assert_int_equal(r.record[0].status,
			 CT_STATUS_CONFIRMED | CT_STATUS_SEEN_REPLY);
	tcp_send(&r, &to_established[2]);
	rig_table(&r);
	assert_int_equal(r.record[0].status, CT_STATUS_CONFIRMED |
			 CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED);
	rig_free(&r);
}

/* The same for a connection that was picked up in mid-stream. */
static void tcp_assured_after_pickup(void **state)
{
	static const struct segment segments[] = {
		C(".", 1000, 5000, 100, 0, NULL, NEW, ESTAB, PICKED_UP),
		C(".", 1000, 5000, 100, 0, NULL, NEW, ESTAB, OK),
		S(".", 5000, 1000, 100, 0, NULL, EST, ESTAB, OK),
		S(".", 5000, 1000, 100, 0, NULL, EST, ESTAB, OK),
	};
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (size_t i = 0; i < ITEMS(segments); i++) {
		tcp_send(&r, &segments[i]);
		tcp_check(&r, "segment", &segments[i]);
		rig_table(&r);
		assert_int_equal(!!(r.record[0].status & CT_STATUS_ASSURED), i == 3);
	}
	rig_free(&r);
}

/*
 * A segment that a rule drops opens no connection, but changes an existing one.
 */
static void tcp_dropped_by_rule(void **state)
{
	static const struct segment syn = C("S", 1000, 0, 8192, 0, NULL, NEW,
					    SYN_SENT, OK);
	struct craft_tcp synack = { SERVER_PORT, CLIENT_PORT, 5000, 1001, "S.", 8192,
				    0, NULL };
	struct craft_tcp first = { CLIENT_PORT, SERVER_PORT, 1000, 0, "S", 8192, 0,
				   NULL };
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_tcp(&c, CT_L3_IPV4, CLIENT, SERVER, &first);
	rig_drop(&r, &c);
	assert_int_equal(r.v.ctstate, CT_NEW);
	assert_int_equal(ct_count(r.ct), 0);

	tcp_send(&r, &syn);
	craft_tcp(&c, CT_L3_IPV4, SERVER, CLIENT, &synack);
	rig_drop(&r, &c);
	assert_int_equal(ct_count(r.ct), 1);
	rig_table(&r);
	assert_int_equal(r.record[0].state, SYN_RECV);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(tcp_assured),
		cmocka_unit_test(tcp_assured_after_pickup),
		cmocka_unit_test(tcp_dropped_by_rule),
	};
	int failed = 0;

	failed += TCP_RUN("tcp pick-up", pickup_cases);
	failed += TCP_RUN("tcp timeouts", timeout_cases);
	failed += TCP_RUN("tcp rst", rst_cases);
	failed += TCP_RUN("tcp in and out of sync", sync_cases);
	failed += rig_run_cases("tcp broken", broken_cases, sizeof(broken_cases[0]),
				ITEMS(broken_cases), tcp_invalid_segment);
	failed += cmocka_run_group_tests_name("tcp marks", others, NULL, NULL);
	return failed != 0;
}
