# SPDX-License-Identifier: GPL-2.0-only
"""Captures that are about the file: byte order, time stamps, merging, pcapng; and the classic example."""

import struct

from . import frames as f
from .case import Registry

capture = Registry()


@capture("telnet-syn.pcap")
def telnet_syn():
    """The classic example: a SYN to port 23, and three seconds later to the microsecond a datagram
    of another flow, so that the table shows `tcp 6 117 SYN_SENT`"""
    syn = f.tcp("192.168.1.5", "192.168.1.35", 1031, 23, "S", 1000,
                options=f.tcp_options("mss 1460,sackOK,wscale 7", 0, 0))
    note = f.udp("192.168.1.7", "192.168.1.36", 2049, 514, b"<13>three seconds later")
    return [(0, f.eth(f.ip4("192.168.1.5", "192.168.1.35", f.TCP, syn))),
            (3, f.eth(f.ip4("192.168.1.7", "192.168.1.36", f.UDP, note)))]


def exchange():
    """The same in all link layers and file formats: a TCP handshake, a DNS question and its answer
    over IPv4, and the same question and answer over IPv6.  (time, back, packet)"""
    c, s, c6, s6 = f.CLIENT, f.SERVER, f.CLIENT6, f.SERVER6
    opts = f.tcp_options("mss 1460,sackOK,wscale 7", 0, 0)
    query, answer = f.dns_query(), f.dns_answer()
    query6, answer6 = f.dns_query(0x1235, qtype=28), f.dns_answer(0x1235, data="2001:db8::80")
    return [
        (0.0, False, f.ip4(c, s, f.TCP, f.tcp(c, s, 40000, 80, "S", 100000, options=opts))),
        (0.01, True, f.ip4(s, c, f.TCP, f.tcp(s, c, 80, 40000, "S.", 500000, 100001, options=opts))),
        (0.02, False, f.ip4(c, s, f.TCP, f.tcp(c, s, 40000, 80, ".", 100001, 500001, win=502))),
        (0.1, False, f.ip4(c, s, f.UDP, f.udp(c, s, 40001, 53, query))),
        (0.11, True, f.ip4(s, c, f.UDP, f.udp(s, c, 53, 40001, answer))),
        (0.2, False, f.ip6(c6, s6, f.UDP, f.udp(c6, s6, 40002, 53, query6))),
        (0.21, True, f.ip6(s6, c6, f.UDP, f.udp(s6, c6, 53, 40002, answer6))),
    ]


def ethernet_exchange():
    return [(at, f.eth(packet, back=back)) for at, back, packet in exchange()]


@capture("big-endian.pcap", endian=">")
def big_endian():
    """The exchange of the link-* captures as a big-endian machine writes it"""
    return ethernet_exchange()


@capture("big-endian-nano.pcap", endian=">", nano=True)
def big_endian_nano():
    """The same, with nanoseconds"""
    return [(at + 1.23e-7, frame) for at, frame in ethernet_exchange()]


@capture("merge-client.pcap")
def merge_client():
    """The client's half of the exchange; merged with merge-server.pcap it makes whole connections"""
    return [(at, f.eth(packet)) for at, back, packet in exchange() if not back]


@capture("merge-server.pcap")
def merge_server():
    """The server's half"""
    return [(at, f.eth(packet, back=True)) for at, back, packet in exchange() if back]


@capture("merge-same-time.pcap")
def merge_same_time():
    """The server's half with the stamps of the frames that it answers: the order of the files on
    the command line decides which comes first"""
    return [(at - 0.01, f.eth(packet, back=True)) for at, back, packet in exchange() if back]


@capture("clock.pcap", readable=8)
def clock():
    """Time stamps that are not in order: equal ones, a step back, a fraction of a second above
    999999 microseconds, and one after 2038 that expires all"""
    rows = [(at, f.eth(packet, back=back)) for at, back, packet in exchange()]
    out = f.pcap_header()
    for n, (at, frame) in enumerate(rows):
        if n == 1:
            at = rows[0][0]
        if n == 4:
            at -= 5
        out += f.pcap_record(at, frame, fraction=1_500_000 if n == 5 else None)
    late = f.ip4(f.CLIENT, f.SERVER, f.UDP, f.udp(f.CLIENT, f.SERVER, 40003, 53, f.dns_query(7)))
    return out + f.pcap_record(1_500_000_000, f.eth(late))


@capture("snaplen-40.pcap", snaplen=40)
def snaplen_40():
    """Snap length 40: the cut falls after the ports of TCP and UDP over IPv4, and inside the IPv6
    header"""
    return ethernet_exchange()


@capture("snaplen-56.pcap", snaplen=56)
def snaplen_56():
    """Snap length 56: the cut falls inside the options of the SYNs, inside the DNS messages, and
    between the ports of the datagrams over IPv6"""
    return ethernet_exchange()


