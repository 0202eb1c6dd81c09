#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The captures that -w writes, as other programs read them.

Other programs say which frames a file must have, as far as they can: with -f tcpdump
with the same filter, without options the capture itself, with several captures
mergecap, with --ctstate the lines of -p and, for the fragments that belong to a packet,
tshark's reassembly.  tcpdump compares bytes, lengths, stamps (to the nanosecond) and
link types with the original, for all captures of testdata.  tshark does the same for
some captures of each kind, and also reads files with several link types.  CTREPLAY is
the program.  With --some every third capture is compared, and tshark reads none: for a
program that is watched in other ways (sanitizers, coverage) and slow.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(TOP / os.environ.get("CTREPLAY", "build/ctreplay"))
TESTDATA = TOP / "testdata"
TCPDUMP = shutil.which("tcpdump") or shutil.which("tcpdump", path="/usr/sbin:/sbin")
TSHARK = shutil.which("tshark")
FILTER = "tcp or icmp6"
LENGTH_FILTER = "greater 120"		# needs no look into the frame
# Link types that libpcap has no other filters for.
WITHOUT_FILTER = re.compile(r"link-(nflog|e?dsa|epon|erf|frelay-dir|ipoib|mfr|mpls-raw|pktap|tzsp)")
STATES = "ESTABLISHED,INVALID,RELATED"

# tshark is slow, so it reads one capture of each kind.
FOR_TSHARK = (
    "tcp-rst.pcap", "nanosecond.pcap", "big-endian.pcap", "big-endian-nano.pcap",
    "snaplen-40.pcap", "pcapng.pcapng", "pcapng-big-endian-nano.pcapng",
    "pcapng-interfaces.pcapng", "bad/two-link-types.pcapng", "link-sll2.pcap",
    "link-radiotap.pcap", "link-raw.pcap", "no-frames.pcap",
)
REASSEMBLED = ("fragments-ipv4.pcap", "fragments-ipv6.pcap")
# Invalid stamps, which are written as the program has interpreted them; and a link type
# that tcpdump does not know.
NOT_COMPARED = ("clock.pcap", "link-raw14.pcap")
HEX = re.compile(r"\t0x[0-9a-f]+:  ((?:[0-9a-f]+ ?)+)")
ISOLATED = dict(os.environ, LC_ALL="C", TZ="UTC")

compared = 0
problems = []


def problem(*words):
    problems.append(words)
    print("FAIL", *words)


