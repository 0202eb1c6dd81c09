/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/link.h"

#include <pcap/dlt.h>
#include <string.h>

#include "base/compiler.h"
#include "capture/link/link_fast.h"

static void set_end(struct link_cursor *c, uint32_t end)
{
	c->end = end;
	if (c->b.len > end)
		c->b.cap = c->b.len = end;
}

void link_limit(struct link_cursor *c, uint32_t n)
{
	if (n < c->end - c->off)
		set_end(c, c->off + n);
}

void link_drop_tail(struct link_cursor *c, uint32_t n)
{
	uint32_t rest = c->end - c->off;

	set_end(c, c->end - (n < rest ? n : rest));
}

enum link_class link_raw(struct link_cursor *c)
{
	uint8_t first;

	if (!bytes_u8(&c->b, c->off, &first))
		return LINK_SHORT;
	switch (first >> 4) {
	case 4:
		return link_found(c, LINK_IPV4);
	case 6:
		return link_found(c, LINK_IPV6);
	}
	return LINK_OTHER;
}

static enum link_class link_ipv4(struct link_cursor *c)
{
	return link_found(c, LINK_IPV4);
}

static enum link_class link_ipv6(struct link_cursor *c)
{
	return link_found(c, LINK_IPV6);
}

/* Families are small numbers, so the byte order shows.  The number of IPv6 differs
 * between systems. */
enum link_class link_family(struct link_cursor *c, uint32_t family)
{
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return link_found(c, LINK_IPV4);
	case 10:	/* Linux */
	case 23:	/* Windows */
	case 24:	/* NetBSD, OpenBSD */
	case 26:	/* Solaris */
	case 28:	/* FreeBSD */
	case 30:	/* Darwin */
		return link_found(c, LINK_IPV6);
	}
	return LINK_OTHER;
}

/* DLT_NULL has the capturing machine's address family in its byte order, DLT_LOOP
 * the same in network order. */
static enum link_class link_null(struct link_cursor *c)
{
	uint32_t family;

	return link_be32(c, &family) ? link_family(c, family) : LINK_SHORT;
}

/* Device types (ARPHRD_...) for which the protocol field is no EtherType. */
#define ARPHRD_FRAD_		770
#define ARPHRD_RADIOTAP_	803
#define ARPHRD_NETLINK_		824

static enum link_class sll_payload(struct link_cursor *c, uint16_t device,
				   uint16_t protocol)
{
	switch (device) {
	case ARPHRD_RADIOTAP_:
		return link_radiotap(c);
	case ARPHRD_FRAD_:
	case ARPHRD_NETLINK_:
		return LINK_OTHER;
	}
	if (protocol == 0x0004)	/* ETH_P_802_2 */
		return link_llc(c);
	return link_ethertype(c, protocol);
}

/* LINKTYPE_LINUX_SLL: packet type, device type, address length, address (8
 * bytes), protocol. */
static enum link_class link_sll(struct link_cursor *c)
{
	uint16_t device, protocol;

	if (!link_skip(c, 2) || !link_be16(c, &device) || !link_skip(c, 10) ||
	    !link_be16(c, &protocol))
		return LINK_SHORT;
	return sll_payload(c, device, protocol);
}

/* LINKTYPE_LINUX_SLL2: protocol, two zero bytes, interface index, device type,
 * packet type, address length, address (8 bytes). */
static enum link_class link_sll2(struct link_cursor *c)
{
	uint16_t device, protocol;

	if (!link_be16(c, &protocol) || !link_skip(c, 6) ||
	    !link_be16(c, &device) || !link_skip(c, 10))
		return LINK_SHORT;
	return sll_payload(c, device, protocol);
}

/* Link types that libpcap knows since 1.10. */
#ifndef DLT_DSA_TAG_DSA
#define DLT_DSA_TAG_DSA		284
#define DLT_DSA_TAG_EDSA	285
#endif

#define NFLOG_PACKET_HDR	1
#define NFLOG_PAYLOAD		9

