/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dccp_states.c - the DCCP state machine (RFC 4340 section 8) as one table, by
 * role, packet type and state: that of Linux 5.10 to 6.16 (dccp_state_table),
 * compared with running kernels by tests/kernel.
 *
 * Two cells are not what one expects, and the kernel's own comments do not expect
 * them either: a client's second Close in CLOSING is invalid, and a server's
 * Reset in TIMEWAIT starts the time there anew.
 */
#include "conntrack/proto/dccp.h"

#define IV DCCP_STATE_INVALID
#define IG DCCP_STATE_IGNORE
#define RQ CT_DCCP_REQUEST
#define RS CT_DCCP_RESPOND
#define PO CT_DCCP_PARTOPEN
#define OP CT_DCCP_OPEN
#define CQ CT_DCCP_CLOSEREQ
#define CG CT_DCCP_CLOSING
#define TW CT_DCCP_TIMEWAIT

/*
 * Columns: NONE REQUEST RESPOND PARTOPEN OPEN CLOSEREQ CLOSING TIMEWAIT.
 */
static const uint8_t cells[2][DCCP_TYPES][CT_DCCP_STATES] = {
[DCCP_CLIENT] = {
	[DCCP_REQUEST]  = { RQ, RQ, RS, IG, IG, IG, IG, RQ },
	[DCCP_RESPONSE] = { IV, IG, IG, IG, IG, IG, IG, IV },
	[DCCP_ACK]      = { IV, IV, PO, PO, OP, CQ, CG, IV },
	[DCCP_DATA]     = { IV, IV, IV, IV, OP, CQ, CG, IV },
	[DCCP_DATAACK]  = { IV, IV, PO, PO, OP, CQ, CG, IV },
	[DCCP_CLOSEREQ] = { IV, IV, IV, IV, IV, IV, IV, IV },
	[DCCP_CLOSE]    = { IV, IV, IV, CG, CG, CG, IV, IV },
	[DCCP_RESET]    = { IV, TW, TW, TW, TW, TW, TW, IG },
	[DCCP_SYNC]     = { IV, IG, IG, IG, IG, IG, IG, IG },
	[DCCP_SYNCACK]  = { IV, IG, IG, IG, IG, IG, IG, IG },
},
[DCCP_SERVER] = {
	[DCCP_REQUEST]  = { IV, IG, IG, IG, IG, IG, IG, RQ },
	[DCCP_RESPONSE] = { IV, RS, RS, IG, IG, IG, IG, IV },
	[DCCP_ACK]      = { IV, IV, IV, OP, OP, IV, CG, IV },
	[DCCP_DATA]     = { IV, IV, IV, OP, OP, IV, CG, IV },
	[DCCP_DATAACK]  = { IV, IV, IV, OP, OP, IV, CG, IV },
	[DCCP_CLOSEREQ] = { IV, IV, IV, CQ, CQ, CQ, CQ, IV },
	[DCCP_CLOSE]    = { IV, IV, IV, CG, CG, IV, CG, IV },
	[DCCP_RESET]    = { IV, TW, TW, TW, TW, TW, TW, TW },
	[DCCP_SYNC]     = { IV, IG, IG, IG, IG, IG, IG, IG },
	[DCCP_SYNCACK]  = { IV, IG, IG, IG, IG, IG, IG, IG },
},
};

uint8_t dccp_next_state(enum dccp_role role, uint8_t type, uint8_t state)
{
	return cells[role][type][state];
}

const char *dccp_state_name(uint8_t state)
{
	static const char *const names[CT_DCCP_STATES] = {
		[CT_DCCP_NONE]     = "NONE",
		[CT_DCCP_REQUEST]  = "REQUEST",
		[CT_DCCP_RESPOND]  = "RESPOND",
		[CT_DCCP_PARTOPEN] = "PARTOPEN",
		[CT_DCCP_OPEN]     = "OPEN",
		[CT_DCCP_CLOSEREQ] = "CLOSEREQ",
		[CT_DCCP_CLOSING]  = "CLOSING",
		[CT_DCCP_TIMEWAIT] = "TIMEWAIT",
	};

	return state < CT_DCCP_STATES ? names[state] : "?";
}
