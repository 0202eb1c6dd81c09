# SPDX-License-Identifier: GPL-2.0-only
"""Random frames for a router: a walk over connections of a few hosts."""
import random
import struct

LAN4 = ["192.0.2.10", "192.0.2.11", "192.0.2.12"]
WAN4 = ["198.51.100.20", "198.51.100.21"]
ROUTER4 = ["192.0.2.1", "198.51.100.1"]
LAN6 = ["2001:db8:1::10", "2001:db8:1::11"]
WAN6 = ["2001:db8:2::20", "2001:db8:2::21"]
ROUTER6 = ["2001:db8:1::1", "2001:db8:2::1"]
PORTS = [22, 25, 53, 54, 80, 81, 1000, 1001, 65535]
ROUTER_MAC = {"lan0": bytes.fromhex("020000000001"),
              "wan0": bytes.fromhex("020000000002")}
HOST_MAC = {"lan0": bytes.fromhex("020000000101"),
            "wan0": bytes.fromhex("020000000201")}

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32


def address(text):
    import ipaddress
    return ipaddress.ip_address(text).packed


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def with_checksum(src, dst, proto, segment, at):
    s, d = address(src), address(dst)
    pseudo = s + d + struct.pack(">II", len(segment), proto)
    c = checksum(pseudo + segment[:at] + b"\0\0" + segment[at + 2:])
    if proto == 17 and not c:
        c = 0xffff
    return segment[:at] + struct.pack(">H", c) + segment[at + 2:]


def tcp(src, dst, sport, dport, seq, ack, flags, window=8192, options=b"",
        data=b""):
    options += b"\1" * (-len(options) % 4)
    header = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xffffffff,
                         ack & 0xffffffff, (5 + len(options) // 4) << 4, flags,
                         window, 0, 0)
    return with_checksum(src, dst, 6, header + options + data, 16)


def udp(src, dst, sport, dport, data=b""):
    segment = struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data
    return with_checksum(src, dst, 17, segment, 6)


def icmp(kind, code, rest, data=b""):
    packet = struct.pack(">BBH", kind, code, 0) + rest + data
    return packet[:2] + struct.pack(">H", checksum(packet)) + packet[4:]


def icmp6(src, dst, kind, code, rest, data=b""):
    packet = struct.pack(">BBH", kind, code, 0) + rest + data
    return with_checksum(src, dst, 58, packet, 2)


def ip4(src, dst, proto, payload, ttl=64, tos=0, ident=0, flags=0x4000,
        options=b""):
    options += b"\0" * (-len(options) % 4)
    header = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, tos,
                         20 + len(options) + len(payload), ident, flags, ttl,
                         proto, 0) + address(src) + address(dst) + options
    return (header[:10] + struct.pack(">H", checksum(header)) + header[12:] +
            payload)


def ip6(src, dst, proto, payload, hops=64, tclass=0):
    return struct.pack(">IHBB", 6 << 28 | tclass << 20, len(payload), proto,
                       hops) + address(src) + address(dst) + payload


def ether(iface, packet, dst=None):
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\0"
    return (dst or ROUTER_MAC[iface]) + HOST_MAC[iface] + kind + packet


class Flow:
    """A TCP connection or a pair of UDP ports, as both ends see it."""

    def __init__(self, rng, v6):
        lan, wan = (LAN6, WAN6) if v6 else (LAN4, WAN4)
        ends = [rng.choice(lan), rng.choice(wan)]
        if rng.random() < 0.3:
            ends.reverse()
        if rng.random() < 0.1:
            ends[1] = rng.choice(ROUTER6 if v6 else ROUTER4)
        self.v6, self.ends = v6, ends
        self.ports = [rng.choice(PORTS), rng.choice(PORTS)]
        self.proto = rng.choice(["tcp", "tcp", "udp", "icmp", "sctp", "other"])
        self.seq = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        self.acked = [0, 0]
        self.step = 0
        self.ident = rng.randrange(1, 65536)
        self.last = None


# IPv4 options and IPv6 hop-by-hop options, some of which a router drops packets for:
# broken ones, source routes, CIPSO, too much padding.
OPTIONS4 = [b"\1\1\1\0", b"\x94\4\0\0", b"\x94\3\0\0", b"\x99\4\0\0",
            b"\x99\5\0\0", b"\7\2\0\0", b"\7\7\x08" + bytes(5),
            b"\7\7\5" + bytes(5), b"\x44\x08\5\1" + bytes(4),
            b"\x44\x08\x09\xf0" + bytes(4), b"\x83\7\4" + bytes(5),
            b"\x86\x0a\0\0\0\1\1\4\0\1\0\0", b"\x82\x0b" + bytes(10)]
