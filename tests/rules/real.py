#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Rulesets of people through the kernel and through src/rules.

DIR has files as iptables-save or ip6tables-save prints them; they are brought by hand,
since most of their licences do not allow to ship them.  The two interfaces that a
ruleset names most often become the router's, which is that of judge.py; frames are its
random walks.  Table nat is left out, unless --nat is given: addresses are not
rewritten here, and what the kernel rewrites changes the words of replies.

usage: real.py [--nat] [--backend nft|legacy] [--seed N] [--frames N] RULES-RUN DIR
"""
import argparse
import collections
import os
import random
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge
from judge import fr

INTERFACE = re.compile(r"(?<=\s)(-[io] )(\S+)")


def without_nat(lines):
    inside = False
    for line in lines:
        inside = line == "*nat" if line.startswith("*") else inside
        if not inside:
            yield line


def read(path, nat):
    """(family, lines), or None where it is no ruleset."""
    with open(path, encoding="utf-8", errors="replace") as f:
        lines = [x.strip() for x in f]
    lines = [x for x in lines if x and not x.startswith("#")]
    if not lines or not lines[0].startswith("*") or "COMMIT" not in lines:
        return None
    text = "\n".join(lines if nat else without_nat(lines))
    names = collections.Counter(m.group(2) for m in INTERFACE.finditer(text))
    names.pop("lo", None)
    new = dict(zip([n for n, _ in names.most_common(2)], ("wan0", "lan0")))
    text = INTERFACE.sub(lambda m: m.group(1) + new.get(m.group(2), m.group(2)), text)
    # Counters of the file, which both sides would only carry on.
    text = re.sub(r"^\[\d+:\d+\] ", "", text, flags=re.M)
    text = re.sub(r"^(:\S+ \S+) \[\d+:\d+\]", r"\1 [0:0]", text, flags=re.M)
    v6 = re.search(r"icmpv6|ipv6-icmp|icmp6|[0-9a-f]{3,4}::", text) is not None
    return 6 if v6 else 4, text.splitlines()


def frames(rng, v6, n):
    walk, steps = fr.Walk(rng, v6), []
    while len(steps) < n:
        steps += walk.next()
    return steps


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--backend", default="nft", choices=["nft", "legacy"])
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--frames", type=int, default=1000)
    p.add_argument("--nat", action="store_true")
    p.add_argument("program")
    p.add_argument("dir")
    args = p.parse_args()
    router = judge.Router(args.backend)
    work = "/tmp/rules-real.%d" % os.getpid()
    same = differ = total = 0
    for number, name in enumerate(sorted(os.listdir(args.dir))):
        found = read(os.path.join(args.dir, name), args.nat)
        if not found:
            print("skip %s: no ruleset alone" % name)
            continue
        family, lines = found
        steps = frames(random.Random(args.seed + number), family == 6, args.frames)
        trial = judge.Trial({4: [], 6: [], family: lines}, [], steps, 0)
        wrong = trial.run(router, args.program, work)
        if wrong:	# chains that an old file lacks, and the kernel has
            wrong = [x for x in wrong if not x.endswith(" is missing")]
        if wrong is None:
            print("skip %s: the kernel refuses it: %s" % (name, trial.error.strip()
                                                          .splitlines()[0]))
        elif wrong and wrong[0].startswith("exit status"):
            print("refused %s: %s" % (name, wrong[0]))
        elif wrong:
            differ += 1
            print("not ok %s: %d rules, %d differences" % (name, len(lines), len(wrong)))
            for line in wrong[:3]:
                print("    " + line)
        else:
            same += 1
            total += len(steps)
            print("ok %s: IPv%d, %d lines" % (name, family, len(lines)))
        sys.stdout.flush()
    print("# %d rulesets without a difference over %d frames, %d differ" %
          (same, total, differ))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
