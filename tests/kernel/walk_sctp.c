/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_sctp.c - SCTP associations (RFC 9260): set up, used, shut down, and
 * disturbed by wrong tags, unexpected chunks and chunks with wrong lengths.
 */
#include "walk.h"

#include <netinet/in.h>

#include "util.h"

enum chunk {
	DATA, INIT, INIT_ACK, SACK, HEARTBEAT, HEARTBEAT_ACK, ABORT, SHUTDOWN,
	SHUTDOWN_ACK, ERROR, COOKIE_ECHO, COOKIE_ACK, ECNE, CWR,
	SHUTDOWN_COMPLETE
};

/* The packets of an association: the chunk type, and the end that sends it. */
static const struct {
	uint8_t type;
	uint8_t end;
} script[] = {
	{ INIT, 0 }, { INIT_ACK, 1 }, { COOKIE_ECHO, 0 }, { COOKIE_ACK, 1 },
	{ DATA, 0 }, { SACK, 1 }, { HEARTBEAT, 1 }, { HEARTBEAT_ACK, 0 },
	{ DATA, 1 }, { SACK, 0 }, { SHUTDOWN, 0 }, { SHUTDOWN_ACK, 1 },
	{ SHUTDOWN_COMPLETE, 0 },
};

enum { USE_STEP = 4, LAST_USE_STEP = 9, SHUTDOWN_STEP = 10 };

static void new_association(struct walk *w, struct sctp_assoc *a)
{
	uint8_t version = walk_version(w);

	if (!a->port[0] || rng_percent(&w->rng, 30)) {
		a->addr[0] = *walk_addr(w, version);
		a->addr[1] = *walk_other_addr(w, &a->addr[0]);
		a->port[0] = (uint16_t)(7000 + rng_below(&w->rng, 20));
		a->port[1] = 7777;
	}
	a->tag[0] = rng_u32(&w->rng) | 1;
	a->tag[1] = rng_u32(&w->rng) | 1;
	a->closer = rng_below(&w->rng, 2);
	a->step = 0;
}

void walk_sctp_start(struct walk *w)
{
	for (unsigned int i = 0; i < WALK_SCTP_ASSOCS; i++)
		new_association(w, &w->sctp[i]);
}

static void put_chunk(struct walk *w, struct craft *l4,
		      const struct sctp_assoc *a, unsigned int end,
		      unsigned int type)
{
	bool init = type == INIT || type == INIT_ACK;
	uint32_t body = init ? 16 : type == DATA ? 16 : rng_below(&w->rng, 20);
	uint32_t flags = type == ABORT || type == SHUTDOWN_COMPLETE
		       ? rng_percent(&w->rng, 30) : 0;

	if (type == COOKIE_ACK || type == SHUTDOWN_ACK ||
	    type == SHUTDOWN_COMPLETE)
		body = 0;
	craft_put8(l4, type);
	craft_put8(l4, flags);
	craft_put16(l4, 4 + body);
	if (init) {
		craft_put32(l4, rng_percent(&w->rng, 3) ? 0 : a->tag[end]);
		craft_fill(l4, 1, 12);
	} else {
		craft_fill(l4, 2, body);
	}
	craft_fill(l4, 0, -body & 3u);
}

static void begin(struct walk *w, struct craft *l4, const struct sctp_assoc *a,
		  unsigned int end, unsigned int type)
{
	uint32_t tag = type == INIT ? 0 : a->tag[!end];

	if (rng_percent(&w->rng, 5))
		tag = rng_percent(&w->rng, 40) ? 0 : rng_u32(&w->rng);
	else if (rng_percent(&w->rng, 4))
		tag = a->tag[end];
	l4->len = 0;
	craft_put16(l4, a->port[end]);
	craft_put16(l4, a->port[!end]);
	craft_put32(l4, tag);
	craft_put32(l4, 0);
}

static void spoil(struct walk *w, struct craft *l4)
{
	switch (rng_below(&w->rng, 4)) {
	case 0:
		walk_truncate(w, l4, 40);
		break;
	case 1:
		if (l4->len >= 16)
			put16(l4->b + 14, rng_below(&w->rng, 8));
		break;
	case 2:
		if (l4->len >= 16)
			put16(l4->b + 14, rng_u32(&w->rng) & 0x7f);
		break;
	default:
		l4->len = 12;	/* no chunk at all */
		break;
	}
}

static void finish(struct walk *w, struct craft *l4, const struct sctp_assoc *a,
		   unsigned int end)
{
	uint32_t crc;

	if (rng_percent(&w->rng, 5))
		spoil(w, l4);
	if (l4->len >= 12) {
		crc = craft_crc32c(l4->b, l4->len);
		/*
		 * The CRC is the only field in little-endian order (RFC 9260,
		 * appendix A).
		 */
		for (unsigned int i = 0; i < 4; i++)
			l4->b[8 + i] = (uint8_t)(crc >> 8 * i);
		if (rng_percent(&w->rng, 3))
			l4->b[8] ^= 1;
	}
	walk_send(w, &a->addr[end], &a->addr[!end], IPPROTO_SCTP, l4);
}

/* Sends one packet, sometimes with several chunks. */
static void send_chunks(struct walk *w, struct sctp_assoc *a, unsigned int end,
			unsigned int type)
{
	struct craft l4;

	begin(w, &l4, a, end, type);
	put_chunk(w, &l4, a, end, type);
	while (rng_percent(&w->rng, 12))
		put_chunk(w, &l4, a, end, rng_percent(&w->rng, 60)
			  ? (unsigned int)DATA : rng_below(&w->rng, 16));
	finish(w, &l4, a, end);
}

static void follow_script(struct walk *w, struct sctp_assoc *a)
{
	unsigned int end = script[a->step].end;

	if (a->step >= SHUTDOWN_STEP)
		end ^= a->closer;
	send_chunks(w, a, end, script[a->step].type);
	/* The data phase loops; any step may be repeated or left out. */
	if (a->step == LAST_USE_STEP && rng_percent(&w->rng, 50))
		a->step = USE_STEP;
	else if (rng_percent(&w->rng, a->step >= SHUTDOWN_STEP ? 50 : 92))
		a->step++;
	if (rng_percent(&w->rng, 3))
		a->step++;
	if (a->step >= ARRAY_SIZE(script))
		new_association(w, a);
}

void walk_sctp(struct walk *w)
{
	struct sctp_assoc *a = &w->sctp[rng_below(&w->rng, WALK_SCTP_ASSOCS)];
	uint32_t dice = rng_below(&w->rng, 100);

	if (dice < 72) {
		follow_script(w, a);
	} else if (dice < 96) {
		send_chunks(w, a, rng_below(&w->rng, 2),
			    rng_below(&w->rng, 16));
	} else if (dice < 98) {
		/* Both ends open at once, or one end restarts. */
		send_chunks(w, a, 1, INIT);
		a->step = rng_percent(&w->rng, 50) ? 0 : 1;
	} else {
		send_chunks(w, a, rng_below(&w->rng, 2), ABORT);
		new_association(w, a);
	}
}
