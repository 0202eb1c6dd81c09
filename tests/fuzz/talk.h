/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * talk.h - two connections with a helper, and the payloads on them from the
 * input; for the targets of simple protocols.
 *
 * The input's first octet chooses among the TALK_... below; then come payloads,
 * each after an octet of SAY_... and two octets of its length.
 */
#ifndef TALK_H
#define TALK_H 1

#include "wire.h"

#define TALK_IPV6	0x1u
#define TALK_CUT	0x2u	/* a third of each payload was not captured */
#define TALK_FULL	0x4u	/* one expectation is all that the engine keeps */

#define SAY_SERVER	0x01u	/* the server says it, else the client */
#define SAY_OTHER	0x02u	/* on the other connection */
#define SAY_AGAIN	0x04u	/* what follows has the same sequence number */
#define SAY_LATE	0x08u	/* two seconds later */
#define SAY_MEET	0x10u	/* then somebody comes where the newest expects it */

#define TALK_SECONDS	300u	/* an expectation's, at most */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target's helper. */
struct talk_helper {
	const char *name;
	uint8_t protonum;
	uint16_t port;
	uint32_t most;		/* expectations of one connection */
};

struct talk {
	const struct talk_helper *helper;
	uint8_t how;
	struct flow flow[2];
	ct_time now;

	size_t expected;
	struct ct_expect_record newest;
	struct wire wire;	/* after the members that are cleared */
};

static void say(struct talk *talk, uint8_t how, const uint8_t *data, uint32_t n)
{
	unsigned int who = how & SAY_SERVER ? 1 : 0;
	struct flow *flow = &talk->flow[how & SAY_OTHER ? 1 : 0];
	uint32_t seq = flow->seq[who];

	flow_say(&talk->wire, flow, who, PSH | ACK, data, n,
		 talk->how & TALK_CUT ? n / 3 : 0);
	if (how & SAY_AGAIN)
		flow->seq[who] = seq;
}

/*
 * Returns an empty engine.  Its creation takes far longer than most inputs, so
 * an engine is used again after all its entries have expired.
 */
static struct ct *engine(uint8_t how)
{
	static struct ct *engines[2];
	static unsigned int uses;
	struct ct **ct = &engines[how & TALK_FULL ? 1 : 0];
	struct ct_config cfg;

	if (++uses % 4096 == 0) {
		ct_destroy(*ct);
		*ct = NULL;
	}
	if (*ct) {
		ct_advance(*ct, ct_now(*ct) + 1000 * CT_NSEC_PER_SEC);
		if (ct_count(*ct))
			abort();
		return *ct;
	}
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	cfg.sysctl.tcp_be_liberal = 1;
	cfg.sysctl.tcp_timeout_established = 600;
	if (how & TALK_FULL)
		cfg.sysctl.expect_max = 1;
	ct_config_all_helpers(&cfg);
	ct_create(ct, &cfg, NULL);
	return *ct;
}

static bool talk_begin(struct talk *talk, const struct talk_helper *helper,
		       uint8_t how)
{
	memset(talk, 0, offsetof(struct talk, wire.packet));
	talk->helper = helper;
	talk->how = how;
	talk->wire.ct = engine(how);
	if (!talk->wire.ct)
		return false;
	talk->now = ct_now(talk->wire.ct);
	for (unsigned int i = 0; i < 2; i++) {
		struct flow *flow = &talk->flow[i];

		flow_ends(flow, how & TALK_IPV6);
		flow->protonum = helper->protonum;
		flow->ports[0] = (uint16_t)(40000 + i);
		flow->ports[1] = helper->port;
		if (helper->protonum == CT_L4_TCP)
			flow_open(&talk->wire, flow);
	}
	return true;
}

/* An expectation must be between the two ends, and must expire. */
static bool talk_check(void *arg, const struct ct_expect_record *r)
{
	struct talk *talk = arg;
	const union ct_addr *dst = &r->tuple.dst, *ends = talk->flow[0].ends;

	talk->expected++;
	talk->newest = *r;
	if (strcmp(r->helper, talk->helper->name) || !r->master ||
	    (memcmp(dst, &ends[0], 16) && memcmp(dst, &ends[1], 16)) ||
	    r->tuple.sport || r->mask.sport ||
	    r->expires > talk->now + TALK_SECONDS * CT_NSEC_PER_SEC)
		abort();
	return true;
}

static void talk_meet(struct talk *talk)
{
	static const uint32_t seq[2];
	const union ct_addr *ends = talk->flow[0].ends;
	struct ct_tuple t = talk->newest.tuple;
	uint64_t met = ct_stats(talk->wire.ct)->met;

	t.src = ends[memcmp(&t.dst, &ends[1], 16) != 0];
	t.sport = (uint16_t)(50000 + talk->wire.number);
	wire_send(&talk->wire, &t, SYN, seq, NULL, 0, 0);
	/* A connection with these ports may exist already. */
	if (ct_stats(talk->wire.ct)->met > met + 1)
		abort();
}

static int talk_fuzz(const struct talk_helper *helper, const uint8_t *data,
		     size_t size)
{
	static struct talk talk;

	if (size < 1 || !talk_begin(&talk, helper, data[0]))
		return 0;
	for (data++, size--; size >= 3; ) {
		uint8_t how = data[0];
		uint32_t n = (uint32_t)data[1] << 8 | data[2];

		data += 3;
		size -= 3;
		n = n < size ? n : (uint32_t)size;
		n = n < 65000 ? n : 65000;
		if (how & SAY_LATE)
			ct_advance(talk.wire.ct, talk.now += 2 * CT_NSEC_PER_SEC);
		say(&talk, how, data, n);
		data += n;
		size -= n;
		talk.expected = 0;
		if (ct_expectations(talk.wire.ct, talk_check, &talk) ||
		    talk.expected > 2 * helper->most)
			abort();
		if (talk.expected && (how & SAY_MEET))
			talk_meet(&talk);
	}
	return 0;
}

#endif
