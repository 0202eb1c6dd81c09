# SPDX-License-Identifier: GPL-2.0-only
"""IP, UDP, ICMP, ICMPv6 and other protocols: errors, damage, timeouts."""

import struct

from . import frames as f
from .case import Registry

capture = Registry()

C, S, R, O = f.CLIENT, f.SERVER, f.ROUTER, f.OTHER
C6, S6, R6 = f.CLIENT6, f.SERVER6, f.ROUTER6


def paced(packets, step=0.01):
    """(back, packet) or packet, one every step."""
    rows = []
    for n, entry in enumerate(packets):
        back, packet = entry if isinstance(entry, tuple) else (False, entry)
        rows.append((n * step, f.eth(packet, back=back)))
    return rows


def udp4(src, dst, sport, dport, data=b"data", **options):
    return f.ip4(src, dst, f.UDP, f.udp(src, dst, sport, dport, data, **options))


def udp6(src, dst, sport, dport, data=b"data", **options):
    return f.ip6(src, dst, f.UDP, f.udp(src, dst, sport, dport, data, **options))


@capture("offload.pcap")
def offload():
    """As a sending host with checksum offload records: what it sends carries only the pseudo-header's sum
    (TCP, UDP, ICMPv6 is whole), what it receives is right. IPv4 and IPv6; and at last a datagram whose
    checksum is simply wrong"""
    rows = []
    for src, dst, family, port in ((C, S, f.ip4, 40000), (C6, S6, f.ip6, 40001)):
        rows += [
            (False, family(src, dst, f.TCP, f.tcp(src, dst, port, 80, "S", 1000, check="pseudo"))),
            (True, family(dst, src, f.TCP, f.tcp(dst, src, 80, port, "S.", 5000, 1001))),
            (False, family(src, dst, f.TCP, f.tcp(src, dst, port, 80, ".", 1001, 5001, check="pseudo"))),
            (False, family(src, dst, f.TCP, f.tcp(src, dst, port, 80, "P.", 1001, 5001, data=b"GET / HTTP/1.0\r\n\r\n",
                                                  check="pseudo"))),
            (True, family(dst, src, f.TCP, f.tcp(dst, src, 80, port, ".", 5001, 1019))),
            (False, family(src, dst, f.UDP, f.udp(src, dst, port, 53, f.dns_query(), check="pseudo"))),
            (True, family(dst, src, f.UDP, f.udp(dst, src, 53, port, f.dns_answer()))),
        ]
    return paced(rows + [udp4(C, S, 40002, 7, check="wrong")])


@capture("checksum.pcap")
def checksums():
    """Wrong checksums, each after a right packet of the same flow: TCP, UDP, ICMP, ICMPv6, the IPv4 header;
    UDP with checksum 0 (none over IPv4, not allowed over IPv6)"""
    def echo(seq, bad):
        return f.ip4(C, S, f.ICMP, f.icmp(8, 0, f.echo_rest(7, seq), b"ping", bad_checksum=bad))

    def echo6(seq, check):
        return f.ip6(C6, S6, f.ICMP6, f.icmp6(C6, S6, 128, 0, f.echo_rest(7, seq), b"ping", check=check))

    syn = [f.ip4(C, S, f.TCP, f.tcp(C, S, 40000, 80, "S", 1000, check=check)) for check in ("right", "wrong")]
    syn6 = [f.ip6(C6, S6, f.TCP, f.tcp(C6, S6, 40000, 80, "S", 1000, check=check)) for check in ("right", "wrong")]
    return paced(syn + syn6 + [
        udp4(C, S, 40001, 7), udp4(C, S, 40001, 7, check="wrong"), udp4(C, S, 40001, 7, check="zero"),
        udp6(C6, S6, 40001, 7), udp6(C6, S6, 40001, 7, check="wrong"), udp6(C6, S6, 40001, 7, check="zero"),
        echo(1, False), echo(2, True), echo6(1, "right"), echo6(2, "wrong"),
        f.ip4(C, S, f.UDP, f.udp(C, S, 40002, 7, b"data")),
        f.ip4(C, S, f.UDP, f.udp(C, S, 40002, 7, b"data"), bad_checksum=True),
    ])


