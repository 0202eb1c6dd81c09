/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link_fast.h - the fast path of link_decode(): Ethernet with IP directly behind
 * its header, as most frames are.
 *
 * It is inlined into its callers, and must give what the slow path gives:
 * test_link.c compares the two (link_decode_fast_agrees).
 */
#ifndef CAPTURE_LINK_FAST_H
#define CAPTURE_LINK_FAST_H 1

#include <pcap/dlt.h>

#include "capture/link/link_layer.h"

/* False for all other frames, which link_decode() decodes. */
static inline bool link_decode_fast(const struct frame *f,
				    struct link_payload *p,
				    enum link_class *class)
{
	const struct bytes b = { f->data, f->caplen, f->caplen };
	uint16_t type;

	if (f->linktype != DLT_EN10MB || !bytes_there(&b, 0, ETHER_HEADER))
		return false;
	type = load_be16(f->data + ETHER_TYPE);
	if (type == ETHERTYPE_IPV4)
		*class = LINK_IPV4;
	else if (type == ETHERTYPE_IPV6)
		*class = LINK_IPV6;
	else
		return false;
	p->data = f->data + ETHER_HEADER;
	p->caplen = f->caplen - ETHER_HEADER;
	p->wirelen = f->wirelen - ETHER_HEADER;
	return true;
}

#endif
