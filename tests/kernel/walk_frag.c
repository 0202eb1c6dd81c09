/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_frag.c - fragmented datagrams: in order and out of order, with fragments
 * that are duplicated, overlap, are missing, empty, not a multiple of 8 bytes
 * long, or end beyond 65,535 bytes.
 */
#include "walk.h"

#include <string.h>
#include <netinet/in.h>

#include "util.h"

enum { PIECES = 8 };

struct piece {
	uint32_t from, to;	/* bytes of the datagram's payload */
	bool more;
};

struct datagram {
	const struct addr *src, *dst;
	uint8_t proto;
	uint32_t id;
	struct craft body;	/* transport header and payload */
};

static void make_udp(struct walk *w, struct datagram *d, uint32_t payload)
{
	d->proto = IPPROTO_UDP;
	craft_put16(&d->body, 4000 + rng_below(&w->rng, 4));
	craft_put16(&d->body, 4000 + rng_below(&w->rng, 4));
	craft_put16(&d->body, 8 + payload);
	craft_put16(&d->body, 0);
	craft_fill(&d->body, 'f', payload);
	put16(d->body.b + 6, craft_l4_sum(d->src, d->dst, d->proto, d->body.b,
					  d->body.len));
}

static void make_echo(struct walk *w, struct datagram *d, uint32_t payload)
{
	bool four = d->src->family == 4;

	d->proto = four ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	craft_put8(&d->body, four ? 8 : 128);
	craft_put8(&d->body, 0);
	craft_put16(&d->body, 0);
	craft_put32(&d->body, rng_below(&w->rng, 4));
	craft_fill(&d->body, 'e', payload);
	put16(d->body.b + 2, four
	      ? craft_fold(craft_sum(0, d->body.b, d->body.len))
	      : craft_l4_sum(d->src, d->dst, d->proto, d->body.b, d->body.len));
}

static void make_datagram(struct walk *w, struct datagram *d)
{
	uint8_t version = walk_version(w);
	uint32_t payload = 8 + rng_below(&w->rng, rng_percent(&w->rng, 20)
					 ? 3000 : 200);

	d->src = walk_addr(w, version);
	d->dst = walk_addr(w, version);
	/* Few identifications, so that different datagrams collide. */
	d->id = rng_below(&w->rng, 40);
	d->body.len = 0;
	if (rng_percent(&w->rng, 75))
		make_udp(w, d, payload);
	else
		make_echo(w, d, payload);
}

static unsigned int split(struct walk *w, const struct datagram *d,
			  struct piece *p)
{
	uint32_t len = (uint32_t)d->body.len, at = 0;
	uint32_t want = 2 + rng_below(&w->rng, 3), n = 0;

	while (n + 1 < want && at + 8 < len) {
		uint32_t room = (len - at) / 8;
		uint32_t size = 8 * (1 + rng_below(&w->rng,
						   room > 1 ? room - 1 : 1));

		if (at + size >= len)
			break;
		p[n++] = (struct piece){ at, at + size, true };
		at += size;
	}
	p[n++] = (struct piece){ at, len, false };
	return n;
}

static void shuffle(struct walk *w, struct piece *p, unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = rng_below(&w->rng, i);
		struct piece keep = p[i - 1];

		p[i - 1] = p[j];
		p[j] = keep;
	}
}

/* Damages the list of fragments; returns their new number. */
static unsigned int disturb(struct walk *w, struct piece *p, unsigned int n)
{
	unsigned int at = rng_below(&w->rng, n);
	struct piece *q = &p[at];

	switch (rng_below(&w->rng, 8)) {
	case 0:			/* a duplicate */
		p[n] = *q;
		return n + 1;
	case 1:			/* an overlap */
		if (q->from >= 8)
			q->from -= 8;
		return n;
	case 2:
		q->to += 8;
		return n;
	case 3:			/* missing */
		*q = p[n - 1];
		return n - 1;
	case 4:			/* empty */
		p[n] = (struct piece){ q->from, q->from, q->more };
		return n + 1;
	case 5:			/* not a multiple of eight, and more to come */
		q->to -= q->to > q->from + 3 ? 3 : 0;
		return n;
	case 6:			/* a second last fragment */
		p[n] = *q;
		p[n].more = !q->more;
		return n + 1;
	default:		/* beyond the longest datagram */
		p[n] = (struct piece){ 65528 - 8 * rng_below(&w->rng, 3), 0,
				       rng_percent(&w->rng, 50) };
		p[n].to = p[n].from + 8 * rng_below(&w->rng, 4);
		return n + 1;
	}
}

/* Bytes beyond the datagram's end are filled. */
static void piece_bytes(const struct datagram *d, const struct piece *p,
			struct craft *out)
{
	for (uint32_t i = p->from; i < p->to; i++)
		craft_put8(out, i < d->body.len ? d->body.b[i] : '+');
}

static void send_piece(struct walk *w, const struct datagram *d,
		       const struct piece *p)
{
	struct craft payload = { .len = 0 }, ip;
	uint32_t offset = p->from / 8 & 0x1fff;

	if (d->src->family == 4) {
		struct ip_shape shape = {
			.id = (uint16_t)d->id,
			.frag = (uint16_t)(offset | (p->more ? 0x2000 : 0))
		};

		piece_bytes(d, p, &payload);
		craft_ip(&ip, d->src, d->dst, d->proto, payload.b, payload.len,
			 &shape);
		walk_emit(w, &ip, 4);
		return;
	}
	craft_put8(&payload, d->proto);
	craft_put8(&payload, 0);
	craft_put16(&payload, offset << 3 | p->more);
	craft_put32(&payload, d->id);
	piece_bytes(d, p, &payload);
	craft_ip(&ip, d->src, d->dst, IPPROTO_FRAGMENT, payload.b, payload.len,
		 NULL);
	walk_emit(w, &ip, 6);
}

void walk_frag(struct walk *w)
{
	struct piece pieces[PIECES];
	struct datagram d;
	unsigned int n;

	make_datagram(w, &d);
	n = split(w, &d, pieces);
	if (rng_percent(&w->rng, 35))
		n = disturb(w, pieces, n);
	if (rng_percent(&w->rng, 40))
		shuffle(w, pieces, n);
	for (unsigned int i = 0; i < n; i++)
		send_piece(w, &d, &pieces[i]);
}
