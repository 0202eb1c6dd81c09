/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/decap.h"

#include "capture/link/link_layer.h"
#include "packet/ip.h"

#define TYPE_ETHERNET	0x6558	/* transparent Ethernet bridging */
#define TYPE_ERSPAN	0x88be	/* type I and II */
#define TYPE_ERSPAN3	0x22eb
#define TYPE_PPP	0x880b

/* A decoder returns this if the header is not that of its tunnel. */
#define NO_TUNNEL	LINK_OTHER

/* A tunnel's packet in which a decoder looks for another. */
struct outer {
	struct decap *d;
	struct link_cursor c;	/* behind the IP header */
	enum tunnel tunnel;	/* set by the decoder */
	bool pptp;
	bool truncated;		/* the tunnel's end says that it cut the frame */
};

/* Whether to look into it; remembers it. */
static bool takes(struct outer *o, enum tunnel tunnel)
{
	o->tunnel = tunnel;
	return o->d->which & TUNNEL_BIT(tunnel);
}

#define VXLAN_VNI	0x08	/* flags: the network identifier is valid */
#define VXLAN_PROTOCOL	0x04	/* of GPE: so is the protocol */

/* Flags, three octets of which GPE has the protocol in the last, VNI, a reserved
 * octet. */
static enum link_class decap_vxlan(struct outer *o, bool gpe)
{
	struct link_cursor *c = &o->c;
	uint8_t flags, protocol;

	if (!takes(o, TUNNEL_VXLAN) || !link_u8(c, &flags) || !link_skip(c, 2) ||
	    !link_u8(c, &protocol) || !link_skip(c, 4) || !(flags & VXLAN_VNI))
		return NO_TUNNEL;
	if (!gpe || !(flags & VXLAN_PROTOCOL) || protocol == 3)
		return link_ethernet(c);
	return protocol == 1 || protocol == 2 ? link_raw(c) : NO_TUNNEL;
}

#define GENEVE_VERSION	0xc0
#define GENEVE_OPTIONS	0x3f	/* in units of four octets */
#define GENEVE_CONTROL	0x80

/* Version and length of the options, flags, type, VNI, a reserved octet, options. */
static enum link_class decap_geneve(struct outer *o)
{
	struct link_cursor *c = &o->c;
	uint8_t first, flags;
	uint16_t type;

	if (!takes(o, TUNNEL_GENEVE) || !link_u8(c, &first) ||
	    !link_u8(c, &flags) || !link_be16(c, &type) || !link_skip(c, 4) ||
	    (first & GENEVE_VERSION) || (flags & GENEVE_CONTROL) ||
	    !link_skip(c, (first & GENEVE_OPTIONS) * 4u))
		return NO_TUNNEL;
	return type == TYPE_ETHERNET ? link_ethernet(c) : link_ethertype(c, type);
}

#define GTPU_VERSION	0xf0	/* with the protocol type, which GTP' has not */
#define GTPU_VERSION1	0x30
#define GTPU_OPTIONAL	0x07	/* any of the three: four more octets */
#define GTPU_EXTENSION	0x04
#define GTPU_PACKET	255	/* message type: a user's packet */

/* Extension headers: length in units of four octets, content, type of the next. */
static bool skip_gtpu_extensions(struct link_cursor *c, uint8_t next)
{
	uint8_t len;

	while (next) {
		if (!link_u8(c, &len) || len == 0 || !link_skip(c, len * 4u - 2) ||
		    !link_u8(c, &next))
			return false;
	}
	return true;
}

/* Flags, message type, length of what follows the identifier, tunnel endpoint
 * identifier; optionally sequence number, N-PDU number, type of the next header. */
static enum link_class decap_gtpu(struct outer *o)
{
	struct link_cursor *c = &o->c;
	uint8_t flags, type, next = 0;
	uint16_t len;

	if (!takes(o, TUNNEL_GTPU) || !link_u8(c, &flags) || !link_u8(c, &type) ||
	    !link_be16(c, &len) || !link_skip(c, 4) ||
	    (flags & GTPU_VERSION) != GTPU_VERSION1 || type != GTPU_PACKET)
		return NO_TUNNEL;
	link_limit(c, len);
	if ((flags & GTPU_OPTIONAL) && (!link_skip(c, 3) || !link_u8(c, &next)))
		return NO_TUNNEL;
	if ((flags & GTPU_EXTENSION) && !skip_gtpu_extensions(c, next))
		return NO_TUNNEL;
	return link_raw(c);
}

