#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of --merge.

Merging one file gives that file, as JSON and as text, for every capture and for the
firewalls with the kernel's counters.  Merging results of merges gives what merging all
at once does, for random trees of merges.  The sums are those that this program
reckons, and those of one run over all captures, which captures.py has made so that they
do not depend on each other.  What cannot be merged is refused, by file, line and
sentence, before any sum is printed.
"""
import bz2
import collections
import gzip
import json
import lzma
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS), str(TESTS / "merge")]
import captures
from tally import COMMAND, TESTDATA, TOP, Tally

FIREWALLS = sorted(p.parent for p in (TOP / "tests/rules/cases").glob("*/in.pcap"))
TOPS = ("--top", "src", "--top", "dst:3", "--top", "port:10000", "--top", "pair")
ALL_TOPS = ("--top", "src:10000", "--top", "dst:10000", "--top", "port:10000",
            "--top", "pair:10000")

EITHER = ("bad-sum", "bad-kernel")

tally = Tally("check-merge")


def run(*args, **kwargs):
    return subprocess.run([*COMMAND, *map(str, args)], cwd=TOP, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, **kwargs)


def merge(files, *args):
    done = run("--merge", "-o", "json", "-q", *args, *files)
    tally.check(f"merge of {len(files)}: {done.stderr[:300]}", done.returncode == 0)
    return done.stdout


def records(data):
    by_type = collections.defaultdict(list)
    for line in data.splitlines():
        record = json.loads(line)
        by_type[record["type"]].append(record)
    return by_type


def save(folder, name, data):
    path = pathlib.Path(folder) / name
    path.write_bytes(data)
    return path


def check_one(folder, name, args):
    """Merging one file gives that file.  Returns its path."""
    result = run("-qsC", "-o", "json", *TOPS, *args)
    if result.returncode or not result.stdout:
        return None
    path = save(folder, name, result.stdout)
    tally.check(f"{name}: one file", merge([path]) == result.stdout)
    text = run("-qsC", "-T", "iso", *TOPS, *args).stdout
    if "--firewall" in args:
        # With -s text has the rules themselves, and JSON their places; with -C zones of
        # one direction, which JSON has not.
        text = run("-qC", "-T", "iso", *args).stdout
        tally.check(f"{name}: text of connections",
                    run("--merge", "-qC", path).stdout ==
                    re.sub(rb" zone-(orig|reply)=\d+", b"", text))
        return path
    merged = run("--merge", "-q", path).stdout
    # A heading stands where there are other sections.
    if not any(k in records(result.stdout) for k in ("connection", "top")):
        text = text.replace(b"# statistics\n", b"")
    tally.check(f"{name}: text", merged == text)
    return path


def check_all(folder):
    results = []
    paths = sorted(p for p in TESTDATA.rglob("*") if ".pcap" in p.name and p.is_file())
    for path in paths:
        results.append(check_one(folder, f"{path.name}.json", [path]))
    for case in FIREWALLS:
        check_one(folder, f"{case.name}.json", ["--rules-unknown", "--firewall", case,
                                                case / "in.pcap"])
    results = [r for r in results if r]
    tally.check("there are results", len(results) > 200)
    return results


def check_trees(folder, files, seed):
    """Random trees of merges give the same bytes, if only the order is the same."""
    rng = random.Random(seed)
    whole = merge(files)
    for turn in range(4):
        level = list(files)
        while len(level) > 1:
            after, at = [], 0
            while at < len(level):
                n = rng.randrange(1, 9)
                group = level[at:at + n]
                at += n
                after.append(group[0] if len(group) == 1 else save(
                    folder, f"tree-{seed}-{turn}-{len(level)}-{at}", merge(group)))
            level = after
        tally.check(f"tree {turn} of {len(files)}", level[0].read_bytes() == whole)
    return whole


def check_order(files, whole):
    """Another order: the same records, but for notes and equal times."""
    other = list(files)
    random.Random(1).shuffle(other)
    a, b = records(whole), records(merge(other))
    tally.check("statistics in any order", by_name(a["statistics"]) == by_name(b["statistics"]))
    tally.check("lists in any order", a["top"] == b["top"])
    for kind in "connection", "note":
        tally.check(f"{kind}s in any order", sorted(map(json.dumps, a[kind])) ==
                    sorted(map(json.dumps, b[kind])))


def by_name(record):
    """Without the order of names, which is that of the files."""
    return json.loads(json.dumps(record, sort_keys=True))


def add_up(parts):
    """What the statistics of several runs come to."""
    total = {"most_entries": 0, "most_entries_at": None, "first": None, "last": None}
    for s in parts:
        for key, value in s.items():
            if isinstance(value, dict):
                counts = total.setdefault(key, collections.Counter())
                counts.update(value)
                for name in value:
                    counts.setdefault(name, 0)
            elif key in ("frames", "bytes", "cut", "dropped_by_helpers"):
                total[key] = total.get(key, 0) + value
            elif key in ("type", "kernel"):
                total[key] = value
        times = [t for t in (total["first"], s["first"]) if t]
        total["first"] = min(times, default=None)
        times = [t for t in (total["last"], s["last"]) if t]
        total["last"] = max(times, default=None)
        most = (s["most_entries"], s["most_entries_at"])
        if most[0] > total["most_entries"] or most[0] == total["most_entries"] and \
                (most[1] or "") < (total["most_entries_at"] or ""):
            total["most_entries"], total["most_entries_at"] = most
    return total


def check_sums(files, whole):
    parts = [records(f.read_bytes()) for f in files]
    merged = records(whole)
    wanted = add_up([p["statistics"][0] for p in parts])
    got = merged["statistics"][0]
    for key, value in wanted.items():
        tally.check(f"{key} is {got[key]}, not {value}", got[key] == value)
    tally.check("no connection is lost", len(merged["connection"]) ==
                sum(len(p["connection"]) for p in parts))
    tally.check("no note is lost", len(merged["note"]) ==
                sum(len(p["note"]) for p in parts))
    check_tops(parts, merged)
    names = {str(f) for f in files}
    tally.check("each has its file", all(r["file"] in names for kind in
                                         ("connection", "note") for r in merged[kind]))


def top_key(r):
    return tuple(r.get(k) for k in ("by", "src", "dst", "protonum", "dport"))


def check_tops(parts, merged):
    sums = {}
    for part in parts:
        for r in part["top"]:
            s = sums.setdefault(top_key(r), collections.Counter())
            for k in "connections", "packets", "bytes", "invalid":
                s[k] += r[k]
            s["entries"] = max(s["entries"], r["entries"])
    got = {top_key(r): {k: r[k] for k in ("connections", "packets", "bytes", "invalid",
                                          "entries")} for r in merged["top"]}
    tally.check("the lists of --top are sums", got == {k: dict(v) for k, v in sums.items()})
    by = collections.defaultdict(list)
    for r in merged["top"]:
        by[r["by"]].append(r)
    for name, rows in by.items():
        order = [[-r[k] for k in ("entries", "connections", "packets", "bytes",
                                  "invalid")] for r in rows]
        tally.check(f"top {name} is in order", order == sorted(order) and
                    [r["rank"] for r in rows] == list(range(1, len(rows) + 1)))


def check_time_order(whole):
    seen = {}
    for r in records(whole)["connection"]:
        key = (r["end"] is None, r["ended"] or r["first_seen"])
        at = max(key, seen.get(r["file"], key))	# the order of its file wins
        seen[r["file"]] = at
        tally.check(f"connections in order of time: {at}",
                    at >= seen.get(None, at))
        seen[None] = at


def check_whole_run(folder):
    """Captures that do not depend on each other: one run over all gives the sums."""
    paths = captures.write(folder, 16, 60)
    files = [save(folder, f"{p.name}.json", run("-qsC", "-o", "json", *ALL_TOPS, p).stdout)
             for p in paths]
    merged = records(merge(files))
    whole = records(run("-qsC", "-o", "json", *ALL_TOPS, *paths).stdout)
    got, wanted = merged["statistics"][0], whole["statistics"][0]
    for key, value in wanted.items():
        if not key.startswith("most_entries") and key != "notes":
            tally.check(f"one run: {key} is {got[key]}, not {value}", got[key] == value)
    tally.check("one run: INVALID packets", wanted["packets_by_ctstate"]["INVALID"] > 20)

    def sorted_connections(rows):
        return sorted(json.dumps({k: v for k, v in r.items() if k not in
                                  ("id", "master", "file")}) for r in rows)
    tally.check("one run: connections", sorted_connections(merged["connection"]) ==
                sorted_connections(whole["connection"]))

    def sums(rows):
        return {top_key(r): [r[k] for k in ("connections", "packets", "bytes",
                                            "invalid")] for r in rows}
    tally.check("one run: lists of --top", sums(merged["top"]) == sums(whole["top"]))
    return files


def check_cut_lists(folder, files):
    """What the manual promises of lists that were cut: entries above the last line of
    each list are right, and no such key is missing."""
    full = [records(f.read_bytes()) for f in files]
    cut = []
    for i, part in enumerate(full):
        rows = [r for r in part["top"] if r["by"] == "src"][:5]
        cut.append((save(folder, f"cut-{i}", b"".join(
            json.dumps(r).encode() + b"\n" for r in rows)), rows))
    bound = max(rows[-1]["entries"] for _, rows in cut)
    got = {r["src"]: r["entries"] for r in records(merge([f for f, _ in cut]))["top"]}
    wanted = {r["src"]: r["entries"] for r in records(merge(files))["top"]
              if r["by"] == "src" and r["entries"] > bound}
    tally.check("some are above the bound", bool(wanted))
    tally.check("cut lists keep what is above their ends",
                all(got.get(k) == v for k, v in wanted.items()))


def refused(folder, name, data, *texts):
    """One bad file, after a good one: no sums, status 3, a message with the texts."""
    good = pathlib.Path(folder) / "dns.pcap.json"
    bad = save(folder, name, data)
    done = run("--merge", "-o", "json", good, bad)
    said = done.stderr.decode()
    tally.check(f"{name}: status {done.returncode}", done.returncode == 3)
    tally.check(f"{name}: no sums", b'"statistics"' not in done.stdout)
    tally.check(f"{name}: {said}", said.count("\n") == 1 and
                all(str(t) in said for t in texts) and
                # Files are read side by side: a sum can be too large in either.
                (str(bad) in said or name in EITHER and str(good) in said))
    tally.check(f"{name}: printable", all(" " <= c <= "~" for c in said[:-1]))


def check_refusals(folder):
    def lines(kind, **changes):
        out = []
        for line in (pathlib.Path(folder) / "tcp-rst.pcap.json").read_text().splitlines():
            record = json.loads(line)
            if record["type"] == kind:
                record.update(changes)
            out.append(json.dumps(record) + "\n")
        return "".join(out).encode()

    result = (pathlib.Path(folder) / "tcp-rst.pcap.json").read_bytes()
    note = json.dumps({"type": "note", "code": "x", "count": 1, "first_frame": None,
                       "invalid": None, "share_of_invalid": None, "text": "a\nb",
                       "advice": "c"}).encode()
    cases = {
        "text": (b"frames 12\n", "line 1 (byte", "a record of ctreplay -o json"),
        "array": (b"[]\n", "an array"),
        "cut": (result[:-30], f"line {result.count(10)} (byte"),
        "deep": (b"[" * 100000, "maximum parsing depth"),
        "long": (b" " * 1100000, "line 1 (byte 0)", "more than 1048576 bytes"),
        "second-line": (result + b"{}\n", f"line {result.count(10) + 1} (byte "
                        f"{len(result)})", "without a type"),
        "twice": (result + result, "a second record of statistics"),
        "packet": (b'{"type":"packet"}\n', "packet: such records are not merged"),
        "type": (b'{"type":"marvel"}\n', "'marvel'"),
        "version": (lines("statistics", schema=2), "another version of the schema"),
        "member": (lines("statistics", marvels=2), "'marvels' is not known"),
        "connection-member": (lines("connection", marvels=2), "'marvels' is not known"),
        "escape": (b'{"type":"\\u001b[31m"}\n', "?[31m"),
        "utf8": (b'{"type":"\xff"}\n', "line 1"),
        "nul": (b'{"type":"a\\u0000"}\n', "line 1"),
        "duplicate": (b'{"type":"top","type":"top"}\n', "duplicate object key"),
        "negative": (lines("statistics", frames=-1), "'frames'", "from 0 to"),
        "fraction": (lines("statistics", frames=1.5), "'frames'"),
        "large": (lines("statistics", bytes=1 << 63), "too big integer"),
        "sum": (lines("statistics", bytes=(1 << 63) - 1), "the sum of 'bytes' is over"),
        "null": (lines("statistics", bytes=None), "'bytes'"),
        "name": (lines("statistics", packets_by_ctstate={"NOVEL": 1}), "'NOVEL'"),
        "reason": (lines("statistics", invalid_by_reason={"tcp-novel": 1}), "'tcp-novel'"),
        "class": (lines("statistics", frames_by_class={'a"b': 1}), "'a\"b'"),
        "kernel": (lines("statistics", kernel="6.1.20"), "Linux 6.1.20", "Linux 6.18"),
        "time": (lines("statistics", first="2001-02-30T00:00:00.000000000Z"), "'first'"),
        "backwards": (lines("statistics", last="2001-09-08T00:00:00.000000000Z"),
                      "'last' is before 'first'"),
        "centuries": (lines("statistics", first="1970-01-01T00:00:00.000000000Z",
                            last="2400-01-01T00:00:00.000000000Z"), "292 years"),
        "rules": (lines("statistics", rules={"read": 1, "never-matched": 0}),
                  "come together"),
        "address": (lines("connection", orig_src="10.0.0.256"), "'orig_src'"),
        "family": (lines("connection", orig_src="::1"), "another family"),
        "port": (lines("connection", orig_sport=65536), "'orig_sport'", "65535"),
        "protocol": (lines("connection", proto="udp"), "'udp'"),
        "state": (lines("connection", state="OPEN"), "'OPEN'"),
        "end": (lines("connection", end="marvel"), "do not fit together"),
        "top-by": (lines("top", by="zone"), "'zone'"),
        "top-key": (lines("top", by="pair"), "a list by pair"),
        "gzip": (gzip.compress(result), "is compressed with gzip", "<(zcat FILE)"),
        "bzip2": (bz2.compress(result), "is compressed with bzip2", "<(bzcat FILE)"),
        "xz": (lzma.compress(result), "is compressed with xz", "<(xzcat FILE)"),
        "zstd": (b"\x28\xb5\x2f\xfd" + bytes(2000000), "is compressed with zstd"),
        "capture": ((TESTDATA / "tcp-rst.pcap").read_bytes(), "is a capture; replay it first"),
        "note": (b'{"type":"note","code":"x","count":1}\n', "'first_frame' is missing"),
        "note-text": (note, "'text'"),
        # CSI, as ESC [ is.
        "note-c1": (note.replace(b"a\\nb", b"a\\u009b31m"), "'text'"),
    }
    for name, (data, *texts) in cases.items():
        refused(folder, f"bad-{name}", data, *texts)
    none = result.replace(b'"type":"statistics"', b'"type":"nothing"')
    none = b"".join(l for l in none.splitlines(True) if b'"nothing"' not in l)
    refused(folder, "bad-interrupted", none, "has no record of statistics")
    good = pathlib.Path(folder) / "dns.pcap.json"
    done = run("--merge", good, "none.json")
    tally.check("a missing file", done.returncode == 2 and b"none.json" in done.stderr)
    done = run("--merge", good, good)
    tally.check("a file twice", done.returncode == 2 and b"count twice" in done.stderr)
    done = run("--merge", TOP)
    tally.check("a directory", done.returncode == 2 and b"directory" in done.stderr)


def check_firewalls(folder):
    """The same rules over two captures: rules that matched in neither."""
    case = FIREWALLS[0]
    files, unused = [], []
    for i, path in enumerate((TESTDATA / "tcp-rst.pcap", case / "in.pcap")):
        files.append(save(folder, f"rules-{i}", run(
            "-s", "-o", "json", "--rules-unknown", "--firewall", case, path).stdout))
        unused.append(records(files[-1].read_bytes())["statistics"][0])
    both = records(merge(files))["statistics"][0]
    wanted = [r for r in unused[0]["rules_never_matched"]
              if r in unused[1]["rules_never_matched"]]
    tally.check("rules that never matched", both["rules_never_matched"] == wanted and
                both["rules"] == {"read": unused[0]["rules"]["read"],
                                  "never-matched": len(wanted)})
    tally.check("verdicts", all(both["packets_by_rule_verdict"][k] == sum(
        u["packets_by_rule_verdict"][k] for u in unused) for k in ("accept", "drop")))


def check_sections(files):
    """-s, -C and --top choose what is printed."""
    whole = merge(files)
    for args, kinds in ((["-s"], {"statistics"}), (["-C"], {"connection"}),
                        (["-s", "--top", "src:3"], {"statistics", "top"})):
        got = records(merge(files, *args))
        all_of = records(whole)
        tally.check(f"{args}: {set(got)}", set(got) - {"note"} == kinds)
        if "top" in kinds:
            src = [r for r in all_of["top"] if r["by"] == "src"]
            tally.check("the largest three", got["top"] == src[:3])
        for kind in kinds - {"top"}:
            tally.check(f"{args}: the same {kind}", got[kind] == all_of[kind])


def check_missing(folder, files):
    """What is asked for and is in no file: nothing is printed but a note that says so."""
    one = files[0].read_bytes().splitlines(True)

    def only(*types):
        return save(folder, f"only-{'-'.join(types)}", b"".join(
            l for l in one if json.loads(l)["type"] in types))
    src = save(folder, "only-src", b"".join(l for l in one if b'"by":"src"' in l))
    cases = (
        (only("connection"), ["-s"], "statistics; give -s to the runs"),
        (only("statistics"), ["-C"], "a connection; unless there was none, give -C"),
        (only("statistics"), ["--top", "dst"], "a list by dst; unless there was no"),
        (src, ["--top", "dst:3"], "give --top dst to the runs"),
        (only("note"), ["-s", "-C"], "a record of statistics"),
        (save(folder, "only-", b""), [], "no FILE has a record that can be merged"),
    )
    for path, args, text in cases:
        for more in ([], ["-o", "json"]):
            done = run("--merge", *args, *more, path)
            said = done.stderr.decode()
            kinds = {json.loads(l)["type"] for l in done.stdout.splitlines()} if more \
                else set(done.stdout)
            tally.check(f"{path.name} {args}: {said}", done.returncode == 0 and
                        kinds <= {"note"} and text in said)
            quiet = run("--merge", "-q", *args, *more, path)
            tally.check(f"{path.name} {args} -q: {quiet}", not quiet.stderr)
    done = run("--merge", "-s", "--top", "dst", *files)
    tally.check(f"nothing is missing: {done.stderr}", b"no FILE" not in done.stderr)


def many_files(folder, n):
    line = (pathlib.Path(folder) / "dns.pcap.json").read_bytes().splitlines(True)
    return [save(folder, f"many-{i:04}", b"".join(
        l for l in line if b'"connection"' in l)) for i in range(n)]


def check_bounds(folder):
    """More files than may be open, and lists that do not fit in memory."""
    files = many_files(folder, 300)

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
    done = run("--merge", "-o", "json", *files, preexec_fn=few)
    tally.check("too many files: " + done.stderr.decode(),
                done.returncode == 2 and b"in groups" in done.stderr)
    whole = merge(files)
    groups = [save(folder, f"group-{i}", run(
        "--merge", "-q", "-o", "json", *files[i:i + 50], preexec_fn=few).stdout)
        for i in range(0, 300, 50)]
    tally.check("in groups", run("--merge", "-q", "-o", "json", *groups,
                                 preexec_fn=few).stdout == whole)
    one = files[0].read_bytes()
    large = save(folder, "large", one * 20000)
    other = save(folder, "large-2", one * 20000)
    size = large.stat().st_size + other.stat().st_size

    def small():
        # A sanitizer or valgrind needs more.
        if len(COMMAND) == 1 and "san" not in COMMAND[0]:
            resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20))
    with open(os.devnull, "wb") as null:
        status = subprocess.run([*COMMAND, "--merge", "-q", "-o", "json", large, other],
                                stdout=null, cwd=TOP, preexec_fn=small,
                                check=False).returncode
    tally.check(f"{size} bytes in 64 MiB: {status}", status == 0 and size > 100e6)


def check_full(folder):
    """Output that cannot be written."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, "--merge", f"{folder}/dns.pcap.json"], cwd=TOP,
                              stdout=full, stderr=subprocess.PIPE, check=False)
    tally.check(f"a full disk: {done.stderr}", done.returncode == 3 and
                b"cannot write standard output" in done.stderr)


def check_stop(folder):
    """Interrupted on a pipe that gives no more."""
    read, write = os.pipe()
    child = subprocess.Popen([*COMMAND, "--merge", "-o", "json", "-",
                              f"{folder}/dns.pcap.json"], stdin=read,
                             stdout=subprocess.PIPE, cwd=TOP)
    os.close(read)
    os.write(write, b'{"type":')
    time.sleep(0.5)
    child.send_signal(signal.SIGTERM)
    out = child.communicate(timeout=60)[0]
    os.close(write)
    tally.check(f"interrupted: {child.returncode}",
                child.returncode == 130 and b"statistics" not in out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = check_all(folder)
        whole = check_trees(folder, files, 1)
        check_order(files, whole)
        check_sums(files, whole)
        check_time_order(whole)
        places = check_whole_run(folder)
        check_trees(folder, places, 2)
        check_cut_lists(folder, places)
        check_sections(places)
        check_missing(folder, places)
        check_firewalls(folder)
        check_refusals(folder)
        check_bounds(folder)
        check_full(folder)
        check_stop(folder)
    return tally.end(f"{len(files)} results")


if __name__ == "__main__":
    sys.exit(main())