OPTIONS6 = [b"\1\4\0\0\0\0", b"\0\1\3\0\0\0", b"\1\x0c" + bytes(12),
            b"\1\4\0\0\0\1", b"\5\2\0\0\1\0", b"\5\3\0\0\0\0", b"\x1e\4\0\0\0\0",
            b"\x5e\4\0\0\0\0", b"\x9e\4\0\0\0\0", b"\xde\4\0\0\0\0",
            b"\x1e\0" * 9 + b"\1\2\0\0"]


class Walk:
    def __init__(self, rng, v6=False):
        self.rng, self.v6 = rng, v6
        self.flows = []
        self.ident = rng.randrange(1, 60000)
        # Of its own, so that the other packets of a seed stay what they were.
        self.options = random.Random(self.ident)

    def side_of(self, addr):
        lan = LAN6 + ROUTER6[:1] if self.v6 else LAN4 + ROUTER4[:1]
        return "lan0" if addr in lan else "wan0"

    def packet(self, src, dst, proto, payload):
        rng = self.rng
        ttl = rng.choice([64] * 12 + [1, 2, 5, 255])
        tos = rng.choice([0] * 8 + [0x10, 0xb8, 2, 3])
        if self.v6:
            nxt = proto
            if rng.random() < 0.06:
                kind = rng.choice([0, 60])
                options = OPTIONS6[0]
                if kind == 0 and self.options.random() < 0.5:
                    options = self.options.choice(OPTIONS6)
                payload = bytes([nxt, (len(options) + 2) // 8 - 1]) + options + payload
                nxt = kind
            return ip6(src, dst, nxt, payload, ttl, tos)
        self.ident += 1
        options = b""
        if self.options.random() < 0.03:
            options = self.options.choice(OPTIONS4)
        return ip4(src, dst, proto, payload, ttl, tos, self.ident,
                   rng.choice([0x4000, 0]), options)

    def tcp_step(self, f, way):
        rng = self.rng
        plan = [(0, SYN), (1, SYN | ACK), (0, ACK), (0, PSH | ACK),
                (1, PSH | ACK), (0, ACK), (1, FIN | ACK), (0, FIN | ACK),
                (1, ACK)]
        data = b""
        if rng.random() < 0.75:
            way, flags = plan[f.step % len(plan)]
            f.step += 1
        else:
            flags = rng.choice([SYN, SYN | ACK, ACK, RST, RST | ACK, FIN | ACK,
                                PSH | ACK, 0, FIN | SYN, 0x3f])
        if f.ends[1] in ROUTER4 + ROUTER6:
            way = 0
        if flags & PSH:
            data = rng.choice([b"needle", b"GET / HTTP/1.0\r\n\r\n", b"x" * 100,
                               b"bad", b"NEEDLE in a haystack"])
        options = b""
        if flags & SYN:
            options = rng.choice([b"", b"\2\4\5\xb4", b"\2\4\3\xe8",
                                  b"\2\4\5\xb4\1\3\3\7", b"\4\2\1\1"])
        src, dst = f.ends[way], f.ends[1 - way]
        ack = f.seq[1 - way] if flags & ACK else 0
        seq = f.seq[way]
        if rng.random() < 0.05:
            seq = rng.randrange(1 << 32)
        segment = tcp(src, dst, f.ports[way], f.ports[1 - way], seq, ack, flags,
                      8192, options, data)
        if seq == f.seq[way]:
            f.seq[way] += len(data) + bool(flags & SYN) + bool(flags & FIN)
        return src, dst, 6, segment

    def flow_step(self, f):
        rng = self.rng
        way = rng.randrange(2)
        if f.ends[1] in ROUTER4 + ROUTER6:
            way = 0	# the router's own packets are its own
        src, dst = f.ends[way], f.ends[1 - way]
        sport, dport = f.ports[way], f.ports[1 - way]
        if f.proto == "tcp":
            return self.tcp_step(f, way)
        if f.proto == "udp":
            data = rng.choice([b"", b"x", b"needle", b"y" * rng.randrange(300)])
            return src, dst, 17, udp(src, dst, sport, dport, data)
        if f.proto == "icmp":
            rest = struct.pack(">HH", f.ident, f.step)
            f.step += 1
            if self.v6:
                kind = rng.choice([128, 129] * 3 + [1, 3] +
                              [130] * (f.ends[1] not in ROUTER6))
                return src, dst, 58, icmp6(src, dst, kind, 0, rest, b"ping")
            kind = rng.choice([8, 0] * 4 + [13, 14, 17, 5, 30, 255])
            return src, dst, 1, icmp(kind, 0, rest, b"ping" * 3)
        if f.proto == "sctp":
            chunk = rng.choice([
                b"\1\0\0\x14" + b"\0" * 16, b"\0\3\0\x14" + b"\0" * 16,
                b"\3\0\0\x10" + b"\0" * 12, b"\6\1\0\4"])
            header = struct.pack(">HHII", sport, dport, 0, 0)
            return src, dst, 132, header + chunk
        kind = rng.choice([50, 51, 47, 33, 99])
        if kind == 51 and f.ends[1] in ROUTER6:
            kind = 50	# what a host answers depends on its modules
        body = {50: struct.pack(">II", rng.choice([256, 300]), 1) + b"e" * 16,
                51: struct.pack(">BBHII", 59, 4, 0, rng.choice([512, 9]), 1) +
                b"a" * 12,
                47: b"\0\0\x08\0" + b"g" * 8,
                33: struct.pack(">HHBBHBBH", sport, dport, 4, 0, 0,
                                rng.choice([0, 2, 4]) << 1 | 1, 0, 0) +
                b"d" * 8,
                99: b"z" * 12}[kind]
        return src, dst, kind, body

    def error_about(self, f):
        """An ICMP error that quotes the last packet of the flow."""
        quoted = f.last[14:]
        if self.v6:
            import ipaddress
            src = str(ipaddress.ip_address(quoted[24:40]))
            dst = str(ipaddress.ip_address(quoted[8:24]))
            kind, code = self.rng.choice([(1, 4), (3, 0), (2, 0)])
            return src, dst, 58, icmp6(src, dst, kind, code, b"\0" * 4,
                                       quoted[:80])
        import ipaddress
        src = str(ipaddress.ip_address(quoted[16:20]))
        dst = str(ipaddress.ip_address(quoted[12:16]))
        kind, code = self.rng.choice([(3, 3), (3, 1), (11, 0), (12, 0)])
        return src, dst, 1, icmp(kind, code, b"\0" * 4, quoted[:60])

    def fragments(self, f):
        rng = self.rng
        src, dst = f.ends
        self.ident += 1
        data = udp(src, dst, f.ports[0], f.ports[1], b"f" * rng.randrange(900))
        cut = len(data) // 2 & ~7
        if cut == 0:
            return [ip4(src, dst, 17, data)]
        parts = [ip4(src, dst, 17, data[:cut], 64, 0, self.ident, 0x2000),
                 ip4(src, dst, 17, data[cut:], 64, 0, self.ident, cut // 8)]
        if rng.random() < 0.3:
            parts.reverse()
        if rng.random() < 0.1:
            parts.pop()
        return parts

    def odd(self):
        """Broadcasts, groups, unknown destinations, martians."""
        rng = self.rng
        if self.v6:
            src = rng.choice(LAN6 + ["fe80::10"])
            dst = rng.choice(["2001:db8:9::1", "ff02::1", "ff05::99", "::1"])
        else:
            src = rng.choice(LAN4 + ["127.0.0.1", "224.1.1.1", "0.0.0.0"])
            dst = rng.choice(["192.0.2.255", "255.255.255.255", "224.0.0.1",
                              "239.1.1.1", "127.0.0.1",
                              "198.51.100.255"])
        payload = udp(src, dst, rng.choice(PORTS), rng.choice(PORTS), b"odd")
        p = self.packet(src, dst, 17, payload)
        mac = None
        if rng.random() < 0.5 and dst.endswith("255"):
            mac = b"\xff" * 6
        return "lan0", ether("lan0", p, mac)

    def next(self):
        """[(interface, frame)]: mostly one."""
        rng = self.rng
        if rng.random() < 0.04:
            return [self.odd()]
        if not self.flows or rng.random() < 0.2:
            self.flows.append(Flow(rng, self.v6))
        f = rng.choice(self.flows[-6:])
        if not self.v6 and f.proto == "udp" and rng.random() < 0.12:
            side = self.side_of(f.ends[0])
            return [(side, ether(side, p)) for p in self.fragments(f)]
        if f.last and rng.random() < 0.08 and \
                f.ends[1] not in ROUTER4 + ROUTER6:
            src, dst, proto, payload = self.error_about(f)
        else:
            src, dst, proto, payload = self.flow_step(f)
        if rng.random() < 0.03:
            payload = payload[:rng.randrange(len(payload) + 1)]
        if rng.random() < 0.03 and payload:
            payload = payload[:-1] + bytes([payload[-1] ^ 0x55])
        side = self.side_of(src)
        f.last = ether(side, self.packet(src, dst, proto, payload))
        frame = f.last
        if rng.random() < 0.03:
            frame += b"\0" * 18
        return [(side, frame)]
