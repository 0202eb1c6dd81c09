#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What --show, --conn, --frame and --ctstate let through, and that they change nothing
else.

Each capture of testdata is replayed once without these options.  Which records of
that run a selection must leave follows from the records themselves: packets by their
members, everything else by the connection that it belongs to.  A run with the options
must print just these, byte for byte, the packets in the same order.
"""
import collections
import json
import pathlib
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import COMMAND, TESTDATA, TOP, Tally

RUN = ["-pextsvC", "-o", "json", "--sandbox", "no"]
# Whose records these options name.
MEMBERS = {"event": "id", "conntrack": "id", "connection": "id", "expect_event": "master",
           "expect": "master"}

tally = Tally("selection")


def run(path, *options):
    done = subprocess.run([*COMMAND, *RUN, *options, str(path)], cwd=TOP,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stdout.splitlines(), done.returncode, done.stderr


class Capture:
    """The records of a run without a selection."""

    def __init__(self, path):
        self.path = path
        lines, self.status, _ = run(path)
        self.records = [(line, json.loads(line)) for line in lines]
        self.packets = [r for _, r in self.records if r["type"] == "packet"]
        self.masters = {r["id"]: r["master"] for _, r in self.records
                        if r["type"] == "event"}

    def family(self, ids):
        """The connections, and those that they expected."""
        ids = set(ids)
        for child, master in sorted(self.masters.items()):
            if master in ids:
                ids.add(child)
        return ids

    def expected(self, wanted, frame_wanted):
        """The lines of packets that 'wanted' accepts, and of what belongs to them."""
        ids = {p["id"] for p in self.packets if wanted(p)} - {None}
        packets, others = [], collections.Counter()
        for line, record in self.records:
            kind = record["type"]
            if kind == "packet" and wanted(record):
                packets.append(line)
            elif kind == "frame" and frame_wanted(record):
                packets.append(line)
            elif kind in ("statistics", "note") or record.get(MEMBERS.get(kind)) in ids:
                others[line] += 1
        return packets, others


def check(capture, options, wanted, frame_wanted=lambda frame: False):
    packets, others = capture.expected(wanted, frame_wanted)
    lines, status, said = run(capture.path, *options)
    shown = [l for l in lines if l.startswith(('{"type":"packet"', '{"type":"frame"'))]
    rest = collections.Counter(l for l in lines if l not in set(shown))
    what = f"{capture.path} {' '.join(options)}"
    tally.check(f"{what}: packets {shown[:2]}, not {packets[:2]}", shown == packets)
    tally.check(f"{what}: others too much {list(rest - others)[:2]}, too few "
                f"{list(others - rest)[:2]}", rest == others)
    tally.check(f"{what}: status {status}: {said}", status == capture.status)
    tally.check(f"{what}: says nothing of an empty selection",
                ("no packet is " in said) == (not any('"packet"' in p for p in packets)))


def check_capture(path):
    c = Capture(path)
    if not c.packets:
        return
    check(c, ["--ctstate", "INVALID,RELATED"],
          lambda p: p["ctstate"] in ("INVALID", "RELATED"))
    first, last = c.packets[0]["number"], c.packets[-1]["number"]
    middle = (first + last) // 2
    check(c, ["--frame", f"{first},{middle}-{last}"],
          lambda p: p["number"] == first or middle <= p["number"],
          lambda f: f["number"] == first or middle <= f["number"] <= last)
    ids = sorted(c.masters)
    if ids:
        some = c.family(ids[:1])
        check(c, ["--conn", str(ids[0])], lambda p: p["id"] in some)
        some = c.family(ids[1::2])
        if some:
            check(c, ["--conn", ",".join(map(str, ids[1::2]))],
                  lambda p: p["id"] in some)
    if not any(p["ctstate"] == "FRAGMENT" for p in c.packets):
        source = c.packets[-1]["src"]
        check(c, ["--show", f"src host {source}"], lambda p: p["src"] == source)
        # A combination, which selects late in a connection's life.
        check(c, ["--show", f"src host {source}", "--frame", f"{middle}-{last}",
                  "--ctstate", "ESTABLISHED,INVALID"],
              lambda p: p["src"] == source and p["number"] >= middle and
              p["ctstate"] in ("ESTABLISHED", "INVALID"))


def main():
    paths = sorted(p.relative_to(TOP) for p in TESTDATA.glob("*.pcap*"))
    for path in paths:
        check_capture(path)
    tally.check("there are captures", tally.passed > 1000)
    return tally.end(f"{len(paths)} captures")


if __name__ == "__main__":
    sys.exit(main())