def run(command, status=0):
    """Standard output and error of a command that must end with 'status'."""
    done = subprocess.run([str(c) for c in command], cwd=TESTDATA,
                          env=ISOLATED, capture_output=True)
    if done.returncode != status:
        problem("exit status", done.returncode, *command,
                done.stderr.decode(errors="replace"))
    return (done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"))


def by_tcpdump(path):
    """[(link type, stamp, bytes)]"""
    out, err = run([TCPDUMP, "-r", path, "-n", "-tt", "-xx",
                    "--time-stamp-precision=nano"])
    link = re.search(r"link-type (\S+)", err).group(1).rstrip(",")
    frames = []
    for line in out.splitlines():
        octets = HEX.match(line)
        if octets:
            frames[-1][2] += octets.group(1).replace(" ", "")
        elif re.match(r"\d+\.\d{9} ", line):
            frames.append([link, line.split()[0], ""])
    return frames


def by_tshark(path):
    """[(link type, stamp, length on the wire, bytes)]"""
    out, _ = run([TSHARK, "-n", "-r", path, "-T", "json", "-x", "-j", "frame"])
    frames = []
    # tshark writes some keys more than once; the first is the frame's.
    for packet in json.loads(out or "[]",
                             object_pairs_hook=lambda p: dict(reversed(p))):
        layers = packet["_source"]["layers"]
        frame = layers["frame"]
        if "frame.encap_type" not in frame:
            continue		# a custom block of pcapng is no frame
        frames.append((frame["frame.encap_type"], frame["frame.time_epoch"],
                       frame["frame.len"], layers["frame_raw"][0]))
    return frames


def same(what, got, wanted):
    global compared
    compared += 1
    if got == wanted:
        return
    problem(what, ":", len(got), "frames,", len(wanted), "wanted")
    for i, (g, w) in enumerate(zip(got, wanted)):
        if g != w:
            print("  frame", i + 1, "is", g, "wanted", w)
            break


def shown(path, states):
    """{number: state}, from the packet lines."""
    out, _ = run([PROGRAM, "-p", "--ctstate", states, path])
    return {int(line.split()[0]): line.split()[2] for line in out.splitlines()}


def fragments(path):
    """{number of the frame that completes a datagram: [numbers of its frames]}"""
    out, _ = run([TSHARK, "-2", "-n", "-r", path, "-T", "fields", "-e",
                  "frame.number", "-e", "ip.reassembled_in", "-e",
                  "ipv6.reassembled.in"])
    completed = {}
    for line in out.splitlines():
        number, *where = line.split()
        if where:
            completed.setdefault(int(where[0]), []).append(int(number))
    return completed


def let_through(path):
    """Numbers of the frames that --ctstate STATES lets through, in order."""
    numbers = shown(path, STATES)
    if path.name not in REASSEMBLED:
        return list(numbers)
    held = shown(path, "FRAGMENT")
    completed = fragments(path)
    return [n for whole in numbers
            for n in [*(f for f in completed.get(whole, ()) if f in held), whole]]


def check_tcpdump(path, tmp):
    original = by_tcpdump(path)
    out, ref = tmp / "out", tmp / "ref"
    run([PROGRAM, "-w", out, path])
    same(f"{path.name} -w, tcpdump", by_tcpdump(out), original)
    run([PROGRAM, "-w", tmp / "out.pcapng", path])
    same(f"{path.name} -w .pcapng, tcpdump", by_tcpdump(tmp / "out.pcapng"),
         original)
    # Standard output gets the same bytes as a file.
    piped = subprocess.run([PROGRAM, "-w", "-", path], capture_output=True,
                           check=True).stdout
    same(f"{path.name} -w -", piped, out.read_bytes())
    bpf = LENGTH_FILTER if WITHOUT_FILTER.match(path.name) else FILTER
    run([TCPDUMP, "-r", path, "--time-stamp-precision=nano", "-w", ref, bpf])
    run([PROGRAM, "-f", bpf, "-w", out, path])
    same(f"{path.name} -f -w, tcpdump", by_tcpdump(out), by_tcpdump(ref))
    if path.name.startswith("fragments-") and \
            (not TSHARK or path.name not in REASSEMBLED):
        return
    run([PROGRAM, "--ctstate", STATES, "-w", out, path])
    same(f"{path.name} --ctstate -w, tcpdump", by_tcpdump(out),
         [original[n - 1] for n in let_through(path)])


def check_tshark(path, tmp):
    original = by_tshark(path)
    for name in ("out.pcap", "out.pcapng"):
        run([PROGRAM, "-w", tmp / name, path])
        same(f"{path.name} -w {name}, tshark", by_tshark(tmp / name), original)
    run([PROGRAM, "--ctstate", STATES, "-w", tmp / "out.pcap", path])
    same(f"{path.name} --ctstate -w, tshark", by_tshark(tmp / "out.pcap"),
         [original[n - 1] for n in let_through(path)])


def check_merged(paths, tmp):
    """Several captures, also with different link types, compared with mergecap."""
    run(["mergecap", "-w", tmp / "ref.pcapng", *paths])
    _, said = run([PROGRAM, "-w", tmp / "out", *paths])
    wanted, got = by_tshark(tmp / "ref.pcapng"), by_tshark(tmp / "out")
    # mergecap orders frames with equal stamps differently.
    what = " + ".join(p.name for p in paths) + ", mergecap"
    same(what, sorted(got), sorted(wanted))
    same(what + ", stamps", [f[1] for f in got], [f[1] for f in wanted])
    several = len({frame[0] for frame in wanted}) > 1
    if several != ("tcpdump" in said):
        problem(paths, "warning about several link types:", repr(said))
    if several and TCPDUMP:
        run([TCPDUMP, "-r", tmp / "out", "-w", tmp / "ref"], status=1)


def check_by_tshark(tmp):
    for name in FOR_TSHARK:
        check_tshark(TESTDATA / name, tmp)
    for names in (("merge-client.pcap", "merge-server.pcap"),
                  ("link-sll.pcap", "nanosecond.pcap", "link-raw.pcap"),
                  ("pcapng-big-endian-nano.pcapng", "link-ppp.pcap")):
        check_merged([TESTDATA / n for n in names], tmp)


def main():
    if not TCPDUMP and not TSHARK:
        print("SKIP: check-write: neither tcpdump nor tshark is installed")
        return 0
    captures = sorted(p for p in TESTDATA.iterdir()
                      if ".pcap" in p.name and p.name not in NOT_COMPARED)
    some = "--some" in sys.argv[1:]
    if some:
        captures = captures[::3]
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        if TCPDUMP:
            for path in captures:
                check_tcpdump(path, tmp)
        else:
            print("SKIP: check-write: tcpdump is not installed")
        if TSHARK and not some:
            check_by_tshark(tmp)
        elif not TSHARK:
            print("SKIP: check-write: tshark is not installed")
    print(f"check-write: {compared} comparisons, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
