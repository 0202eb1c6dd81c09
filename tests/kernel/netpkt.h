/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netpkt.h - finds the network-layer packet in a captured frame with the
 * project's own link-layer decoder; neither side gets a frame that it cannot
 * decode. (This header keeps that decoder's struct frame apart from the
 * harness's.)
 */
#ifndef CHECK_KERNEL_NETPKT_H
#define CHECK_KERNEL_NETPKT_H 1

#include <stdint.h>

enum netpkt {
	NETPKT_FOUND,
	NETPKT_NOT_IP,
	NETPKT_COMPRESSED,
	NETPKT_ENCRYPTED,
	NETPKT_CUT,		/* the capture ends within the link layer */
	NETPKT_LINKTYPE,	/* this link type is not known */
};

struct netpkt_payload {
	const uint8_t *data;	/* within the frame */
	uint32_t caplen, wirelen;
	uint16_t ethertype;	/* ETH_P_IP or ETH_P_IPV6 */
};

/* 'linktype' is libpcap's DLT_ value; 'p' is set on NETPKT_FOUND only. */
enum netpkt network_packet(int linktype, const uint8_t *data, uint32_t caplen,
			   uint32_t wirelen, struct netpkt_payload *p);

#endif
