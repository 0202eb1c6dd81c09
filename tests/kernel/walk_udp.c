/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_udp.c - UDP and UDP-Lite: a few conversations in both directions, with
 * valid and invalid lengths and checksums.
 */
#include "walk.h"

#include <netinet/in.h>

#include "util.h"

enum { CONVERSATIONS = 12 };

struct talk {
	const struct addr *src, *dst;
	uint16_t sport, dport;
};

/* Picks a conversation and a direction. */
static struct talk pick(struct walk *w)
{
	uint32_t k = rng_below(&w->rng, CONVERSATIONS);
	const struct addr *pool = k & 1 ? w->addr4 : w->addr6;
	struct talk t = {
		&pool[k % WALK_ADDRS], &pool[(k / 2 + 3) % WALK_ADDRS],
		(uint16_t)(2000 + k), (uint16_t)(k % 3 ? 53 : 2000 + k)
	};

	if (rng_percent(&w->rng, 45))
		return (struct talk){ t.dst, t.src, t.dport, t.sport };
	return t;
}

static void header(struct craft *l4, const struct talk *t, uint32_t third,
		   uint32_t payload)
{
	l4->len = 0;
	craft_put16(l4, t->sport);
	craft_put16(l4, t->dport);
	craft_put16(l4, third);
	craft_put16(l4, 0);
	craft_fill(l4, 'u', payload);
}

static void resum(struct craft *l4, const struct talk *t, uint8_t proto,
		  size_t covered)
{
	uint16_t sum;

	if (l4->len < 8 || covered > l4->len)
		return;
	put16(l4->b + 6, 0);
	sum = craft_l4_sum(t->src, t->dst, proto, l4->b, covered);
	put16(l4->b + 6, sum ? sum : 0xffff);
}

void walk_udp(struct walk *w)
{
	uint32_t dice = rng_below(&w->rng, 100);
	uint32_t payload = rng_below(&w->rng, 60);
	struct talk t = pick(w);
	struct craft l4;

	header(&l4, &t, 8 + payload, payload);
	if (dice < 4) {
		put16(l4.b + 4, rng_below(&w->rng, 8));
	} else if (dice < 8) {
		put16(l4.b + 4, 8 + payload + 1 + rng_below(&w->rng, 2000));
	} else if (dice < 12) {
		/* Bytes after the datagram, inside the IP packet. */
		put16(l4.b + 4, 8 + rng_below(&w->rng, payload + 1));
		if (dice & 1) {
			resum(&l4, &t, IPPROTO_UDP, get16(l4.b + 4));
			walk_send(w, t.src, t.dst, IPPROTO_UDP, &l4);
			return;
		}
	}
	resum(&l4, &t, IPPROTO_UDP, l4.len);
	if (dice >= 12 && dice < 18)
		put16(l4.b + 6, 0);
	else if (dice >= 18 && dice < 23)
		l4.b[6] ^= (uint8_t)(1u << rng_below(&w->rng, 8));
	else if (dice >= 23 && dice < 28)
		walk_truncate(w, &l4, 9);
	walk_send(w, t.src, t.dst, IPPROTO_UDP, &l4);
}

/*
 * The kernel verifies a UDP-Lite checksum over the whole packet and with UDP's
 * protocol number, so that the sender's way to compute it decides: both kinds
 * are sent. Since 7.1 it verifies none.
 */
void walk_udplite(struct walk *w)
{
	uint32_t dice = rng_below(&w->rng, 100), coverage;
	uint32_t payload = rng_below(&w->rng, 60);
	struct talk t = pick(w);
	struct craft l4;

	if (dice < 30)
		coverage = 0;
	else if (dice < 75)
		coverage = 8 + rng_below(&w->rng, payload + 1);
	else if (dice < 85)
		coverage = rng_below(&w->rng, 8);
	else
		coverage = 8 + payload + rng_below(&w->rng, 5);
	header(&l4, &t, coverage, payload);
	resum(&l4, &t, rng_percent(&w->rng, 50) ? IPPROTO_UDP : IPPROTO_UDPLITE,
	      coverage ? coverage : l4.len);
	dice = rng_below(&w->rng, 100);
	if (dice < 8)
		put16(l4.b + 6, 0);
	else if (dice < 14)
		l4.b[6] ^= 1;
	else if (dice < 24)
		walk_truncate(w, &l4, 9);
	walk_send(w, t.src, t.dst, IPPROTO_UDPLITE, &l4);
}
