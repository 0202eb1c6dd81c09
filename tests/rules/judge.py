#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random rulesets and frames through the kernel and through src/rules.

A router lives in a network namespace of this process's own, without uplink: taps
lan0 and wan0, with routes to a few hosts behind each.  iptables-restore loads a
ruleset, frames are written to the taps, which takes them through all hooks
before write(2) returns; iptables-save -c tells what the kernel counted, and
/proc/net/nf_conntrack which connections there are.
The same frames, with the times at which they went in, are given to rules-run.
A difference is made smaller by leaving out rules and frames, and is kept in a
directory like those of cases.py.

usage: judge.py [--seed N] [--trials N] [--frames N] [--backend nft|legacy]
                [--only MATCH,...] [--steady] [--jobs N] [--keep DIR] RULES-RUN
"""
import argparse
import ctypes
import fcntl
import ipaddress
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
from steady import Steady, SteadyWalk

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
    "net/ipv6/auto_flowlabels": "0",	# a hash with a key that no capture tells
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


def entry_of(words):
    """(all but the time to live of a line of nf_conntrack, that)"""
    family, proto, left = words[0][3], words[3], int(words[4])
    state = "-" if "=" in words[5] else words[5]
    values = {}
    for w in words:
        if "=" in w:
            key, value = w.split("=", 1)
            values.setdefault(key, []).append(value)
    ends = []
    for d in range(2):
        ends += [values["src"][d], values["dst"][d]]
        if "type" in values:
            ends += [values["id"][d], str(int(values["type"][d]) << 8 |
                                          int(values["code"][d]))]
        elif "srckey" in values:
            ends += [str(int(values[k][d], 16)) for k in ("srckey", "dstkey")]
        elif "sport" in values:
            ends += [values["sport"][d], values["dport"][d]]
        else:
            ends += ["0", "0"]
    for i in (0, 1, 4, 5):
        ends[i] = str(ipaddress.ip_address(ends[i]))
    flags = ("-" if "[UNREPLIED]" in words else "r") + ("a" if "[ASSURED]" in words
                                                        else "-")
    return (" ".join([family, proto, state, *ends, flags, values["mark"][0],
                      values.get("zone", ["0"])[0]]), left)


def compare_tables(kernel, text):
    mine = {}
    for line in text.splitlines():
        if line.startswith("= "):
            w = line.split()
            for i in (5, 6, 9, 10):
                w[i] = str(ipaddress.ip_address(w[i]))
            mine[" ".join(w[1:3] + w[4:])] = int(w[3])
    wrong = ["the kernel's table has " + x for x in kernel if x not in mine]
    wrong += ["the table here has " + x for x in mine if x not in kernel]
    # The kernel's is read a moment after the last frame.
    return wrong + ["timeout, kernel %d, here %d: %s" % (kernel[x], mine[x], x)
                    for x in kernel if x in mine and
                    not -1 <= mine[x] - kernel[x] <= 3]


class Router:
    def __init__(self, backend):
        self.backend, self.runs = backend, 0
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
        self.version = "# Generated by %s on\n" % sh(
            "iptables-%s-save" % backend, "-V").stdout.strip()
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

    @staticmethod
    def table():
        """What /proc/net/nf_conntrack says, as rules-run -t; seconds apart."""
        with open("/proc/net/nf_conntrack", encoding="ascii") as f:
            return dict(entry_of(line.split()) for line in f)

    def counters(self, family):
        return sh(self.command(family, "save"), "-c").stdout


def renumber(steps, run):
    """Gives the IPv4 fragments of each run identifications of their own: those of the
    run before may still wait for the rest of their datagram."""
    def is_fragment(frame):
        return frame[12:14] == b"\x08\0" and len(frame) >= 34 and \
            struct.unpack_from(">H", frame, 20)[0] & 0x3fff

    idents = [struct.unpack_from(">H", f, 18)[0] for _, f in steps if is_fragment(f)]
    out = []
    for iface, f in steps:
        if is_fragment(f):
            ident = struct.unpack_from(">H", f, 18)[0] - min(idents) + run * 400
            head = f[14:18] + struct.pack(">H", ident & 0xffff) + f[20:24] + \
                b"\0\0" + f[26:34]
            f = f[:14] + head[:10] + struct.pack(">H", fr.checksum(head)) + \
                head[12:] + f[34:]
        out.append((iface, f))
    return out


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
            for name, text in (("rules", router.version +
                                "\n".join(self.rules[family]) + "\n"),
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
        router.runs += 1
        self.steps = renumber(self.steps, router.runs)
        times = router.send(self.steps, self.gap)
        self.table = router.table()
        counts = {f: router.counters(f) for f in (4, 6)}
        self.store(path, router, times, counts)
        return self.compare(program, path, router.backend)

    def compare(self, program, path, backend):
        wrong = []
        for family, suffix, option in ((4, "", "-4"), (6, "6", "-6")):
            if not self.rules[family]:
                continue
            p = sh(program, "-t", "-H", "-I", "-M", "-b", backend, "-r", path + "/routes",
                   "-s", path + "/ipsets", "-4" if family == 4 else "-6",
                   "%s/rules%s" % (path, suffix), path + "/in.pcap", check=False)
            if p.returncode:
                wrong.append("exit status %d: %s" % (p.returncode,
                                                     p.stderr.strip()))
                continue
            expected = open("%s/expected%s" % (path, suffix)).read()
            wrong += compare_tables(self.table, p.stdout)
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


STATELESS = ["tcp", "udp", "icmp", "sctp", "multiport", "proto", "esp", "dccp", "mark",
             "length", "ttl", "string", "hashlimit", "recent", "u32", "ip6", "set"]


def make_trial(rng, args):
    v6 = rng.random() < 0.4
    only = args.only.split(",") if args.only else None
    if not only and rng.random() < 0.1:	# without tracking, fragments stay fragments
        only = STATELESS
    g = (Steady if args.steady else Generator)(rng, v6, args.backend, only)
    lines, sets = g.ruleset()
    walk = (SteadyWalk if args.steady else fr.Walk)(rng, v6)
    steps = []
    while len(steps) < args.frames:
        steps += walk.next()
    # The kernel looks through a connlimit list at most once a tick.
    gap = 0.009 if "connlimit" in " ".join(lines) else 0
    rules = {4: [], 6: []}
    rules[6 if v6 else 4] = lines
    return Trial(rules, sets, steps, gap)


def report(seed, trial, wrong, router, args, path):
    print("not ok seed %d: %d differences, first %s" % (seed, len(wrong), wrong[0]))
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


def judge(args, seeds):
    """(rulesets, frames, rulesets that differ, refused by the kernel)"""
    # Namespaces share the lock's file.
    os.environ["XTABLES_LOCKFILE"] = "/tmp/rules-judge.%d.lock" % os.getpid()
    router = Router(args.backend)
    work = args.keep or "/tmp/rules-judge.%d" % os.getpid()
    ran = frames = differ = refused = 0
    for seed in seeds:
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
        report(seed, trial, wrong, router, args, path)
        if args.stop and differ >= args.stop:
            break
    return ran, frames, differ, refused


def in_child(args, seeds):
    """A judge with a namespace of its own; the end of a pipe with its figures."""
    r, w = os.pipe()
    sys.stdout.flush()
    if os.fork():
        os.close(w)
        return r
    try:
        os.write(w, struct.pack("4q", *judge(args, seeds)))
    except SystemExit as e:
        os._exit(e.code)
    finally:
        sys.stdout.flush()
    os._exit(0)


def judge_all(args):
    start = time.time()
    seeds = range(args.seed, args.seed + args.trials)
    pipes = [in_child(args, seeds[i::args.jobs]) for i in range(args.jobs)]
    texts = [os.read(p, 32) for p in pipes]
    codes = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in pipes]
    if SKIP in codes:
        return SKIP
    total = [sum(x) for x in zip(*(struct.unpack("4q", t) for t in texts if t))]
    ran, frames, differ, refused = total or [0] * 4
    print("# %s: %d rulesets, %d frames, %d differ, %d refused by the kernel, "
          "%.0f s" % (args.backend, ran, frames, differ, refused,
                      time.time() - start))
    return 1 if differ or any(codes) else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--trials", type=int, default=100)
    p.add_argument("--frames", type=int, default=250)
    p.add_argument("--backend", default="nft", choices=["nft", "legacy"])
    p.add_argument("--only")
    p.add_argument("--steady", action="store_true",
                   help="connections that last, and mostly rules that ask for no more")
    p.add_argument("--keep")
    p.add_argument("--jobs", type=int, default=4,
                   help="judges side by side; they wait more than they work")
    p.add_argument("--stop", type=int, default=0)
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--no-minimise", action="store_true")
    p.add_argument("program")
    args = p.parse_args()
    return judge_all(args)


if __name__ == "__main__":
    sys.exit(main())