static enum link_class decap_udp(struct outer *o)
{
	struct link_cursor *c = &o->c;
	uint16_t port, len;

	if (!link_skip(c, 2) || !link_be16(c, &port) || !link_be16(c, &len) ||
	    !link_skip(c, 2))
		return NO_TUNNEL;
	if (len > 8)
		link_limit(c, len - 8u);
	switch (port) {
	case DECAP_PORT_VXLAN:
	case DECAP_PORT_VXLAN_OLD:
	case DECAP_PORT_VXLAN_GPE:
		return decap_vxlan(o, port == DECAP_PORT_VXLAN_GPE);
	case DECAP_PORT_GENEVE:
		return decap_geneve(o);
	case DECAP_PORT_GTPU:
		return decap_gtpu(o);
	}
	return NO_TUNNEL;
}

#define ERSPAN_VERSION	28	/* bits to shift */
#define ERSPAN_CUT	0x400u
#define ERSPAN3_FRAME	0x7c00u	/* of its last two octets: the frame's type */
#define ERSPAN3_IP	0x0800u
#define ERSPAN3_MORE	0x0001u	/* eight octets of the platform follow */

/* Version, VLAN, class, truncation, session; type II has an index behind it. */
static enum link_class decap_erspan2(struct outer *o)
{
	struct link_cursor *c = &o->c;
	uint32_t first;

	if (!link_be32(c, &first) || !link_skip(c, 4) ||
	    first >> ERSPAN_VERSION != 1)
		return NO_TUNNEL;
	o->truncated = first & ERSPAN_CUT;
	return link_ethernet(c);
}

/* Type III has a time stamp, a group tag and flags. */
static enum link_class decap_erspan3(struct outer *o)
{
	struct link_cursor *c = &o->c;
	uint32_t first;
	uint16_t last;

	if (!link_be32(c, &first) || !link_skip(c, 6) || !link_be16(c, &last) ||
	    first >> ERSPAN_VERSION != 2 ||
	    ((last & ERSPAN3_MORE) && !link_skip(c, 8)))
		return NO_TUNNEL;
	o->truncated = first & ERSPAN_CUT;
	return (last & ERSPAN3_FRAME) == ERSPAN3_IP ? link_raw(c) : link_ethernet(c);
}

#define GRE_CHECKSUM	0x8000u
#define GRE_ROUTING	0x4000u
#define GRE_KEY		0x2000u
#define GRE_SEQUENCE	0x1000u
#define GRE_ACK		0x0080u
#define GRE_VERSION	0x0007u

/* RFC 2637: the key is the payload's length and the call; a packet may acknowledge
 * and carry nothing. */
static enum link_class decap_pptp(struct outer *o, uint16_t flags, uint16_t type)
{
	struct link_cursor *c = &o->c;
	uint16_t len;

	o->pptp = true;
	if (!takes(o, TUNNEL_GRE) || type != TYPE_PPP || !(flags & GRE_SEQUENCE) ||
	    !link_be16(c, &len) || !link_skip(c, 6) ||
	    ((flags & GRE_ACK) && !link_skip(c, 4)))
		return NO_TUNNEL;
	link_limit(c, len);
	return link_ppp(c);
}

static enum link_class decap_gre(struct outer *o)
{
	struct link_cursor *c = &o->c;
	uint16_t flags, type;
	uint32_t fields;

	if (!link_be16(c, &flags) || !link_be16(c, &type) || (flags & GRE_ROUTING))
		return NO_TUNNEL;
	if ((flags & GRE_VERSION) == 1)
		return decap_pptp(o, flags, type);
	fields = !!(flags & GRE_CHECKSUM) + !!(flags & GRE_KEY) +
		 !!(flags & GRE_SEQUENCE);
	if ((flags & GRE_VERSION) || !link_skip(c, fields * 4))
		return NO_TUNNEL;
	if (type == TYPE_ERSPAN || type == TYPE_ERSPAN3) {
		if (!takes(o, TUNNEL_ERSPAN))
			return NO_TUNNEL;
		if (type == TYPE_ERSPAN3)
			return decap_erspan3(o);
		/* Type I is the one without a sequence number, and has no header. */
		return flags & GRE_SEQUENCE ? decap_erspan2(o) : link_ethernet(c);
	}
	if (!takes(o, TUNNEL_GRE))
		return NO_TUNNEL;
	return type == TYPE_ETHERNET ? link_ethernet(c) : link_ethertype(c, type);
}

