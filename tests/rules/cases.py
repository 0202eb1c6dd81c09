#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs recorded rule cases and compares counters with the kernel's.

usage: cases.py RULES-RUN DIR [CASE...]

A case is a directory with in.pcap, rules or rules6 or both, routes, perhaps
ipsets, and expected or expected6: what iptables-save -c printed in the end.
Rules are compared by table, chain and place; chains where the recording has
counters.
"""
import os
import re
import subprocess
import sys

COUNTER = re.compile(r"\[(\d+):(\d+)\]")


def read(text):
    """{(table, chain): (policy counter or None, [rule counters])}"""
    chains, table = {}, None
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":"):
            name = line[1:].split()[0]
            m = COUNTER.search(line)
            chains[table, name] = (m and m.groups(), [])
        elif line.startswith("["):
            m = COUNTER.match(line)
            name = line.split(" -A ", 1)[1].split()[0]
            chains[table, name][1].append((m.groups(), line))
    return chains


def compare(expected, got):
    wrong = []
    for key, (policy, rules) in sorted(expected.items()):
        if key not in got:
            wrong.append("%s:%s is missing" % key)
            continue
        mine, my_rules = got[key]
        if policy is not None and mine != policy:
            wrong.append("%s:%s policy: kernel %s, here %s" % (key + (policy, mine)))
        if len(rules) != len(my_rules):
            wrong.append("%s:%s has %d rules, here %d" %
                         (key + (len(rules), len(my_rules))))
        for n, (a, b) in enumerate(zip(rules, my_rules), 1):
            if a[0] != b[0]:
                wrong.append("%s:%s:%d kernel %s here %s   %s" %
                             (key + (n, ":".join(a[0]), ":".join(b[0]), b[1])))
    return wrong


def run(program, path, options):
    args = [program, "-v", "-H", "-b", "nft"] + options + ["-d", path,
                                                 os.path.join(path, "in.pcap")]
    p = subprocess.run(args, capture_output=True, text=True, check=False)
    out = p.stdout
    # IPv4's tables come first; a table's second appearance is IPv6's.
    parts, seen, family = [[], []], set(), 0
    if not os.path.exists(os.path.join(path, "rules")):
        family = 1
    for line in out.splitlines():
        if line.startswith("*"):
            if line in seen:
                family = 1
            seen.add(line)
        parts[family].append(line)
    return p.returncode, ["\n".join(x) for x in parts], p.stderr, out


def main():
    program, top = sys.argv[1:3]
    names = sys.argv[3:] or sorted(os.listdir(top))
    good = bad = waiting = 0
    for name in names:
        path = os.path.join(top, name)
        if not os.path.exists(os.path.join(path, "in.pcap")):
            continue
        wrong = []
        options = ["-u"] if "cpu" in open(os.path.join(path, "rules" if os.path.exists(os.path.join(path, "rules")) else "rules6")).read() else []
        rc, parts, err, out = run(program, path, options)
        if rc:
            wrong.append("exit status %d: %s" % (rc, err.strip()))
        for family, file in enumerate(("expected", "expected6")):
            file = os.path.join(path, file)
            if os.path.exists(file) and not rc:
                wrong += compare(read(open(file).read()), read(parts[family]))
        todo = os.path.join(path, "todo")
        if wrong and os.path.exists(todo):
            waiting += 1
            print("ok %s # TODO %s" % (name, open(todo).read().strip()))
        elif wrong:
            bad += 1
            print("not ok %s" % name)
            for w in wrong:
                print("    " + w)
            if len(sys.argv) > 3:
                print(out)
        else:
            good += 1
            print("ok %s" % name)
    print("rules: %d passed, %d failed (%d wait for what the engine lacks)" %
          (good, bad, waiting))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
