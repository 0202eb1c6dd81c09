/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link.h - finds the network-layer packet in a frame.
 */
#ifndef CAPTURE_LINK_H
#define CAPTURE_LINK_H 1

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

enum link_class {
	LINK_IPV4,
	LINK_IPV6,
	LINK_ARP,	/* ARP and RARP */
	LINK_OTHER,	/* a protocol other than IP */
	LINK_CONTROL,	/* of the link layer: beacons, LCP, SLARP, PPPoE discovery */
	LINK_COMPRESSED,	/* IP with compressed headers (RFC 1144, 2507), which
			 * cannot be tracked */
	LINK_ENCRYPTED,	/* protected 802.11 frames, PPP encryption */
	LINK_SHORT,	/* the frame ends within the link layer's headers */
	LINK_COPY,	/* a copy of a packet, as --dedup finds it, not link_decode() */
	LINK_CLASSES
};

struct link_payload {
	const uint8_t *data;	/* within the frame */
	uint32_t caplen;	/* captured bytes of it */
	uint32_t wirelen;	/* bytes of it on the wire, padding included */
};

/* True if frames of this DLT can be decoded. */
bool link_supported(int linktype);

/*
 * Finds the network-layer packet of 'f'; sets '*p' for LINK_IPV4 and LINK_IPV6
 * only.  The type in the link layer's header (an EtherType, a PPP protocol)
 * decides; the version in the packet's first byte only if there is none (raw
 * IP).
 */
enum link_class link_decode(const struct frame *f, struct link_payload *p);

/* The name of a class in statistics, such as "arp"; static storage. */
const char *link_class_name(enum link_class c);

#endif
