# SPDX-License-Identifier: GPL-2.0-only
"""Cuts a capture into captures of a few frames each, without a tool's help: the records
are copied as they are."""
import struct

PCAP = {0xa1b2c3d4, 0xa1b23c4d}
SECTION, INTERFACE, PACKET, SIMPLE, ENHANCED = 0x0a0d0d0a, 1, 2, 3, 6


def pcap_frames(data):
    """The header, and the bytes of each frame with its record header; what is cut short
    at the end is a frame as well."""
    order = "<" if struct.unpack("<I", data[:4])[0] in PCAP else ">"
    at, frames = 24, []
    while at < len(data):
        size = 16
        if at + 16 <= len(data):
            size += struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frames.append(data[at:at + size])
        at += size
    return [(data[:24], frame) for frame in frames]


def pcapng_frames(data):
    """Each frame behind the blocks of its section that are no frames."""
    at, order, head, frames = 0, "<", b"", []
    while at + 12 <= len(data):
        kind = struct.unpack(order + "I", data[at:at + 4])[0]
        if kind == SECTION:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            head = b""
        size = struct.unpack(order + "I", data[at + 4:at + 8])[0]
        block = data[at:at + size]
        if kind in (PACKET, SIMPLE, ENHANCED):
            frames.append((head, block))
        else:
            head += block
        at += size
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
    cuts = sorted({0, len(frames), *(places if places is not None else
                                     range(len(frames)))})
    parts = []
    for begin, end in zip(cuts, cuts[1:]):
        part, head = b"", b""
        for before, frame in frames[begin:end]:
            # A block that is no frame is written once for each section or part.
            if not part or not before.startswith(head):
                part += before
            else:
                part += before[len(head):]
            head = before
            part += frame
        parts.append(part)
    return parts
