/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_dccp.c - DCCP connections (RFC 4340): opened, used, closed and opened
 * again, from either end, and disturbed by wrong acknowledgements, short
 * sequence numbers, stray packet types and wrong checksum coverage.  Kernels
 * from 6.17 on take DCCP for an unknown protocol.
 */
#include "walk.h"

#include <netinet/in.h>

#include "util.h"

enum type {
	REQUEST, RESPONSE, DATA, ACK, DATAACK, CLOSEREQ, CLOSE, RESET, SYNC,
	SYNCACK, TYPES = 16
};

enum { CLIENT = 0, SERVER = 1 };

/* The packets of a connection: the type, and the end that sends it. */
static const struct {
	uint8_t type, end;
} script[] = {
	{ REQUEST, CLIENT }, { RESPONSE, SERVER }, { ACK, CLIENT },
	{ DATAACK, CLIENT }, { DATAACK, SERVER }, { DATA, CLIENT },
	{ ACK, SERVER }, { SYNC, SERVER }, { SYNCACK, CLIENT },
	{ CLOSEREQ, SERVER }, { CLOSE, CLIENT }, { RESET, SERVER },
};

enum { USE_STEP = 3, CLOSEREQ_STEP = 9, CLOSE_STEP = 10 };

static void new_connection(struct walk *w, struct dccp_conn *c)
{
	uint8_t version = walk_version(w);
	uint32_t dice = rng_below(&w->rng, 100);

	if (!c->port[CLIENT] || dice < 35) {
		c->addr[CLIENT] = *walk_addr(w, version);
		c->addr[SERVER] = *walk_other_addr(w, &c->addr[CLIENT]);
		c->port[CLIENT] = (uint16_t)(5000 + rng_below(&w->rng, 12));
		c->port[SERVER] = 5001;
	} else if (dice < 50) {
		/* The same two ends, with their roles exchanged. */
		struct addr addr = c->addr[CLIENT];
		uint16_t port = c->port[CLIENT];

		c->addr[CLIENT] = c->addr[SERVER];
		c->port[CLIENT] = c->port[SERVER];
		c->addr[SERVER] = addr;
		c->port[SERVER] = port;
	}
	c->seq[CLIENT] = (uint64_t)rng_below(&w->rng, 0x10000) << 32 |
			 rng_u32(&w->rng);
	c->seq[SERVER] = (uint64_t)rng_below(&w->rng, 0x10000) << 32 |
			 rng_u32(&w->rng);
	c->step = 0;
}

void walk_dccp_start(struct walk *w)
{
	for (unsigned int i = 0; i < WALK_DCCP_CONNS; i++)
		new_connection(w, &w->dccp[i]);
}

static void put48(struct craft *l4, uint64_t v)
{
	craft_put16(l4, (uint32_t)(v >> 32));
	craft_put32(l4, (uint32_t)v);
}

static bool carries_ack(unsigned int type)
{
	return type != REQUEST && type != DATA && type <= SYNCACK;
}

/* The acknowledgement number, which is wrong in some packets. */
static uint64_t ack_number(struct walk *w, const struct dccp_conn *c,
			   unsigned int end)
{
	uint64_t seen = c->seq[!end];

	if (rng_percent(&w->rng, 92))
		return seen;
	return rng_percent(&w->rng, 50) ? seen + 1 + rng_below(&w->rng, 3)
					: seen - 1 - rng_below(&w->rng, 100000);
}

/* 'wide': with 48-bit sequence numbers (RFC 4340 section 5.1). */
static void put_packet(struct walk *w, struct craft *l4,
		       const struct dccp_conn *c, unsigned int end,
		       unsigned int type, bool wide)
{
	uint64_t ack = ack_number(w, c, end);

	l4->len = 0;
	craft_put16(l4, c->port[end]);
	craft_put16(l4, c->port[!end]);
	craft_put32(l4, 0);		/* data offset, coverage, checksum */
	craft_put8(l4, type << 1 | wide);
	if (wide) {
		craft_put8(l4, 0);
		put48(l4, c->seq[end]);
	} else {
		craft_put8(l4, (uint32_t)(c->seq[end] >> 16));
		craft_put16(l4, (uint32_t)c->seq[end]);
	}
	if (carries_ack(type)) {
		if (wide) {
			craft_put16(l4, 0);
			put48(l4, ack);
		} else {
			craft_put32(l4, (uint32_t)ack & 0xffffff);
		}
	}
	if (type == REQUEST || type == RESPONSE || type == RESET)
		craft_put32(l4, type == RESET ? rng_below(&w->rng, 12) << 24
					      : 42);
}

