/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/link_layer.h"

#include <pcap/dlt.h>

#define FCS_BYTES	4

/* IEEE 802.11-2020 section 9.2.4.1: the frame control field's two bytes. */
#define FC_TYPE(fc)	((fc) >> 2 & 3)
#define FC_TYPE_DATA	2
#define FC_NULL		0x40	/* subtype: no data */
#define FC_QOS		0x80	/* subtype: a QoS control field */
#define FC_TO_DS	0x01
#define FC_FROM_DS	0x02
#define FC_MORE_FRAGS	0x04
#define FC_PROTECTED	0x40
#define FC_ORDER	0x80	/* in a QoS frame: an HT control field */

#define QOS_AMSDU	0x80

/* Steps over a data frame's header.  'whole' says whether a single datagram
 * follows, neither a piece of one nor several. */
static bool skip_data_header(struct link_cursor *c, uint8_t fc, uint8_t flags,
			     bool *whole)
{
	uint16_t sequence;
	uint8_t qos = 0;

	/* Duration and three addresses. */
	if (!link_skip(c, 20) || !link_le16(c, &sequence))
		return false;
	if ((flags & FC_TO_DS) && (flags & FC_FROM_DS) && !link_skip(c, 6))
		return false;
	if (fc & FC_QOS) {
		if (!link_u8(c, &qos) || !link_skip(c, 1))
			return false;
		if ((flags & FC_ORDER) && !link_skip(c, 4))
			return false;
	}
	*whole = !(flags & FC_MORE_FRAGS) && (sequence & 0xf) == 0 &&
		 !(qos & QOS_AMSDU);
	return true;
}

/* 'padded': the hardware aligned what follows the header to four bytes. */
static enum link_class wifi_frame(struct link_cursor *c, bool padded)
{
	uint32_t start = c->off;
	uint8_t fc, flags;
	bool whole;

	if (!link_u8(c, &fc) || !link_u8(c, &flags))
		return LINK_SHORT;
	if (FC_TYPE(fc) != FC_TYPE_DATA || (fc & FC_NULL))
		return LINK_CONTROL;
	if (flags & FC_PROTECTED)
		return LINK_ENCRYPTED;
	if (!skip_data_header(c, fc, flags, &whole))
		return LINK_SHORT;
	if (padded && !link_skip(c, -(c->off - start) & 3))
		return LINK_SHORT;
	return whole ? link_llc(c) : LINK_OTHER;
}

enum link_class link_wifi(struct link_cursor *c)
{
	return wifi_frame(c, false);
}

#define RADIOTAP_TSFT	(1u << 0)
#define RADIOTAP_FLAGS	(1u << 1)
#define RADIOTAP_EXT	(1u << 31)

#define RADIOTAP_F_FCS	0x10	/* the frame ends with its check sequence */
#define RADIOTAP_F_PAD	0x20	/* padding between header and payload */

/*
 * radiotap.org: version, padding, length, then words that tell which fields
 * are there; a field is aligned to its size, and the first two are a 64-bit
 * clock and the flags.  A header too short for its flags has none.
 */
static uint8_t radiotap_flags(struct link_cursor h, uint32_t start)
{
	uint32_t first, more;
	uint8_t flags = 0;

	if (!link_le32(&h, &first) || !(first & RADIOTAP_FLAGS))
		return 0;
	more = first;
	while (more & RADIOTAP_EXT)
		if (!link_le32(&h, &more))
			return 0;
	if ((first & RADIOTAP_TSFT) &&
	    !link_skip(&h, (-(h.off - start) & 7) + 8))
		return 0;
	link_u8(&h, &flags);
	return flags;
}

enum link_class link_radiotap(struct link_cursor *c)
{
	uint32_t start = c->off;
	struct link_cursor header;
	uint8_t version, flags;
	uint16_t len;

	if (!link_u8(c, &version) || !link_skip(c, 1) || !link_le16(c, &len))
		return LINK_SHORT;
	if (version != 0)
		return LINK_OTHER;
	if (len < 8 || !bytes_has(&c->b, start, len))
		return LINK_SHORT;
	header = *c;
	header.b.cap = header.b.len = start + len;
	flags = radiotap_flags(header, start);

	c->off = start + len;
	if (flags & RADIOTAP_F_FCS)
		link_drop_tail(c, FCS_BYTES);
	return wifi_frame(c, flags & RADIOTAP_F_PAD);
}

#define PPI_ALIGNED	0x01	/* fields are padded to four bytes */
#define PPI_80211	2	/* the 802.11-Common field */
#define PPI_80211_FCS	0x01	/* its flags, behind its 64-bit clock */

/* PPI 1.0.7 section 4.1.2: whether the 802.11-Common field announces a frame
 * check sequence. */
static bool ppi_has_fcs(struct link_cursor h, bool aligned)
{
	uint16_t type, len, flags;

	while (link_le16(&h, &type) && link_le16(&h, &len)) {
		struct link_cursor field = h;

		if (type == PPI_80211)
			return len >= 10 && link_skip(&field, 8) &&
			       link_le16(&field, &flags) &&
			       (flags & PPI_80211_FCS);
		if (!link_skip(&h, aligned ? (len + 3u) & ~3u : len))
			return false;
	}
	return false;
}

/* PPI 1.0.7 section 3: version, flags, length, the DLT of what follows, all
 * little-endian; then fields. */
enum link_class link_ppi(struct link_cursor *c)
{
	uint32_t start = c->off, dlt;
	struct link_cursor header;
	uint8_t version, flags;
	uint16_t len;

	if (!link_u8(c, &version) || !link_u8(c, &flags) ||
	    !link_le16(c, &len) || !link_le32(c, &dlt))
		return LINK_SHORT;
	if (version != 0)
		return LINK_OTHER;
	if (len < 8 || !bytes_has(&c->b, start, len))
		return LINK_SHORT;
	header = *c;
	header.b.cap = header.b.len = start + len;

	c->off = start + len;
	switch (dlt) {
	case DLT_IEEE802_11:
		if (ppi_has_fcs(header, flags & PPI_ALIGNED))
			link_drop_tail(c, FCS_BYTES);
		return wifi_frame(c, false);
	case DLT_IEEE802_11_RADIO:
		return link_radiotap(c);
	case DLT_EN10MB:
		return link_ethernet(c);
	case 12:
	case 101:
		return link_raw(c);
	}
	return LINK_OTHER;
}

#define AVS_MAGIC(v)	((v) == 0x80211001 || (v) == 0x80211002)
#define PRISM_BYTES	144

/* AVS: a magic number, the header's length, and what the radio knew. */
enum link_class link_avs(struct link_cursor *c)
{
	uint32_t start = c->off, magic, len;

	if (!link_be32(c, &magic) || !link_be32(c, &len))
		return LINK_SHORT;
	if (!AVS_MAGIC(magic))
		return LINK_OTHER;
	if (len < 8 || !bytes_has(&c->b, start, len))
		return LINK_SHORT;
	c->off = start + len;
	return wifi_frame(c, false);
}

/* Drivers write AVS headers under Prism's link type as well. */
enum link_class link_prism(struct link_cursor *c)
{
	uint32_t magic;

	if (bytes_be32(&c->b, c->off, &magic) && AVS_MAGIC(magic))
		return link_avs(c);
	return link_skip(c, PRISM_BYTES) ? wifi_frame(c, false) : LINK_SHORT;
}
