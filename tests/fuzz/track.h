/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * track.h - packets of a few flows through two engines that must not differ;
 * for the targets of the protocols' trackers.
 *
 * The input begins with TRACK_HEAD octets: TRACK_..., then three sysctls for
 * choose.h.  Then come packets, each of four octets and a body:
 *
 *   0  the protocol, by its place in the target's list (3 bits); its direction
 *      (SAY_REPLY); which two hosts (2 bits, the upper one for IPv6); which of
 *      their ports (2 bits)
 *   1  HOW_...
 *   2  the time before it
 *   3  the length of its body, which depends on the protocol: see body.h
 *
 * After each packet the invariants of check.h must hold.
 */
#ifndef TRACK_H
#define TRACK_H 1

#include "body.h"
#include "check.h"
#include "choose.h"

#define TRACK_HEAD	7u
#define TRACK_CHECKSUM	0x03u	/* enum ct_checksum_mode, 3 being NONE too */
#define TRACK_BOUNDS	0x04u
#define TRACK_ACCT	0x08u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void track_config(struct ct_config *cfg, const uint8_t *head)
{
	char text[80];

	ct_config_defaults(cfg);
	cfg->checksum = (enum ct_checksum_mode)((head[0] & TRACK_CHECKSUM) % 3);
	cfg->track_bounds = head[0] & TRACK_BOUNDS;
	cfg->sysctl.acct = !!(head[0] & TRACK_ACCT);
	for (unsigned int i = 1; i < TRACK_HEAD; i += 2)
		choose_sysctl(&cfg->sysctl, head[i], head[i + 1], text);
}

/* Tracks one packet, in memory that ends where the packet does. */
static inline void track_packet(struct check *c, struct body *b, uint8_t protonum)
{
	uint8_t *copy = malloc(b->caplen);
	struct ct_packet pkt;

	if (!copy)
		return;
	memcpy(copy, b->packet, b->caplen);
	check_step(c, choose_step(b->wait));
	/* Protocol 0 is an extension header in IPv6, and may be broken. */
	if (ct_packet_parse(&pkt, copy, b->caplen, b->len, b->l3num, 0) ==
	    CT_PACKET_OK) {
		pkt.number = ++b->number;
		if (b->how & HOW_NOTRACK)
			pkt.flags |= CT_PACKET_NOTRACK;
		/* The input follows an extension header. */
		check_packet(c, &pkt, b->how & HOW_DROP,
			     b->how & HOW_CUT || pkt.protonum != protonum ?
			     SUM_UNKNOWN :
			     b->how & HOW_WRONG ? SUM_WRONG : SUM_RIGHT);
	}
	free(copy);
}

static inline int track_fuzz(const uint8_t *protos, unsigned int nprotos,
			     const uint8_t *data, size_t size)
{
	static struct check check;
	static struct body body;
	struct ct_config cfg;

	if (size < TRACK_HEAD)
		return 0;
	track_config(&cfg, data);
	if (!check_begin(&check, &cfg))
		return 0;
	memset(&body, 0, sizeof(body));
	data += TRACK_HEAD;
	size -= TRACK_HEAD;
	while (size >= 4) {
		size_t n = data[3] < size - 4 ? data[3] : size - 4;
		uint8_t protonum = protos[(data[0] & 7u) % nprotos];

		body_make(&body, protonum, data, (uint32_t)n);
		track_packet(&check, &body, protonum);
		data += 4 + n;
		size -= 4 + n;
	}
	check_end(&check);
	return 0;
}

#endif
