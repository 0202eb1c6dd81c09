# SPDX-License-Identifier: GPL-2.0-only
"""Blocks of pcapng files, written and read from draft-ietf-opsawg-pcapng alone."""
import struct

SECTION, INTERFACE, NAMES, STATISTICS, ENHANCED = 0x0a0d0d0a, 1, 4, 5, 6
JOURNAL, SECRETS, CUSTOM, CUSTOM_NO_COPY = 9, 10, 0xbad, 0x40000bad
UNKNOWN = 0x80000123


class Writer:
    """Makes the bytes of blocks in one byte order."""

    def __init__(self, order="<"):
        self.order = order

    def pack(self, fmt, *values):
        return struct.pack(self.order + fmt, *values)

    def options(self, options):
        if not options:
            return b""
        data = b"".join(self.pack("HH", code, len(value)) + padded(value)
                        for code, value in options)
        return data + self.pack("HH", 0, 0)

    def block(self, kind, body, options=()):
        body += self.options(options)
        size = len(body) + 12
        return self.pack("II", kind, size) + body + self.pack("I", size)

    def section(self, options=()):
        return self.block(SECTION, self.pack("IHHq", 0x1a2b3c4d, 1, 0, -1), options)

    def interface(self, linktype=1, snaplen=0, options=()):
        return self.block(INTERFACE, self.pack("HHI", linktype, 0, snaplen), options)

    def packet(self, number, ticks, data, options=()):
        return self.block(ENHANCED, self.pack("IIIII", number, ticks >> 32,
                                              ticks & 0xffffffff, len(data),
                                              len(data)) + padded(data), options)

    def statistics(self, number, ticks, options=()):
        return self.block(STATISTICS, self.pack("III", number, ticks >> 32,
                                                ticks & 0xffffffff), options)

    def stamp(self, ticks):
        return self.pack("II", ticks >> 32, ticks & 0xffffffff)

    def names(self, *records, options=()):
        """Records of IPv4 addresses."""
        body = b"".join(self.pack("HH", 1, 4 + len(name) + 1) +
                        padded(address + name + b"\0") for address, name in records)
        return self.block(NAMES, body + self.pack("HH", 0, 0), options)

    def secrets(self, kind, data, options=()):
        return self.block(SECRETS, self.pack("II", kind, len(data)) + padded(data),
                          options)

    def custom(self, enterprise, data, kind=CUSTOM):
        return self.block(kind, self.pack("I", enterprise) + padded(data))


def padded(data):
    return data + bytes(-len(data) % 4)


def read_options(order, data):
    options, at = [], 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            break
        options.append((code, data[at + 4:at + 4 + size]))
        at += 4 + (size + 3 & ~3)
    return options


def read_names(order, body):
    records, at = [], 0
    while True:
        kind, size = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4:at + 4 + size]
        at += 4 + (size + 3 & ~3)
        if kind == 0:
            return [*records, read_options(order, body[at:])]
        records.append((kind, value))


def read(data):
    """[(type, values)] of a file; values are what the block says, without padding."""
    blocks, at, order = [], 0, "<"
    while at < len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, size = struct.unpack_from(order + "II", data, at)
        assert struct.unpack_from(order + "I", data, at + size - 4)[0] == size
        body = data[at + 8:at + size - 4]
        at += size

        def number(fmt, offset=0):
            return struct.unpack_from(order + fmt, body, offset)

        if kind == SECTION:
            values = [read_options(order, body[16:])]
        elif kind == INTERFACE:
            values = [*number("HxxI"), read_options(order, body[8:])]
        elif kind == ENHANCED:
            interface, high, low, caplen, wirelen = number("IIIII")
            values = [interface, high << 32 | low, wirelen, body[20:20 + caplen],
                      read_options(order, body[20 + (caplen + 3 & ~3):])]
        elif kind == STATISTICS:
            interface, high, low = number("III")
            values = [interface, high << 32 | low, read_options(order, body[12:])]
        elif kind == NAMES:
            values = read_names(order, body)
        elif kind == SECRETS:
            what, length = number("II")
            values = [what, body[8:8 + length],
                      read_options(order, body[8 + (length + 3 & ~3):])]
        elif kind in (CUSTOM, CUSTOM_NO_COPY):
            values = [*number("I"), body[4:]]
        else:
            values = [body]
        blocks.append((kind, values))
    return blocks
