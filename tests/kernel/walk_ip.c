/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_ip.c - protocols without a tracker, IPv6 extension headers, and IP
 * headers with wrong fields.
 */
#include "walk.h"

#include <string.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "util.h"

/*
 * Leaves out the protocols of other generators, because --protocols can switch
 * those off.
 */
static const uint8_t generic_protos[] = {
	2, 4, 33, 41, 50, 51, 89, 103, 112, 115, 255, 137, 46, 88, 59
};

void walk_generic(struct walk *w)
{
	uint8_t version = walk_version(w);
	uint8_t proto = generic_protos[rng_below(&w->rng,
						 ARRAY_SIZE(generic_protos))];
	const struct addr *src = walk_addr(w, version);
	const struct addr *dst = walk_addr(w, version);
	struct craft l4 = { .len = 0 };

	craft_fill(&l4, (uint8_t)rng_u32(&w->rng), rng_below(&w->rng, 40));
	walk_send(w, src, dst, proto, &l4);
}

/* A valid UDP datagram, for a bad IP header. */
static void some_udp(struct walk *w, uint8_t version, struct craft *l4,
		     const struct addr **src, const struct addr **dst)
{
	uint32_t payload = rng_below(&w->rng, 40);

	*src = walk_addr(w, version);
	*dst = walk_addr(w, version);
	l4->len = 0;
	craft_put16(l4, 3000 + rng_below(&w->rng, 8));
	craft_put16(l4, 3000 + rng_below(&w->rng, 8));
	craft_put16(l4, 8 + payload);
	craft_put16(l4, 0);
	craft_fill(l4, 'h', payload);
	put16(l4->b + 6, craft_l4_sum(*src, *dst, IPPROTO_UDP, l4->b, l4->len));
}

/* IPv4 options of valid and of invalid lengths. */
static void random_options(struct walk *w, uint8_t *options, size_t len)
{
	static const uint8_t kinds[] = { 0, 1, 7, 68, 130, 131, 137, 148, 200 };

	for (size_t i = 0; i < len; i++)
		options[i] = rng_percent(&w->rng, 50)
			   ? kinds[rng_below(&w->rng, ARRAY_SIZE(kinds))]
			   : (uint8_t)rng_below(&w->rng, 16);
}

static void bad_header4(struct walk *w, struct craft *ip)
{
	uint32_t total = get16(ip->b + 2);
	bool resum = true;

	switch (rng_below(&w->rng, 8)) {
	case 0:
		ip->b[0] = (uint8_t)((ip->b[0] & 15) | rng_below(&w->rng, 16) << 4);
		break;
	case 1:
		ip->b[0] = (uint8_t)(0x40 | rng_below(&w->rng, 16));
		break;
	case 2:
		put16(ip->b + 2, total + 1 + rng_below(&w->rng, 100));
		break;
	case 3:
		put16(ip->b + 2, rng_below(&w->rng, total + 1));
		break;
	case 4:
		ip->b[10] ^= (uint8_t)(1u << rng_below(&w->rng, 8));
		resum = false;
		break;
	case 5:
		ip->len = rng_below(&w->rng, 21) + 1;
		break;
	case 6:
		ip->b[6] |= 0x80;	/* the reserved flag */
		break;
	default:
		ip->b[8] = (uint8_t)rng_below(&w->rng, 2);
		break;
	}
	if (resum && ip->len >= 4u * (ip->b[0] & 15u) && (ip->b[0] & 15) >= 5)
		craft_ip_resum(ip);
}

static void iphdr4(struct walk *w)
{
	const struct addr *src, *dst;
	struct ip_shape shape = { 0 };
	uint8_t options[40];
	struct craft l4, ip;

	some_udp(w, 4, &l4, &src, &dst);
	if (rng_percent(&w->rng, 40)) {
		shape.options_len = 4u * (1 + rng_below(&w->rng, 10));
		random_options(w, options, shape.options_len);
		shape.options = options;
	}
	craft_ip(&ip, src, dst, IPPROTO_UDP, l4.b, l4.len, &shape);
	if (rng_percent(&w->rng, 70))
		bad_header4(w, &ip);
	if (rng_percent(&w->rng, 20))
		craft_fill(&ip, 0xee, rng_below(&w->rng, 30));
	walk_emit(w, &ip, rng_percent(&w->rng, 97) ? 4 : 6);
}

