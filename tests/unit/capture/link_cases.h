/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link_cases.h - frames of each link type, for test_link.c.
 *
 * The formats are those of the standards that src/capture/link cites, and of
 * libpcap's list of link types (www.tcpdump.org/linktypes.html).
 */
#ifndef LINK_CASES_H
#define LINK_CASES_H 1

#include <pcap/dlt.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/link/link.h"

/* A hexadecimal escape ends only with its literal, so there are many literals. */
#define Z2	"\0\0"
#define Z4	Z2 Z2
#define Z8	Z4 Z4
#define Z16	Z8 Z8

/* An IP header without payload: 20 and 40 bytes. */
#define IP4	"\x45\0\0\x14" Z16
#define IP6	"\x60\0\0\0" Z4 Z16 Z16
#define PAD4	"\xee\xee\xee\xee"

#define MACS	"\x02\0\0\0\0\1" "\x02\0\0\0\0\2"
#define VLAN	"\x81\x00" "\0\7"
#define SNAP	"\xaa\xaa\x03" "\0\0\0"
#define ADDR3	MACS "\x02\0\0\0\0\3"
#define SLL(device, protocol)	"\0\0" device "\0\6" Z8 protocol
#define SLL2(device, protocol)	protocol "\0\0" "\0\0\0\2" device "\0\6" Z8

/* The numbers of an NFLOG TLV are in host order. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TLV(len, type)	len "\0" type "\0"
#else
#define TLV(len, type)	"\0" len "\0" type
#endif
#define NFLOG(family)	family "\0\0\5"

/* Data from an access point: type, flags, duration, addresses, sequence. */
#define WIFI(fc, flags)	fc flags "\0\0" ADDR3 "\0\0"

#define FRAME(s)	(const uint8_t *)(s), sizeof(s) - 1

/* The result of link_decode() for a frame that was captured whole. */
struct link_case {
	const char *name;
	int linktype;
	const uint8_t *bytes;
	size_t len;
	enum link_class class;
	/* For LINK_IPV4 and LINK_IPV6: the place of the packet and its bytes. */
	uint32_t offset, caplen, wirelen;
	bool nibble;	/* only the packet's first byte tells the class */
};

