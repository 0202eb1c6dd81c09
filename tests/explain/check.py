#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds what --explain says against ordinary replays.

- Each reason of reason.h has a golden case whose frame has it.
- "What would change it": each setting of each explained frame is given to an
  ordinary replay, and the frame's word and reason there are compared with what the
  explanation says of it: those that it calls a change, and those that it does not.
- The connection before and after the frame is the entry that a replay which ends
  before, or after, the frame has in its table.
- Its first and its last frame, the frame that made an expectation, both sides of the
  comparison and its frame are those of the ordinary records.
- Text has no line of more than 80 columns, and a pipe gives the same bytes as a file.

The frames are those of tests/golden/explain-*, and a choice from each capture.
"""
import collections
import functools
import json
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import COMMAND, TESTDATA, TOP, Tally

GOLDEN = TOP / "tests" / "golden"
# No capture can show these.
NEVER = {"none", "fragment-memory", "fragment-header"}
QUIET = ["-q", "--sandbox", "no"]
# Where the rules of the window check find their two values.
WINDOW = {"tcp-seq-over": ("seq", "seq_upper"), "tcp-more-bytes": ("seq", "seq_upper"),
          "tcp-ack-over": ("ack", "ack_upper"), "tcp-seq-under": ("seq_end", "seq_lower"),
          "tcp-ack-under": ("ack", "ack_lower")}

tally = Tally("check-explain")


@functools.lru_cache(maxsize=512)
def run(*args):
    done = subprocess.run([*COMMAND, *QUIET, *args], cwd=TOP, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    return done.stdout


@functools.lru_cache(maxsize=512)
def words(*args):
    """Maps each frame to (state, direction, verdict, class, first reason)."""
    found = {}
    # -q takes packets away.
    done = subprocess.run([*COMMAND, "-pv", "--sandbox", "no", "-o", "json", *args], cwd=TOP,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        r = json.loads(line)
        if r["type"] == "packet":
            found[r["number"]] = (r["ctstate"], r["ctdir"], r["verdict"], None,
                                  r["reason_code"], r)
        elif r["type"] == "frame":
            found[r["number"]] = (None, None, None, r["class"], None, r)
    return found


def with_setting(args, setting):
    """The command line with the setting changed."""
    if setting == "without -N":
        at = args.index("-N")
        return args[:at] + args[at + 2:]
    if setting == "without --no-helpers":
        return tuple(a for a in args if a != "--no-helpers")
    return (*shlex.split(setting), *args) if setting.startswith("--kernel") and \
        "--kernel" not in args else (*args, *shlex.split(setting))


def word_of(x):
    return (x["ctstate"], x["ctdir"], x["verdict"], x["class"],
            x["reason_codes"][0] if x["reason_codes"] else None)


def change(base, other):
    """What --explain calls it; the words of ordinary records have one reason only."""
    if (base[0], base[2], base[3]) != (other[0], other[2], other[3]):
        return "word"
    return "nothing" if base == other else "reason"


def check_settings(args, n, told, where):
    base = words(*args).get(n)
    for x in told["settings"]:
        setting = x["setting"]
        other = words(*with_setting(args, setting)).get(n)
        if not base or not other:
            tally.fail(where, setting, "no record of the frame", base, other)
            continue
        tally.check(f"{where}: {setting}: {word_of(x)}, not {other[:5]}",
                    word_of(x) == other[:5])
        expected = change(base[:5], other[:5])
        # Of two reasons the second may differ, which ordinary records do not tell.
        fine = x["changes"] == expected or \
            (x["changes"] == "reason" and expected == "nothing" and
             base[5].get("reason") != other[5].get("reason"))
        tally.check(f"{where}: {setting} changes {x['changes']}, not {expected}", fine)


def entries(*args):
    return {r["id"]: r for r in map(json.loads, run("-t", "-o", "json", *args).splitlines())
            if r["type"] == "conntrack"}


def same_entry(a, b):
    """As -t has it, whose --at adds a key."""
    drop = {"at", "use"}
    return {k: v for k, v in a.items() if k not in drop} == \
           {k: v for k, v in b.items() if k not in drop}


def check_connection(args, n, told, where):
    packet = told["packet"]
    number = packet and packet["id"]
    if not number:
        tally.check(f"{where}: a connection without an id",
                    not told["before"] and not told["after"])
        return
    after = entries("-c", str(n), *args).get(number)
    tally.check(f"{where}: after: {told['after']} not {after}",
                same_entry(told["after"] or {}, after or {}))
    if n > 1:
        at = run("-t", "-o", "json", "-c", str(n - 1), "--at", told["time"], *args)
        before = [r for r in map(json.loads, at.splitlines())
                  if r["type"] == "conntrack" and "at" in r and r["id"] == number]
        tally.check(f"{where}: before: {told['before']} not {before[:1]}",
                    same_entry(told["before"] or {}, before[0] if before else {}))
    mine = [k for k, w in words(*args).items() if k < n and w[5].get("id") == number]
    if told["before"]:
        tally.check(f"{where}: frames {told['first_frame']}, {told['last_frame']}",
                    mine and (told["first_frame"], told["last_frame"]) ==
                    (min(mine), max(mine)))


def check_comparison(args, n, told, where):
    c, packet = told["comparison"], told["packet"]
    if not c:
        return
    code = packet["reason_code"]
    distance = {"at-most": c["value"] > c["bound"] if c["of"] not in ("seq", "ack") else True,
                "at-least": c["value"] < c["bound"] if c["of"] not in ("seq", "ack", "seq-end")
                else True, "below": c["value"] >= c["bound"],
                "equal": c["value"] != c["bound"]}[c["relation"]]
    tally.check(f"{where}: {c}: nothing failed", distance)
    if c["relation"] in ("at-most", "at-least"):
        by = (c["value"] - c["bound"]) * (1 if c["relation"] == "at-most" else -1)
        tally.check(f"{where}: {c}: not by {by}", by % 2 ** 32 == c["by"])
    if code in WINDOW and "seq" in packet:
        value, bound = WINDOW[code]
        tally.check(f"{where}: {c}: not of the window",
                    (c["value"], c["bound"], c["frame"]) ==
                    (packet[value], packet[bound], packet["bound_frame"]))
    if c["frame"]:
        tally.check(f"{where}: frame {c['frame']} is of another connection",
                    words(*args)[c["frame"]][5].get("id") == packet["id"])


def check_expectation(args, told, where):
    x = told["expectation"]
    if not x or not x["frame"]:
        return
    made = words(*args)[x["frame"]][5]
    events = run("-e", "-o", "json", "-c", str(x["frame"]), *args)
    before = run("-e", "-o", "json", "-c", str(x["frame"] - 1), *args)
    tally.check(f"{where}: frame {x['frame']} announces nothing",
                events.count('"type":"expect_event"') > before.count('"type":"expect_event"'))
    if x["master"]:
        tally.check(f"{where}: announced by {made.get('id')}, not {x['master']['id']}",
                    made.get("id") == x["master"]["id"])


def check_text(args, n, told, where):
    text = run("--explain", str(n), *args)
    path = (told["packet"] or {}).get("rule_path") or []
    shown = [line.split()[0] for line in text.splitlines()
             if re.match(r"    \w+:\S+:\d+ -A ", line)]
    tally.check(f"{where}: rules {shown}, not {path}", shown == path)
    for line in text.splitlines():
        tally.check(f"{where}: {len(line)} columns: {line}",
                    len(line) <= 80 or " " not in line.strip())
    files = [a for a in args if a.startswith("testdata/")]
    if len(files) != 1:
        return
    with open(TOP / files[0], "rb") as capture:
        done = subprocess.run([*COMMAND, *QUIET, "--explain", str(n),
                               *(a if a != files[0] else "-" for a in args)],
                              stdin=capture, cwd=TOP,
                              capture_output=True, text=True)
    tally.check(f"{where}: standard input gives something else", done.stdout == text)


def check_frame(args, n, where):
    """Returns the codes of the frame's reasons."""
    lines = run("-v", "-o", "json", "--explain", str(n), *args).splitlines()
    if len(lines) != 1:
        tally.fail(where, "no record:", lines[:2])
        return set()
    told = json.loads(lines[0])
    tally.check(f"{where}: number {told['number']}", told["number"] == n)
    packet = words(*args).get(n)
    if told["packet"]:
        tally.check(f"{where}: not the packet of -p", told["packet"] == packet[5])
    check_settings(args, n, told, where)
    check_connection(args, n, told, where)
    check_comparison(args, n, told, where)
    check_expectation(args, told, where)
    check_text(args, n, told, where)
    return {rule["reason_code"] for rule in told["rules"]} - {None}


