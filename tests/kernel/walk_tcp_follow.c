/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_tcp_follow.c - connections that follow the protocol in most steps: they
 * lead the walk into the states in which other segments then break it.
 */
#include "walk_tcp.h"

#include "util.h"

static void plain(struct walk *w, struct tcp_conn *c, unsigned int end,
		  unsigned int flags, uint16_t len)
{
	struct segment s = tcp_plain(w, c, end, flags, len);

	tcp_send(w, c, end, &s, SPOIL_NOTHING);
}

static uint16_t some_bytes(struct walk *w)
{
	static const uint16_t sizes[] = { 0, 1, 2, 10, 100, 536, 1460, 3000 };

	return sizes[rng_below(&w->rng, ARRAY_SIZE(sizes))];
}

static void new_names(struct walk *w, struct tcp_conn *c)
{
	uint8_t version = walk_version(w);

	c->addr[0] = *walk_addr(w, version);
	c->addr[1] = *walk_other_addr(w, &c->addr[0]);
	c->port[0] = (uint16_t)(40000 + rng_below(&w->rng, 40));
	c->port[1] = (uint16_t)(rng_percent(&w->rng, 50) ? 80 : 443);
	/*
	 * A connection of a port to itself: both directions have the same
	 * tuple.
	 */
	if (rng_percent(&w->rng, 4)) {
		c->addr[1] = c->addr[0];
		c->port[1] = c->port[0];
	}
}

static void open_one(struct walk *w, struct tcp_conn *c)
{
	struct segment s;

	if (rng_percent(&w->rng, 45))
		new_names(w, c);
	c->opener = rng_percent(&w->rng, 85) ? 0 : 1;
	tcp_restart(w, c, 0);
	tcp_restart(w, c, 1);
	if (rng_percent(&w->rng, 12)) {
		c->end[0].max_win = c->end[1].max_win = 8192;
		c->phase = PHASE_OPEN;
		plain(w, c, c->opener, TCP_ACK | TCP_PSH, some_bytes(w));
		return;
	}
	s = tcp_syn(w, c, c->opener, TCP_SYN);
	tcp_send(w, c, c->opener, &s, SPOIL_NOTHING);
	c->phase = PHASE_SYN;
}

static void send_syn_ack(struct walk *w, struct tcp_conn *c, unsigned int end)
{
	struct segment s = tcp_syn(w, c, end, TCP_SYN | TCP_ACK);

	/* A retransmitted SYN has the first SYN's sequence number. */
	if (c->phase == PHASE_CROSSED || c->phase == PHASE_SYNACK)
		s.seq = c->end[end].next - 1;
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
}

static void after_syn(struct walk *w, struct tcp_conn *c)
{
	unsigned int peer = !c->opener, dice = rng_below(&w->rng, 100);
	struct segment s;

	if (dice < 64) {
		send_syn_ack(w, c, peer);
		c->phase = PHASE_SYNACK;
	} else if (dice < 73) {
		tcp_again(w, c);
	} else if (dice < 85) {
		s = tcp_syn(w, c, peer, TCP_SYN);
		tcp_send(w, c, peer, &s, SPOIL_NOTHING);
		c->phase = PHASE_CROSSED;
	} else if (dice < 90) {
		s = tcp_plain(w, c, peer, TCP_RST | TCP_ACK, 0);
		s.seq = 0;
		tcp_send(w, c, peer, &s, SPOIL_NOTHING);
		c->phase = PHASE_IDLE;
	} else if (dice < 95) {
		/* A challenge ACK: it acknowledges another number. */
		s = tcp_plain(w, c, peer, TCP_ACK, 0);
		s.ack = rng_u32(&w->rng);
		tcp_send(w, c, peer, &s, SPOIL_NOTHING);
	} else {
		tcp_restart(w, c, c->opener);
		s = tcp_syn(w, c, c->opener, TCP_SYN);
		tcp_send(w, c, c->opener, &s, SPOIL_NOTHING);
	}
}

/* A simultaneous open: each end answers the other's SYN with a SYN/ACK. */
static void after_crossed(struct walk *w, struct tcp_conn *c)
{
	unsigned int dice = rng_below(&w->rng, 100);

	if (dice < 70) {
		send_syn_ack(w, c, rng_below(&w->rng, 2));
		c->phase = PHASE_SYNACK;
	} else if (dice < 80) {
		tcp_again(w, c);
	} else if (dice < 92) {
		plain(w, c, rng_below(&w->rng, 2), TCP_ACK, 0);
	} else {
		c->phase = PHASE_IDLE;
	}
}

static void after_syn_ack(struct walk *w, struct tcp_conn *c)
{
	unsigned int dice = rng_below(&w->rng, 100);

	if (dice < 75) {
		plain(w, c, c->opener, TCP_ACK, dice < 60 ? 0 : some_bytes(w));
		c->phase = PHASE_OPEN;
	} else if (dice < 82) {
		send_syn_ack(w, c, !c->opener);
	} else if (dice < 88) {
		tcp_again(w, c);
	} else if (dice < 94) {
		plain(w, c, rng_below(&w->rng, 2), TCP_FIN | TCP_ACK, 0);
		c->phase = PHASE_FIN;
	} else {
		plain(w, c, rng_below(&w->rng, 2), TCP_RST, 0);
		c->phase = PHASE_IDLE;
	}
}

