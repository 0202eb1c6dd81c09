/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timed.c - sequences in real time: intervals that no sysctl shortens, and
 * entries that expire. No step is close to a timeout, because the kernel counts
 * in jiffies and sending takes a moment.
 */
#include "modes.h"

#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "block.h"
#include "craft.h"
#include "trial.h"
#include "walk.h"

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

/* A sequence under construction. */
struct script {
	struct frames fs;
	uint32_t last;		/* when the last frame is sent, in milliseconds */
};

/* One line of a sequence. */
struct event {
	uint32_t at;		/* milliseconds since the start */
	uint16_t flow;		/* tells connections apart */
	uint8_t  from;		/* 0: the first sends, 1: the other */
	uint8_t  flags;		/* TCP */
	uint32_t seq, ack;
};

static const struct addr hosts4[2] = {
	{ 4, { 192, 0, 2, 1 } }, { 4, { 192, 0, 2, 2 } }
};

static void add_packet(struct script *s, uint32_t at, uint8_t from,
		       uint8_t proto, const struct craft *l4,
		       const struct ip_shape *shape)
{
	struct craft ip;
	struct frame *f;

	craft_ip(&ip, &hosts4[from], &hosts4[!from], proto, l4->b, l4->len,
		 shape);
	f = frames_add(&s->fs, ip.b, (uint32_t)ip.len, (uint32_t)ip.len,
		       ETH_P_IP);
	f->gap = at > s->last ? (at - s->last) * NSEC_PER_MSEC : 0;
	s->last = at;
}

static void ports(struct craft *l4, const struct event *e)
{
	l4->len = 0;
	craft_put16(l4, e->from ? 7 : e->flow);
	craft_put16(l4, e->from ? e->flow : 7);
}

static void add_udp(struct script *s, const struct event *e)
{
	struct craft l4;

	ports(&l4, e);
	craft_put16(&l4, 8);
	craft_put16(&l4, 0);
	add_packet(s, e->at, e->from, IPPROTO_UDP, &l4, NULL);
}

static void add_tcp(struct script *s, const struct event *e)
{
	struct craft l4;

	ports(&l4, e);
	craft_put32(&l4, e->seq);
	craft_put32(&l4, e->ack);
	craft_put16(&l4, 0x5000u | e->flags);
	craft_put16(&l4, 8192);
	craft_put32(&l4, 0);
	put16(l4.b + 16, craft_l4_sum(&hosts4[e->from], &hosts4[!e->from],
				      IPPROTO_TCP, l4.b, l4.len));
	add_packet(s, e->at, e->from, IPPROTO_TCP, &l4, NULL);
}

static void add_icmp(struct script *s, const struct event *e)
{
	struct craft l4 = { .len = 0 };

	craft_put16(&l4, e->from ? 0 : 0x0800);
	craft_put16(&l4, 0);
	craft_put32(&l4, (uint32_t)e->flow << 16);
	put16(l4.b + 2, craft_fold(craft_sum(0, l4.b, l4.len)));
	add_packet(s, e->at, e->from, IPPROTO_ICMP, &l4, NULL);
}

static void add_generic(struct script *s, const struct event *e)
{
	struct craft l4 = { .len = 0 };

	craft_put32(&l4, 0);
	add_packet(s, e->at, e->from, 89, &l4, NULL);
}

static void add_gre(struct script *s, const struct event *e)
{
	struct craft l4 = { .len = 0 };

	craft_put32(&l4, 0x0800);
	add_packet(s, e->at, e->from, IPPROTO_GRE, &l4, NULL);
}

/* 'seq' is the fragment offset in units of 8 bytes, 'ack' the MF flag. */
static void add_fragment(struct script *s, const struct event *e)
{
	struct ip_shape shape = {
		.id = e->flow, .frag = (uint16_t)(e->seq | e->ack << 13)
	};
	struct craft l4;

	ports(&l4, e);
	craft_put16(&l4, 16);
	craft_put16(&l4, 0);
	add_packet(s, e->at, e->from, IPPROTO_UDP, &l4, &shape);
}

/* UDP is ASSURED two seconds after the first packet, not earlier. */
static const struct event udp_stream[] = {
	{ .at = 0,    .flow = 1 }, { .at = 0,   .flow = 2 },
	{ .at = 50,   .flow = 1, .from = 1 },
	{ .at = 50,   .flow = 2, .from = 1 },
	{ .at = 1800, .flow = 1 }, { .at = 1850, .flow = 1, .from = 1 },
	{ .at = 2200, .flow = 2, .from = 1 },
	{ .at = 2250, .flow = 3 },
};

