#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""ctreplay-snapshot on a router of its own, and what ctreplay makes of it.

The judge's router loads tests/rules/router, the script writes a directory there,
captures of testdata go through the router, and ctreplay --firewall over the same
frames counts what iptables-save -c says.

usage: snapshot.py [--record DIR] CTREPLAY SCRIPT
"""
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import judge

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CAPTURES = ("tcp-rst", "tcp-window-scale", "udp-unreachable", "ftp-lines")


def read_pcap(path):
    """The frames of a pcap file of Ethernet in this machine's byte order."""
    with open(path, "rb") as f:
        data = f.read()
    order = "<" if data[0] in (0xd4, 0x4d) else ">"
    at = 24
    while at < len(data):
        n = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at + 16:at + 16 + n]
        at += 16 + n


def steps():
    """[(interface, frame)]: by the source address."""
    for name in CAPTURES:
        for frame in read_pcap("%s/testdata/%s.pcap" % (TOP, name)):
            kind = frame[12:14]
            lan = (frame[26:29] == b"\xc0\x00\x02" if kind == b"\x08\x00" else
                   frame[22:28] == bytes.fromhex("20010db80001"))
            iface = "lan0" if lan else "wan0"
            if kind in (b"\x08\x00", b"\x86\xdd"):
                yield iface, (judge.fr.ROUTER_MAC[iface] +
                              judge.fr.HOST_MAC[iface] + frame[12:])


def lines_of(name):
    with open("%s/tests/rules/router/%s" % (TOP, name), encoding="utf-8") as f:
        return f.read().splitlines()


def check(what, wrong):
    print("%s %s" % ("not ok" if wrong else "ok", what))
    for line in wrong or ():
        print("    " + line)
    return bool(wrong)


def snapshot(script, path):
    p = subprocess.run(["sh", script, path], capture_output=True, text=True,
                       check=False)
    wrong = [p.stderr.strip()] if p.returncode else []
    there = sorted(os.listdir(path))
    if there != ["ipsets", "kernel", "links", "routes", "rules", "rules6", "sysctls"]:
        wrong.append("files: " + " ".join(there))
    return wrong


def replay(program, path, capture, counts):
    p = subprocess.run([program, "-q", "-R", "--checksum", "all", "--firewall",
                        path, capture], capture_output=True, text=True,
                       check=False)
    if p.returncode:
        return [p.stderr.strip()]
    ipv4, _, ipv6 = p.stdout.partition("# rules of IPv6\n")
    wrong = []
    for text, kernel in ((ipv4, counts[4]), (ipv6, counts[6])):
        mine, theirs = cases.read(text), cases.read(kernel)
        # What the router's own ICMPv6 counts is no frame of the capture.
        for key in theirs:
            if key[1] in ("INPUT", "OUTPUT", "POSTROUTING", "PREROUTING"):
                theirs[key] = (None, theirs[key][1])
        theirs.pop(("filter", "INPUT"), None)
        wrong += cases.compare({k: v for k, v in theirs.items() if k in mine}, mine)
    return wrong


def record(path, to, counts):
    """Without what is this machine's own."""
    os.makedirs(to, exist_ok=True)
    for name in ("rules", "rules6", "ipsets", "routes", "in.pcap"):
        shutil.copy(os.path.join(path, name), to)
    with open(path + "/sysctls", encoding="utf-8") as f:
        keep = [x for x in f if x.startswith("net.netfilter.nf_conntrack")]
    with open(to + "/sysctls", "w", encoding="utf-8") as f:
        f.writelines(keep)
    with open(path + "/kernel", encoding="utf-8") as f:
        version = re.match(r"[0-9.]+", f.read()).group(0)
    with open(to + "/kernel", "w", encoding="utf-8") as f:
        f.write(version + "\n")
    for family, name in ((4, "expected"), (6, "expected6")):
        with open(os.path.join(to, name), "w", encoding="utf-8") as f:
            f.write(re.sub(r"(:(?:INPUT|OUTPUT|PREROUTING|POSTROUTING) \w+) \[.*",
                           r"\1", counts[family]))


def main():
    argv = sys.argv[1:]
    to = None
    if argv[0] == "--record":
        to, argv = argv[1], argv[2:]
    program, script = argv
    lacking = [tool for tool in ("ip", "iptables-nft-save", "ipset", "sysctl")
               if not shutil.which(tool)]
    if os.geteuid() != 0 or lacking:
        print("SKIP: check-rules-snapshot: needs root, and", ", ".join(lacking) or
              "all tools are there")
        return judge.SKIP
    router = judge.Router("nft")
    error = router.load({4: lines_of("rules"), 6: lines_of("rules6")},
                        lines_of("ipsets"))
    if error:
        print("SKIP: the kernel does not take the rules:", error.strip())
        return judge.SKIP
    work = tempfile.mkdtemp()
    path = work + "/firewall"
    bad = check("ctreplay-snapshot writes all seven files", snapshot(script, path))
    frames = list(steps())
    router.drain()
    times = router.send(frames, 0)
    counts = {f: router.counters(f) for f in (4, 6)}
    judge.write_pcap(path + "/in.pcap", frames, times)
    bad |= check("ctreplay --firewall counts what the kernel counts",
                 replay(program, path, path + "/in.pcap", counts))
    if to:
        record(path, to, counts)
    shutil.rmtree(work)
    return bad


if __name__ == "__main__":
    sys.exit(main())
