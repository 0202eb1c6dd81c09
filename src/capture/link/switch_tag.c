/* SPDX-License-Identifier: GPL-2.0-only */
/* Ethernet frames with the tag of a switch chip (Linux DSA). */
#include "capture/link/link_layer.h"

#define MARVELL_DSA	4u	/* switch device and port, priority, VLAN */
#define MARVELL_EDSA	8u	/* EtherType, two reserved bytes, the DSA tag */
#define BROADCOM	4u	/* port, or ports */

/* LINKTYPE_DSA_TAG_DSA: the tag is between the addresses and the EtherType. */
enum link_class link_dsa(struct link_cursor *c)
{
	return link_ethernet_tagged(c, MARVELL_DSA);
}

enum link_class link_edsa(struct link_cursor *c)
{
	return link_ethernet_tagged(c, MARVELL_EDSA);
}

enum link_class link_brcm(struct link_cursor *c)
{
	return link_ethernet_tagged(c, BROADCOM);
}

/* LINKTYPE_DSA_TAG_BRCM_PREPEND: the tag is in front of the addresses. */
enum link_class link_brcm_prepend(struct link_cursor *c)
{
	return link_skip(c, BROADCOM) ? link_ethernet(c) : LINK_SHORT;
}
