/* SPDX-License-Identifier: GPL-2.0-only */
#include "netpkt.h"

#include <linux/if_ether.h>

#include "capture/link/link.h"

enum netpkt network_packet(int linktype, const uint8_t *data, uint32_t caplen,
			   uint32_t wirelen, struct netpkt_payload *p)
{
	struct frame f = {
		.data = data, .caplen = caplen, .wirelen = wirelen,
		.linktype = linktype
	};
	struct link_payload found;
	enum link_class class;

	if (!link_supported(linktype))
		return NETPKT_LINKTYPE;
	class = link_decode(&f, &found);
	switch (class) {
	case LINK_IPV4:
	case LINK_IPV6:
		p->data = found.data;
		p->caplen = found.caplen;
		p->wirelen = found.wirelen;
		p->ethertype = class == LINK_IPV4 ? ETH_P_IP : ETH_P_IPV6;
		return NETPKT_FOUND;
	case LINK_COMPRESSED:
		return NETPKT_COMPRESSED;
	case LINK_ENCRYPTED:
		return NETPKT_ENCRYPTED;
	case LINK_SHORT:
		return NETPKT_CUT;
	default:
		return NETPKT_NOT_IP;
	}
}
