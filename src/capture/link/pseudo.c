/* SPDX-License-Identifier: GPL-2.0-only */
/* Headers that the capturing system puts in front of a frame or a packet. */
#include "capture/link/link_layer.h"

/* struct pfloghdr is longer in each release of each BSD; the part that all have is
 * 45 bytes. */
#define PFLOG_MIN	45u

/* pflog(4): length, address family, ...; padded to four bytes. */
enum link_class link_pflog(struct link_cursor *c)
{
	uint32_t start = c->off, size;
	uint8_t len, family;

	if (!link_u8(c, &len) || !link_u8(c, &family))
		return LINK_SHORT;
	if (len < PFLOG_MIN)
		return LINK_OTHER;
	size = (len + 3u) & ~3u;
	if (!bytes_has(&c->b, start, size))
		return LINK_SHORT;
	c->off = start + size;
	return link_family(c, family);
}

/* enc(4): address family in host order, security parameters, flags. */
enum link_class link_enc(struct link_cursor *c)
{
	uint32_t family;

	if (!link_be32(c, &family) || !link_skip(c, 8))
		return LINK_SHORT;
	return link_family(c, family);
}

#define SLIP_HEADER	16u	/* direction, the header as it was compressed */

/* BSD's SLIP driver: the packet has its uncompressed header. */
enum link_class link_slip(struct link_cursor *c)
{
	return link_skip(c, SLIP_HEADER) ? link_raw(c) : LINK_SHORT;
}

#define IPNET_HEADER	24u

/* Solaris IP observability: version, address family, ... */
enum link_class link_ipnet(struct link_cursor *c)
{
	uint8_t family;

	if (!bytes_u8(&c->b, c->off + 1, &family) ||
	    !link_skip(c, IPNET_HEADER))
		return LINK_SHORT;
	return link_family(c, family);
}

#define PKTAP_FLAGS	36u	/* at the same place in both versions */
#define PKTAP_VERSION2	0x80000u
#define PKTAP_DLT	8u
#define PKTAP_DLT2	6u
#define PKTAP_PACKET	1	/* record type: a packet follows */

static bool read_le16(const struct link_cursor *c, uint32_t off, uint32_t *v)
{
	struct link_cursor at = *c;
	uint16_t n;

	at.off += off;
	if (!link_le16(&at, &n))
		return false;
	*v = n;
	return true;
}

static bool read_le32(const struct link_cursor *c, uint32_t off, uint32_t *v)
{
	struct link_cursor at = *c;

	at.off += off;
	return link_le32(&at, v);
}

/* Header length, record type and DLT of either version. */
static bool read_pktap(const struct link_cursor *c, uint32_t *len,
		       uint32_t *record, uint32_t *dlt)
{
	uint32_t flags;
	uint8_t len2;

	if (!read_le32(c, PKTAP_FLAGS, &flags))
		return false;
	if (flags & PKTAP_VERSION2) {
		*record = PKTAP_PACKET;
		if (!bytes_u8(&c->b, c->off, &len2))
			return false;
		*len = len2;
		return read_le16(c, PKTAP_DLT2, dlt);
	}
	return read_le32(c, 0, len) && read_le32(c, 4, record) &&
	       read_le32(c, PKTAP_DLT, dlt);
}

/* Apple's PKTAP, little-endian: a header with the DLT of the frame behind it. */
enum link_class link_pktap(struct link_cursor *c)
{
	uint32_t len, record, dlt;

	if (!read_pktap(c, &len, &record, &dlt))
		return LINK_SHORT;
	if (record != PKTAP_PACKET || len < PKTAP_FLAGS + 4 || dlt > INT32_MAX)
		return LINK_OTHER;
	return link_skip(c, len) ? link_inner(c, (int)dlt) : LINK_SHORT;
}

#define NETANALYZER	4u
#define FCS_BYTES	4u
#define PREAMBLE	0x55
#define START		0xd5

