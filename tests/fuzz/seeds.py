#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make inputs for the fuzz targets from testdata, in the form that each target reads.

    seeds.py TARGET FOLDER    one file for each capture that is of use to TARGET;
                              none for a target that is not named here

The corpora in tests/fuzz/corpus hold the inputs that reach more than these.
"""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata"
PROGRAM = os.environ.get("CTREPLAY", str(TESTDATA.parent / "build/ctreplay"))
LARGEST = 6000      # bytes of a seed; longer ones are slow to fuzz and reach no more

LINKTYPES = (0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 166, 192, 204, 205,
             228, 229, 239, 276)
ICMP, TCP, UDP, GRE, ICMP6, SCTP, UDPLITE = 1, 6, 17, 47, 58, 132, 136


def captures():
    """Every capture: its name, its bytes, and a number made from its name."""
    for path in sorted(TESTDATA.glob("*.pcap*")) + sorted(TESTDATA.glob("bad/*.pcap*")):
        yield path.name, path.read_bytes(), zlib.crc32(path.name.encode())


def frames(data):
    """Link type and frames (time, bytes, wire length) of a classic pcap file; of others, none."""
    for endian in "<>":
        for magic, unit in ((0xa1b2c3d4, 1e6), (0xa1b23c4d, 1e9)):
            if len(data) < 24 or data[:4] != struct.pack(endian + "I", magic):
                continue
            linktype, at, found = struct.unpack(endian + "I", data[20:24])[0], 24, []
            while at + 16 <= len(data):
                second, fraction, caplen, length = struct.unpack(endian + "4I", data[at:at + 16])
                found.append((second + fraction / unit, data[at + 16:at + 16 + caplen], length))
                at += 16 + caplen
            return linktype & 0xffff, found
    return None, []


def steps(found, unit):
    """Each frame with the time before it, in units up to two seconds or in half minutes, as
    choose_step() reads it."""
    last = found[0][0] if found else 0
    for when, data, length in found:
        gap, last = max(0, when - last), when
        yield int(gap / unit) if gap < 200 * unit else 199 + min(40, max(1, int(gap / 30))), data, length


def packets(data):
    """The IP packets of a capture on Ethernet or none: the step before each, and its bytes."""
    linktype, found = frames(data)
    for step, frame, _ in steps(found, 0.01):
        if linktype == 1:
            at = 14
            while frame[at - 2:at] in (b"\x81\x00", b"\x88\xa8"):
                at += 4
            frame = frame[at:] if frame[at - 2:at] in (b"\x08\x00", b"\x86\xdd") else b""
        elif linktype not in (12, 14, 101, 228, 229):
            return
        if len(frame) >= 20 and frame[0] >> 4 == 4:
            yield step, frame[:max(20, struct.unpack(">H", frame[2:4])[0])]
        elif len(frame) >= 40 and frame[0] >> 4 == 6:
            yield step, frame[:40 + struct.unpack(">H", frame[4:6])[0]]


def replay():
    """Each file as it is, with options chosen by its name; small files as frames as well."""
    for name, data, number in captures():
        head = struct.pack("<I", number)
        if len(data) <= LARGEST:
            yield name, bytes([head[0], head[1] & 0xbf, head[2], head[3] & 0xf0]) + bytes(7) + data
        linktype, found = frames(data)
        if linktype in LINKTYPES and len(data) < LARGEST // 2:
            yield name + ".frames", bytes([
                head[1], head[0] & 0xbf, head[2], head[3] & 0xee | 1, LINKTYPES.index(linktype),
            ]) + bytes(6) + b"".join(struct.pack(">BBH", 0, step, len(frame)) + frame
                                     for step, frame, length in steps(found, 0.01))


def reassembly():
    """All packets of the captures that have fragments."""
    for name, data, _ in captures():
        if "frag" in name or "ipv6" in name:
            found = list(packets(data))
            out = b"\xff\xff\x40" + b"".join(
                struct.pack(">BBH", 2 | (packet[0] >> 4 == 6), step // 10, len(packet)) + packet
                for step, packet in found)
            yield name, out[:LARGEST]


class Flows:
    """Packets as records of track.h, mapped to few hosts, ports and sequence numbers."""

    def __init__(self, protos):
        self.protos, self.hosts, self.ports, self.next = protos, {4: [], 6: []}, [], {}
        self.kept, self.tags = [], {}

    def place(self, known, pair, most):
        """The number of a pair, and whether the packet goes in its other direction."""
        for i, (a, b) in enumerate(known):
            if pair in ((a, b), (b, a)):
                return i % most, int(pair != (a, b))
        known.append(pair)
        return (len(known) - 1) % most, 0

    def tcp(self, key, end, l4):
        sequence, acknowledgement, offset, flags, window = struct.unpack(">IIBBH", l4[4:16])
        length = max(0, len(l4) - (offset >> 4) * 4)
        off = [sequence - self.next.get((key, end), sequence),
               acknowledgement - self.next.get((key, 1 - end), acknowledgement)]
        off = [(n + 2 ** 31) % 2 ** 32 - 2 ** 31 for n in off]
        far = 0x20 if max(map(abs, off)) > 32767 else 0
        off = [max(-32768, min(32767, n // 4096 if far else n)) for n in off]
        self.next[key, end] = sequence + length + (flags >> 1 & 1) + (flags & 1)
        return far, struct.pack(">BhhHB", flags, *off, window, min(255, (length + 15) // 16)) + \
            l4[20:(offset >> 4) * 4]

    def sctp(self, key, end, l4):
        if len(l4) >= 20 and l4[12] in (1, 2):
            self.tags[key, end] = l4[16:20]
        choice = {bytes(4): 0, self.tags.get((key, 1 - end)): 1, self.tags.get((key, end)): 2}
        return 0, bytes([choice.get(l4[4:8], 3)]) + l4[12:]

    def icmp(self, l4, errors):
        if l4[0] in errors and self.kept:
            return 0x10, l4[:2] + l4[4:8] + bytes([self.kept[-1] % 8, 0])
        return 0, l4[:2] + l4[4:]

    def record(self, number, step, packet):
        """The packet as a record, or None."""
        version = packet[0] >> 4
        if version == 4:
            proto, l4 = packet[9], packet[(packet[0] & 15) * 4:]
            pair = packet[12:16], packet[16:20]
        else:
            proto, l4, pair = packet[6], packet[40:], (packet[8:24], packet[24:40])
        if proto not in self.protos or len(l4) < 8 or proto == TCP and len(l4) < 20:
            return b""
        hosts, end = self.place(self.hosts[version], pair, 2)
        ports = 0
        if proto in (TCP, UDP, SCTP, UDPLITE):
            ports, end = self.place(self.ports, (pair[0] + l4[:2], pair[1] + l4[2:4]), 4)
        how, key = 0, (hosts, version, ports)
        if proto == TCP:
            how, body = self.tcp(key, end, l4)
        elif proto == SCTP:
            how, body = self.sctp(key, end, l4)
        elif proto in (ICMP, ICMP6):
            how, body = self.icmp(l4, (3, 4, 5, 11, 12) if proto == ICMP else (1, 2, 3, 4))
        else:
            body = {UDP: l4[8:], UDPLITE: l4[4:6] + l4[8:]}.get(proto, l4)
        if proto not in (ICMP, ICMP6):
            self.kept.append(number)
        body = body[:255]
        return bytes([self.protos.index(proto) | end << 3 | hosts << 4 | (version == 6) << 5 |
                      ports << 6, how, step, len(body)]) + body


def tracker(*protos):
    """A function that makes seeds for a target with this list of protocols."""
    def make():
        for name, data, number in captures():
            flows, out, count, wanted = Flows(protos), b"", 0, False
            for step, packet in packets(data):
                record = flows.record(count, step, packet)
                if record:
                    count += 1
                    wanted = wanted or record[0] & 7 < wanting(protos)
                    out += record
            if wanted:
                yield name, bytes([number & 0x0f]) + bytes([255, 0] * 3) + out[:LARGEST]
    return make


def wanting(protos):
    """How many protocols of the list count: a capture must have one of them."""
    return 2 if protos[0] == ICMP else 5 if protos[0] == UDP else 1


def gzip():
    """Captures in blocks of each kind, behind the two sizes."""
    for name, data, number in captures():
        level = number % 10
        packer = zlib.compressobj(level, zlib.DEFLATED, 31, 9, zlib.Z_FIXED if number & 16 else 0)
        packed = packer.compress(data[:4 * LARGEST]) + packer.flush()
        yield name, bytes([number & 255, number >> 8 & 255]) + packed[:LARGEST]


def filter_():
    """What libpcap makes of "tcp port 80" for Ethernet, and frames."""
    insns = ((0x28, 0, 0, 12), (0x15, 0, 6, 0x86dd), (0x30, 0, 0, 20), (0x15, 0, 15, 6),
             (0x28, 0, 0, 54), (0x15, 12, 0, 80), (0x28, 0, 0, 56), (0x15, 10, 11, 80),
             (0x15, 0, 10, 0x800), (0x30, 0, 0, 23), (0x15, 0, 8, 6), (0x28, 0, 0, 20),
             (0x45, 6, 0, 0x1fff), (0xb1, 0, 0, 14), (0x48, 0, 0, 14), (0x15, 2, 0, 80),
             (0x48, 0, 0, 16), (0x15, 0, 1, 80), (0x06, 0, 0, 262144), (0x06, 0, 0, 0))
    program = bytes([len(insns)]) + b"".join(struct.pack("<HBBI", *i) for i in insns)
    for name, data, _ in captures():
        yield name, program + data[40:140]
    yield "sums", bytes([5]) + b"".join(struct.pack("<HBBI", *i) for i in (
        (0x80, 0, 0, 0), (0x07, 0, 0, 0), (0x50, 0, 0, 2), (0x74, 0, 0, 1),
        (0x16, 0, 0, 0))) + bytes(20)


def sysctl():
    """Files of settings in the usual notations."""
    yield "printed", (b"net.netfilter.nf_conntrack_max = 262144\nnet.netfilter.nf_conntrack_acct = 1\n"
                      b"net.ipv4.ip_forward = 1\nnet.nf_conntrack_max = 4096\n")
    yield "written", (b"# comment\n; another\n\n-net/netfilter/nf_conntrack_tcp_loose=0\r\n"
                      b"ip_conntrack_generic_timeout\t=\t60\nnet.ipv4.ipfrag_time=5\n")
    yield "wrong", b"nf_conntrack_tcp_loos = 1\nnf_conntrack_count = 3\nnf_conntrack_acct = 9\n"


def options():
    """A command line for each kind of value, then some with many options."""
    for number, words in enumerate((
            b"+1.5 1000000000.25 2001-09-09T01:46:40.5Z 2001-09-09T03:46:40+02:00 2001-09-09",
            b"nf_conntrack_max=3 net.netfilter.nf_conntrack_acct=1 ip_conntrack_max=x",
            b"ftp:21,2121 netbios-ns/24 snmp/16:161 sip h323:1720,1719 fpt",
            b"NEW,INVALID related,new,drop", b"1024 99999999999", b"1 18446744073709551615",
            b"text json csv timesketch xml",
            b"--kernel=7.3 --no-helpers '-k\tall\t-N\t\"udp\\\\\tport\"' -p --sysctl\tnf_conntrack_max=3 'a",
            b"5.10 7.3.4 6.1.20-1 list 4.19 6.12.40+deb13-amd64",
            b"-o csv -p a.pcap -T iso --table-style nf_conntrack --color never -vq -k none",
            b"-petxs -c 3 -f tcp -N udp --at +1 --no-helpers --helper ftp -w b.pcap c.pcap",
            b"--sysctl nf_conntrack_max=1 --checksum=all --progress always --tabel -- -x",
            b"-h", b"-V", b"-qz", b"-o")):
        yield str(number), bytes([number]) + words.replace(b" ", b"\0").replace(b"\t", b" ")


def rules():
    """The parts of each recorded firewall, divided by a line of "%", and a packet."""
    for path in sorted((TESTDATA.parent / "tests/rules/cases").glob("*/in.pcap")):
        parts = [path.parent / name for name in ("ipsets", "routes")]
        texts = [part.read_bytes() if part.exists() else b"" for part in parts]
        for suffix in ("", "6"):
            text = path.parent / ("rules" + suffix)
            if not text.exists():
                continue
            seed = b"\n%\n".join([*texts, text.read_bytes(), frames(
                path.read_bytes())[1][0][1][14:]])
            # The fuzzer reads the family from the size.
            while bool(len(seed) & 4) != bool(suffix):
                seed += b"\0"
            yield path.parent.name + suffix, seed
        links = path.parent / "links"
        if links.exists():
            yield path.parent.name + "-links", b"\n%\n" + links.read_bytes()


def chunks(data):
    """The chunks of a state: tag, payload, all bytes."""
    at = 0
    while at + 16 <= len(data):
        length = struct.unpack("<I", data[at + 12:at + 16])[0] & 0x7fffffff
        yield data[at + 8:at + 12], data[at + 16:at + 16 + length], data[at:at + 16 + length]
        at += 16 + length


def state_of(path, count, *options):
    """The chunks of a state after some frames of a capture, those of ctreplay."""
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder) / "state"
        subprocess.run([PROGRAM, "-q", "-C", "--top", "src", "--top", "dst", "--top", "port",
                        "--top", "pair", "--dedup", *options, "-c", str(count),
                        "--save-state", saved, path], stderr=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, check=False)
        if not saved.exists():
            return []
        return list(chunks(saved.read_bytes().split(b"\n\n", 1)[1]))


def state():
    """The parts of states half-way through each capture that the target takes apart."""
    for path in sorted(TESTDATA.glob("*.pcap")):
        count = len(frames(path.read_bytes())[1]) // 2
        if not count:
            continue
        parts = state_of(path, count, "-k", "none")
        inner = list(chunks(b"".join(p for tag, p, _ in parts if tag == b"ENGN")))
        ends = [i for i, (tag, _, _) in enumerate(inner) if tag == b"END "]
        if len(ends) != 2:
            continue
        engine = b"".join(c for _, _, c in inner[1:ends[0] + 1])
        reassembly = b"".join(c for _, _, c in inner[ends[0] + 1:])
        tracker = b"".join(c for tag, _, c in parts
                           if tag not in (b"ENGN", b"TALY", b"TIME", b"REST", b"SHOW", b"KIDS"))
        if len(engine) <= LARGEST:
            yield path.name + "-engine", b"\0" + engine
        if b"frag" in path.name.encode() and len(reassembly) <= LARGEST:
            yield path.name + "-fragments", b"\2" + reassembly
        if path.name.startswith("ftp") and len(tracker) <= LARGEST:
            yield path.name + "-tracker", b"\3" + tracker
    yield from state_of_rules()


def state_of_rules():
    """What the rules of the target remember of packets that ask all of their matches."""
    source = (TESTDATA.parent / "tests/fuzz/fuzz_state.c").read_text()
    texts = {}
    for name in ("sets", "rules"):
        body = source.split(f"static const char {name}[] =\n", 1)[1].split(";", 1)[0]
        texts[name] = "".join(part.split('"')[1] for part in body.splitlines()).replace("\\n", "\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, file in (("sets", "ipsets"), ("rules", "rules")):
            (pathlib.Path(folder) / file).write_text(texts[name])
        for name in ("dns", "icmp", "tcp-rst", "ftp-active"):
            parts = state_of(TESTDATA / (name + ".pcap"), 20, "--firewall", folder,
                             "--hook", "forward", "--in", "eth0", "--out", "eth1")
            tags = [tag for tag, _, _ in parts]
            if b"RULE" in tags:
                yield name + "-rules", b"\7" + b"".join(
                    c for _, _, c in parts[tags.index(b"RULE"):])


TARGETS = {
    "state": state,
    "gzip": gzip,
    "filter": filter_,
    "rules": rules,
    "sysctl": sysctl,
    "options": options,
    "replay": replay,
    "reassembly": reassembly,
    "tcp": tracker(TCP, TCP, TCP, ICMP, ICMP6),
    "sctp": tracker(SCTP, SCTP, SCTP, ICMP, ICMP6),
    "icmp": tracker(ICMP, ICMP6, UDP, TCP, GRE, SCTP, UDPLITE, 50),
    "udp": tracker(UDP, UDPLITE, GRE, 33, 50, 0, ICMP, ICMP6),
}


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in TARGETS.get(arguments[0], tuple)():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
