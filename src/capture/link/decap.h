/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decap.h - finds the packet in a tunnel's packet (--decap).
 *
 * Read are VXLAN (RFC 7348; draft-ietf-nvo3-vxlan-gpe on its own port), GENEVE
 * (RFC 8926), GRE (RFC 2784, 2890; RFC 2637 with PPP in it), ERSPAN type I to III
 * (draft-foschiano-erspan), IP in IP (RFC 2003, 2473, 4213) and GTP-U (3GPP TS
 * 29.281).  A tunnel over UDP is known by its destination port.
 */
#ifndef CAPTURE_DECAP_H
#define CAPTURE_DECAP_H 1

#include "base/tunnel.h"
#include "capture/link/link.h"

/* Tunnels in tunnels, at most. */
#define DECAP_DEPTH	8u

struct decap {
	unsigned int which;	/* the set of tunnels to look into */
	bool inner;		/* the packet was in a tunnel ... */
	enum tunnel outermost;	/* ... of this kind */
	bool pptp;		/* that is GRE with PPP in it */
};

/*
 * Finds the packet that is innermost.  'class' is that of '*p', which is LINK_IPV4 or
 * LINK_IPV6.  Returns the class of what is inside, and sets '*p' if that is IP again;
 * both stay as they are if there is no tunnel of d->which, if its header is damaged
 * or was not captured, or if it holds something that this program cannot read.
 * Fragments must be put together before.
 */
enum link_class link_decap(struct decap *d, enum link_class class,
			   struct link_payload *p);

#endif