@capture("udp.pcap")
def udp_lengths():
    """UDP lengths: no data, padded by the link, longer than the datagram, shorter than the header, shorter
    than the datagram, a header cut by the IP length; port 0"""
    whole = f.udp(C, S, 40005, 7, b"data")
    return paced([
        udp4(C, S, 40000, 7, b""), udp4(C, S, 40001, 7, b"x") + bytes(17), udp4(C, S, 40002, 7, length=200),
        udp4(C, S, 40003, 7, length=7), udp4(C, S, 40004, 7, b"data and more", length=12),
        f.ip4(C, S, f.UDP, whole[:7]), f.ip4(C, S, f.UDP, b""), udp4(C, S, 0, 7), udp4(C, S, 40008, 0),
        udp6(C6, S6, 40000, 7, b""), udp6(C6, S6, 40002, 7, length=200), f.ip6(C6, S6, f.UDP, whole[:7]),
    ])


@capture("udp-timeouts.pcap")
def udp_timeouts():
    """UDP's timers: a question (30 s), an answered one (30 s still), a stream of more than two seconds
    (ASSURED, 120 s); and the same port after 29.9 and after 30.1 s of silence"""
    rows = [(0, False, 40000), (1, False, 40001), (1.1, True, 40001)]
    rows += [(2 + n / 2, bool(n % 2), 40002) for n in range(7)]
    rows += [(10, False, 40003), (39.9, False, 40003), (70, False, 40003), (100.1, False, 40003),
             (124.9, False, 40002), (245.1, False, 40002)]
    return [(at, f.eth(udp4(S, C, 7, port) if back else udp4(C, S, port, 7), back=back))
            for at, back, port in rows]


@capture("icmp.pcap")
def icmp_queries():
    """ICMP questions and answers: echo (twice answered), timestamp, information, address mask; an answer
    without a question; a question with the identifier of another; types that are no question, types that
    do not exist; a header of 8, 7, 4 and no octets"""
    def message(kind, ident=1, seq=1, data=b"data", code=0):
        return f.ip4(C, S, f.ICMP, f.icmp(kind, code, f.echo_rest(ident, seq), data))

    def answer(kind, ident=1, seq=1, data=b"data"):
        return True, f.ip4(S, C, f.ICMP, f.icmp(kind, 0, f.echo_rest(ident, seq), data))

    whole = f.icmp(8, 0, f.echo_rest(50, 1))
    return paced([
        message(8), answer(0), answer(0), message(8, seq=2), answer(0, seq=2),
        message(8, ident=2), answer(0, ident=3), message(0, ident=4),
        message(13, data=bytes(12)), answer(14, data=bytes(12)),
        message(15, data=b""), answer(16, data=b""), message(17, data=bytes(4)), answer(18, data=bytes(4)),
        message(9, data=bytes(8)), message(10, data=b""), message(1), message(2), message(6), message(19),
        message(30), message(40), message(42), message(43), message(255), message(8, ident=5, code=9),
        f.ip4(C, S, f.ICMP, whole), f.ip4(C, S, f.ICMP, whole[:7]), f.ip4(C, S, f.ICMP, whole[:4]),
        f.ip4(C, S, f.ICMP, b""),
    ])


def unreachable(src, dst, quoted, kind=3, code=3, rest=bytes(4)):
    return f.ip4(src, dst, f.ICMP, f.icmp(kind, code, rest, quoted))


