/* SPDX-License-Identifier: GPL-2.0-only */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "craft.h"
#include "util.h"

enum { SPOILT_PERCENT = 12, IPV4_HEADER = 20, IPV6_HEADER = 40 };

/* Offsets in a packet without extension headers or fragments. */
struct parts {
	uint32_t l4, payload;	/* offsets */
	uint8_t  proto;
};

static bool find_parts(const struct frame *f, struct parts *p)
{
	bool four = f->ethertype == ETH_P_IP;

	if (f->caplen < f->len || f->len < (four ? IPV4_HEADER : IPV6_HEADER))
		return false;
	p->l4 = four ? (f->data[0] & 15u) * 4 : IPV6_HEADER;
	p->proto = f->data[four ? 9 : 6];
	if (f->len < p->l4 + 20)
		return false;
	if (p->proto == IPPROTO_TCP)
		p->payload = p->l4 + (f->data[p->l4 + 12] >> 4) * 4u;
	else if (p->proto == IPPROTO_UDP)
		p->payload = p->l4 + 8;
	else
		return false;
	return p->payload < f->len;
}

/* Adapts the length in the IP header to the frame's new length. */
static void fit(struct frame *f, uint32_t len)
{
	f->len = f->caplen = len;
	if (f->ethertype == ETH_P_IP) {
		put16(f->data + 2, len);
		put16(f->data + 10, 0);
		put16(f->data + 10,
		      craft_fold(craft_sum(0, f->data, (f->data[0] & 15u) * 4)));
	} else {
		put16(f->data + 4, len - IPV6_HEADER);
	}
}

static void flip_bytes(struct rng *r, struct frame *f, const struct parts *p)
{
	for (uint32_t i = 1 + rng_below(r, 3); i > 0; i--)
		f->data[p->payload + rng_below(r, f->len - p->payload)] =
			(uint8_t)rng_u32(r);
}

/*
 * Replaces a digit of the payload by another: other numbers, ports and
 * addresses.
 */
static void change_digits(struct rng *r, struct frame *f, const struct parts *p)
{
	uint32_t at = p->payload + rng_below(r, f->len - p->payload);

	for (uint32_t i = 0; i < f->len - p->payload; i++) {
		uint8_t *c = &f->data[at];

		if (*c >= '0' && *c <= '9') {
			*c = (uint8_t)('0' + rng_below(r, 10));
			if (rng_percent(r, 60))
				return;
		}
		at = at + 1 < f->len ? at + 1 : p->payload;
	}
}

static void cut(struct rng *r, struct frame *f, const struct parts *p)
{
	uint32_t len = p->payload + rng_below(r, f->len - p->payload);

	fit(f, len);
	if (p->proto == IPPROTO_UDP && rng_percent(r, 80))
		put16(f->data + p->l4 + 4, len - p->l4);
}

static void turn_letter(struct rng *r, struct frame *f, const struct parts *p)
{
	uint8_t *c = &f->data[p->payload + rng_below(r, f->len - p->payload)];

	if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
		*c ^= 0x20;
	else
		*c = " \r\n,.:;|"[rng_below(r, 8)];
}

/* Splits a segment in two. */
static void split(struct rng *r, struct frames *out, size_t at,
		  const struct parts *p)
{
	struct frame *first = &out->v[at], *second;
	uint32_t at_byte = 1 + rng_below(r, first->len - p->payload);
	uint32_t rest = first->len - p->payload - at_byte;

	if (p->proto != IPPROTO_TCP || rest == 0)
		return;
	second = frames_add(out, first->data, first->len, first->len,
			    first->ethertype);
	first = &out->v[at];
	memmove(second->data + p->payload, second->data + p->payload + at_byte,
		rest);
	put32(second->data + p->l4 + 4,
	      get32(second->data + p->l4 + 4) + at_byte);
	fit(second, p->payload + rest);
	fit(first, p->payload + at_byte);
}

static void spoil(struct rng *r, struct frames *out, size_t at)
{
	struct frame *f = &out->v[at];
	struct parts p;

	if (!find_parts(f, &p))
		return;
	switch (rng_below(r, 5)) {
	case 0:
		flip_bytes(r, f, &p);
		break;
	case 1:
		change_digits(r, f, &p);
		break;
	case 2:
		cut(r, f, &p);
		break;
	case 3:
		turn_letter(r, f, &p);
		break;
	case 4:
		split(r, out, at, &p);
		break;
	}
}

/* Appends one packet of a session, or damages or drops it. */
static void play(struct rng *r, struct frames *out, const struct frame *f)
{
	uint32_t dice = rng_below(r, 100);
	size_t at = out->n;

	if (dice < 2)
		return;
	frames_add(out, f->data, f->caplen, f->len, f->ethertype);
	if (dice < 4)
		frames_add(out, f->data, f->caplen, f->len, f->ethertype);
	else if (dice < 4 + SPOILT_PERCENT)
		spoil(r, out, at);
	if (dice == 99 && at > 0) {
		struct frame late = out->v[at];

		out->v[at] = out->v[at - 1];
		out->v[at - 1] = late;
	}
}

void mutate_make(struct frames *out, uint64_t seed, size_t n,
		 const struct frames *captures, size_t ncaptures)
{
	struct rng r;

	rng_seed(&r, seed);
	while (out->n < n) {
		const struct frames *c =
			&captures[rng_below(&r, (uint32_t)ncaptures)];

		for (size_t i = 0; i < c->n && out->n < n; i++)
			play(&r, out, &c->v[i]);
	}
	for (size_t i = 0; i < out->n; i++)
		out->v[i].source = i + 1;
}
