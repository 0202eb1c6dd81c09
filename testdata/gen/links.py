# SPDX-License-Identifier: GPL-2.0-only
"""One small exchange in each link layer: the table must come out the same for all of them."""

import struct

from . import frames as f
from .case import Registry
from .files import exchange

capture = Registry()

ARP = struct.pack("!HHBBH", 1, f.ETH_IP, 6, 4, 1) + f.CLIENT_MAC + f.addr(f.CLIENT) + bytes(6) + f.addr(f.ROUTER)
LLC_SNAP = bytes.fromhex("aaaa03000000")


def wrapped(wrap, *others, only=None):
    """The exchange through wrap(packet, back), and frames of the link layer itself after it."""
    rows = exchange()
    out = [(at, wrap(packet, back)) for at, back, packet in rows
           if only is None or packet[0] >> 4 == only]
    return out + [(0.3 + n / 10, frame) for n, frame in enumerate(others)]


@capture("link-ethernet.pcap")
def ethernet():
    """Ethernet II; and frames that carry no IP: ARP, spanning tree (802.3 with LLC), LLDP, loopback
    test, a runt of 10 octets, an empty IP frame"""
    return wrapped(lambda p, back: f.eth(p, back=back),
                   f.eth(ARP, f.ETH_ARP, pad=True),
                   f.eth(bytes.fromhex("424203") + bytes(35), 38, pad=True),
                   f.eth(bytes.fromhex("0207040200000000010403076574683006020078") + b"\0\0", 0x88CC, pad=True),
                   f.eth(bytes(46), 0x9000),
                   f.CLIENT_MAC + b"\2\0\0\0",
                   f.eth(b"", f.ETH_IP))


@capture("link-ethernet-llc.pcap")
def ethernet_llc():
    """IP in 802.3 frames with LLC and SNAP (RFC 1042). Linux's own IP stack does not take these
    from Ethernet, but bridges and routers of the world send them"""
    def wrap(p, back):
        body = LLC_SNAP + struct.pack("!H", f.ethertype(p)) + p
        return f.eth(body, len(body), back=back)
    return wrapped(wrap)


@capture("link-vlan.pcap")
def vlan():
    """802.1Q: tag 5 with priority 3 towards the server, no priority back; and a tagged ARP"""
    return wrapped(lambda p, back: f.eth(p, back=back, tags=[(f.ETH_VLAN, 5 if back else 0x6005)]),
                   f.eth(ARP, f.ETH_ARP, tags=[(f.ETH_VLAN, 5)]))


@capture("link-qinq.pcap")
def qinq():
    """802.1ad outside, 802.1Q inside; then 0x9100 outside; a frame that ends within the tag"""
    return wrapped(lambda p, back: f.eth(p, back=back, tags=[
        (0x9100 if back else f.ETH_QINQ, 100), (f.ETH_VLAN, 5)]),
                   f.eth(b"\0", 0x88A8))


@capture("link-qinq-deep.pcap")
def qinq_deep():
    """Five tags, one in the other"""
    return wrapped(lambda p, back: f.eth(p, back=back, tags=[(f.ETH_VLAN, 1 + n) for n in range(5)]))


def mpls_stack(*labels):
    out = b""
    for n, label in enumerate(labels):
        out += struct.pack("!I", label << 12 | (n == len(labels) - 1) << 8 | 64)
    return out


@capture("link-mpls.pcap")
def mpls():
    """MPLS: one label towards the server, three back (one of them explicit null); a label stack
    without a bottom; a pseudo-wire that carries no IP"""
    return wrapped(lambda p, back: f.eth(mpls_stack(*((100, 200, 2 if p[0] >> 4 == 6 else 0)
                                                      if back else (16,))) + p, 0x8847, back=back),
                   f.eth(struct.pack("!I", 17 << 12 | 64), 0x8847),
                   f.eth(mpls_stack(18) + bytes(4) + f.eth(ARP, f.ETH_ARP), 0x8847))


PPP_IP = {4: 0x0021, 6: 0x0057}


