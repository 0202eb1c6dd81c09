/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_tcp.c - unusual TCP: sequence numbers at the edges of the window, any
 * combination of flags, broken options and headers, and sequences that the
 * tracker treats specially.
 */
#include "walk_tcp.h"

#include "util.h"

/* A small offset, to find off-by-one errors. */
static uint32_t jitter(struct walk *w)
{
	return rng_below(&w->rng, 5) - 2;
}

/* A SEQ at an edge of the window check, or far away from it. */
static uint32_t odd_seq(struct walk *w, const struct tcp_conn *c,
			unsigned int end, const struct segment *s)
{
	const struct tcp_end *me = &c->end[end], *peer = &c->end[!end];

	switch (rng_below(&w->rng, 9)) {
	case 0:
		return me->max_end + jitter(w);
	case 1:
		return me->max_end + 1 + rng_below(&w->rng, peer->max_win + 1);
	case 2:
		return me->max_end + peer->max_win - s->len + jitter(w);
	case 3:
		return me->end - peer->max_win - s->len + jitter(w);
	case 4:
		return me->next + jitter(w);
	case 5:
		return me->next - rng_below(&w->rng, 20000);
	case 6:
		return me->next + rng_below(&w->rng, 200000);
	case 7:
		return 0;
	default:
		return rng_u32(&w->rng);
	}
}

/* The same for ACK; the lower bound is max(66000, largest window) below. */
static uint32_t odd_ack(struct walk *w, const struct tcp_conn *c,
			unsigned int end)
{
	const struct tcp_end *me = &c->end[end], *peer = &c->end[!end];
	uint32_t back = me->max_win > 66000 ? me->max_win : 66000;

	switch (rng_below(&w->rng, 6)) {
	case 0:
		return peer->end + jitter(w);
	case 1:
		return peer->end - back + jitter(w);
	case 2:
		return peer->end - rng_below(&w->rng, 70000);
	case 3:
		return peer->end + rng_below(&w->rng, 70000);
	case 4:
		return 0;
	default:
		return rng_u32(&w->rng);
	}
}

static unsigned int odd_flags(struct walk *w)
{
	static const uint8_t valid[] = {
		TCP_SYN, TCP_SYN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_ACK,
		TCP_RST, TCP_RST | TCP_ACK, TCP_ACK | TCP_PSH, TCP_SYN,
		TCP_SYN | TCP_URG, TCP_ACK | TCP_URG,
		TCP_FIN | TCP_ACK | TCP_URG, TCP_SYN | TCP_ECE | TCP_CWR
	};

	if (rng_percent(&w->rng, 15))
		return rng_below(&w->rng, 256);
	return valid[rng_below(&w->rng, ARRAY_SIZE(valid))];
}

/* Any flags with the numbers that are expected now. */
static void send_flags(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2), flags = odd_flags(w);
	struct segment s;

	if (flags & TCP_SYN && rng_percent(&w->rng, 50))
		s = tcp_syn(w, c, end, flags);
	else
		s = tcp_plain(w, c, end, flags, (uint16_t)rng_below(&w->rng, 3));
	if (flags & TCP_SYN && rng_percent(&w->rng, 40))
		s.seq = c->end[end].next + rng_below(&w->rng, 100000);
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
}

/* Plausible flags with numbers at the edges of the window. */
static void send_edges(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2);
	unsigned int flags = rng_percent(&w->rng, 50) ? TCP_ACK : odd_flags(w);
	struct segment s = tcp_plain(w, c, end, flags,
				     (uint16_t)rng_below(&w->rng, 200));
	unsigned int which = rng_below(&w->rng, 3);
	struct tcp_conn before = *c;

	if (which != 1)
		s.seq = odd_seq(w, c, end, &s);
	if (which != 0 && flags & TCP_ACK)
		s.ack = odd_ack(w, c, end);
	if (rng_percent(&w->rng, 10))
		s.window = (uint16_t)rng_u32(&w->rng);
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
	/* In most cases the model ignores this segment, as the hosts would. */
	if (rng_percent(&w->rng, 85)) {
		c->end[0] = before.end[0];
		c->end[1] = before.end[1];
	}
}

