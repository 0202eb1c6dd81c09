# SPDX-License-Identifier: GPL-2.0-only
"""One packet for each reason of an INVALID state that no other capture has."""

import struct

from . import frames as f
from .case import Registry
from .fragments import ip4 as fragment4
from .network import paced
from .selftests import CRC32C

capture = Registry()

C, S = f.CLIENT, f.SERVER
C6, S6, R6 = f.CLIENT6, f.SERVER6, f.ROUTER6
SCTP, UDPLITE, DCCP, GRE = 132, 136, 33, 47


def sctp(port, vtag, *chunks, back=False, wrong=False, cut=None):
    """chunks: (type, flags, body), or bytes that are a chunk already; 'cut' octets are sent."""
    ports = (5000, port) if back else (port, 5000)
    packet = struct.pack("!HHII", *ports, vtag, 0)
    for each in chunks:
        if not isinstance(each, bytes):
            kind, flags, body = each
            each = struct.pack("!BBH", kind, flags, 4 + len(body)) + body + bytes(-len(body) % 4)
        packet += each
    crc = 0xFFFFFFFF
    for octet in packet:
        crc = crc >> 8 ^ CRC32C[(crc ^ octet) & 0xFF]
    crc ^= 0xFFFFFFFF ^ (0x55555555 if wrong else 0)
    packet = packet[:8] + struct.pack("<I", crc) + packet[12:]
    src, dst = (S, C) if back else (C, S)
    return back, f.ip4(src, dst, SCTP, packet[:cut])


def init(tag):
    return struct.pack("!IIHHI", tag, 106496, 10, 65535, 1000)


DATA = (0, 3, struct.pack("!IHHI", 1000, 0, 0, 0) + b"data")


@capture("reasons-sctp.pcap")
def reasons_sctp():
    """SCTP: a short header, a wrong CRC, a chunk of length 0, an INIT that is not alone, no chunk, ABORT and DATA
    out of the blue, an INIT with a tag; in an association that is being set up an INIT ACK that is cut short, DATA
    and ABORT with a wrong tag, chunks that change nothing; then it comes up"""
    tag, peer = 0x11110001, 0x22220002
    return paced([
        sctp(6001, 0, (1, 0, init(tag)), cut=8),
        sctp(6002, 0, (1, 0, init(tag)), wrong=True),
        sctp(6003, 0, b"\0\3\0\0"),
        sctp(6004, 0, (1, 0, init(tag)), DATA),
        sctp(6005, 0),
        sctp(6006, tag, (6, 0, b"")),
        sctp(6007, tag, DATA),
        sctp(6008, tag, (1, 0, init(tag))),
        sctp(6009, 0, (1, 0, init(tag))),
        sctp(6009, tag, (2, 0, b"short"), back=True),
        sctp(6009, tag, (2, 0, init(peer)), back=True),
        sctp(6009, 0x33330003, DATA),
        sctp(6009, 0x33330003, (6, 0, b"")),
        sctp(6009, tag, (11, 0, b""), back=True),
        sctp(6009, peer, (14, 0, b"")),
        sctp(6009, peer, (10, 0, b"cookie")),
        sctp(6009, tag, (11, 0, b""), back=True),
        sctp(6009, peer, (11, 0, b"")),
    ])


def udplite(port, coverage, *, check="right", cut=None):
    """The kernel puts UDP's number into the pseudo-header."""
    covered = coverage or 12
    packet = struct.pack("!HHHH", port, 7, coverage, 0) + b"data"
    value = f.checksum(f.pseudo(C, S, f.UDP, len(packet)) + packet[:covered])
    value = 0 if check == "zero" else value ^ (0x5555 if check == "wrong" else 0)
    packet = packet[:6] + struct.pack("!H", value) + packet[8:]
    return f.ip4(C, S, UDPLITE, packet[:cut])


def redirect6(src, *, hops=255, body=bytes(32)):
    packet = f.icmp6(src, C6, 137, 0, bytes(4), body)
    return True, f.ip6(src, C6, f.ICMP6, packet, hops=hops)


def udp(src, dst, port, data):
    return f.ip(src, dst, f.UDP, f.udp(src, dst, port, 7, data))


@capture("reasons-other.pcap")
def reasons_other():
    """UDP-Lite: a short header, a coverage of 5, no checksum, a wrong one; GRE version 1 without PPP; ICMPv6 over
    IPv4 and ICMP over IPv6; redirects that are short, from afar, and from a router that is not on the link"""
    gre = struct.pack("!HHHH", 0x2001, 0x0800, 4, 1) + b"data"
    local = "fe80::1"
    return paced([
        udplite(40001, 0, cut=6), udplite(40002, 5), udplite(40003, 0, check="zero"),
        udplite(40004, 0, check="wrong"),
        f.ip4(C, S, GRE, gre),
        f.ip4(C, S, f.ICMP6, f.icmp(128, 0, f.echo_rest(7, 1), b"ping")),
        f.ip6(C6, S6, f.ICMP, f.icmp(8, 0, f.echo_rest(7, 1), b"ping")),
        redirect6(local, body=bytes(16)), redirect6(local, hops=64), redirect6(R6),
    ])