def pppoe_session(p, back=False, code=0, extra=0):
    head = struct.pack("!BBHH", 0x11, code, 7, len(p) + extra)
    return f.eth(head + p, 0x8864, back=back)


@capture("link-pppoe.pcap")
def pppoe():
    """PPPoE sessions in Ethernet; and a discovery frame (PADI), an LCP echo, and a session frame
    cut after its PPPoE header"""
    return wrapped(lambda p, back: pppoe_session(struct.pack("!H", PPP_IP[p[0] >> 4]) + p, back),
                   f.eth(bytes.fromhex("11090000000401010000"), 0x8863, pad=True),
                   pppoe_session(bytes.fromhex("c021090100081234abcd")),
                   pppoe_session(b"", extra=42))


@capture("link-pppoe-vlan.pcap")
def pppoe_vlan():
    """PPPoE in a VLAN, as on many DSL and fibre lines"""
    def wrap(p, back):
        frame = pppoe_session(struct.pack("!H", PPP_IP[p[0] >> 4]) + p, back)
        return frame[:12] + struct.pack("!HH", f.ETH_VLAN, 7) + frame[12:]
    return wrapped(wrap)


@capture("link-ppp-ether.pcap", linktype=51)
def ppp_ether():
    """PPPoE session without Ethernet around it (LINKTYPE_PPP_ETHER)"""
    return wrapped(lambda p, back: pppoe_session(struct.pack("!H", PPP_IP[p[0] >> 4]) + p, back)[14:])


@capture("link-ppp.pcap", linktype=9)
def ppp():
    """PPP without HDLC framing: the protocol comes first; and an LCP echo"""
    return wrapped(lambda p, back: struct.pack("!H", PPP_IP[p[0] >> 4]) + p,
                   bytes.fromhex("c021090100081234abcd"))


@capture("link-ppp-hdlc.pcap", linktype=9)
def ppp_hdlc():
    """PPP with HDLC framing (FF 03), same link type; and an LCP echo"""
    return wrapped(lambda p, back: b"\xff\x03" + struct.pack("!H", PPP_IP[p[0] >> 4]) + p,
                   bytes.fromhex("ff03c021090100081234abcd"))


@capture("link-ppp-serial.pcap", linktype=50)
def ppp_serial():
    """PPP in HDLC-like framing (LINKTYPE_PPP_HDLC, RFC 1662): FF 03 towards the server; Cisco
    HDLC (0F 00) back, which the type also allows"""
    def wrap(p, back):
        if back:
            return b"\x0f\0" + struct.pack("!H", f.ethertype(p)) + p
        return b"\xff\x03" + struct.pack("!H", PPP_IP[p[0] >> 4]) + p
    return wrapped(wrap)


@capture("link-cisco-hdlc.pcap", linktype=104)
def cisco_hdlc():
    """Cisco HDLC; and a keepalive (SLARP)"""
    return wrapped(lambda p, back: b"\x0f\0" + struct.pack("!H", f.ethertype(p)) + p,
                   bytes.fromhex("8f00803500000002000000010000000000ffff"))


@capture("link-sll.pcap", linktype=113)
def sll():
    """Linux cooked capture; and an ARP"""
    def wrap(p, back, kind=None):
        return (struct.pack("!HHH", 0 if back else 4, 1, 6) + (f.SERVER_MAC if back else f.CLIENT_MAC)
                + b"\0\0" + struct.pack("!H", kind or f.ethertype(p)) + p)
    return wrapped(wrap, wrap(ARP, True, f.ETH_ARP))


@capture("link-sll-vlan.pcap", linktype=113)
def sll_vlan():
    """Linux cooked capture with a VLAN tag put back by libpcap (protocol 0x8100)"""
    def wrap(p, back):
        return (struct.pack("!HHH", 0 if back else 4, 1, 6) + (f.SERVER_MAC if back else f.CLIENT_MAC)
                + b"\0\0" + struct.pack("!HHH", f.ETH_VLAN, 5, f.ethertype(p)) + p)
    return wrapped(wrap)


