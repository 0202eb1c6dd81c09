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
#include "packet/ip.h"

/* Tunnels in tunnels, at most. */
#define DECAP_DEPTH	8u

struct decap {
	unsigned int which;	/* the set of tunnels to look into */
	bool inner;		/* the packet was in a tunnel ... */
	enum tunnel outermost;	/* ... of this kind */
	bool pptp;		/* that is GRE with PPP in it */
};

#define DECAP_PROTO_IPIP	4
#define DECAP_PROTO_UDP	17
#define DECAP_PROTO_IPV6	41
#define DECAP_PROTO_GRE	47

#define DECAP_PORT_GTPU	2152
#define DECAP_PORT_VXLAN	4789
#define DECAP_PORT_VXLAN_GPE	4790
#define DECAP_PORT_GENEVE	6081
#define DECAP_PORT_VXLAN_OLD	8472	/* the default of Linux if no port is given */

static inline bool decap_is_port(uint16_t port)
{
	return port == DECAP_PORT_GTPU || port == DECAP_PORT_VXLAN ||
	       port == DECAP_PORT_VXLAN_GPE || port == DECAP_PORT_GENEVE ||
	       port == DECAP_PORT_VXLAN_OLD;
}

/*
 * Whether link_decap() could find a tunnel of any kind in the packet, at a glance:
 * false is sure, and is the answer for nearly all packets of nearly all captures.
 */
static inline bool decap_applies(enum link_class class, const struct link_payload *p)
{
	const uint8_t *h = p->data;
	bool v4 = class == LINK_IPV4;
	uint32_t off = v4 ? IPV4_HEADER : IPV6_HEADER;
	uint8_t protonum;

	/* Options, and what is cut short, are for a closer look. */
	if (p->caplen < off + 4 || (v4 && h[0] != 0x45))
		return true;
	protonum = v4 ? h[9] : h[6];
	if (protonum == DECAP_PROTO_UDP)
		return decap_is_port(load_be16(h + off + 2));
	return protonum == DECAP_PROTO_GRE || protonum == DECAP_PROTO_IPIP ||
	       protonum == DECAP_PROTO_IPV6 || (!v4 && ipv6_is_extension(protonum));
}

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
