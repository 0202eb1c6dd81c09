/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_cases.h - sequences of TCP segments with the expected verdict of each.
 *
 * The verdicts were read off Linux 6.18's nf_conntrack_proto_tcp.c
 * (tcp_conntracks, tcp_in_window, nf_conntrack_tcp_packet) independently of the
 * engine, so that an error in one of the two makes a test fail.
 */
#ifndef TCP_CASES_H
#define TCP_CASES_H 1

#include "support/rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.20"
#define CLIENT_PORT 40000
#define SERVER_PORT 80

enum { ORIG = CT_DIR_ORIGINAL, REPL = CT_DIR_REPLY };

/* Abbreviations for the tables. */
#define NEW	CT_NEW
#define EST	CT_ESTABLISHED
#define INV	CT_INVALID
#define NONE	CT_TCP_NONE
#define SYN_SENT CT_TCP_SYN_SENT
#define SYN_RECV CT_TCP_SYN_RECV
#define ESTAB	CT_TCP_ESTABLISHED
#define FIN_WAIT CT_TCP_FIN_WAIT
#define CLOSE_WAIT CT_TCP_CLOSE_WAIT
#define LAST_ACK CT_TCP_LAST_ACK
#define TIME_WAIT CT_TCP_TIME_WAIT
#define CLOSE	CT_TCP_CLOSE
#define SYN_SENT2 CT_TCP_SYN_SENT2
#define OK	CT_REASON_NONE
#define IGNORED	CT_REASON_TCP_IGNORED
#define INVALID_STATE CT_REASON_TCP_INVALID_STATE
#define MORE_BYTES CT_REASON_TCP_MORE_BYTES
#define SEQ_OVER CT_REASON_TCP_SEQ_OVER
#define SEQ_UNDER CT_REASON_TCP_SEQ_UNDER
#define ACK_OVER CT_REASON_TCP_ACK_OVER
#define ACK_UNDER CT_REASON_TCP_ACK_UNDER
#define INVALID_RST CT_REASON_TCP_INVALID_RST

#define GONE	0xffffffffu	/* .left: there is no entry any more */

/* One segment and its verdict. */
struct segment {
	uint8_t dir;		/* ORIG: from the client; REPL: from the server */
	const char *flags;
	uint32_t seq, ack;
	uint16_t win, len;
	const char *opts;
	enum ct_ctstate ctstate;
	uint8_t state;		/* of the connection, afterwards */
	enum ct_reason reason;
	uint32_t n;		/* the reason's first number, where not 0 */
	uint32_t left;		/* seconds until it expires, afterwards; 0: any */
	uint32_t after;		/* milliseconds since the previous segment */
	enum ct_reason second;	/* a second reason */
	bool turned;		/* the verdict has the other direction */
};

/* A segment of the client or the server; members from 'flags' on. */
#define C(...) { .dir = ORIG, __VA_ARGS__ }
#define S(...) { .dir = REPL, __VA_ARGS__ }

/* A sysctl, or before all sysctls a behaviour that the kernel lacks or has other
 * than the default one: { "lacks", NAME }, { "has", NAME }. */
struct setting {
	const char *name, *value;
};

#define DEFAULTS { { NULL, NULL } }

struct tcp_case {
	const char *name;
	struct setting set[3];
	struct segment seg[24];
};

/* An engine with these settings. */
void tcp_init(struct rig *r, const struct setting set[3]);
void tcp_send(struct rig *r, const struct segment *s);
/* Fails, with 'what' in the message, if the last verdict is another. */
void tcp_check(struct rig *r, const char *what, const struct segment *s);
/* A test; '*state' is a struct tcp_case. */
void tcp_run_case(void **state);

#define TCP_RUN(group, cases) \
	rig_run_cases(group, cases, sizeof((cases)[0]), ITEMS(cases), tcp_run_case)

/*
 * The client's first number is 1000, the server's 5000; windows 8192 and
 * 16384 without scaling.  Afterwards the client may send from 1001 up to
 * 17385 (1001 + 16384), the server from 5001 up to 13193 (5001 + 8192).
 */
#define HANDSHAKE \
	C("S", 1000, 0, 8192, 0, "mss", NEW, SYN_SENT, OK, .left = 120), \
	S("S.", 5000, 1001, 16384, 0, "mss", EST, SYN_RECV, OK, .left = 60), \
	C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK, .left = 432000)

/* The same; both sides permit selective acknowledgements. */
#define HANDSHAKE_SACK \
	C("S", 1000, 0, 8192, 0, "mss sackok", NEW, SYN_SENT, OK), \
	S("S.", 5000, 1001, 16384, 0, "mss sackok", EST, SYN_RECV, OK), \
	C(".", 1001, 5001, 8192, 0, NULL, EST, ESTAB, OK)

/* After HANDSHAKE: the client closes, the server follows. */
#define CLOSING \
	C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK, .left = 120), \
	S(".", 5001, 1002, 16384, 0, NULL, EST, CLOSE_WAIT, OK, .left = 60), \
	S("F.", 5001, 1002, 16384, 0, NULL, EST, LAST_ACK, OK, .left = 30)

#define LAST \
	C(".", 1002, 5002, 8192, 0, NULL, EST, TIME_WAIT, OK, .left = 120)

#endif
