#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random rulesets and frames through the kernel and through src/rules.

A router lives in a network namespace of this process's own, without uplink: taps
lan0 and wan0, with routes to a few hosts behind each.  iptables-restore loads a
ruleset, frames are written to the taps, which takes them through all hooks
before write(2) returns, and iptables-save -c tells what the kernel counted.
The same frames, with the times at which they went in, are given to rules-run.
A difference is made smaller by leaving out rules and frames, and is kept in a
directory like those of cases.py.

usage: judge.py [--seed N] [--trials N] [--frames N] [--backend nft|legacy]
                [--only MATCH,...] [--keep DIR] RULES-RUN
       judge.py --replay DIR RULES-RUN
"""
import argparse
import ctypes
import fcntl
import os
import random
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import frames as fr
from generate import Generator, TABLES

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454ca
SKIP = 77

SYSCTLS = {
    "net/ipv4/ip_forward": "1", "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/default/rp_filter": "0",
    "net/ipv4/conf/all/accept_local": "1",
    "net/ipv4/conf/default/accept_local": "1",
    "net/ipv4/conf/all/send_redirects": "0",
    "net/ipv4/conf/default/send_redirects": "0",
    "net/ipv4/icmp_ratemask": "0", "net/ipv6/icmp/ratelimit": "0",
    "net/ipv4/icmp_msgs_per_sec": "1000000", "net/ipv4/icmp_msgs_burst": "1000000",
    "net/ipv4/ipfrag_time": "100000",	# no late errors about fragments
    "net/ipv6/conf/all/forwarding": "1",
    "net/ipv6/conf/default/forwarding": "1",
    "net/ipv6/conf/default/accept_dad": "0",
    "net/ipv6/conf/default/mldv2_unsolicited_report_interval": "10",
    "net/ipv4/igmp_link_local_mcast_reports": "0",
}

LINKS = """
link set lo up
link set {tap} address {mac} mtu 1500 arp off up
addr add {a4}/24 dev {tap}
addr add {a6}/64 dev {tap} nodad
"""


def sh(*args, data=None, check=True):
    p = subprocess.run(args, input=data, capture_output=True, text=True,
                       check=False)
    if check and p.returncode:
        raise RuntimeError("%s: %s" % (" ".join(args), p.stderr.strip()))
    return p


class Router:
    def __init__(self, backend):
        self.backend = backend
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
            print("SKIP: no network namespace of our own:",
                  os.strerror(ctypes.get_errno()))
            sys.exit(SKIP)
        for name, value in SYSCTLS.items():
            try:
                with open("/proc/sys/" + name, "w") as f:
                    f.write(value)
            except OSError:
                pass	# an older kernel, or a setting of the first namespace
        self.tap = {}
        for i, name in enumerate(("lan0", "wan0")):
            self.tap[name] = self.open_tap(name)
            commands = LINKS.format(tap=name, mac=":".join(
                "%02x" % b for b in fr.ROUTER_MAC[name]),
                a4=fr.ROUTER4[i], a6=fr.ROUTER6[i])
            sh("ip", "-batch", "-", data=commands)
        time.sleep(0.5)	# multicast listener reports are the router's own
        for _ in range(50):	# link-local addresses come late
            self.routes = (sh("ip", "route", "show", "table", "all").stdout +
                           sh("ip", "-6", "route", "show", "table",
                              "all").stdout)
            if all("local %s dev" % a in self.routes for a in
                   ("fe80::ff:fe00:1", "fe80::ff:fe00:2")):
                break
            time.sleep(0.1)
        time.sleep(0.5)
        self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        self.drain()

    @staticmethod
    def open_tap(name):
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(),
                                               0x1002))
        return fd

    def drain(self):
        """{interface: frames that came out}"""
        out = {}
        for name, fd in self.tap.items():
            out[name] = []
            try:
                while True:
                    out[name].append(os.read(fd, 65536))
            except BlockingIOError:
                pass
        return out

    def flush(self):
        message = struct.pack("=IHHIIBBH", 20, 1 << 8 | 2, 5, 1, 0, 0, 0, 0)
        self.netlink.send(message)
        self.netlink.recv(65536)

    def command(self, family, action):
        return "%s-%s-%s" % ("iptables" if family == 4 else "ip6tables",
                             self.backend, action)

    def load(self, rules, sets):
        """rules: {4: lines, 6: lines}; an error text, or None"""
        for family in (4, 6):
            empty = "".join("*%s\n%sCOMMIT\n" % (t, "".join(
                ":%s ACCEPT\n" % c for c in chains)) for t, chains in
                TABLES.items())
            sh(self.command(family, "restore"), data=empty)
        self.destroy_sets()
        if sets:
            p = sh("ipset", "restore", data="\n".join(sets) + "\n", check=False)
            if p.returncode:
                return p.stderr
        for family, lines in rules.items():
            if not lines:
                continue
            p = sh(self.command(family, "restore"),
                   data="\n".join(lines) + "\n", check=False)
            if p.returncode:
                return p.stderr
        self.flush()
        return None

    @staticmethod
    def destroy_sets():
        """Rules let go of sets a moment after they are gone."""
        for _ in range(200):
            sh("ipset", "flush", check=False)	# lists hold their members
            if not sh("ipset", "destroy", check=False).returncode:
                return
            time.sleep(0.01)
        raise RuntimeError("ipset destroy: sets stay in use")

    def send(self, steps, gap):
        """steps: [(interface, frame)]; the times they went in"""
        times = []
        for iface, frame in steps:
            if gap:
                time.sleep(gap)
            times.append(time.time_ns())
            try:
                os.write(self.tap[iface], frame)
            except OSError:
                pass
        return times

    def counters(self, family):
        return sh(self.command(family, "save"), "-c").stdout


def write_pcap(path, steps, times):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHIIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
        for (_, frame), t in zip(steps, times):
            f.write(struct.pack("<IIII", t // 10**9, t % 10**9, len(frame),
                                len(frame)) + frame)


class Trial:
    def __init__(self, rules, sets, steps, gap):
        self.rules, self.sets, self.steps, self.gap = rules, sets, steps, gap

    def store(self, path, router, times, counts):
        os.makedirs(path, exist_ok=True)
        for family, suffix in ((4, ""), (6, "6")):
            for name, text in (("rules", "\n".join(self.rules[family]) + "\n"),
                               ("expected", counts[family])):
                if self.rules[family]:
                    with open("%s/%s%s" % (path, name, suffix), "w") as f:
                        f.write(text)
                elif os.path.exists("%s/%s%s" % (path, name, suffix)):
                    os.unlink("%s/%s%s" % (path, name, suffix))
        with open(path + "/routes", "w") as f:
            f.write(router.routes)
        with open(path + "/ipsets", "w") as f:
            f.write("\n".join(self.sets) + "\n")
        write_pcap(path + "/in.pcap", self.steps, times)

    def run(self, router, program, path):
        """What differs, as lines; None where the kernel refuses the ruleset."""
        error = router.load(self.rules, self.sets)
        if error:
            self.error = error
            return None
        router.drain()
        times = router.send(self.steps, self.gap)
        counts = {f: router.counters(f) for f in (4, 6)}
        self.store(path, router, times, counts)
        return self.compare(program, path, router.backend)

    def compare(self, program, path, backend):
        wrong = []
        for family, suffix, option in ((4, "", "-4"), (6, "6", "-6")):
            if not self.rules[family]:
                continue
            p = sh(program, "-H", "-I", "-M", "-b", backend, "-r", path + "/routes",
                   "-s", path + "/ipsets", "-4" if family == 4 else "-6",
                   "%s/rules%s" % (path, suffix), path + "/in.pcap", check=False)
            if p.returncode:
                wrong.append("exit status %d: %s" % (p.returncode,
                                                     p.stderr.strip()))
                continue
            expected = open("%s/expected%s" % (path, suffix)).read()
            got, want = cases.read(p.stdout), cases.read(expected)
            tables = set(table for table, _ in got)
            # legacy shows empty tables as well
            wrong += cases.compare({k: v for k, v in want.items()
                                    if k[0] in tables}, got)
        return wrong


def smaller(items, bad):
    """Leaves out what is not needed for bad(items)."""
    n = max(len(items) // 2, 1)
    while n:
        i = 0
        while i < len(items):
            fewer = items[:i] + items[i + n:]
            if bad(fewer):
                items = fewer
            else:
                i += n
        n //= 2
    return items


def minimise(trial, router, program, path):
    def bad(rules=None, steps=None, family=4):
        t = Trial(dict(trial.rules), trial.sets, steps or trial.steps, trial.gap)
        if rules is not None:
            t.rules[family] = rules
        return bool(t.run(router, program, path))

    for _ in range(2):
        trial.steps = smaller(trial.steps, lambda s: s and bad(steps=s))
        for family in (4, 6):
            keep = trial.rules[family]
            mine = [i for i, l in enumerate(keep) if l.startswith("-A")]

            def with_only(chosen):
                chosen = set(chosen)
                return [l for i, l in enumerate(keep)
                        if not l.startswith("-A") or i in chosen]

            left = smaller(mine, lambda c: bad(rules=with_only(c),
                                               family=family))
            trial.rules[family] = with_only(left)
    return trial.run(router, program, path)


def make_trial(rng, args):
    v6 = rng.random() < 0.4
    only = args.only.split(",") if args.only else None
    g = Generator(rng, v6, args.backend, only)
    lines, sets = g.ruleset()
    walk = fr.Walk(rng, v6)
    steps = []
    while len(steps) < args.frames:
        steps += walk.next()
    gap = 0.009 if "connlimit" in " ".join(lines) else 0
    if gap:
        steps = steps[:60]
    rules = {4: [], 6: []}
    rules[6 if v6 else 4] = lines
    return Trial(rules, sets, steps, gap)


def judge(args):
    router = Router(args.backend)
    work = args.keep or "/tmp/rules-judge.%d" % os.getpid()
    differ = refused = frames = ran = 0
    start = time.time()
    for number in range(args.trials):
        seed = args.seed + number
        trial = make_trial(random.Random(seed), args)
        path = "%s/%d" % (work, seed)
        wrong = trial.run(router, args.program, path)
        if wrong is None:
            refused += 1
            if args.verbose:
                print("seed %d refused by the kernel: %s" % (
                    seed, trial.error.strip()))
            continue
        ran += 1
        frames += len(trial.steps)
        if not wrong:
            sh("rm", "-rf", path)
            continue
        differ += 1
        print("not ok seed %d: %d differences, first %s" % (
            seed, len(wrong), wrong[0]))
        if not args.no_minimise:
            wrong = minimise(trial, router, args.program, path)
            print("    smallest: %d frames" % len(trial.steps))
            for family in (4, 6):
                for line in trial.rules[family]:
                    if line.startswith("-A") or "DROP" in line:
                        print("    " + line)
            for w in wrong or ["it went away: the clock's"]:
                print("    " + w)
        sys.stdout.flush()
        if args.stop and differ >= args.stop:
            break
    print("# %d rulesets, %d frames, %d differ, %d refused by the kernel, "
          "%.0f s" % (ran, frames, differ, refused, time.time() - start))
    return 1 if differ else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--trials", type=int, default=100)
    p.add_argument("--frames", type=int, default=250)
    p.add_argument("--backend", default="nft", choices=["nft", "legacy"])
    p.add_argument("--only")
    p.add_argument("--keep")
    p.add_argument("--stop", type=int, default=0)
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--no-minimise", action="store_true")
    p.add_argument("program")
    args = p.parse_args()
    return judge(args)


if __name__ == "__main__":
    sys.exit(main())
