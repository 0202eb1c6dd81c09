/* SPDX-License-Identifier: GPL-2.0-only */
#include "walk_icmp.h"

#include <string.h>
#include <netinet/in.h>

#include "util.h"

static bool pick_known(struct walk *w, uint8_t family, struct craft *packet)
{
	for (unsigned int i = 0; i < 20; i++) {
		uint32_t at = rng_below(&w->rng, WALK_QUOTABLE);

		if (w->quotable_family[at] == family) {
			*packet = w->quotable[at];
			return true;
		}
	}
	return false;
}

static void make_unknown(struct walk *w, uint8_t family, struct craft *packet)
{
	static const uint8_t protos[] = { 6, 17, 1, 58, 89, 132 };
	const struct addr *src = walk_addr(w, family);
	const struct addr *dst = walk_other_addr(w, src);
	struct craft l4 = { .len = 0 };

	craft_put16(&l4, 5000 + rng_below(&w->rng, 100));
	craft_put16(&l4, 7);
	craft_fill(&l4, 0, 20);
	craft_ip(packet, src, dst, protos[rng_below(&w->rng, ARRAY_SIZE(protos))],
		 l4.b, l4.len, NULL);
}

/* The quoted packet with its addresses and ports exchanged. */
static void turn_around(struct craft *packet, uint8_t family)
{
	size_t at = family == 4 ? 12 : 8, n = family == 4 ? 4 : 16;
	size_t hl = family == 4 ? 4u * (packet->b[0] & 15u) : 40;
	uint8_t keep[16];

	memcpy(keep, packet->b + at, n);
	memcpy(packet->b + at, packet->b + at + n, n);
	memcpy(packet->b + at + n, keep, n);
	if (packet->len < hl + 4)
		return;
	memcpy(keep, packet->b + hl, 2);
	memcpy(packet->b + hl, packet->b + hl + 2, 2);
	memcpy(packet->b + hl + 2, keep, 2);
}

static void insert(struct craft *c, size_t at, const uint8_t *p, size_t n)
{
	memmove(c->b + at + n, c->b + at, c->len - at);
	memcpy(c->b + at, p, n);
	c->len += n;
}

/* A quoted header with options, or with a wrong header length. */
static void bend4(struct walk *w, struct craft *packet)
{
	static const uint8_t nops[8] = { 1, 1, 1, 1, 1, 1, 1, 0 };

	switch (rng_below(&w->rng, 4)) {
	case 0:
		if ((packet->b[0] & 15) < 13) {
			insert(packet, 20, nops, sizeof(nops));
			packet->b[0] = (uint8_t)(packet->b[0] + 2);
		}
		break;
	case 1:
		put16(packet->b + 6, 1 + rng_below(&w->rng, 100));
		break;
	case 2:
		packet->b[6] |= 0x20;
		break;
	default:
		packet->b[0] = (uint8_t)rng_u32(&w->rng);
		break;
	}
}

static void bend6(struct walk *w, struct craft *packet)
{
	uint8_t head[8] = { packet->b[6], 0, 1, 4, 0, 0, 0, 0 };

	switch (rng_below(&w->rng, 4)) {
	case 0:
		insert(packet, 40, head, sizeof(head));
		packet->b[6] = IPPROTO_DSTOPTS;
		break;
	case 1:
		memcpy(head + 2, (const uint8_t[]){ 0, 8, 0, 0, 0, 1 }, 6);
		insert(packet, 40, head, sizeof(head));
		packet->b[6] = IPPROTO_FRAGMENT;
		break;
	case 2:
		memset(head + 2, 0, 6);
		head[3] = 1;
		insert(packet, 40, head, sizeof(head));
		packet->b[6] = IPPROTO_FRAGMENT;
		break;
	default:
		packet->b[6] = (uint8_t)rng_u32(&w->rng);
		break;
	}
}

