/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp.h - what the files of the TCP tracker share: header (tcp_header.h,
 * tcp_segment.c), state machine (tcp.c, tcp_states.c), window check
 * (tcp_window.h, tcp_window.c) and fast path (tcp_fast_path.h).
 */
#ifndef CONNTRACK_TCP_H
#define CONNTRACK_TCP_H 1

#include "conntrack/track.h"

/* Flag bits of the header's 14th byte (RFC 9293 section 3.1). */
#define TCP_FIN	0x01u
#define TCP_SYN	0x02u
#define TCP_RST	0x04u
#define TCP_PSH	0x08u
#define TCP_ACK	0x10u
#define TCP_URG	0x20u
#define TCP_ECE	0x40u
#define TCP_CWR	0x80u

/* tcp_side.flags, tcp_info.last_flags; the kernel's IP_CT_TCP_FLAG_... */
#define TCP_SIDE_WINDOW_SCALE	0x01u	/* sent that option */
#define TCP_SIDE_SACK_PERM	0x02u	/* sent that option */
#define TCP_SIDE_CLOSE_INIT	0x04u	/* sent the first FIN */
#define TCP_SIDE_LIBERAL	0x08u	/* picked up: its window is a guess */
#define TCP_SIDE_UNACKED	0x10u	/* sent data that is not acknowledged */
#define TCP_SIDE_MAXACK_SET	0x20u	/* td_maxack is valid */
#define TCP_CHALLENGE_EXPECTED	0x40u	/* last_flags: RFC 5961 ACK may come */
#define TCP_SIMULTANEOUS_OPEN	0x80u	/* last_flags: SYNs crossed */

/*
 * Kinds of segments: rows of the state table.  The kernel prints these numbers.
 */
enum tcp_index {
	TCP_IX_SYN, TCP_IX_SYNACK, TCP_IX_FIN, TCP_IX_ACK, TCP_IX_RST,
	TCP_IX_NONE, TCP_INDEXES
};

/* Cells of the state table that are not states. */
#define TCP_CELL_INVALID	0xffu
#define TCP_CELL_IGNORE		0xfeu

/* The table; each cell is a state or one of the above, plus 1 (modulo 256). */
extern const uint8_t tcp_cells[2][TCP_INDEXES][CT_TCP_STATES];

/* The next state after a segment of kind 'index', or TCP_CELL_... */
static inline uint8_t tcp_next_state(enum ct_dir dir, enum tcp_index index,
				     uint8_t state)
{
	return (uint8_t)(tcp_cells[dir][index][state] - 1);
}

const char *tcp_state_name(uint8_t state);

#define TCP_HEADER	20u	/* without options */

/* tcp_segment.c */
/*
 * For ct_prepare(): reads the header of '*pkt', of which at least TCP_HEADER
 * bytes were captured, into its 'segment'; false where the header is invalid.
 */
bool tcp_segment_prepare(struct ct_packet *pkt);
/* Reads the header; CT_REASON_NONE, or the reason why it is invalid.
 * tcp_error(). */
enum ct_reason tcp_segment_read(const struct track *t, struct ct_segment *s);
/* Window scale and SACK permission of a SYN into 'side'; tcp_options().  After
 * a header without options those of an earlier SYN stay. */
static inline void tcp_take_options(const struct ct_segment *s,
				    struct tcp_side *side)
{
	if (s->header_len == TCP_HEADER)
		return;
	side->td_scale = s->scale;
	side->flags = (uint8_t)((side->flags & TCP_SIDE_LIBERAL) | s->offers);
}

static inline bool seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool seq_after(uint32_t a, uint32_t b)
{
	return seq_before(b, a);
}

/* 'a' if it is after 'b', else 'b'; without a branch. */
static inline uint32_t seq_later(uint32_t a, uint32_t b)
{
	return b - ((b - a) & (0 - opaque(seq_after(a, b))));
}

enum tcp_action {
	TCP_ACTION_ACCEPT,	/* in the window */
	TCP_ACTION_IGNORE,	/* passes, but changes nothing */
	TCP_ACTION_INVALID,
};

/* Sets up the connection of a first segment; tcp_new(). */
void tcp_first_segment(struct track *t, const struct ct_segment *s);

#endif