@capture("link-sll2.pcap", linktype=276)
def sll2():
    """Linux cooked capture, version 2; and an ARP"""
    def wrap(p, back, kind=None):
        return (struct.pack("!HHIHBB", kind or f.ethertype(p), 0, 2, 1, 0 if back else 4, 6)
                + (f.SERVER_MAC if back else f.CLIENT_MAC) + b"\0\0" + p)
    return wrapped(wrap, wrap(ARP, True, f.ETH_ARP))


# NULL: the address family in the byte order of the machine that captured, which need not be that
# of the file's header.  AF_INET6 is 10 on Linux, 24 on NetBSD, 28 on FreeBSD, 30 on macOS.

def null_link(order, family6):
    return wrapped(lambda p, back: struct.pack(order + "I", 2 if p[0] >> 4 == 4 else family6) + p)


@capture("link-null.pcap", linktype=0)
def null_little():
    """BSD loopback, little-endian file and families; IPv6 as macOS numbers it (30)"""
    return null_link("<", 30)


@capture("link-null-big.pcap", linktype=0, endian=">")
def null_big():
    """BSD loopback, big-endian file and families; IPv6 as NetBSD numbers it (24)"""
    return null_link(">", 24)


@capture("link-null-swapped.pcap", linktype=0)
def null_swapped():
    """BSD loopback, families in the other byte order than the file's header; IPv6 as FreeBSD numbers
    it (28); and a family that is none"""
    return null_link(">", 28) + [(1, struct.pack(">I", 7) + bytes(20))]


@capture("link-loop.pcap", linktype=108)
def loop():
    """OpenBSD loopback: the family in network byte order"""
    return null_link(">", 24)


def raw(number, name, only=None):
    @capture(f"link-{name}.pcap", linktype=number)
    def make():
        return wrapped(lambda p, back: p, only=only)
    return make


raw(101, "raw").__doc__ = "Raw IP, the link type that files should have (LINKTYPE_RAW, 101)"
raw(12, "raw12").__doc__ = "Raw IP as most systems number it (DLT 12)"
raw(14, "raw14").__doc__ = "Raw IP as OpenBSD numbers it (DLT 14); libpcap elsewhere reads it, but cannot compile filters for it"
raw(228, "ipv4", 4).__doc__ = "Raw IPv4 (LINKTYPE_IPV4)"
raw(229, "ipv6", 6).__doc__ = "Raw IPv6 (LINKTYPE_IPV6)"

# IEEE 802.11 -------------------------------------------------------------------

ACCESS_POINT = bytes.fromhex("0200000000aa")


def wlan(p, back, *, qos=False, protected=False, four=False, order=False, kind=None):
    """A data frame to the access point, or from it when back."""
    control = 0x08 | (0x80 if qos else 0)
    flags = (3 if four else 2 if back else 1) | (0x40 if protected else 0) | (0x80 if order else 0)
    head = struct.pack("<BBH", control, flags, 44)
    if back:
        head += f.CLIENT_MAC + ACCESS_POINT + f.SERVER_MAC
    else:
        head += ACCESS_POINT + f.CLIENT_MAC + f.SERVER_MAC
    head += struct.pack("<H", 0x10)
    if four:
        head += f.SERVER_MAC
    if qos:
        head += b"\0\0"
    if order:
        head += bytes(4)
    return head + LLC_SNAP + struct.pack("!H", kind or f.ethertype(p)) + p


BEACON = (struct.pack("<BBH", 0x80, 0, 0) + b"\xff" * 6 + ACCESS_POINT * 2 + struct.pack("<H", 0x20)
          + bytes(8) + struct.pack("<HH", 100, 1) + b"\0\4test")
ACK = struct.pack("<BBH", 0xD4, 0, 0) + f.CLIENT_MAC
NULL_DATA = struct.pack("<BBH", 0x48, 1, 44) + ACCESS_POINT + f.CLIENT_MAC + f.SERVER_MAC + b"\x30\0"


def mixed_wlan(p, back):
    """QoS data from the access point, plain data to it."""
    return wlan(p, back, qos=back)


