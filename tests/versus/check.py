#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds --versus against two replays.

For each pair of judged kernels, and for other options, every capture of testdata
is replayed three times with -o json: with the first engine alone, with the second
alone, and with --versus.  The differences must be exactly those that the two
replays show: each side of a difference is a record of its replay, byte for byte;
"differs" names the keys whose values differ; and what no difference names is the
same in both replays.  The exit status must say whether there is a difference.
"""
import collections
import concurrent.futures
import itertools
import json
import os
import re
import subprocess
import sys
import pathlib

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import COMMAND, TESTDATA, TOP, Tally

SECTIONS = ["-p", "-t", "-e", "-x", "--at", "+0.5"]
# First engine, what the second has besides, the second engine alone.
OTHERS = (
    ([], ["--no-helpers"]),
    ([], ["--sysctl", "nf_conntrack_tcp_be_liberal=1"]),
    ([], ["-N", "udp port 53 or tcp port 80"]),
    ([], ["-k", "all"]),
    (["-k", "none"], ["-k", "auto"]),
    (["--sysctl", "nf_conntrack_acct=1", "--sysctl", "nf_conntrack_timestamp=1"],
     ["--sysctl", "nf_conntrack_max=3", "--sysctl", "nf_conntrack_udp_timeout=1"]),
    ([], ["--sysctl", "ipfrag_high_thresh=0", "--sysctl",
          "nf_conntrack_frag6_high_thresh=0"]),
    (["--sysctl", "nf_conntrack_udp_timeout=7"], ["--kernel", "6.1"]),
    (["--decap", "all"], ["-k", "none", "--sysctl", "ipfrag_max_dist=0",
                          "--sysctl", "nf_conntrack_tcp_loose=0"]),
    (["--dedup"], ["-k", "all"]),
)
# The keys that a difference compares, by the type of its records.
COUNTERS = ["orig_packets", "orig_bytes", "reply_packets", "reply_bytes"]
CONNECTION = ["proto", "timeout", "state", "status", "helper"]
KEYS = {
    "packet": ["ctstate", "ctdir", "state", "verdict", "reason_code", "reason"],
    "conntrack": CONNECTION,
    "event": ["time", *CONNECTION, "end"],
    "expect": ["timeout", "permanent", "inactive", "class", "helper"],
    "expect_event": ["time", "timeout", "permanent", "inactive", "class", "helper"],
}
# What tells one record from another, whatever the engine.
IDENTITY = {
    "packet": ["number"],
    "conntrack": ["at", "protonum"],
    "event": ["event", "protonum"],
    "expect": ["protonum", "src", "dst", "sport", "dport", "srckey", "dstkey",
               "mask_src", "mask_sport"],
    "expect_event": ["expect_event", "protonum", "src", "dst", "sport", "dport", "srckey",
                     "dstkey", "mask_src", "mask_sport"],
}

tally = Tally("versus")


def judged():
    """The branches of the judged kernels, oldest first."""
    text = subprocess.run([*COMMAND, "--kernel", "list"], cwd=TOP, check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    return [m[1] for m in re.finditer(r"^(\d+\.\d+)\.\d+$", text, re.M)]


def replay(args, path):
    done = subprocess.run([*COMMAND, "-o", "json", *SECTIONS, *args, str(path)],
                          cwd=TOP, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    lines = done.stdout.decode("utf-8").split("\n")[:-1]
    return done.returncode, [json.loads(line) for line in lines]


def identity(record):
    kind = record["type"]
    keys = IDENTITY[kind]
    if kind in ("conntrack", "event"):
        keys = keys + [k for k in sorted(record)
                       if k.startswith("orig_") and k not in COUNTERS]
    return (kind, *(record.get(k) for k in keys))


def compared(record):
    """{key: value} of what is compared."""
    found = {k: record[k] for k in KEYS[record["type"]]}
    if record["type"] in ("conntrack", "event"):
        found["master"] = record["master"] is not None
        if record["type"] == "conntrack" or record["event"] == "DESTROY":
            found["counters"] = [record.get(k) for k in COUNTERS]
    return found


def text(record):
    return json.dumps(record, sort_keys=True)


def take(records, record, where):
    """Removes a side of a difference from what its replay printed."""
    if not records[text(record)]:
        return f"{where} is no record of its replay: {text(record)}"
    records[text(record)] -= 1
    return None


def check_difference(d, first, second):
    """What is wrong with one difference; takes its sides out of the replays."""
    sides = [d["first"], d["second"]]
    there = [s for s in sides if s is not None]
    for records, side, name in ((first, sides[0], "first"),
                                (second, sides[1], "second")):
        fault = side is not None and take(records, side, name)
        if fault:
            return fault
    if any(s["type"] != d["of"] for s in there) or not there:
        return f"sides are no {d['of']}"
    if len(there) == 1:
        return None if d["differs"] == [] else "one side differs from nothing"
    if identity(sides[0]) != identity(sides[1]):
        return "sides are not the same thing"
    a, b = compared(sides[0]), compared(sides[1])
    wanted = {k for k in {*a, *b} if a.get(k) != b.get(k)}
    if set(d["differs"]) != wanted or not wanted:
        return f"differs is {d['differs']}, not {sorted(wanted)}"
    return None


def left(records):
    """What no difference has named, as a multiset of what is compared."""
    rest = collections.Counter()
    for line, n in records.items():
        record = json.loads(line)
        if n and record["type"] in KEYS:
            rest[text([identity(record), compared(record)])] += n
    return rest


def left_of(records):
    return left(collections.Counter(map(text, records)))


def compare(path, first, second, versus):
    """What is wrong with the differences of one capture; each of the three is an
    exit status and records."""
    sides = [collections.Counter(map(text, records)) for _, records in
               (first, second)]
    status, differences = versus
    for d in differences:
        fault = check_difference(d, *sides)
        if fault:
            yield f"{fault}: {text(d)}"
    for kind in ("packet", "conntrack"):
        alone = [{identity(d[one]) for d in differences
                  if d["of"] == kind and d[other] is None}
                 for one, other in (("first", "second"), ("second", "first"))]
        for both in alone[0] & alone[1]:
            yield f"on one side alone, and on the other: {both}"
    rest = [left(records) for records in sides]
    for name, lines in (("first", rest[0] - rest[1]), ("second", rest[1] - rest[0])):
        for line in lines:
            yield f"only in the {name} replay, and no difference: {line}"
    wanted = first[0] or int(bool(differences))
    if status != wanted:
        yield f"exit status {status}, not {wanted}"


def check_capture(number, path, kernels):
    """(faults, number of differences by run and kind) of one capture.

    Most pairs of kernels say the same of most captures: of these runs, which must
    print nothing, one in five is made."""
    faults, seen = [], collections.Counter()
    alone = {}

    def single(args):
        key = tuple(args)
        if key not in alone:
            alone[key] = replay(args, path)
        return alone[key]

    runs = [(["--kernel", a], ["--kernel", b])
            for a, b in itertools.combinations(kernels, 2)]
    for run, (first, more) in enumerate([*runs, *OTHERS]):
        a, b = single(first), single([*first, *more])
        if run < len(runs) and (number + run) % 5 and \
                left_of(a[1]) == left_of(b[1]):
            continue
        words = " ".join(f"'{word}'" for word in more)
        versus = replay([*first, "--versus", words], path)
        for fault in compare(path, a, b, versus):
            faults.append(f"{path}: {' '.join(first)} --versus {words}: {fault}")
        for d in versus[1]:
            seen[" ".join([*first, *more])] += 1
            seen[d["of"]] += 1
            seen[d["of"], d["first"] is None, d["second"] is None] += 1
    return faults, seen


def main():
    kernels = judged()
    captures = sorted(p.relative_to(TOP) for p in TESTDATA.rglob("*")
                      if ".pcap" in p.name and p.is_file())
    seen = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for faults, found in pool.map(
                lambda p: check_capture(*p, kernels), enumerate(captures)):
            seen += found
            tally.check("\n".join(faults[:5]), not faults)
    # Each kind of difference occurs, both ways and on one side alone.
    for kind in KEYS:
        tally.check(f"no difference of a {kind}", seen[kind] > 0)
        if kind != "packet":
            for one in ((True, False), (False, True)):
                tally.check(f"no {kind} on one side alone", seen[(kind, *one)] > 0)
    for first, more in OTHERS:
        run = " ".join([*first, *more])
        tally.check(f"no difference with {run}", seen[run] > 0)
    tally.check("several kernels", len(kernels) >= 5)
    return tally.end(f"{len(captures)} captures, {len(kernels)} kernels")


if __name__ == "__main__":
    sys.exit(main())
