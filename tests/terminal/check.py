#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a terminal shows: the progress line, messages in its place, colours.

Runs the program with its standard output and its standard error on a
pseudo-terminal or on a pipe.
"""
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import PROGRAM, TESTDATA, Tally

SMALL = TESTDATA / "tcp-rst.pcap"
CLEAR = "\r\x1b[K"
LINE = re.compile(r"\d+\.\d MB of \d+\.\d MB \(\d+ %\), \d+\.\d MB/s, \d+ s left")
PIPE_LINE = re.compile(r"\d+\.\d MB, \d+\.\d MB/s")
FRAME = bytes.fromhex("ffffffffffff" "020000000001" "0806") + bytes(46)
FRAMES = 100_000

tally = Tally("check-terminal")
check = tally.check


def capture(first, n):
    head = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
    record = struct.pack("<IIII", first, 0, len(FRAME), len(FRAME)) + FRAME
    return head + record * n


def run(args, out, err, env=(), stdin=subprocess.DEVNULL):
    """Returns standard output and standard error.  Each is a "tty", a "pipe", or
    "slow": a pipe that is read so slowly that a progress line appears."""
    said = {}

    def collect(name, fd):
        data = b""
        while True:
            try:
                more = os.read(fd, 65536)
            except OSError:	# all writers have closed the terminal
                break
            if not more:
                break
            data += more
            if kinds[name] == "slow":
                time.sleep(0.005)
        os.close(fd)
        said[name] = data.decode(errors="replace")

    kinds = {"out": out, "err": err}
    ends, threads = {}, []
    for name, kind in kinds.items():
        read, ends[name] = pty.openpty() if kind == "tty" else os.pipe()
        threads.append(threading.Thread(target=collect, args=(name, read)))
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    child = subprocess.Popen([PROGRAM, *map(str, args)], stdin=stdin,
                             stdout=ends["out"], stderr=ends["err"],
                             env={**environment, **dict(env)})
    for fd in ends.values():
        os.close(fd)
    for t in threads:
        t.start()
    child.wait()
    for t in threads:
        t.join()
    return said["out"], said["err"]


def check_progress(big, cut):
    busy = ["-w", "-", big]
    _, err = run(busy, "slow", "tty")
    lines = [part for part in err.split(CLEAR) if LINE.fullmatch(part)]
    check(f"a progress line on a terminal: {err!r}", lines)
    after = err.rpartition(CLEAR)[2]
    check(f"the line is cleared at the end: {after!r}",
          all(part.startswith("ctreplay: note: ")
              for part in after.splitlines() if part))
    check(f"it is shorter than 80 columns: {lines}",
          all(len(line) < 80 for line in lines))
    percents = [int(re.search(r"(\d+) %", line).group(1)) for line in lines]
    check(f"the percentage does not decrease: {percents}",
          percents == sorted(percents) and percents and percents[-1] <= 100)
    check("no progress line where results go to a terminal",
          CLEAR not in "".join(run(["-pv", big], "tty", "tty")))
    check("no progress line where messages go to a pipe",
          CLEAR not in run(busy, "slow", "pipe")[1])
    check("no progress line with -q",
          CLEAR not in run(["-q", *busy], "slow", "tty")[1])
    check("no progress line with --progress=never",
          CLEAR not in run(["--progress=never", *busy], "slow", "tty")[1])
    check("a progress line with --progress=always",
          LINE.search(run(["--progress=always", *busy], "slow", "pipe")[1]))
    with subprocess.Popen(["cat", big], stdout=subprocess.PIPE) as cat:
        _, err = run(["-w", "-", "-"], "slow", "tty", stdin=cat.stdout)
    check(f"no total for a pipe: {err!r}", PIPE_LINE.search(err) and
          not LINE.search(err))
    # A message replaces the progress line, from the beginning of the line.
    _, err = run([*busy, cut], "slow", "tty")
    shown = [part for line in err.split("\r\n") for part in line.split(CLEAR)]
    check(f"a message replaces the progress line: {err!r}", "ctreplay: " in err and
          all(part.startswith("ctreplay: ") for part in shown
              if "ctreplay: " in part) and
          any(LINE.fullmatch(part) for part in shown))


def check_colours():
    escape = "\x1b["
    red = f"{escape}1;31mINVALID"
    out, _ = run([SMALL], "tty", "pipe")
    check(f"INVALID is red: {out[:200]!r}", red in out)
    plain = run([SMALL], "pipe", "pipe")[0]
    check("no colours into a pipe", escape not in plain)
    check("the text is the same without the colours", plain.replace("\n", "\r\n") ==
          re.sub(r"\x1b\[[0-9;]*m", "", out))
    check("no colours with NO_COLOR", escape not in
          run([SMALL], "tty", "pipe", {"NO_COLOR": "1"})[0])
    check("an empty NO_COLOR has no effect",
          red in run([SMALL], "tty", "pipe", {"NO_COLOR": ""})[0])
    check("no colours with --color=never",
          escape not in run(["--color=never", SMALL], "tty", "pipe")[0])
    check("--color=always overrides NO_COLOR",
          red in run(["--color=always", SMALL], "pipe", "pipe",
                     {"NO_COLOR": "1"})[0])
    check("no colours in JSON", escape not in run(["-o", "json", SMALL], "tty",
                                                  "pipe")[0])


def main():
    try:
        for fd in pty.openpty():
            os.close(fd)
    except OSError as error:
        print("SKIP: check-terminal: no pseudo-terminal:", error)
        return 0
    with tempfile.TemporaryDirectory() as tmp:
        big = pathlib.Path(tmp) / "big.pcap"
        big.write_bytes(capture(1, FRAMES))
        cut = pathlib.Path(tmp) / "cut.pcap"
        cut.write_bytes(capture(1, FRAMES // 2)[:-5])
        check_progress(big, cut)
        check_colours()
        rows = subprocess.run([PROGRAM, "--help"], capture_output=True,
                              text=True, check=True).stdout.splitlines()
        check(f"--help has no more than 72 lines: {len(rows)}", len(rows) <= 72)
        check("--help fits into 80 columns", max(map(len, rows)) <= 80)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
