#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What --annotate writes, as other programs read it.

tshark with wireshark/ctreplay.lua must find in each frame what -o json says of it, for
all captures of testdata; mergecap and editcap must keep it, tcpdump and capinfos must
find the frames unchanged.  CTREPLAY is the program.
"""
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import fields
import files
from tally import PROGRAM, TESTDATA, Tally

TOOLS = ("tshark", "mergecap", "editcap", "capinfos", "tcpdump")
TIMED = 100_000		# frames
TWICE = 2.0
# Times that the program has interpreted, and link types that tcpdump does not know or
# that are several in one file.
NOT_DUMPED = ("clock.pcap", "link-raw14.pcap", "pcapng-interfaces.pcapng")

tally = Tally("check-annotate")
check = tally.check


def dump(path):
    done = subprocess.run(["tcpdump", "-r", path, "-n", "-tt", "-xx",
                           "--time-stamp-precision=nano"], capture_output=True,
                          env={"PATH": "/usr/bin:/usr/sbin:/bin:/sbin", "TZ": "UTC"})
    return done.returncode, done.stdout


def check_frames(tmp):
    """tcpdump sees the frames of the capture."""
    for path in sorted(tmp.glob("*.annotated")):
        name = path.name.removesuffix(".annotated")
        if name not in NOT_DUMPED:
            check(f"{name}: tcpdump finds other frames",
                  dump(path) == dump(TESTDATA / name))


def check_capinfos(merged, frames):
    out = subprocess.run(["capinfos", "-Mtc", merged], capture_output=True,
                         text=True).stdout
    check(f"capinfos: {out}", re.search(r"pcapng", out) and
          re.search(rf"packets:\s+{frames}$", out, re.M))


def check_editcap(shark, tmp, records):
    """A part of a file, with other stamps, has the comments of its frames."""
    source, cut = tmp / "tcp-rst.pcap.annotated", tmp / "cut.pcapng"
    subprocess.run(["editcap", "-r", "-t", "3600", source, cut, "5-8"], check=True)
    rows, _ = shark.fields(cut)
    check(f"editcap: {rows}", len(records) == 14 and
          list(rows.values()) == [fields.wanted(r) for r in records[4:8]])


def processor_time(*args):
    """The least of some runs, in seconds."""
    least = 1e9
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([PROGRAM, "-q", *args], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime -
                    before.ru_stime)
    return least


def check_time(tmp):
    data = (TESTDATA / "http-curl.pcap").read_bytes()
    frames = len(fields.replay(TESTDATA / "http-curl.pcap", tmp / "timed")[0])
    path = tmp / "timed.pcap"
    path.write_bytes(data + data[24:] * (TIMED // frames))
    plain = processor_time("-w", tmp / "timed.pcapng", path)
    took = processor_time("--annotate", tmp / "timed.pcapng", path)
    check(f"{TIMED} packets take {took:.3f} s, and {plain:.3f} s with -w",
          took <= TWICE * plain)


def main():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        files.check_files(check, tmp)
        if missing:
            print(f"SKIP: check-annotate: {', '.join(missing)} not installed")
            return tally.end()
        shark = fields.Wireshark(tmp)
        fields.check_links(check, shark, tmp)
        fields.check_rules(check, shark, tmp)
        merged, rows = fields.check_captures(check, shark, tmp)
        fields.check_filters(check, shark, merged, rows)
        fields.check_profile(check, shark, merged, rows)
        fields.check_colors(check)
        check_capinfos(merged, len(rows))
        check_frames(tmp)
        check_editcap(shark, tmp, fields.replay(TESTDATA / "tcp-rst.pcap",
                                                tmp / "again")[0])
        check_time(tmp)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
