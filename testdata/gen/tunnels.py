# SPDX-License-Identifier: GPL-2.0-only
"""The exchange of all link layers in each tunnel: with --decap the table must come out the same."""

import struct

from . import frames as f
from .case import Registry
from .files import exchange
from .links import ARP

capture = Registry()

NEAR, FAR = "203.0.113.1", "203.0.113.2"
NEAR6, FAR6 = "2001:db8:a::1", "2001:db8:a::2"
GRE = 47
BRIDGED = 0x6558


def outer(proto, payload, back, *, six=False, **options):
    """The tunnel's packet, from one end to the other."""
    near, far = (NEAR6, FAR6) if six else (NEAR, FAR)
    src, dst = (far, near) if back else (near, far)
    return f.ip(src, dst, proto, payload, **options)


def over_udp(port, payload, back, *, check="right", six=False, **options):
    near, far = (NEAR6, FAR6) if six else (NEAR, FAR)
    src, dst = (far, near) if back else (near, far)
    return f.ip(src, dst, f.UDP, f.udp(src, dst, 49152 + len(payload), port, payload, check=check),
                **options)


def vxlan(frame, vni=7, flags=8, protocol=0):
    return struct.pack("!BHBI", flags, 0, protocol, vni << 8) + frame


def geneve(body, kind=BRIDGED, options=b""):
    return struct.pack("!BBHI", len(options) // 4, 0, kind, 9 << 8) + options + body


def gre(body, kind, *, check=False, key=None, sequence=None):
    flags = 0x8000 * check | 0x2000 * (key is not None) | 0x1000 * (sequence is not None)
    rest = b"".join(struct.pack("!I", n) for n in (key, sequence) if n is not None)
    head = struct.pack("!HH", flags, kind)
    if check:
        whole = head + bytes(4) + rest + body
        rest = struct.pack("!HH", f.checksum(whole), 0) + rest
    return head + rest + body


def erspan(frame, kind, n, truncated=False):
    if kind == 1:
        return gre(frame, 0x88BE)
    first = kind - 1 << 28 | 5 << 16 | truncated << 10 | 3
    if kind == 2:
        return gre(struct.pack("!II", first, 0) + frame, 0x88BE, sequence=n)
    more = n % 2
    return gre(struct.pack("!IIHH", first, n, 0, more) + bytes(8 * more) + frame, 0x22EB, sequence=n)


def gtpu(packet, *, sequence=None, extension=b""):
    """extension: type and content of one extension header."""
    optional = b""
    if sequence is not None or extension:
        optional = struct.pack("!HBB", sequence or 0, 0, extension[0] if extension else 0)
    if extension:
        optional += struct.pack("!B", (len(extension) + 1) // 4) + extension[1:] + b"\0"
    flags = 0x30 | 2 * (sequence is not None) | 4 * bool(extension)
    body = optional + packet
    return struct.pack("!BBHI", flags, 255, len(body), 0xC0FFEE) + body


def wrapped(wrap, *others):
    """The exchange through wrap(n, packet, back), and whole frames after it."""
    out = [(at, f.eth(wrap(n, packet, back), back=back))
           for n, (at, back, packet) in enumerate(exchange())]
    return out + [(0.3 + n / 10, f.eth(packet)) for n, packet in enumerate(others)]


@capture("tunnel-vxlan.pcap")
def tunnel_vxlan():
    """The exchange in VXLAN, on its port, on that of Linux (8472) and as GPE (4790), over IPv4 and
    IPv6, tagged inside; then ARP in it, and a datagram to its port that is none"""
    def wrap(n, p, back):
        if n % 3 == 2:
            return over_udp(4790, vxlan(p, flags=12, protocol=2 if p[0] >> 4 == 6 else 1), back)
        frame = f.eth(p, back=back, tags=[(f.ETH_VLAN, 5)] if n % 2 else ())
        return over_udp(8472 if n % 3 else 4789, vxlan(frame), back, check="zero" if n < 4 else "right",
                        six=n >= 4)
    return wrapped(wrap, over_udp(4789, vxlan(f.eth(ARP, f.ETH_ARP)), False),
                   over_udp(4789, bytes(40), False))


@capture("tunnel-geneve.pcap")
def tunnel_geneve():
    """The exchange in GENEVE, with options, as Ethernet frames and as IP packets; then a control
    message, and one whose options are longer than the packet"""
    def wrap(n, p, back):
        options = bytes.fromhex("0102800200000000ffffffff"[:8 * (n % 4)])
        if n % 2:
            return over_udp(6081, geneve(p, f.ethertype(p), options), back)
        return over_udp(6081, geneve(f.eth(p, back=back), BRIDGED, options), back)
    control = bytearray(geneve(f.eth(exchange()[0][2])))
    control[1] = 0x80
    return wrapped(wrap, over_udp(6081, bytes(control), False),
                   over_udp(6081, struct.pack("!BBHI", 63, 0, BRIDGED, 0) + bytes(20), False))


@capture("tunnel-gre.pcap")
def tunnel_gre():
    """The exchange in GRE with and without checksum, key and sequence number, as IP and as
    Ethernet; then a version that there is not"""
    def wrap(n, p, back):
        body, kind = (f.eth(p, back=back), BRIDGED) if n % 2 else (p, f.ethertype(p))
        return outer(GRE, gre(body, kind, check=n % 3 == 0, key=5 if n % 4 else None,
                                sequence=n if n % 5 == 0 else None), back, six=n == 3)
    return wrapped(wrap, outer(GRE, struct.pack("!HH", 2, f.ETH_IP) + exchange()[0][2], False))


@capture("tunnel-erspan.pcap")
def tunnel_erspan():
    """The exchange from a mirror port: ERSPAN type I, II and III in turns; the last is cut, and
    says so"""
    def wrap(n, p, back):
        frame = f.eth(p, back=back)
        last = n == 6
        return outer(GRE, erspan(frame[:-9] if last else frame, 2 if last else n % 3 + 1, n, last), back)
    return wrapped(wrap)


@capture("tunnel-ipip.pcap")
def tunnel_ipip():
    """The exchange in IPv4 and IPv6 in turns: 4in4, 6in4, 4in6, 6in6, once behind an extension
    header; then a packet whose version is not what the protocol number says"""
    def wrap(n, p, back):
        headers = {"headers": [(60, bytes(6))]} if n == 3 else {}
        return outer(41 if p[0] >> 4 == 6 else 4, p, back, six=n % 2 == 1, **headers)
    return wrapped(wrap, outer(41, exchange()[0][2], False))


@capture("tunnel-gtpu.pcap")
def tunnel_gtpu():
    """The exchange in GTP-U, with sequence numbers and with an extension header; then an echo
    request between the gateways"""
    def wrap(n, p, back):
        return over_udp(2152, gtpu(p, sequence=n if n % 2 else None,
                                   extension=b"\x85\x00\x09" if n % 3 else b""), back)
    return wrapped(wrap, over_udp(2152, struct.pack("!BBHIHBB", 0x32, 1, 4, 0, 1, 0, 0), False))


@capture("tunnel-nested.pcap")
def tunnel_nested():
    """The exchange in GRE in IP in VXLAN in GTP-U; then a SYN in ten tunnels, two more than are
    looked into"""
    def wrap(n, p, back):
        p = outer(4, outer(GRE, gre(p, f.ethertype(p)), back), back)
        return over_udp(2152, gtpu(over_udp(4789, vxlan(f.eth(p)), back)), back)
    deep = exchange()[0][2]
    for _ in range(10):
        deep = outer(4, deep, False)
    return wrapped(wrap, deep)


def in_fragments(packet, size, ident):
    """An IPv4 packet as fragments of 'size' octets."""
    src, dst = (".".join(map(str, packet[at:at + 4])) for at in (12, 16))
    body = packet[20:]
    out = []
    for off in range(0, len(body), size):
        more = 0x2000 if off + size < len(body) else 0
        part = bytearray(f.ip4(src, dst, packet[9], body[off:off + size], ident=ident, df=False))
        part[6:8] = struct.pack("!H", more | off // 8)
        part[10:12] = bytes(2)
        part[10:12] = struct.pack("!H", f.checksum(bytes(part)[:20]))
        out.append(bytes(part))
    return out


@capture("tunnel-fragments.pcap")
def tunnel_fragments():
    """Tunnels and fragments: a datagram's fragments in VXLAN each, VXLAN in fragments, and fragments
    of a datagram in VXLAN that itself comes in fragments; UDP with 400 octets to port 9"""
    def question(port):
        return f.ip4(f.CLIENT, f.SERVER, f.UDP, f.udp(f.CLIENT, f.SERVER, port, 9, bytes(400)))

    def tunnel(packet, ident=0):
        return over_udp(4789, vxlan(f.eth(packet)), False, ident=ident)
    packets = [tunnel(part) for part in in_fragments(question(40010), 256, 1)]
    packets += in_fragments(tunnel(question(40011)), 256, 2)
    for n, part in enumerate(in_fragments(question(40012), 256, 3)):
        packets += in_fragments(tunnel(part), 128, 4 + n)
    return [(n / 100, f.eth(packet)) for n, packet in enumerate(packets)]
