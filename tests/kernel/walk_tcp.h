/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_tcp.h - segments, shared by the files that make TCP walks.
 */
#ifndef CHECK_KERNEL_WALK_TCP_H
#define CHECK_KERNEL_WALK_TCP_H 1

#include "walk.h"

enum {
	TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8,
	TCP_ACK = 16, TCP_URG = 32, TCP_ECE = 64, TCP_CWR = 128
};

struct segment {
	uint32_t seq, ack;
	uint16_t window;
	uint8_t flags;
	uint16_t len;		/* of the payload */
	uint8_t options[40];
	uint8_t options_len;	/* padded when it is sent */
};

/* What is wrong with a segment that is sent. */
enum spoil {
	SPOIL_NOTHING, SPOIL_CHECKSUM, SPOIL_CUT, SPOIL_SHORT_OFFSET,
	SPOIL_LONG_OFFSET, SPOIL_KINDS
};

/* Sends 's' from 'end' of 'c' and updates the model. */
void tcp_send(struct walk *w, struct tcp_conn *c, unsigned int end,
	      const struct segment *s, enum spoil spoil);
/* Sends the last segment again, unchanged. */
void tcp_again(struct walk *w, struct tcp_conn *c);

/* Makes a segment that fits the model: in order, with an open window. */
struct segment tcp_plain(struct walk *w, const struct tcp_conn *c,
			 unsigned int end, unsigned int flags, uint16_t len);
/* Makes a SYN or SYN/ACK with the usual options. */
struct segment tcp_syn(struct walk *w, const struct tcp_conn *c,
		       unsigned int end, unsigned int flags);
/* Gives 'end' a new initial sequence number. */
void tcp_restart(struct walk *w, struct tcp_conn *c, unsigned int end);
void tcp_option(struct segment *s, uint8_t kind, const uint8_t *data,
		uint8_t len);

/* The next step of a connection that follows the protocol. */
void tcp_follow(struct walk *w, struct tcp_conn *c);

#endif
