/* SPDX-License-Identifier: GPL-2.0-only */
#include "machine.h"

#include <netinet/in.h>
#include <string.h>

#include "util.h"

/* The index of 'tcp_conntracks' in the kernel. */
static int tcp_row(const struct frame *f)
{
	enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };
	uint32_t len;
	const uint8_t *p = frame_transport(f, IPPROTO_TCP, &len);

	if (!p || len < 14)
		return -1;
	if (p[13] & RST)
		return 4;
	if (p[13] & SYN)
		return p[13] & ACK ? 1 : 0;
	if (p[13] & FIN)
		return 2;
	return p[13] & ACK ? 3 : 5;
}

/* By the first chunk; later ones start from a state that is not printed. */
static int sctp_row(const struct frame *f)
{
	static const uint8_t types[] = { 1, 2, 6, 7, 8, 9, 10, 11, 14, 4, 5 };
	uint32_t len;
	const uint8_t *p = frame_transport(f, IPPROTO_SCTP, &len);

	if (!p || len < 16)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (p[12] == types[i])
			return (int)i;
	return -1;
}

static int dccp_row(const struct frame *f)
{
	uint32_t len;
	const uint8_t *p = frame_transport(f, IPPROTO_DCCP, &len);
	int type = p && len >= 12 ? p[8] >> 1 & 15 : -1;

	return type <= 9 ? type : -1;
}

static const struct machine_hole tcp_holes[] = {
	{ -1, 5, -1, "no valid combination of flags lacks SYN, RST and ACK: refused before the table is read" },
	{ 0, -1, 1, "the first packet of a connection makes its original direction" },
};

static const struct machine_hole first_holes[] = {
	{ 0, -1, 1, "the first packet of a connection makes its original direction" },
};

const struct machine machines[MACHINES] = {
	{
		.proto = "tcp", .row = tcp_row,
		.states = {
			"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED",
			"FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT",
			"CLOSE", "SYN_SENT2"
		},
		.nstates = 10,
		.rows = { "SYN", "SYN/ACK", "FIN", "ACK", "RST", "none" },
		.nrows = 6,
		.holes = tcp_holes, .nholes = ARRAY_SIZE(tcp_holes),
	}, {
		.proto = "sctp", .row = sctp_row,
		.states = {
			"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED",
			"ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD",
			"SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT",
			"HEARTBEAT_ACKED"
		},
		.nstates = 10,
		.rows = {
			"INIT", "INIT ACK", "ABORT", "SHUTDOWN", "SHUTDOWN ACK",
			"ERROR", "COOKIE ECHO", "COOKIE ACK", "SHUTDOWN COMPL",
			"HEARTBEAT", "HEARTBEAT ACK"
		},
		.nrows = 11,
		.holes = first_holes, .nholes = ARRAY_SIZE(first_holes),
	}, {
		.proto = "dccp", .row = dccp_row,
		.states = {
			"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN",
			"CLOSEREQ", "CLOSING", "TIMEWAIT"
		},
		.nstates = 8,
		.rows = {
			"REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK",
			"CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK"
		},
		.nrows = 10,
		.holes = first_holes, .nholes = ARRAY_SIZE(first_holes),
	},
};

const struct machine *machine_find(const char *proto)
{
	for (size_t i = 0; i < MACHINES; i++)
		if (!strcmp(machines[i].proto, proto))
			return &machines[i];
	return NULL;
}

int machine_state(const struct machine *m, const char *name)
{
	for (size_t i = 0; name && i < m->nstates; i++)
		if (!strcmp(name, m->states[i]))
			return (int)i;
	return 0;
}

const char *machine_hole(const struct machine *m, int state, int row, int dir)
{
	for (size_t i = 0; i < m->nholes; i++) {
		const struct machine_hole *h = &m->holes[i];

		if ((h->state < 0 || h->state == state) &&
		    (h->row < 0 || h->row == row) &&
		    (h->dir < 0 || h->dir == dir))
			return h->why;
	}
	return NULL;
}
