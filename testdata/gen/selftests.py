# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel's own tests of connection tracking (tools/testing/selftests/net/netfilter) put on
the wire, in our words: the sequences of packets, with other addresses, numbers and sizes.  What each
of those tests demands is in tests/selftests/demands.

The packetdrill tests run over IPv4 and over IPv6; so do these, both in one capture at the same times.
"""

import struct

from . import frames as f
from .case import Registry

capture = Registry()

C, S, R = f.CLIENT, f.SERVER, f.ROUTER
C6, S6, R6 = f.CLIENT6, f.SERVER6, f.ROUTER6
SYN_OPTIONS = "<mss 1460,sackOK,TS {} 0,wscale 7>"
SYN_OLD, SYN_NEW = SYN_OPTIONS.format(900), SYN_OPTIONS.format(1900)


def in_time(*rows):
    return sorted((row for part in rows for row in part), key=lambda row: row[0])


def both(text, **options):
    """The conversation over IPv4, and at each of its times the same over IPv6."""
    return in_time(f.conversation(text, client=(C, 40000), server=(S, 7000), **options),
                   f.conversation(text, client=(C6, 40000), server=(S6, 7000), **options))


# packetdrill -------------------------------------------------------------------

@capture("selftest-ack-loss-stall.pcap")
def ack_loss_stall():
    """packetdrill/conntrack_ack_loss_stall.pkt: more than a window of data arrives and is acknowledged,
    then its first segment comes once more (all acknowledgements were lost behind the capture). It is
    not INVALID, so that the receiver can acknowledge it again"""
    size, window = 1400, 16384
    text = f"""
 0.000 > S    0:0(0)          win 32000 <mss 1400>             # no window scale
 0.001 < S.   0:0(0)   ack 1  win {window} <mss 1400>
 0.010 > .    1:1(0)   ack 1  win 32000
"""
    for n in range(window // size + 2):
        begin, end, at = 1 + n * size, 1 + (n + 1) * size, 0.02 + n / 1000
        text += f"{at:.4f} > P. {begin}:{end}({size}) ack 1 win 300\n"
        text += f"{at + 0.0005:.4f} < . 1:1(0) ack {end} win {window}\n"
    return both(text + f"""
 0.400 > P.   1:{1 + size}({size}) ack 1 win 300               # the first one
 0.401 < .    1:1(0)   ack {end} win {window}
""")


@capture("selftest-inexact-rst.pcap")
def inexact_rst():
    """packetdrill/conntrack_inexact_rst.pkt: the server has closed (CLOSE_WAIT), the client ends with a RST
    (CLOSE); the server, whose socket is gone, answers with a RST that is not the next in sequence. That is
    not INVALID: the entry was closing already"""
    return both(f"""
 0.000 > S    0:0(0)             win 64000 {SYN_OLD}
 0.100 < S.   0:0(0)     ack 1   win 64000 <mss 1400>
 0.101 > .    1:1(0)     ack 1   win 64000
 0.110 < .    1:901(900) ack 1   win 64000
 0.111 < .    901:1801(900) ack 1 win 64000
 0.112 > .    1:1(0)     ack 1801 win 64000
 0.120 > P.   1:701(700) ack 1801 win 64000
 0.200 < F.   1801:1801(0) ack 701 win 64000
 0.201 > .    701:701(0) ack 1802 win 64000
 1.200 > R.   701:701(0) ack 1802 win 64000
 1.300 < R    1401:1401(0)       win 0                         # 401 octets short
""")


@capture("selftest-rst-invalid.pcap")
def rst_invalid():
    """packetdrill/conntrack_rst_invalid.pkt: four RSTs that are not the next in sequence, of which one is far
    below, one far above, one among acknowledged data and one an octet short: all INVALID, and the entry
    stays ESTABLISHED. The fifth is exact: CLOSE"""
    return both(f"""
 0.000 > S    0:0(0)             win 64000 {SYN_OLD}
 0.100 < S.   0:0(0)     ack 1   win 64000 <mss 1400>
 0.101 > .    1:1(0)     ack 1   win 64000
 0.110 < .    1:901(900) ack 1   win 64000
 0.111 < .    901:1801(900) ack 1 win 64000
 0.112 > .    1:1(0)     ack 901 win 64000
 0.113 > .    1:1(0)     ack 1801 win 64000
 0.200 < R    -1:-1(0)           win 0
 0.300 < R    2000000:2000000(0) win 0
 0.400 < R    77:77(0)           win 0
 0.500 > P.   1:701(700) ack 1801 win 64000
 0.510 < .    1801:1801(0) ack 701 win 64000
 0.600 < R.   1800:1800(0) ack 701 win 0
 0.700 < R.   1801:1801(0) ack 701 win 0                       # exact
