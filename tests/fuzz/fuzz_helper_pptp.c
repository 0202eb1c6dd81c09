/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_helper_pptp.c - any payloads for the helper of PPTP (libFuzzer).
 *
 * The input is a list of actions of four pairs of peers, where two pairs each
 * are the same two hosts: an octet chooses the pair and the action, its
 * arguments follow.  A pair may open another control connection, from the same
 * port or the next; its earlier connections live on.  Control messages are raw
 * payloads, or built from their type, two numbers and a result, so that the
 * fuzzer need not guess the long ones.
 */
#include "wire.h"

#define BACK	0x01u		/* from the server */
#define PAIR	0x06u
#define WHAT	0x38u

enum what { MESSAGE, RAW, CALL, TUNNEL, WAIT, RESET, OPEN, CUT };

#define PAIRS	4u
#define TCP	20u
#define HEADER	12u		/* of a control message */
#define MESSAGE_LEN (HEADER + 208)

struct run {
	struct wire wire;
	const uint8_t *in, *end;
	struct flow flow[PAIRS];
	ct_time now;
	size_t sessions;
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

static void segment(struct run *r, unsigned int pair, bool back, uint8_t flags,
		    const uint8_t *data, uint32_t len, uint32_t cut)
{
	flow_say(&r->wire, &r->flow[pair], back, flags, data, len,
		 cut < TCP + len ? cut : 0);
}

static void open_session(struct run *r, unsigned int pair, bool again)
{
	struct flow *f = &r->flow[pair];

	r->sessions++;
	if (!again)
		f->ports[0] = (uint16_t)(f->ports[0] + PAIRS);
	f->seq[0] += 100000;
	f->seq[1] += 100000;
	flow_open(&r->wire, f);
}

static void message(struct run *r, unsigned int pair, bool back, uint32_t cut)
{
	static const uint8_t result_at[16] = { [2] = 2, [8] = 4, [10] = 4 };
	uint8_t m[MESSAGE_LEN] = { 0 }, type = octet(r);

	put16(m + 2, 1);
	put32(m + 4, 0x1a2b3c4d);
	m[9] = type;
	put16(m + HEADER, word(r));
	put16(m + HEADER + 2, word(r));
	m[HEADER + result_at[type & 15]] |= octet(r);
	segment(r, pair, back, PSH | ACK, m, sizeof(m), cut);
}

static void raw(struct run *r, unsigned int pair, bool back)
{
	uint32_t len = octet(r), there = (uint32_t)(r->end - r->in);

	if (len > there)
		len = there;
	segment(r, pair, back, PSH | ACK, r->in, len, 0);
	r->in += len;
}

static void call(struct run *r, unsigned int pair, bool back, uint16_t version)
{
	const struct flow *f = &r->flow[pair];
	struct ct_tuple t = {
		.src = f->ends[back], .dst = f->ends[!back],
		.l3num = CT_L3_IPV4, .protonum = CT_L4_GRE,
	};
	uint8_t gre[16] = { 0 };

	put16(gre, version);
	put16(gre + 2, version ? 0x880b : 0x0800);
	if (version)
		put16(gre + 6, word(r));
	wire_send(&r->wire, &t, 0, NULL, gre, sizeof(gre), 0);
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
		ct_advance(r->wire.ct, r->now);
		break;
	case RESET:
		segment(r, pair, back, RST | ACK, NULL, 0, 0);
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
	static struct run r;
	struct ct_config cfg;
	size_t expected = 0;

	memset(&r, 0, sizeof(r));
	r.in = data;
	r.end = data + size;
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	ct_config_all_helpers(&cfg);
	ct_create(&r.wire.ct, &cfg, NULL);
	if (!r.wire.ct)
		return 0;
	r.now = CT_NSEC_PER_SEC;
	ct_advance(r.wire.ct, r.now);
	for (unsigned int i = 0; i < PAIRS; i++) {
		struct flow *f = &r.flow[i];

		flow_ends(f, false);
		/* Each host has two of the pairs. */
		f->ends[0].b[3] = (uint8_t)(10 + i / 2);
		f->protonum = CT_L4_TCP;
		f->ports[0] = (uint16_t)(1041 + i);
		f->ports[1] = 1723;
		open_session(&r, i, true);
	}
	while (r.in < r.end)
		step(&r);
	if (ct_expectations(r.wire.ct, count, &expected) ||
	    expected > 2 * r.sessions)
		abort();
	ct_destroy(r.wire.ct);
	return 0;
}
