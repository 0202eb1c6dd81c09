# SPDX-License-Identifier: GPL-2.0-only
"""The exchange of links.py in the link types that are neither Ethernet, PPP nor 802.11."""

import struct

from . import frames as f
from .case import Registry
from .links import ARP, LLC_SNAP, PPP_IP, mpls_stack, wlan, wrapped

capture = Registry()

NLPID = {4: b"\xcc", 6: b"\x8e"}


def ether_type(p):
    return struct.pack("!H", f.ethertype(p))


def llc(p):
    return LLC_SNAP + ether_type(p) + p


def family(p, order="!", six=24):
    return struct.pack(order + "I", 2 if p[0] >> 4 == 4 else six)


# Switch tags --------------------------------------------------------------------

def tagged(tag_of):
    """Ethernet with a tag between the addresses and the type; and a tagged ARP."""
    def wrap(p, back, kind=None):
        frame = f.eth(p, kind, back=back)
        return frame[:12] + tag_of(back) + frame[12:]
    return wrapped(wrap, wrap(ARP, True, f.ETH_ARP))


@capture("link-dsa.pcap", linktype=284)
def dsa():
    """Marvell DSA tags: From_CPU to port 1 towards the server, Forward from port 2 back; and an ARP"""
    return tagged(lambda back: bytes.fromhex("c0100005" if back else "40080000"))


@capture("link-edsa.pcap", linktype=285)
def edsa():
    """Marvell EDSA tags, DSA tags in an EtherType of their own; and an ARP"""
    return tagged(lambda back: bytes.fromhex("dada0000") + bytes.fromhex("c0100005" if back else "40080000"))


@capture("link-dsa-brcm.pcap", linktype=281)
def brcm():
    """Broadcom tags: ingress towards the server, egress back; and an ARP"""
    return tagged(lambda back: bytes.fromhex("00000402" if back else "20000001"))


@capture("link-dsa-brcm-prepend.pcap", linktype=282)
def brcm_prepend():
    """Broadcom tags in front of the Ethernet header"""
    return wrapped(lambda p, back: bytes.fromhex("00000402" if back else "20000001") + f.eth(p, back=back))


# Headers that the capturing system makes ------------------------------------------

@capture("link-pflog.pcap", linktype=117)
def pflog():
    """pflog with a header of 61 octets, padded; IPv6 as FreeBSD numbers it (28); and a packet of
    another family"""
    def wrap(p, back, fam=None):
        fam = fam or (2 if p[0] >> 4 == 4 else 28)
        return struct.pack("!BBBB16s16sIIIiIiBxxx", 61, fam, 1 if back else 0, 0, b"em0", b"", 0,
                           0xFFFFFFFF, 0, -1, 0, -1, 1 if back else 2) + p
    return wrapped(wrap, wrap(bytes(20), True, 16))


@capture("link-pflog-100.pcap", linktype=117)
def pflog_100():
    """pflog of recent OpenBSD: 100 octets, with the addresses before translation; IPv6 is 24"""
    def wrap(p, back):
        fam = 2 if p[0] >> 4 == 4 else 24
        return struct.pack("!BBBB", 100, fam, 0, 0) + b"em0".ljust(16, b"\0") + bytes(80) + p
    return wrapped(wrap)


@capture("link-enc.pcap", linktype=109)
def enc():
    """OpenBSD's enc interface (IPsec before encryption and after): the family in the order of a
    little-endian machine"""
    return wrapped(lambda p, back: family(p, "<") + struct.pack("<II", 256, 0x0C00) + p)


@capture("link-enc-big.pcap", linktype=109, endian=">")
def enc_big():
    """enc of a big-endian machine"""
    return wrapped(lambda p, back: family(p, ">") + struct.pack(">II", 256, 0x0C00) + p)


@capture("link-slip.pcap", linktype=8)
def slip():
    """BSD's SLIP: direction, 15 octets of the header as it was sent, the whole packet"""
    return wrapped(lambda p, back: bytes([0 if back else 1]) + p[:1] + bytes(14) + p)


