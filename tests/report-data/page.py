# SPDX-License-Identifier: GPL-2.0-only
"""The page of --report as docs/report.md describes it: its JSON and its columns."""
import base64
import functools
import itertools
import json
import re
import struct
import zlib

BLOCK = re.compile(rb'(<script id="ct-data" type="text/plain">)([A-Za-z0-9+/=]*)(?=</script>)')
DELTAS = ("packet.frame", "packet.dt", "packet.conn", "seg.conn")


class Columns(dict):
    """{name: numbers}; a column is decoded when it is asked for."""

    def __init__(self, makers):
        super().__init__()
        self.makers = makers

    def __missing__(self, name):
        self[name] = self.makers[name]()
        return self[name]

    def __iter__(self):
        return iter(self.makers)

    def items(self):
        return ((name, self[name]) for name in self.makers)

    def values(self):
        return (self[name] for name in self.makers)


def varints(data):
    if not data or max(data) < 128:
        return list(data)
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value = shift = 0
    if shift:
        raise ValueError("a number is cut")
    return out


def numbers(kind, data):
    if kind == "u8":
        return list(data)
    if kind == "u32":
        return list(struct.unpack(f"<{len(data) // 4}I", data))
    values = varints(data)
    if kind == "varint":
        return values
    if kind == "svarint":
        return [(v >> 1) ^ -(v & 1) for v in values]
    raise ValueError(f"no such type: {kind}")


class Page:
    """'json', 'column' with differences added up, and 'frame', the page without data."""

    def __init__(self, data):
        found = BLOCK.findall(data)
        if len(found) != 1:
            raise ValueError(f"{len(found)} blocks of data")
        self.frame = BLOCK.sub(rb"\1", data)
        raw = zlib.decompress(base64.b64decode(found[0][1], validate=True))
        n = int.from_bytes(raw[:4], "little")
        start = (4 + n + 7) // 8 * 8
        self.json = json.loads(raw[4:4 + n].decode())
        if raw[4 + n:start].strip(b"\0"):
            raise ValueError("what fills up is not 0")
        self.column = self.columns(raw[start:])

    def columns(self, data):
        out, end = {}, 0
        for name, c in self.json["columns"].items():
            if c["offset"] != (end + 7) // 8 * 8:
                raise ValueError(f"{name} begins at {c['offset']}, not behind {end}")
            end = c["offset"] + c["bytes"]
            out[name] = functools.partial(decoded, name, c, data[c["offset"]:end])
        if (end + 7) // 8 * 8 != len(data):
            raise ValueError(f"{len(data)} bytes of columns, not {end}")
        return Columns(out)

    def rows(self, group):
        """The rows of a group of columns, as dictionaries without the group's name."""
        names = [n for n in self.column if n.startswith(group + ".")]
        short = [n[len(group) + 1:] for n in names]
        return [dict(zip(short, row))
                for row in zip(*(self.column[n] for n in names), strict=True)]

    def segments(self):
        """{row of a connection: [(time, state), ...]}"""
        out, last = {}, None
        for conn, at, state in zip(self.column["seg.conn"], self.column["seg.at"],
                                   self.column["seg.state"], strict=True):
            if conn == last:
                at += out[conn][-1][0]
            elif conn in out:
                raise ValueError(f"the segments of connection {conn} are not together")
            out.setdefault(conn, []).append((at, self.json["states"][state]))
            last = conn
        return out


def decoded(name, column, data):
    values = numbers(column["type"], data)
    if len(values) != column["count"]:
        raise ValueError(f"{name}: {len(values)} numbers, not {column['count']}")
    return list(itertools.accumulate(values)) if name in DELTAS else values

