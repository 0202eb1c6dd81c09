/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/quality/quality.h"

#include <pcap/dlt.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "packet/ip.h"

#define ETHERNET_TYPE	12u
#define SCTP_CRC	8u

bool quality_init(struct quality *q)
{
	q->epoch = 1;
	return flows_init(&q->flows) && copies_init(&q->copies);
}

void quality_free(struct quality *q)
{
	flows_free(&q->flows);
	copies_free(&q->copies);
}

static void count(struct first_count *c, uint64_t frame)
{
	if (c->count++ == 0)
		c->first = frame;
}

/* The interface that the frame came from, counted from 1; 0: unknown. */
static uint32_t interface_of(const struct frame *f)
{
	uint32_t number;

	/* Most frames, without a call: those of a pcap file. */
	if (f->interface && !f->interface->section && f->linktype != DLT_LINUX_SLL2)
		return 0;
	return frame_interface_number(f, &number) ? number + 1 : 0;
}

static void count_reason(struct quality *q, const struct ct_packet *pkt,
			 const struct ct_verdict *v)
{
	for (unsigned int i = 0; i < v->nwhy; i++) {
		switch (v->why[i].reason) {
		case CT_REASON_CUT_HEADER:
			count(&q->cut_header, pkt->number);
			break;
		case CT_REASON_HELP_OTHER_ADDR:
			count(&q->not_taken, pkt->number);
			break;
		case CT_REASON_HELP_TLS:
			count(&q->tls, pkt->number);
			break;
		}
	}
}

static void count_offload(struct quality *q, const struct ct_packet *pkt)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };

	if (pkt->flags & CT_PACKET_OFFLOAD)
		count(&q->no_length, pkt->number);
	if (pkt->protonum == CT_L4_SCTP && !(pkt->flags & CT_PACKET_FRAGMENT) &&
	    bytes_there(&b, pkt->l4off + SCTP_CRC, 4) &&
	    load_be32(pkt->data + pkt->l4off + SCTP_CRC) == 0)
		count(&q->no_crc, pkt->number);
}

void quality_group(struct groups *g, const struct ct_packet *pkt, ct_time time,
		   struct ct_verdict *v)
{
	uint64_t asked = groups_packet(g, pkt, time);

	if (!asked || v->nwhy)
		return;
	v->why[0] = (struct ct_why){ .reason = CT_REASON_GROUP_ANSWER,
				     .l3num = pkt->l3num,
				     .n = { (uint32_t)asked } };
	v->nwhy = 1;
}

static void watch_copies(struct quality *q, const struct frame *f,
			 const struct ct_packet *pkt, const struct segment *s,
			 const struct ct_verdict *v)
{
	switch (copies_packet(&q->copies, pkt, s, f->time, interface_of(f))) {
	case COPY_SAME:
		q->copies_invalid += v->ctstate == CT_INVALID;
		break;
	case COPY_REWRITTEN:
		flows_rewritten(&q->flows, pkt, s);
		break;
	case COPY_NONE:
		break;
	}
}

/* Switches between watching all packets and a part of them. */
static void choose_skip(struct quality *q, uint64_t number)
{
	bool found = q->copies.count >= 3 || q->copies.rewritten >= 3 ||
		     q->flows.fault[FLOW_LOST].count;

	if (found || number < QUALITY_WATCH_ALL) {
		if (q->skip)
			q->epoch = 2;
		q->skip = 0;
	} else {
		q->skip = QUALITY_SKIP;
		q->epoch = 3 + number / (64 * (QUALITY_SKIP & -QUALITY_SKIP));
	}
}

/* Apart from quality_packet(), which most packets that open a connection leave
 * early. */
static noinline void look_closely(struct quality *q, const struct frame *f,
				  const struct ct_packet *pkt, ct_time time,
				  struct ct_verdict *v, bool watched)
{
	struct segment segment, *s = &segment;

	if (v->ctstate == CT_NEW && pkt->protonum == CT_L4_UDP)
		quality_group(&q->groups, pkt, time, v);
	if (v->nwhy)
		count_reason(q, pkt, v);
	if (pkt->protonum == CT_L4_SCTP || pkt->flags & CT_PACKET_OFFLOAD)
		count_offload(q, pkt);
	if (!segment_read(pkt, s))
		s = NULL;
	if (watched && !(pkt->flags & CT_PACKET_REASSEMBLED))
		watch_copies(q, f, pkt, s, v);
	if (s)
		flows_packet(&q->flows, pkt, s, v, watched ? q->epoch : 0);
}

void quality_packet(struct quality *q, const struct frame *f,
		    const struct ct_packet *pkt, ct_time time,
		    struct ct_verdict *v)
{
	bool watched = quality_watches(q, pkt->number);

	if (v->ctstate == CT_UNTRACKED)
		return;
	choose_skip(q, pkt->number);
	if (watched || v->ctstate != CT_NEW || v->nwhy ||
	    pkt->protonum != CT_L4_TCP || pkt->flags & CT_PACKET_OFFLOAD ||
	    !flows_opened(&q->flows, pkt))
		look_closely(q, f, pkt, time, v, watched);
}

void quality_bad_header(struct quality *q, const struct ct_packet *pkt,
			enum ct_packet_class class, uint64_t frame)
{
	if (class == CT_PACKET_LENGTH && pkt->l3num == CT_L3_IPV6 &&
	    pkt->caplen >= IPV6_HEADER && load_be16(pkt->data + 4) == 0)
		count(&q->no_length6, frame);
}

/* Whether there is the header of an IP packet that fits into 'n' bytes. */
static bool looks_ip(const uint8_t *p, uint32_t n)
{
	if (n < IPV4_HEADER)
		return false;
	if (p[0] >> 4 == 4)
		return (p[0] & 15) >= 5 && load_be16(p + 2) >= IPV4_HEADER &&
		       load_be16(p + 2) <= n;
	return p[0] >> 4 == 6 && n >= IPV6_HEADER &&
	       load_be16(p + 4) + IPV6_HEADER <= n;
}

void quality_not_ip(struct quality *q, const struct frame *f)
{
	const struct bytes b = { f->data, f->caplen, f->wirelen };
	uint16_t type = 0;

	count(&q->not_ip, f->number);
	if (bytes_there(&b, 0, IPV6_HEADER) && looks_ip(f->data, f->wirelen))
		q->like_ip++;
	else if (bytes_be16(&b, ETHERNET_TYPE, &type) &&
		 (type == 0x0800 || type == 0x86dd) &&
		 bytes_there(&b, ETHERNET_TYPE + 2, IPV6_HEADER) &&
		 looks_ip(f->data + ETHERNET_TYPE + 2, f->wirelen - 14))
		q->like_ethernet++;
}