@capture("link-ipnet.pcap", linktype=226)
def ipnet():
    """Solaris IP observability"""
    return wrapped(lambda p, back: struct.pack("!BBHIIIII", 2, 2 if p[0] >> 4 == 4 else 26, 0 if back else 1,
                                               len(p), 2, 0, 0, 0xFFFFFFFF) + p)


def pktap_header(dlt, record=1):
    return struct.pack("<III24sIIIII20sIHHI20s", 108, record, dlt, b"en0", 1, 2, 14, 0, 99, b"curl", 0, 6, 0,
                       99, b"curl")


@capture("link-pktap.pcap", linktype=258)
def pktap():
    """Apple's PKTAP: Ethernet towards the server, raw IP (12) back; and a record without a packet,
    PKTAP in PKTAP, and a link type that carries no IP"""
    def wrap(p, back):
        return pktap_header(12) + p if back else pktap_header(1) + f.eth(p)
    return wrapped(wrap, pktap_header(1, 0), pktap_header(258) + pktap_header(1) + f.eth(ARP, f.ETH_ARP),
                   pktap_header(187) + bytes(20))


@capture("link-pktap2.pcap", linktype=258)
def pktap2():
    """PKTAP in its second version: BSD loopback frames behind a header of 44 octets"""
    def wrap(p, back):
        return struct.pack("<BBBBBBHHHHHIIIIII4s", 44, 0, 0, 40, 0, 0, 0, 4, 0, 24, 6, 2, 0, 0, 99, 99,
                           0x80001, b"lo0") + family(p, "<", 30) + p
    return wrapped(wrap)


def fcs(frame):
    import zlib
    return frame + struct.pack("<I", zlib.crc32(frame))


@capture("link-netanalyzer.pcap", linktype=240)
def netanalyzer():
    """Hilscher netANALYZER: flags and length, Ethernet with its check sequence; and an ARP"""
    def wrap(p, back, kind=None):
        frame = fcs(f.eth(p, kind, back=back))
        return struct.pack("<I", len(frame) << 16 | (0x4000 if back else 0) | 0x0400) + frame
    return wrapped(wrap, wrap(ARP, True, f.ETH_ARP))


@capture("link-netanalyzer-transparent.pcap", linktype=241)
def netanalyzer_transparent():
    """netANALYZER in transparent mode: preambles of seven and three octets; and a frame without the
    start delimiter"""
    def wrap(p, back):
        frame = b"\x55" * (3 if back else 7) + b"\xd5" + fcs(f.eth(p, back=back))
        return struct.pack("<I", len(frame) << 16 | 0x0600) + frame
    return wrapped(wrap, struct.pack("<I", 0x0610) + b"\x55" * 7 + f.eth(ARP, f.ETH_ARP))


@capture("link-epon.pcap", linktype=259)
def epon():
    """Ethernet over a passive optical network: the end of the preamble with the link's number"""
    return wrapped(lambda p, back: bytes.fromhex("d55555" + ("8001" if back else "0001") + "a7") + f.eth(p, back=back))


def erf(kind, payload, wire, extensions=0):
    """A record; 'wire' is the frame's length, record and alignment not counted."""
    more = b"".join(bytes([5 | (0x80 if n + 1 < extensions else 0)]) + bytes(7) for n in range(extensions))
    head = struct.pack("<Q", 1000000000 << 32) + struct.pack(
        "!BBHHH", kind | (0x80 if extensions else 0), 4, 16 + len(more) + len(payload), 0, wire)
    return head + more + payload


@capture("link-erf.pcap", linktype=197)
def erf_records():
    """Endace's records: Ethernet towards the server, with two extension headers, raw IP back; and
    InfiniBand, and PPP and Cisco HDLC frames with an LCP echo and SLARP"""
    def wrap(p, back):
        if back:
            return erf(22 if p[0] >> 4 == 4 else 23, p, len(p))
        frame = fcs(f.eth(p))
        return erf(2, b"\0\0" + frame, len(frame), 2)
    return wrapped(wrap, erf(21, bytes(32), 32), erf(1, bytes.fromhex("ff03c021090100081234abcd"), 12),
                   erf(1, bytes.fromhex("8f00803500000002000000010000000000ffff"), 19))


