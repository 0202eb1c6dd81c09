/* SPDX-License-Identifier: GPL-2.0-only */
#include "walk_tcp.h"

#include <string.h>
#include <netinet/in.h>

#include "util.h"

static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

/* The window scale in the segment's options, or -1. */
static int scale_of(const struct segment *s)
{
	for (unsigned int i = 0; i + 2 < s->options_len; ) {
		if (s->options[i] == 1) {
			i++;
		} else if (s->options[i] == 3 && s->options[i + 1] == 3) {
			return s->options[i + 2] > 14 ? 14 : s->options[i + 2];
		} else if (s->options[i] < 1 || s->options[i + 1] < 2) {
			break;
		} else {
			i += s->options[i + 1];
		}
	}
	return -1;
}

/*
 * Updates the model's window edges, roughly as a tracker does. They only serve
 * to aim at the edges.
 */
static void learn(struct tcp_conn *c, unsigned int end,
		  const struct segment *s)
{
	struct tcp_end *me = &c->end[end], *peer = &c->end[!end];
	uint32_t right = s->seq + s->len + !!(s->flags & TCP_SYN) +
			 !!(s->flags & TCP_FIN);
	uint32_t win = s->window;

	if (s->flags & TCP_RST)
		return;
	if (s->flags & TCP_SYN) {
		int scale = scale_of(s);

		me->scale = (uint8_t)(scale < 0 ? 0 : scale);
		me->max_win = win;
		me->end = me->max_end = me->next = right;
	} else {
		win <<= me->scale;
		if (after(right, me->next) && right - me->next < 70000)
			me->next = me->end = right;
		if (win > me->max_win)
			me->max_win = win;
	}
	if (s->flags & TCP_ACK && after(s->ack + win, peer->max_end))
		peer->max_end = s->ack + win;
}

static void build(struct craft *l4, const struct tcp_conn *c, unsigned int end,
		  const struct segment *s)
{
	unsigned int padded = (s->options_len + 3u) & ~3u;

	l4->len = 0;
	craft_put16(l4, c->port[end]);
	craft_put16(l4, c->port[!end]);
	craft_put32(l4, s->seq);
	craft_put32(l4, s->ack);
	craft_put8(l4, (20 + padded) << 2);
	craft_put8(l4, s->flags);
	craft_put16(l4, s->window);
	craft_put16(l4, 0);
	craft_put16(l4, s->flags & TCP_URG ? 1 : 0);
	craft_put(l4, s->options, s->options_len);
	craft_fill(l4, 0, padded - s->options_len);
	craft_fill(l4, 'x', s->len);
}

static void resum(struct craft *l4, const struct tcp_conn *c, unsigned int end)
{
	if (l4->len < 18)
		return;
	put16(l4->b + 16, 0);
	put16(l4->b + 16, craft_l4_sum(&c->addr[end], &c->addr[!end],
				       IPPROTO_TCP, l4->b, l4->len));
}

static void spoil_it(struct walk *w, struct craft *l4, enum spoil spoil)
{
	switch (spoil) {
	case SPOIL_CUT:
		walk_truncate(w, l4, 20);
		break;
	case SPOIL_SHORT_OFFSET:
		l4->b[12] = (uint8_t)(rng_below(&w->rng, 5) << 4);
		break;
	case SPOIL_LONG_OFFSET:
		l4->b[12] = (uint8_t)((6 + rng_below(&w->rng, 10)) << 4);
		break;
	default:
		break;
	}
}

void tcp_send(struct walk *w, struct tcp_conn *c, unsigned int end,
	      const struct segment *s, enum spoil spoil)
{
	struct craft l4;

	build(&l4, c, end, s);
	spoil_it(w, &l4, spoil);
	resum(&l4, c, end);
	if (spoil == SPOIL_CHECKSUM)
		l4.b[16] ^= (uint8_t)(1u << rng_below(&w->rng, 8));
	if (spoil == SPOIL_NOTHING) {
		learn(c, end, s);
		c->last = l4;
		c->last_end = end;
	}
	walk_send(w, &c->addr[end], &c->addr[!end], IPPROTO_TCP, &l4);
}

void tcp_again(struct walk *w, struct tcp_conn *c)
{
	if (c->last.len)
		walk_send(w, &c->addr[c->last_end], &c->addr[!c->last_end],
			  IPPROTO_TCP, &c->last);
}

void tcp_option(struct segment *s, uint8_t kind, const uint8_t *data,
		uint8_t len)
{
	if (s->options_len + len + 2u > sizeof(s->options))
		return;
	s->options[s->options_len++] = kind;
	s->options[s->options_len++] = (uint8_t)(len + 2);
	if (len)
		memcpy(s->options + s->options_len, data, len);
	s->options_len = (uint8_t)(s->options_len + len);
}

static void timestamps(struct segment *s)
{
	static const uint8_t zero[8];

	s->options[s->options_len++] = 1;
	s->options[s->options_len++] = 1;
	tcp_option(s, 8, zero, sizeof(zero));
}

struct segment tcp_plain(struct walk *w, const struct tcp_conn *c,
			 unsigned int end, unsigned int flags, uint16_t len)
{
	static const uint16_t windows[] = { 0, 1, 100, 512, 4096, 16384, 65535 };
	struct segment s = {
		.seq = c->end[end].next, .ack = c->end[!end].next,
		.flags = (uint8_t)flags, .len = len, .window = 8192
	};

	if (!(flags & TCP_ACK))
		s.ack = 0;
	if (rng_percent(&w->rng, 15))
		s.window = windows[rng_below(&w->rng, ARRAY_SIZE(windows))];
	if (rng_percent(&w->rng, 20))
		timestamps(&s);
	return s;
}

struct segment tcp_syn(struct walk *w, const struct tcp_conn *c,
		       unsigned int end, unsigned int flags)
{
	static const uint8_t mss[2] = { 5, 0xb4 };
	struct segment s = tcp_plain(w, c, end, flags, 0);
	uint8_t scale = (uint8_t)rng_below(&w->rng, 16);

	s.options_len = 0;
	if (rng_percent(&w->rng, 80))
		tcp_option(&s, 2, mss, sizeof(mss));
	if (rng_percent(&w->rng, 60))
		tcp_option(&s, 4, NULL, 0);
	if (rng_percent(&w->rng, 60))
		tcp_option(&s, 3, &scale, 1);
	if (rng_percent(&w->rng, 20))
		timestamps(&s);
	if (rng_percent(&w->rng, 4))
		s.len = (uint16_t)rng_below(&w->rng, 100);
	return s;
}

void tcp_restart(struct walk *w, struct tcp_conn *c, unsigned int end)
{
	struct tcp_end *e = &c->end[end];
	uint32_t from = e->next;

	switch (rng_below(&w->rng, 5)) {
	case 0:
		e->next = rng_u32(&w->rng);
		break;
	case 1:
		e->next = 0xffffffff - rng_below(&w->rng, 3000);
		break;
	case 2:
		e->next = from - rng_below(&w->rng, 1000000);
		break;
	default:
		e->next = from + 64000 + rng_below(&w->rng, 100000);
		break;
	}
	e->end = e->max_end = e->next;
	e->max_win = 0;
	e->scale = 0;
}
