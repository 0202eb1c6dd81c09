/* SPDX-License-Identifier: GPL-2.0-only */
#include "capfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <pcap/pcap.h>

#include "lab.h"
#include "netpkt.h"
#include "util.h"

static const char *const names[] = {
	[LEFT_FILE] = "files that libpcap refuses",
	[LEFT_DAMAGED] = "files damaged after their last readable frame",
	[LEFT_LINKTYPE] = "link type unknown",
	[LEFT_NOT_IP] = "not IP",
	[LEFT_COMPRESSED] = "compressed headers",
	[LEFT_ENCRYPTED] = "encrypted",
	[LEFT_LINK_CUT] = "cut within the link layer",
	[LEFT_EMPTY] = "empty after the link layer",
	[LEFT_TOO_LARGE] = "too large for the tap",
	[LEFT_FRAGMENT] = "fragments",
	[LEFT_NOT_HOSTS] = "not UDP of this host",
};

const char *left_out_name(enum left_out cause)
{
	return names[cause];
}

static enum left_out not_found(enum netpkt why)
{
	switch (why) {
	case NETPKT_LINKTYPE:
		return LEFT_LINKTYPE;
	case NETPKT_COMPRESSED:
		return LEFT_COMPRESSED;
	case NETPKT_ENCRYPTED:
		return LEFT_ENCRYPTED;
	case NETPKT_CUT:
		return LEFT_LINK_CUT;
	default:
		return LEFT_NOT_IP;
	}
}

/* Adds one frame; returns LEFT_CAUSES, or why the frame was left out. */
static enum left_out add_frame(struct frames *fs, int linktype, bool fragments,
			       const struct pcap_pkthdr *h,
			       const uint8_t *data)
{
	uint32_t len = h->len > h->caplen ? h->len : h->caplen;
	struct netpkt_payload p;
	enum netpkt found = network_packet(linktype, data, h->caplen, len, &p);
	struct frame *f;

	if (found != NETPKT_FOUND)
		return not_found(found);
	if (!p.caplen)
		return LEFT_EMPTY;
	if (p.wirelen > LAB_MTU)
		return LEFT_TOO_LARGE;
	f = frames_add(fs, p.data, p.caplen, p.wirelen, p.ethertype);
	if (fragments || !frame_is_fragment(f))
		return LEFT_CAUSES;
	free(f->data);
	fs->n--;
	return LEFT_FRAGMENT;
}

void capfile_read(const char *path, bool fragments, struct frames *fs,
		  uint64_t left[LEFT_CAUSES])
{
	char err[PCAP_ERRBUF_SIZE];
	uint64_t number = 0, before = 0;
	const uint8_t *data;
	struct pcap_pkthdr *h;
	pcap_t *p;
	int rc;

	p = pcap_open_offline_with_tstamp_precision(path,
			PCAP_TSTAMP_PRECISION_NANO, err);
	if (!p) {
		printf("%s: left out: %s\n", path, err);
		left[LEFT_FILE]++;
		return;
	}
	while ((rc = pcap_next_ex(p, &h, &data)) == 1) {
		uint64_t t = (uint64_t)h->ts.tv_sec * NSEC_PER_SEC +
			     (uint64_t)h->ts.tv_usec;
		enum left_out why = add_frame(fs, pcap_datalink(p), fragments,
					      h, data);

		number++;
		if (why != LEFT_CAUSES) {
			left[why]++;
			continue;
		}
		fs->v[fs->n - 1].source = number;
		fs->v[fs->n - 1].gap = before && t > before ? t - before : 0;
		before = t;
	}
	if (rc == PCAP_ERROR) {
		printf("%s: read up to frame %llu: %s\n", path,
		       (unsigned long long)number, pcap_geterr(p));
		left[number ? LEFT_DAMAGED : LEFT_FILE]++;
	}
	pcap_close(p);
}