/* Puts an extension header of 'type' before 'next'; its length may be wrong. */
static void put_extension(struct walk *w, struct craft *body, uint8_t type,
			  uint8_t next)
{
	uint32_t words = rng_below(&w->rng, 3);
	uint32_t bytes = type == IPPROTO_AH ? 4 * (words + 2) : 8 * (words + 1);
	uint32_t said = rng_percent(&w->rng, 92) ? words
			: rng_below(&w->rng, 256);

	craft_put8(body, next);
	craft_put8(body, said);
	if (type == IPPROTO_ROUTING) {
		craft_put8(body, rng_percent(&w->rng, 50) ? 0 : 4);
		craft_put8(body, rng_below(&w->rng, 2));
		craft_fill(body, 0, bytes - 4);
	} else if (type == IPPROTO_AH) {
		craft_fill(body, 0, bytes - 2);
	} else if (rng_percent(&w->rng, 80)) {
		craft_put8(body, 1);
		craft_put8(body, bytes - 4);
		craft_fill(body, 0, bytes - 4);
	} else {
		for (uint32_t i = 2; i < bytes; i++)
			craft_put8(body, rng_below(&w->rng, 6));
	}
}

/* An atomic fragment (RFC 6946): offset 0, no MF flag. */
static void put_atomic(struct walk *w, struct craft *body, uint8_t next)
{
	craft_put8(body, next);
	craft_put8(body, 0);
	craft_put16(body, 0);
	craft_put32(body, rng_below(&w->rng, 4));
}

/*
 * A bridge before Linux 6.4 takes a payload length of 0 before hop-by-hop options
 * for the whole packet, as a router does (ip6_rcv_core()); a newer one cuts the
 * packet to its header (br_validate_ipv6()).  That says nothing of connection
 * tracking, so that there is no such packet.
 */
static uint32_t shorter_payload(struct walk *w, const struct craft *ip,
				uint32_t payload)
{
	uint32_t n = rng_below(&w->rng, payload + 1);

	return n == 0 && ip->b[6] == IPPROTO_HOPOPTS ? 1 : n;
}

static void bad_header6(struct walk *w, struct craft *ip)
{
	uint32_t payload = get16(ip->b + 4);

	switch (rng_below(&w->rng, 5)) {
	case 0:
		ip->b[0] = (uint8_t)rng_u32(&w->rng);
		break;
	case 1:
		put16(ip->b + 4, payload + 1 + rng_below(&w->rng, 100));
		break;
	case 2:
		put16(ip->b + 4, shorter_payload(w, ip, payload));
		break;
	case 3:
		ip->len = rng_below(&w->rng, 48) + 1;
		break;
	default:
		ip->b[7] = 0;
		break;
	}
}

static void iphdr6(struct walk *w)
{
	static const uint8_t types[] = {
		IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING, IPPROTO_AH,
		IPPROTO_DSTOPTS
	};
	struct craft body = { .len = 0 }, l4, ip;
	const struct addr *src, *dst;
	uint8_t chain[5] = { IPPROTO_UDP };
	uint32_t n = rng_below(&w->rng, 4);
	bool atomic = walk_enabled(w, FAMILY_FRAG) && rng_percent(&w->rng, 10);

	some_udp(w, 6, &l4, &src, &dst);
	/*
	 * chain[0] is the innermost header; a hop-by-hop header comes first in
	 * most packets.
	 */
	for (uint32_t i = 1; i <= n; i++)
		chain[i] = types[i == n ? rng_below(&w->rng, 5)
					: 1 + rng_below(&w->rng, 4)];
	for (uint32_t i = n; i; i--)
		put_extension(w, &body, chain[i],
			      atomic && i == 1 ? IPPROTO_FRAGMENT
					       : rng_percent(&w->rng, 3)
						 ? IPPROTO_NONE : chain[i - 1]);
	if (atomic)
		put_atomic(w, &body, IPPROTO_UDP);
	craft_put(&body, l4.b, l4.len);
	craft_ip(&ip, src, dst, n ? chain[n] : atomic ? IPPROTO_FRAGMENT
						      : IPPROTO_UDP,
		 body.b, body.len, NULL);
	if (rng_percent(&w->rng, 35))
		bad_header6(w, &ip);
	if (rng_percent(&w->rng, 20))
		craft_fill(&ip, 0xee, rng_below(&w->rng, 30));
	walk_emit(w, &ip, rng_percent(&w->rng, 97) ? 6 : 4);
}

void walk_iphdr(struct walk *w)
{
	if (rng_percent(&w->rng, 50))
		iphdr4(w);
	else
		iphdr6(w);
}
