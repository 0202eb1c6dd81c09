/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_states.c - the TCP state machine as one table.
 *
 * A firewall in the middle sees a segment before its receiver does, and the
 * segment may still be lost: a state describes what the two ends may be in, not
 * the state of either.  The table is that of Linux 6.18 (tcp_conntracks), read
 * off its source and compared with the running kernel by tests/kernel.
 *
 * A cell that is not named is invalid.  IGNORE lets a segment pass without
 * changing the state: it may be valid where our view of the connection is out
 * of date, and then the answer will show that.
 */
#include "conntrack/proto/tcp.h"

#define NONE		[CT_TCP_NONE]
#define SYN_SENT	[CT_TCP_SYN_SENT]
#define SYN_RECV	[CT_TCP_SYN_RECV]
#define ESTABLISHED	[CT_TCP_ESTABLISHED]
#define FIN_WAIT	[CT_TCP_FIN_WAIT]
#define CLOSE_WAIT	[CT_TCP_CLOSE_WAIT]
#define LAST_ACK	[CT_TCP_LAST_ACK]
#define TIME_WAIT	[CT_TCP_TIME_WAIT]
#define CLOSE		[CT_TCP_CLOSE]
#define SYN_SENT2	[CT_TCP_SYN_SENT2]

/* Plus 1, so that a cell left out is zero: invalid. */
#define TO(state)	(CT_TCP_##state + 1)
#define IGNORE		(TCP_CELL_IGNORE + 1)

const uint8_t tcp_cells[2][TCP_INDEXES][CT_TCP_STATES] = {
[CT_DIR_ORIGINAL] = {
	[TCP_IX_SYN] = {
		NONE        = TO(SYN_SENT),	/* opens */
		SYN_SENT    = TO(SYN_SENT),	/* retransmitted */
		SYN_SENT2   = TO(SYN_SENT2),	/* retransmitted late */
		TIME_WAIT   = TO(SYN_SENT),	/* reopens (RFC 9293, 3.6.1) */
		CLOSE       = TO(SYN_SENT),
		/* The client lost its state, or we missed the end. */
		SYN_RECV    = IGNORE,
		ESTABLISHED = IGNORE,
		FIN_WAIT    = IGNORE,
		CLOSE_WAIT  = IGNORE,
		LAST_ACK    = IGNORE,
	},
	[TCP_IX_SYNACK] = {
		/* The side that opened answers only if SYNs crossed. */
		SYN_RECV    = TO(SYN_RECV),
		SYN_SENT2   = TO(SYN_RECV),
	},
	[TCP_IX_FIN] = {
		SYN_RECV    = TO(FIN_WAIT),
		ESTABLISHED = TO(FIN_WAIT),
		FIN_WAIT    = TO(LAST_ACK),	/* from both sides, or retransmitted */
		CLOSE_WAIT  = TO(LAST_ACK),
		LAST_ACK    = TO(LAST_ACK),
		TIME_WAIT   = TO(TIME_WAIT),
		CLOSE       = TO(CLOSE),
	},
	[TCP_IX_ACK] = {
		NONE        = TO(ESTABLISHED),	/* picked up in mid-stream */
		SYN_RECV    = TO(ESTABLISHED),
		ESTABLISHED = TO(ESTABLISHED),
		FIN_WAIT    = TO(CLOSE_WAIT),
		CLOSE_WAIT  = TO(CLOSE_WAIT),
		LAST_ACK    = TO(TIME_WAIT),
		TIME_WAIT   = TO(TIME_WAIT),
		CLOSE       = TO(CLOSE),
		/* In SYN_SENT there is nothing yet to acknowledge. */
	},
	[TCP_IX_RST] = {
		SYN_SENT    = TO(CLOSE),
		SYN_RECV    = TO(CLOSE),
		ESTABLISHED = TO(CLOSE),
		FIN_WAIT    = TO(CLOSE),
		CLOSE_WAIT  = TO(CLOSE),
		LAST_ACK    = TO(CLOSE),
		TIME_WAIT   = TO(CLOSE),
		CLOSE       = TO(CLOSE),
		SYN_SENT2   = TO(CLOSE),
	},
},
[CT_DIR_REPLY] = {
	[TCP_IX_SYN] = {
		SYN_SENT    = TO(SYN_SENT2),	/* SYNs crossed */
		SYN_SENT2   = TO(SYN_SENT2),
		TIME_WAIT   = TO(SYN_SENT),	/* reopened from the other end */
	},
	[TCP_IX_SYNACK] = {
		SYN_SENT    = TO(SYN_RECV),
		SYN_SENT2   = TO(SYN_RECV),
		/* Retransmitted, or the answer to an ignored SYN. */
		SYN_RECV    = IGNORE,
		ESTABLISHED = IGNORE,
		FIN_WAIT    = IGNORE,
		CLOSE_WAIT  = IGNORE,
		LAST_ACK    = IGNORE,
		TIME_WAIT   = IGNORE,
		CLOSE       = IGNORE,
	},
	[TCP_IX_FIN] = {
		SYN_RECV    = TO(FIN_WAIT),
		ESTABLISHED = TO(FIN_WAIT),
		FIN_WAIT    = TO(LAST_ACK),
		CLOSE_WAIT  = TO(LAST_ACK),
		LAST_ACK    = TO(LAST_ACK),
		TIME_WAIT   = TO(TIME_WAIT),
		CLOSE       = TO(CLOSE),
	},
	[TCP_IX_ACK] = {
		/* The server may have an old, half-open connection. */
		SYN_SENT    = IGNORE,
		SYN_SENT2   = IGNORE,
		SYN_RECV    = TO(SYN_RECV),	/* the client's ACK counts */
		ESTABLISHED = TO(ESTABLISHED),
		FIN_WAIT    = TO(CLOSE_WAIT),
		CLOSE_WAIT  = TO(CLOSE_WAIT),
		LAST_ACK    = TO(TIME_WAIT),
		TIME_WAIT   = TO(TIME_WAIT),
		CLOSE       = TO(CLOSE),
	},
	[TCP_IX_RST] = {
		SYN_SENT    = TO(CLOSE),	/* refused */
		SYN_RECV    = TO(CLOSE),
		ESTABLISHED = TO(CLOSE),
		FIN_WAIT    = TO(CLOSE),
		CLOSE_WAIT  = TO(CLOSE),
		LAST_ACK    = TO(CLOSE),
		TIME_WAIT   = TO(CLOSE),
		CLOSE       = TO(CLOSE),
		SYN_SENT2   = TO(CLOSE),
	},
},
};

const char *tcp_state_name(uint8_t state)
{
	static const char *const names[CT_TCP_STATES] = {
		NONE        = "NONE",
		SYN_SENT    = "SYN_SENT",
		SYN_RECV    = "SYN_RECV",
		ESTABLISHED = "ESTABLISHED",
		FIN_WAIT    = "FIN_WAIT",
		CLOSE_WAIT  = "CLOSE_WAIT",
		LAST_ACK    = "LAST_ACK",
		TIME_WAIT   = "TIME_WAIT",
		CLOSE       = "CLOSE",
		SYN_SENT2   = "SYN_SENT2",
	};

	return state < CT_TCP_STATES ? names[state] : "?";
}
