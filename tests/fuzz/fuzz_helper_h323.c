/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_helper_h323.c - any payloads for the helpers of H.323 (libFuzzer).
 *
 * The first octet of the input chooses the protocol, IPv4 or IPv6, whether
 * packets are cut, and a limit of expectations.  Then come payloads, each after
 * its direction and two octets of length, all on one connection with the
 * helper.  Call signalling announces the connection of H.245, and the other end
 * opens it.
 */
#include "wire.h"

#define SPEAKS	0x03u		/* 0 and 3 RAS, 1 Q.931, 2 H.245 */
#define IPV6	0x04u
#define CUT	0x08u
#define FEW	0x10u		/* room for three expectations */

#define CALL_PORT	1720u
#define RAS_PORT	1719u
#define H245_PORT	1500u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A Facility with an address for H.245: that of end 0, port 1500. */
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

static void open_from(struct wire *w, struct flow *f, uint16_t from, uint16_t to)
{
	f->ports[0] = from;
	f->ports[1] = to;
	f->seq[0] = 1000;
	f->seq[1] = 5000;
	flow_open(w, f);
}

/* Opens the connection for the payloads. */
static void begin(struct wire *w, struct flow *f, uint8_t how)
{
	uint8_t speaks = how & SPEAKS;
	bool ipv6 = how & IPV6;
	union ct_addr called;

	flow_ends(f, ipv6);
	f->protonum = speaks == 1 || speaks == 2 ? CT_L4_TCP : CT_L4_UDP;
	if (f->protonum == CT_L4_UDP) {
		f->ports[0] = f->ports[1] = RAS_PORT;
		flow_say(w, f, 0, 0, NULL, 0, 0);
		return;
	}
	open_from(w, f, 40000, CALL_PORT);
	if (speaks == 1)
		return;
	flow_say(w, f, 0, PSH | ACK, ipv6 ? facility6 : facility4,
		 ipv6 ? sizeof(facility6) : sizeof(facility4), 0);
	called = f->ends[0];
	f->ends[0] = f->ends[1];
	f->ends[1] = called;
	open_from(w, f, 40001, H245_PORT);
	if (ct_stats(w->ct)->met != 1)
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
	static struct wire w;
	struct flow flow = { .ports = { 0 } };
	struct ct_config cfg;
	struct count c = { 0 };
	bool cut;

	if (size < 1)
		return 0;
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	ct_config_all_helpers(&cfg);
	if (data[0] & FEW)
		cfg.sysctl.expect_max = 3;
	w.number = 0;
	ct_create(&w.ct, &cfg, NULL);
	if (!w.ct)
		return 0;
	begin(&w, &flow, data[0]);
	cut = data[0] & CUT;
	data++;
	size--;
	while (size >= 3) {
		unsigned int dir = data[0] & 1;
		uint32_t len = (uint32_t)data[1] << 8 | data[2];

		data += 3;
		size -= 3;
		len = len < size ? len : (uint32_t)size;
		len = len < 65000 ? len : 65000;
		flow_say(&w, &flow, dir, PSH | ACK, data, len, cut ? len / 4 : 0);
		data += len;
		size -= len;
	}
	if (ct_expectations(w.ct, one_expect, &c))
		abort();
	ct_advance(w.ct, ct_now(w.ct) + 1000 * CT_NSEC_PER_SEC);
	ct_destroy(w.ct);
	return 0;
}
