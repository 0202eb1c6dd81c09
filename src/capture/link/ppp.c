/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/link_layer.h"

/* IANA's PPP protocol numbers. */
#define PPP_IPV4	0x0021
#define PPP_IPV6	0x0057
#define PPP_MPLS	0x0281	/* RFC 3032 section 4.3 */
#define PPP_MPLS_MCAST	0x0283

static bool is_compressed(uint16_t protocol)
{
	switch (protocol) {
	case 0x0003:	/* ROHC, small CID (RFC 3241) */
	case 0x0005:	/* ROHC, large CID */
	case 0x002d:	/* Van Jacobson, compressed TCP (RFC 1144) */
	case 0x002f:	/* the same, a slot's number in place of the protocol */
	case 0x0061:	/* RFC 2509: full header with a context's number */
	case 0x0063:	/* compressed TCP */
	case 0x0065:	/* compressed other than TCP */
	case 0x0067:	/* compressed UDP, 8-bit context */
	case 0x0069:	/* compressed RTP, 8-bit context */
	case 0x2063:	/* compressed TCP without differences */
	case 0x2065:	/* a context's state */
	case 0x2067:	/* compressed UDP, 16-bit context */
	case 0x2069:	/* compressed RTP, 16-bit context */
	case 0x00fb:	/* compressed datagram, one link of a bundle (RFC 1962) */
	case 0x00fd:	/* compressed datagram */
		return true;
	}
	return false;
}

/*
 * RFC 1661 section 2: the protocol's first byte is even and the last odd, so
 * that one byte is enough where the first would be zero.
 */
static bool read_protocol(struct link_cursor *c, uint16_t *protocol)
{
	uint8_t first;

	if (!bytes_u8(&c->b, c->off, &first))
		return false;
	if (!(first & 1))
		return link_be16(c, protocol);
	*protocol = first;
	return link_skip(c, 1);
}

static enum link_class ppp_payload(struct link_cursor *c)
{
	uint16_t protocol;

	if (!read_protocol(c, &protocol))
		return LINK_SHORT;
	if (is_compressed(protocol))
		return LINK_COMPRESSED;
	switch (protocol) {
	case PPP_IPV4:
		return link_found(c, LINK_IPV4);
	case PPP_IPV6:
		return link_found(c, LINK_IPV6);
	case PPP_MPLS:
	case PPP_MPLS_MCAST:
		return link_mpls(c);
	case 0x0053:	/* encrypted datagram (RFC 1968) */
	case 0x0055:	/* the same, one link of a bundle */
		return LINK_ENCRYPTED;
	}
	/* RFC 1661 section 2: network control, then link control protocols. */
	return protocol >= 0x8000 ? LINK_CONTROL : LINK_OTHER;
}

/* RFC 1662 section 3.1: address FF and control 03, which ends may agree to
 * leave out.  FF is no protocol's first byte. */
enum link_class link_ppp(struct link_cursor *c)
{
	uint16_t framing;
	uint8_t first;

	if (!bytes_u8(&c->b, c->off, &first))
		return LINK_SHORT;
	if (first == 0xff) {
		if (!link_be16(c, &framing))
			return LINK_SHORT;
		if (framing != 0xff03)
			return LINK_OTHER;
	}
	return ppp_payload(c);
}

/* pppd writes the direction over the address; the control byte stays. */
enum link_class link_ppp_pppd(struct link_cursor *c)
{
	return link_skip(c, 2) ? ppp_payload(c) : LINK_SHORT;
}

#define HDLC_UNICAST	0x0f
#define HDLC_MULTICAST	0x8f

/* Serial lines: RFC 1662's framing or Cisco's (RFC 1547 section 4.3.1). */
enum link_class link_ppp_serial(struct link_cursor *c)
{
	uint8_t address;

	if (!bytes_u8(&c->b, c->off, &address))
		return LINK_SHORT;
	if (address == HDLC_UNICAST || address == HDLC_MULTICAST)
		return link_hdlc(c);
	return link_ppp(c);
}

/* Cisco HDLC: address, control, an EtherType but for two numbers. */
enum link_class link_hdlc(struct link_cursor *c)
{
	uint16_t type;

	if (!link_skip(c, 2) || !link_be16(c, &type))
		return LINK_SHORT;
	if (type == 0x8035 || type == 0x2000)	/* SLARP, not RARP; CDP */
		return LINK_CONTROL;
	return link_ethertype(c, type);
}

/* RFC 2516 section 4: version and type, code, session, length. */
enum link_class link_pppoe(struct link_cursor *c)
{
	uint8_t code;
	uint16_t len;

	if (!link_skip(c, 1) || !link_u8(c, &code) || !link_skip(c, 2) ||
	    !link_be16(c, &len))
		return LINK_SHORT;
	if (code != 0)
		return LINK_CONTROL;	/* discovery */
	link_limit(c, len);
	return ppp_payload(c);
}
