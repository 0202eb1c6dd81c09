#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A run over A that saves and a run over B that loads print together what one run over
A and B prints, byte for byte.

Each capture of testdata is cut into captures of a single frame.  They are replayed one
after the other, each with the state that the one before has saved, so that everything
the program knows goes through the file between any two frames.  All that they print,
put together, is compared with one run.

LARGE, if it is set, is a large capture, which is cut at fifty places.

  check.py [--long] [CAPTURE...]
"""
import concurrent.futures
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import COMMAND, TESTDATA, TOP, Tally
from split import split

COMMAND = [str((TOP / c).resolve()) if (TOP / c).exists() else c for c in COMMAND]
# Sections that nothing else would keep apart, and settings that store more.
TOPS = ["--top", "src:3", "--top", "dst", "--top", "port", "--top", "pair"]
VARIANTS = {
    "json": ["-pextsC", *TOPS, "-v", "-o", "json", "--sysctl", "nf_conntrack_acct=1"],
    "text": ["-pextsC", *TOPS, "-T", "delta", "--id"],
    "csv": ["-p", "-o", "csv"],
    "full": ["-pext", "--sysctl", "nf_conntrack_max=3", "--table-style", "nf_conntrack"],
    "old": ["-pextC", "--kernel", "5.10", "--sysctl", "nf_conntrack_helper=1"],
    "dedup": ["-ps", "--dedup=2", "--decap", "all", "-f", "not udp"],
    "shown": ["-ptC", "--show", "tcp", "--ctstate", "NEW,INVALID"],
    # Masters end before what they expected.
    "short": ["-pextC", "--id", *(f"--sysctl=nf_conntrack_tcp_timeout_{s}=1"
                                  for s in ("established", "time_wait", "close"))],
    "at": ["-t", "--at", "+0.5", "--at", "+3", "--at", "+100"],
}
# With the firewall in the capture's directory.
RULES = ["-petsCR", "--rules-unknown", "--rules-seed", "7", "--firewall"]
QUICK = ("json",)
# A sample takes the others; the next one another capture.
SAMPLE = 8
PLACES = 50


def run(directory, *options):
    done = subprocess.run([*COMMAND, "--sandbox", "no", *options], cwd=directory,
                          stdin=subprocess.DEVNULL, capture_output=True)
    return done.stdout, done.returncode, done.stderr.decode(errors="replace")


# Members that only several files or several interfaces have.
ORIGIN = ("file", "file_frame", "interface", "interface_number")


def without_origin(output):
    lines = []
    for line in output.decode().splitlines():
        record = json.loads(line)
        for member in ORIGIN:
            record.pop(member, None)
        lines.append(json.dumps(record))
    return "\n".join(lines).encode()


def without_columns(output):
    """CSV without these columns."""
    rows = list(csv.reader(io.StringIO(output.decode())))
    kept = [i for i, name in enumerate(rows[0]) if name not in ORIGIN] if rows else []
    return "\n".join(",".join(row[i] for i in kept) for row in rows).encode()


def chain(directory, names, options):
    """What the runs print together, or why one failed."""
    whole, state = b"", []
    for i, name in enumerate(names):
        save = ["--save-state", "state"] if i + 1 < len(names) else []
        output, status, errors = run(directory, *options, *state, *save, name)
        if status not in (0, 3) or (save and not (directory / "state").exists()):
            return None, f"part {i + 1} of {len(names)}: status {status}: {errors}"
        whole += output
        state = ["--load-state", "state"]
    return whole, ""


def check(path, variants, places=None):
    """What differs, one text for each variant."""
    parts = split(path.read_bytes(), places)
    if not parts or len(parts) < 2:
        return []
    problems = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm")
                                     else None) as name:
        directory = pathlib.Path(name)
        names = []
        for i, part in enumerate(parts):
            names.append(f"{i:04}.pcap")
            (directory / names[-1]).write_bytes(part)
        for variant in variants:
            problems += check_variant(path, directory, names, variant)
    return problems


def check_variant(path, directory, names, variant):
    options = VARIANTS.get(variant) or [*RULES, str(path.parent)]
    output, problem = chain(directory, names, options)
    if output is None:
        # libpcap has no filters for some link types.
        if run(directory, *options, str(path))[1] == 2:
            return []
        return [f"{variant}: {problem}"]
    # The very words of the promise.  Files whose frames go back in time are merged.
    one, _, _ = run(directory, *options, *names)
    if output == one:
        return []
    whole, _, _ = run(directory, *options, str(path))
    if variant == "json":
        output, whole = without_origin(output), without_origin(whole)
    elif variant == "csv":
        output, whole = without_columns(output), without_columns(whole)
    if output == whole:
        return []
    lines = zip(output.splitlines(), whole.splitlines())
    first = next(((a, b) for a, b in lines if a != b), (b"its end", b"its end"))
    return [f"{variant}: a run in parts prints\n  {first[0].decode()}\nin place of\n  {first[1].decode()}"]


def main():
    arguments = sys.argv[1:]
    long = "--long" in arguments
    paths = [pathlib.Path(a).resolve() for a in arguments if a != "--long"]
    tally = Tally("states")
    others = [v for v in VARIANTS if v not in QUICK]
    jobs = []
    for i, path in enumerate(paths or sorted(TESTDATA.glob("*.pcap*"))):
        variants = list(VARIANTS) if paths else list(QUICK)
        # Two of the others for each capture, in turn.
        if long and not paths:
            n = len(others)
            variants = [others[i % n], others[(i + n // 2) % n]]
        elif not paths and i % SAMPLE == 0:
            variants.append(others[i // SAMPLE % len(others)])
        jobs.append((path, variants, None))
    if not paths and not long:
        jobs += [(path, ["rules"], None)
                 for path in sorted((TOP / "tests/rules/cases").glob("*/in.pcap"))]
        jobs.append((TESTDATA / "sip-tcp.pcap", ["short"], None))
    large = os.environ.get("LARGE")
    if large:
        frames = int(os.environ["LARGE_FRAMES"])
        places = range(frames // PLACES, frames, frames // PLACES)
        jobs += [(pathlib.Path(large).resolve(), [v], list(places))
                 for v in (others if long else QUICK)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (path, *_), problems in zip(jobs, pool.map(lambda j: check(*j), jobs)):
            tally.check(f"{path.parent.name}/{path.name}: {'; '.join(problems)}", not problems)
    return tally.end()


sys.exit(main())