@capture("icmp-errors.pcap")
def icmp_errors():
    """ICMP errors about known datagrams: all kinds, from the server and from a router, about both
    directions, with 8 octets of the transport header and with all; then wrong ones: outer destination not
    the quoted source, unknown flow, quote cut in the transport header and in the IP header, an error about
    an error, a wrong checksum, a redirect"""
    question, answer = udp4(C, S, 40000, 7, b"question" * 4), udp4(S, C, 7, 40000, b"answer" * 4)
    syn = f.ip4(C, S, f.TCP, f.tcp(C, S, 40001, 80, "S", 1000))
    echo = f.ip4(C, S, f.ICMP, f.icmp(8, 0, f.echo_rest(7, 1), b"ping"))
    stranger = udp4(C, S, 49999, 7)
    other_proto = f.ip4(C, S, 253, b"experimental")
    return paced([
        question, (True, answer), syn, echo, other_proto,
        (True, unreachable(S, C, question[:28])), (True, unreachable(S, C, question)),
        (True, unreachable(R, C, question[:28], code=1)), (True, unreachable(R, C, question[:28], kind=11, code=0)),
        (True, unreachable(R, C, syn[:28], code=13)), (True, unreachable(R, C, syn)),
        (True, unreachable(R, C, syn[:28], code=4, rest=struct.pack("!HH", 0, 1400))),
        (True, unreachable(R, C, echo[:28], kind=11, code=0)), (True, unreachable(R, C, question[:28], kind=4, code=0)),
        (True, unreachable(R, C, question[:28], kind=12, code=0)), (True, unreachable(R, C, other_proto, code=2)),
        unreachable(C, S, answer[:28]), unreachable(R, S, answer),
        # wrong ones
        (True, unreachable(R, O, question[:28])), unreachable(C, S, question[:28]),
        (True, unreachable(R, C, stranger[:28])), (True, unreachable(R, C, question[:24])),
        (True, unreachable(R, C, question[:20])), (True, unreachable(R, C, question[:12])),
        (True, unreachable(R, C, b"")), (True, unreachable(R, C, unreachable(C, S, answer[:28]))),
        (True, f.ip4(R, C, f.ICMP, f.icmp(3, 3, bytes(4), question[:28], bad_checksum=True))),
        (True, unreachable(R, C, question[:28], kind=5, code=1, rest=f.addr(R))),
        (True, unreachable(R, C, f.ip4(S, C, f.ICMP, f.icmp(0, 0, f.echo_rest(7, 1), b"ping")))),
    ])


@capture("icmpv6-errors.pcap")
def icmp6_errors():
    """The same for ICMPv6: unreachable, packet too big, time exceeded, parameter problem, about UDP, TCP,
    echo and a datagram with an extension header; then wrong ones"""
    question, answer = udp6(C6, S6, 40000, 7, b"question"), udp6(S6, C6, 7, 40000, b"answer")
    syn = f.ip6(C6, S6, f.TCP, f.tcp(C6, S6, 40001, 80, "S", 1000))
    echo = f.ip6(C6, S6, f.ICMP6, f.icmp6(C6, S6, 128, 0, f.echo_rest(7, 1), b"ping"))
    pad = bytes.fromhex("010400000000")
    extended = f.ip6(C6, S6, f.UDP, f.udp(C6, S6, 40002, 7, b"extended"), headers=[(60, pad)])

    def error(src, dst, quoted, kind=1, code=4, rest=bytes(4), **options):
        return f.ip6(src, dst, f.ICMP6, f.icmp6(src, dst, kind, code, rest, quoted, **options))

    return paced([
        question, (True, answer), syn, echo, extended,
        (True, error(S6, C6, question)), (True, error(R6, C6, question[:48], code=0)),
        (True, error(R6, C6, syn, kind=2, code=0, rest=struct.pack("!I", 1280))),
        (True, error(R6, C6, question, kind=3, code=0)), (True, error(R6, C6, echo, kind=3, code=0)),
        (True, error(S6, C6, extended, kind=4, code=1, rest=struct.pack("!I", 40))),
        (True, error(S6, C6, extended)), error(C6, S6, answer),
        # wrong ones
        (True, error(R6, "2001:db8:1::99", question)), error(C6, S6, question),
        (True, error(R6, C6, udp6(C6, S6, 49999, 7))), (True, error(R6, C6, question[:44])),
        (True, error(R6, C6, question[:30])), (True, error(R6, C6, b"")),
        (True, error(R6, C6, question, check="wrong")), (True, error(R6, C6, question, kind=100)),
    ])


