/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link_plain.h - most frames by far, to be inlined: Ethernet with IP behind its
 * header at once.
 */
#ifndef CAPTURE_LINK_PLAIN_H
#define CAPTURE_LINK_PLAIN_H 1

#include <pcap/dlt.h>

#include "capture/link/link_layer.h"

/* False for all others, which link_decode() reads from the beginning. */
static inline bool link_decode_fast(const struct frame *f, struct link_payload *p,
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