static enum link_class decap_ipip(struct outer *o, enum link_class class)
{
	if (!takes(o, TUNNEL_IPIP) || link_raw(&o->c) != class)
		return NO_TUNNEL;
	return class;
}

static enum link_class decap_one(struct outer *o, uint8_t protonum)
{
	switch (protonum) {
	case DECAP_PROTO_UDP:
		return decap_udp(o);
	case DECAP_PROTO_GRE:
		return decap_gre(o);
	case DECAP_PROTO_IPIP:
		return decap_ipip(o, LINK_IPV4);
	case DECAP_PROTO_IPV6:
		return decap_ipip(o, LINK_IPV6);
	}
	return NO_TUNNEL;
}

/* The cursor is at an IP header: moves it behind that, and ends it with the packet.
 * False if the header is damaged, or the packet is a fragment. */
static bool skip_ipv4(struct link_cursor *c, uint8_t *protonum)
{
	uint8_t h[IPV4_HEADER];
	uint32_t ihl, len;

	if (!bytes_copy(&c->b, c->off, h, sizeof(h)) || h[0] >> 4 != 4)
		return false;
	ihl = (h[0] & 0xfu) * 4;
	len = load_be16(h + 2);
	if (ihl < IPV4_HEADER ||
	    (load_be16(h + 6) & (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK)))
		return false;
	if (len >= ihl)		/* 0 in what the card cuts into segments */
		link_limit(c, len);
	*protonum = h[9];
	return link_skip(c, ihl);
}

static bool skip_ipv6(struct link_cursor *c, uint8_t *protonum)
{
	uint8_t h[IPV6_HEADER];
	struct ipv6_chain chain;

	if (!bytes_copy(&c->b, c->off, h, sizeof(h)) || h[0] >> 4 != 6)
		return false;
	if (load_be16(h + 4))
		link_limit(c, IPV6_HEADER + load_be16(h + 4));
	if (!ipv6_skip_extensions(&c->b, c->off + IPV6_HEADER, h[6], &chain) ||
	    chain.fragment)
		return false;
	*protonum = chain.protonum;
	return link_skip(c, chain.off - c->off);
}

/*
 * A mirror port that truncates frames sets a bit.  The length in the packet's own
 * header is then the length on the wire, as for a frame that the snap length cut.
 */
static void restore_length(struct link_payload *p, enum link_class class)
{
	const struct bytes b = bytes_view(p->data, p->caplen);
	uint16_t len;

	if (!bytes_be16(&b, class == LINK_IPV4 ? 2 : 4, &len))
		return;
	if (class == LINK_IPV6 && p->wirelen < IPV6_HEADER + len)
		p->wirelen = IPV6_HEADER + len;
	else if (class == LINK_IPV4 && p->wirelen < len)
		p->wirelen = len;
}

/* One tunnel; false if there is none. */
static bool enter(struct decap *d, enum link_class *class, struct link_payload *p)
{
	struct link_payload inner = *p;
	struct outer o = {
		.d = d,
		.c = {
			.b = { p->data, p->caplen, p->caplen },
			.end = p->wirelen, .p = &inner,
		},
	};
	enum link_class found;
	uint8_t protonum;

	if (*class == LINK_IPV4 ? !skip_ipv4(&o.c, &protonum) :
				  !skip_ipv6(&o.c, &protonum))
		return false;
	found = decap_one(&o, protonum);
	if (found != LINK_IPV4 && found != LINK_IPV6 && found != LINK_ARP &&
	    found != LINK_CONTROL)
		return false;
	if (o.truncated && (found == LINK_IPV4 || found == LINK_IPV6))
		restore_length(&inner, found);
	if (!d->inner) {
		d->outermost = o.tunnel;
		d->pptp = o.pptp;
	}
	d->inner = true;
	*class = found;
	*p = inner;
	return true;
}

enum link_class link_decap(struct decap *d, enum link_class class,
			   struct link_payload *p)
{
	d->inner = false;
	for (unsigned int depth = 0; depth < DECAP_DEPTH; depth++)
		if ((class != LINK_IPV4 && class != LINK_IPV6) ||
		    !enter(d, &class, p))
			break;
	return class;
}
