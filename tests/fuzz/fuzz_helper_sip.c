/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_helper_sip.c - one SIP connection on which anything may be said
 * (libFuzzer).
 *
 * The first octet's low bits choose TCP, IPv6, packets that are cut, and a
 * lack of room.  The rest is payloads, each behind an octet of 1 (the phone
 * says it), 2 (the registrar does) or 3 (it does two seconds later), so that
 * seeds are text.  In the end somebody calls each place where the connection
 * expects it.
 */
#include "wire.h"

#define TCP	0x1u
#define IPV6	0x2u
#define CUT	0x4u
#define FULL	0x8u		/* one expectation is all that the engine keeps */

#define PHONE_PORT	5070u
#define SIP_PORT	5060u
#define EXPECTED_MOST	11u	/* all classes together */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct talk {
	struct wire wire;
	struct flow flow;
	unsigned int how;
	ct_time now;

	struct ct_expect_record expected[EXPECTED_MOST];
	size_t nexpected;
};

static uint32_t cut_of(const struct talk *talk, uint32_t n)
{
	return talk->how & CUT ? n / 3 : 0;
}

static bool talk_init(struct talk *talk, unsigned int how)
{
	struct flow *flow = &talk->flow;
	struct ct_config cfg;

	talk->how = how;
	flow_ends(flow, how & IPV6);
	flow->protonum = how & TCP ? CT_L4_TCP : CT_L4_UDP;
	flow->ports[0] = PHONE_PORT;
	flow->ports[1] = SIP_PORT;
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	cfg.sysctl.tcp_be_liberal = 1;
	if (how & FULL)
		cfg.sysctl.expect_max = 1;
	ct_config_all_helpers(&cfg);
	talk->wire.ct = ct_create(&cfg);
	if (!talk->wire.ct)
		return false;
	talk->now = CT_NSEC_PER_SEC;
	ct_advance(talk->wire.ct, talk->now);
	if (how & TCP)
		flow_open(&talk->wire, flow);
	return true;
}

static bool note(void *arg, const struct ct_expect_record *r)
{
	struct talk *talk = arg;

	if (talk->nexpected == EXPECTED_MOST)
		abort();
	talk->expected[talk->nexpected++] = *r;
	return true;
}

/* No more than the policy has, only at the two ends, and no low port. */
static void check(struct talk *talk)
{
	static const unsigned int most[] = { 1, 4, 4, 2 };
	const union ct_addr *ends = talk->flow.ends;
	unsigned int n[4] = { 0 };

	talk->nexpected = 0;
	if (ct_expectations(talk->wire.ct, note, talk))
		abort();
	for (size_t i = 0; i < talk->nexpected; i++) {
		const struct ct_expect_record *r = &talk->expected[i];

		if (++n[r->class_number] > most[r->class_number] || r->tuple.dport < 1024 ||
		    (memcmp(&r->tuple.dst, &ends[0], 16) != 0 &&
		     memcmp(&r->tuple.dst, &ends[1], 16) != 0) ||
		    memcmp(&r->tuple.dst, &r->tuple.src, 16) == 0 ||
		    r->expires < talk->now)
			abort();
	}
}

/* Calls meet expectations, and are heard by the helper too. */
static void meet(struct talk *talk, const uint8_t *data, uint32_t n)
{
	static const uint32_t seq[2] = { 1 };

	for (size_t i = 0; i < talk->nexpected; i++) {
		struct ct_tuple t = talk->expected[i].tuple;
		uint32_t len = t.protonum == CT_L4_UDP ? n : 0;

		t.sport = 999;
		wire_send(&talk->wire, &t, SYN, seq, data, len, cut_of(talk, len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct talk talk;
	uint32_t n = 0;

	memset(&talk, 0, sizeof(talk));
	if (size < 2 || size > 60000 || !talk_init(&talk, data[0]))
		return 0;
	for (data++, size--; size; data += n, size -= n) {
		uint8_t who = *data;

		if (who >= 1 && who <= 3) {
			data++;
			size--;
		}
		if (who == 3)
			ct_advance(talk.wire.ct, talk.now += 2 * CT_NSEC_PER_SEC);
		for (n = 0; n < size && (data[n] < 1 || data[n] > 3); n++)
			;
		flow_say(&talk.wire, &talk.flow, who == 2 || who == 3, PSH | ACK,
			 data, n, cut_of(&talk, n));
		check(&talk);
	}
	meet(&talk, data - n, n);
	ct_destroy(talk.wire.ct);
	return 0;
}