@capture("link-tzsp.pcap", linktype=128)
def tzsp():
    """TZSP: 802.11 with its signal strength towards the server, Ethernet back; and a keepalive"""
    def wrap(p, back):
        if back:
            return struct.pack("!BBH", 1, 0, 1) + b"\0\1" + f.eth(p, back=True)
        return struct.pack("!BBH", 1, 0, 18) + bytes.fromhex("0a01d0" "120106" "01") + wlan(p, False)
    return wrapped(wrap, struct.pack("!BBH", 1, 4, 0) + b"\1")


# Wide area networks ----------------------------------------------------------------

def dlci(number, size=2):
    """A Q.922 address of two to four octets."""
    if size == 2:
        return bytes([number >> 4 << 2, (number & 15) << 4 | 1])
    if size == 3:
        return bytes([number >> 11 << 2, (number >> 7 & 15) << 4, (number & 127) << 1 | 1])
    return bytes([number >> 17 << 2, (number >> 13 & 15) << 4, (number >> 6 & 127) << 1, (number & 63) << 2 | 1])


def frelay(p, back):
    """RFC 2427 towards the server; back Cisco's encapsulation for IPv4, bridged Ethernet for IPv6."""
    if not back:
        return dlci(100) + b"\x03" + NLPID[p[0] >> 4] + p
    if p[0] >> 4 == 4:
        return dlci(100) + ether_type(p) + p
    return dlci(100) + bytes.fromhex("03008000" "80c20007") + f.eth(p, back=True)


FR_OTHERS = (dlci(0) + bytes.fromhex("0308007501010003020000"), dlci(1023) + bytes.fromhex("0309007501010003020000"),
             dlci(100) + bytes.fromhex("0300800000000806") + ARP)


@capture("link-frelay.pcap", linktype=107)
def frame_relay():
    """Frame Relay in its encapsulations: NLPID towards the server, Cisco's and bridged Ethernet
    back; and two status enquiries, an ARP"""
    return wrapped(frelay, *FR_OTHERS)


@capture("link-frelay-dir.pcap", linktype=206)
def frame_relay_dir():
    """Frame Relay with a direction; addresses of three octets (with padding) and of four, SNAP and
    PPP (RFC 1973)"""
    def wrap(p, back):
        if back:
            return b"\0" + dlci(70000, 4) + b"\x03\xcf" + struct.pack("!H", PPP_IP[p[0] >> 4]) + p
        return b"\1" + dlci(3000, 3) + bytes.fromhex("0300" "80" "000000") + ether_type(p) + p
    return wrapped(wrap)


@capture("link-mfr.pcap", linktype=182)
def multilink_frame_relay():
    """Multilink Frame Relay (FRF.16.1): frames that are whole; and a fragment, an Add_link message"""
    return wrapped(lambda p, back: bytes.fromhex("c101") + frelay(p, back),
                   bytes.fromhex("8102") + frelay(bytes([0x45]) + bytes(19), False),
                   bytes.fromhex("e10001"))


@capture("link-atm.pcap", linktype=100)
def atm():
    """ATM with LLC (RFC 2684): routed towards the server, back PPP for IPv4 (RFC 2364) and bridged
    Ethernet for IPv6; and an ARP"""
    def wrap(p, back):
        if not back:
            return llc(p)
        if p[0] >> 4 == 4:
            return bytes.fromhex("fefe03cf") + struct.pack("!H", PPP_IP[4]) + p
        return bytes.fromhex("aaaa030080c200070000") + f.eth(p, back=True)
    return wrapped(wrap, LLC_SNAP + struct.pack("!H", f.ETH_ARP) + ARP)


@capture("link-atm-clip.pcap", linktype=106)
def atm_clip():
    """Classical IP over ATM as Linux has it: with an LLC header towards the server, without back"""
    return wrapped(lambda p, back: p if back else llc(p))


