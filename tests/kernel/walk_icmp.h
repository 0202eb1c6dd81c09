/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_icmp.h - what both versions of ICMP share: quoting a packet.
 */
#ifndef CHECK_KERNEL_WALK_ICMP_H
#define CHECK_KERNEL_WALK_ICMP_H 1

#include "walk.h"

/* A packet that an error message quotes, and the addresses of the message. */
struct quote {
	struct craft packet;
	struct addr to;		/* the packet's sender, in most cases */
	struct addr from;
};

/*
 * Picks a packet that was sent lately or never, whole or cut, at times with
 * options in its header or as a later fragment.
 */
void walk_quote(struct walk *w, uint8_t family, struct quote *q);

#endif
