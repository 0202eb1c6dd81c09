/* SPDX-License-Identifier: GPL-2.0-only */
/* dccp.h - what the tracker (dccp.c) and its state machine (dccp_states.c) share. */
#ifndef CONNTRACK_PROTO_DCCP_H
#define CONNTRACK_PROTO_DCCP_H 1

#include "ctreplay/conntrack.h"

/* Packet types (RFC 4340 section 5.1). */
enum {
	DCCP_REQUEST, DCCP_RESPONSE, DCCP_DATA, DCCP_ACK, DCCP_DATAACK,
	DCCP_CLOSEREQ, DCCP_CLOSE, DCCP_RESET, DCCP_SYNC, DCCP_SYNCACK,
	DCCP_TYPES	/* higher types are reserved */
};

enum dccp_role { DCCP_CLIENT, DCCP_SERVER };

/* Cells that are no state. */
#define DCCP_STATE_IGNORE	0xfeu
#define DCCP_STATE_INVALID	0xffu

/* The state after a packet of 'type', below DCCP_TYPES, from that side; or one of
 * the two above. */
uint8_t dccp_next_state(enum dccp_role role, uint8_t type, uint8_t state);

const char *dccp_state_name(uint8_t state);

#endif
