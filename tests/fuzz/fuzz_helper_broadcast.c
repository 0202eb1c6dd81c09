/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_helper_broadcast.c - broadcast requests and their replies, of any kind
 * (libFuzzer).
 *
 * The input begins with a prefix length; then come datagrams of eight octets:
 * seconds to wait, the last octet of both addresses and of their subnet, both
 * ports, and how much of the datagram is cut.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"

enum { WAIT, SRC_NET, SRC_HOST, DST_NET, DST_HOST, SPORT, DPORT, LENGTH, OCTETS };

#define IP	20u
#define UDP	8u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t port_of(uint8_t octet)
{
	static const uint8_t usual[4] = { 137, 161, 138, 0 };

	return octet < 4 ? usual[octet] : octet;
}

/* 255.255.255.255 if both octets are 255. */
static void put_address(uint8_t *p, uint8_t net, uint8_t host)
{
	const uint8_t address[4] = { 192, 0, net, host };

	memset(p, 0xff, 4);
	if ((net & host) != 0xff)
		memcpy(p, address, 4);
}

static void datagram(struct ct *ct, const uint8_t *in, uint64_t number)
{
	uint32_t len = IP + UDP + in[LENGTH], caplen = IP + UDP + in[LENGTH] / 2;
	uint8_t *b = calloc(1, caplen);
	struct ct_packet pkt;
	struct ct_verdict v;

	if (!b)
		abort();
	b[0] = 0x45;
	b[3] = (uint8_t)len;
	b[2] = (uint8_t)(len >> 8);
	b[9] = CT_L4_UDP;
	put_address(b + 12, in[SRC_NET], in[SRC_HOST]);
	put_address(b + 16, in[DST_NET], in[DST_HOST]);
	b[IP + 1] = port_of(in[SPORT]);
	b[IP + 3] = port_of(in[DPORT]);
	b[IP + 5] = (uint8_t)(UDP + in[LENGTH]);
	b[IP + 4] = (uint8_t)((UDP + in[LENGTH]) >> 8);
	if (ct_packet_parse(&pkt, b, caplen, len, CT_L3_IPV4, CT_PARSE_OFFLOAD) !=
	    CT_PACKET_OK)
		abort();
	pkt.number = number;
	ct_track(ct, &pkt, &v);
	ct_confirm(ct, &v);
	/* Its contents do not matter. */
	if (v.ctstate == CT_INVALID || v.dropped)
		abort();
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ct_config cfg;
	struct ct *ct;
	ct_time now = CT_NSEC_PER_SEC;
	uint64_t number = 0;

	if (!size)
		return 0;
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	ct_config_all_helpers(&cfg);
	cfg.netbios_prefix = cfg.snmp_prefix = data[0] % 33;
	ct_create(&ct, &cfg, NULL);
	if (!ct)
		return 0;
	for (data++, size--; size >= OCTETS; data += OCTETS, size -= OCTETS) {
		now += data[WAIT] * CT_NSEC_PER_SEC / 8;
		ct_advance(ct, now);
		datagram(ct, data, ++number);
	}
	ct_destroy(ct);
	return 0;
}