@capture("icmpv6.pcap")
def icmp6_queries():
    """Neighbour discovery and multicast listener messages (not tracked by the kernel), echo, node
    information, an answer without a question, certification path, a type that does not exist, a short
    header"""
    link, all_nodes, all_routers = "fe80::1", "ff02::1", "ff02::2"
    solicited = "ff02::1:ff00:20"

    def message(src, dst, kind, rest=bytes(4), data=b"", code=0, headers=(), hops=255):
        return f.ip6(src, dst, f.ICMP6, f.icmp6(src, dst, kind, code, rest, data), hops=hops, headers=headers)

    alert = [(0, bytes.fromhex("050200000100"))]
    return paced([
        message(link, all_routers, 133), message(link, all_nodes, 134, bytes.fromhex("40000708"), bytes(8)),
        message(C6, solicited, 135, data=f.addr(S6)), message(S6, C6, 136, b"\x60\0\0\0", f.addr(S6)),
        message(link, C6, 137, data=f.addr(R6) + f.addr(S6)),
        message(link, all_nodes, 130, data=bytes(16), headers=alert, hops=1),
        message(link, "ff02::fb", 131, data=f.addr("ff02::fb"), headers=alert, hops=1),
        message(link, all_routers, 132, data=f.addr("ff02::fb"), headers=alert, hops=1),
        message(link, "ff02::16", 143, bytes.fromhex("00000001"), b"\4\0\0\0" + f.addr("ff02::fb"), headers=alert, hops=1),
        message(C6, S6, 128, f.echo_rest(1, 1), b"ping"), (True, message(S6, C6, 129, f.echo_rest(1, 1), b"ping")),
        message(C6, S6, 139, struct.pack("!HH", 2, 0), b"nonce123" + f.addr(S6)),
        (True, message(S6, C6, 140, struct.pack("!HH", 2, 0), b"nonce123" + bytes(8))),
        (True, message(S6, C6, 129, f.echo_rest(2, 1), b"ping")), message(C6, S6, 128, f.echo_rest(3, 1), code=1),
        message(C6, S6, 138), message(C6, S6, 148), message(link, "ff02::6a", 151), message(C6, S6, 200),
        f.ip6(C6, S6, f.ICMP6, f.icmp6(C6, S6, 128, 0, f.echo_rest(4, 1))[:7]), f.ip6(C6, S6, f.ICMP6, b""),
    ])


@capture("ipv6-headers.pcap")
def ipv6_headers():
    """Extension headers before UDP: hop-by-hop, destination options, routing (type 0 and 4), several, an
    authentication header; and chains that end in no next header, in an unknown one, in ESP, beyond the
    packet, and one that says it is longer than the packet"""
    pad = bytes.fromhex("010400000000")
    routing0 = bytes.fromhex("0000" + "00000000")
    datagram = f.udp(C6, S6, 40000, 7, b"data")

    def chain(n, *headers, proto=f.UDP, payload=None, **options):
        body = f.udp(C6, S6, 40000 + n, 7, b"data") if payload is None else payload
        return f.ip6(C6, S6, proto, body, headers=headers, **options)

    authentication = bytes.fromhex("0000" + "00000100" + "00000001" + "112233445566778899aabbcc")
    return paced([
        chain(0, (0, pad)), chain(1, (60, pad)), chain(2, (43, routing0)), chain(3, (43, b"\4\0" + bytes(4))),
        chain(4, (0, pad), (60, pad), (43, routing0), (60, pad + bytes(8))), chain(5, (51, authentication)),
        chain(6, proto=59, payload=b""), chain(7, (60, pad), proto=59, payload=b"trailing"),
        chain(8, proto=253, payload=b"experiment"), chain(9, proto=50, payload=bytes(24)),
        f.ip6(C6, S6, 60, b""), f.ip6(C6, S6, 60, struct.pack("!BB", f.UDP, 200) + bytes(6) + datagram),
        chain(12, (60, pad), (60, pad), (60, pad), (60, pad), (60, pad), (60, pad), (60, pad), (60, pad)),
        chain(13, (139, pad)), chain(14, (135, pad)),
    ])


@capture("ipv6-chains.pcap")
def ipv6_chains():
    """11, 12, 13 and 20 extension headers before UDP, 13 before TCP, and an ICMPv6 error that quotes 13 of
    them: kernels since 7.1 give up after 12"""
    pad = bytes.fromhex("010400000000")

    def chain(n, count):
        return f.ip6(C6, S6, f.UDP, f.udp(C6, S6, 40000 + n, 7, b"data"), headers=[(60, pad)] * count)

    syn = f.tcp(C6, S6, 40010, 7, "S", 1)
    quoted = f.ip6(C6, S6, f.UDP, f.udp(C6, S6, 40020, 7, b"data"), headers=[(60, pad)] * 13)
    return paced([
        chain(1, 11), chain(2, 12), chain(3, 13), chain(4, 20),
        f.ip6(C6, S6, f.TCP, syn, headers=[(60, pad)] * 13), chain(20, 0),
        f.ip6(S6, C6, f.ICMP6, f.icmp6(S6, C6, 1, 4, data=quoted)),
    ])