def cases():
    """(name, arguments, frame) of the golden cases."""
    for folder in sorted(GOLDEN.glob("explain-*")):
        args = shlex.split((folder / "cmd").read_text(encoding="utf-8"))
        if "@" in args or (folder / "status").exists() or "-f" in args or \
           "--dedup" in args:
            continue
        at = args.index("--explain")
        rest = [a for a in args[:at] + args[at + 2:]]
        if "-T" in rest:
            continue
        for word in ("-v", "-o", "json", "--sandbox", "no"):
            if word in rest:
                rest.remove(word)
        yield folder.name, tuple(rest), int(args[at + 1])


def reason_codes():
    text = (TOP / "include" / "ctreplay" / "reason.h").read_text(encoding="utf-8")
    return set(re.findall(r'^X\([A-Z0-9_]+, *"([a-z0-9-]+)"', text, re.M))


def chosen_frames(path):
    """The first packets with each combination of state and reason."""
    seen = {}
    for n, word in words(path).items():
        seen.setdefault(word[:5], n)
    return seen.values()


def main():
    shown = collections.defaultdict(set)
    for name, args, n in cases():
        for code in check_frame(args, n, name):
            shown[code].add(name)
    for code in sorted(reason_codes() - NEVER):
        tally.check(f"reason {code} has no golden case", f"explain-{code}" in shown[code])

    for path in sorted(TESTDATA.glob("*.pcap"))[::SPARSE]:
        name = str(path.relative_to(TOP))
        for n in chosen_frames(name):
            check_frame((name,), n, f"{name} frame {n}")
    return tally.end()


# Every capture takes minutes: ALL asks for it.
SPARSE = 1 if "all" in sys.argv[1:] else 12

if __name__ == "__main__":
    sys.exit(main())