/* Checksum coverage counts words from 1; 0 is the whole packet (section 9.2). */
static void put_checksum(struct walk *w, struct craft *l4,
			 const struct dccp_conn *c, uint32_t offset)
{
	uint32_t coverage = 0, covered = (uint32_t)l4->len;
	uint32_t sum;

	if (rng_percent(&w->rng, 15)) {
		coverage = rng_below(&w->rng, 16);
		covered = offset + 4 * (coverage - 1);
		/* The kernel's own reading leaves out the header. */
		if (rng_percent(&w->rng, 50))
			covered -= offset;
	}
	l4->b[5] = (uint8_t)coverage;
	if (!coverage || covered > l4->len)
		covered = (uint32_t)l4->len;
	sum = craft_sum(0, l4->b, covered);
	sum += IPPROTO_DCCP + (uint32_t)l4->len;
	for (unsigned int i = 0; i < 2; i++)
		sum = craft_sum(sum, c->addr[i].b,
				c->addr[i].family == 4 ? 4 : 16);
	put16(l4->b + 6, craft_fold(sum));
	if (rng_percent(&w->rng, 3))
		l4->b[6] ^= 1;
	else if (rng_percent(&w->rng, 2))
		put16(l4->b + 6, 0);
}

static void send_packet(struct walk *w, struct dccp_conn *c, unsigned int end,
			unsigned int type)
{
	bool short_is_usual = type == DATA || type == ACK || type == DATAACK;
	bool wide = !rng_percent(&w->rng, short_is_usual ? 40 : 4);
	uint32_t offset;
	struct craft l4;

	c->seq[end] = (c->seq[end] + 1) & 0xffffffffffffull;
	put_packet(w, &l4, c, end, type, wide);
	offset = (uint32_t)l4.len;
	l4.b[4] = (uint8_t)(offset / 4);
	if (rng_percent(&w->rng, 4))
		l4.b[4] = (uint8_t)rng_below(&w->rng, rng_percent(&w->rng, 50)
					     ? 12 : 256);
	if (rng_percent(&w->rng, 40))
		craft_fill(&l4, 'd', rng_below(&w->rng, 60));
	put_checksum(w, &l4, c, offset);
	if (rng_percent(&w->rng, 5))
		walk_truncate(w, &l4, 40);
	walk_send(w, &c->addr[end], &c->addr[!end], IPPROTO_DCCP, &l4);
}

static void follow_script(struct walk *w, struct dccp_conn *c)
{
	send_packet(w, c, script[c->step].end, script[c->step].type);
	if (c->step >= USE_STEP && c->step < CLOSEREQ_STEP &&
	    rng_percent(&w->rng, 25))
		c->step = USE_STEP;
	else if (c->step == CLOSEREQ_STEP - 1 && rng_percent(&w->rng, 40))
		c->step = CLOSE_STEP;		/* the client closes first */
	else if (rng_percent(&w->rng, 92))
		c->step++;
	if (rng_percent(&w->rng, 3))
		c->step++;
	if (c->step >= ARRAY_SIZE(script))
		new_connection(w, c);
}

void walk_dccp(struct walk *w)
{
	struct dccp_conn *c = &w->dccp[rng_below(&w->rng, WALK_DCCP_CONNS)];
	uint32_t dice = rng_below(&w->rng, 100);

	if (dice < 70) {
		follow_script(w, c);
	} else if (dice < 92) {
		send_packet(w, c, rng_below(&w->rng, 2),
			    rng_below(&w->rng, rng_percent(&w->rng, 85)
				      ? (uint32_t)SYNCACK + 1
				      : (uint32_t)TYPES));
	} else if (dice < 97) {
		/* A new connection before the old one ended. */
		new_connection(w, c);
		follow_script(w, c);
	} else {
		send_packet(w, c, rng_below(&w->rng, 2), RESET);
		new_connection(w, c);
	}
}