/* An ACK with SACK blocks, which acknowledge data behind a gap. */
static void send_sack(struct walk *w, struct tcp_conn *c, unsigned int end)
{
	uint32_t edge = c->end[!end].end, blocks = 1 + rng_below(&w->rng, 3);
	struct segment s = tcp_plain(w, c, end, TCP_ACK, 0);
	uint8_t data[24];

	s.options_len = 0;
	s.ack = edge - rng_below(&w->rng, 5000);
	for (uint32_t i = 0; i < blocks; i++) {
		uint32_t right = edge - 100 * i + (rng_percent(&w->rng, 15)
				 ? rng_below(&w->rng, 3) : 0);

		put32(data + 8 * i, right - 50);
		put32(data + 8 * i + 4, right);
	}
	tcp_option(&s, 5, data, (uint8_t)(8 * blocks));
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
}

static void keepalive(struct walk *w, struct tcp_conn *c, unsigned int end)
{
	struct segment s = tcp_plain(w, c, end, TCP_ACK,
				     (uint16_t)rng_below(&w->rng, 2));

	s.seq--;
	tcp_send(w, c, end, &s, SPOIL_NOTHING);
}

static void while_open(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2), dice = rng_below(&w->rng, 100);
	struct segment s;

	if (dice < 40) {
		plain(w, c, end, TCP_ACK | TCP_PSH, some_bytes(w));
	} else if (dice < 57) {
		plain(w, c, end, TCP_ACK, 0);
	} else if (dice < 63) {
		send_sack(w, c, end);
	} else if (dice < 67) {
		keepalive(w, c, end);
	} else if (dice < 71) {
		s = tcp_plain(w, c, end, TCP_ACK, 0);
		s.window = 0;
		tcp_send(w, c, end, &s, SPOIL_NOTHING);
	} else if (dice < 76) {
		for (uint32_t i = rng_below(&w->rng, 5) + 1; i; i--)
			tcp_again(w, c);
	} else if (dice < 97) {
		plain(w, c, end, TCP_FIN | TCP_ACK, some_bytes(w) & 127);
		c->closer = end;
		c->phase = PHASE_FIN;
	} else {
		plain(w, c, end, dice & 1 ? TCP_RST : TCP_RST | TCP_ACK, 0);
		c->phase = PHASE_DONE;
	}
}

static void after_fin(struct walk *w, struct tcp_conn *c)
{
	unsigned int dice = rng_below(&w->rng, 100);

	if (dice < 35) {
		plain(w, c, !c->closer, TCP_ACK, 0);
	} else if (dice < 50) {
		plain(w, c, !c->closer, TCP_ACK | TCP_PSH, some_bytes(w));
	} else if (dice < 85) {
		plain(w, c, !c->closer, TCP_FIN | TCP_ACK, 0);
		c->phase = PHASE_FINS;
	} else if (dice < 92) {
		tcp_again(w, c);
	} else {
		plain(w, c, rng_below(&w->rng, 2), TCP_RST | TCP_ACK, 0);
		c->phase = PHASE_DONE;
	}
}

static void after_fins(struct walk *w, struct tcp_conn *c)
{
	unsigned int dice = rng_below(&w->rng, 100);

	if (dice < 60) {
		plain(w, c, c->closer, TCP_ACK, 0);
		c->phase = PHASE_DONE;
	} else if (dice < 75) {
		tcp_again(w, c);
	} else if (dice < 90) {
		plain(w, c, rng_below(&w->rng, 2), TCP_ACK, 0);
	} else {
		plain(w, c, rng_below(&w->rng, 2), TCP_RST, 0);
		c->phase = PHASE_DONE;
	}
}

static void when_done(struct walk *w, struct tcp_conn *c)
{
	unsigned int end = rng_below(&w->rng, 2), dice = rng_below(&w->rng, 100);

	if (dice < 45)
		open_one(w, c);
	else if (dice < 60)
		tcp_again(w, c);
	else if (dice < 75)
		plain(w, c, end, TCP_ACK, 0);
	else if (dice < 85)
		plain(w, c, end, TCP_FIN | TCP_ACK, 0);
	else
		plain(w, c, end, TCP_RST, 0);
}

void tcp_follow(struct walk *w, struct tcp_conn *c)
{
	static void (*const steps[])(struct walk *w, struct tcp_conn *c) = {
		[PHASE_IDLE] = open_one, [PHASE_SYN] = after_syn,
		[PHASE_CROSSED] = after_crossed,
		[PHASE_SYNACK] = after_syn_ack, [PHASE_OPEN] = while_open,
		[PHASE_FIN] = after_fin, [PHASE_FINS] = after_fins,
		[PHASE_DONE] = when_done,
	};

	steps[c->phase](w, c);
}

void walk_tcp_start(struct walk *w)
{
	for (unsigned int i = 0; i < WALK_TCP_CONNS; i++) {
		new_names(w, &w->tcp[i]);
		w->tcp[i].end[0].next = rng_u32(&w->rng);
		w->tcp[i].end[1].next = rng_u32(&w->rng);
	}
}
