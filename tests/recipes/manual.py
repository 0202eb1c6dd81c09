#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares ctreplay's records with the tables of its manual page.

Every JSON record of every capture in testdata must have the keys that JSON
RECORDS lists for its type, in that order, with values of the types given there.
Every CSV row must have the columns that CSV lists, with the values that JSON has
under these keys.  Every Timesketch event must have the keys that TIMESKETCH lists
for its data_type, and the fields that Timesketch requires.
Each type, key and kind of event must occur somewhere, and so must null where the
manual allows it.
"""
import csv
import datetime
import io
import ipaddress
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import COMMAND, TESTDATA, TOP, Tally

MANUAL = TOP / "man" / "ctreplay.1"

# Sections and settings that print every kind of record.
JSON_RUNS = (
    ["-pextsvC", "--at", "+0.02", "--top", "src", "--top", "dst", "--top", "port",
     "--top", "pair"],
    ["-pextsv", "--at", "2001-09-09", "--no-helpers"],
    ["-etC", "--sysctl", "nf_conntrack_acct=1",
     "--sysctl", "nf_conntrack_timestamp=1", "--at", "+3600"],
    ["-pex", "--helper", "netbios-ns/24", "--helper", "snmp/24", "-k", "all"],
    # At the end of the PPTP session its expectations are all fulfilled.
    ["-x", "-c", "10"],
    ["-ptex", "--kernel", "5.10", "--versus", "--kernel 7.3 --no-helpers"],
    ["--explain", "2"],
    ["--explain", "13"],
    ["--explain", "25"],
)
CSV_RUNS = (
    ("pteCxs", []),
    ("teC", ["--sysctl", "nf_conntrack_acct=1",
            "--sysctl", "nf_conntrack_timestamp=1"]),
    ("t", ["--at", "+0.02"]),
    ("x", ["-c", "10", "--helper", "netbios-ns/24"]),
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")
PROTOCOLS = {"tcp": {"tcp"}, "gre": {"gre"}, "sctp": {"sctp"}, "icmp": {"icmp", "icmpv6"},
             "ports": {"tcp", "udp", "udplite", "sctp", "dccp"}}
# Null where the engine does not know the frame, or a header is cut, which no capture
# of testdata causes.
RARELY_NULL = {("packet", "bound_frame"), ("explain", "interface"),
               ("packet", "sctp_chunks"), ("packet", "gre_protocol")}
# Columns that only some runs have.
ORIGIN = ("rule_verdict", "rule", "rule_why", "rule_unknown", "rule_nat", "rule_prevented",
          "file", "file_frame", "interface")
# Firewalls with the kernel's counters: tests/rules/cases/README.md.
FIREWALLS = sorted(p.parent for p in (TOP / "tests/rules/cases").glob("*/in.pcap"))
STATES = {"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "FRAGMENT",
          "DROP"}

tally = Tally("manual")
problem = tally.fail


def section(name):
    inside = False
    for line in MANUAL.read_text().splitlines():
        if line.startswith(".Sh "):
            inside = line == f".Sh {name}"
        elif inside:
            yield line


def json_tables():
    """{type: [(key, {types}, when)]}"""
    tables = {}
    for line in section("JSON RECORDS"):
        if line.startswith(".Ss "):
            rows = tables.setdefault(line[4:], [])
        elif line.startswith(".It Sy "):
            cell = [c.strip() for c in re.split(r" Ta(?: |$)", line[7:])]
            rows.append((cell[0], set(cell[1].split(", ")), cell[2]))
    return tables


def lists(name):
    """{name of an .It: [words of the text below it]}"""
    items, item = {}, None
    for line in section(name):
        if line.startswith(".It "):
            item = line.split(None, 2)[2]
            items[item] = ""
        elif line.startswith("."):
            item = None
        elif item:
            items[item] += " " + line
    return {k: re.split(r"[, ]+", v.strip()) for k, v in items.items()}


def run(args, path):
    """Standard output of a run over one capture, which may be damaged."""
    done = subprocess.run([*COMMAND, *args, str(path)], cwd=TOP,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    # 1 is that of a difference, 2 of a frame that is not there, 2 and 3 are those for damaged captures.
    good = {0, 1} if "--versus" in args else {0, 2} if "--explain" in args else {0}
    if done.returncode not in (good | {2, 3} if "bad" in path.parts else good):
        problem(path, args, "exit status", done.returncode)
    return done.stdout.decode("utf-8")


# Captures whose results are merged: connections and notes have a file then.
RESULTS = tuple(TESTDATA / name for name in ("tcp-rst.pcap", "midstream.pcap"))


def merged(captures):
    """Standard output of --merge of the results of these captures."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for path in captures:
            files.append(f"{folder}/{path.name}.json")
            pathlib.Path(files[-1]).write_text(run(
                ["-sC", "--top", "port", "-o", "json"], path))
        return run(["--merge", "-o", "json", *files[1:]], pathlib.Path(files[0]))


