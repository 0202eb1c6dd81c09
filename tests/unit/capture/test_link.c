/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/link.h"

#include <pcap/dlt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Hexadecimal escapes end where a literal does, hence the many pieces. */
#define Z4	"\0\0\0\0"
#define Z8	Z4 Z4
#define Z16	Z8 Z8

/* A header and nothing else: 20 and 40 bytes. */
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

/* What link_decode() tells for a frame, captured whole. */
struct link_case {
	const char *name;
	int linktype;
	const uint8_t *bytes;
	size_t len;
	enum link_class class;
	/* For LINK_IPV4 and LINK_IPV6: where the packet is, its bytes. */
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

	{ "a link type without IP", 147, FRAME(IP4), LINK_OTHER, 0, 0, 0, 0 },
};

#define NCASES	(sizeof(cases) / sizeof(cases[0]))

static bool has_packet(enum link_class class)
{
	return class == LINK_IPV4 || class == LINK_IPV6;
}

/* Decodes a copy that ends where the bytes do, so that a sanitizer sees any
 * read beyond them. */
static enum link_class decode(const struct link_case *c, uint32_t caplen,
			      uint32_t wirelen, struct link_payload *p,
			      uint32_t *offset)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct frame f = {
		.data = copy, .caplen = caplen, .wirelen = wirelen,
		.linktype = c->linktype,
	};
	enum link_class class;

	assert_non_null(copy);
	memcpy(copy, c->bytes, caplen);
	*p = (struct link_payload){ .data = NULL };
	class = link_decode(&f, p);
	*offset = p->data ? (uint32_t)(p->data - copy) : 0;
	free(copy);
	return class;
}

static void whole_frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < NCASES; i++) {
		const struct link_case *c = &cases[i];
		struct link_payload p;
		uint32_t offset, len = (uint32_t)c->len;
		enum link_class class = decode(c, len, len, &p, &offset);

		if (class != c->class || offset != c->offset ||
		    p.caplen != c->caplen || p.wirelen != c->wirelen)
			fail_msg("%s: %s at %u, %u of %u bytes, not %s at %u, %u of %u",
				 c->name, link_class_name(class), offset,
				 p.caplen, p.wirelen, link_class_name(c->class),
				 c->offset, c->caplen, c->wirelen);
	}
}

/*
 * The same frame with its first 'cut' bytes captured.  Within the link layer's
 * headers it is short, or a class that needs no more bytes to tell; behind
 * them nothing changes but the captured length.
 */
static void check_cut(const struct link_case *c, uint32_t cut)
{
	struct link_payload p;
	uint32_t offset, need = c->offset + (c->nibble ? 1 : 0);
	enum link_class class = decode(c, cut, (uint32_t)c->len, &p, &offset);

	if (!has_packet(c->class)) {
		if (class != c->class && class != LINK_SHORT)
			fail_msg("%s cut to %u: %s", c->name, cut,
				 link_class_name(class));
	} else if (cut < need) {
		if (class != LINK_SHORT)
			fail_msg("%s cut to %u: %s, not short", c->name, cut,
				 link_class_name(class));
	} else {
		uint32_t there = cut - c->offset;

		if (there > c->caplen)
			there = c->caplen;
		if (class != c->class || offset != c->offset ||
		    p.caplen != there)
			fail_msg("%s cut to %u: %s at %u, %u bytes", c->name,
				 cut, link_class_name(class), offset, p.caplen);
		/* NFLOG can tell the length only with the IP header. */
		if (c->linktype != DLT_NFLOG && p.wirelen != c->wirelen)
			fail_msg("%s cut to %u: wirelen %u", c->name, cut,
				 p.wirelen);
	}
}

static void frames_cut_by_the_snap_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < NCASES; i++)
		for (uint32_t cut = 0; cut < cases[i].len; cut++)
			check_cut(&cases[i], cut);
}

/* Frames that were so short on the wire. */
static void runts(void **state)
{
	(void)state;
	for (size_t i = 0; i < NCASES; i++)
		for (uint32_t len = 0; len < cases[i].len; len++) {
			struct link_payload p;
			uint32_t offset;
			enum link_class class =
				decode(&cases[i], len, len, &p, &offset);

			if (!has_packet(class))
				continue;
			assert_true(offset + p.caplen <= len);
			assert_true(p.caplen <= p.wirelen);
		}
}

/* A frame cut within its check sequence keeps what comes before that. */
static void check_sequence_half_captured(void **state)
{
	static const struct link_case c = {
		"radiotap fcs", DLT_IEEE802_11_RADIO,
		FRAME("\0\0\x09\0" "\2\0\0\0" "\x10" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4),
		LINK_IPV4, 41, 20, 20, 0
	};
	struct link_payload p;
	uint32_t offset;

	(void)state;
	assert_int_equal(decode(&c, (uint32_t)c.len - 2, (uint32_t)c.len, &p,
				&offset), LINK_IPV4);
	assert_int_equal(p.caplen, 20);
	assert_int_equal(p.wirelen, 20);
}

/* Any bytes at all, under every link type: nothing but the sanitizers and the
 * bounds are asked. */
static void noise(void **state)
{
	uint32_t x = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[96];
		struct link_payload p;
		struct link_case c = { .bytes = bytes };
		uint32_t offset, len;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			x = x * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(x >> 24);
		}
		len = bytes[0] % sizeof(bytes);
		c.linktype = cases[(size_t)round % NCASES].linktype;
		if (has_packet(decode(&c, len, len + bytes[1] % 32, &p, &offset)))
			assert_true(offset + p.caplen <= len &&
				    p.caplen <= p.wirelen);
	}
}

static void supported_types(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < NCASES; i++)
		assert_true(link_supported(cases[i].linktype));
	assert_false(link_supported(147));
	assert_false(link_supported(-1));
}

static void names(void **state)
{
	(void)state;
	for (int i = 0; i < LINK_CLASSES; i++)
		assert_non_null(link_class_name((enum link_class)i));
	assert_string_equal(link_class_name(LINK_ARP), "arp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_frames),
		cmocka_unit_test(frames_cut_by_the_snap_length),
		cmocka_unit_test(runts),
		cmocka_unit_test(check_sequence_half_captured),
		cmocka_unit_test(noise),
		cmocka_unit_test(supported_types),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
