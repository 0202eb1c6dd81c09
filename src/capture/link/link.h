/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link.h - from a frame to the network-layer packet inside of it.
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
	LINK_OTHER,	/* another protocol than IP */
	LINK_CONTROL,	/* the link layer's own: beacons, LCP, SLARP, PPPoE discovery */
	LINK_COMPRESSED,	/* IP with compressed headers (RFC 1144, 2507): cannot be tracked */
	LINK_ENCRYPTED,	/* protected 802.11 frames */
	LINK_SHORT,	/* too short, or cut within the link layer's headers */
	LINK_CLASSES
};

struct link_payload {
	const uint8_t *data;	/* within the frame */
	uint32_t caplen;	/* captured bytes of it */
	uint32_t wirelen;	/* bytes of it on the wire, padding included */
};

/* Whether frames of this DLT can be read at all. */
bool link_supported(int linktype);

/*
 * Finds the network-layer packet of 'f'.  '*p' is set for LINK_IPV4 and
 * LINK_IPV6 only.  What the link layer says (an EtherType, a PPP protocol)
 * decides, not the packet's version nibble, except for link types that say
 * nothing (raw IP).
 */
enum link_class link_decode(const struct frame *f, struct link_payload *p);

/* A short name for statistics, such as "arp"; static storage. */
const char *link_class_name(enum link_class c);

#endif
