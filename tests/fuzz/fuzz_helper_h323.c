/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_helper_h323.c - what H.323's helpers make of anything (libFuzzer).
 *
 * The first octet of the input says which protocol is spoken, over IPv4 or
 * IPv6, whether packets are cut, and whether there is room for expectations.
 * Then come packets' payloads, each behind its direction and two octets of
 * length; all are of one connection, which the helper listens to.  That of
 * H.245 is announced by call signalling.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"

#define SPEAKS	0x03u		/* 0 and 3 RAS, 1 Q.931, 2 H.245 */
#define IPV6	0x04u
#define CUT	0x08u
#define FEW	0x10u		/* room for three expectations */

#define CALL_PORT	1720u
#define RAS_PORT	1719u
#define H245_PORT	1500u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One end is in direction 0, as the original of call signalling. */
static const uint8_t ends4[2][4] = { { 192, 0, 2, 10 }, { 198, 51, 100, 20 } };
static const uint8_t ends6[2][16] = {
	{ 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 },
	{ 0x20, 0x01, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20 },
};

/* Facility with an address for H.245: that of end 0, port 1500. */
static const uint8_t facility4[] = {
	0x03, 0x00, 0x00, 0x20, 0x08, 0x02, 0x12, 0x34, 0x62, 0x7e, 0x00, 0x14,
	0x05, 0x26, 0x80, 0x01, 0x00, 0x41, 0x80, 0x80, 0x07, 0x00, 0xc0, 0x00,
	0x02, 0x0a, 0x05, 0xdc, 0x02, 0x80, 0x01, 0x00,
};
static const uint8_t facility6[] = {
	0x03, 0x00, 0x00, 0x2c, 0x08, 0x02, 0x12, 0x34, 0x62, 0x7e, 0x00, 0x20,
	0x05, 0x26, 0x80, 0x01, 0x00, 0x41, 0x80, 0x80, 0x13, 0x30, 0x20, 0x01,
	0x0d, 0xb8, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x10, 0x05, 0xdc, 0x02, 0x80, 0x01, 0x00,
};

struct talk {
	struct ct *ct;
	bool ipv6, cut, tcp;
	uint16_t ports[2];
	uint32_t seq[2];
	unsigned int first;	/* end that is in direction 0 */
	uint64_t number;
	uint8_t packet[65536];
};

static uint8_t *put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *ip_header(const struct talk *t, uint8_t *p, unsigned int from,
			  uint32_t payload)
{
	uint8_t protonum = t->tcp ? CT_L4_TCP : CT_L4_UDP;

	if (t->ipv6) {
		memset(p, 0, 40);
		p[0] = 0x60;
		put16(p + 4, payload);
		p[6] = protonum;
		memcpy(p + 8, ends6[from], 16);
		memcpy(p + 24, ends6[!from], 16);
		return p + 40;
	}
	memset(p, 0, 20);
	p[0] = 0x45;
	put16(p + 2, 20 + payload);
	p[9] = protonum;
	memcpy(p + 12, ends4[from], 4);
	memcpy(p + 16, ends4[!from], 4);
	return p + 20;
}

static void ip_checksum(uint8_t *p)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	put16(p + 10, ~(sum + (sum >> 16)) & 0xffff);
}

static uint8_t *transport_header(struct talk *t, uint8_t *p, unsigned int dir,
				 uint8_t flags, uint32_t len)
{
	uint8_t *begin = p;

	memset(p, 0, 20);
	p = put16(put16(p, t->ports[dir]), t->ports[!dir]);
	if (!t->tcp) {
		put16(p, 8 + len);
		return begin + 8;
	}
	p = put16(put16(p, t->seq[dir] >> 16), t->seq[dir]);
	if (flags & 0x10)
		put16(put16(p, t->seq[!dir] >> 16), t->seq[!dir]);
	begin[12] = 0x50;
	begin[13] = flags;
	put16(begin + 14, 65535);
	t->seq[dir] += len + (flags & 0x02 ? 1 : 0);
	return begin + 20;
}

/* The engine gets memory that ends with the packet. */
static void say(struct talk *t, unsigned int dir, uint8_t flags,
		const uint8_t *data, uint32_t len)
{
	uint8_t *p = t->packet, *copy;
	uint32_t n, caplen;
	struct ct_packet pkt;
	struct ct_verdict v;

	p = ip_header(t, p, dir ^ t->first, (t->tcp ? 20 : 8) + len);
	p = transport_header(t, p, dir, flags, len);
	if (len)
		memcpy(p, data, len);
	if (!t->ipv6)
		ip_checksum(t->packet);
	n = (uint32_t)(p - t->packet) + len;
	caplen = t->cut ? n - len / 4 : n;
	copy = malloc(caplen);
	if (!copy)
		return;
	memcpy(copy, t->packet, caplen);
	if (ct_packet_parse(&pkt, copy, caplen, n, t->ipv6 ? CT_L3_IPV6 : CT_L3_IPV4,
			    0) != CT_PACKET_OK)
		abort();
	pkt.number = ++t->number;
	ct_track(t->ct, &pkt, &v);
	ct_confirm(t->ct, &v);
	free(copy);
}

static void shake_hands(struct talk *t, uint16_t from, uint16_t to,
			unsigned int first)
{
	t->first = first;
	t->ports[0] = from;
	t->ports[1] = to;
	t->seq[0] = 1000;
	t->seq[1] = 5000;
	say(t, 0, 0x02, NULL, 0);
	say(t, 1, 0x12, NULL, 0);
	say(t, 0, 0x10, NULL, 0);
}

static void begin(struct talk *t, uint8_t speaks)
{
	t->tcp = speaks == 1 || speaks == 2;
	if (!t->tcp) {
		t->ports[0] = t->ports[1] = RAS_PORT;
		say(t, 0, 0, NULL, 0);
		return;
	}
	shake_hands(t, 40000, CALL_PORT, 0);
	if (speaks == 1)
		return;
	if (t->ipv6)
		say(t, 0, 0x18, facility6, sizeof(facility6));
	else
		say(t, 0, 0x18, facility4, sizeof(facility4));
	shake_hands(t, 40001, H245_PORT, 1);
	if (ct_stats(t->ct)->met != 1)
		abort();
}

struct count { uint32_t expects; };

static bool one_expect(void *arg, const struct ct_expect_record *r)
{
	struct count *c = arg;

	if (!r->helper || !r->master || ++c->expects > 32)
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct talk t;
	struct ct_config cfg;
	struct count c = { 0 };

	if (size < 1)
		return 0;
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	ct_config_all_helpers(&cfg);
	if (data[0] & FEW)
		cfg.sysctl.expect_max = 3;
	t = (struct talk){ .ipv6 = data[0] & IPV6, .ct = ct_create(&cfg) };
	if (!t.ct)
		return 0;
	begin(&t, data[0] & SPEAKS);
	t.cut = data[0] & CUT;
	data++;
	size--;
	while (size >= 3) {
		unsigned int dir = data[0] & 1;
		uint32_t len = (uint32_t)data[1] << 8 | data[2];

		data += 3;
		size -= 3;
		len = len < size ? len : (uint32_t)size;
		len = len < 65000 ? len : 65000;
		say(&t, dir, 0x18, data, len);
		data += len;
		size -= len;
	}
	if (ct_expectations(t.ct, one_expect, &c))
		abort();
	ct_advance(t.ct, ct_now(t.ct) + 1000 * CT_NSEC_PER_SEC);
	ct_destroy(t.ct);
	return 0;
}