@capture("link-sunatm.pcap", linktype=123)
def sunatm():
    """SunATM: LLC towards the server, LAN emulation back; and ILMI"""
    return wrapped(lambda p, back: bytes.fromhex("01000064" "0000") + f.eth(p, back=True) if back else
                   bytes.fromhex("82000064") + llc(p), bytes.fromhex("05000010") + bytes(20))


# Local networks ----------------------------------------------------------------------

@capture("link-fddi.pcap", linktype=10)
def fddi():
    """FDDI; and a station management frame"""
    return wrapped(lambda p, back: b"\x50" + f.eth(b"", 0, back=back)[:12] + llc(p),
                   b"\x4f" + f.eth(b"", 0)[:12] + bytes(20))


@capture("link-token-ring.pcap", linktype=6)
def token_ring():
    """Token Ring: source-routed over two bridges towards the server, in the ring back; and a MAC frame"""
    def wrap(p, back):
        mac = bytearray(f.eth(b"", 0, back=back)[:12])
        route = b""
        if not back:
            mac[6] |= 0x80
            route = bytes.fromhex("082000110021" "0030")
        return b"\x10\x40" + bytes(mac) + route + llc(p)
    return wrapped(wrap, b"\x10\x00" + f.eth(b"", 0)[:12] + bytes(20))


@capture("link-arcnet.pcap", linktype=129)
def arcnet():
    """ARCNET as Linux has it: RFC 1201 and 2497; back RFC 1051 for IPv4; and an ARP"""
    def wrap(p, back):
        if p[0] >> 4 == 6:
            return b"\1\2\0\0\xc4\0\0\1" + p
        return b"\2\1\0\0\xf0" + p if back else b"\1\2\0\0\xd4\0\0\1" + p
    return wrapped(wrap, b"\1\0\0\0\xd5\0\0\1" + ARP)


@capture("link-ieee1394.pcap", linktype=138)
def ieee1394():
    """Apple's IP over IEEE 1394; and an ARP"""
    return wrapped(lambda p, back: bytes(range(16)) + ether_type(p) + p,
                   bytes(range(16)) + struct.pack("!H", f.ETH_ARP) + ARP)


@capture("link-ip-over-fc.pcap", linktype=122)
def ip_over_fc():
    """IP over Fibre Channel (RFC 4338)"""
    return wrapped(lambda p, back: b"\x10\0" + f.SERVER_MAC + b"\x10\0" + f.CLIENT_MAC + llc(p))


@capture("link-ipoib.pcap", linktype=242)
def ipoib():
    """IP over InfiniBand (RFC 4391): the header of four octets towards the server; back behind 40
    octets of addresses, as tcpdump expects it; and an ARP"""
    return wrapped(lambda p, back: (bytes(20) + bytes.fromhex("00000048fe80").ljust(20, b"\1") if back else b"")
                   + ether_type(p) + b"\0\0" + p, struct.pack("!HH", f.ETH_ARP, 0) + ARP)


@capture("link-mpls-raw.pcap", linktype=219)
def mpls_raw():
    """MPLS without a link layer (LINKTYPE_MPLS)"""
    return wrapped(lambda p, back: mpls_stack(*((100, 200) if back else (16,))) + p)


@capture("link-hdlc.pcap", linktype=112)
def hdlc():
    """Cisco HDLC as NetBSD numbers it (LINKTYPE_NETBSD_HDLC)"""
    return wrapped(lambda p, back: b"\x0f\0" + ether_type(p) + p)


@capture("link-ppp-bsdos.pcap", linktype=103)
def ppp_bsdos():
    """PPP as BSD/OS had it: a header of 24 octets with the protocol in it; and an LCP echo"""
    def wrap(p, back, protocol=None):
        return bytes(5) + struct.pack("!H", protocol or PPP_IP[p[0] >> 4]) + bytes(17) + p
    return wrapped(wrap, wrap(bytes.fromhex("090100081234abcd"), True, 0xC021))


@capture("link-symantec.pcap", linktype=99)
def symantec():
    """Symantec's firewall: a header of 44 octets with an EtherType in it"""
    return wrapped(lambda p, back: bytes(6) + ether_type(p) + bytes(36) + p)