/* A TLV's two numbers are in host order; libpcap swaps those in a file from a
 * machine of the other byte order. */
static bool nflog_host16(struct link_cursor *c, uint16_t *v)
{
	return bytes_copy(&c->b, c->off, v, sizeof(*v)) &&
	       link_skip(c, sizeof(*v));
}

/*
 * The log may contain only the first bytes of a packet (--nflog-size).  Before
 * any rule could log it, the IP layer had checked that the packet is as long as
 * its header says.  So a shorter one was cut, and its header tells its length.
 */
static enum link_class nflog_packet(struct link_cursor *c, enum link_class class)
{
	uint16_t len;
	uint32_t whole;

	link_found(c, class);
	if (!bytes_be16(&c->b, c->off + (class == LINK_IPV4 ? 2 : 4), &len))
		return class;
	whole = class == LINK_IPV4 ? len : 40u + len;
	if (whole > c->p->wirelen)
		c->p->wirelen = whole;
	return class;
}

static enum link_class nflog_payload(struct link_cursor *c, uint8_t family,
				     uint16_t ethertype)
{
	switch (family) {
	case 2:		/* NFPROTO_IPV4 */
		return nflog_packet(c, LINK_IPV4);
	case 10:	/* NFPROTO_IPV6 */
		return nflog_packet(c, LINK_IPV6);
	case 3:		/* NFPROTO_ARP */
		return LINK_ARP;
	case 5:		/* NFPROTO_NETDEV */
	case 7:		/* NFPROTO_BRIDGE */
		return link_ethertype(c, ethertype);
	}
	return LINK_OTHER;
}

/* LINKTYPE_NFLOG: family, version, resource; then TLVs, each padded to four
 * bytes, one of which is the packet. */
static enum link_class link_nflog(struct link_cursor *c)
{
	uint8_t family;
	uint16_t ethertype = 0, len, type;

	if (!link_u8(c, &family) || !link_skip(c, 3))
		return LINK_SHORT;
	while (nflog_host16(c, &len) && nflog_host16(c, &type)) {
		if (len < 4)
			return LINK_SHORT;
		len -= 4;
		if (type == NFLOG_PAYLOAD) {
			link_limit(c, len);
			return nflog_payload(c, family, ethertype);
		}
		if (type == NFLOG_PACKET_HDR)	/* stays 0 on failure */
			bytes_be16(&c->b, c->off, &ethertype);
		if (!link_skip(c, (len + 3u) & ~3u))
			return LINK_SHORT;
	}
	/* The message has no packet, or was cut before it. */
	return c->off == c->end ? LINK_OTHER : LINK_SHORT;
}

/* One byte in front of the frame tells the direction. */
static enum link_class link_ppp_dir(struct link_cursor *c)
{
	return link_skip(c, 1) ? link_ppp(c) : LINK_SHORT;
}

static enum link_class link_hdlc_dir(struct link_cursor *c)
{
	return link_skip(c, 1) ? link_hdlc(c) : LINK_SHORT;
}

typedef enum link_class link_decoder(struct link_cursor *c);

