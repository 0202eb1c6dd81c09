/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_reassembly.c - packets of any kind, one after the other, into one
 * reassembly (libFuzzer).
 *
 * The input is limits, then packets, each behind four octets: what to do with
 * it, how much time passes, and its length.  One that asks for it gets its
 * version, lengths and checksum put right, and addresses of which there are
 * few, so that fragments meet; else it is taken as it is.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/packet.h"
#include "packet/checksum.h"
#include "ctreplay/reassembly.h"
#include "packet/reassembly_queue.h"

#define IPV6		0x01u
#define AS_IT_IS	0x02u
#define CUT		0x04u
#define LONGER		0x08u	/* more was on the wire than is here */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 'len' bytes are here, 'wirelen' is what the header shall say. */
static void mend_ipv4(uint8_t *b, uint32_t len, uint32_t wirelen)
{
	uint32_t ihl = (b[0] & 0xfu) * 4;

	if (len < 20 || wirelen > 65535)
		return;
	if (ihl < 20 || ihl > len)
		ihl = 20;
	b[0] = (uint8_t)(0x40 | ihl / 4);
	store_be16(b + 2, (uint16_t)wirelen);
	b[4] = 0;
	b[5] &= 3;
	memset(b + 12, 0, 8);
	store_be16(b + 10, 0);
	store_be16(b + 10, (uint16_t)~checksum_fold(checksum_add(0, b, ihl)));
}

static void mend_ipv6(uint8_t *b, uint32_t len, uint32_t wirelen)
{
	if (len < 40 || wirelen > 65535)
		return;
	b[0] = 0x60;
	store_be16(b + 4, (uint16_t)(wirelen - 40));
	memset(b + 8, 0, 32);
	if (b[6] == 44 && len >= 48)
		memset(b + 44, 0, 3);
}

/* Every byte of a packet that comes out must be there; and it is one whose
 * headers say of it what 'pkt' does. */
static void look_at(const struct ct_packet *pkt)
{
	struct ct_packet again;
	uint32_t sum = 0;

	if (pkt->caplen > pkt->len ||
	    !(pkt->flags & CT_PACKET_CUT) != (pkt->caplen == pkt->len))
		abort();
	for (uint32_t i = 0; i < pkt->len; i++)
		sum += pkt->data[i];
	if (sum && !pkt->len)
		abort();
	if (pkt->l3num == CT_L3_IPV4 && (pkt->flags & CT_PACKET_FRAGMENT))
		abort();
	if (ct_packet_parse(&again, pkt->data, pkt->len, pkt->len,
			    (enum ct_l3)pkt->l3num, 0) != CT_PACKET_OK ||
	    again.len != pkt->len || again.protonum != pkt->protonum ||
	    again.l4off != pkt->l4off ||
	    ((again.flags ^ pkt->flags) & CT_PACKET_NO_L4))
		abort();
}

/* The frames of a datagram, each once, this packet's last. */
static void look_at_frames(const struct ct_reassembly *r, uint64_t number, bool whole)
{
	const uint64_t *numbers;
	uint32_t n;

	numbers = ct_reassembly_frames(r, &n);
	if (whole != (n > 0) || (whole && numbers[n - 1] != number))
		abort();
	for (uint32_t i = 1; i < n; i++)
		if (numbers[i] <= numbers[i - 1])
			abort();
}

/* Into the reassembly, from memory that ends where the packet does. */
static void feed(struct ct_reassembly *r, uint64_t now, const uint8_t *b,
		 uint32_t caplen, uint32_t wirelen, enum ct_l3 l3num)
{
	static uint64_t number;
	uint8_t *copy = malloc(caplen + 1);
	struct ct_packet pkt;
	enum ct_reason why = CT_REASON_NONE;
	enum ct_reassembly_result result;

	if (!copy)
		return;
	memcpy(copy + 1, b, caplen);
	if (ct_packet_parse(&pkt, copy + 1, caplen, wirelen, l3num, 0) ==
	    CT_PACKET_OK) {
		pkt.number = ++number;
		result = ct_reassembly_packet(r, now, &pkt, &why);
		if (result == CT_REASSEMBLY_WHOLE)
			look_at(&pkt);
		look_at_frames(r, number, result == CT_REASSEMBLY_WHOLE);
		if ((result == CT_REASSEMBLY_DROPPED ||
		     result == CT_REASSEMBLY_HELD) != (why != CT_REASON_NONE))
			abort();
	}
	free(copy);
}

/* One packet of the input. */
static void packet(struct ct_reassembly *r, uint64_t now, uint8_t *b, uint32_t len,
		   uint8_t how)
{
	uint32_t caplen = len, wirelen = len;

	if (how & LONGER)
		wirelen += 4000;
	if (!(how & AS_IT_IS))
		(how & IPV6 ? mend_ipv6 : mend_ipv4)(b, len, wirelen);
	if ((how & CUT) && caplen > 20)
		caplen -= caplen / 4;
	feed(r, now, b, caplen, wirelen, how & IPV6 ? CT_L3_IPV6 : CT_L3_IPV4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t copy[65535];
	struct ct_sysctl limits = {
		.ipfrag_time = 30, .frag6_timeout = 60,
	};
	struct ct_reassembly *r;
	uint64_t now = 0;

	if (size < 3)
		return 0;
	limits.ipfrag_high_thresh = data[0] * 1024u;
	limits.frag6_high_thresh = data[1] * 1024u;
	limits.ipfrag_max_dist = data[2] & 0x7fu;
	r = ct_reassembly_create(&limits);
	if (!r)
		return 0;
	data += 3;
	size -= 3;
	while (size >= 4) {
		uint8_t how = data[0];
		uint32_t len = (uint32_t)data[2] << 8 | data[3];

		now += data[1] * 100000000ull;
		data += 4;
		size -= 4;
		if (len > size)
			len = (uint32_t)size;
		memcpy(copy, data, len);
		packet(r, now, copy, len, how);
		data += len;
		size -= len;
	}
	ct_reassembly_free(r);
	return 0;
}
