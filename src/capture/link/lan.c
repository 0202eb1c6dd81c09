/* SPDX-License-Identifier: GPL-2.0-only */
/* Local networks other than Ethernet and 802.11. */
#include "capture/link/link_layer.h"

#define FDDI_FORMAT	0xf0	/* class, address length and format bits */
#define FDDI_LLC_ASYNC	0x50
#define FDDI_LLC_SYNC	0xd0
#define ADDRESSES	12u	/* destination and source */

/* ANSI X3.139: frame control, two addresses, LLC. */
enum link_class link_fddi(struct link_cursor *c)
{
	uint8_t control;

	if (!link_u8(c, &control) || !link_skip(c, ADDRESSES))
		return LINK_SHORT;
	if ((control & FDDI_FORMAT) != FDDI_LLC_ASYNC &&
	    (control & FDDI_FORMAT) != FDDI_LLC_SYNC)
		return LINK_CONTROL;
	return link_llc(c);
}

#define TOKEN_TYPE	0xc0	/* of frame control */
#define TOKEN_LLC	0x40
#define TOKEN_ROUTED	0x80	/* of the source address's first byte */
#define TOKEN_ROUTE_LEN	0x1f	/* of the routing information's first byte */

/* IEEE 802.5: access control, frame control, two addresses, then routing
 * information if the source address says so, LLC. */
enum link_class link_token_ring(struct link_cursor *c)
{
	uint8_t control, source, route = 0;

	if (!link_skip(c, 1) || !link_u8(c, &control) || !link_skip(c, 6) ||
	    !link_u8(c, &source) || !link_skip(c, 5))
		return LINK_SHORT;
	if ((control & TOKEN_TYPE) != TOKEN_LLC)
		return LINK_CONTROL;
	if (source & TOKEN_ROUTED) {
		if (!bytes_u8(&c->b, c->off, &route) ||
		    !link_skip(c, route & TOKEN_ROUTE_LEN))
			return LINK_SHORT;
	}
	return link_llc(c);
}

/* Protocol IDs of ARCNET: RFC 1201 and 2497, and RFC 1051. */
#define ARC_IPV4	212
#define ARC_ARP		213
#define ARC_RARP	214
#define ARC_IPV6	196
#define ARC_IPV4_OLD	240
#define ARC_ARP_OLD	241

/* LINKTYPE_ARCNET_LINUX: source, destination, offset (two bytes), protocol ID;
 * except in RFC 1051 then split flag and sequence number (three bytes). */
enum link_class link_arcnet_linux(struct link_cursor *c)
{
	uint8_t protocol;

	if (!link_skip(c, 4) || !link_u8(c, &protocol))
		return LINK_SHORT;
	switch (protocol) {
	case ARC_IPV4_OLD:
		return link_found(c, LINK_IPV4);
	case ARC_IPV4:
		return link_skip(c, 3) ? link_found(c, LINK_IPV4) : LINK_SHORT;
	case ARC_IPV6:
		return link_skip(c, 3) ? link_found(c, LINK_IPV6) : LINK_SHORT;
	case ARC_ARP:
	case ARC_RARP:
	case ARC_ARP_OLD:
		return LINK_ARP;
	}
	return LINK_OTHER;
}

/* LINKTYPE_APPLE_IP_OVER_IEEE1394: two EUI-64 addresses, EtherType. */
enum link_class link_ieee1394(struct link_cursor *c)
{
	uint16_t type;

	if (!link_skip(c, 16) || !link_be16(c, &type))
		return LINK_SHORT;
	return link_ethertype(c, type);
}

/* RFC 4338 section 4: two addresses of eight bytes, LLC. */
enum link_class link_ip_over_fc(struct link_cursor *c)
{
	return link_skip(c, 16) ? link_llc(c) : LINK_SHORT;
}

#define IPOIB_HEADER	4u
#define IPOIB_PSEUDO	40u	/* addresses in front of the header */

/* True if RFC 4391's header is at 'off': an EtherType, two reserved bytes. */
static bool is_ipoib(const struct link_cursor *c, uint32_t off)
{
	uint16_t type, reserved;

	if (!bytes_be16(&c->b, c->off + off, &type) ||
	    !bytes_be16(&c->b, c->off + off + 2, &reserved))
		return false;
	return reserved == 0 && (type == ETHERTYPE_IPV4 ||
				 type == ETHERTYPE_IPV6 ||
				 type == ETHERTYPE_ARP || type == ETHERTYPE_RARP);
}

/*
 * RFC 4391 section 6: EtherType, two reserved bytes.  That is how LINKTYPE_IPOIB
 * is described; tcpdump expects 40 bytes of addresses in front of it, and there
 * are captures of both kinds.
 */
enum link_class link_ipoib(struct link_cursor *c)
{
	uint16_t type;

	if (!is_ipoib(c, 0) && c->end - c->off >= IPOIB_PSEUDO + IPOIB_HEADER) {
		if (!bytes_has(&c->b, c->off, IPOIB_PSEUDO + IPOIB_HEADER))
			return LINK_SHORT;
		if (is_ipoib(c, IPOIB_PSEUDO))
			link_skip(c, IPOIB_PSEUDO);
	}
	if (!link_be16(c, &type) || !link_skip(c, 2))
		return LINK_SHORT;
	return link_ethertype(c, type);
}
