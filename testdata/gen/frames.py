# SPDX-License-Identifier: GPL-2.0-only
"""Packets, byte by byte, and the files that hold them: what generate.py is written in.

Nothing here depends on the clock, on a random number or on the host.  Every
length and checksum is right unless the caller says otherwise.
"""

import ipaddress
import re
import struct

# What the times of frames are relative to, in seconds: 2001-09-09T01:46:40Z.
EPOCH = 1_000_000_000

CLIENT_MAC = bytes.fromhex("020000000001")
SERVER_MAC = bytes.fromhex("020000000002")
CLIENT, SERVER, ROUTER, OTHER = "192.0.2.10", "198.51.100.20", "192.0.2.1", "203.0.113.30"
CLIENT6, SERVER6, ROUTER6 = "2001:db8:1::10", "2001:db8:2::20", "2001:db8:1::1"

ICMP, IGMP, TCP, UDP, ICMP6 = 1, 2, 6, 17, 58
ETH_IP, ETH_IP6, ETH_ARP, ETH_VLAN, ETH_QINQ = 0x0800, 0x86DD, 0x0806, 0x8100, 0x88A8


def addr(text):
    return ipaddress.ip_address(text).packed


def ones_sum(data):
    """The folded ones' complement sum, not inverted."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def checksum(data):
    return ~ones_sum(data) & 0xFFFF


def pseudo(src, dst, proto, length):
    src, dst = addr(src), addr(dst)
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, proto, length)
    return src + dst + struct.pack("!IHBB", length, 0, 0, proto)


# Network layer ------------------------------------------------------------

def ip4(src, dst, proto, payload, *, ttl=64, ident=0, df=True, options=b"",
        version=4, ihl=None, total=None, bad_checksum=False):
    hlen = 20 + len(options)
    ihl = hlen // 4 if ihl is None else ihl
    total = hlen + len(payload) if total is None else total
    head = struct.pack("!BBHHHBBH", version << 4 | ihl, 0, total, ident,
                       0x4000 if df else 0, ttl, proto, 0) + addr(src) + addr(dst) + options
    check = checksum(head) ^ (0x5555 if bad_checksum else 0)
    return head[:10] + struct.pack("!H", check) + head[12:] + payload


def ip6(src, dst, proto, payload, *, hops=64, version=6, length=None, headers=()):
    """headers: (own type, bytes after the two first) of each extension header."""
    chain = b""
    following = [kind for kind, _ in headers[1:]] + [proto]
    for (kind, body), nxt in zip(headers, following):
        units = (len(body) + 2) // 4 - 2 if kind == 51 else (len(body) + 2) // 8 - 1
        chain += struct.pack("!BB", nxt, units) + body
    first = headers[0][0] if headers else proto
    length = len(chain) + len(payload) if length is None else length
    return (struct.pack("!IHBB", version << 28, length, first, hops)
            + addr(src) + addr(dst) + chain + payload)


def ip(src, dst, proto, payload, **options):
    make = ip6 if ":" in src else ip4
    return make(src, dst, proto, payload, **options)


# Transport layer ------------------------------------------------------------

def with_checksum(segment, at, src, dst, proto, mode):
    """mode: "right", "wrong", "zero", or "pseudo" (left to the network card)."""
    header = pseudo(src, dst, proto, len(segment))
    value = checksum(header + segment)
    if proto == UDP and value == 0:
        value = 0xFFFF
    if mode == "wrong":
        value ^= 0x5555
    elif mode == "zero":
        value = 0
    elif mode == "pseudo":
        value = ones_sum(header)
    return segment[:at] + struct.pack("!H", value) + segment[at + 2:]


TCP_FLAGS = {"F": 0x001, "S": 0x002, "R": 0x004, "P": 0x008, ".": 0x010, "U": 0x020,
             "E": 0x040, "W": 0x080, "A": 0x100}


def tcp(src, dst, sport, dport, flags, seq, ack=0, *, win=64240, options=b"", data=b"",
        doff=None, check="right", urgent=0, reserved=0):
    bits = sum(TCP_FLAGS[f] for f in flags)
    doff = 5 + len(options) // 4 if doff is None else doff
    segment = struct.pack("!HHIIHHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                          doff << 12 | reserved << 9 | bits, win, 0, urgent) + options + data
    return with_checksum(segment, 16, src, dst, TCP, check)


def udp(src, dst, sport, dport, data=b"", *, length=None, check="right"):
    length = 8 + len(data) if length is None else length
    segment = struct.pack("!HHHH", sport, dport, length, 0) + data
    return with_checksum(segment, 6, src, dst, UDP, check)


def icmp(kind, code=0, rest=b"\0\0\0\0", data=b"", *, bad_checksum=False):
    message = struct.pack("!BBH", kind, code, 0) + rest + data
    value = checksum(message) ^ (0x5555 if bad_checksum else 0)
    return message[:2] + struct.pack("!H", value) + message[4:]


def icmp6(src, dst, kind, code=0, rest=b"\0\0\0\0", data=b"", *, check="right"):
    message = struct.pack("!BBH", kind, code, 0) + rest + data
    return with_checksum(message, 2, src, dst, ICMP6, check)


def echo_rest(ident, seq):
    return struct.pack("!HH", ident, seq)


def dns_query(ident=0x1234, name="www.example.org", qtype=1):
    labels = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"
    return struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!HH", qtype, 1)


def dns_answer(ident=0x1234, name="www.example.org", data="192.0.2.80"):
    packed = addr(data)
    qtype = 1 if len(packed) == 4 else 28
    query = dns_query(ident, name, qtype)
    return (struct.pack("!HHHHHH", ident, 0x8580, 1, 1, 0, 0) + query[12:]
            + struct.pack("!HHHIH", 0xC00C, qtype, 1, 300, len(packed)) + packed)


# Link layer -----------------------------------------------------------------

def ethertype(packet):
    return ETH_IP6 if packet and packet[0] >> 4 == 6 else ETH_IP


def eth(packet, kind=None, *, back=False, pad=False, tags=()):
    """tags: (ethertype, tag control information) of each VLAN tag, outermost first."""
    macs = CLIENT_MAC + SERVER_MAC if back else SERVER_MAC + CLIENT_MAC
    inner = ethertype(packet) if kind is None else kind
    head = macs + b"".join(struct.pack("!HH", t, tci) for t, tci in tags)
    frame = head + struct.pack("!H", inner) + packet
    return frame.ljust(60, b"\0") if pad else frame


# TCP conversations ------------------------------------------------------------

STEP = re.compile(
    r"(?P<at>[\d.]+)\s+(?P<way>[<>])\s+(?P<flags>[FSRP.UEWA]+|none)\s+"
    r"(?P<seq>-?\d+):(?P<end>-?\d+)\((?P<len>\d+)\)"
    r"(?:\s+ack\s+(?P<ack>-?\d+))?(?:\s+win\s+(?P<win>\d+))?(?:\s+<(?P<opts>[^>]*)>)?"
    r"(?:\s+(?P<check>cksum-wrong))?$")


def tcp_options(text, offset, peer_offset):
    """Each option is padded in front with NOPs to four bytes, as Linux does it."""
    out = b""
    for item in filter(None, (t.strip() for t in (text or "").split(","))):
        word, *args = item.split()
        if word == "mss":
            body = struct.pack("!BBH", 2, 4, int(args[0]))
        elif word == "sackOK":
            body = b"\4\2"
        elif word == "wscale":
            body = struct.pack("!BBB", 3, 3, int(args[0]))
        elif word == "TS":
            body = struct.pack("!BBII", 8, 10, int(args[0]), int(args[1]))
        elif word == "sack":
            blocks = [tuple(int(n) for n in a.split("-")) for a in args]
            body = struct.pack("!BB", 5, 2 + 8 * len(blocks))
            for block in blocks:
                body += struct.pack("!II", *((n + peer_offset) & 0xFFFFFFFF for n in block))
        elif word == "hex":
            body = bytes.fromhex(args[0])
        else:
            raise ValueError(item)
        out += b"\1" * (-len(body) % 4) + body
    return out


def conversation(text, *, client=(CLIENT, 40000), server=(SERVER, 80),
                 isn=(100_000, 500_000), start=0):
    """Frames of one TCP conversation, written as tcpdump and packetdrill write it:

        seconds  > or <  flags  seq:end(length)  [ack N] [win N] [<options>] [cksum-wrong]

    ">" is sent by the client.  Sequence and acknowledgement numbers are relative
    to the initial ones of their sides.  Text after # is for the reader.
    """
    frames = []
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        step = STEP.match(line)
        if not step:
            raise ValueError(line)
        back = step["way"] == "<"
        (src, sport), (dst, dport) = (server, client) if back else (client, server)
        own, peer = (isn[1], isn[0]) if back else isn
        flags = "" if step["flags"] == "none" else step["flags"]
        size = int(step["len"])
        # The end may be left as in tcpdump: SYN and FIN are not counted in it.
        if int(step["end"]) - int(step["seq"]) != size:
            raise ValueError(f"length does not fit: {line}")
        segment = tcp(src, dst, sport, dport, flags, own + int(step["seq"]),
                      peer + int(step["ack"]) if step["ack"] is not None else 0,
                      win=int(step["win"] or 64240), data=b"x" * size,
                      options=tcp_options(step["opts"], own, peer),
                      check="wrong" if step["check"] else "right")
        packet = ip(src, dst, TCP, segment)
        frames.append((start + float(step["at"]), eth(packet, back=back)))
    return frames


# Files ------------------------------------------------------------------------

def stamp(when, unit):
    """Seconds and fraction of a time that is relative to EPOCH (a float of the whole would round)."""
    return divmod(EPOCH * unit + round(when * unit), unit)


def pcap_header(linktype=1, *, endian="<", nano=False, snaplen=262144, version=(2, 4)):
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    return struct.pack(endian + "IHHiIII", magic, *version, 0, 0, snaplen, linktype)


def pcap_record(when, frame, *, endian="<", nano=False, caplen=None, wirelen=None, fraction=None):
    seconds, ticks = stamp(when, 10 ** 9 if nano else 10 ** 6)
    return struct.pack(endian + "IIII", seconds & 0xFFFFFFFF,
                       ticks if fraction is None else fraction,
                       len(frame) if caplen is None else caplen,
                       len(frame) if wirelen is None else wirelen) + frame


def pcap(frames, linktype=1, *, endian="<", nano=False, snaplen=262144):
    out = pcap_header(linktype, endian=endian, nano=nano, snaplen=snaplen)
    for when, frame in frames:
        out += pcap_record(when, frame[:snaplen], endian=endian, nano=nano, wirelen=len(frame))
    return out


def ng_options(items, endian):
    out = b""
    for code, value in items:
        out += struct.pack(endian + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
    return out + (struct.pack(endian + "HH", 0, 0) if items else b"")


def ng_block(kind, body, endian="<"):
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(endian + "I", 12 + len(body))
    return struct.pack(endian + "I", kind) + length + body + length


def ng_section(endian="<"):
    return ng_block(0x0A0D0D0A, struct.pack(endian + "IHHq", 0x1A2B3C4D, 1, 0, -1), endian)


def ng_interface(linktype=1, *, snaplen=262144, endian="<", options=()):
    return ng_block(1, struct.pack(endian + "HHI", linktype, 0, snaplen)
                    + ng_options(options, endian), endian)


def ng_packet(when, frame, *, interface=0, unit=10 ** 6, endian="<", options=()):
    seconds, fraction = stamp(when, unit)
    ticks = seconds * unit + fraction
    return ng_block(6, struct.pack(endian + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF,
                                   len(frame), len(frame))
                    + frame + b"\0" * (-len(frame) % 4) + ng_options(options, endian), endian)