static link_decoder *decoder_of(int linktype)
{
	switch (linktype) {
	case DLT_NULL:
	case DLT_LOOP:			return link_null;
	case DLT_EN10MB:		return link_ethernet;
	case 12:	/* DLT_RAW is 12, on OpenBSD 14, in files 101 */
	case 14:
	case 101:			return link_raw;
	case DLT_IPV4:			return link_ipv4;
	case DLT_IPV6:			return link_ipv6;
	case DLT_LINUX_SLL:		return link_sll;
	case DLT_LINUX_SLL2:		return link_sll2;
	case DLT_NFLOG:			return link_nflog;
	case DLT_PPP:			return link_ppp;
	case DLT_PPP_SERIAL:		return link_ppp_serial;
	case DLT_PPP_ETHER:		return link_pppoe;
	case DLT_PPP_PPPD:		return link_ppp_pppd;
	case DLT_PPP_BSDOS:		return link_ppp_bsdos;
	case DLT_PPP_WITH_DIR:		return link_ppp_dir;
	case DLT_C_HDLC:
	case DLT_HDLC:			return link_hdlc;
	case DLT_C_HDLC_WITH_DIR:	return link_hdlc_dir;
	case DLT_IEEE802_11:		return link_wifi;
	case DLT_IEEE802_11_RADIO:	return link_radiotap;
	case DLT_IEEE802_11_RADIO_AVS:	return link_avs;
	case DLT_PRISM_HEADER:		return link_prism;
	case DLT_PPI:			return link_ppi;
	case DLT_MPLS:			return link_mpls;
	case DLT_SLIP:			return link_slip;
	case DLT_PFLOG:			return link_pflog;
	case DLT_ENC:			return link_enc;
	case DLT_IPNET:			return link_ipnet;
	case DLT_PKTAP:			return link_pktap;
	case DLT_DSA_TAG_DSA:		return link_dsa;
	case DLT_DSA_TAG_EDSA:		return link_edsa;
	case DLT_DSA_TAG_BRCM:		return link_brcm;
	case DLT_DSA_TAG_BRCM_PREPEND:	return link_brcm_prepend;
	case DLT_NETANALYZER:		return link_netanalyzer;
	case DLT_NETANALYZER_TRANSPARENT: return link_netanalyzer_transparent;
	case DLT_EPON:			return link_epon;
	case DLT_SYMANTEC_FIREWALL:	return link_symantec;
	case DLT_ERF:			return link_erf;
	case DLT_TZSP:			return link_tzsp;
	case DLT_FRELAY:		return link_frelay;
	case DLT_FRELAY_WITH_DIR:	return link_frelay_dir;
	case DLT_MFR:			return link_mfr;
	case DLT_ATM_RFC1483:		return link_atm;
	case DLT_ATM_CLIP:		return link_atm_clip;
	case DLT_SUNATM:		return link_sunatm;
	case DLT_FDDI:			return link_fddi;
	case DLT_IEEE802:		return link_token_ring;
	case DLT_ARCNET_LINUX:		return link_arcnet_linux;
	case DLT_APPLE_IP_OVER_IEEE1394: return link_ieee1394;
	case DLT_IP_OVER_FC:		return link_ip_over_fc;
	case DLT_IPOIB:			return link_ipoib;
	}
	return NULL;
}

enum link_class link_inner(struct link_cursor *c, int dlt)
{
	link_decoder *decode = decoder_of(dlt);

	/* The only type that calls this: a second one in it would recurse. */
	if (!decode || decode == link_pktap)
		return LINK_OTHER;
	return decode(c);
}

bool link_supported(int linktype)
{
	return decoder_of(linktype) != NULL;
}

noinline
static enum link_class decode_other(const struct frame *f,
				    struct link_payload *p)
{
	link_decoder *decode = decoder_of(f->linktype);
	struct link_cursor c = {
		.b = { .p = f->data, .cap = f->caplen, .len = f->caplen },
		.end = f->wirelen,
		.p = p,
	};

	return decode ? decode(&c) : LINK_OTHER;
}

enum link_class link_decode(const struct frame *f, struct link_payload *p)
{
	enum link_class class;

	return link_decode_fast(f, p, &class) ? class : decode_other(f, p);
}

const char *link_class_name(enum link_class c)
{
	static const char *const names[LINK_CLASSES] = {
		[LINK_IPV4]	  = "ipv4",
		[LINK_IPV6]	  = "ipv6",
		[LINK_ARP]	  = "arp",
		[LINK_OTHER]	  = "other",
		[LINK_CONTROL]	  = "link-control",
		[LINK_COMPRESSED] = "compressed",
		[LINK_ENCRYPTED]  = "encrypted",
		[LINK_SHORT]	  = "short",
		[LINK_COPY]	  = "copy",
	};

	return c < LINK_CLASSES ? names[c] : "unknown";
}