static void set_ends(struct walk *w, uint8_t family, struct quote *q)
{
	size_t at = family == 4 ? 12 : 8;

	memset(&q->to, 0, sizeof(q->to));
	q->to.family = family;
	memcpy(q->to.b, q->packet.b + at, family == 4 ? 4 : 16);
	if (rng_percent(&w->rng, 12))
		q->to = *walk_addr(w, family);
	q->from = *walk_addr(w, family);
}

void walk_quote(struct walk *w, uint8_t family, struct quote *q)
{
	size_t header = family == 4 ? 20 : 40;

	if (rng_percent(&w->rng, 25) || !pick_known(w, family, &q->packet))
		make_unknown(w, family, &q->packet);
	if (rng_percent(&w->rng, 20))
		turn_around(&q->packet, family);
	set_ends(w, family, q);
	if (rng_percent(&w->rng, 10)) {
		if (family == 4)
			bend4(w, &q->packet);
		else
			bend6(w, &q->packet);
	}
	if (rng_percent(&w->rng, 25) && q->packet.len > header)
		q->packet.len = header + rng_below(&w->rng,
				(uint32_t)(q->packet.len - header) + 1);
	else if (rng_percent(&w->rng, 5))
		walk_truncate(w, &q->packet, header);
}

static void resum(struct walk *w, struct craft *l4)
{
	if (l4->len < 4)
		return;
	put16(l4->b + 2, 0);
	put16(l4->b + 2, craft_fold(craft_sum(0, l4->b, l4->len)));
	if (rng_percent(&w->rng, 4))
		l4->b[2] ^= 0x10;
}

static void head(struct craft *l4, uint32_t type, uint32_t code, uint32_t rest)
{
	l4->len = 0;
	craft_put8(l4, type);
	craft_put8(l4, code);
	craft_put16(l4, 0);
	craft_put32(l4, rest);
}

static void send_error(struct walk *w)
{
	static const uint8_t types[] = { 3, 3, 3, 11, 12, 4, 5 };
	struct craft l4;
	struct quote q;

	walk_quote(w, 4, &q);
	head(&l4, types[rng_below(&w->rng, ARRAY_SIZE(types))],
	     rng_below(&w->rng, 6), 0);
	craft_put(&l4, q.packet.b, q.packet.len);
	resum(w, &l4);
	walk_send(w, &q.from, &q.to, IPPROTO_ICMP, &l4);
}

/*
 * Requests and replies between a few pairs of hosts; type 0 is an echo reply.
 */
static void send_query(struct walk *w)
{
	static const uint8_t types[] = {
		8, 8, 8, 0, 0, 0, 13, 14, 15, 16, 17, 18
	};
	uint32_t k = rng_below(&w->rng, 4);
	const struct addr *a = &w->addr4[k], *b = &w->addr4[k + 1];
	uint32_t type = types[rng_below(&w->rng, ARRAY_SIZE(types))];
	bool forth = rng_percent(&w->rng, 85)
		   ? type == 8 || type == 13 || type == 15 || type == 17
		   : rng_percent(&w->rng, 50);
	struct craft l4;

	head(&l4, type, rng_percent(&w->rng, 5) ? 1 : 0, k << 16 | 1);
	craft_fill(&l4, 'p', rng_below(&w->rng, 40));
	if (rng_percent(&w->rng, 5))
		walk_truncate(w, &l4, 9);
	resum(w, &l4);
	walk_send(w, forth ? a : b, forth ? b : a, IPPROTO_ICMP, &l4);
}

void walk_icmp(struct walk *w)
{
	uint32_t dice = rng_below(&w->rng, 100);
	struct craft l4;

	if (dice < 45) {
		send_query(w);
	} else if (dice < 92) {
		send_error(w);
	} else {
		/* Types that open no connection, and unknown types. */
		uint8_t version = dice < 98 ? 4 : 6;

		head(&l4, rng_below(&w->rng, dice < 95 ? 20 : 256), 0,
		     rng_u32(&w->rng));
		craft_fill(&l4, 0, rng_below(&w->rng, 40));
		resum(w, &l4);
		walk_send(w, walk_addr(w, version), walk_addr(w, version),
			  IPPROTO_ICMP, &l4);
	}
}
