/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_helper_pptp.c - what the PPTP helper makes of anything (libFuzzer).
 *
 * The input is a list of what four pairs of peers do, of which each two are
 * the same two hosts: an octet says who and what, the octets that it needs
 * follow.  A pair may begin anew, from the same port or the next; what it had
 * before lives on.  Control messages come as raw payloads, or made up from their type,
 * two words and a result, so that the long ones need not be guessed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"

#define BACK	0x01u		/* from the server */
#define PAIR	0x06u
#define WHAT	0x38u

enum what { MESSAGE, RAW, CALL, TUNNEL, WAIT, RESET, OPEN, CUT };

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

#define PAIRS	4u
#define IP	20u
#define TCP	20u
#define HEADER	12u		/* of a control message */

struct peers {
	uint16_t port;
	uint32_t seq[2];
};

struct run {
	struct ct *ct;
	const uint8_t *in, *end;
	struct peers peers[PAIRS];
	ct_time now;
	uint64_t number;
	size_t sessions;
	uint8_t b[IP + TCP + 512];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t octet(struct run *r)
{
	return r->in < r->end ? *r->in++ : 0;
}

static uint16_t word(struct run *r)
{
	uint16_t high = octet(r);

	return (uint16_t)(high << 8 | octet(r));
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* Each packet ends where memory ends. */
static void send_packet(struct run *r, unsigned int pair, bool back,
			uint8_t protonum, uint32_t len, uint32_t cut)
{
	const uint8_t ends[2][4] = {
		{ 192, 0, 2, (uint8_t)(10 + pair / 2) }, { 198, 51, 100, 20 }
	};
	uint32_t n = IP + len, caplen = cut < len ? n - cut : n;
	uint8_t *copy = malloc(caplen);
	struct ct_packet pkt;
	struct ct_verdict v;

	if (!copy)
		abort();
	memset(r->b, 0, IP);
	r->b[0] = 0x45;
	put16(r->b + 2, n);
	r->b[9] = protonum;
	memcpy(r->b + 12, ends[back], 4);
	memcpy(r->b + 16, ends[!back], 4);
	memcpy(copy, r->b, caplen);
	if (ct_packet_parse(&pkt, copy, caplen, n, CT_L3_IPV4, CT_PARSE_OFFLOAD) !=
	    CT_PACKET_OK)
		abort();
	pkt.number = ++r->number;
	ct_track(r->ct, &pkt, &v);
	ct_confirm(r->ct, &v);
	free(copy);
}

/* The payload is in its place already. */
static void segment(struct run *r, unsigned int pair, bool back, uint8_t flags,
		    uint32_t len, uint32_t cut)
{
	struct peers *p = &r->peers[pair];
	uint8_t *tcp = r->b + IP;

	memset(tcp, 0, TCP);
	put16(tcp, back ? 1723 : p->port);
	put16(tcp + 2, back ? p->port : 1723);
	put32(tcp + 4, p->seq[back]);
	if (flags & ACK)
		put32(tcp + 8, p->seq[!back]);
	tcp[12] = 0x50;
	tcp[13] = flags;
	put16(tcp + 14, 65535);
	send_packet(r, pair, back, CT_L4_TCP, TCP + len, cut);
	p->seq[back] += len + (flags & (SYN | FIN) ? 1 : 0);
}

static void open_session(struct run *r, unsigned int pair, bool again)
{
	r->sessions++;
	if (!again)
		r->peers[pair].port = (uint16_t)(r->peers[pair].port + PAIRS);
	r->peers[pair].seq[0] += 100000;
	r->peers[pair].seq[1] += 100000;
	segment(r, pair, false, SYN, 0, 0);
	segment(r, pair, true, SYN | ACK, 0, 0);
	segment(r, pair, false, ACK, 0, 0);
}

static void message(struct run *r, unsigned int pair, bool back, uint32_t cut)
{
	static const uint8_t result_at[16] = { [2] = 2, [8] = 4, [10] = 4 };
	uint8_t *m = r->b + IP + TCP, type = octet(r);

	memset(m, 0, HEADER + 208);
	put16(m + 2, 1);
	put32(m + 4, 0x1a2b3c4d);
	m[9] = type;
	put16(m + HEADER, word(r));
	put16(m + HEADER + 2, word(r));
	m[HEADER + result_at[type & 15]] |= octet(r);
	segment(r, pair, back, PSH | ACK, HEADER + 208, cut);
}

static void raw(struct run *r, unsigned int pair, bool back)
{
	uint32_t len = octet(r), there = (uint32_t)(r->end - r->in);

	if (len > there)
		len = there;
	memcpy(r->b + IP + TCP, r->in, len);
	r->in += len;
	segment(r, pair, back, PSH | ACK, len, 0);
}

static void call(struct run *r, unsigned int pair, bool back, uint16_t version)
{
	uint8_t *gre = r->b + IP;

	memset(gre, 0, 16);
	put16(gre, version);
	put16(gre + 2, version ? 0x880b : 0x0800);
	if (version)
		put16(gre + 6, word(r));
	send_packet(r, pair, back, CT_L4_GRE, 16, 0);
}

static void step(struct run *r)
{
	uint8_t how = octet(r);
	unsigned int pair = (how & PAIR) >> 1;
	bool back = how & BACK;

	switch ((enum what)((how & WHAT) >> 3)) {
	case MESSAGE:
		message(r, pair, back, 0);
		break;
	case RAW:
		raw(r, pair, back);
		break;
	case CALL:
		call(r, pair, back, 0x3001);
		break;
	case TUNNEL:
		call(r, pair, back, 0);
		break;
	case WAIT:
		r->now += octet(r) * CT_NSEC_PER_SEC;
		ct_advance(r->ct, r->now);
		break;
	case RESET:
		segment(r, pair, back, RST | ACK, 0, 0);
		break;
	case OPEN:
		open_session(r, pair, back);
		break;
	case CUT:
		message(r, pair, back, octet(r));
		break;
	}
}

static bool count(void *arg, const struct ct_expect_record *x)
{
	++*(size_t *)arg;
	return x->master != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run r = { .in = data, .end = data + size };
	struct ct_config cfg;
	size_t expected = 0;

	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	ct_config_all_helpers(&cfg);
	r.ct = ct_create(&cfg);
	if (!r.ct)
		return 0;
	r.now = CT_NSEC_PER_SEC;
	ct_advance(r.ct, r.now);
	for (unsigned int i = 0; i < PAIRS; i++) {
		r.peers[i].port = (uint16_t)(1041 + i);
		open_session(&r, i, true);
	}
	while (r.in < r.end)
		step(&r);
	if (ct_expectations(r.ct, count, &expected) || expected > 2 * r.sessions)
		abort();
	ct_destroy(r.ct);
	return 0;
}
