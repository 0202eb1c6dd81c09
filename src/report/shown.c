/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/shown.h"

#include <string.h>

void shown_view(struct packet_view *view, ct_time time,
		const struct ct_packet *pkt, const struct ct_verdict *v)
{
	shown_packet_of(view, time, pkt);
	/* A verdict is large, and most packets have no reason: only the
	 * members that are set are copied. */
	view->v.id = v->id;
	view->v.ctstate = v->ctstate;
	view->v.dir = v->dir;
	view->v.proto = v->proto;
	view->v.state = v->state;
	view->v.dropped = v->dropped;
	view->v.nwhy = v->nwhy;
	view->v.windowed = v->windowed;
	for (unsigned int i = 0; i < v->nwhy; i++)
		view->v.why[i] = v->why[i];
	if (v->windowed)
		view->v.window = v->window;
}

void shown_tcp_flags(uint8_t flags, char out[TCP_FLAGS_SIZE])
{
	static const struct { uint8_t bit; char letter; } letters[] = {
		{ 0x01, 'F' }, { 0x02, 'S' }, { 0x04, 'R' }, { 0x08, 'P' },
		{ 0x10, '.' }, { 0x20, 'U' }, { 0x40, 'E' }, { 0x80, 'W' },
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (flags & letters[i].bit)
			out[n++] = letters[i].letter;
	memcpy(out + n, n ? "" : "none", n ? 1 : sizeof("none"));
}

const char *shown_icmp_type(uint8_t protonum, uint8_t type)
{
	static const char *const v4[] = {
		[0] = "echo-reply", [3] = "unreachable", [4] = "source-quench",
		[5] = "redirect", [8] = "echo-request",
		[9] = "router-advertisement", [10] = "router-solicitation",
		[11] = "time-exceeded", [12] = "parameter-problem",
		[13] = "timestamp-request", [14] = "timestamp-reply",
		[15] = "info-request", [16] = "info-reply",
		[17] = "mask-request", [18] = "mask-reply",
	};
	static const char *const v6[] = {
		[1] = "unreachable", [2] = "packet-too-big",
		[3] = "time-exceeded", [4] = "parameter-problem",
		[128] = "echo-request", [129] = "echo-reply",
		[130] = "mld-query", [131] = "mld-report", [132] = "mld-done",
		[133] = "router-solicitation", [134] = "router-advertisement",
		[135] = "neighbor-solicitation",
		[136] = "neighbor-advertisement", [137] = "redirect",
		[139] = "node-info-query", [140] = "node-info-reply",
		[143] = "mldv2-report",
	};

	if (protonum == CT_L4_ICMP)
		return type < sizeof(v4) / sizeof(v4[0]) ? v4[type] : NULL;
	return type < sizeof(v6) / sizeof(v6[0]) ? v6[type] : NULL;
}

const char *shown_dir(uint8_t dir)
{
	static const char *const names[] = { "original", "reply", NULL };

	return names[dir];
}

const char *shown_verdict(const struct ct_verdict *v)
{
	if (v->ctstate == CT_FRAGMENT)
		return NULL;
	return v->dropped || v->ctstate == CT_DROP ? "drop" : "accept";
}