/* Hilscher netANALYZER: flags and length, an Ethernet frame with its FCS. */
enum link_class link_netanalyzer(struct link_cursor *c)
{
	if (!link_skip(c, NETANALYZER))
		return LINK_SHORT;
	link_drop_tail(c, FCS_BYTES);
	return link_ethernet(c);
}

/* The same with the preamble, of any length, and the start of frame delimiter. */
enum link_class link_netanalyzer_transparent(struct link_cursor *c)
{
	uint8_t byte;

	if (!link_skip(c, NETANALYZER))
		return LINK_SHORT;
	link_drop_tail(c, FCS_BYTES);
	do
		if (!link_u8(c, &byte))
			return LINK_SHORT;
	while (byte == PREAMBLE);
	return byte == START ? link_ethernet(c) : LINK_OTHER;
}

#define SYMANTEC_TYPE	6u
#define SYMANTEC_HEADER	44u

/* Symantec's firewall: as libpcap's filters read it, a header with an EtherType. */
enum link_class link_symantec(struct link_cursor *c)
{
	uint16_t type;

	if (!bytes_be16(&c->b, c->off + SYMANTEC_TYPE, &type) ||
	    !link_skip(c, SYMANTEC_HEADER))
		return LINK_SHORT;
	return link_ethertype(c, type);
}

#define EPON_PREAMBLE	6u

/* IEEE 802.3 section 65.1.3: the last bytes of the preamble, with the link's
 * number, and an Ethernet frame. */
enum link_class link_epon(struct link_cursor *c)
{
	return link_skip(c, EPON_PREAMBLE) ? link_ethernet(c) : LINK_SHORT;
}

#define ERF_MORE	0x80	/* of a type: an extension header follows */
#define ERF_EXTENSION	8u
#define ERF_ETHER_PAD	2u	/* so that the IP header is aligned */

/* The frame behind an ERF record's headers; types with "colour" or "DSM" tell more
 * about the capture, not about the frame. */
static enum link_class erf_payload(struct link_cursor *c, uint8_t type)
{
	switch (type) {
	case 1:		/* HDLC_POS */
	case 10:
	case 15:
	case 19:
		return link_ppp_serial(c);
	case 2:		/* ETH */
	case 11:
	case 16:
	case 20:
		return link_skip(c, ERF_ETHER_PAD) ? link_ethernet(c) : LINK_SHORT;
	case 22:
		return link_found(c, LINK_IPV4);
	case 23:
		return link_found(c, LINK_IPV6);
	}
	return LINK_OTHER;
}

/* Endace's Extensible Record Format: time stamp (eight bytes), type, flags, record
 * length, counter, length on the wire; then extension headers. */
enum link_class link_erf(struct link_cursor *c)
{
	uint8_t type, more;

	if (!link_skip(c, 8) || !link_u8(c, &type) || !link_skip(c, 7))
		return LINK_SHORT;
	for (more = type; more & ERF_MORE;)
		if (!bytes_u8(&c->b, c->off, &more) ||
		    !link_skip(c, ERF_EXTENSION))
			return LINK_SHORT;
	return erf_payload(c, type & 0x7f);
}

#define TZSP_END	1	/* this tag and padding (0) have no length */
#define TZSP_ETHERNET	1	/* encapsulated protocols */
#define TZSP_WIFI	18

/* Tazmen Sniffer Protocol: version, type, protocol; then tags up to the last. */
enum link_class link_tzsp(struct link_cursor *c)
{
	uint16_t protocol;
	uint8_t tag, len;

	if (!link_skip(c, 2) || !link_be16(c, &protocol))
		return LINK_SHORT;
	do {
		len = 0;
		if (!link_u8(c, &tag) ||
		    (tag > TZSP_END && !link_u8(c, &len)) || !link_skip(c, len))
			return LINK_SHORT;
	} while (tag != TZSP_END);
	if (protocol == TZSP_ETHERNET)
		return link_ethernet(c);
	return protocol == TZSP_WIFI ? link_wifi(c) : LINK_OTHER;
}
