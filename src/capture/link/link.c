/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/link.h"

#include <pcap/dlt.h>
#include <string.h>

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

/*
 * DLT_NULL holds an address family as the capturing machine has it, in its
 * byte order; DLT_LOOP the same in network order.  The families are small
 * numbers, so the order shows; IPv6 has a number of its own on each system.
 */
static enum link_class link_null(struct link_cursor *c)
{
	uint32_t family;

	if (!link_be32(c, &family))
		return LINK_SHORT;
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

/* The device types (ARPHRD_...) that give the protocol field other meanings. */
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

#define NFLOG_PACKET_HDR	1
#define NFLOG_PAYLOAD		9

/* A TLV's two numbers are in host order; libpcap swaps those of a file that
 * comes from a machine of the other order. */
static bool nflog_host16(struct link_cursor *c, uint16_t *v)
{
	return bytes_copy(&c->b, c->off, v, sizeof(*v)) &&
	       link_skip(c, sizeof(*v));
}

/*
 * The log may take only the first bytes of a packet (--nflog-size).  The IP
 * layer had checked that the packet is as long as its header says before any
 * rule could log it, so a shorter one was cut, and that header tells where it
 * ended.
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
 * bytes, the packet in one of them. */
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
		if (type == NFLOG_PACKET_HDR)	/* may fail: then 0 stays */
			bytes_be16(&c->b, c->off, &ethertype);
		if (!link_skip(c, (len + 3u) & ~3u))
			return LINK_SHORT;
	}
	/* A message without a packet, or one cut before it. */
	return c->off == c->end ? LINK_OTHER : LINK_SHORT;
}

/* One byte that tells the direction stands before the frame. */
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
	case 12:	/* DLT_RAW is 12, 14 on OpenBSD, 101 in files */
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
	case DLT_PPP_WITH_DIR:		return link_ppp_dir;
	case DLT_C_HDLC:		return link_hdlc;
	case DLT_C_HDLC_WITH_DIR:	return link_hdlc_dir;
	case DLT_IEEE802_11:		return link_wifi;
	case DLT_IEEE802_11_RADIO:	return link_radiotap;
	case DLT_IEEE802_11_RADIO_AVS:	return link_avs;
	case DLT_PRISM_HEADER:		return link_prism;
	case DLT_PPI:			return link_ppi;
	}
	return NULL;
}

bool link_supported(int linktype)
{
	return decoder_of(linktype) != NULL;
}

__attribute__((noinline))
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
	};

	return c < LINK_CLASSES ? names[c] : "unknown";
}
