/* SPDX-License-Identifier: GPL-2.0-only */
#include "flood.h"

#include <stdbool.h>
#include <string.h>

#define START		1000000000u
#define LINK_RAW	101u
#define LINK_ETHERNET	1u
#define PACKET_MAX	65535u

#define SYN	0x02u
#define PSH	0x08u
#define ACK	0x10u

#define TCP	6u
#define UDP	17u

struct maker {
	FILE *to;
	uint64_t frames;
	uint32_t len;		/* of the packet so far */
	uint8_t packet[PACKET_MAX + 1];
};

static void put32(FILE *to, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, to);
}

static void store16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void store32(uint8_t *p, uint32_t v)
{
	store16(p, v >> 16);
	store16(p + 2, v & 0xffff);
}

static void begin(struct maker *m, FILE *to)
{
	static const uint32_t header[] = {
		0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, LINK_RAW,
	};

	m->to = to;
	m->frames = 0;
	fwrite(header, sizeof(header), 1, to);
}

static void send(struct maker *m)
{
	put32(m->to, START + (uint32_t)(m->frames / 1000000));
	put32(m->to, (uint32_t)(m->frames % 1000000));
	put32(m->to, m->len);
	put32(m->to, m->len);
	fwrite(m->packet, m->len, 1, m->to);
	m->frames++;
}

/* Writes an IPv4 header for 'len' octets after it. */
static uint8_t *ipv4(struct maker *m, uint8_t protonum, uint32_t src,
		     uint32_t dst, uint16_t id, uint16_t fragment, uint32_t len)
{
	uint8_t *h = m->packet;
	uint32_t sum = 0;

	memset(h, 0, 20);
	h[0] = 0x45;
	store16(h + 2, 20 + len);
	store16(h + 4, id);
	store16(h + 6, fragment);
	h[8] = 64;
	h[9] = protonum;
	store32(h + 12, src);
	store32(h + 16, dst);
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)h[i] << 8 | h[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	store16(h + 10, ~(sum + (sum >> 16)) & 0xffff);
	m->len = 20 + len;
	return h + 20;
}

static uint8_t *ipv6(struct maker *m, uint8_t next, uint64_t src, uint32_t len)
{
	uint8_t *h = m->packet;

	memset(h, 0, 40);
	h[0] = 0x60;
	store16(h + 4, len);
	h[6] = next;
	h[7] = 64;
	h[8] = h[24] = 0x20;
	store32(h + 16, (uint32_t)(src >> 32));
	store32(h + 20, (uint32_t)src);
	h[39] = 1;
	m->len = 40 + len;
	return h + 40;
}

struct segment {
	uint32_t src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
};

static void tcp(struct maker *m, const struct segment *s, const void *data,
		uint32_t len)
{
	uint8_t *p = ipv4(m, TCP, s->src, s->dst, 1, 0, 20 + len);

	memset(p, 0, 20);
	store16(p, s->sport);
	store16(p + 2, s->dport);
	store32(p + 4, s->seq);
	store32(p + 8, s->ack);
	p[12] = 5 << 4;
	p[13] = s->flags;
	store16(p + 14, 65535);
	if (len)
		memcpy(p + 20, data, len);
	send(m);
}

static struct segment answer(const struct segment *s, uint32_t seq,
			     uint8_t flags)
{
	return (struct segment){ s->dst, s->src, s->dport, s->sport, seq,
				 s->seq + 1, flags };
}

/* SYN, SYN ACK, ACK; '*s' is then the client's next segment. */
static void handshake(struct maker *m, struct segment *s)
{
	struct segment back = answer(s, 5000, SYN | ACK);

	s->flags = SYN;
	tcp(m, s, NULL, 0);
	tcp(m, &back, NULL, 0);
	s->seq++;
	s->ack = 5001;
	s->flags = ACK;
	tcp(m, s, NULL, 0);
	s->flags = PSH | ACK;
}

/* Helpers look for keywords at the beginning of lines. */
static void say_line(struct maker *m, struct segment *s)
{
	tcp(m, s, "NOOP\r\n", 6);
	s->seq += 6;
}

static void syns(struct maker *m, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		tcp(m, &(struct segment){
			0x0a000000 + (uint32_t)(i >> 12), 0xc0000201,
			(uint16_t)(1024 + (i & 0xfff)), 80, 1, 0, SYN,
		    }, NULL, 0);
}

void flood_syn(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;

	(void)what;
	begin(&m, to);
	syns(&m, n);
}

void flood_syn_full(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;

	(void)what;
	begin(&m, to);
	for (uint32_t i = 0; i < FLOOD_ASSURED; i++) {
		struct segment s = { 0xac100000 + i, 0xc0000201, 4000, 80,
				     100, 0, SYN };

		handshake(&m, &s);
	}
	syns(&m, n);
}

void flood_fragments(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;

	begin(&m, to);
	for (uint64_t i = 0; i < n; i++) {
		uint8_t *p;

		if (what == 4) {
			p = ipv4(&m, UDP, 0x0a000000 + (uint32_t)(i >> 16),
				 0xc0000201, (uint16_t)i, 0x2000, 64);
		} else {
			p = ipv6(&m, 44, i >> 8, 8 + 64);
			memset(p, 0, 8);
			p[0] = UDP;
			p[3] = 1;	/* more fragments */
			store32(p + 4, (uint32_t)i);
			p += 8;
		}
		memset(p, 0, 64);
		store16(p + 4, 1000);
		send(&m);
	}
}

