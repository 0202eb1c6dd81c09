/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * body.h - a whole packet out of a record of the input (see track.h): its
 * headers are right unless the record says otherwise.
 *
 * What a body is; octets that are missing are 0:
 *
 *   TCP       flags, two octets each of how far its sequence number and its
 *             acknowledgement are off, window, a sixteenth of the data's length,
 *             options
 *   UDP       data
 *   UDP-Lite  coverage, data
 *   SCTP      TAG_..., then chunks
 *   ICMP, ICMPv6
 *             type, code, the header's rest; then data, or with HOW_QUOTE which
 *             of the last packets is quoted, and how much of it is left out
 *   others    all behind the IP header
 */
#ifndef BODY_H
#define BODY_H 1

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"
#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/reassembly_queue.h"

#define SAY_REPLY	0x08u

#define HOW_DROP	0x01u	/* a rule drops it */
#define HOW_CUT		0x02u	/* a third of it was not captured */
#define HOW_WRONG	0x04u	/* its checksum is wrong */
#define HOW_NOTRACK	0x08u
#define HOW_QUOTE	0x10u
#define HOW_FAR		0x20u	/* TCP: numbers are off 4096 times as far */
#define HOW_AGAIN	0x40u	/* TCP: what follows begins where this does */

enum { TAG_ZERO, TAG_PEER, TAG_OWN, TAG_OTHER };

#define BODY_KEPT	8u	/* packets that can be quoted */
#define BODY_ROOM	8192u

struct body {
	uint8_t how, wait;
	uint64_t number;
	enum ct_l3 l3num;
	uint32_t caplen, len;
	uint8_t packet[BODY_ROOM];

	/* By hosts, ports and end. */
	uint32_t seq[4][4][2];
	uint8_t tag[4][4][2][4];

	struct { uint32_t len; uint8_t packet[256]; } kept[BODY_KEPT];
	/* The record */
	unsigned int hosts, ports, end;
	const uint8_t *in;
	uint32_t nin;
};

static inline uint8_t body_u8(struct body *b)
{
	if (!b->nin)
		return 0;
	b->nin--;
	return *b->in++;
}

static inline uint16_t body_u16(struct body *b)
{
	uint16_t high = body_u8(b);

	return (uint16_t)(high << 8 | body_u8(b));
}

/* What is left of the record, at most 'max'; how much. */
static inline uint32_t body_rest(struct body *b, uint8_t *p, uint32_t max)
{
	uint32_t n = b->nin < max ? b->nin : max;

	memcpy(p, b->in, n);
	b->in += n;
	b->nin -= n;
	return n;
}

static inline void body_be32(uint8_t *p, uint32_t v)
{
	store_be16(p, (uint16_t)(v >> 16));
	store_be16(p + 2, (uint16_t)v);
}

static inline void body_ports(const struct body *b, uint8_t *p)
{
	static const uint16_t ports[2] = { 40000, 80 };

	store_be16(p, (uint16_t)(ports[b->end] + b->ports));
	store_be16(p + 2, (uint16_t)(ports[!b->end] + b->ports));
}

static inline uint32_t body_tcp(struct body *b, uint8_t *p)
{
	uint32_t *seq = b->seq[b->hosts][b->ports], far = b->how & HOW_FAR ? 4096 : 1;
	uint32_t options, data;

	body_ports(b, p);
	p[13] = body_u8(b);
	body_be32(p + 4, seq[b->end] + far * (uint32_t)(int16_t)body_u16(b));
	body_be32(p + 8, seq[!b->end] + far * (uint32_t)(int16_t)body_u16(b));
	store_be16(p + 14, body_u16(b));
	data = body_u8(b) * 16u;
	options = (body_rest(b, p + 20, 40) + 3) & ~3u;
	p[12] = (uint8_t)((20 + options) << 2);
	if (!(b->how & HOW_AGAIN))
		seq[b->end] += data + !!(p[13] & 0x02) + !!(p[13] & 0x01);
	return 20 + options + data;
}

static inline uint32_t body_udp(struct body *b, uint8_t *p, uint8_t protonum)
{
	uint32_t n;

	body_ports(b, p);
	store_be16(p + 4, protonum == CT_L4_UDPLITE ? body_u16(b) : 0);
	n = 8 + body_rest(b, p + 8, 255);
	if (protonum == CT_L4_UDP)
		store_be16(p + 4, (uint16_t)n);
	return n;
}

static inline uint32_t body_sctp(struct body *b, uint8_t *p)
{
	uint8_t (*tag)[4] = b->tag[b->hosts][b->ports];
	uint32_t n;

	body_ports(b, p);
	switch (body_u8(b) & 3) {
	case TAG_PEER:
		memcpy(p + 4, tag[!b->end], 4);
		break;
	case TAG_OWN:
		memcpy(p + 4, tag[b->end], 4);
		break;
	case TAG_OTHER:
		body_be32(p + 4, 0x01020304);
		break;
	}
	n = body_rest(b, p + 12, 255);
	/* INIT and INIT ACK tell the tag that the other side is to use. */
	if (n >= 8 && (p[12] == 1 || p[12] == 2))
		memcpy(tag[b->end], p + 16, 4);
	return 12 + n;
}

