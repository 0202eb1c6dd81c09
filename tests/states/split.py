# SPDX-License-Identifier: GPL-2.0-only
"""Cuts a capture into captures of a few frames each, without a tool's help: the records
are copied as they are."""
import struct

PCAP = {0xa1b2c3d4, 0xa1b23c4d}
SECTION, PACKET, SIMPLE, STATISTICS, ENHANCED = 0x0a0d0d0a, 2, 3, 5, 6


def pcap_frames(data):
    """The header, and the bytes of each frame with its record header; what is cut short
    at the end is a frame as well."""
    order = "<" if struct.unpack("<I", data[:4])[0] in PCAP else ">"
    at, frames = 24, []
    while at < len(data):
        size = 16
        if at + 16 <= len(data):
            size += struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frames.append((data[:24], data[at:at + size], True))
        at += size
    return frames


def pcapng_frames(data):
    """Each frame behind the blocks of its section that are no frames, and whether a part
    may begin with it: a frame without a time gets that of the one before in its file.
    Statistics stand before one frame alone: each part would count anew what was lost."""
    at, order, head, counts, frames = 0, "<", b"", b"", []
    while at + 12 <= len(data):
        kind = struct.unpack(order + "I", data[at:at + 4])[0]
        if kind == SECTION:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            head, counts = b"", b""
        size = struct.unpack(order + "I", data[at + 4:at + 8])[0]
        block = data[at:at + size]
        if kind in (PACKET, SIMPLE, ENHANCED):
            frames.append((head, counts + block, kind != SIMPLE))
            counts = b""
        elif kind == STATISTICS:
            counts += block
        else:
            head += block
        at += size
    if frames:
        frames[-1] = (frames[-1][0], frames[-1][1] + counts, frames[-1][2])
    return frames


def split(data, places):
    """The capture cut before the frames of the indices 'places'; None: at each frame.
    None for what is no capture that can be cut here."""
    magic = data[:4]
    if magic == b"\x0a\x0d\x0d\x0a":
        frames = pcapng_frames(data)
    elif len(data) >= 24 and {struct.unpack(o + "I", magic)[0] for o in "<>"} & PCAP:
        frames = pcap_frames(data)
    else:
        return None
    if not frames:
        return None
    cuts = sorted({0, len(frames), *(i for i in (range(len(frames)) if places is None
                                                 else places) if frames[i][2])})
    parts = []
    for begin, end in zip(cuts, cuts[1:]):
        part, head = b"", b""
        for before, frame, _ in frames[begin:end]:
            # A block that is no frame is written once for each section or part.
            if not part or not before.startswith(head):
                part += before
            else:
                part += before[len(head):]
            head = before
            part += frame
        parts.append(part)
    return parts
