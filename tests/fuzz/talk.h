/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * talk.h - two connections that a helper listens to, and an input that says
 * what is said on them; for the targets whose protocols are simple.
 *
 * The input's first octet chooses among the TALK_... below; then come payloads,
 * each behind an octet of SAY_... and two of its length.
 */
#ifndef TALK_H
#define TALK_H 1

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"

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

/* What the target is about. */
struct talk_helper {
	const char *name;
	uint8_t protonum;
	uint16_t port;
	uint32_t most;		/* expectations of one connection */
};

struct talk {
	const struct talk_helper *helper;
	struct ct *ct;
	uint8_t how;
	union ct_addr ends[2];
	uint32_t seq[2][2];	/* by connection and end */
	ct_time now;
	uint64_t number;

	size_t expected;
	struct ct_expect_record newest;
	uint8_t packet[65536];
};

static uint8_t *put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static void ip_checksum(uint8_t *p)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	put16(p + 10, ~(sum + (sum >> 16)) & 0xffff);
}

static uint8_t *ip_header(uint8_t *p, const struct ct_tuple *t, uint32_t n)
{
	memset(p, 0, 40);
	if (t->l3num == CT_L3_IPV6) {
		p[0] = 0x60;
		put16(p + 4, n);
		p[6] = t->protonum;
		memcpy(p + 8, &t->src, 16);
		memcpy(p + 24, &t->dst, 16);
		return p + 40;
	}
	p[0] = 0x45;
	put16(p + 2, 20 + n);
	p[9] = t->protonum;
	memcpy(p + 12, &t->src, 4);
	memcpy(p + 16, &t->dst, 4);
	ip_checksum(p);
	return p + 20;
}

/* The engine gets memory that ends where the packet does. */
static void through(struct talk *talk, uint32_t caplen, uint32_t len)
{
	struct ct_verdict v;
	struct ct_packet pkt;
	uint8_t *copy = malloc(caplen);

	if (!copy)
		return;
	memcpy(copy, talk->packet, caplen);
	if (ct_packet_parse(&pkt, copy, caplen, len, talk->how & TALK_IPV6 ?
			    CT_L3_IPV6 : CT_L3_IPV4, 0) != CT_PACKET_OK)
		abort();
	pkt.number = ++talk->number;
	ct_track(talk->ct, &pkt, &v);
	ct_confirm(talk->ct, &v);
	if (v.dropped && !v.nwhy)
		abort();
	free(copy);
}

static void emit(struct talk *talk, const struct ct_tuple *t, uint8_t flags,
		 const uint32_t seq[2], const uint8_t *data, uint32_t n)
{
	uint8_t *p = talk->packet;
	uint32_t len, cut = talk->how & TALK_CUT ? n / 3 : 0;

	p = ip_header(p, t, n + (t->protonum == CT_L4_UDP ? 8 : 20));
	p = put16(put16(p, t->sport), t->dport);
	if (t->protonum == CT_L4_UDP) {
		p = put16(put16(p, 8 + n), 0);
	} else {
		p = put32(put32(p, seq[0]), flags & 0x10 ? seq[1] : 0);
		*p++ = 0x50;
		*p++ = flags;
		p = put32(put16(p, 65535), 0);
	}
	if (n)
		memcpy(p, data, n);
	len = (uint32_t)(p - talk->packet) + n;
	through(talk, len - cut, len);
}

static void say(struct talk *talk, uint8_t how, uint8_t flags,
		const uint8_t *data, uint32_t n)
{
	unsigned int who = how & SAY_SERVER ? 1 : 0, which = how & SAY_OTHER ? 1 : 0;
	uint16_t ports[2] = { (uint16_t)(40000 + which), talk->helper->port };
	uint32_t *seq = talk->seq[which];
	struct ct_tuple t = {
		.src = talk->ends[who], .dst = talk->ends[!who],
		.l3num = talk->how & TALK_IPV6 ? CT_L3_IPV6 : CT_L3_IPV4,
		.protonum = talk->helper->protonum,
	};

	t.sport = ports[who];
	t.dport = ports[!who];
	emit(talk, &t, flags, (uint32_t[2]){ seq[who], seq[!who] }, data, n);
	if (!(how & SAY_AGAIN))
		seq[who] += n + (flags & 0x02 ? 1 : 0);
}

/*
 * An empty engine at some second.  To make one takes far longer than most
 * inputs, so it is used again when all in it has run out.
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
	*ct = ct_create(&cfg);
	return *ct;
}

static bool talk_begin(struct talk *talk, const struct talk_helper *helper,
		       uint8_t how)
{
	int family = how & TALK_IPV6 ? AF_INET6 : AF_INET;

	memset(talk, 0, offsetof(struct talk, packet));
	talk->helper = helper;
	talk->how = how;
	inet_pton(family, how & TALK_IPV6 ? "2001:db8:1::10" : "192.0.2.10",
		  &talk->ends[0]);
	inet_pton(family, how & TALK_IPV6 ? "2001:db8:2::20" : "198.51.100.20",
		  &talk->ends[1]);
	talk->ct = engine(how);
	if (!talk->ct)
		return false;
	talk->now = ct_now(talk->ct);
	for (uint8_t other = 0; other <= SAY_OTHER; other += SAY_OTHER) {
		if (helper->protonum == CT_L4_UDP)
			continue;
		say(talk, other, 0x02, NULL, 0);
		say(talk, other | SAY_SERVER, 0x12, NULL, 0);
		say(talk, other, 0x10, NULL, 0);
	}
	return true;
}

/* Only what the helper may expect: between the two ends, not for ever. */
static bool talk_check(void *arg, const struct ct_expect_record *r)
{
	struct talk *talk = arg;
	const union ct_addr *dst = &r->tuple.dst;

	talk->expected++;
	talk->newest = *r;
	if (strcmp(r->helper, talk->helper->name) || !r->master ||
	    (memcmp(dst, &talk->ends[0], 16) && memcmp(dst, &talk->ends[1], 16)) ||
	    r->tuple.sport || r->mask.sport ||
	    r->expires > talk->now + TALK_SECONDS * CT_NSEC_PER_SEC)
		abort();
	return true;
}

static void talk_meet(struct talk *talk)
{
	static const uint32_t seq[2];
	struct ct_tuple t = talk->newest.tuple;
	uint64_t met = ct_stats(talk->ct)->met;

	t.src = talk->ends[memcmp(&t.dst, &talk->ends[1], 16) != 0];
	t.sport = (uint16_t)(50000 + talk->number);
	emit(talk, &t, 0x02, seq, NULL, 0);
	/* A connection of these ports may be there already. */
	if (ct_stats(talk->ct)->met > met + 1)
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
			ct_advance(talk.ct, talk.now += 2 * CT_NSEC_PER_SEC);
		say(&talk, how, 0x18, data, n);
		data += n;
		size -= n;
		talk.expected = 0;
		if (ct_expectations(talk.ct, talk_check, &talk) ||
		    talk.expected > 2 * helper->most)
			abort();
		if (talk.expected && (how & SAY_MEET))
			talk_meet(&talk);
	}
	return 0;
}

#endif