def dccp(port, kind, body=b"", *, seq=1, doff=None, coverage=0, wide=True, wrong=False, cut=None, back=False):
    """DCCP (RFC 4340) with 48-bit sequence numbers, unless 'wide' is False."""
    ports = (5001, port) if back else (port, 5001)
    src, dst = (S, C) if back else (C, S)
    length = (16 if wide else 12) + len(body)
    head = struct.pack("!HHBBHBB", *ports, length // 4 if doff is None else doff, coverage, 0,
                       kind << 1 | wide, 0)
    packet = head + (struct.pack("!HI", 0, seq) if wide else struct.pack("!H", seq)) + body
    value = f.checksum(f.pseudo(src, dst, DCCP, len(packet)) + packet) ^ (0x5555 if wrong else 0)
    packet = packet[:6] + struct.pack("!H", value) + packet[8:]
    return back, f.ip4(src, dst, DCCP, packet[:cut])


@capture("reasons-dccp.pcap")
def reasons_dccp():
    """DCCP, which kernels before 6.17 track: a header cut short, a data offset below the header, a coverage beyond
    the packet, a wrong checksum, a type that does not exist, short sequence numbers in a Request, a Reset out of
    the blue; a connection in which the client sends a Response"""
    service, ack = struct.pack("!I", 0x12345678), struct.pack("!II", 0, 1)
    return paced([
        dccp(7001, 0, service, cut=8),
        dccp(7002, 0, service, doff=2),
        dccp(7003, 0, service, coverage=15),
        dccp(7004, 0, service, wrong=True),
        dccp(7005, 12, service),
        dccp(7006, 0, service, wide=False),
        dccp(7007, 7, ack + service),
        dccp(7008, 0, service),
        dccp(7008, 1, ack + service, back=True),
        dccp(7008, 1, ack + service),
        dccp(7008, 0, service, seq=2),
    ])


@capture("reasons-window.pcap")
def reasons_window():
    """A FIN of the client and then one of the server outside of the window: the kernel shortens the life of the
    entry"""
    return f.conversation("""
        0.00 > S 0:0(0) win 64240 <mss 1460>
        0.01 < S. 0:0(0) ack 1 win 64240 <mss 1460>
        0.02 > . 1:1(0) ack 1 win 64240
        0.03 > P. 1:101(100) ack 1 win 64240
        0.04 < . 1:1(0) ack 101 win 64240
        0.05 > F. 900000:900000(0) ack 1 win 64240
        0.06 < F. 900000:900000(0) ack 101 win 64240
    """)


@capture("reasons-cut.pcap", snaplen=96)
def reasons_cut():
    """With a snap length of 96: a command of FTP whose end is missing; two fragments that make a datagram of more
    than 65535 octets; an IPv6 fragment whose fragment header is cut short"""
    rows = f.conversation("""
        0.00 > S 0:0(0) win 64240
        0.01 < S. 0:0(0) ack 1 win 64240
        0.02 > . 1:1(0) ack 1 win 64240
        0.03 > P. 1:201(200) ack 1 win 64240
    """, server=(S, 21))
    data = bytes(65520)
    rows += [
        (0.10, f.eth(fragment4(C, S, f.UDP, data[:32760], 0, True, ident=9))),
        (0.11, f.eth(fragment4(C, S, f.UDP, data[:32760], 32760, False, ident=9))),
        (0.20, f.eth(f.ip6(C6, S6, 44, b"\x11\0\0\1"))),
    ]
    return rows


@capture("sctp-chunk-types.pcap")
def sctp_chunk_types():
    """Chunks that the tracker knows no state for: AUTH, I-DATA, ASCONF and its acknowledgement, RE-CONFIG, PAD,
    FORWARD-TSN, 63, 127, 254 and 255, in an association that is up (alone, behind data, with a wrong tag), alone
    without one, before an INIT; second chunks whose length is 0, 3, odd, or beyond the packet, behind data and INIT"""
    tag, peer = 0x11110001, 0x22220002
    kinds = (15, 64, 193, 128, 130, 132, 192, 63, 127, 254, 255)
    frames = [sctp(6009, 0, (1, 0, init(tag))), sctp(6009, tag, (2, 0, init(peer)), back=True),
              sctp(6009, peer, (10, 0, b"cookie")), sctp(6009, tag, (11, 0, b""), back=True)]
    for n, kind in enumerate(kinds):
        frames += [sctp(6009, peer, (kind, 0, b"some")), sctp(6009, tag, DATA, (kind, 0, b"some"), back=True),
                   sctp(6009, 0x33330003, (kind, 0, b"some")), sctp(6100 + n, peer, (kind, 0, b"some")),
                   sctp(6200 + n, 0, (kind, 0, b"some"), (1, 0, init(tag)))]
    for n, length in enumerate((0, 3, 5, 400)):
        second = struct.pack("!BBH", 64, 0, length) + b"end\0"
        frames += [sctp(6009, peer, DATA, second), sctp(6300 + n, 0, (1, 0, init(tag)), second)]
    frames += [sctp(6009, peer, *((kind, 0, b"") for kind in kinds)), sctp(6009, peer, (7, 0, b"\0\0\0\1"), (64, 0, b""))]
    return paced(frames)