static inline uint32_t body_icmp(struct body *b, uint8_t *p)
{
	uint32_t n, which, without;

	p[0] = body_u8(b);
	p[1] = body_u8(b);
	body_be32(p + 4, (uint32_t)body_u16(b) << 16);
	store_be16(p + 6, body_u16(b));
	if (!(b->how & HOW_QUOTE))
		return 8 + body_rest(b, p + 8, 255);
	which = body_u8(b) % BODY_KEPT;
	without = body_u8(b);
	n = b->kept[which].len;
	memcpy(p + 8, b->kept[which].packet, n);
	return 8 + (n > without ? n - without : n);
}

static inline uint32_t body_transport(struct body *b, uint8_t *p, uint8_t protonum)
{
	switch (protonum) {
	case CT_L4_TCP:
		return body_tcp(b, p);
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
		return body_udp(b, p, protonum);
	case CT_L4_SCTP:
		return body_sctp(b, p);
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		return body_icmp(b, p);
	}
	return body_rest(b, p, 255);
}

static inline uint32_t body_ip(struct body *b, uint8_t *p, uint8_t protonum)
{
	bool v6 = b->hosts & 2;
	uint8_t net = (uint8_t)(1 + (b->hosts & 1));

	b->l3num = v6 ? CT_L3_IPV6 : CT_L3_IPV4;
	if (v6) {
		p[0] = 0x60;
		p[6] = protonum;
		p[8] = p[24] = 0x20;
		p[11] = p[27] = net;
		p[23] = (uint8_t)(1 + b->end);
		p[39] = (uint8_t)(2 - b->end);
		return 40;
	}
	p[0] = 0x45;
	p[9] = protonum;
	p[12] = p[16] = 192;
	p[14] = p[18] = net;
	p[15] = (uint8_t)(1 + b->end);
	p[19] = (uint8_t)(2 - b->end);
	return 20;
}

/* The sum of RFC 1071 over the packet, with the pseudo-header where there is one. */
static inline uint16_t body_sum(const struct body *b, uint32_t l4off, uint32_t n,
				uint8_t protonum)
{
	uint64_t sum = checksum_add(0, b->packet + l4off, n);

	if (b->l3num == CT_L3_IPV6)
		sum = checksum_add(sum, b->packet + 8, 32);
	else if (protonum != CT_L4_ICMP)
		sum = checksum_add(sum, b->packet + 12, 8);
	if (b->l3num == CT_L3_IPV6 || protonum != CT_L4_ICMP) {
		uint8_t rest[4] = { (uint8_t)((b->len - l4off) >> 8),
				    (uint8_t)(b->len - l4off), 0, protonum };

		sum = checksum_add(sum, rest, 4);
	}
	return (uint16_t)~checksum_fold(sum);
}

/* SCTP's, bit by bit (RFC 9260, appendix A). */
static inline void body_crc(uint8_t *p, uint32_t n)
{
	uint32_t crc = UINT32_MAX;

	for (uint32_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (unsigned int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	body_be32(p + 8, __builtin_bswap32(~crc));
}

static inline void body_checksum(struct body *b, uint32_t l4off, uint8_t protonum)
{
	uint8_t *p = b->packet + l4off;
	uint32_t n = b->len - l4off, sum = n;

	switch (protonum) {
	case CT_L4_TCP:
		store_be16(p + 16, body_sum(b, l4off, n, protonum));
		break;
	case CT_L4_UDPLITE:
		sum = load_be16(p + 4);
		sum = !sum || sum > n ? n : sum;
		/* fall through */
	case CT_L4_UDP:
		store_be16(p + 6, body_sum(b, l4off, sum, CT_L4_UDP));
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		store_be16(p + 2, body_sum(b, l4off, n, protonum));
		break;
	case CT_L4_SCTP:
		body_crc(p, n);
		break;
	}
}

static inline void body_keep(struct body *b)
{
	unsigned int i = b->number % BODY_KEPT;

	b->kept[i].len = b->len < 256 ? b->len : 256;
	memcpy(b->kept[i].packet, b->packet, b->kept[i].len);
}

/* 'record' has four octets and 'n' more. */
static inline void body_make(struct body *b, uint8_t protonum,
			     const uint8_t *record, uint32_t n)
{
	uint32_t l4off;

	b->end = record[0] & SAY_REPLY ? 1 : 0;
	b->hosts = record[0] >> 4 & 3;
	b->ports = record[0] >> 6;
	b->how = record[1];
	b->wait = record[2];
	b->in = record + 4;
	b->nin = n;

	memset(b->packet, 0, sizeof(b->packet));
	l4off = body_ip(b, b->packet, protonum);
	b->len = l4off + body_transport(b, b->packet + l4off, protonum);
	body_checksum(b, l4off, protonum);
	if ((b->how & HOW_WRONG) && b->len > l4off)
		b->packet[b->len - 1] ^= 0x55;
	if (b->l3num == CT_L3_IPV6) {
		store_be16(b->packet + 4, (uint16_t)(b->len - 40));
	} else {
		store_be16(b->packet + 2, (uint16_t)b->len);
		store_be16(b->packet + 10,
			   (uint16_t)~checksum_fold(checksum_add(0, b->packet, 20)));
	}
	b->caplen = b->how & HOW_CUT ? b->len - (b->len - l4off) / 3 : b->len;
	body_keep(b);
}

#endif