@capture("pcapng.pcapng", readable=7)
def pcapng():
    """The exchange in pcapng: interface with a name and microseconds, packets with comments and
    flags, blocks between them that a reader skips (name resolution, statistics, custom)"""
    out = f.ng_section() + f.ng_interface(options=[(2, b"eth0"), (9, b"\x06")])
    for n, (at, frame) in enumerate(ethernet_exchange()):
        options = [(1, b"a comment")] if n == 0 else [(2, struct.pack("<I", 1))] if n == 1 else ()
        out += f.ng_packet(at, frame, options=options)
        if n == 2:
            record = struct.pack("<HH", 1, 8) + f.addr(f.SERVER) + b"www\0" + struct.pack("<HH", 0, 0)
            out += f.ng_block(4, record)
            out += f.ng_block(0x0BAD, struct.pack("<I", 32473) + b"a custom block!!")
    return out + f.ng_block(5, struct.pack("<III", 0, 0, 0))


@capture("pcapng-big-endian-nano.pcapng", readable=7)
def pcapng_big_endian():
    """The same in a big-endian section with nanoseconds (if_tsresol 9)"""
    out = f.ng_section(">") + f.ng_interface(endian=">", options=[(9, b"\x09")])
    for at, frame in ethernet_exchange():
        out += f.ng_packet(at, frame, unit=10 ** 9, endian=">")
    return out


@capture("pcapng-interfaces.pcapng", readable=7)
def pcapng_interfaces():
    """Two interfaces of one link type, with different resolutions (microseconds, 2^-20 s) and a
    time offset on the second"""
    out = (f.ng_section() + f.ng_interface()
           + f.ng_interface(options=[(9, b"\x94"), (14, struct.pack("<q", 1000))]))
    for at, back, packet in exchange():
        if back:
            out += f.ng_packet(at - 1000, f.eth(packet, back=True), interface=1, unit=2 ** 20)
        else:
            out += f.ng_packet(at, f.eth(packet))
    return out


@capture("pcapng-names.pcapng", readable=7)
def pcapng_names():
    """Two interfaces with names that a record must quote: quotation mark, backslash, line end, bytes
    that are no UTF-8, a character of four bytes; comments on packets"""
    out = (f.ng_section() + f.ng_interface(options=[(2, b'a"b\\\n\xff\xed\xa0\x80,')])
           + f.ng_interface(options=[(2, "vpn-\u00e9\U0001f512".encode())]))
    for at, back, packet in exchange():
        out += f.ng_packet(at, f.eth(packet, back=back), interface=int(back), options=[(1, b"seen")])
    return out


def ng_statistics(interface, *dropped, endian="<"):
    """Statistics of an interface: a number each for the options 4 (received), 5 and 7 (lost)"""
    body = struct.pack(endian + "III", interface, 0, 0)
    for code, n in zip((4, 5, 7), dropped):
        body += struct.pack(endian + "HHQ", code, 8, n)
    return f.ng_block(5, body + bytes(4), endian)


@capture("pcapng-lost.pcapng", readable=7)
def pcapng_lost():
    """Statistics of interfaces say that 3, then in all 12 and 5 packets were lost on one, and 4 on
    one of the next section; some are of no interface, cut, or lower than before"""
    frames = ethernet_exchange()
    out = f.ng_section() + f.ng_interface()
    for n, (at, frame) in enumerate(frames[:4]):
        out += f.ng_packet(at, frame)
        if n == 1:
            out += ng_statistics(0, 100, 3)
    out += ng_statistics(0, 110, 12, 5) * 2 + ng_statistics(0, 110, 7) + ng_statistics(1, 1, 1000)
    out += f.ng_block(5, struct.pack("<IIIHHI", 0, 0, 0, 5, 8, 99)) + f.ng_block(5, b"")
    out += f.ng_section() + f.ng_interface()
    for at, frame in frames[4:]:
        out += f.ng_packet(at, frame)
    return out + ng_statistics(0, 200, 4)


@capture("pcapng-lost-big-endian.pcapng", readable=7)
def pcapng_lost_big_endian():
    """The exchange in a big-endian section, whose statistics say that one packet was lost"""
    out = f.ng_section(">") + f.ng_interface(endian=">")
    for at, frame in ethernet_exchange():
        out += f.ng_packet(at, frame, endian=">")
    return out + ng_statistics(0, 200, 1, endian=">")


@capture("pcapng-empty.pcapng", readable=0)
def pcapng_empty():
    """A section and an interface, no packet"""
    return f.ng_section() + f.ng_interface()


@capture("no-frames.pcap")
def no_frames():
    """A whole header and no frame: nothing happened on the wire"""
    return []