def is_address(value):
    try:
        ipaddress.ip_address(value)
        return True
    except ValueError:
        return False


def is_number(value):
    return type(value) is int and 0 <= value < 1 << 64


FITS = {
    "integer": is_number,
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "time": lambda v: isinstance(v, str) and TIME.fullmatch(v),
    "address": is_address,
    "number": lambda v: type(v) in (int, float) and 0 <= v <= 1,
    "list": lambda v: isinstance(v, list) and all(isinstance(x, str) for x in v),
    "counts": lambda v: isinstance(v, dict) and all(map(is_number, v.values())),
    "integers": lambda v: isinstance(v, list) and all(map(is_number, v)),
    "object": lambda v: isinstance(v, dict),
    "objects": lambda v: isinstance(v, list) and all(isinstance(x, dict) for x in v),
    "record": lambda v: isinstance(v, dict) and isinstance(v.get("type"), str),
    "null": lambda v: v is None,
}


def is_there(when, record, args):
    """Whether the manual says that this key is there; None if it may be."""
    if when in PROTOCOLS:
        return record.get("proto") in PROTOCOLS[when]
    if when == "acct" and "--firewall" in args:
        return None     # a rule with connbytes switches it on
    if when in ("acct", "timestamp"):
        return f"nf_conntrack_{when}=1" in args
    if when.startswith("by "):
        key = when.removeprefix("by ")
        return record["by"] == key or record["by"] == "pair" and key != "port"
    if when == "rules":
        return "--firewall" in args
    if when in ("merged", "bounds", "snapshot", "files", "interfaces", "tunnels", "mark", "zone"):
        return None
    return True