static void send_spoiled(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2);
	struct segment s = tcp_plain(w, c, end, odd_flags(w),
				     (uint16_t)rng_below(&w->rng, 60));

	tcp_send(w, c, end, &s,
		 (enum spoil)(1 + rng_below(&w->rng, SPOIL_KINDS - 1)));
}

/* Options that end early, have a wrong length, or are there twice. */
static void send_options(struct walk *w, struct tcp_conn *c)
{
	static const uint8_t kinds[] = { 0, 1, 2, 3, 4, 5, 8, 30, 254 };
	unsigned int end = rng_below(&w->rng, 2);
	struct segment s = tcp_plain(w, c, end, odd_flags(w), 0);
	uint32_t want = rng_below(&w->rng, 41);

	s.options_len = 0;
	while (s.options_len < want) {
		uint8_t kind = kinds[rng_below(&w->rng, ARRAY_SIZE(kinds))];

		s.options[s.options_len++] = kind;
		if (kind > 1 && s.options_len < want)
			s.options[s.options_len++] =
				(uint8_t)rng_below(&w->rng, 12);
		for (uint32_t n = rng_below(&w->rng, 4);
		     n && kind > 1 && s.options_len < want; n--)
			s.options[s.options_len++] = (uint8_t)rng_u32(&w->rng);
	}
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
}

/* A SYN into an open connection, and possible answers. */
static void resync(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = c->opener, dice = rng_below(&w->rng, 100);
	struct segment s;

	tcp_restart(w, c, end);
	s = tcp_syn(w, c, end, TCP_SYN);
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
	if (dice < 45) {
		s = tcp_syn(w, c, !end, TCP_SYN | TCP_ACK);
		tcp_send(w, c, !end, &s, SPOIL_NOTHING);
		c->phase = PHASE_SYNACK;
	} else if (dice < 70) {
		s = tcp_plain(w, c, !end, TCP_RST | TCP_ACK, 0);
		tcp_send(w, c, !end, &s, SPOIL_NOTHING);
	} else {
		s = tcp_plain(w, c, !end, TCP_ACK, 0);
		s.ack = rng_u32(&w->rng);
		tcp_send(w, c, !end, &s, SPOIL_NOTHING);
		s = tcp_plain(w, c, end, TCP_RST, 0);
		s.seq = rng_percent(&w->rng, 80) ? c->end[end].next : 0;
		tcp_send(w, c, end, &s, SPOIL_NOTHING);
	}
}

/* A FIN or RST out of the window from one end, then from the other. */
static void both_end_outside(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2);

	for (unsigned int i = 0; i < 2; i++, end = !end) {
		unsigned int flags = rng_percent(&w->rng, 50) ? TCP_RST
				   : TCP_FIN | TCP_ACK;
		struct segment s = tcp_plain(w, c, end, flags, 0);
		struct tcp_conn before = *c;

		s.seq += 0x10000000;
		tcp_send(w, c, end, &s, SPOIL_NOTHING);
		c->end[0] = before.end[0];
		c->end[1] = before.end[1];
	}
}

/* Data and then RSTs behind it, at least one with an old number. */
static void reset_train(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2);
	struct segment s = tcp_plain(w, c, end, TCP_ACK | TCP_PSH, 19);

	tcp_send(w, c, end, &s, SPOIL_NOTHING);
	for (uint32_t n = 1 + rng_below(&w->rng, 2); n; n--) {
		s = tcp_plain(w, c, end, TCP_RST | TCP_ACK, 0);
		s.seq -= rng_below(&w->rng, 3) * 19;
		tcp_send(w, c, end, &s, SPOIL_NOTHING);
	}
	c->phase = PHASE_DONE;
}

void walk_tcp(struct walk *w)
{
	struct tcp_conn *c = &w->tcp[rng_below(&w->rng, WALK_TCP_CONNS)];
	unsigned int dice = rng_below(&w->rng, 1000);

	if (dice < 620)
		tcp_follow(w, c);
	else if (dice < 780)
		send_edges(w, c);
	else if (dice < 890)
		send_flags(w, c);
	else if (dice < 930)
		send_spoiled(w, c);
	else if (dice < 960)
		send_options(w, c);
	else if (dice < 978)
		resync(w, c);
	else if (dice < 990)
		both_end_outside(w, c);
	else
		reset_train(w, c);
}
