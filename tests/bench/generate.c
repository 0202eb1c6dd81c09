/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * generate.c - a capture to measure with: the same bytes on every machine.
 *
 *	generate [-n packets] [-c connections] [-l live] [-d seconds] [-s seed]
 *		 [-4 | -6] [-t] [-f] FILE
 *
 * TCP connections with valid handshakes, windows and closes, questions to DNS
 * servers and pings, one in eight over IPv6, in frames of 54 to 128 bytes with
 * right checksums.  'live' connections are open at a time; which of them sends
 * next is random, in short bursts, as on a busy link.  One that is done makes
 * room for the next.  Time advances evenly over 'seconds'.  -4 and -6 leave out
 * the other IP version, -t all but TCP.  With -f, frames with data are of 1,514 bytes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START		1000000000u	/* 2001-09-09T01:46:40Z */
#define ETHERNET	14u
#define FRAME_USUAL	128u
#define FRAME_MAX	1514u
#define RECORD		16u		/* pcap's header of a frame */

#define FIN		0x01u
#define SYN		0x02u
#define PSH		0x08u
#define ACK		0x10u

/* Of a hundred connections; the others are TCP. */
#define PERCENT_DNS	30u
#define PERCENT_PING	4u
#define DNS_PACKETS	2u
#define PING_PACKETS	6u

enum kind { KIND_TCP, KIND_DNS, KIND_PING };

struct options {
	uint64_t packets, connections, live, seconds, seed;
	bool only_ipv4, only_ipv6, only_tcp, full;
	const char *path;
};

struct flow {
	uint64_t index;
	uint64_t quota, done;	/* packets it will have, has had */
	uint32_t seq[2];	/* what each side sends next */
	uint32_t acked[2];	/* what of it the other has acknowledged */
	uint16_t sport, dport;
	uint8_t kind;		/* enum kind */
	bool ipv6, stamps;	/* RFC 7323 time stamps on every segment */
};

/* A frame that grows from its end. */
struct frame {
	uint8_t bytes[RECORD + FRAME_MAX];
	uint32_t len;		/* without the record's header */
	uint32_t l4;		/* where the transport header begins */
};

struct generator {
	const struct options *opt;
	FILE *out;
	uint64_t random;
	uint64_t opened;	/* connections so far */
	uint64_t promised;	/* the sum of their quotas */
	uint64_t written;	/* packets */
	struct flow *flow;
	uint64_t nflow;
};

