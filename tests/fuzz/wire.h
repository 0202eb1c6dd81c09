/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire.h - packets for an engine, built from a tuple and a payload, and the
 * conversation of two ends; for the targets of the helpers.
 */
#ifndef WIRE_H
#define WIRE_H 1

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/conntrack.h"

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10 };

struct wire {
	struct ct *ct;
	uint64_t number;	/* packets so far */
	uint8_t packet[65536];
};

/* A connection, whose original sender is end 0. */
struct flow {
	uint8_t l3num, protonum;
	union ct_addr ends[2];
	uint16_t ports[2];
	uint32_t seq[2];	/* of the next payload of each */
};

static inline uint8_t *put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static inline uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static inline void wire_ip_checksum(uint8_t *p)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	put16(p + 10, ~(sum + (sum >> 16)) & 0xffff);
}

/* Writes the header for 'n' bytes after it, and returns a pointer to these. */
static inline uint8_t *wire_ip(uint8_t *p, const struct ct_tuple *t, uint32_t n)
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
	wire_ip_checksum(p);
	return p + 20;
}

static inline uint32_t wire_header_of(uint8_t protonum)
{
	return protonum == CT_L4_TCP ? 20 : protonum == CT_L4_UDP ? 8 : 0;
}

/* The header of TCP or UDP, none for others; checksums are not verified. */
static inline uint8_t *wire_transport(uint8_t *p, const struct ct_tuple *t,
				      uint8_t flags, const uint32_t seq[2],
				      uint32_t n)
{
	if (!wire_header_of(t->protonum))
		return p;
	p = put16(put16(p, t->sport), t->dport);
	if (t->protonum == CT_L4_UDP)
		return put16(put16(p, 8 + n), 0);
	p = put32(put32(p, seq[0]), flags & ACK ? seq[1] : 0);
	*p++ = 0x50;
	*p++ = flags;
	return put32(put16(p, 65535), 0);
}

/* Passes the engine memory that ends where the packet does. */
static inline void wire_through(struct wire *w, uint8_t l3num, uint32_t caplen,
				uint32_t len)
{
	struct ct_verdict v;
	struct ct_packet pkt;
	uint8_t *copy = malloc(caplen);

	if (!copy)
		return;
	memcpy(copy, w->packet, caplen);
	if (ct_packet_parse(&pkt, copy, caplen, len, (enum ct_l3)l3num, 0) !=
	    CT_PACKET_OK)
		abort();
	pkt.number = ++w->number;
	ct_track(w->ct, &pkt, &v);
	ct_confirm(w->ct, &v);
	if (v.dropped && !v.nwhy)
		abort();
	free(copy);
}

/* Sends a packet with 'n' bytes after its headers, the last 'cut' of which were
 * not captured; 'seq' is the sender's number and the one that it
 * acknowledges. */
static inline void wire_send(struct wire *w, const struct ct_tuple *t,
			     uint8_t flags, const uint32_t seq[2],
			     const uint8_t *data, uint32_t n, uint32_t cut)
{
	uint8_t *p = wire_ip(w->packet, t, wire_header_of(t->protonum) + n);
	uint32_t len;

	p = wire_transport(p, t, flags, seq, n);
	if (n)
		memcpy(p, data, n);
	len = (uint32_t)(p - w->packet) + n;
	wire_through(w, t->l3num, len - cut, len);
}

/* The two hosts of all these targets. */
static inline void flow_ends(struct flow *f, bool ipv6)
{
	int family = ipv6 ? AF_INET6 : AF_INET;

	f->l3num = ipv6 ? CT_L3_IPV6 : CT_L3_IPV4;
	inet_pton(family, ipv6 ? "2001:db8:1::10" : "192.0.2.10", &f->ends[0]);
	inet_pton(family, ipv6 ? "2001:db8:2::20" : "198.51.100.20",
		  &f->ends[1]);
}

/* End 'who' sends a payload. */
static inline void flow_say(struct wire *w, struct flow *f, unsigned int who,
			    uint8_t flags, const uint8_t *data, uint32_t n,
			    uint32_t cut)
{
	struct ct_tuple t = {
		.src = f->ends[who], .dst = f->ends[!who],
		.l3num = f->l3num, .protonum = f->protonum,
	};

	t.sport = f->ports[who];
	t.dport = f->ports[!who];
	wire_send(w, &t, flags, (uint32_t[2]){ f->seq[who], f->seq[!who] }, data,
		  n, cut);
	f->seq[who] += n + (flags & (SYN | FIN) ? 1 : 0);
}

/* TCP's handshake. */
static inline void flow_open(struct wire *w, struct flow *f)
{
	flow_say(w, f, 0, SYN, NULL, 0, 0);
	flow_say(w, f, 1, SYN | ACK, NULL, 0, 0);
	flow_say(w, f, 0, ACK, NULL, 0, 0);
}

#endif