static const struct link_case cases[] = {
	/* Ethernet */
	{ "ethernet ipv4", DLT_EN10MB, FRAME(MACS "\x08\0" IP4), LINK_IPV4, 14, 20, 20, 0 },
	{ "ethernet ipv6", DLT_EN10MB, FRAME(MACS "\x86\xdd" IP6), LINK_IPV6, 14, 40, 40, 0 },
	{ "ethernet padding", DLT_EN10MB, FRAME(MACS "\x08\0" IP4 PAD4), LINK_IPV4, 14, 24, 24, 0 },
	{ "ethertype decides, not the version", DLT_EN10MB, FRAME(MACS "\x08\0" IP6), LINK_IPV4, 14, 40, 40, 0 },
	{ "arp", DLT_EN10MB, FRAME(MACS "\x08\x06" Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "rarp", DLT_EN10MB, FRAME(MACS "\x80\x35" Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "unknown ethertype", DLT_EN10MB, FRAME(MACS "\x88\xb5" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "neither length nor ethertype", DLT_EN10MB, FRAME(MACS "\x05\xdd" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "slow protocols", DLT_EN10MB, FRAME(MACS "\x88\x09" Z16), LINK_CONTROL, 0, 0, 0, 0 },
	{ "802.1q", DLT_EN10MB, FRAME(MACS VLAN "\x08\0" IP4), LINK_IPV4, 18, 20, 20, 0 },
	{ "802.1q priority tag", DLT_EN10MB, FRAME(MACS "\x81\0" "\xe0\0" "\x08\0" IP4), LINK_IPV4, 18, 20, 20, 0 },
	{ "802.1ad", DLT_EN10MB, FRAME(MACS "\x88\xa8\0\7" VLAN "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "old qinq numbers", DLT_EN10MB, FRAME(MACS "\x91\0\0\7" "\x92\0\0\7" "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "five tags", DLT_EN10MB, FRAME(MACS VLAN VLAN VLAN VLAN VLAN "\x86\xdd" IP6), LINK_IPV6, 34, 40, 40, 0 },
	{ "tagged arp", DLT_EN10MB, FRAME(MACS VLAN "\x08\x06" Z16), LINK_ARP, 0, 0, 0, 0 },

	/* IEEE 802.3 with LLC */
	{ "snap ipv4", DLT_EN10MB, FRAME(MACS "\0\x1c" SNAP "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "length takes off padding", DLT_EN10MB, FRAME(MACS "\0\x1c" SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 22, 20, 20, 0 },
	{ "length beyond the frame", DLT_EN10MB, FRAME(MACS "\0\x90" SNAP "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "length cuts the header", DLT_EN10MB, FRAME(MACS "\0\7" SNAP "\x08\0" IP4), LINK_SHORT, 0, 0, 0, 0 },
	{ "length zero", DLT_EN10MB, FRAME(MACS "\0\0" SNAP "\x08\0" IP4), LINK_SHORT, 0, 0, 0, 0 },
	{ "snap behind a tag", DLT_EN10MB, FRAME(MACS VLAN "\0\x1c" SNAP "\x08\0" IP4), LINK_IPV4, 26, 20, 20, 0 },
	{ "bridge-tunnel snap", DLT_EN10MB, FRAME(MACS "\0\x1c\xaa\xaa\x03\0\0\xf8" "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "snap of a vendor", DLT_EN10MB, FRAME(MACS "\0\x1c\xaa\xaa\x03\0\0\x0c" "\x20\0" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "llc ip", DLT_EN10MB, FRAME(MACS "\0\x17\6\6\3" IP4), LINK_IPV4, 17, 20, 20, 0 },
	{ "spanning tree", DLT_EN10MB, FRAME(MACS "\0\x26\x42\x42\3" Z16), LINK_CONTROL, 0, 0, 0, 0 },
	{ "llc xid", DLT_EN10MB, FRAME(MACS "\0\x06\xaa\xaa\xaf" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "ipx without llc", DLT_EN10MB, FRAME(MACS "\0\x1e\xff\xff\0" Z16), LINK_OTHER, 0, 0, 0, 0 },

	/* PPPoE and MPLS */
	{ "pppoe ipv4", DLT_EN10MB, FRAME(MACS "\x88\x64\x11\0\0\1\0\x16" "\0\x21" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "pppoe ipv6", DLT_EN10MB, FRAME(MACS "\x88\x64\x11\0\0\1\0\x2a" "\0\x57" IP6), LINK_IPV6, 22, 40, 40, 0 },
	{ "pppoe padding", DLT_EN10MB, FRAME(MACS "\x88\x64\x11\0\0\1\0\x16" "\0\x21" IP4 PAD4), LINK_IPV4, 22, 20, 20, 0 },
	{ "pppoe length lies", DLT_EN10MB, FRAME(MACS "\x88\x64\x11\0\0\1\xff\xff" "\0\x21" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "pppoe length zero", DLT_EN10MB, FRAME(MACS "\x88\x64\x11\0\0\1\0\0" "\0\x21" IP4), LINK_SHORT, 0, 0, 0, 0 },
	{ "pppoe lcp", DLT_EN10MB, FRAME(MACS "\x88\x64\x11\0\0\1\0\x0a" "\xc0\x21" Z8), LINK_CONTROL, 0, 0, 0, 0 },
	{ "pppoe discovery", DLT_EN10MB, FRAME(MACS "\x88\x63\x11\x09\0\0\0\4" Z4), LINK_CONTROL, 0, 0, 0, 0 },
	{ "pppoe behind two tags", DLT_EN10MB, FRAME(MACS VLAN VLAN "\x88\x64\x11\0\0\1\0\x16" "\0\x21" IP4), LINK_IPV4, 30, 20, 20, 0 },
	{ "mpls ipv4", DLT_EN10MB, FRAME(MACS "\x88\x47\0\1\1\xff" IP4), LINK_IPV4, 18, 20, 20, 1 },
	{ "mpls ipv6", DLT_EN10MB, FRAME(MACS "\x88\x47\0\0\x21\xff" IP6), LINK_IPV6, 18, 40, 40, 1 },
	{ "mpls three labels", DLT_EN10MB, FRAME(MACS "\x88\x47\0\1\0\xff" "\0\1\0\xff" "\0\1\1\xff" IP4), LINK_IPV4, 26, 20, 20, 1 },
	{ "mpls multicast", DLT_EN10MB, FRAME(MACS "\x88\x48\0\1\1\xff" IP4), LINK_IPV4, 18, 20, 20, 1 },
	{ "mpls pseudowire", DLT_EN10MB, FRAME(MACS "\x88\x47\0\1\1\xff" Z4 MACS), LINK_OTHER, 0, 0, 0, 0 },
	{ "mpls without bottom", DLT_EN10MB, FRAME(MACS "\x88\x47\0\1\0\xff\0\1\0\xff"), LINK_SHORT, 0, 0, 0, 0 },

	/* Raw IP */
	{ "raw ipv4", 12, FRAME(IP4), LINK_IPV4, 0, 20, 20, 1 },
	{ "raw ipv6", 12, FRAME(IP6), LINK_IPV6, 0, 40, 40, 1 },
	{ "raw, OpenBSD's number", 14, FRAME(IP4), LINK_IPV4, 0, 20, 20, 1 },
	{ "raw, the files' number", 101, FRAME(IP6), LINK_IPV6, 0, 40, 40, 1 },
	{ "raw, version 5", 12, FRAME("\x55" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "raw, nothing", 12, FRAME(""), LINK_SHORT, 0, 0, 0, 0 },
	{ "dlt_ipv4", DLT_IPV4, FRAME(IP4), LINK_IPV4, 0, 20, 20, 0 },
	{ "dlt_ipv6", DLT_IPV6, FRAME(IP6), LINK_IPV6, 0, 40, 40, 0 },

	/* BSD loopback, in both byte orders */
	{ "null ipv4 le", DLT_NULL, FRAME("\2\0\0\0" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "null ipv4 be", DLT_NULL, FRAME("\0\0\0\2" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "null ipv6 NetBSD", DLT_NULL, FRAME("\x18\0\0\0" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "null ipv6 FreeBSD", DLT_NULL, FRAME("\0\0\0\x1c" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "null ipv6 Darwin", DLT_NULL, FRAME("\x1e\0\0\0" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "null ipv6 Linux", DLT_NULL, FRAME("\x0a\0\0\0" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "null appletalk", DLT_NULL, FRAME("\x10\0\0\0" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "loop ipv4", DLT_LOOP, FRAME("\0\0\0\2" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "loop ipv6", DLT_LOOP, FRAME("\0\0\0\x18" IP6), LINK_IPV6, 4, 40, 40, 0 },

	/* Linux cooked */
	{ "sll ipv4", DLT_LINUX_SLL, FRAME(SLL("\0\1", "\x08\0") IP4), LINK_IPV4, 16, 20, 20, 0 },
	{ "sll ipv6", DLT_LINUX_SLL, FRAME(SLL("\0\1", "\x86\xdd") IP6), LINK_IPV6, 16, 40, 40, 0 },
	{ "sll of a ppp device", DLT_LINUX_SLL, FRAME(SLL("\2\0", "\x08\0") IP4), LINK_IPV4, 16, 20, 20, 0 },
	{ "sll arp", DLT_LINUX_SLL, FRAME(SLL("\0\1", "\x08\x06") Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "sll vlan", DLT_LINUX_SLL, FRAME(SLL("\0\1", "\x81\0") "\0\7\x08\0" IP4), LINK_IPV4, 20, 20, 20, 0 },
	{ "sll llc", DLT_LINUX_SLL, FRAME(SLL("\0\1", "\0\4") SNAP "\x08\0" IP4), LINK_IPV4, 24, 20, 20, 0 },
	{ "sll netlink", DLT_LINUX_SLL, FRAME(SLL("\3\x38", "\x08\0") IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "sll radiotap", DLT_LINUX_SLL, FRAME(SLL("\3\x23", "\0\0") "\0\0\x08\0" Z4 WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 56, 20, 20, 0 },
	{ "sll2 ipv4", DLT_LINUX_SLL2, FRAME(SLL2("\0\1", "\x08\0") IP4), LINK_IPV4, 20, 20, 20, 0 },
	{ "sll2 ipv6", DLT_LINUX_SLL2, FRAME(SLL2("\0\1", "\x86\xdd") IP6), LINK_IPV6, 20, 40, 40, 0 },
	{ "sll2 arp", DLT_LINUX_SLL2, FRAME(SLL2("\0\1", "\x08\x06") Z16), LINK_ARP, 0, 0, 0, 0 },

	/* Netfilter's log */
	{ "nflog ipv4", DLT_NFLOG, FRAME(NFLOG("\2") TLV("\x18", "\x09") IP4), LINK_IPV4, 8, 20, 20, 0 },
	{ "nflog ipv6", DLT_NFLOG, FRAME(NFLOG("\x0a") TLV("\x2c", "\x09") IP6), LINK_IPV6, 8, 40, 40, 0 },
	{ "nflog padded prefix first", DLT_NFLOG, FRAME(NFLOG("\2") TLV("\6", "\x0a") "x\0\0\0" TLV("\x18", "\x09") IP4), LINK_IPV4, 16, 20, 20, 0 },
	{ "nflog payload padded", DLT_NFLOG, FRAME(NFLOG("\2") TLV("\x16", "\x09") "\x45\0\0\x12" Z8 Z4 "\0\0" "\0\0"), LINK_IPV4, 8, 18, 18, 0 },
	{ "nflog payload cut by the log", DLT_NFLOG, FRAME(NFLOG("\2") TLV("\x18", "\x09") "\x45\0\x05\xdc" Z16), LINK_IPV4, 8, 20, 1500, 0 },
	{ "nflog bridge", DLT_NFLOG, FRAME(NFLOG("\7") TLV("\x08", "\1") "\x86\xdd\0\0" TLV("\x2c", "\x09") IP6), LINK_IPV6, 16, 40, 40, 0 },
	{ "nflog arp", DLT_NFLOG, FRAME(NFLOG("\3") TLV("\x14", "\x09") Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "nflog without packet", DLT_NFLOG, FRAME(NFLOG("\2") TLV("\x08", "\2") Z4), LINK_OTHER, 0, 0, 0, 0 },
	{ "nflog length lies", DLT_NFLOG, FRAME(NFLOG("\2") TLV("\3", "\2") Z4 TLV("\x18", "\x09") IP4), LINK_SHORT, 0, 0, 0, 0 },

	/* PPP and Cisco HDLC */
	{ "ppp ipv4", DLT_PPP, FRAME("\xff\3\0\x21" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "ppp without framing", DLT_PPP, FRAME("\0\x21" IP4), LINK_IPV4, 2, 20, 20, 0 },
	{ "ppp one-byte protocol", DLT_PPP, FRAME("\x21" IP4), LINK_IPV4, 1, 20, 20, 0 },
	{ "ppp framing, one-byte protocol", DLT_PPP, FRAME("\xff\3\x57" IP6), LINK_IPV6, 3, 40, 40, 0 },
	{ "ppp mpls", DLT_PPP, FRAME("\xff\3\2\x81" "\0\1\1\xff" IP4), LINK_IPV4, 8, 20, 20, 1 },
	{ "ppp lcp", DLT_PPP, FRAME("\xff\3\xc0\x21" Z8), LINK_CONTROL, 0, 0, 0, 0 },
	{ "ppp ipcp", DLT_PPP, FRAME("\xff\3\x80\x21" Z8), LINK_CONTROL, 0, 0, 0, 0 },
	{ "ppp vj compressed", DLT_PPP, FRAME("\x2d" Z8), LINK_COMPRESSED, 0, 0, 0, 0 },
	{ "ppp vj uncompressed", DLT_PPP, FRAME("\xff\3\0\x2f" IP4), LINK_COMPRESSED, 0, 0, 0, 0 },
	{ "ppp iphc", DLT_PPP, FRAME("\xff\3\0\x61" IP4), LINK_COMPRESSED, 0, 0, 0, 0 },
	{ "ppp encrypted", DLT_PPP, FRAME("\xff\3\0\x53" Z8), LINK_ENCRYPTED, 0, 0, 0, 0 },
	{ "ppp bridged", DLT_PPP, FRAME("\xff\3\0\x31" Z8), LINK_OTHER, 0, 0, 0, 0 },
	{ "ppp serial", DLT_PPP_SERIAL, FRAME("\xff\3\0\x21" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "ppp serial, cisco", DLT_PPP_SERIAL, FRAME("\x0f\0\x86\xdd" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "ppp ether", DLT_PPP_ETHER, FRAME("\x11\0\0\1\0\x16" "\0\x21" IP4), LINK_IPV4, 8, 20, 20, 0 },
	{ "ppp pppd", DLT_PPP_PPPD, FRAME("\1\3\0\x21" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "ppp with direction", DLT_PPP_WITH_DIR, FRAME("\0\xff\3\0\x21" IP4), LINK_IPV4, 5, 20, 20, 0 },
	{ "hdlc ipv4", DLT_C_HDLC, FRAME("\x0f\0\x08\0" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "hdlc multicast ipv6", DLT_C_HDLC, FRAME("\x8f\0\x86\xdd" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "hdlc slarp, not rarp", DLT_C_HDLC, FRAME("\x8f\0\x80\x35" Z16), LINK_CONTROL, 0, 0, 0, 0 },
	{ "hdlc mpls", DLT_C_HDLC, FRAME("\x0f\0\x88\x47" "\0\1\1\xff" IP4), LINK_IPV4, 8, 20, 20, 1 },
	{ "hdlc with direction", DLT_C_HDLC_WITH_DIR, FRAME("\1\x0f\0\x08\0" IP4), LINK_IPV4, 5, 20, 20, 0 },

	/* IEEE 802.11 */
	{ "wifi data", DLT_IEEE802_11, FRAME(WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 32, 20, 20, 0 },
	{ "wifi data ipv6", DLT_IEEE802_11, FRAME(WIFI("\x08", "\1") SNAP "\x86\xdd" IP6), LINK_IPV6, 32, 40, 40, 0 },
	{ "wifi qos", DLT_IEEE802_11, FRAME(WIFI("\x88", "\2") "\0\0" SNAP "\x08\0" IP4), LINK_IPV4, 34, 20, 20, 0 },
	{ "wifi qos with ht control", DLT_IEEE802_11, FRAME(WIFI("\x88", "\x82") "\0\0" Z4 SNAP "\x08\0" IP4), LINK_IPV4, 38, 20, 20, 0 },
	{ "wifi four addresses", DLT_IEEE802_11, FRAME(WIFI("\x08", "\3") "\2\0\0\0\0\4" SNAP "\x08\0" IP4), LINK_IPV4, 38, 20, 20, 0 },
	{ "wifi four addresses, qos", DLT_IEEE802_11, FRAME(WIFI("\x88", "\3") "\2\0\0\0\0\4" "\0\0" SNAP "\x08\0" IP4), LINK_IPV4, 40, 20, 20, 0 },
	{ "wifi arp", DLT_IEEE802_11, FRAME(WIFI("\x08", "\2") SNAP "\x08\x06" Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "wifi beacon", DLT_IEEE802_11, FRAME(WIFI("\x80", "\0") Z16), LINK_CONTROL, 0, 0, 0, 0 },
	{ "wifi ack", DLT_IEEE802_11, FRAME("\xd4\0\0\0" "\2\0\0\0\0\1"), LINK_CONTROL, 0, 0, 0, 0 },
	{ "wifi null data", DLT_IEEE802_11, FRAME(WIFI("\x48", "\1")), LINK_CONTROL, 0, 0, 0, 0 },
	{ "wifi qos null", DLT_IEEE802_11, FRAME(WIFI("\xc8", "\1") "\0\0"), LINK_CONTROL, 0, 0, 0, 0 },
	{ "wifi protected", DLT_IEEE802_11, FRAME(WIFI("\x88", "\x42") "\0\0" Z16), LINK_ENCRYPTED, 0, 0, 0, 0 },
	{ "wifi more fragments", DLT_IEEE802_11, FRAME(WIFI("\x08", "\6") SNAP "\x08\0" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "wifi second fragment", DLT_IEEE802_11, FRAME("\x08\2\0\0" ADDR3 "\x11\0" SNAP "\x08\0" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "wifi a-msdu", DLT_IEEE802_11, FRAME(WIFI("\x88", "\2") "\x80\0" MACS "\0\x1c" SNAP "\x08\0" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "radiotap", DLT_IEEE802_11_RADIO, FRAME("\0\0\x08\0" Z4 WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 40, 20, 20, 0 },
	{ "radiotap fcs", DLT_IEEE802_11_RADIO, FRAME("\0\0\x09\0" "\2\0\0\0" "\x10" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 41, 20, 20, 0 },
	{ "radiotap clock, then fcs", DLT_IEEE802_11_RADIO, FRAME("\0\0\x11\0" "\3\0\0\0" Z8 "\x10" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 49, 20, 20, 0 },
	{ "radiotap two words, aligned clock, fcs", DLT_IEEE802_11_RADIO, FRAME("\0\0\x19\0" "\3\0\0\x80" "\0\0\0\0" Z4 Z8 "\x10" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 57, 20, 20, 0 },
	{ "radiotap data pad", DLT_IEEE802_11_RADIO, FRAME("\0\0\x09\0" "\2\0\0\0" "\x20" WIFI("\x88", "\2") "\0\0" "\0\0" SNAP "\x08\0" IP4), LINK_IPV4, 45, 20, 20, 0 },
	{ "radiotap flags beyond its length", DLT_IEEE802_11_RADIO, FRAME("\0\0\x08\0" "\2\0\0\0" WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 40, 20, 20, 0 },
	{ "radiotap length too small", DLT_IEEE802_11_RADIO, FRAME("\0\0\x07\0" Z4 WIFI("\x08", "\2")), LINK_SHORT, 0, 0, 0, 0 },
	{ "radiotap length beyond the frame", DLT_IEEE802_11_RADIO, FRAME("\0\0\xff\0" Z4 WIFI("\x08", "\2")), LINK_SHORT, 0, 0, 0, 0 },
	{ "radiotap of another version", DLT_IEEE802_11_RADIO, FRAME("\1\0\x08\0" Z4 WIFI("\x08", "\2")), LINK_OTHER, 0, 0, 0, 0 },
	{ "ppi wifi", DLT_PPI, FRAME("\0\0\x08\0" "\x69\0\0\0" WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 40, 20, 20, 0 },
	{ "ppi wifi, fcs", DLT_PPI, FRAME("\0\0\x20\0" "\x69\0\0\0" "\2\0\x14\0" Z8 "\1\0" Z8 "\0\0" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 64, 20, 20, 0 },
	{ "ppi wifi, aligned field, fcs", DLT_PPI, FRAME("\0\1\x28\0" "\x69\0\0\0" "\5\0\2\0" "xx\0\0" "\2\0\x14\0" Z8 "\1\0" Z8 "\0\0" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 72, 20, 20, 0 },
	{ "ppi ethernet", DLT_PPI, FRAME("\0\0\x08\0" "\1\0\0\0" MACS "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "ppi in ppi", DLT_PPI, FRAME("\0\0\x08\0" "\xc0\0\0\0" "\0\0\x08\0" "\1\0\0\0" MACS "\x08\0" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "ppi length lies", DLT_PPI, FRAME("\0\0\xff\xff" "\x69\0\0\0" Z16), LINK_SHORT, 0, 0, 0, 0 },
	{ "avs", DLT_IEEE802_11_RADIO_AVS, FRAME("\x80\x21\x10\x01" "\0\0\0\x10" Z8 WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 48, 20, 20, 0 },
	{ "avs under prism's type", DLT_PRISM_HEADER, FRAME("\x80\x21\x10\x01" "\0\0\0\x10" Z8 WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 48, 20, 20, 0 },
	{ "prism", DLT_PRISM_HEADER, FRAME(Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 176, 20, 20, 0 },

	/* Switch tags */
	{ "dsa ipv4", DLT_DSA_TAG_DSA, FRAME(MACS "\x40\0\0\0" "\x08\0" IP4), LINK_IPV4, 18, 20, 20, 0 },
	{ "dsa ipv6 behind a tag", DLT_DSA_TAG_DSA, FRAME(MACS "\xc0\0\0\0" VLAN "\x86\xdd" IP6), LINK_IPV6, 22, 40, 40, 0 },
	{ "dsa arp", DLT_DSA_TAG_DSA, FRAME(MACS "\0\0\0\0" "\x08\x06" Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "dsa 802.3", DLT_DSA_TAG_DSA, FRAME(MACS "\x40\0\0\0" "\0\x1c" SNAP "\x08\0" IP4 PAD4), LINK_IPV4, 26, 20, 20, 0 },
	{ "edsa", DLT_DSA_TAG_EDSA, FRAME(MACS "\xda\xda\0\0" "\x40\0\0\0" "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "broadcom", DLT_DSA_TAG_BRCM, FRAME(MACS "\x20\0\0\1" "\x86\xdd" IP6), LINK_IPV6, 18, 40, 40, 0 },
	{ "broadcom in front", DLT_DSA_TAG_BRCM_PREPEND, FRAME("\x20\0\0\1" MACS "\x08\0" IP4), LINK_IPV4, 18, 20, 20, 0 },

	/* pflog(4), enc(4), SLIP, ipnet */
	{ "pflog ipv4", DLT_PFLOG, FRAME("\x3d\2" Z2 Z16 Z16 Z16 Z8 Z4 IP4), LINK_IPV4, 64, 20, 20, 0 },
	{ "pflog ipv6 OpenBSD", DLT_PFLOG, FRAME("\x3d\x18" Z2 Z16 Z16 Z16 Z8 Z4 IP6), LINK_IPV6, 64, 40, 40, 0 },
	{ "pflog ipv6 FreeBSD", DLT_PFLOG, FRAME("\x30\x1c" Z2 Z16 Z16 Z8 Z4 IP6), LINK_IPV6, 48, 40, 40, 0 },
	{ "pflog ipv6 Darwin", DLT_PFLOG, FRAME("\x3d\x1e" Z2 Z16 Z16 Z16 Z8 Z4 IP6), LINK_IPV6, 64, 40, 40, 0 },
	{ "pflog of another family", DLT_PFLOG, FRAME("\x3d\x10" Z2 Z16 Z16 Z16 Z8 Z4 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "pflog of a length that is too small", DLT_PFLOG, FRAME("\x2c\2" Z2 Z16 Z16 Z8 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "pflog of a length beyond the frame", DLT_PFLOG, FRAME("\xfd\2" Z2 Z16 IP4), LINK_SHORT, 0, 0, 0, 0 },
	{ "enc le", DLT_ENC, FRAME("\2\0\0\0" Z8 IP4), LINK_IPV4, 12, 20, 20, 0 },
	{ "enc be", DLT_ENC, FRAME("\0\0\0\x18" Z8 IP6), LINK_IPV6, 12, 40, 40, 0 },
	{ "enc of another family", DLT_ENC, FRAME("\7\0\0\0" Z8 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "slip", DLT_SLIP, FRAME("\1" "\x45" Z8 Z4 Z2 IP4), LINK_IPV4, 16, 20, 20, 1 },
	{ "ipnet ipv4", DLT_IPNET, FRAME("\2\2" Z2 Z16 Z4 IP4), LINK_IPV4, 24, 20, 20, 0 },
	{ "ipnet ipv6", DLT_IPNET, FRAME("\2\x1a" Z2 Z16 Z4 IP6), LINK_IPV6, 24, 40, 40, 0 },

	/* PKTAP: version 1 is 108 bytes, version 2 has its flag 36 bytes from the start */
	{ "pktap ethernet", DLT_PKTAP, FRAME("\x6c\0\0\0" "\1\0\0\0" "\1\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 MACS "\x08\0" IP4), LINK_IPV4, 122, 20, 20, 0 },
	{ "pktap raw", DLT_PKTAP, FRAME("\x6c\0\0\0" "\1\0\0\0" "\x0c\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 IP6), LINK_IPV6, 108, 40, 40, 1 },
	{ "pktap longer header", DLT_PKTAP, FRAME("\x70\0\0\0" "\1\0\0\0" "\x0c\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 Z4 IP4), LINK_IPV4, 112, 20, 20, 1 },
	{ "pktap without a packet", DLT_PKTAP, FRAME("\x6c\0\0\0" "\0\0\0\0" "\1\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "pktap of an unknown type", DLT_PKTAP, FRAME("\x6c\0\0\0" "\1\0\0\0" "\xbb\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "pktap of a negative type", DLT_PKTAP, FRAME("\x6c\0\0\0" "\1\0\0\0" "\1\0\0\x80" Z16 Z16 Z16 Z16 Z16 Z16 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "pktap in pktap", DLT_PKTAP, FRAME("\x6c\0\0\0" "\1\0\0\0" "\2\1\0\0" Z16 Z16 Z16 Z16 Z16 Z16 "\x6c\0\0\0" "\1\0\0\0" "\1\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "pktap length lies", DLT_PKTAP, FRAME("\0\0\1\0" "\1\0\0\0" "\1\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 IP4), LINK_SHORT, 0, 0, 0, 0 },
	{ "pktap length too small", DLT_PKTAP, FRAME("\x10\0\0\0" "\1\0\0\0" "\1\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "pktap 2 ethernet", DLT_PKTAP, FRAME("\x28\0\0\0\0\0" "\1\0" Z8 Z16 Z4 "\0\0\x08\0" MACS "\x08\0" IP4), LINK_IPV4, 54, 20, 20, 0 },
	{ "pktap 2 loopback", DLT_PKTAP, FRAME("\x2c\0\0\x28\0\0" "\0\0" Z8 Z16 Z4 "\1\0\x08\0" "lo0\0" "\x1e\0\0\0" IP6), LINK_IPV6, 48, 40, 40, 0 },

	/* netANALYZER, EPON, ERF, TZSP */
	{ "netanalyzer", DLT_NETANALYZER, FRAME("\0\4\x26\0" MACS "\x08\0" IP4 PAD4), LINK_IPV4, 18, 20, 20, 0 },
	{ "netanalyzer transparent", DLT_NETANALYZER_TRANSPARENT, FRAME("\0\6\x2e\0" "\x55\x55\x55\x55\x55\x55\x55\xd5" MACS "\x08\0" IP4 PAD4), LINK_IPV4, 26, 20, 20, 0 },
	{ "netanalyzer short preamble", DLT_NETANALYZER_TRANSPARENT, FRAME("\x40\6\x2a\0" "\x55\xd5" MACS "\x08\0" IP4 PAD4), LINK_IPV4, 20, 20, 20, 0 },
	{ "netanalyzer without delimiter", DLT_NETANALYZER_TRANSPARENT, FRAME("\x10\6\x2a\0" "\x55\x55" MACS "\x08\0" IP4 PAD4), LINK_OTHER, 0, 0, 0, 0 },
	{ "epon", DLT_EPON, FRAME("\xd5\x55\x55\0\1\xa7" MACS "\x86\xdd" IP6), LINK_IPV6, 20, 40, 40, 0 },
	{ "erf ethernet", DLT_ERF, FRAME(Z8 "\2\4\0\x34\0\0\0\x22" "\0\0" MACS "\x08\0" IP4), LINK_IPV4, 32, 20, 20, 0 },
	{ "erf coloured ethernet", DLT_ERF, FRAME(Z8 "\x0b\4\0\x34\0\0\0\x22" "\0\0" MACS "\x08\0" IP4), LINK_IPV4, 32, 20, 20, 0 },
	{ "erf extension headers", DLT_ERF, FRAME(Z8 "\x82\4\0\x44\0\0\0\x22" "\x85\0\0\0" Z4 "\5\0\0\0" Z4 "\0\0" MACS "\x08\0" IP4), LINK_IPV4, 48, 20, 20, 0 },
	{ "erf extension headers without end", DLT_ERF, FRAME(Z8 "\x82\4\0\x24\0\0\0\x22" "\x85\0\0\0" Z4 "\x85\0\0\0" Z4), LINK_SHORT, 0, 0, 0, 0 },
	{ "erf ppp", DLT_ERF, FRAME(Z8 "\1\4\0\x28\0\0\0\x18" "\xff\3\0\x21" IP4), LINK_IPV4, 20, 20, 20, 0 },
	{ "erf ipv4", DLT_ERF, FRAME(Z8 "\x16\4\0\x24\0\0\0\x14" IP4), LINK_IPV4, 16, 20, 20, 0 },
	{ "erf ipv6", DLT_ERF, FRAME(Z8 "\x17\4\0\x38\0\0\0\x28" IP6), LINK_IPV6, 16, 40, 40, 0 },
	{ "erf infiniband", DLT_ERF, FRAME(Z8 "\x15\4\0\x24\0\0\0\x14" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "tzsp ethernet", DLT_TZSP, FRAME("\1\0\0\1" "\0\1" MACS "\x08\0" IP4), LINK_IPV4, 20, 20, 20, 0 },
	{ "tzsp 802.11", DLT_TZSP, FRAME("\1\0\0\x12" "\x0a\1\xd0" "\1" WIFI("\x08", "\2") SNAP "\x08\0" IP4), LINK_IPV4, 40, 20, 20, 0 },
	{ "tzsp of another protocol", DLT_TZSP, FRAME("\1\0\0\x77" "\1" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "tzsp tags without end", DLT_TZSP, FRAME("\1\0\0\1" "\x0a\2\0\0" "\0"), LINK_SHORT, 0, 0, 0, 0 },

	/* Frame Relay */
	{ "frame relay ipv4", DLT_FRELAY, FRAME("\x18\x41" "\3\xcc" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "frame relay ipv6", DLT_FRELAY, FRAME("\x18\x41" "\3\x8e" IP6), LINK_IPV6, 4, 40, 40, 0 },
	{ "frame relay address of three bytes", DLT_FRELAY, FRAME("\x18\x40\1" "\3\0\xcc" IP4), LINK_IPV4, 6, 20, 20, 0 },
	{ "frame relay address of four bytes", DLT_FRELAY, FRAME("\x18\x40\0\1" "\3\xcc" IP4), LINK_IPV4, 6, 20, 20, 0 },
	{ "frame relay address of five bytes", DLT_FRELAY, FRAME("\x18\x40\0\0\1" "\3\xcc" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "frame relay address of one byte", DLT_FRELAY, FRAME("\x19\x41" "\3\xcc" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "frame relay snap", DLT_FRELAY, FRAME("\x18\x41" "\3\0\x80" "\0\0\0" "\x86\xdd" IP6), LINK_IPV6, 10, 40, 40, 0 },
	{ "frame relay bridged", DLT_FRELAY, FRAME("\x18\x41" "\3\0\x80" "\0\x80\xc2\0\7" MACS "\x08\0" IP4), LINK_IPV4, 24, 20, 20, 0 },
	{ "frame relay bridged with fcs", DLT_FRELAY, FRAME("\x18\x41" "\3\0\x80" "\0\x80\xc2\0\1" MACS "\x08\0" IP4 PAD4), LINK_IPV4, 24, 24, 24, 0 },
	{ "frame relay bridged 802.5", DLT_FRELAY, FRAME("\x18\x41" "\3\0\x80" "\0\x80\xc2\0\3" Z16 IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "frame relay ppp", DLT_FRELAY, FRAME("\x18\x41" "\3\xcf" "\0\x21" IP4), LINK_IPV4, 6, 20, 20, 0 },
	{ "frame relay cisco", DLT_FRELAY, FRAME("\x18\x41" "\x08\0" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "frame relay clnp", DLT_FRELAY, FRAME("\x18\x41" "\3\x81" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "frame relay q.933", DLT_FRELAY, FRAME("\0\1" "\3\x08\0\x75" Z8), LINK_CONTROL, 0, 0, 0, 0 },
	{ "frame relay lmi", DLT_FRELAY, FRAME("\xfc\xf1" "\3\x09\0\x75" Z8), LINK_CONTROL, 0, 0, 0, 0 },
	{ "frame relay lapf", DLT_FRELAY, FRAME("\0\1" "\x7f" Z4), LINK_CONTROL, 0, 0, 0, 0 },
	{ "frame relay direction", DLT_FRELAY_WITH_DIR, FRAME("\1" "\x18\x41" "\3\xcc" IP4), LINK_IPV4, 5, 20, 20, 0 },
	{ "multilink frame relay", DLT_MFR, FRAME("\xc1\2" "\x18\x41" "\3\xcc" IP4), LINK_IPV4, 6, 20, 20, 0 },
	{ "multilink frame relay fragment", DLT_MFR, FRAME("\x81\2" "\x18\x41" "\3\xcc" IP4), LINK_OTHER, 0, 0, 0, 0 },
	{ "multilink frame relay control", DLT_MFR, FRAME("\xe1\0" "\1"), LINK_CONTROL, 0, 0, 0, 0 },

	/* ATM */
	{ "atm snap", DLT_ATM_RFC1483, FRAME(SNAP "\x08\0" IP4), LINK_IPV4, 8, 20, 20, 0 },
	{ "atm ppp", DLT_ATM_RFC1483, FRAME("\xfe\xfe\3" "\xcf" "\0\x57" IP6), LINK_IPV6, 6, 40, 40, 0 },
	{ "atm nlpid ipv4", DLT_ATM_RFC1483, FRAME("\xfe\xfe\3" "\xcc" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "atm bridged", DLT_ATM_RFC1483, FRAME("\xaa\xaa\3" "\0\x80\xc2\0\7" "\0\0" MACS "\x08\0" IP4), LINK_IPV4, 24, 20, 20, 0 },
	{ "atm llc ip", DLT_ATM_RFC1483, FRAME("\6\6\3" IP4), LINK_IPV4, 3, 20, 20, 0 },
	{ "atm clip", DLT_ATM_CLIP, FRAME(SNAP "\x86\xdd" IP6), LINK_IPV6, 8, 40, 40, 0 },
	{ "atm clip without llc", DLT_ATM_CLIP, FRAME(IP4), LINK_IPV4, 0, 20, 20, 1 },
	{ "sunatm llc", DLT_SUNATM, FRAME("\x82\0\0\x64" SNAP "\x08\0" IP4), LINK_IPV4, 12, 20, 20, 0 },
	{ "sunatm lane", DLT_SUNATM, FRAME("\1\0\0\x64" "\0\2" MACS "\x08\0" IP4), LINK_IPV4, 20, 20, 20, 0 },
	{ "sunatm ilmi", DLT_SUNATM, FRAME("\5\0\0\x10" Z16), LINK_OTHER, 0, 0, 0, 0 },

	/* Other local networks */
	{ "fddi", DLT_FDDI, FRAME("\x50" MACS SNAP "\x08\0" IP4), LINK_IPV4, 21, 20, 20, 0 },
	{ "fddi synchronous", DLT_FDDI, FRAME("\xd0" MACS SNAP "\x08\0" IP4), LINK_IPV4, 21, 20, 20, 0 },
	{ "fddi smt", DLT_FDDI, FRAME("\x4f" MACS Z16), LINK_CONTROL, 0, 0, 0, 0 },
	{ "token ring", DLT_IEEE802, FRAME("\x10\x40" MACS SNAP "\x08\0" IP4), LINK_IPV4, 22, 20, 20, 0 },
	{ "token ring source route", DLT_IEEE802, FRAME("\x10\x40" "\2\0\0\0\0\1" "\x82\0\0\0\0\2" "\x08\x20\0\x11\0\x21\0\x30" SNAP "\x86\xdd" IP6), LINK_IPV6, 30, 40, 40, 0 },
	{ "token ring mac", DLT_IEEE802, FRAME("\x10\0" MACS Z16), LINK_CONTROL, 0, 0, 0, 0 },
	{ "arcnet ipv4", DLT_ARCNET_LINUX, FRAME("\1\2\0\0" "\xd4" "\0\0\1" IP4), LINK_IPV4, 8, 20, 20, 0 },
	{ "arcnet ipv6", DLT_ARCNET_LINUX, FRAME("\1\2\0\0" "\xc4" "\0\0\1" IP6), LINK_IPV6, 8, 40, 40, 0 },
	{ "arcnet rfc1051", DLT_ARCNET_LINUX, FRAME("\1\2\0\0" "\xf0" IP4), LINK_IPV4, 5, 20, 20, 0 },
	{ "arcnet arp", DLT_ARCNET_LINUX, FRAME("\1\0\0\0" "\xd5" "\0\0\1" Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "arcnet ipx", DLT_ARCNET_LINUX, FRAME("\1\0\0\0" "\xfa" "\0\0\1" Z16), LINK_OTHER, 0, 0, 0, 0 },
	{ "ieee 1394", DLT_APPLE_IP_OVER_IEEE1394, FRAME(Z16 "\x08\0" IP4), LINK_IPV4, 18, 20, 20, 0 },
	{ "ip over fibre channel", DLT_IP_OVER_FC, FRAME(Z16 SNAP "\x08\0" IP4), LINK_IPV4, 24, 20, 20, 0 },
	{ "ipoib", DLT_IPOIB, FRAME("\x08\0\0\0" IP4), LINK_IPV4, 4, 20, 20, 0 },
	{ "ipoib with addresses", DLT_IPOIB, FRAME(Z16 Z16 Z8 "\x86\xdd\0\0" IP6), LINK_IPV6, 44, 40, 40, 0 },
	{ "ipoib arp", DLT_IPOIB, FRAME("\x08\x06\0\0" Z16), LINK_ARP, 0, 0, 0, 0 },
	{ "mpls", DLT_MPLS, FRAME("\0\1\1\xff" IP4), LINK_IPV4, 4, 20, 20, 1 },
	{ "ppp bsd/os", DLT_PPP_BSDOS, FRAME("\0\0\0\0\0" "\0\x21" Z16 "\0" IP4), LINK_IPV4, 24, 20, 20, 0 },
	{ "ppp bsd/os lcp", DLT_PPP_BSDOS, FRAME("\0\0\0\0\0" "\xc0\x21" Z16 "\0" Z8), LINK_CONTROL, 0, 0, 0, 0 },
	{ "symantec firewall", DLT_SYMANTEC_FIREWALL, FRAME(Z4 Z2 "\x08\0" Z16 Z16 Z4 IP4), LINK_IPV4, 44, 20, 20, 0 },
	{ "netbsd hdlc", DLT_HDLC, FRAME("\x0f\0\x08\0" IP4), LINK_IPV4, 4, 20, 20, 0 },

	{ "a link type without IP", 147, FRAME(IP4), LINK_OTHER, 0, 0, 0, 0 },
};

#define NCASES	(sizeof(cases) / sizeof(cases[0]))

#endif