/* SplitMix64 (Steele, Lea and Flood). */
static uint64_t next_random(struct generator *g)
{
	uint64_t z = g->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint32_t below(struct generator *g, uint64_t n)
{
	return (uint32_t)(next_random(g) % n);
}

static void put(struct frame *f, const void *p, uint32_t n)
{
	memcpy(f->bytes + RECORD + f->len, p, n);
	f->len += n;
}

static void put8(struct frame *f, uint32_t v)
{
	f->bytes[RECORD + f->len++] = (uint8_t)v;
}

static void put16(struct frame *f, uint32_t v)
{
	put8(f, v >> 8);
	put8(f, v);
}

static void put32(struct frame *f, uint32_t v)
{
	put16(f, v >> 16);
	put16(f, v);
}

static void set16(struct frame *f, uint32_t at, uint32_t v)
{
	f->bytes[RECORD + at] = (uint8_t)(v >> 8);
	f->bytes[RECORD + at + 1] = (uint8_t)v;
}

static void set_le32(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* RFC 1071, with 'sum' to begin with. */
static uint32_t checksum(const struct frame *f, uint32_t from, uint32_t to,
			 uint32_t sum)
{
	const uint8_t *p = f->bytes + RECORD;

	for (; from < to; from++)
		sum += from & 1 ? p[from] : (uint32_t)p[from] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* Side 0 is the client, side 1 the server; every client asks once only. */
static void put_address(struct frame *f, const struct flow *w, int side)
{
	static const uint8_t network[8] = { 0x20, 0x01, 0x0d, 0xb8 };

	if (w->ipv6) {
		put(f, network, sizeof(network));
		put32(f, side);
	}
	if (side == 0) {
		put8(f, 10);
		put8(f, (uint32_t)(w->index >> 16));
		put16(f, (uint32_t)w->index);
	} else {
		put8(f, 198);
		put8(f, 18);
		put16(f, (uint32_t)(w->index * 40503u) & 0x0fff);
	}
}

/* Up to the transport header; 'len' bytes will follow. */
static void put_headers(struct frame *f, const struct flow *w, int from,
			uint8_t protonum, uint32_t len)
{
	static const uint8_t mac[2][6] = { { 2, 0, 0, 0, 0, 1 },
					   { 2, 0, 0, 0, 0, 2 } };

	f->len = 0;
	put(f, mac[!from], 6);
	put(f, mac[from], 6);
	if (w->ipv6) {
		put16(f, 0x86dd);
		put32(f, 6u << 28);
		put16(f, len);
		put8(f, protonum);
		put8(f, 64);
	} else {
		put16(f, 0x0800);
		put16(f, 0x4500);
		put16(f, 20 + len);
		put16(f, (uint32_t)(w->index * 31 + w->done));
		put16(f, 0x4000);	/* do not fragment */
		put8(f, 64);
		put8(f, protonum);
		put16(f, 0);
	}
	put_address(f, w, from);
	put_address(f, w, !from);
	f->l4 = f->len;
	if (!w->ipv6)
		set16(f, ETHERNET + 10, checksum(f, ETHERNET, f->len, 0));
}

/* The transport checksum, whose field is 'field' bytes behind its header;
 * ICMP has no pseudo header. */
static void seal(struct frame *f, const struct flow *w, uint32_t field,
		 uint8_t protonum)
{
	uint32_t addresses = w->ipv6 ? 32 : 8;
	uint32_t from = f->l4, sum = 0, value;

	if (protonum != 1) {
		from -= addresses;
		sum = protonum + f->len - f->l4;
	}
	value = checksum(f, from, f->len, sum);
	set16(f, f->l4 + field, value ? value : 0xffff);
}

static void filler(struct frame *f, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		put8(f, 'a' + i % 26);
}

static uint32_t tcp_options(struct frame *f, const struct flow *w, uint8_t flags,
			    uint64_t clock)
{
	static const uint8_t first[8] = { 2, 4, 1460 >> 8, 1460 & 0xff, /* MSS */
					  1, 3, 3, 7 };	/* window scale */
	uint32_t start = f->len;

	if (flags & SYN)
		put(f, first, sizeof(first));
	if (w->stamps || (flags & SYN)) {
		/* SACK permitted belongs to a SYN. */
		put16(f, flags & SYN ? 0x0402 : 0x0101);
		put16(f, w->stamps ? 0x080a : 0x0101);
		if (w->stamps) {
			put32(f, (uint32_t)clock);
			put32(f, flags == SYN ? 0 : (uint32_t)clock - 20);
		}
	}
	return f->len - start;
}

static void segment(struct frame *f, struct flow *w, int from, uint8_t flags,
		    uint32_t payload, uint64_t clock)
{
	uint32_t options = (flags & SYN ? 12 : 0) +
			   (w->stamps ? flags & SYN ? 8 : 12 : 0);
	uint32_t header = 20 + options;

	put_headers(f, w, from, 6, header + payload);
	put16(f, from ? w->dport : w->sport);
	put16(f, from ? w->sport : w->dport);
	put32(f, w->seq[from]);
	put32(f, flags & ACK ? w->seq[!from] : 0);
	put16(f, header << 10 | flags);
	put16(f, flags & SYN ? 64240 : 502);	/* the latter is scaled */
	put32(f, 0);
	tcp_options(f, w, flags, clock);
	filler(f, payload);
	seal(f, w, 16, 6);
	w->seq[from] += payload + !!(flags & SYN) + !!(flags & FIN);
	if (flags & ACK)
		w->acked[!from] = w->seq[!from];
}

/* Three segments open, three close, what is between them carries data. */
static void tcp(struct generator *g, struct frame *f, struct flow *w)
{
	uint64_t clock = w->index + g->written / 8;
	uint64_t left = w->quota - w->done;
	uint32_t room = (g->opt->full ? FRAME_MAX : FRAME_USUAL) - ETHERNET -
			(w->ipv6 ? 40 : 20) - 20 - (w->stamps ? 12 : 0);
	int from = below(g, 8) < 3 ? 0 : 1;

	if (w->done < 3)
		segment(f, w, w->done == 1, w->done == 0 ? SYN :
			w->done == 1 ? SYN | ACK : ACK, 0, clock);
	else if (w->quota > 6 && left <= 3)
		segment(f, w, left == 2, left == 1 ? ACK : FIN | ACK, 0, clock);
	else if (w->done == 3)
		segment(f, w, 0, PSH | ACK, room, clock);
	else if (w->acked[!from] != w->seq[!from] && below(g, 2))
		segment(f, w, from, ACK, 0, clock);
	else
		segment(f, w, from, PSH | ACK,
			g->opt->full ? room : 1 + below(g, room), clock);
}

/* An A record's question (RFC 1035), and its answer. */
static void dns(struct frame *f, const struct flow *w)
{
	static const uint8_t name[] = "\7example\3net";
	static const uint8_t answer[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 14, 16,
					  0, 4, 198, 18, 0, 1 };
	int from = w->done & 1;
	uint32_t len = 8 + 12 + 7 + sizeof(name) + 4 +
		       (from ? sizeof(answer) : 0);
	char host[8];

	put_headers(f, w, from, 17, len);
	put16(f, from ? w->dport : w->sport);
	put16(f, from ? w->sport : w->dport);
	put16(f, len);
	put16(f, 0);
	put16(f, (uint32_t)(w->index + w->done / 2));
	put16(f, from ? 0x8180 : 0x0100);
	put16(f, 1);
	put16(f, from);
	put32(f, 0);
	snprintf(host, sizeof(host), "\6w%05u", (unsigned int)(w->index % 100000));
	put(f, host, 7);
	put(f, name, sizeof(name));
	put32(f, 1u << 16 | 1);
	if (from)
		put(f, answer, sizeof(answer));
	seal(f, w, 6, 17);
}

static void ping(struct frame *f, const struct flow *w)
{
	static const uint8_t type[2][2] = { { 8, 0 }, { 128, 129 } };
	int from = w->done & 1;

	put_headers(f, w, from, w->ipv6 ? 58 : 1, 64);
	put8(f, type[w->ipv6][from]);
	put8(f, 0);
	put16(f, 0);
	put16(f, w->sport);
	put16(f, (uint32_t)(w->done / 2 + 1));
	filler(f, 56);
	seal(f, w, 2, w->ipv6 ? 58 : 1);
}

static void emit(struct generator *g, struct flow *w)
{
	uint64_t usec = g->written * g->opt->seconds * 1000000 / g->opt->packets;
	struct frame f;

	if (w->kind == KIND_TCP)
		tcp(g, &f, w);
	else if (w->kind == KIND_DNS)
		dns(&f, w);
	else
		ping(&f, w);
	set_le32(f.bytes, START + usec / 1000000);
	set_le32(f.bytes + 4, usec % 1000000);
	set_le32(f.bytes + 8, f.len);
	set_le32(f.bytes + 12, f.len);
	fwrite(f.bytes, RECORD + f.len, 1, g->out);
	w->done++;
	g->written++;
}

/*
 * How many packets the next connection has.  The means follow from what is
 * left, so that the sum comes out: the last one takes the rest.
 */
static uint64_t draw_quota(struct generator *g, enum kind kind)
{
	uint64_t connections = g->opt->connections - g->opened;
	uint64_t packets = g->opt->packets - g->promised;
	uint64_t spare = packets - connections;	/* one each at the least */
	uint64_t others = PERCENT_DNS * DNS_PACKETS + PERCENT_PING * PING_PACKETS;
	uint64_t mean = packets * 100 / connections;
	uint64_t quota;

	if (connections == 1)
		return packets;
	if (kind == KIND_DNS)
		quota = DNS_PACKETS;
	else if (kind == KIND_PING)
		quota = 2 + 2 * below(g, PING_PACKETS - 1);
	else {
		mean = mean > others ? mean - others : 0;
		mean /= 100 - PERCENT_DNS - PERCENT_PING;
		quota = 1 + mean / 4 + below(g, mean * 3 / 2 + 1);
	}
	return quota - 1 < spare ? quota : spare + 1;
}

static void open_flow(struct generator *g, struct flow *w)
{
	static const uint16_t services[] = { 443, 443, 443, 443, 443, 443, 80,
					     80, 80, 8080, 993, 22 };
	uint32_t percent = below(g, 100);
	enum kind kind = percent < PERCENT_DNS ? KIND_DNS :
			 percent < PERCENT_DNS + PERCENT_PING ? KIND_PING :
			 KIND_TCP;
	bool ipv6 = below(g, 8) == 0;

	/* No question is long enough to take what is left. */
	if (g->opt->connections - g->opened == 1 || g->opt->only_tcp)
		kind = KIND_TCP;
	*w = (struct flow){
		.index = g->opened, .kind = (uint8_t)kind,
		.quota = draw_quota(g, kind),
		.sport = (uint16_t)(32768 + below(g, 28232)),
		.dport = kind == KIND_DNS ? 53 : services[below(g, 12)],
		.ipv6 = g->opt->only_ipv6 || (ipv6 && !g->opt->only_ipv4),
		.stamps = below(g, 2) == 0,
	};
	for (int i = 0; i < 2; i++)
		w->seq[i] = w->acked[i] = (uint32_t)next_random(g);
	g->opened++;
	g->promised += w->quota;
}

static void generate(struct generator *g)
{
	while (g->nflow < g->opt->live && g->opened < g->opt->connections)
		open_flow(g, &g->flow[g->nflow++]);
	while (g->nflow) {
		struct flow *w = &g->flow[below(g, g->nflow)];
		uint32_t burst = 1 + below(g, 3);

		while (burst-- && w->done < w->quota)
			emit(g, w);
		if (w->done < w->quota)
			continue;
		if (g->opened < g->opt->connections)
			open_flow(g, w);
		else
			*w = g->flow[--g->nflow];
	}
}

/* draft-ietf-opsawg-pcap: little endian, microseconds, Ethernet. */
static void file_header(FILE *out)
{
	uint8_t h[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0 };

	set_le32(h + 16, 262144);
	set_le32(h + 20, 1);
	fwrite(h, sizeof(h), 1, out);
}

static bool write_all(struct generator *g)
{
	g->out = fopen(g->opt->path, "wb");
	if (!g->out)
		return false;
	file_header(g->out);
	generate(g);
	if (ferror(g->out)) {
		fclose(g->out);
		return false;
	}
	return fclose(g->out) == 0;
}

static bool number(const char *s, uint64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && *end == '\0' && !errno;
}

static bool parse(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "n:c:l:d:s:46tf")) != -1) {
		uint64_t *n = c == 'n' ? &o->packets : c == 'c' ? &o->connections :
			      c == 'l' ? &o->live : c == 'd' ? &o->seconds :
			      c == 's' ? &o->seed : NULL;

		o->only_ipv4 |= c == '4';
		o->only_ipv6 |= c == '6';
		o->only_tcp |= c == 't';
		o->full |= c == 'f';
		if (!strchr("46tf", c) && (!n || !number(optarg, n)))
			return false;
	}
	if (optind != argc - 1)
		return false;
	o->path = argv[optind];
	if (!o->live)
		o->live = 1 + o->connections / 20;
	/* A client's address has 24 bits for its connection's number. */
	return o->connections && o->connections <= 1u << 24 &&
	       o->packets >= o->connections;
}

int main(int argc, char **argv)
{
	struct options o = { .packets = 2000000, .connections = 100000,
			     .seconds = 600, .seed = 1 };
	struct generator g = { .opt = &o };
	bool done;

	if (!parse(argc, argv, &o)) {
		fprintf(stderr, "usage: generate [-n packets] [-c connections] "
			"[-l live] [-d seconds] [-s seed] [-4 | -6] [-t] [-f] FILE\n"
			"at most 16777216 connections, a packet each at least\n");
		return 2;
	}
	g.random = o.seed;
	g.flow = calloc(o.live, sizeof(*g.flow));
	done = g.flow && write_all(&g);
	if (!done)
		fprintf(stderr, "generate: %s: %s\n", o.path, strerror(errno));
	free(g.flow);
	return done ? 0 : 1;
}