@capture("ip-damage.pcap")
def ip_damage():
    """Broken IPv4 headers: version 3 and 6, header length 4 and 15 (over the end), total length over the
    frame, below the header and 0, wrong checksum, a header of 19 octets; then right ones: trailing octets,
    options, a header of 60 octets, TTL 0, source 0.0.0.0, broadcast, loopback and multicast addresses"""
    body = f.udp(C, S, 40000, 7, b"data")
    router_alert, record_route = b"\x94\4\0\0", b"\7\x27\4" + bytes(36) + b"\0"

    def at(n, src=C, dst=S, **options):
        return f.ip4(src, dst, f.UDP, f.udp(src, dst, 40000 + n, 7, b"data"), **options)

    rows = [at(0, version=3), f.ip4(C, S, f.UDP, body, version=6), at(2, ihl=4), at(3, ihl=15), at(4, total=1500),
            at(5, total=19), at(6, total=0), at(7, bad_checksum=True), at(8)[:19],
            at(9) + b"trailing octets of the link", at(10, options=router_alert), at(11, options=record_route),
            at(12, ttl=0), at(13, src="0.0.0.0", dst="255.255.255.255"), at(14, src="127.0.0.1", dst="127.0.0.2"),
            at(15, dst="224.0.0.251"), at(16, src="224.0.0.5"), at(17, src="255.255.255.255"),
            at(18, df=False, ident=77)]
    return [(n / 100, f.eth(packet, f.ETH_IP)) for n, packet in enumerate(rows)]


@capture("ipv6-damage.pcap")
def ipv6_damage():
    """Broken IPv6 headers: version 4 and 5, payload length over the frame and 0, a header of 39 octets; then
    right ones: trailing octets, hop limit 0, source ::, loopback, multicast, addresses that compress in
    special ways (RFC 5952)"""
    def at(n, src=C6, dst=S6, **options):
        return f.ip6(src, dst, f.UDP, f.udp(src, dst, 40000 + n, 7, b"data"), **options)

    rows = [at(0, version=4), at(1, version=5), at(2, length=1400), at(3, length=0), at(4)[:39],
            at(5) + b"trailing", at(6, hops=0), at(7, src="::", dst="ff02::1:2"), at(8, src="::1", dst="::1"),
            at(9, dst="ff02::fb"), at(10, src="::ffff:192.0.2.10", dst="::ffff:198.51.100.20"),
            at(11, src="2001:db8:0:1:0:0:0:1", dst="2001:db8:0:0:1:0:0:1"),
            at(12, src="2001:db8:0:1:1:1:1:1", dst="64:ff9b::c000:20a"), at(13, src="::c000:20a", dst="fe80::")]
    return [(n / 100, f.eth(packet, f.ETH_IP6)) for n, packet in enumerate(rows)]


@capture("generic.pcap")
def generic():
    """Protocols that conntrack has no room for: ESP, AH, OSPF, PIM, IPIP, IPv6 in IPv4, experimental (253,
    254), protocol 0 and 255, an empty datagram; one answered, and one again after 599 and 601 seconds"""
    inner = udp4(C, S, 40000, 7)
    rows = [(0, C, S, 50, struct.pack("!II", 0x100, 1) + bytes(24)), (0.1, S, C, 50, struct.pack("!II", 0x200, 1) + bytes(24)),
            (0.2, C, S, 51, bytes.fromhex("110400000000010000000001") + bytes(12)),
            (0.3, R, "224.0.0.5", 89, bytes(24)), (0.4, R, "224.0.0.13", 103, bytes(8)), (0.5, C, S, 4, inner),
            (0.6, C, S, 41, udp6(C6, S6, 40000, 7)), (0.7, C, S, 253, b"experimental"), (0.8, C, S, 254, b""),
            (0.9, C, S, 0, b"hopopt"), (1, C, S, 255, b"raw"), (2, O, S, 253, b"once"), (601, O, S, 253, b"again"),
            (1202, O, S, 253, b"and again")]
    rows = [(at, f.eth(f.ip4(src, dst, proto, body), back=src == S)) for at, src, dst, proto, body in rows]
    return rows + [(1203, f.eth(f.ip6(C6, S6, 253, b"experimental")))]
