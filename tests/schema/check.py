#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Validates ctreplay's JSON records against schema/ctreplay.schema.json.

The validator is Debian's python3-jsonschema.  It checks the schema itself against
the meta-schema of draft 2020-12, and against the schema every record of every
capture of testdata, printed with the options that manual.py uses to get all kinds of
records.

The schema must not accept more than that: a record that differs from a good one by
a key too many, a key too few or a value of another type must be rejected, and each
key that the schema knows must occur somewhere.
"""
import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS), str(TESTS / "recipes")]
from tally import TESTDATA, TOP, Tally

try:
    import jsonschema
except ImportError:
    print("SKIP: check-schema: python3 has no module jsonschema "
          "(Debian: python3-jsonschema)")
    sys.exit(0)

from manual import JSON_RUNS, RESULTS, merged, run

SCHEMA = TOP / "schema" / "ctreplay.schema.json"

tally = Tally("check-schema")


def error_text(error):
    path = "/".join(map(str, error.absolute_path))
    return f"{path or 'record'}: {error.message[:200]}"


def check_records(validators, lines, examples, seen):
    """Validates each line by the definition of its type, which is what the whole
    schema comes to; returns an example of each set of keys."""
    for line, (path, args) in lines.items():
        record = json.loads(line)
        kind = record.get("type")
        seen.update((kind, key) for key in record)
        examples.setdefault((kind, *record), record)
        if kind not in validators:
            tally.fail(path, args, "unknown type:", line)
            continue
        for error in validators[kind].iter_errors(record):
            tally.fail(path, args, error_text(error), line)
            break
        else:
            tally.passed += 1


def print_records(captures):
    """Maps each line that the runs print to the first capture and options."""
    lines = {}
    for path in captures:
        for args in JSON_RUNS:
            for line in run(["-o", "json", *args], path).splitlines():
                lines.setdefault(line, (path, args))
    for case in FIREWALLS:
        for args in FIREWALL_RUNS:
            args = (*args, "--firewall", str(case.relative_to(TOP)))
            path = case / "in.pcap"
            for line in run(["-o", "json", *args], path).splitlines():
                lines.setdefault(line, (path, args))
    for line in merged(RESULTS).splitlines():
        lines.setdefault(line, (RESULTS[0], "--merge"))
    first, second = FILES
    for args in ("-pv", str(second)), ("--explain", "2", str(second)):
        for line in run(["-o", "json", *args], first).splitlines():
            lines.setdefault(line, (first, args))
    return lines


def variants(record):
    """Records that are wrong in one place, with what is wrong."""
    yield {**record, "surplus": 0}, "a key too many"
    yield {**record, "type": "other"}, "an unknown type"
    for key, value in record.items():
        yield {k: v for k, v in record.items() if k != key}, f"no {key}"
        yield {**record, key: {"a": []}}, f"an object for {key}"
        if value is not None and not isinstance(value, (dict, list, bool)):
            yield {**record, key: -1}, f"-1 for {key}"
        if isinstance(value, str):
            yield {**record, key: ""}, f"an empty {key}"


# Keys that a record of the same kind may lack: a setting adds them.
OPTIONAL = {("packet", "tunnel"), ("conntrack", "at"), ("conntrack", "delta_time"),
            ("event", "delta_time"), ("connection", "delta_time"),
            *((kind, key) for kind in ("event", "connection", "conntrack")
              for key in ("mark", "zone", "zone_dir")
              if (kind, key[:4]) not in {("conntrack", "mark"), ("conntrack", "zone")}
              or key == "zone_dir"),
            *((kind, key) for kind in ("packet", "frame", "explain")
              for key in ("file", "file_frame", "interface")),
            ("connection", "file"), ("note", "file")}
# Records say where a frame is from if there are several files and interfaces.
FILES = (TESTDATA / "link-ethernet.pcap", TESTDATA / "pcapng.pcapng")


# Firewalls with the kernel's counters, see tests/rules/cases/README.md.
FIREWALLS = sorted(p.parent for p in (TOP / "tests/rules/cases").glob("*/in.pcap"))
FIREWALL_RUNS = (("-petCRs", "--rules-unknown"),
                 ("-pe", "--versus", "--rules tests/rules/cases/drop-new/rules",
                  "--rules-unknown"))


def check_rejections(validator, examples):
    for record in examples.values():
        tally.check(f"accepts {json.dumps(record)}", validator.is_valid(record))
        for wrong, what in variants(record):
            kind = record["type"], what.removeprefix("no ")
            if what.startswith("no ") and kind in OPTIONAL:
                continue
            tally.check(f"rejects {what}: {json.dumps(record)}",
                        not validator.is_valid(wrong))


def known_keys(schema, node, keys):
    """The names of all properties that 'node' may have."""
    keys.update(node.get("properties", {}))
    for child in (*node.get("allOf", ()), node.get("then"), node.get("else")):
        if child:
            known_keys(schema, child, keys)
    if node.get("$ref", "").startswith("#/$defs/"):
        known_keys(schema, schema["$defs"][node["$ref"][8:]], keys)


def check_keys(schema, seen):
    for kind in schema["properties"]["type"]["enum"]:
        keys = set()
        known_keys(schema, schema["$defs"][kind], keys)
        for key in sorted(keys):
            tally.check(f"some {kind} has {key}", (kind, key) in seen)


def without_refs(schema, node):
    """The same with each $ref replaced by what it refers to: validation takes half
    the time."""
    if isinstance(node, list):
        return [without_refs(schema, n) for n in node]
    if not isinstance(node, dict):
        return node
    node = dict(node)
    name = node.pop("$ref", "").removeprefix("#/$defs/")
    if name:
        node = {**schema["$defs"][name], **node}
    return {k: without_refs(schema, n) for k, n in node.items()}


def make_validator(schema):
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.FormatChecker(["ipv4", "ipv6"]))


def main():
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validators = {kind: make_validator(without_refs(schema, schema["$defs"][kind]))
                  for kind in schema["properties"]["type"]["enum"]}
    captures = sorted(p.relative_to(TOP) for p in TESTDATA.rglob("*")
                      if ".pcap" in p.name and p.is_file())
    examples, seen = {}, set()
    check_records(validators, print_records(captures), examples, seen)
    tally.check("there are records", tally.passed > 1000)
    check_rejections(make_validator(schema), examples)
    check_keys(schema, seen)
    return tally.end(f"{len(captures)} captures")


if __name__ == "__main__":
    sys.exit(main())
