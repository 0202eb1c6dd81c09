/* SPDX-License-Identifier: GPL-2.0-only */
/* Frame Relay, and the identifiers of network layers that it shares with ATM. */
#include "capture/link/link_layer.h"

/* Network layer protocol identifiers (ISO/IEC TR 9577, RFC 2427). */
#define NLPID_Q933	0x08	/* call control */
#define NLPID_LMI	0x09	/* the first management protocol, on DLCI 1023 */
#define NLPID_SNAP	0x80
#define NLPID_IPV6	0x8e
#define NLPID_IPV4	0xcc
#define NLPID_PPP	0xcf	/* RFC 1973, RFC 2364 */

#define UI		0x03	/* unnumbered information */

enum link_class link_nlpid(struct link_cursor *c)
{
	uint8_t nlpid;

	if (!link_u8(c, &nlpid))
		return LINK_SHORT;
	switch (nlpid) {
	case NLPID_IPV4:
		return link_found(c, LINK_IPV4);
	case NLPID_IPV6:
		return link_found(c, LINK_IPV6);
	case NLPID_SNAP:
		return link_snap_wan(c, 0);
	case NLPID_PPP:
		return link_ppp(c);
	case NLPID_Q933:
	case NLPID_LMI:
		return LINK_CONTROL;
	}
	return LINK_OTHER;
}

/*
 * Q.922 section 3.2: an address of two to four bytes, the last of which has its
 * lowest bit set.  '*dlci' is the connection's number in the first two bytes.
 */
static enum link_class skip_address(struct link_cursor *c, uint16_t *dlci)
{
	uint8_t first, next;

	if (!link_u8(c, &first) || !link_u8(c, &next))
		return LINK_SHORT;
	if (first & 1)
		return LINK_OTHER;
	*dlci = (uint16_t)((first >> 2) << 4 | next >> 4);
	for (int i = 2; !(next & 1); i++) {
		if (i == 4)
			return LINK_OTHER;
		if (!link_u8(c, &next))
			return LINK_SHORT;
	}
	return LINK_CLASSES;
}

/*
 * RFC 2427 section 3: the address, a control field (UI), padding if the address
 * has an odd length, the NLPID.  Cisco's own encapsulation has an EtherType
 * instead.  DLCI 0 and 1023 are reserved for management.
 */
enum link_class link_frelay(struct link_cursor *c)
{
	enum link_class class;
	uint16_t dlci, type;
	uint8_t byte;

	class = skip_address(c, &dlci);
	if (class != LINK_CLASSES)
		return class;
	if (!bytes_u8(&c->b, c->off, &byte))
		return LINK_SHORT;
	if (byte == UI) {
		if (!link_skip(c, 1) || !bytes_u8(&c->b, c->off, &byte))
			return LINK_SHORT;
		if (byte == 0)
			link_skip(c, 1);
		return link_nlpid(c);
	}
	if (dlci == 0 || dlci == 1023)
		return LINK_CONTROL;
	return link_be16(c, &type) ? link_ethertype(c, type) : LINK_SHORT;
}

/* One byte in front of the frame tells the direction. */
enum link_class link_frelay_dir(struct link_cursor *c)
{
	return link_skip(c, 1) ? link_frelay(c) : LINK_SHORT;
}

#define MFR_BEGIN	0x80
#define MFR_END		0x40
#define MFR_CONTROL	0x20

/* FRF.16.1: two bytes of flags and sequence number, then a Frame Relay frame or a
 * fragment of one. */
enum link_class link_mfr(struct link_cursor *c)
{
	uint8_t flags;

	if (!link_u8(c, &flags) || !link_skip(c, 1))
		return LINK_SHORT;
	if (flags & MFR_CONTROL)
		return LINK_CONTROL;
	if (!(flags & MFR_BEGIN) || !(flags & MFR_END))
		return LINK_OTHER;
	return link_frelay(c);
}
