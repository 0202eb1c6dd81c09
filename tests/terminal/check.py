#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Output on a terminal: the progress line, messages that replace it, colours.

Runs the program with standard output and standard error each on a pseudo-terminal or a
pipe.  CTREPLAY is the program.
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

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(TOP / os.environ.get("CTREPLAY", "build/ctreplay"))
SMALL = TOP / "testdata" / "tcp-rst.pcap"
CLEAR = "\r\x1b[K"
LINE = re.compile(r"\d+\.\d MB of \d+\.\d MB \(\d+ %\), \d+\.\d MB/s, \d+ s left")
PIPE_LINE = re.compile(r"\d+\.\d MB, \d+\.\d MB/s")
FRAME = bytes.fromhex("ffffffffffff" "020000000001" "0806") + bytes(46)
FRAMES = 100_000

problems = 0


def check(what, fine):
    global problems
    if not fine:
        problems += 1
        print("FAIL check-terminal:", what)


def capture(first, n):
    head = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
    record = struct.pack("<IIII", first, 0, len(FRAME), len(FRAME)) + FRAME
    return head + record * n


def run(args, out, err, env=(), stdin=subprocess.DEVNULL):
    """Returns standard output and error.  Each is on a "tty", a "pipe", or "slow": a pipe
    with a slow reader, so that the program runs long enough for a progress line."""
    said = {}

    def collect(name, fd):
        data = b""
        while True:
            try:
                more = os.read(fd, 65536)
            except OSError:	# the program has closed the terminal
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
    check(f"a line on a terminal: {err!r}", lines)
    check(f"the line is removed at the end: {err[-40:]!r}", err.endswith(CLEAR))
    check(f"the line fits: {lines}", all(len(line) < 80 for line in lines))
    percents = [int(re.search(r"(\d+) %", line).group(1)) for line in lines]
    check(f"it never goes backwards: {percents}",
          percents == sorted(percents) and percents and percents[-1] <= 100)
    check("no line if results go to a terminal",
          CLEAR not in "".join(run(["-pv", big], "tty", "tty")))
    check("no line if messages do not go to a terminal", CLEAR not in run(busy, "slow", "pipe")[1])
    check("no line with -q", CLEAR not in run(["-q", *busy], "slow", "tty")[1])
    check("--progress=never",
          CLEAR not in run(["--progress=never", *busy], "slow", "tty")[1])
    check("--progress=always",
          LINE.search(run(["--progress=always", *busy], "slow", "pipe")[1]))
    with subprocess.Popen(["cat", big], stdout=subprocess.PIPE) as cat:
        _, err = run(["-w", "-", "-"], "slow", "tty", stdin=cat.stdout)
    check(f"no total for a pipe: {err!r}", PIPE_LINE.search(err) and
          not LINE.search(err))
    # A message takes the line's place, at the beginning of the line.
    _, err = run([*busy, cut], "slow", "tty")
    shown = [part for line in err.split("\r\n") for part in line.split(CLEAR)]
    check(f"a message in place of the line: {err!r}", "ctreplay: " in err and
          all(part.startswith("ctreplay: ") for part in shown
              if "ctreplay: " in part) and
          any(LINE.fullmatch(part) for part in shown))


def check_colours():
    escape = "\x1b["
    red = f"{escape}1;31mINVALID"
    out, _ = run([SMALL], "tty", "pipe")
    check(f"INVALID stands out: {out[:200]!r}", red in out)
    plain = run([SMALL], "pipe", "pipe")[0]
    check("no colours in a pipe", escape not in plain)
    check("the text is the same", plain.replace("\n", "\r\n") ==
          re.sub(r"\x1b\[[0-9;]*m", "", out))
    check("no colours with NO_COLOR",
          escape not in run([SMALL], "tty", "pipe", {"NO_COLOR": "1"})[0])
    check("colours with an empty NO_COLOR",
          red in run([SMALL], "tty", "pipe", {"NO_COLOR": ""})[0])
    check("--color=never",
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
        check(f"--help: {len(rows)} lines", len(rows) <= 40)
        check("--help: lines of 80 columns", max(map(len, rows)) <= 80)
    print(f"check-terminal: {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
