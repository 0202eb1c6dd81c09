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
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"

#define TCP	0x1u
#define IPV6	0x2u
#define CUT	0x4u
#define FULL	0x8u		/* one expectation is all that the engine keeps */

#define PHONE_PORT	5070u
#define SIP_PORT	5060u
#define EXPECTED_MOST	11u	/* all classes together */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct talk {
	struct ct *ct;
	unsigned int how;
	union ct_addr ends[2];
	uint32_t seq[2];
	ct_time now;
	uint64_t number;

	struct ct_expect_record expected[EXPECTED_MOST];
	size_t nexpected;
	uint8_t packet[65536];
};

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

/* The rest of a header is zero; what is behind it is 'n' bytes long. */
static uint32_t ip_header(uint8_t *p, const struct ct_tuple *t, uint32_t n)
{
	uint32_t sum = 0;

	memset(p, 0, 40);
	if (t->l3num == CT_L3_IPV6) {
		p[0] = 0x60;
		put16(p + 4, n);
		p[6] = t->protonum;
		memcpy(p + 8, &t->src, 16);
		memcpy(p + 24, &t->dst, 16);
		return 40;
	}
	p[0] = 0x45;
	put16(p + 2, 20 + n);
	p[9] = t->protonum;
	memcpy(p + 12, &t->src, 4);
	memcpy(p + 16, &t->dst, 4);
	for (unsigned int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	put16(p + 10, ~(sum + (sum >> 16)) & 0xffff);
	return 20;
}

static uint32_t transport_header(uint8_t *p, const struct ct_tuple *t,
				 uint8_t flags, uint32_t seq, uint32_t ack,
				 uint32_t n)
{
	memset(p, 0, 20);
	put16(p, t->sport);
	put16(p + 2, t->dport);
	if (t->protonum == CT_L4_UDP) {
		put16(p + 4, 8 + n);
		return 8;
	}
	put32(p + 4, seq);
	put32(p + 8, ack);
	p[12] = 0x50;
	p[13] = flags;
	put16(p + 14, 65535);
	return 20;
}

/* The engine gets memory that ends where the packet does. */
static void through(struct talk *talk, uint32_t caplen, uint32_t len,
		    uint8_t l3num)
{
	struct ct_verdict v;
	struct ct_packet pkt;
	uint8_t *copy = malloc(caplen);

	if (!copy)
		return;
	memcpy(copy, talk->packet, caplen);
	if (ct_packet_parse(&pkt, copy, caplen, len, (enum ct_l3)l3num, 0) !=
	    CT_PACKET_OK)
		abort();
	pkt.number = ++talk->number;
	ct_track(talk->ct, &pkt, &v);
	ct_confirm(talk->ct, &v);
	if (v.dropped && !v.nwhy)
		abort();
	free(copy);
}

static void emit(struct talk *talk, const struct ct_tuple *t, uint8_t flags,
		 uint32_t seq, uint32_t ack, const uint8_t *data, uint32_t n)
{
	uint8_t *p = talk->packet;
	uint32_t header = t->protonum == CT_L4_UDP ? 8 : 20, off, cut;

	off = ip_header(p, t, header + n);
	off += transport_header(p + off, t, flags, seq, ack, n);
	if (n)
		memcpy(p + off, data, n);
	cut = talk->how & CUT ? n / 3 : 0;
	through(talk, off + n - cut, off + n, t->l3num);
}

/* One of the two says something on their connection. */
static void say(struct talk *talk, unsigned int who, uint8_t flags,
		const uint8_t *data, uint32_t n)
{
	const uint16_t ports[2] = { PHONE_PORT, SIP_PORT };
	struct ct_tuple t = {
		.src = talk->ends[who], .dst = talk->ends[!who],
		.l3num = talk->how & IPV6 ? CT_L3_IPV6 : CT_L3_IPV4,
		.protonum = talk->how & TCP ? CT_L4_TCP : CT_L4_UDP,
	};

	t.sport = ports[who];
	t.dport = ports[!who];
	emit(talk, &t, flags, talk->seq[who], talk->seq[!who], data, n);
	talk->seq[who] += n + (flags & 0x02 ? 1 : 0);
}

static bool talk_init(struct talk *talk, unsigned int how)
{
	struct ct_config cfg;

	talk->how = how;
	if (how & IPV6) {
		inet_pton(AF_INET6, "2001:db8:1::10", &talk->ends[0]);
		inet_pton(AF_INET6, "2001:db8:2::20", &talk->ends[1]);
	} else {
		inet_pton(AF_INET, "192.0.2.10", &talk->ends[0]);
		inet_pton(AF_INET, "198.51.100.20", &talk->ends[1]);
	}
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	cfg.sysctl.tcp_be_liberal = 1;
	if (how & FULL)
		cfg.sysctl.expect_max = 1;
	ct_config_all_helpers(&cfg);
	talk->ct = ct_create(&cfg);
	if (!talk->ct)
		return false;
	talk->now = CT_NSEC_PER_SEC;
	ct_advance(talk->ct, talk->now);
	if (how & TCP) {
		say(talk, 0, 0x02, NULL, 0);
		say(talk, 1, 0x12, NULL, 0);
		say(talk, 0, 0x10, NULL, 0);
	}
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
	unsigned int n[4] = { 0 };

	talk->nexpected = 0;
	if (ct_expectations(talk->ct, note, talk))
		abort();
	for (size_t i = 0; i < talk->nexpected; i++) {
		const struct ct_expect_record *r = &talk->expected[i];

		if (++n[r->class] > most[r->class] || r->tuple.dport < 1024 ||
		    (memcmp(&r->tuple.dst, &talk->ends[0], 16) != 0 &&
		     memcmp(&r->tuple.dst, &talk->ends[1], 16) != 0) ||
		    memcmp(&r->tuple.dst, &r->tuple.src, 16) == 0 ||
		    r->expires < talk->now)
			abort();
	}
}

/* Calls meet expectations, and are heard by the helper too. */
static void meet(struct talk *talk, const uint8_t *data, uint32_t n)
{
	for (size_t i = 0; i < talk->nexpected; i++) {
		struct ct_tuple t = talk->expected[i].tuple;

		t.sport = 999;
		emit(talk, &t, 0x02, 1, 0, data, t.protonum == CT_L4_UDP ? n : 0);
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
			ct_advance(talk.ct, talk.now += 2 * CT_NSEC_PER_SEC);
		for (n = 0; n < size && (data[n] < 1 || data[n] > 3); n++)
			;
		say(&talk, who == 2 || who == 3, 0x18, data, n);
		check(&talk);
	}
	meet(&talk, data - n, n);
	ct_destroy(talk.ct);
	return 0;
}