void flood_tiny_fragments(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;

	(void)what;
	begin(&m, to);
	for (uint64_t i = 0; i < n; i++) {
		/* An odd stride visits all of them. */
		uint32_t place = (uint32_t)(i * 1597 + 7) % FLOOD_DATAGRAM;
		bool more = place != FLOOD_DATAGRAM - 1;
		uint8_t *p = ipv4(&m, UDP, 0x0a000001, 0xc0000201,
				  (uint16_t)(i / FLOOD_DATAGRAM),
				  (uint16_t)(place | (more ? 0x2000 : 0)), 8);

		memset(p, 0, 8);
		if (place == 0) {
			store16(p, 1000);
			store16(p + 2, 2000);
			store16(p + 4, FLOOD_DATAGRAM * 8);
		}
		send(&m);
	}
}

void flood_overlaps(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;

	(void)what;
	begin(&m, to);
	for (uint64_t i = 0; i < n; i++) {
		uint8_t *p = ipv4(&m, UDP, 0x0a000001, 0xc0000201,
				  (uint16_t)(i >> 14),
				  (uint16_t)(0x2000 | (i * 5 & 0xfff)), 48);

		memset(p, 0, 48);
		send(&m);
	}
}

void flood_expect(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;

	begin(&m, to);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t client = what ? 0x0a000001 : 0x0a000000 + i;
		struct segment s = { client, 0xac100000 + i,
				     (uint16_t)(1024 + i % 60000), 21, 100, 0,
				     SYN };
		char port[60];
		int len = snprintf(port, sizeof(port), "PORT %u,%u,%u,%u,4,210\r\n",
				   client >> 24, client >> 16 & 255,
				   client >> 8 & 255, client & 255);

		handshake(&m, &s);
		say_line(&m, &s);
		tcp(&m, &s, port, (uint32_t)len);
	}
}

void flood_headers(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;
	uint64_t packets = what ? 400 : n;
	uint32_t headers = what ? (uint32_t)n : 160;

	begin(&m, to);
	for (uint64_t i = 0; i < packets; i++) {
		uint8_t *p = ipv6(&m, 60, i, headers * 8 + 8);

		memset(p, 0, headers * 8 + 8);
		for (uint32_t h = 0; h < headers; h++, p += 8) {
			p[0] = h + 1 < headers ? 60 : UDP;
			p[2] = 1;	/* PadN, four octets */
			p[3] = 4;
		}
		store16(p, 1000);
		store16(p + 2, 2000);
		store16(p + 4, 8);
		send(&m);
	}
}

static void section(FILE *to)
{
	static const uint32_t block[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28,
	};

	fwrite(block, sizeof(block), 1, to);
}

void flood_interfaces(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;
	uint32_t each = what ? 1000 : UINT32_MAX;

	section(to);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number = i % each;
		uint32_t link = i % 3 ? LINK_RAW : i % 300;
		const uint32_t interface[] = { 1, 20, link, 262144, 20 };
		const uint32_t packet[] = { 6, 32 + 28, number, 0, i, 28, 28 };

		if (i && number == 0)
			section(to);
		ipv4(&m, UDP, 0x0a000001, 0xc0000201, 1, 0, 8);
		memset(m.packet + 20, 0, 8);
		store16(m.packet + 24, 8);
		fwrite(interface, sizeof(interface), 1, to);
		fwrite(packet, sizeof(packet), 1, to);
		fwrite(m.packet, 28, 1, to);
		put32(to, 32 + 28);
	}
}

static const struct {
	const char *name;
	uint16_t port;
	uint8_t protonum;
	const char *first, *again;
} talks[FLOOD_TALKS] = {
	{ "ftp", 21, TCP, "PORT 10,0", ",0,1,1,4,210PORT 10,0" },
	{ "ftp, lines", 21, TCP, "\r\n", "PORT 10,0,0,1\r\n" },
	{ "irc", 6667, TCP, ":a PRIVMSG b :", "\1DCC SEND " },
	{ "irc, no end", 6667, TCP, "\1DCC SEND a 167772161 1", "1" },
	{ "sip", 5060, UDP, "INVITE sip:a@b SIP/2.0\r\nContent-Length: 9\r\n",
	  "Via: SIP/2.0/UDP a\r\nContact: <sip:a@b>\r\n" },
	{ "sip, no header", 5060, UDP, "INVITE sip:a@b SIP/2.0\r\n", "Contact: " },
	{ "amanda", 10080, UDP, "Amanda ", "CONNECT DATA 1 MESG " },
	{ "h323", 1720, TCP, "\3\0\1\1\10\1\1\1\5", "\176\1\1\5\40\1" },
};

const char *flood_talk_name(unsigned int what)
{
	return talks[what].name;
}

void flood_talk(FILE *to, uint64_t n, unsigned int what)
{
	static struct maker m;
	static char text[PACKET_MAX];
	size_t len = strlen(talks[what].first), again = strlen(talks[what].again);
	struct segment s = { 0x0a000001, 0xc0000201, 4000, talks[what].port,
			     100, 0, SYN };

	memcpy(text, talks[what].first, len);
	while (len + again <= n) {
		memcpy(text + len, talks[what].again, again);
		len += again;
	}
	begin(&m, to);
	if (talks[what].protonum == TCP) {
		handshake(&m, &s);
		say_line(&m, &s);
	}
	for (int i = 0; i < 1000; i++) {
		uint8_t *p;

		if (talks[what].protonum == TCP) {
			tcp(&m, &s, text, (uint32_t)len);
			continue;
		}
		p = ipv4(&m, UDP, s.src, s.dst, 1, 0, (uint32_t)len + 8);
		memset(p, 0, 8);
		store16(p, s.sport);
		store16(p + 2, s.dport);
		store16(p + 4, (uint32_t)len + 8);
		memcpy(p + 8, text, len);
		send(&m);
	}
}
