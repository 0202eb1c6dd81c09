/* SPDX-License-Identifier: GPL-2.0-only */
/* sctp.h - what the tracker (sctp.c) and its state machine (sctp_states.c)
 * share. */
#ifndef CONNTRACK_PROTO_SCTP_H
#define CONNTRACK_PROTO_SCTP_H 1

#include "ctreplay/conntrack.h"

/* RFC 9260, section 3.2. */
enum {
	CHUNK_DATA = 0, CHUNK_INIT = 1, CHUNK_INIT_ACK = 2, CHUNK_HEARTBEAT = 4,
	CHUNK_HEARTBEAT_ACK = 5, CHUNK_ABORT = 6, CHUNK_SHUTDOWN = 7,
	CHUNK_SHUTDOWN_ACK = 8, CHUNK_ERROR = 9, CHUNK_COOKIE_ECHO = 10,
	CHUNK_COOKIE_ACK = 11, CHUNK_SHUTDOWN_COMPLETE = 14,
	CHUNK_TYPES	/* higher types never change the state */
};

#define SCTP_STATE_INVALID 0xffu

/* The next state after a chunk of 'type', or SCTP_STATE_INVALID. */
uint8_t sctp_next_state(const struct ct_kernel *k, enum ct_dir dir, uint8_t type,
			uint8_t state);

const char *sctp_state_name(uint8_t state);

#endif
