# SPDX-License-Identifier: GPL-2.0-only
"""Datagrams in pieces: what is put together again, what is not, and what takes others with it.

A piece is (offset, end) of the datagram's payload; the last one's end may lie beyond what there is.
"""

import struct

from . import frames as f
from .case import Registry

capture = Registry()

C, S, O = f.CLIENT, f.SERVER, f.OTHER
C6, S6 = f.CLIENT6, f.SERVER6
FRAGMENT, DEST_OPTS, HOP_BY_HOP = 44, 60, 0
PAD6 = bytes.fromhex("010400000000")    # PadN: an options header of 8 octets


def ip4(src, dst, proto, body, at, more, *, ident, tos=0, df=False, options=b"", reserved=False):
    head = bytearray(f.ip4(src, dst, proto, body, ident=ident, df=False, options=options))
    head[1] = tos
    struct.pack_into("!H", head, 6, reserved << 15 | df << 14 | more << 13 | at // 8)
    head[10:12] = b"\0\0"
    head[10:12] = struct.pack("!H", f.checksum(bytes(head[:20 + len(options)])))
    return bytes(head)


def ip6(src, dst, proto, body, at, more, *, ident, tos=0, before=(), after=()):
    """before, after: extension headers, of which those after belong to the payload."""
    head = struct.pack("!HI", at & 0xFFF8 | more, ident)
    packet = bytearray(f.ip6(src, dst, proto, body, headers=[*before, (FRAGMENT, head), *after]))
    fragment = 40 + sum(2 + len(b) for _, b in before)
    packet[fragment + 1] = 0        # reserved, where other headers have a length
    packet[0:2] = struct.pack("!H", 0x6000 | tos << 4)
    return bytes(packet)


def piece(src, dst, proto, payload, at, end, *, last=None, **options):
    """One piece; it says that it is the last when it reaches the payload's end, or as 'last' has it."""
    body = payload[at:end].ljust(end - at, b"+")
    more = end < len(payload) if last is None else not last
    make = ip6 if ":" in src else ip4
    return f.eth(make(src, dst, proto, body, at, more, **options), back=src in (S, S6))


def pieces(src, dst, proto, payload, cuts, ident, **options):
    return [piece(src, dst, proto, payload, at, end, ident=ident, **options) for at, end in cuts]


def datagram(src, dst, port, size, back=False):
    """A UDP datagram whose payload is 'size' octets with its header."""
    return f.udp(src, dst, *((port, 7)[::-1 if back else 1]), bytes(i & 0xFF for i in range(size - 8)))


def paced(frames, start=0.0, step=0.01):
    return [(start + n * step, frame) for n, frame in enumerate(frames)]


def pairs(*bounds):
    """Pieces from the places of the cuts."""
    return list(zip(bounds, bounds[1:]))


THREE = pairs(0, 24, 48, 61)


def echo(src, dst, reply, seq, size):
    data = bytes(i & 0xFF for i in range(size - 8))
    if ":" in src:
        return f.icmp6(src, dst, 129 if reply else 128, 0, f.echo_rest(7, seq), data)
    return f.icmp(0 if reply else 8, 0, f.echo_rest(7, seq), data)


def ordinary(c, s):
    """What both families have."""
    there, back = datagram(c, s, 40000, 61), datagram(s, c, 40000, 61, back=True)
    icmp = f.ICMP6 if ":" in c else f.ICMP
    one, two = datagram(c, s, 40001, 61), datagram(c, s, 40002, 61)
    syn = f.tcp(c, s, 40003, 80, "S", 1000, options=bytes.fromhex("020405b4") + b"\1" * 12)
    return [
        *pieces(c, s, f.UDP, there, THREE, 1),                        # in order
        *pieces(s, c, f.UDP, back, THREE[::-1], 1),                   # backwards
        *pieces(c, s, f.UDP, there, [THREE[0], THREE[2], THREE[1]], 2),
        *pieces(c, s, icmp, echo(c, s, False, 1, 61), THREE, 3),
        *pieces(s, c, icmp, echo(s, c, True, 1, 61), THREE, 3),
        *pieces(c, s, f.UDP, there, [THREE[0], THREE[0], *THREE[1:]], 4),   # one twice
        piece(c, s, f.UDP, one, 0, 24, ident=5), piece(c, s, f.UDP, two, 24, 61, ident=6),
        piece(c, s, f.UDP, one, 24, 61, ident=5), piece(c, s, f.UDP, two, 0, 24, ident=6),
        *pieces(c, s, f.UDP, one, THREE, 5),                          # the number again
        *pieces(c, s, f.TCP, syn, pairs(0, 24, 36), 7),
        *pieces(c, s, f.UDP, two, THREE[:2], 8),                      # never whole
    ]


@capture("fragments-ipv4.pcap")
def fragments_ipv4():
    """IPv4 datagrams in fragments that arrive in order, backwards, with the middle last, one of them twice,
    two datagrams side by side, a number used again: UDP both ways, echo, a SYN; options on the first fragment,
    DF on the fragments, a fragment whose length is no multiple of eight; and one that stays incomplete"""
    body = datagram(C, S, 40004, 61)
    router_alert = bytes.fromhex("94040000")
    return paced(ordinary(C, S) + [
        piece(C, S, f.UDP, body, 0, 24, ident=9, options=router_alert),
        piece(C, S, f.UDP, body, 24, 61, ident=9),
        *pieces(C, S, f.UDP, body, THREE, 10, df=True),
        piece(C, S, f.UDP, body, 0, 29, ident=11), piece(C, S, f.UDP, body, 24, 61, ident=11),
        piece(C, S, f.UDP, body, 0, 61, ident=12, reserved=True),     # RFC 3514, and no fragment
        piece(C, S, f.UDP, body, 0, 24, ident=13), piece(O, S, f.UDP, body, 24, 61, ident=13),
        piece(C, S, f.ICMP, body, 24, 61, ident=13), piece(C, S, f.UDP, body, 24, 61, ident=13),
    ])


@capture("fragments-ipv6.pcap")
def fragments_ipv6():
    """The same over IPv6; extension headers before and behind the fragment header; atomic fragments (RFC 6946),
    also within another datagram of their number; two fragment headers; a first fragment without all of its
    transport header, which is let through as it is; a fragment header that is cut"""
    body = datagram(C6, S6, 40004, 61)
    before = ((HOP_BY_HOP, PAD6), (DEST_OPTS, PAD6))
    short = f.tcp(C6, S6, 40005, 80, "S", 1000, options=bytes.fromhex("020405b4"))
    whole = ip6(C6, S6, f.UDP, body, 0, False, ident=20)
    return paced(ordinary(C6, S6) + [
        *pieces(C6, S6, f.UDP, body, THREE, 9, before=before),
        piece(C6, S6, f.UDP, body, 0, 24, ident=10, before=before), piece(C6, S6, f.UDP, body, 24, 61, ident=10),
        piece(C6, S6, f.UDP, body, 0, 61, ident=11),                  # atomic
        piece(C6, S6, f.UDP, body, 0, 61, ident=12, before=before, after=((DEST_OPTS, PAD6),)),
        piece(C6, S6, f.UDP, body, 48, 61, ident=13), piece(C6, S6, f.UDP, body, 0, 24, ident=13, last=True),
        *pieces(C6, S6, f.UDP, body, THREE[:2], 13),
        piece(C6, S6, f.UDP, body, 0, 61, ident=14, after=((FRAGMENT, bytes(6)),)),
        piece(C6, S6, f.UDP, body, 0, 61, ident=15, after=((FRAGMENT, struct.pack("!HI", 8, 15)),)),
        piece(C6, S6, f.TCP, short, 0, 16, ident=16), piece(C6, S6, f.TCP, short, 16, 24, ident=16),
        piece(C6, S6, f.TCP, short, 0, 16, ident=17, last=True),      # atomic, and short
        f.eth(f.ip6(C6, S6, FRAGMENT, whole[40:46])),
        piece(C6, S6, 253, b"", 0, 0, ident=18, last=True),
        piece(C6, S6, 59, b"nothing", 0, 7, ident=19, last=True),
    ])


def overlaps(c, s):
    """Each followed by what would complete the datagram if it were still there."""
    body = datagram(c, s, 40000, 72)
    rows = []
    for n, cuts in enumerate((
            [(0, 40), (24, 28)],                          # teardrop: within, and the last
            [(0, 24), (16, 40)],                          # over the end of one
            [(24, 48), (0, 32)],                          # over the start of one
            [(24, 32), (0, 48)],                          # around one
            [(0, 24), (24, 48), (16, 32)],                # within two that came in order: a duplicate
            [(24, 48), (0, 24), (16, 32)],                # within two that did not
            [(0, 16), (32, 48), (16, 32), (0, 48)],       # over three
            [(0, 48), (40, 56)])):
        for at, end in cuts:
            rows.append(piece(c, s, f.UDP, body, at, end, ident=n, last=end == 28))
        rows.append(piece(c, s, f.UDP, body, max(e for _, e in cuts), 72, ident=n))
    # RFC 1858 section 4: the second fragment changes the SYN's flags; and RFC 3128, over all of it.
    syn, ack = (f.tcp(c, s, 40001, 22, flags, 1000, data=b"login me in here") for flags in ("S", "."))
    rows += [piece(c, s, f.TCP, ack, 0, 24, ident=20), piece(c, s, f.TCP, syn, 8, 36, ident=20),
             piece(c, s, f.TCP, ack, 0, 24, ident=21), piece(c, s, f.TCP, syn, 0, 24, ident=21),
             piece(c, s, f.TCP, ack, 24, 36, ident=21)]
    return rows


def ends(c, s):
    """Fragments that contradict each other about the end, and such without data."""
    body = datagram(c, s, 40002, 72)
    rows = []
    for n, steps in enumerate((
            [(48, 72, True), (24, 64, True), (0, 48, False)],     # two ends, the second lower
            [(24, 48, True), (48, 72, True), (0, 24, False)],     # two ends, the second higher
            [(24, 48, True), (48, 72, False), (0, 24, False)],    # beyond the end
            [(0, 24, False), (24, 24, True), (24, 72, True)],     # an empty last one
            [(0, 24, False), (24, 24, False), (24, 72, True)],    # an empty one
            [(24, 72, True), (0, 21, False), (0, 24, False)],     # no multiple of eight
            [(24, 72, True), (0, 7, False), (0, 24, False)],      # less than eight octets
            [(0, 48, False), (24, 48, True), (48, 72, True)],     # a duplicate that says it is the last
            [(65528, 65600, True), (65528, 65535, True), (0, 24, False)],
            [(8, 9, True), (0, 8, False)])):                      # one octet more than eight
        rows += [piece(c, s, f.UDP, body, at, end, ident=40 + n, last=last) for at, end, last in steps]
    return rows


def congestion(c, s):
    """Every pair of ECN fields on the two fragments of a datagram."""
    body = datagram(c, s, 40003, 40)
    return [piece(c, s, f.UDP, body, at, end, ident=60 + 4 * a + b, tos=tos)
            for a in range(4) for b in range(4) for at, end, tos in ((0, 24, a), (24, 40, b))]


@capture("fragments-attacks-ipv4.pcap")
def attacks_ipv4():
    """IPv4 fragments that overlap in every way (teardrop, tiny and overlapping first fragment of RFC 1858 and
    3128), that contradict each other about the datagram's end, that are empty, that reach beyond 65535 octets;
    every pair of ECN fields. Each time the fragment follows that would complete the datagram if it was kept"""
    return paced(overlaps(C, S) + ends(C, S) + congestion(C, S))


@capture("fragments-attacks-ipv6.pcap")
def attacks_ipv6():
    """The same over IPv6, where less of it takes the datagram along; and 256 octets of headers and more before
    the fragment header, where the kernel writes the next header to a wrong place"""
    body = datagram(C6, S6, 40004, 61)
    far = []
    for n, size in enumerate((208, 216, 224, 248)):
        padding = bytes([1, size - 4]) + bytes(size - 4)
        far.append(piece(C6, S6, f.UDP, body, 0, 61, ident=80 + n, before=((DEST_OPTS, padding), (DEST_OPTS, PAD6))))
    return paced(overlaps(C6, S6) + ends(C6, S6) + congestion(C6, S6) + far)


@capture("fragments-time.pcap")
def time_limits():
    """The time limits: the second fragment comes after 29 and after 33 seconds (IPv4, 30 s), after 58 and after
    63 seconds (IPv6, 60 s; the kernel's timer may fire up to two seconds late); and a third one that would be
    in time if the second had moved the limit"""
    rows = []
    for c, s, limit, soon, late in ((C, S, 30, 29, 33), (C6, S6, 60, 58, 63)):
        for n, delay in enumerate((soon, late)):
            body = datagram(c, s, 40000 + n, 40)
            rows += [(n / 100, piece(c, s, f.UDP, body, 0, 24, ident=n)),
                     (n / 100 + delay, piece(c, s, f.UDP, body, 24, 40, ident=n))]
        body = datagram(c, s, 40002, 40)
        rows += [(0.02, piece(c, s, f.UDP, body, 0, 16, ident=2)), (limit / 2, piece(c, s, f.UDP, body, 16, 24, ident=2)),
                 (late + 0.02, piece(c, s, f.UDP, body, 24, 40, ident=2))]
    return sorted(rows, key=lambda row: row[0])


@capture("fragments-far.pcap")
def far_apart():
    """ipfrag_max_dist: 63 other fragments of the same source between two of a datagram, which is put together;
    and 64, with which it starts anew"""
    wanted, other = datagram(C, S, 40000, 40), datagram(C, S, 40001, 4000)
    rows = []
    for n, between in enumerate((63, 64)):
        rows += [piece(C, S, f.UDP, wanted, 0, 24, ident=n),
                 *pieces(C, S, f.UDP, other, [(8 * k, 8 * k + 8) for k in range(between)], 10 + n),
                 piece(C, S, f.UDP, wanted, 24, 40, ident=n)]
    rows.append(piece(C, S, f.UDP, wanted, 0, 24, ident=1))
    return paced(rows, step=0.001)


@capture("fragments-snaplen.pcap", snaplen=64)
def cut_by_the_snap_length():
    """Fragments cut at 64 octets: they count with the length in their header, and the checksum of the whole
    cannot be verified; IPv4, IPv6, and one of which only the link's padding is cut"""
    rows = []
    for c, s in ((C, S), (C6, S6)):
        body = datagram(c, s, 40000, 200)
        rows += pieces(c, s, f.UDP, body, pairs(0, 96, 192, 200), 1)
        rows += pieces(c, s, f.UDP, body, [(192, 200), (96, 192), (0, 96)], 2)
    body = datagram(C, S, 40001, 40)
    padded = [frame.ljust(80, b"\0") for frame in pieces(C, S, f.UDP, body, pairs(0, 24, 40), 3)]
    return paced(rows + padded)


@capture("fragments-helpers.pcap")
def helpers():
    """What helpers read, in pieces and behind options: a TFTP request (in order, last piece first, without its first
    piece), a PORT command and an EPRT in a segment of two pieces, a request behind IPv4 options and behind
    destination options; the answers and connections that were announced; IPv4 and IPv6"""
    frames, request = [], b"\0\1boot-image\0octet\0"
    for client, server in ((C, S), (C6, S6)):
        size = 8 + len(request)
        for n, cuts in enumerate((pairs(0, 16, size), pairs(0, 16, size)[::-1], pairs(0, 16, size)[1:])):
            ask = f.udp(client, server, 40000 + n, 69, request)
            frames += pieces(client, server, f.UDP, ask, cuts, 100 + n)
            frames.append(f.eth(f.ip(server, client, f.UDP, f.udp(server, client, 5000, 40000 + n, b"\0\3\0\1data")),
                                back=True))
        ask = f.udp(client, server, 40009, 69, request)
        if client == C:
            frames.append(f.eth(f.ip4(client, server, f.UDP, ask, options=bytes.fromhex("94040000"))))
        else:
            frames.append(f.eth(f.ip6(client, server, f.UDP, ask, headers=[(DEST_OPTS, PAD6)])))
        frames.append(f.eth(f.ip(server, client, f.UDP, f.udp(server, client, 5001, 40009, b"\0\3\0\1data")), back=True))
        text = b"PORT 192,0,2,10,156,100\r\n" if client == C else b"EPRT |2|2001:db8:1::10|40036|\r\n"
        for back, flags, seq, ack, said in ((0, "S", 1000, 0, b""), (1, "S.", 5000, 1001, b""),
                                            (0, "P.", 1001, 5001, b"NOOP\r\n")):
            ends, ports = ((client, server), (41000, 21)) if not back else ((server, client), (21, 41000))
            frames.append(f.eth(f.ip(*ends, f.TCP, f.tcp(*ends, *ports, flags, seq, ack, data=said)), back=bool(back)))
        segment = f.tcp(client, server, 41000, 21, "P.", 1007, 5001, data=text)
        frames += pieces(client, server, f.TCP, segment, pairs(0, 32, len(segment)), 200)
        frames.append(f.eth(f.ip(server, client, f.TCP, f.tcp(server, client, 20, 40036, "S", 1)), back=True))
    return paced(frames)
