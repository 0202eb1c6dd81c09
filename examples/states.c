/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * states.c - the engine in a program of its own: how many packets of a capture
 * are in which state, and which reasons INVALID ones have.
 *
 *	cc states.c $(pkg-config --cflags --libs libctreplay libpcap) -o states
 *	./states capture.pcap
 *
 * To keep it short it reads Ethernet without tags, and no fragments.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include <ctreplay/conntrack.h>

#define ETHERNET_HEADER 14

struct counts {
	unsigned long state[CT_CTSTATES];
	unsigned long invalid[CT_REASON_COUNT];
};

/* The network-layer protocol of an Ethernet frame; 0 for none of ours. */
static int network_layer(const struct pcap_pkthdr *h, const u_char *frame)
{
	unsigned int ethertype;

	if (h->caplen < ETHERNET_HEADER)
		return 0;
	ethertype = (unsigned int)frame[12] << 8 | frame[13];
	if (ethertype == 0x0800)
		return CT_L3_IPV4;
	return ethertype == 0x86dd ? CT_L3_IPV6 : 0;
}

static void one_frame(struct ct *ct, struct counts *n,
		      const struct pcap_pkthdr *h, const u_char *frame)
{
	int l3num = network_layer(h, frame);
	struct ct_packet pkt;
	struct ct_verdict v;

	/* Stamps were asked for in nanoseconds: tv_usec holds them. */
	ct_advance(ct, (ct_time)h->ts.tv_sec * CT_NSEC_PER_SEC +
		       (ct_time)h->ts.tv_usec);
	if (!l3num ||
	    ct_packet_parse(&pkt, frame + ETHERNET_HEADER,
			    h->caplen - ETHERNET_HEADER,
			    h->len - ETHERNET_HEADER, (enum ct_l3)l3num,
			    CT_PARSE_OFFLOAD) != CT_PACKET_OK)
		return;
	ct_track(ct, &pkt, &v);
	ct_confirm(ct, &v);
	n->state[v.ctstate]++;
	if (v.ctstate == CT_INVALID && v.nwhy)
		n->invalid[v.why[0].reason]++;
}

static void print_counts(const struct counts *n, const struct ct *ct)
{
	for (int i = 0; i < CT_CTSTATES; i++)
		if (n->state[i])
			printf("%-12s %lu\n", ct_ctstate_name((enum ct_ctstate)i),
			       n->state[i]);
	for (int i = 0; i < CT_REASON_COUNT; i++)
		if (n->invalid[i])
			printf("  %-24s %lu\n", ct_reason_code((enum ct_reason)i),
			       n->invalid[i]);
	printf("%zu connections are left\n", ct_count(ct));
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *frame;
	struct counts n = { { 0 }, { 0 } };
	struct ct_config cfg;
	struct ct *ct;
	pcap_t *p;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	p = pcap_open_offline_with_tstamp_precision(argv[1],
						    PCAP_TSTAMP_PRECISION_NANO,
						    error);
	if (!p || pcap_datalink(p) != DLT_EN10MB) {
		fprintf(stderr, "%s: %s\n", argv[1], p ? "not Ethernet" : error);
		return 2;
	}
	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	ct = ct_create(&cfg);
	if (!ct)
		return 2;
	while (pcap_next_ex(p, &h, &frame) == 1)
		one_frame(ct, &n, h, frame);
	print_counts(&n, ct);
	ct_destroy(ct);
	pcap_close(p);
	return 0;
}
