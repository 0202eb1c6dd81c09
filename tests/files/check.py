#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A directory of ten thousand captures, as a week of rotation leaves it.

The names of the files do not tell their order; the time stamps of the frames do.
Each file begins before the previous one ends, so the program needs two of them at
once, and it gets too few file descriptors for many more.  All files hold one
connection: its counters tell whether every frame was tracked, and in order.
FILES is the number of files.
"""
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import PROGRAM, Tally

FILES = int(os.environ.get("FILES", "10000"))
DESCRIPTORS = 32
MEMORY = 64 << 20
SECONDS = 60
START = 1_000_000_000
# 192.0.2.10:40000 > 198.51.100.20:7, UDP, one octet; checksum 0 means none.
FRAME = bytes.fromhex("020000000002" "020000000001" "0800"
                      "4500001d000040004011") + \
    bytes.fromhex("4e7e" "c000020a" "c6336414" "9c400007" "00090000" "2a")
HEADER = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)

tally = Tally("check-files")
check = tally.check


def record(number):
    """Frame 'number', from 0; there is one each second."""
    return struct.pack("<IIII", START + number, 0, len(FRAME), len(FRAME)) + FRAME


def frames_of(i):
    """File i has frames 2i and 2i + 3, so it overlaps with the next one."""
    return [2 * i] + ([2 * i + 3] if i + 1 < FILES else []) + \
        ([1] if i == 0 else [])


def make_files(folder):
    names = list(range(FILES))
    random.Random(1).shuffle(names)
    for i, name in enumerate(names):
        (folder / f"dump{name}.pcap").write_bytes(
            HEADER + b"".join(map(record, sorted(frames_of(i)))))


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


def run(args):
    return subprocess.run([PROGRAM, *args], preexec_fn=few_descriptors,
                          capture_output=True, text=True)


def main():
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp) / "captures"
        folder.mkdir()
        make_files(folder)
        begin = time.monotonic()
        done = run(["-p", "-t", "-r", folder, "--sysctl",
                    "nf_conntrack_acct=1"])
        took = time.monotonic() - begin
        lines = done.stdout.splitlines() or [""]
        packets = [line.split() for line in lines if line[:1] == " " or
                   line[:1].isdigit()]
        wanted = sorted(n for i in range(FILES) for n in frames_of(i))
        check(f"exit status 0: {done.returncode}, {done.stderr[:300]}",
              done.returncode == 0)
        check("no message: " + done.stderr[:300], not done.stderr)
        check("frames are numbered from 1 on",
              [int(p[0]) for p in packets] == list(range(1, len(wanted) + 1)))
        check("frames are in order of time",
              [float(p[1]) for p in packets] == wanted)
        check("all packets belong to one connection: " + lines[-1],
              f"packets={len(wanted)} " in lines[-1])
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        check(f"less than {MEMORY >> 20} MiB of memory: {most >> 20} MiB", most < MEMORY)
        check(f"less than {SECONDS} s: {took:.1f} s", took < SECONDS)
        # Too many files at once are an error, with one hint at the remedy.
        folder = pathlib.Path(tmp) / "overlapping"
        folder.mkdir()
        for i in range(2 * DESCRIPTORS):
            (folder / str(i)).write_bytes(HEADER + record(i) +
                                          record(FILES + i))
        done = run(["-t", folder])
        check(f"too many files: {done.returncode}, {done.stderr[:300]}",
              done.returncode == 3 and done.stderr.count("ulimit -n") == 1)
    return tally.end(f"{FILES} files, {len(wanted)} frames, {took:.1f} s, "
                     f"{most >> 20} MiB")


if __name__ == "__main__":
    sys.exit(main())
