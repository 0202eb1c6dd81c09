#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make inputs for the fuzz targets out of testdata, each as its target wants it.

    seeds.py TARGET FOLDER    one file for each capture that says something to TARGET;
                              none for a target that is not named here

What the corpora keep is what these do not reach.
"""

import pathlib
import struct
import sys
import zlib

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata"
LARGEST = 6000      # bytes of a capture; longer ones are slow to fuzz and say no more


def captures():
    """Every capture that is not too large, with a number that its name gives."""
    for path in sorted(TESTDATA.glob("*.pcap*")) + sorted(TESTDATA.glob("bad/*.pcap*")):
        data = path.read_bytes()
        yield path.name, data, zlib.crc32(path.name.encode())


def frames(data):
    """Link type and frames (time, bytes, wire length) of a classic pcap file; none of others."""
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


def steps(found):
    """The time before each frame, as the targets count it: hundredths, or half minutes."""
    last = found[0][0] if found else 0
    for when, data, length in found:
        gap, last = max(0, when - last), when
        yield int(gap * 100) if gap < 2 else 199 + min(56, max(1, int(gap / 30))), data, length


LINKTYPES = (0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 166, 192, 204, 205,
             228, 229, 239, 276)


def replay():
    """Each file as it is, options by its name; then small ones as frames."""
    for name, data, number in captures():
        head = struct.pack("<I", number)
        if len(data) <= LARGEST:
            yield name, bytes([head[0], head[1] & 0xbf, head[2], head[3] & 0x30]) + bytes(7) + data
        linktype, found = frames(data)
        if linktype in LINKTYPES and len(data) < LARGEST // 2:
            yield name + ".frames", bytes([
                head[1], head[0] & 0xbf, head[2], head[3] & 0x2e | 1, LINKTYPES.index(linktype),
            ]) + bytes(6) + b"".join(struct.pack(">BBH", 0, step, len(frame)) + frame
                                     for step, frame, length in steps(found))


TARGETS = {"replay": replay}


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in TARGETS.get(arguments[0], tuple)():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
