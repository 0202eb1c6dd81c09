/* SPDX-License-Identifier: GPL-2.0-only */
/* offload.c - captures of what was left to the card, through the kernel as it was
 * left, and through ctreplay with -k auto. */
#include "offload.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>

#include "modes.h"
#include "trial.h"

#define SEGMENT_SIZE	1448u	/* of data */
#define TCP_CHECK	16u	/* offset of the checksum */
#define SCTP_CHECK	8u

_Static_assert(sizeof(struct virtio_net_hdr) == OFFLOAD_HEADER, "as the tap wants it");

/* Where the transport header begins, which is behind the IP header alone. */
static size_t transport_of(const struct frame *f, uint8_t *protonum)
{
	if (f->ethertype == ETH_P_IP && f->caplen >= 20) {
		*protonum = f->data[9];
		return (f->data[0] & 15u) * 4;
	}
	if (f->ethertype == ETH_P_IPV6 && f->caplen >= 40) {
		*protonum = f->data[6];
		return 40;
	}
	*protonum = 0;
	return 0;
}

static bool is_zero(const struct frame *f, size_t off, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (off + i >= f->caplen || f->data[off + i])
			return false;
	return true;
}

/* The IP header has no length: it is to be segmented. */
static bool no_length(const struct frame *f)
{
	return is_zero(f, f->ethertype == ETH_P_IP ? 2 : 4, 2);
}

void offload_header(const struct frame *f, uint8_t header[OFFLOAD_HEADER])
{
	struct virtio_net_hdr h = { 0 };
	uint8_t protonum;
	size_t l4 = transport_of(f, &protonum);
	bool tcp = protonum == IPPROTO_TCP && no_length(f) && f->caplen >= l4 + 20;

	if (tcp || (protonum == IPPROTO_SCTP && is_zero(f, l4 + SCTP_CHECK, 4))) {
		h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h.csum_start = (uint16_t)(FRAME_LINK_LEN + l4);
		h.csum_offset = tcp ? TCP_CHECK : SCTP_CHECK;
	}
	if (tcp) {
		h.gso_type = f->ethertype == ETH_P_IP ? VIRTIO_NET_HDR_GSO_TCPV4 :
							VIRTIO_NET_HDR_GSO_TCPV6;
		h.gso_size = SEGMENT_SIZE;
		h.hdr_len = (uint16_t)(h.csum_start + (f->data[l4 + 12] >> 4) * 4u);
	}
	memcpy(header, &h, sizeof(h));
}

void mode_offload(const struct options *opt, struct tally *tally)
{
	for (size_t i = 0; i < opt->noperands; i++) {
		struct setup setup = opt->setup;
		struct frames fs = { 0 };
		struct trial t;

		capfile_read(opt->operands[i], true, &fs, tally->left);
		setup.checksum = setup.card = true;
		trial_run(&t, &setup, NULL, &fs, NULL, NULL);
		if (trial_failed(&t)) {
			tally->failed++;
			printf("%s: %zu of %zu frames and table lines differ\n",
			       opt->operands[i], t.differences.n, fs.n);
			trial_print(&t, &fs, opt->most);
		} else {
			tally->passed++;
		}
		if (!t.broken)
			tally->compared += fs.n;
		tally->differing += t.differences.n;
		trial_free(&t);
		frames_free(&fs);
	}
}
