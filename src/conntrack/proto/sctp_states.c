/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sctp_states.c - the SCTP state machine as one table, by direction, chunk type
 * and state: that of Linux 6.18 (sctp_conntracks), read off its source and
 * compared with the running kernel by tests/kernel.
 */
#include "conntrack/proto/sctp.h"

#define IV SCTP_STATE_INVALID
#define CL CT_SCTP_CLOSED
#define CW CT_SCTP_COOKIE_WAIT
#define CE CT_SCTP_COOKIE_ECHOED
#define ES CT_SCTP_ESTABLISHED
#define SS CT_SCTP_SHUTDOWN_SENT
#define SR CT_SCTP_SHUTDOWN_RECD
#define SA CT_SCTP_SHUTDOWN_ACK_SENT
#define HS CT_SCTP_HEARTBEAT_SENT
#define HA CT_SCTP_HEARTBEAT_ACKED
#define STATES CT_SCTP_HEARTBEAT_ACKED	/* of which these kernels have rows */

/*
 * Columns: NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT
 * SHUTDOWN_RECD SHUTDOWN_ACK_SENT HEARTBEAT_SENT.
 */
static const uint8_t cells[2][CHUNK_TYPES][STATES] = {
[CT_DIR_ORIGINAL] = {
	[CHUNK_INIT]              = { CL, CL, CW, CE, ES, CL, CL, SA, CW },
	[CHUNK_INIT_ACK]          = { CL, CL, CW, CE, ES, SS, SR, SA, CL },
	[CHUNK_ABORT]             = { CL, CL, CL, CL, CL, CL, CL, CL, CL },
	[CHUNK_SHUTDOWN]          = { CL, CL, CW, CE, SS, SS, SR, SA, CL },
	[CHUNK_SHUTDOWN_ACK]      = { SA, CL, CW, CE, ES, SA, SA, SA, SA },
	[CHUNK_ERROR]             = { CL, CL, CW, CE, ES, SS, SR, SA, CL },
	[CHUNK_COOKIE_ECHO]       = { CL, CL, CE, CE, ES, SS, SR, SA, CL },
	[CHUNK_COOKIE_ACK]        = { CL, CL, CW, ES, ES, SS, SR, SA, CL },
	[CHUNK_SHUTDOWN_COMPLETE] = { CL, CL, CW, CE, ES, SS, SR, CL, CL },
	[CHUNK_HEARTBEAT]         = { HS, CL, CW, CE, ES, SS, SR, SA, HS },
	[CHUNK_HEARTBEAT_ACK]     = { CL, CL, CW, CE, ES, SS, SR, SA, HS },
},
[CT_DIR_REPLY] = {
	[CHUNK_INIT]              = { IV, CL, CW, CE, ES, SS, SR, SA, IV },
	[CHUNK_INIT_ACK]          = { IV, CW, CW, CE, ES, SS, SR, SA, IV },
	[CHUNK_ABORT]             = { IV, CL, CL, CL, CL, CL, CL, CL, IV },
	[CHUNK_SHUTDOWN]          = { IV, CL, CW, CE, SR, SS, SR, SA, IV },
	[CHUNK_SHUTDOWN_ACK]      = { IV, CL, CW, CE, ES, SA, SA, SA, IV },
	[CHUNK_ERROR]             = { IV, CL, CW, CL, ES, SS, SR, SA, IV },
	[CHUNK_COOKIE_ECHO]       = { IV, CL, CE, CE, ES, SS, SR, SA, IV },
	[CHUNK_COOKIE_ACK]        = { IV, CL, CW, ES, ES, SS, SR, SA, IV },
	[CHUNK_SHUTDOWN_COMPLETE] = { IV, CL, CW, CE, ES, SS, SR, CL, IV },
	[CHUNK_HEARTBEAT]         = { IV, CL, CW, CE, ES, SS, SR, SA, HS },
	[CHUNK_HEARTBEAT_ACK]     = { IV, CL, CW, CE, ES, SS, SR, SA, ES },
},
};

/*
 * Cells that other kernels have: those that lack the behaviour.  The table of a
 * kernel without SCTP_ONE_ESTABLISHED has a tenth state, in which all but three
 * chunks leave an association as it is.
 */
static const struct older_cell {
	enum ct_behaviour behaviour;
	uint8_t dir, type, state, next;
} older_cells[] = {
	{ CT_HAS_SCTP_SHUTDOWN_3S, CT_DIR_ORIGINAL, CHUNK_INIT, SS, SS },
	{ CT_HAS_SCTP_SHUTDOWN_3S, CT_DIR_ORIGINAL, CHUNK_INIT, SR, SR },
	{ CT_HAS_SCTP_INIT_COLLISION, CT_DIR_ORIGINAL, CHUNK_COOKIE_ACK, CE, CE },
	{ CT_HAS_SCTP_INIT_COLLISION, CT_DIR_REPLY, CHUNK_COOKIE_ECHO, CW, CW },
	{ CT_HAS_SCTP_ONE_ESTABLISHED, CT_DIR_REPLY, CHUNK_HEARTBEAT_ACK, HS, HA },
};

/* The row of HEARTBEAT_ACKED. */
static uint8_t from_heartbeat_acked(enum ct_dir dir, uint8_t type)
{
	switch (type) {
	case CHUNK_ABORT:
		return CL;
	case CHUNK_SHUTDOWN:
		return dir == CT_DIR_ORIGINAL ? SS : SR;
	}
	return HA;
}

uint8_t sctp_next_state(const struct ct_kernel *k, enum ct_dir dir, uint8_t type,
			uint8_t state)
{
	/* DATA, SACK and the like change nothing; nor do types between the
	 * named ones, whose rows are empty. */
	if (type >= CHUNK_TYPES || !cells[dir][type][CT_SCTP_CLOSED])
		return state;
	if (state == HA)
		return from_heartbeat_acked(dir, type);
	for (size_t i = 0; i < sizeof(older_cells) / sizeof(older_cells[0]); i++) {
		const struct older_cell *c = &older_cells[i];

		if (c->dir == dir && c->type == type && c->state == state &&
		    !ct_kernel_has(k, c->behaviour))
			return c->next;
	}
	return cells[dir][type][state];
}

const char *sctp_state_name(uint8_t state)
{
	static const char *const names[CT_SCTP_STATES] = {
		[CT_SCTP_NONE]              = "NONE",
		[CT_SCTP_CLOSED]            = "CLOSED",
		[CT_SCTP_COOKIE_WAIT]       = "COOKIE_WAIT",
		[CT_SCTP_COOKIE_ECHOED]     = "COOKIE_ECHOED",
		[CT_SCTP_ESTABLISHED]       = "ESTABLISHED",
		[CT_SCTP_SHUTDOWN_SENT]     = "SHUTDOWN_SENT",
		[CT_SCTP_SHUTDOWN_RECD]     = "SHUTDOWN_RECD",
		[CT_SCTP_SHUTDOWN_ACK_SENT] = "SHUTDOWN_ACK_SENT",
		[CT_SCTP_HEARTBEAT_SENT]    = "HEARTBEAT_SENT",
		[CT_SCTP_HEARTBEAT_ACKED]   = "HEARTBEAT_ACKED",
	};

	return state < CT_SCTP_STATES ? names[state] : "?";
}
