/* SPDX-License-Identifier: GPL-2.0-only */
#include "walk_icmp.h"

#include <netinet/in.h>

#include "util.h"

enum { REDIRECT = 137, LINK_LOCAL = WALK_ADDRS - 1 };

static void head(struct craft *l4, uint32_t type, uint32_t code, uint32_t rest)
{
	l4->len = 0;
	craft_put8(l4, type);
	craft_put8(l4, code);
	craft_put16(l4, 0);
	craft_put32(l4, rest);
}

/*
 * With 'hops' 0 the packet has the usual hop limit, and may have extension
 * headers.
 */
static void send_message(struct walk *w, const struct addr *src,
			 const struct addr *dst, struct craft *l4, uint8_t hops)
{
	struct ip_shape shape = { .ttl = hops };
	struct craft ip;

	if (l4->len >= 4) {
		put16(l4->b + 2, 0);
		put16(l4->b + 2, craft_l4_sum(src, dst, IPPROTO_ICMPV6, l4->b,
					      l4->len));
		if (rng_percent(&w->rng, 4))
			l4->b[2] ^= 0x10;
	}
	if (!hops || src->family == 4) {
		walk_send(w, src, dst, IPPROTO_ICMPV6, l4);
		return;
	}
	craft_ip(&ip, src, dst, IPPROTO_ICMPV6, l4->b, l4->len, &shape);
	walk_emit(w, &ip, 6);
}

static void send_error(struct walk *w)
{
	static const uint8_t types[] = { 1, 1, 2, 3, 4, 100, 127, 0, 5 };
	struct craft l4;
	struct quote q;

	walk_quote(w, 6, &q);
	head(&l4, types[rng_below(&w->rng, ARRAY_SIZE(types))],
	     rng_below(&w->rng, 5), 1280);
	craft_put(&l4, q.packet.b, q.packet.len);
	if (rng_percent(&w->rng, 4))
		walk_truncate(w, &l4, 12);
	send_message(w, &q.from, &q.to, &l4, 0);
}

/* Echo and node information, both ways between a few hosts. */
static void send_query(struct walk *w)
{
	static const uint8_t types[] = { 128, 128, 128, 129, 129, 139, 140 };
	uint32_t k = rng_below(&w->rng, 4);
	const struct addr *a = &w->addr6[k], *b = &w->addr6[k + 1];
	uint32_t type = types[rng_below(&w->rng, ARRAY_SIZE(types))];
	bool forth = rng_percent(&w->rng, 85) ? type == 128 || type == 139
					      : rng_percent(&w->rng, 50);
	struct craft l4;

	head(&l4, type, rng_percent(&w->rng, 5) ? 1 : 0, k << 16 | 1);
	craft_fill(&l4, 'p', rng_below(&w->rng, 40));
	if (rng_percent(&w->rng, 5))
		walk_truncate(w, &l4, 9);
	send_message(w, forth ? a : b, forth ? b : a, &l4, 0);
}

/* Neighbour, router and multicast-listener messages are never tracked. */
static void send_discovery(struct walk *w)
{
	static const uint8_t types[] = {
		130, 131, 132, 133, 134, 135, 136, 138, 141, 143, 151, 152, 153
	};
	struct craft l4;

	head(&l4, types[rng_below(&w->rng, ARRAY_SIZE(types))], 0, 0);
	craft_fill(&l4, 0, rng_below(&w->rng, 32));
	if (rng_percent(&w->rng, 6))
		walk_truncate(w, &l4, 8);
	send_message(w, walk_addr(w, 6), walk_addr(w, 6), &l4,
	     rng_percent(&w->rng, 80) ? 255 : 1);
}

/*
 * A redirect quotes a packet in its Redirected Header option (RFC 4861, 4.6.3).
 */
static void send_redirect(struct walk *w)
{
	bool right = rng_percent(&w->rng, 70);
	struct craft l4;
	struct quote q;

	walk_quote(w, 6, &q);
	head(&l4, REDIRECT, rng_percent(&w->rng, 10) ? 1 : 0, 0);
	craft_put(&l4, w->addr6[0].b, 16);
	craft_put(&l4, w->addr6[1].b, 16);
	if (rng_percent(&w->rng, 85)) {
		craft_put8(&l4, rng_percent(&w->rng, 85) ? 4 : 2);
		craft_put8(&l4, rng_percent(&w->rng, 90)
			   ? (uint32_t)(q.packet.len + 15) / 8 : 0);
		craft_fill(&l4, 0, 6);
		craft_put(&l4, q.packet.b, q.packet.len);
	}
	if (rng_percent(&w->rng, 10))
		walk_truncate(w, &l4, 44);
	send_message(w, right ? &w->addr6[LINK_LOCAL] : &q.from, &q.to, &l4,
	     right || rng_percent(&w->rng, 50) ? 255 : 64);
}

void walk_icmp6(struct walk *w)
{
	uint32_t dice = rng_below(&w->rng, 100);
	struct craft l4;

	if (dice < 38) {
		send_query(w);
	} else if (dice < 72) {
		send_error(w);
	} else if (dice < 84) {
		send_discovery(w);
	} else if (dice < 95) {
		send_redirect(w);
	} else {
		uint8_t version = dice < 98 ? 6 : 4;

		head(&l4, rng_below(&w->rng, 256), 0, rng_u32(&w->rng));
		craft_fill(&l4, 0, rng_below(&w->rng, 60));
		send_message(w, walk_addr(w, version), walk_addr(w, version), &l4, 0);
	}
}
