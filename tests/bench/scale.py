#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
scale.py [RUNS]

How far one machine goes: processor time of what a capture point costs, over small
frames and over full-size ones, and of what comes after; see docs/scale.md.  The least of
RUNS (5) is printed, wall time and processor time apart: other work on the machine can
only make them longer.

CTREPLAY is the program, BENCH_BIN has generate and floor, BENCH_DIR takes 1.5 GB.
"""
import json
import os
import pathlib
import platform
import random
import struct
import subprocess
import sys
import time

CTREPLAY = os.environ.get("CTREPLAY", "build/ctreplay")
BIN = os.environ.get("BENCH_BIN", "build/tests/bench")
DIR = pathlib.Path(os.environ.get("BENCH_DIR", "build/bench"))
OPTIONS = "-q -s -C --top src:1000 --top dst:1000 --top port:1000 -o json".split()
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
TB, GB = 1e12, 1e9


def measure(command, output="/dev/null"):
    """The least wall and processor time of RUNS, in seconds."""
    wall, cpu = [], []
    for _ in range(RUNS):
        with open(output, "wb") as out, open(os.devnull, "wb") as null:
            begin = time.monotonic()
            child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=null)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
        if status:
            sys.exit(f"{command}: status {status}")
        wall.append(time.monotonic() - begin)
        cpu.append(usage.ru_utime + usage.ru_stime)
    return min(wall), min(cpu)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def segment(client, number, forth, flags, seq, ack, size):
    """An Ethernet frame; data are zeros, which add nothing to a checksum."""
    addresses = struct.pack("!II", *((0x0a000000 + client, 0xc6336401) if forth else
                                     (0xc6336401, 0x0a000000 + client)))
    ports = (1024 + number % 60000, 443)
    tcp = struct.pack("!HHIIBBHHH", *(ports if forth else ports[::-1]), seq, ack, 0x50,
                      flags, 65535, 0, 0)
    total = checksum(addresses + struct.pack("!HH", 6, 20 + size) + tcp)
    tcp = tcp[:16] + struct.pack("!H", total) + tcp[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 40 + size, 0, 0x4000, 64, 6, 0) + addresses
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    return bytes(12) + b"\x08\0" + ip + tcp + bytes(size)


def write_full(path, packets=400000, connections=2000):
    """Downloads: full-size segments, an acknowledgement for every two."""
    rng, at = random.Random(1), 0
    live = {}
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))

        def put(data):
            nonlocal at
            at += 100
            out.write(struct.pack("<IIII", 1000000000 + at // 1000000, at % 1000000,
                                  len(data), len(data)) + data)
        written = 0
        while written < packets:
            c = rng.randrange(connections)
            if c not in live:
                put(segment(c, c, True, 2, 0, 0, 0))
                put(segment(c, c, False, 18, 0, 1, 0))
                put(segment(c, c, True, 16, 1, 1, 0))
                live[c] = 1
                written += 3
            seq = live[c]
            put(segment(c, c, False, 16, seq, 1, 1460))
            put(segment(c, c, False, 16, seq + 1460, 1, 1460))
            live[c] = (seq + 2920) & 0xffffffff
            put(segment(c, c, True, 16, 1, live[c], 0))
            written += 3


def row(label, wall, cpu, packets, size):
    print(f"{label:42} {wall:6.3f} {cpu:6.3f} {packets / cpu / 1e6:7.1f} "
          f"{size / cpu / GB:6.2f} {size / wall / GB:6.2f} {TB / (size / cpu) / 60:8.1f}")


def capture_rows(name, path):
    size = path.stat().st_size
    result = DIR / f"{name}.json"
    state = DIR / f"{name}.state"
    measure([CTREPLAY, *OPTIONS, path], result)
    with open(result, encoding="utf-8") as f:
        s = next(json.loads(l) for l in f if l.startswith('{"type":"statistics"'))
    packets, created = s["frames"], s["entries"]["created"]
    print(f"\n{name}: {packets} packets, {size / 1e6:.0f} MB, {created} connections, "
          f"{created / (size / GB):.0f} a GB, {s['most_entries']} at once")
    print(f"{'':42} {'wall s':>6} {'CPU s':>6} {'M pkt/s':>7} {'GB/s':>6} {'GB/s':>6} "
          f"{'min a TB':>8}")
    print(f"{'':56} {'of CPU':>7} {'of CPU':>6} {'wall':>6} {'of CPU':>8}")
    for label, command in (
            ("floor: pcap_next_ex", [f"{BIN}/floor", path]),
            ("table", [CTREPLAY, "-q", path]),
            ("statistics, connections, tops (JSON)", [CTREPLAY, *OPTIONS, path]),
            ("the same, with --save-state", [CTREPLAY, *OPTIONS, "--save-state", state,
                                             path]),
            ("one of two shards: -f, half of the pairs", [
                CTREPLAY, "-q", "-f", "ip and (ip[15] + ip[19]) & 1 = 0", path])):
        row(label, *measure(command), packets, size)
    return result


def merge_row(result):
    lines = sum(1 for _ in open(result, "rb"))
    other = DIR / "other.json"
    other.write_bytes(result.read_bytes())
    wall, cpu = measure([CTREPLAY, "--merge", "-q", "-o", "json", result, other])
    print(f"\nmerge of two results of {lines} lines: {wall:.3f} s, CPU {cpu:.3f} s, "
          f"{2 * lines / cpu / 1000:.0f} thousand lines a second")


def main():
    with open("/proc/cpuinfo", encoding="ascii") as f:
        model = next((l.split(": ")[1].strip() for l in f if l.startswith("model name")),
                     "unknown processor")
    print(f"# {model}, {os.cpu_count()} processors, {platform.system()} "
          f"{platform.release()}, load {os.getloadavg()[0]:.1f}; least of {RUNS}")
    DIR.mkdir(parents=True, exist_ok=True)
    small, full = DIR / "scale-small.pcap", DIR / "scale-full.pcap"
    subprocess.run([f"{BIN}/generate", "-n", "2000000", "-c", "100000", "-l", "5001", "-d",
                    "600", small], check=True)
    if not full.exists():
        write_full(full)
    result = capture_rows("small frames", small)
    capture_rows("full-size frames", full)
    merge_row(result)


if __name__ == "__main__":
    main()