""")


@capture("selftest-syn-challenge-ack.pcap")
def syn_challenge_ack():
    """packetdrill/conntrack_syn_challenge_ack.pkt: the server still has an older connection of the same port
    and answers the SYN with a challenge ACK of that one, which the client's RST ends; the SYN that is sent
    again (at once, as Linux does then) makes a new entry and succeeds. Nothing is INVALID on the way"""
    return both(f"""
 0.000 > S    0:0(0)             win 64000 {SYN_OLD}
 0.100 < .    77000000:77000000(0) ack 555000111 win 300 <TS 5 6>
 0.110 > R    555000111:555000111(0) win 0
 0.115 > S    0:0(0)             win 64000 {SYN_NEW}
 0.400 < S.   0:0(0)     ack 1   win 300 <mss 1400,TS 7 1900,wscale 0>
 0.410 > .    1:1(0)     ack 1   win 502 <TS 2000 7>
""")


@capture("selftest-synack-old.pcap")
def synack_old():
    """packetdrill/conntrack_synack_old.pkt: the SYN is answered by a SYN/ACK to an older connection's SYN
    (INVALID), 65535 beyond the right one, which comes after the SYN is sent again and must be let through
    and open the connection (one octet more and it would be below the client's window)"""
    return both(f"""
 0.000 > S    0:0(0)             win 65535 {SYN_OLD}
 0.100 < S.   65535:65535(0) ack 555000111 win 300 <mss 1400,TS 5 6,wscale 0>
 1.000 > S    0:0(0)             win 65535 {SYN_NEW}
 1.100 < S.   0:0(0)     ack 1   win 300 <mss 1400,TS 7 1900,wscale 0>
 1.110 > .    1:1(0)     ack 1   win 502 <TS 2000 7>
 1.200 > P.   1:2(1)     ack 1   win 502 <TS 2090 7>
""")


@capture("selftest-synack-reuse.pcap")
def synack_reuse():
    """packetdrill/conntrack_synack_reuse.pkt: the client forgot the connection that the server still has and
    opens it anew: a challenge ACK comes through, the client's RST clears the entry, the SYN that is sent
    again makes a new one (SYN_RECV), and no SYN/ACK is INVALID"""
    return both(f"""
 0.000 > S    0:0(0)             win 32000 {SYN_OLD}
 0.001 < S.   0:0(0)     ack 1   win 64000 <mss 1400,TS 100 900,wscale 8>
 0.010 > .    1:1(0)     ack 1   win 300 <TS 901 100>
 0.011 > P.   1:121(120) ack 1   win 300 <TS 901 100>
 0.012 < .    1:1(0)     ack 121 win 250 <TS 101 901>
 1.000 > S    3000:3000(0)       win 32000 {SYN_NEW}
 1.001 < .    1:1(0)     ack 121 win 250 <TS 1100 901>
 1.002 > R.   121:121(0) ack 1   win 300
 1.500 > S    3000:3000(0)       win 32000 {SYN_NEW}
 1.501 < S.   880000:880000(0) ack 3001 win 64000 <mss 1400,TS 1600 1900,wscale 8>
""")


# Shell scripts ---------------------------------------------------------------------

@capture("selftest-tcp-unreplied.pcap")
def tcp_unreplied():
    """conntrack_tcp_unreplied.sh, without its NAT: SYNs without an answer do not prolong the entry. With
    nf_conntrack_tcp_timeout_syn_sent=10 it ends ten seconds after the first; the one at 15 s makes a new
    entry, which is answered"""
    return both(f"""
  0.000 > S    0:0(0)            win 64000 {SYN_OLD}
  1.000 > S    0:0(0)            win 64000 {SYN_OLD}
  3.000 > S    0:0(0)            win 64000 {SYN_OLD}
  7.000 > S    0:0(0)            win 64000 {SYN_OLD}
 15.000 > S    0:0(0)            win 64000 {SYN_OLD}
 15.001 < S.   0:0(0)    ack 1   win 64000 <mss 1400,TS 5 900,wscale 7>
 15.002 > .    1:1(0)    ack 1   win 502 <TS 901 5>
""")


CRC32C = []
for octet in range(256):
    for _ in range(8):
        octet = octet >> 1 ^ (0x82F63B78 if octet & 1 else 0)
    CRC32C.append(octet)


def sctp(src, dst, vtag, *chunks):
    """chunks: (type, flags, body).  The checksum goes out with its lowest octet first (RFC 9260, appendix A)."""
    packet = struct.pack("!HHII", 5000, 5000, vtag, 0)
    for kind, flags, body in chunks:
        packet += struct.pack("!BBH", kind, flags, 4 + len(body)) + body + bytes(-len(body) % 4)
    crc = 0xFFFFFFFF
    for octet in packet:
        crc = crc >> 8 ^ CRC32C[(crc ^ octet) & 0xFF]
    return f.ip4(src, dst, 132, packet[:8] + struct.pack("<I", crc ^ 0xFFFFFFFF) + packet[12:])


@capture("selftest-sctp-collision.pcap")
def sctp_collision():
    """conntrack_sctp_collision.sh: both sides send INIT, the association comes up by the server's, and only
    then arrives the server's INIT ACK to the client's, with a tag of its own that counts for nothing any more.
    Data must pass both ways, then the association is closed"""
    client, server, late = 0x11110001, 0x22220002, 0x33330003     # initiate tags
    cookie = (7, b"cookie: made by the client")

    def init(tag, tsn, *parameters):
        extra = b"".join(struct.pack("!HH", kind, 4 + len(value)) + value + bytes(-len(value) % 4)
                         for kind, value in parameters)
        return struct.pack("!IIHHI", tag, 106496, 10, 65535, tsn) + extra

    def data(tsn, text):
        return 0, 3, struct.pack("!IHHI", tsn, 0, 0, 0) + text

    def sack(tsn):
        return 3, 0, struct.pack("!IIHH", tsn, 106490, 0, 0)

    def there(at, vtag, *chunks):
        return at, f.eth(sctp(C, S, vtag, *chunks))

    def back(at, vtag, *chunks):
        return at, f.eth(sctp(S, C, vtag, *chunks), back=True)

    return [
        there(0.000, 0, (1, 0, init(client, 1000))),
        back(0.700, 0, (1, 0, init(server, 2000))),
        there(0.701, server, (2, 0, init(client, 1000, cookie))),
        back(0.702, client, (10, 0, cookie[1])),
        there(0.703, server, (11, 0, b"")),
        back(1.200, client, (2, 0, init(late, 3000, (7, b"cookie: nobody wants it")))),
        there(1.700, server, data(1000, b"hello")),
        back(1.701, client, sack(1000)),
        back(1.702, client, data(2000, b"hello")),
        there(1.703, server, sack(2000)),
        there(1.800, server, (7, 0, struct.pack("!I", 2000))),
        back(1.801, client, (8, 0, b"")),
        there(1.802, server, (14, 0, b"")),
    ]


@capture("selftest-icmp-related.pcap")
def icmp_related():
    """conntrack_icmp_related.sh as its first client sees it, before the NAT: echoes that fit; echoes too long
    for a link behind the second router, which says so (RELATED); echoes to a neighbour by way of the router,
    which sends a redirect (RELATED). IPv4 and IPv6, with the neighbour discovery on the way (UNTRACKED)"""
    far, near, far6, near6, local = "203.0.113.30", "192.0.2.42", "2001:db8:3::10", "2001:db8:1::42", "fe80::1"

    def ping(at, to, ident, size, seq=1):
        return at, f.eth(f.ip4(C, to, f.ICMP, f.icmp(8, 0, f.echo_rest(ident, seq), bytes(size))))

    def ping6(at, to, ident, size):
        return at, f.eth(f.ip6(C6, to, f.ICMP6, f.icmp6(C6, to, 128, 0, f.echo_rest(ident, 1), bytes(size))))

    def back(at, src, message):
        return at, f.eth(f.ip4(src, C, f.ICMP, message), back=True)

    def back6(at, src, kind, rest, data, hops=64):
        return at, f.eth(f.ip6(src, C6, f.ICMP6, f.icmp6(src, C6, kind, 0, rest, data), hops=hops), back=True)

    def packet(row):
        return row[1][14:]

    long4, long6 = ping(1.0, S, 3, 1300), ping6(2.0, S6, 4, 1300)
    beside4, beside6 = ping(3.0, near, 5, 56), ping6(4.0, near6, 6, 56)
    group = "ff02::1:ff00:1"
    solicit = f.icmp6(C6, group, 135, 0, bytes(4), f.addr(R6) + b"\1\1" + f.CLIENT_MAC)
    redirected = struct.pack("!BB", 4, 1 + len(packet(beside6)) // 8) + bytes(6) + packet(beside6)
    return [
        ping(0.000, S, 1, 1000),
        back(0.001, S, f.icmp(0, 0, f.echo_rest(1, 1), bytes(1000))),
        (0.100, f.eth(f.ip6(C6, group, f.ICMP6, solicit, hops=255))),
        back6(0.101, R6, 136, b"\xe0\0\0\0", f.addr(R6) + b"\2\1" + f.SERVER_MAC, hops=255),
        ping6(0.102, S6, 2, 1000),
        back6(0.103, S6, 129, f.echo_rest(2, 1), bytes(1000)),
        long4,
        back(1.001, far, f.icmp(3, 4, struct.pack("!HH", 0, 1280), packet(long4)[:548])),
        long6,
        back6(2.001, far6, 2, struct.pack("!I", 1280), packet(long6)[:1232]),
        beside4,
        back(3.001, R, f.icmp(5, 1, f.addr(near), packet(beside4))),
        ping(3.500, near, 5, 56, seq=2),
        beside6,
        back6(4.001, local, 137, bytes(4), f.addr(near6) * 2 + redirected, hops=255),
    ]