/* udp_timeout 1, udp_timeout_stream 2. */
static const struct event udp_expiry[] = {
	{ .at = 0,    .flow = 1 }, { .at = 0, .flow = 2 },
	{ .at = 0,    .flow = 3 }, { .at = 0, .flow = 3, .from = 1 },
	{ .at = 700,  .flow = 2 }, { .at = 700, .flow = 3 },
	{ .at = 1400, .flow = 1, .from = 1 }, { .at = 1400, .flow = 2 },
	{ .at = 1400, .flow = 3 },
	{ .at = 2200, .flow = 3, .from = 1 }, { .at = 2250, .flow = 3 },
	{ .at = 3900, .flow = 3 }, { .at = 3900, .flow = 2, .from = 1 },
};

static const struct event icmp_expiry[] = {
	{ .at = 0,    .flow = 1 }, { .at = 0, .flow = 2 },
	{ .at = 600,  .flow = 2, .from = 1 },
	{ .at = 1400, .flow = 1, .from = 1 }, { .at = 1400, .flow = 2, .from = 1 },
};

static const struct event generic_expiry[] = {
	{ .at = 0 }, { .at = 600 }, { .at = 1300, .from = 1 },
	{ .at = 2700, .from = 1 },
};

/*
 * One connection for each state, which expires, and one that data keep alive.
 * All timeouts are 1 second, that of ESTABLISHED is 2.
 */
