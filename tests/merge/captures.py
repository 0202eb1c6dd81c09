# SPDX-License-Identifier: GPL-2.0-only
"""
captures.py - small captures of independent places, for tests of what adds up.

    python3 tests/merge/captures.py FOLDER [N [CONNECTIONS]]

writes N of them.  Each place has addresses of its own, so that no connection is in two
captures; all begin and end at the same moment, so that the clock of one run over all of
them passes the same times as those of single runs.  The bytes are the same each time.
"""
import pathlib
import random
import struct
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "testdata"))
from gen import frames

SYN, ACK, FIN, RST, PSH = "S", ".", "F", "R", "P"
START, SECONDS = 1000000000, 600


def tcp_session(rng, client, server):
    """(offset in seconds, packet) of a session, whole or broken off."""
    sport, dport = rng.randrange(1024, 65536), rng.choice((22, 80, 443, 8080))
    seq, ack, at = rng.randrange(1 << 32), rng.randrange(1 << 32), 0.0
    packets = []

    def send(forth, flags, data=b""):
        nonlocal seq, ack, at
        at += rng.uniform(0.0005, 0.2)
        a, b = (client, server) if forth else (server, client)
        p, q = (sport, dport) if forth else (dport, sport)
        packets.append((at, frames.ip(a, b, 6, frames.tcp(
            a, b, p, q, flags, seq if forth else ack, ack if forth else seq,
            data=data))))
        step = len(data) + (SYN in flags) + (FIN in flags)
        if forth:
            seq = (seq + step) % (1 << 32)
        else:
            ack = (ack + step) % (1 << 32)

    send(True, "S")
    if rng.random() < 0.1:
        send(False, "R.")
        return packets
    send(False, "S.")
    send(True, ".")
    for _ in range(rng.randrange(1, 8)):
        send(rng.random() < 0.5, "P.", b"x" * rng.randrange(1, 200))
    if rng.random() < 0.2:
        seq = (seq + 100000) % (1 << 32)	# over the window: INVALID
        send(True, ".")
        seq = (seq - 100000) % (1 << 32)
    if rng.random() < 0.7:
        send(True, "F.")
        send(False, "F.")
        send(True, ".")
    return packets


def question(rng, client, server):
    sport = rng.randrange(1024, 65536)
    packets = [(0.0, frames.ip(client, server, 17, frames.udp(
        client, server, sport, 53, b"q" * 30)))]
    if rng.random() < 0.8:
        packets.append((rng.uniform(0.001, 0.05), frames.ip(
            server, client, 17, frames.udp(server, client, 53, sport, b"a" * 80))))
    return packets


def place(number, connections):
    """The packets of a place with their times in nanoseconds."""
    rng = random.Random(number)
    packets = []
    for _ in range(connections):
        start = rng.uniform(0.1, SECONDS - 10)
        client = f"10.{number}.{rng.randrange(4)}.{rng.randrange(1, 20)}"
        server = f"172.16.{number}.{rng.randrange(1, 6)}"
        make = tcp_session if rng.random() < 0.6 else question
        packets += [(int((start + at) * 1e9), packet)
                    for at, packet in make(rng, client, server)]
    for at in 0, SECONDS * 10 ** 9:
        packets.append((at, frames.ip(f"10.{number}.9.9", f"172.16.{number}.9", 17,
                                      frames.udp(f"10.{number}.9.9",
                                                 f"172.16.{number}.9", 9, 9, b"tick"))))
    return sorted(packets)


def pcap(packets):
    out = [struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 101)]
    for at, data in packets:
        out.append(struct.pack("<IIII", START + at // 10 ** 9, at % 10 ** 9,
                               len(data), len(data)) + data)
    return b"".join(out)


def write(folder, n=64, connections=40):
    """The paths of the captures."""
    paths = []
    for number in range(n):
        path = pathlib.Path(folder) / f"place-{number:02}.pcap"
        path.write_bytes(pcap(place(number, connections)))
        paths.append(path)
    return paths


if __name__ == "__main__":
    write(sys.argv[1], *map(int, sys.argv[2:]))
