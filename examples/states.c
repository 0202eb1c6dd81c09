/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * states.c - the engine in a program of its own: counts the packets of a capture
 * by their state, and those that no rule accepts by the reason.
 *
 *	cc states.c $(pkg-config --cflags --libs libctreplay libpcap) -o states
 *	./states capture.pcap
 *	./states -p capture.pcap	# each packet's state as well
 *
 * It reads Ethernet captures only, and says of each packet what ctreplay says.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ctreplay/conntrack.h>
#include <ctreplay/reassembly.h>

#define ETHERNET_TYPE	12	/* the type's offset in the frame */

struct states {
	struct ct *ct;
	struct ct_reassembly *reassembly;
	int lines;		/* print a line for each packet */
	uint64_t frames;
	unsigned long state[CT_CTSTATES];
	unsigned long reason[CT_REASON_COUNT];
};

struct frame {
	const u_char *bytes;
	bpf_u_int32 caplen, off;	/* what is before 'off' has been read */
};

/* The next two bytes as a number; 0 beyond the end. */
static unsigned int next16(struct frame *f)
{
	f->off += 2;
	return f->off > f->caplen ? 0 :
	       (unsigned int)f->bytes[f->off - 2] << 8 | f->bytes[f->off - 1];
}

/* Behind MPLS labels, the last of which has a bit set, the version tells. */
static int behind_labels(struct frame *f)
{
	unsigned int label;

	do {
		next16(f);
		label = next16(f);
	} while (!(label & 0x100) && f->off < f->caplen);
	if (f->off >= f->caplen)
		return 0;
	return f->bytes[f->off] >> 4 == 4 ? CT_L3_IPV4 :
	       f->bytes[f->off] >> 4 == 6 ? CT_L3_IPV6 : 0;
}

/* The protocol of the network layer, which begins at f->off; 0: another one. */
static int network_layer(struct frame *f)
{
	unsigned int type;

	f->off = ETHERNET_TYPE;
	while ((type = next16(f)) != 0) {
		switch (type) {
		case 0x0800:
			return CT_L3_IPV4;
		case 0x86dd:
			return CT_L3_IPV6;
		case 0x8847:	/* MPLS */
			return behind_labels(f);
		case 0x8864:	/* PPPoE, with PPP's own numbers */
			f->off += 6;
			type = next16(f);
			return type == 0x0021 ? CT_L3_IPV4 :
			       type == 0x0057 ? CT_L3_IPV6 : 0;
		case 0x8100: case 0x88a8: case 0x9100:
			f->off += 2;	/* a VLAN tag */
			break;
		default:
			if (type > 1500 || next16(f) != 0xaaaa)
				return 0;
			f->off += 4;	/* a length, then SNAP */
		}
	}
	return 0;
}

/* Fragments wait until their datagram is whole; '*pkt' then becomes that. */
static int reassemble(struct states *s, struct ct_packet *pkt,
		      struct ct_verdict *v)
{
	enum ct_reason why;

	switch (ct_reassembly_packet(s->reassembly, ct_now(s->ct), pkt, &why)) {
	case CT_REASSEMBLY_PASS:
	case CT_REASSEMBLY_WHOLE:
		return 1;
	case CT_REASSEMBLY_HELD:
		v->ctstate = CT_FRAGMENT;
		break;
	case CT_REASSEMBLY_DROPPED:
		v->ctstate = CT_DROP;
		break;
	}
	v->nwhy = 1;
	v->why[0].reason = (uint16_t)why;
	return 0;
}

static void count(struct states *s, const struct ct_verdict *v)
{
	const char *reason = "";

	s->state[v->ctstate]++;
	if (v->nwhy) {
		s->reason[v->why[0].reason]++;
		reason = ct_reason_code((enum ct_reason)v->why[0].reason);
	}
	if (s->lines)
		printf("%llu %s %s\n", (unsigned long long)s->frames,
		       ct_ctstate_name((enum ct_ctstate)v->ctstate), reason);
}

static void one_frame(struct states *s, const struct pcap_pkthdr *h,
		      const u_char *frame)
{
	struct frame f = { frame, h->caplen, 0 };
	bpf_u_int32 len = h->len > h->caplen ? h->len : h->caplen;
	struct ct_packet pkt;
	struct ct_verdict v;
	int l3num = network_layer(&f);

	s->frames++;
	/* main() asked for nanoseconds: tv_usec holds them. */
	ct_advance(s->ct, (ct_time)h->ts.tv_sec * CT_NSEC_PER_SEC +
			  (ct_time)h->ts.tv_usec);
	if (!l3num || ct_packet_parse(&pkt, frame + f.off, h->caplen - f.off,
				      len - f.off, (enum ct_l3)l3num,
				      CT_PARSE_OFFLOAD) != CT_PACKET_OK)
		return;
	/* Only fragments need the reassembly, and most packets are none. */
	if (!(pkt.flags & CT_PACKET_FRAGMENT) || reassemble(s, &pkt, &v)) {
		ct_track(s->ct, &pkt, &v);
		/* A rule could look at v.ctstate here, and call ct_drop(). */
		ct_confirm(s->ct, &v);
	}
	count(s, &v);
}

static void print_counts(const struct states *s)
{
	for (int i = 0; i < CT_CTSTATES; i++)
		if (s->state[i])
			printf("%-12s %lu\n", ct_ctstate_name((enum ct_ctstate)i),
			       s->state[i]);
	for (int i = 0; i < CT_REASON_COUNT; i++)
		if (s->reason[i])
			printf("  %-24s %lu\n", ct_reason_code((enum ct_reason)i),
			       s->reason[i]);
	printf("%zu connections are left\n", ct_count(s->ct));
}

static pcap_t *open_capture(const char *name)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline_with_tstamp_precision(
		name, PCAP_TSTAMP_PRECISION_NANO, error);

	if (p && pcap_datalink(p) == DLT_EN10MB)
		return p;
	fprintf(stderr, "%s: %s\n", name, p ? "not Ethernet" : error);
	exit(2);
}

int main(int argc, char **argv)
{
	struct states s = { .lines = argc == 3 && !strcmp(argv[1], "-p") };
	struct pcap_pkthdr *h;
	const u_char *frame;
	struct ct_config cfg;
	pcap_t *p;

	if (argc != 2 + s.lines) {
		fprintf(stderr, "usage: %s [-p] FILE\n", argv[0]);
		return 2;
	}
	p = open_capture(argv[argc - 1]);
	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	s.ct = ct_create(&cfg);
	s.reassembly = ct_reassembly_create(&cfg.sysctl);
	if (!s.ct || !s.reassembly) {
		fprintf(stderr, "out of memory\n");
		return 2;
	}
	while (pcap_next_ex(p, &h, &frame) == 1)
		one_frame(&s, h, frame);
	print_counts(&s);
	ct_reassembly_free(s.reassembly);
	ct_destroy(s.ct);
	pcap_close(p);
	return 0;
}
