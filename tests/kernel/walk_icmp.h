/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk_icmp.h - what both versions of ICMP share: quoting a packet.
 */
#ifndef CHECK_KERNEL_WALK_ICMP_H
#define CHECK_KERNEL_WALK_ICMP_H 1

#include "walk.h"

/* A packet for an error message to quote, and where the message goes. */
struct quote {
	struct craft packet;
	struct addr to;		/* whoever sent the packet, mostly */
	struct addr from;
};

/*
 * One that was sent lately or one that never was; whole or cut; and now and
 * then with options in its header or as a later fragment.
 */
void walk_quote(struct walk *w, uint8_t family, struct quote *q);

#endif
