/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ip.h - the headers of IPv4 (RFC 791) and IPv6 (RFC 8200).
 */
#ifndef PACKET_IP_H
#define PACKET_IP_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define IPV4_HEADER		20u
#define IPV4_HEADER_MAX		60u
#define IPV4_DONT_FRAGMENT	0x4000u
#define IPV4_MORE_FRAGMENTS	0x2000u
#define IPV4_OFFSET_MASK	0x1fffu

#define IPV6_HEADER		40u
#define IPV6_OPT_PAD1		0u
#define IPV6_OPT_JUMBO		0xc2u
#define IPV6_EXT_HOP_BY_HOP	0u
#define IPV6_EXT_ROUTING	43u
#define IPV6_EXT_FRAGMENT	44u
#define IPV6_EXT_AUTH		51u
#define IPV6_EXT_NONE		59u
#define IPV6_EXT_DEST_OPTS	60u

/* Whether 'nexthdr' is an extension header that can be skipped.  ESP cannot. */
static inline bool ipv6_is_extension(uint8_t nexthdr)
{
	return nexthdr == IPV6_EXT_HOP_BY_HOP || nexthdr == IPV6_EXT_ROUTING ||
	       nexthdr == IPV6_EXT_FRAGMENT || nexthdr == IPV6_EXT_AUTH ||
	       nexthdr == IPV6_EXT_NONE || nexthdr == IPV6_EXT_DEST_OPTS;
}

/* The size in bytes of an extension header with the length field 'len'. */
static inline uint32_t ipv6_extension_length(uint8_t nexthdr, uint8_t len)
{
	if (nexthdr == IPV6_EXT_FRAGMENT)
		return 8;
	return nexthdr == IPV6_EXT_AUTH ? (len + 2u) * 4 : (len + 1u) * 8;
}

struct ipv6_chain {
	uint32_t off;		/* of the transport header; may be beyond the end */
	uint8_t  protonum;
	bool	 fragment;	/* the chain has a fragment header */
	bool	 is_long;	/* it has more than IPV6_EXTENSIONS_MOST headers */
};

/* Kernels that limit the chain follow so many headers; IP6_MAX_EXT_HDRS_CNT. */
#define IPV6_EXTENSIONS_MOST 12u

/*
 * Walks the extension headers from 'off', the first of which is of the type
 * 'nexthdr'.  False if it finds no transport header: the chain is cut, ends
 * with "no next header", or belongs to a later fragment.  ipv6_skip_exthdr()
 * and its callers in nf_conntrack.
 */
bool ipv6_skip_extensions(const struct bytes *b, uint32_t off, uint8_t nexthdr,
			  struct ipv6_chain *chain);

/*
 * Finds the transport header of the IP packet at 'off', as get_l4proto() does
 * in a packet that an ICMP error quotes: it does not check version, checksum or
 * lengths, only that the header exists; with 'limited', it gives up after
 * IPV6_EXTENSIONS_MOST extension headers.
 */
bool ip_transport(const struct bytes *b, uint32_t off, uint8_t l3num,
		  bool limited, uint32_t *l4off, uint8_t *protonum);

#endif
