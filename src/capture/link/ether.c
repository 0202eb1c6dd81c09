/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/link_layer.h"

/* IANA's and IEEE's numbers; a value up to 1500 is a length (IEEE 802.3). */
#define TYPE_MAX_LENGTH	1500
#define TYPE_ARP	0x0806
#define TYPE_RARP	0x8035
#define TYPE_MAC_CONTROL 0x8808
#define TYPE_SLOW	0x8809	/* LACP and its kin */
#define TYPE_MPLS	0x8847
#define TYPE_MPLS_MCAST	0x8848
#define TYPE_PPPOE_DISC	0x8863
#define TYPE_PPPOE	0x8864
#define TYPE_EAPOL	0x888e
#define TYPE_LLDP	0x88cc
#define TYPE_LOOPBACK	0x9000

/* IEEE 802.1Q and 802.1ad, and what came before the latter had a number. */
static bool is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100 ||
	       type == 0x9200;
}

/* Behind each tag stands the type of what is behind it. */
static bool skip_vlans(struct link_cursor *c, uint16_t *type)
{
	while (is_vlan(*type))
		if (!link_skip(c, 2) || !link_be16(c, type))
			return false;
	return true;
}

/*
 * RFC 3032: labels of four bytes up to the one with the bottom-of-stack bit,
 * and no word on what comes then.  RFC 4928 keeps the nibbles 4 and 6 for IP.
 */
enum link_class link_mpls(struct link_cursor *c)
{
	uint32_t label;

	do
		if (!link_be32(c, &label))
			return LINK_SHORT;
	while (!(label & 0x100));
	return link_raw(c);
}

enum link_class link_ethertype(struct link_cursor *c, uint16_t type)
{
	if (!skip_vlans(c, &type))
		return LINK_SHORT;
	switch (type) {
	case ETHERTYPE_IPV4:
		return link_found(c, LINK_IPV4);
	case ETHERTYPE_IPV6:
		return link_found(c, LINK_IPV6);
	case TYPE_ARP:
	case TYPE_RARP:
		return LINK_ARP;
	case TYPE_MPLS:
	case TYPE_MPLS_MCAST:
		return link_mpls(c);
	case TYPE_PPPOE:
		return link_pppoe(c);
	case TYPE_PPPOE_DISC:
	case TYPE_MAC_CONTROL:
	case TYPE_SLOW:
	case TYPE_EAPOL:
	case TYPE_LLDP:
	case TYPE_LOOPBACK:
		return LINK_CONTROL;
	}
	return LINK_OTHER;
}

/*
 * RFC 1042: SNAP with organisation 0 holds an EtherType; so does 00-00-F8
 * (IEEE 802.1H), which bridges use for the types that must not be translated.
 */
static enum link_class link_snap(struct link_cursor *c)
{
	uint8_t hi;
	uint16_t lo, type;

	if (!link_u8(c, &hi) || !link_be16(c, &lo) || !link_be16(c, &type))
		return LINK_SHORT;
	if (hi == 0 && (lo == 0 || lo == 0x00f8))
		return link_ethertype(c, type);
	return LINK_OTHER;
}

#define LLC_UI		0x03	/* unnumbered information */
#define SAP_IP		0x06
#define SAP_STP		0x42
#define SAP_SNAP	0xaa

/* IEEE 802.2: two service access points and a control field; the low bit of
 * the second says command or response. */
enum link_class link_llc(struct link_cursor *c)
{
	uint8_t dsap, ssap, control;

	if (!link_u8(c, &dsap) || !link_u8(c, &ssap) || !link_u8(c, &control))
		return LINK_SHORT;
	if (control != LLC_UI)
		return LINK_OTHER;
	if (dsap == SAP_SNAP && (ssap & 0xfe) == SAP_SNAP)
		return link_snap(c);
	if (dsap == SAP_IP)
		return link_found(c, LINK_IPV4);
	if (dsap == SAP_STP)
		return LINK_CONTROL;
	return LINK_OTHER;
}

enum link_class link_ethernet(struct link_cursor *c)
{
	uint16_t type;

	if (!link_skip(c, ETHER_TYPE) || !link_be16(c, &type) || !skip_vlans(c, &type))
		return LINK_SHORT;
	if (type > TYPE_MAX_LENGTH)
		return link_ethertype(c, type);
	link_limit(c, type);	/* the rest is padding to the least frame size */
	return link_llc(c);
}