static const struct event tcp_expiry[] = {
	/* SYN_SENT: a retransmitted SYN does not keep it */
	{ .at = 0, .flow = 1, .flags = SYN, .seq = 100 },
	{ .at = 600, .flow = 1, .flags = SYN, .seq = 100 },
	{ .at = 1400, .flow = 1, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	/* SYN_RECV */
	{ .at = 1400, .flow = 2, .flags = SYN, .seq = 100 },
	{ .at = 1400, .flow = 2, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 2800, .flow = 2, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	/* ESTABLISHED, which data keep alive */
	{ .at = 2800, .flow = 3, .flags = SYN, .seq = 100 },
	{ .at = 2800, .flow = 3, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 2800, .flow = 3, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 4200, .flow = 3, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 5600, .flow = 3, .from = 1, .flags = ACK, .seq = 901, .ack = 101 },
	{ .at = 8200, .flow = 3, .from = 1, .flags = FIN | ACK, .seq = 901, .ack = 101 },
	/* FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE */
	{ .at = 8200, .flow = 4, .flags = SYN, .seq = 100 },
	{ .at = 8200, .flow = 4, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 8200, .flow = 4, .flags = FIN | ACK, .seq = 101, .ack = 901 },
	{ .at = 8200, .flow = 5, .flags = SYN, .seq = 100 },
	{ .at = 8200, .flow = 5, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 8200, .flow = 5, .flags = FIN | ACK, .seq = 101, .ack = 901 },
	{ .at = 8200, .flow = 5, .from = 1, .flags = ACK, .seq = 901, .ack = 102 },
	{ .at = 8200, .flow = 6, .flags = SYN, .seq = 100 },
	{ .at = 8200, .flow = 6, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 8200, .flow = 6, .flags = FIN | ACK, .seq = 101, .ack = 901 },
	{ .at = 8200, .flow = 6, .from = 1, .flags = FIN | ACK, .seq = 901, .ack = 102 },
	{ .at = 8200, .flow = 7, .flags = SYN, .seq = 100 },
	{ .at = 8200, .flow = 7, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 8200, .flow = 7, .flags = FIN | ACK, .seq = 101, .ack = 901 },
	{ .at = 8200, .flow = 7, .from = 1, .flags = FIN | ACK, .seq = 901, .ack = 102 },
	{ .at = 8200, .flow = 7, .flags = ACK, .seq = 102, .ack = 902 },
	{ .at = 8200, .flow = 8, .flags = SYN, .seq = 100 },
	{ .at = 8200, .flow = 8, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 8200, .flow = 8, .flags = RST, .seq = 101 },
	{ .at = 8800, .flow = 5, .flags = RST | ACK, .seq = 102, .ack = 901 },
	{ .at = 9600, .flow = 4, .from = 1, .flags = FIN | ACK, .seq = 901, .ack = 102 },
	{ .at = 9600, .flow = 5, .from = 1, .flags = FIN | ACK, .seq = 901, .ack = 102 },
	{ .at = 9600, .flow = 6, .flags = FIN | ACK, .seq = 101, .ack = 902 },
	{ .at = 9600, .flow = 7, .flags = FIN | ACK, .seq = 101, .ack = 902 },
	{ .at = 9600, .flow = 8, .flags = RST, .seq = 101 },
};

/*
 * max_retrans is 1 second, established 5: three retransmissions shorten the
 * timeout.
 */
static const struct event tcp_retransmission[] = {
	{ .at = 0, .flow = 1, .flags = SYN, .seq = 100 },
	{ .at = 0, .flow = 1, .from = 1, .flags = SYN | ACK, .seq = 900, .ack = 101 },
	{ .at = 0, .flow = 1, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 10, .flow = 1, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 20, .flow = 1, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 1500, .flow = 1, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 1510, .flow = 1, .flags = ACK, .seq = 101, .ack = 901 },
	{ .at = 3000, .flow = 1, .from = 1, .flags = FIN | ACK, .seq = 901, .ack = 101 },
};

static const struct event gre_expiry[] = {
	{ .at = 0 }, { .at = 600 }, { .at = 1300, .from = 1 },
	{ .at = 1350 }, { .at = 2900, .from = 1 }, { .at = 5500 },
};

/* The second fragment comes in time in one flow, too late in the other. */
static const struct event fragment_expiry[] = {
	{ .at = 0, .flow = 1, .ack = 1 }, { .at = 0, .flow = 2, .ack = 1 },
	{ .at = 500, .flow = 1, .seq = 1 }, { .at = 1500, .flow = 2, .seq = 1 },
};

struct sequence {
	const char *name;
	enum family family;
	void (*add)(struct script *s, const struct event *e);
	const struct event *events;
	size_t n;
	const char *settings[16];
};

static const struct sequence sequences[] = {
	{ "a UDP stream after two seconds", FAMILY_UDP, add_udp, udp_stream,
	  ARRAY_SIZE(udp_stream), { NULL } },
	{ "UDP entries expire", FAMILY_UDP, add_udp, udp_expiry,
	  ARRAY_SIZE(udp_expiry),
	  { "nf_conntrack_udp_timeout=1", "nf_conntrack_udp_timeout_stream=2" } },
	{ "ICMP entries expire", FAMILY_ICMP, add_icmp, icmp_expiry,
	  ARRAY_SIZE(icmp_expiry), { "nf_conntrack_icmp_timeout=1" } },
	{ "generic entries expire", FAMILY_GENERIC, add_generic, generic_expiry,
	  ARRAY_SIZE(generic_expiry), { "nf_conntrack_generic_timeout=1" } },
	{ "TCP entries expire", FAMILY_TCP, add_tcp, tcp_expiry,
	  ARRAY_SIZE(tcp_expiry),
	  { "nf_conntrack_tcp_timeout_syn_sent=1",
	    "nf_conntrack_tcp_timeout_syn_recv=1",
	    "nf_conntrack_tcp_timeout_established=2",
	    "nf_conntrack_tcp_timeout_fin_wait=1",
	    "nf_conntrack_tcp_timeout_close_wait=1",
	    "nf_conntrack_tcp_timeout_last_ack=1",
	    "nf_conntrack_tcp_timeout_time_wait=1",
	    "nf_conntrack_tcp_timeout_close=1",
	    "nf_conntrack_tcp_loose=0" } },
	{ "TCP retransmissions shorten the timeout", FAMILY_TCP, add_tcp,
	  tcp_retransmission, ARRAY_SIZE(tcp_retransmission),
	  { "nf_conntrack_tcp_timeout_established=5",
	    "nf_conntrack_tcp_timeout_max_retrans=1",
	    "nf_conntrack_tcp_loose=0" } },
	{ "GRE entries expire", FAMILY_GRE, add_gre, gre_expiry,
	  ARRAY_SIZE(gre_expiry),
	  { "nf_conntrack_gre_timeout=1", "nf_conntrack_gre_timeout_stream=2" } },
	{ "reassembly times out", FAMILY_FRAG, add_fragment, fragment_expiry,
	  ARRAY_SIZE(fragment_expiry), { "ipfrag_time=1" } },
};

static void run_sequence(const struct options *opt, const struct sequence *q,
			 struct tally *tally)
{
	struct setup setup = opt->setup;
	struct script s = { .last = 0 };
	struct trial t;

	setup.max_gap = UINT64_MAX;
	setup.checksum = true;
	setup.expiry = true;
	setup.sysctls = q->settings;
	for (setup.nsysctls = 0; q->settings[setup.nsysctls]; )
		setup.nsysctls++;
	for (size_t i = 0; i < q->n; i++)
		q->add(&s, &q->events[i]);
	if (opt->compose) {
		block_write(opt->compose, q->name, &setup, &s.fs);
		tally->compared += s.fs.n;
		frames_free(&s.fs);
		return;
	}
	trial_run(&t, &setup, NULL, &s.fs, NULL, NULL);
	printf("%s: %s\n", q->name, trial_failed(&t) ? "FAIL" : "ok");
	if (trial_failed(&t)) {
		tally->failed++;
		trial_print(&t, &s.fs, opt->most);
	} else {
		tally->passed++;
	}
	tally->compared += t.broken ? 0 : s.fs.n;
	tally->differing += t.differences.n;
	trial_free(&t);
	frames_free(&s.fs);
	fflush(stdout);
}

void mode_timed(const struct options *opt, struct tally *tally)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
		if (opt->families & 1u << sequences[i].family)
			run_sequence(opt, &sequences[i], tally);
}