def once_only(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        problem("a key twice:", keys)
    return dict(pairs)


def check_json(tables, path, args, seen):
    check_lines(tables, path, args, run(["-o", "json", *args], path), seen)


def check_lines(tables, path, args, lines, seen):
    for line in lines.splitlines():
        record = json.loads(line, object_pairs_hook=once_only)
        rows = tables.get(record["type"])
        if rows is None:
            problem(path, "type without a table:", line)
            continue
        seen.add(record["type"])
        wanted = []
        for key, types, when in rows:
            there = is_there(when, record, args)
            if there or (there is None and key in record):
                wanted.append(key)
            if key not in record:
                continue
            if not any(FITS[t](record[key]) for t in types):
                problem(path, record["type"], key, "is not", types, ":", line)
            seen.add((record["type"], key))
            if record[key] is None:
                seen.add((record["type"], key, "null"))
        if list(record) != wanted:
            problem(path, args, "keys", list(record), "not", wanted)
        check_values(path, record, line)


def check_values(path, record, line):
    """What the third column of the tables says about values."""
    if record["type"] != "packet":
        return
    state, verdict = record["ctstate"], record["verdict"]
    if record.get("flags", "none") == "":
        problem(path, "flags:", line)
    if state not in STATES or (verdict is None) != (state == "FRAGMENT") or \
            (state == "DROP" and verdict != "drop"):
        problem(path, "verdict:", line)
    if (record["reason"] is None) != (record["reason_code"] is None) or \
            (state in ("INVALID", "DROP", "FRAGMENT") and record["reason"] is None and
             not (state == "DROP" and record.get("rule_verdict"))):
        problem(path, "reason:", line)


def csv_text(value):
    """The field of CSV for a value of JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


def same_in_json(option, args, path):
    """The rows by JSON, or by the text of -s."""
    if option == "s":
        # Text has stamps, where CSV has the duration alone.
        for line in run(["-sv", *args], path).splitlines():
            group, name, count = line.split()[:3]
            if (group, name) == ("time", "duration"):
                yield {"group": group, "name": "duration-ns",
                       "count": count.replace(".", ""), "cut": True}
            elif group != "time":
                yield {"group": group, "name": name, "count": count}
        return
    for line in run(["-o", "json", "-" + option, *args], path).splitlines():
        record = json.loads(line)
        if record["type"] not in ("expect_event", "note"):
            yield record


def check_csv(columns, path, options, args, seen):
    for option in options:
        out = run(["-o", "csv", "-" + option, *args], path)
        if not out:
            continue
        if out.count("\n") != out.count("\r\n"):
            problem(path, option, "line ends")
        head, *rows = csv.reader(io.StringIO(out, newline=""), strict=True)
        names = columns[option] + [n for n in ORIGIN if option == "p" and n in head]
        if head != names:
            problem(path, option, "columns", head, "not", names)
        records = list(same_in_json(option, args, path))
        if len(rows) != len(records):
            problem(path, option, args, len(rows), "rows, not", len(records))
        for row, record in zip(rows, records):
            # A name in CSV has no characters that would end its line, or are none.
            wanted = [re.sub("[\x00-\x1f\x7f\ufffd]", "?", csv_text(record.get(name)))
                      for name in names]
            if "cut" in record:
                # The text has microseconds of the nanoseconds.
                row[-1] = str(int(row[-1]) // 1000)
                wanted[-1] = str(int(wanted[-1]))
            if row != wanted:
                problem(path, option, args, "row", row, "not", wanted)
            seen.update(("csv", option, n) for n, v in zip(names, row) if v)


def check_timesketch(kinds, path, seen):
    for line in run(["-o", "timesketch"], path).splitlines():
        event = json.loads(line, object_pairs_hook=once_only)
        kind = event.get("data_type")
        wanted = ["message", "datetime", "timestamp", "timestamp_desc",
                  "data_type", *kinds.get(kind, [])]
        seen.add(kind)
        if list(event) != wanted:
            problem(path, "keys", list(event), "not", wanted)
            continue
        when = datetime.datetime.fromisoformat(event["datetime"])
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        if (when - epoch) // datetime.timedelta(microseconds=1) != \
                event["timestamp"]:
            problem(path, "timestamp is not datetime:", line)
        if "expectation" in kind:
            # An open source is null, not an address or port of zeros.
            if event["src_port"] == 0 or \
                    event["src_ip"] in ("0.0.0.0", "::"):
                problem(path, "open source:", line)
            seen.update((kind, k) for k in ("src_ip", "src_port")
                        if event[k] is None)
        if not event["message"] or not event["timestamp_desc"]:
            problem(path, "empty field:", line)


def main():
    tables = json_tables()
    columns = {k: v for k, v in lists("CSV").items() if len(k) == 1}
    kinds = {kind: keys for names, keys in lists("TIMESKETCH").items()
             for kind in names.split(" , ")}
    captures = sorted(p.relative_to(TOP) for p in TESTDATA.rglob("*")
                      if ".pcap" in p.name and p.is_file())
    seen, seen_kinds = set(), set()
    some = "--some" in sys.argv[1:]
    for path in captures:
        failed = tally.failed
        for args in JSON_RUNS[:1 if some else None]:
            check_json(tables, path, args, seen)
        for options, args in () if some else CSV_RUNS:
            check_csv(columns, path, options, args, seen)
        if not some:
            check_timesketch(kinds, path, seen_kinds)
        tally.passed += tally.failed == failed
    if some:
        return tally.end(f"{len(captures)} captures once")
    for case in FIREWALLS:
        path = (case / "in.pcap").relative_to(TOP)
        args = ["--rules-unknown", "--firewall", str(path.parent)]
        check_json(tables, path, ["-petCRs", *args], seen)
        check_csv(columns, path, "pte", args, seen)
    check_lines(tables, RESULTS[0], ["--merge"], merged(RESULTS), seen)
    # Several files, of which one tells the interface.
    for first, second in (("ping.pcap", "pcapng.pcapng"), ("merge-client.pcap", "merge-server.pcap")):
        path = (TESTDATA / first).relative_to(TOP)
        args = [str((TESTDATA / second).relative_to(TOP))]
        check_json(tables, path, ["-pv", *args], seen)
        check_json(tables, path, ["--explain", "5", *args], seen)
        check_csv(columns, path, "p", args, seen)
    for kind, rows in tables.items():
        for key, types, _ in rows:
            if (kind, key) not in seen:
                problem("never seen:", kind, key)
            elif "null" in types and (kind, key, "null") not in seen and \
                    (kind, key) not in RARELY_NULL:
                problem("never null:", kind, key)
    for option, names in columns.items():
        for name in names:
            if ("csv", option, name) not in seen:
                problem("always empty: CSV", option, name)
    for kind in kinds:
        for key in ("src_ip", "src_port"):
            if "expectation" in kind and (kind, key) not in seen_kinds:
                problem("never null:", kind, key)
    for kind in set(kinds) - seen_kinds:
        problem("never seen:", kind)
    if not tables or not columns or not kinds or not captures:
        problem("nothing to check")
    return tally.end(f"{len(captures)} captures")


if __name__ == "__main__":
    sys.exit(main())