@capture("link-80211.pcap", linktype=105)
def wifi():
    """802.11 without a header before it: data, QoS data; and a beacon, an acknowledgement, a null
    frame, an encrypted frame, an ARP, an IP datagram between two access points (four addresses)
    and one in a frame with an HT control field"""
    datagram = f.ip4(f.CLIENT, f.SERVER, f.UDP, f.udp(f.CLIENT, f.SERVER, 40005, 9, b"four"))
    return wrapped(mixed_wlan, BEACON, ACK, NULL_DATA,
                   wlan(bytes(40), False, protected=True), wlan(ARP, False, kind=f.ETH_ARP),
                   wlan(datagram, False, four=True), wlan(datagram, False, qos=True, order=True))


def crc32_fcs(frame):
    import zlib
    return struct.pack("<I", zlib.crc32(frame))


@capture("link-radiotap.pcap", linktype=127)
def radiotap():
    """Radiotap before 802.11; towards the server with the flag "frame check sequence at the end"
    (4 octets follow the datagram), back without flags but with a second presence word; and a frame
    with padding between the 802.11 header and its body, and a beacon"""
    def wrap(p, back):
        frame = mixed_wlan(p, back)
        if back:
            return struct.pack("<BBHII", 0, 0, 13, 0x80000000 | 1 << 5, 0) + b"\xd0" + frame
        return struct.pack("<BBHIB", 0, 0, 9, 1 << 1, 0x10) + frame + crc32_fcs(frame)
    datagram = f.ip4(f.CLIENT, f.SERVER, f.UDP, f.udp(f.CLIENT, f.SERVER, 40005, 9, b"pad"))
    qos = wlan(datagram, False, qos=True)
    padded = struct.pack("<BBHIB", 0, 0, 9, 1 << 1, 0x20) + qos[:26] + b"\0\0" + qos[26:]
    return wrapped(wrap, padded, struct.pack("<BBHI", 0, 0, 8, 0) + BEACON)


@capture("link-ppi.pcap", linktype=192)
def ppi():
    """PPI before 802.11, with the 802.11-Common field (frame check sequence towards the server);
    and a beacon"""
    def wrap(p, back):
        frame = mixed_wlan(p, back)
        flags = 0 if back else 1
        common = struct.pack("<HHQHHHHBBbb", 2, 20, 0, flags, 2, 2412, 0x80, 0, 0, -48, -95)
        head = struct.pack("<BBHI", 0, 0, 8 + len(common), 105) + common
        return head + frame + (crc32_fcs(frame) if flags else b"")
    return wrapped(wrap, struct.pack("<BBHI", 0, 0, 8, 105) + BEACON)


@capture("link-ppi-ethernet.pcap", linktype=192)
def ppi_ethernet():
    """PPI before Ethernet"""
    return wrapped(lambda p, back: struct.pack("<BBHI", 0, 0, 8, 1) + f.eth(p, back=back))


# NFLOG ---------------------------------------------------------------------------

def tlv(order, kind, value):
    return struct.pack(order + "HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def nflog_link(order):
    def wrap(p, back):
        family = 2 if p[0] >> 4 == 4 else 10
        return (struct.pack("!BBH", family, 0, 5)
                + tlv(order, 1, struct.pack("!HBB", f.ethertype(p), 2, 0))
                + tlv(order, 10, b"ctreplay test\0")
                + tlv(order, 4, struct.pack("!I", 2)) + tlv(order, 9, p))
    return wrapped(wrap, struct.pack("!BBH", 3, 0, 5) + tlv(order, 1, struct.pack("!HBB", f.ETH_ARP, 0, 0))
                   + tlv(order, 9, ARP))


@capture("link-nflog.pcap", linktype=239)
def nflog():
    """NFLOG of a little-endian machine (attributes in host byte order), with prefix; and an ARP"""
    return nflog_link("<")


@capture("link-nflog-big.pcap", linktype=239, endian=">")
def nflog_big():
    """NFLOG of a big-endian machine"""
    return nflog_link(">")
