#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs recorded rule cases and compares counters with the kernel's.

usage: cases.py [--program] RULES-RUN|CTREPLAY DIR [CASE...]

With --program it is ctreplay itself: ctreplay --firewall CASE -R CASE/in.pcap.

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


# What the program does not do, and rules-run does for the judge: the host answers as
# one without sockets, and some counters are those of its answers.
NOT_FOR_PROGRAM = ("addrtype", "owner-socket-forward")


def command(program, path, unknown, itself):
    capture = os.path.join(path, "in.pcap")
    if itself:
        return [program, "-q", "-R", "--checksum", "all", "--firewall", path,
                *(["--rules-unknown"] if unknown else []), capture]
    return [program, "-v", "-H", *(["-u"] if unknown else []),
            "-d", path, capture]


def run(program, path, unknown, itself):
    args = command(program, path, unknown, itself)
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


def compare_ways(args, out):
    """With events each packet goes through firewall_packet(); without, most do not."""
    p = subprocess.run(args[:1] + ["-e"] + args[1:], capture_output=True, text=True,
                       check=False)
    return [] if p.stdout.endswith(out) else ["with -e the counters are others"]


TIMEOUT = re.compile(r"^(\S+ +\d+ \S+ +\d+ )(\d+) ")


def entries(text):
    """{line without its timeout: the timeout}"""
    found = {}
    for line in text.splitlines():
        m = TIMEOUT.match(line)
        found[TIMEOUT.sub(r"\1", line.strip())] = int(m.group(2))
    return found


def compare_table(program, path, unknown):
    """The table at the end, as /proc/net/nf_conntrack had it a little later."""
    args = command(program, path, unknown, True)
    args.remove("-R")
    p = subprocess.run(args[:1] + ["-t", "--table-style", "nf_conntrack", "--sysctl",
                                   "nf_conntrack_acct=1"] + args[1:],
                       capture_output=True, text=True, check=False)
    with open(os.path.join(path, "table"), encoding="utf-8") as f:
        kernel = entries(f.read())
    mine = entries(p.stdout)
    wrong = ["the kernel's table has: " + x for x in kernel if x not in mine]
    wrong += ["the table here has:     " + x for x in mine if x not in kernel]
    return wrong + ["timeouts, kernel %d and here %d: %s" % (kernel[x], mine[x], x)
                    for x in kernel if x in mine and
                    not 0 <= mine[x] - kernel[x] <= 1]


def linktype(path):
    with open(path, "rb") as f:
        head = f.read(24)
    return int.from_bytes(head[20:24], "little" if head[0] in (0xd4, 0x4d) else "big")


def main():
    itself = sys.argv[1] == "--program"
    argv = sys.argv[itself:]
    program, top = argv[1:3]
    names = argv[3:] or sorted(os.listdir(top))
    good = bad = waiting = 0
    for name in names:
        path = os.path.join(top, name)
        if not os.path.exists(os.path.join(path, "in.pcap")):
            continue
        wrong = []
        if itself and name in NOT_FOR_PROGRAM:
            continue
        if not itself and linktype(os.path.join(path, "in.pcap")) != 1:
            continue	# rules-run reads Ethernet alone
        rules = os.path.join(path, "rules")
        if not os.path.exists(rules):
            rules += "6"
        with open(rules, encoding="utf-8") as f:
            unknown = "--cpu" in f.read()
        rc, parts, err, out = run(program, path, unknown, itself)
        if rc:
            wrong.append("exit status %d: %s" % (rc, err.strip()))
        for family, file in enumerate(("expected", "expected6")):
            file = os.path.join(path, file)
            if os.path.exists(file) and not rc:
                wrong += compare(read(open(file).read()), read(parts[family]))
        if itself and not rc:
            wrong += compare_ways(command(program, path, unknown, True), out)
        if itself and not rc and os.path.exists(os.path.join(path, "table")):
            wrong += compare_table(program, path, unknown)
        todo = os.path.join(path, "todo")
        if wrong and os.path.exists(todo):
            waiting += 1
            print("ok %s # TODO %s" % (name, open(todo).read().strip()))
        elif wrong:
            bad += 1
            print("not ok %s" % name)
            for w in wrong:
                print("    " + w)
            if len(argv) > 3:
                print(out)
        else:
            good += 1
            print("ok %s" % name)
    print("rules: %d passed, %d failed (%d wait for what the engine lacks)" %
          (good, bad, waiting))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
