#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares -C and --top of every capture with the packets, events and table of the
same replay.

Each connection that was created has one record.  Its packets are those of the
packet records with its id, and its end is that of its DESTROY event; without one, it
is in the table.  nf_conntrack_acct counts the same packets, but for those that the
kernel accepts without counting them (see uncounted()).  The sums over all sources
are those of all connections, and their entries at the fullest moment are the most
that the statistics know.

With the firewalls of tests/rules: the connections whose first packet the rules dropped
are those of the packet records, and no rule has more of them than the kernel counted.
"""
import collections
import json
import pathlib
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS), str(TESTS / "rules")]
import cases
from tally import COMMAND, TESTDATA, TOP, Tally

DIRECTIONS = {"original": "orig", "reply": "reply"}
STATES = ("NEW", "ESTABLISHED", "RELATED", "INVALID")
RUNS = (
    [],
    # Early drop.
    ["--sysctl", "nf_conntrack_max=2"],
    # The clock runs on for a year after the last frame.
    ["--at", "+31536000"],
)

tally = Tally("check-connections")


def run(path, *args):
    """The records by type.  Damaged captures end with a message."""
    lines = subprocess.run([*COMMAND, "-o", "json", *args, path], cwd=TOP,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                           check=False).stdout.splitlines()
    records = collections.defaultdict(list)
    for line in lines:
        record = json.loads(line)
        records[record["type"]].append(record)
    return records


def is_error(packet):
    """ICMP is RELATED only as an error about a connection."""
    return packet["ctstate"] == "RELATED" and packet["proto"].startswith("icmp")


def count_packets(packets):
    """What -C should say of one connection, as its keys and values."""
    counts = collections.Counter()
    for p in packets:
        if p["ctstate"] not in STATES:
            continue
        counts[p["ctstate"].lower()] += 1
        if p["ctdir"] and not is_error(p):
            counts[DIRECTIONS[p["ctdir"]] + "_packets"] += 1
            counts[DIRECTIONS[p["ctdir"]] + "_bytes"] += p["length"]
    return counts


def uncounted(packets, ctdir):
    """How many packets the kernel may accept without nf_ct_acct_add(): those that
    it ignores, which have a reason; SYNs again before any answer; and some of SCTP's
    chunks, which a packet record does not tell from others."""
    return sum(p["reason_code"] is not None or
               p["proto"] == "sctp" or
               p["proto"] == "tcp" and p["flags"] == "S" and
               p["state"] in ("SYN_SENT", "SYN_SENT2") and p is not packets[0]
               for p in packets if p["ctdir"] == ctdir)


def check_counts(what, c, packets, counted):
    wanted = count_packets(packets)
    for key in [s.lower() for s in STATES] + [
            f"{d}_{unit}" for d in DIRECTIONS.values()
            for unit in ("packets", "bytes")]:
        tally.check(f"{what}: {key} is {c[key]}, not {wanted[key]}",
                    c[key] == wanted[key])
    for ctdir, d in DIRECTIONS.items():
        less = c[f"{d}_packets"] - counted[f"{d}_packets"]
        tally.check(f"{what}: {d}: nf_conntrack_acct counts {less} packets less",
                    0 <= less <= uncounted(packets, ctdir))


def check_connections(what, r):
    packets = collections.defaultdict(list)
    for p in r["packet"]:
        packets[p["id"]].append(p)
    destroyed = {e["id"]: e for e in r["event"] if e["event"] == "DESTROY"}
    last = {e["id"]: e for e in r["event"]}
    table = {t["id"]: t for t in r["conntrack"] if t["id"] not in destroyed}
    created = [e["id"] for e in r["event"] if e["event"] == "NEW"]
    tally.check(f"{what}: each connection once",
                sorted(c["id"] for c in r["connection"]) == created)
    tally.check(f"{what}: those without an end are in the table",
                {c["id"] for c in r["connection"] if not c["end"]} == set(table))
    tally.check(f"{what}: ends in the order of events",
                [c["id"] for c in r["connection"] if c["end"]] == list(destroyed))
    for c in r["connection"]:
        end = destroyed.get(c["id"], {"end": None, "time": None})
        tally.check(f"{what}: end of {c['id']}",
                    (c["end"], c["ended"]) == (end["end"], end["time"]))
        check_counts(f"{what}: id {c['id']}", c, packets[c["id"]],
                     table.get(c["id"]) or last[c["id"]])


def check_top(what, r):
    statistics = r["statistics"][0]
    for by in ("src", "dst", "port", "pair"):
        tops = [t for t in r["top"] if t["by"] == by]
        sums = collections.Counter()
        for t in tops:
            for key in ("entries", "connections", "packets", "bytes", "invalid"):
                sums[key] += t[key]
        wanted = {
            "entries": statistics["most_entries"],
            "connections": len(r["connection"]),
            "invalid": sum(p["ctstate"] == "INVALID" for p in r["packet"]),
            "packets": sum(c["orig_packets"] + c["reply_packets"]
                           for c in r["connection"]),
            "bytes": sum(c["orig_bytes"] + c["reply_bytes"]
                         for c in r["connection"]),
        }
        tally.check(f"{what}: --top {by}: {dict(sums)}, not {wanted}",
                    all(sums[key] == n for key, n in wanted.items()))
        tally.check(f"{what}: --top {by}: ranks",
                    [t["rank"] for t in tops] == list(range(1, len(tops) + 1)))


def opened(packets):
    """Packets that ask for a connection, and that a rule dropped, by their ends."""
    flows = collections.defaultdict(list)
    for p in packets:
        if p["id"] is None and p["ctstate"] in ("NEW", "RELATED") and p["rule"] and \
                p["rule_verdict"] in ("drop", "reject") and not p["rule_prevented"]:
            ends = [p[k] for k in ("protonum", "src", "dst")]
            ends += [p.get(k) for k in ("sport", "dport", "icmp_type", "icmp_code", "icmp_id")]
            # A tuple has the keys of no GRE but version 1, and no ports of unknown protocols.
            flows[tuple(ends)].append(p)
    return flows


def check_dropped(what, c, packets):
    wanted = {
        "id": None, "end": "dropped", "timeout": None, "helper": None,
        "orig_packets": len(packets), "orig_bytes": sum(p["length"] for p in packets),
        "reply_packets": 0, "rules_dropped": len(packets),
        "rules_dropped_first": packets[0]["rule"],
        "rules_dropped_last": packets[-1]["rule"],
        "first_seen": packets[0]["time"], "last_seen": packets[-1]["time"],
        "ended": packets[-1]["time"],
        "new": sum(p["ctstate"] == "NEW" for p in packets),
        "related": sum(p["ctstate"] == "RELATED" for p in packets),
        "orig_src": packets[0]["src"], "orig_dst": packets[0]["dst"],
    }
    if "orig_sport" in c:
        wanted |= {"orig_sport": packets[0]["sport"], "orig_dport": packets[0]["dport"]}
    got = {k: c[k] for k in wanted}
    tally.check(f"{what}: {got}, not {wanted}", got == wanted)


def kernel_counts(case):
    """What the kernel counted for each rule, as iptables-save -c printed it."""
    chains = cases.read((case / "expected").read_text())
    return {f"{table}:{chain}:{n}": int(packets)
            for (table, chain), (_, rules) in chains.items()
            for n, ((packets, _), _) in enumerate(rules, 1)}


def check_refused(case):
    """Returns how many there are."""
    args = ["--rules-unknown", "--rules-seed", "7", "--firewall", case]
    r = run(case / "in.pcap", "-Cp", *args)
    flows = opened(r["packet"])
    refused = [c for c in r["connection"] if c["end"] == "dropped"]
    tally.check(f"{case.name}: {len(refused)} dropped connections, not {len(flows)}",
                len(refused) == len(flows))
    for c, packets in zip(refused, flows.values()):
        check_dropped(f"{case.name}: {packets[0]['number']}", c, packets)
    alone = run(case / "in.pcap", "-C", *args)["connection"]
    tally.check(f"{case.name}: -C alone", alone == r["connection"])
    sums = collections.Counter()
    for c in r["connection"]:
        if c["rules_dropped_first"] == c["rules_dropped_last"] != None:
            sums[c["rules_dropped_last"]] += c["rules_dropped"]
    counts = kernel_counts(case)
    for place, n in sums.items():
        if not place.endswith("policy"):
            tally.check(f"{case.name}: {place} dropped {n}, and the kernel counted "
                        f"{counts[place]}", n <= counts[place])
    if case.name == "drop-new":
        tally.check("drop-new: all that the kernel counted", sums["filter:FORWARD:6"] ==
                    counts["filter:FORWARD:6"] == 3)
    return len(refused)


def main():
    captures = sorted(p.relative_to(TOP) for p in TESTDATA.rglob("*")
                      if ".pcap" in p.name and p.is_file())
    tops = [word for by in ("src", "dst", "port", "pair")
            for word in ("--top", f"{by}:10000")]
    ends = set()
    for path in captures:
        for args in RUNS:
            what = f"{path} {' '.join(args)}"
            r = run(path, "-Cpets", *tops, "--sysctl", "nf_conntrack_acct=1", *args)
            if not r["statistics"]:
                continue	# not a capture
            check_connections(what, r)
            check_top(what, r)
            # Alone, -C asks the engine for less.
            tally.check(f"{what}: -C alone",
                        run(path, "-C", *args)["connection"] == r["connection"])
            ends |= {c["end"] for c in r["connection"]}
    recorded = sorted(p.parent for p in (TESTS / "rules/cases").glob("*/expected"))
    refused = sum(check_refused(case) for case in recorded)
    tally.check(f"{refused} dropped connections", refused > 30)
    tally.check(f"all ends occur: {ends}",
                ends == {None, "expired", "reopened", "reset", "early-drop",
                         "helper"})
    return tally.end(f"{len(captures)} captures")


if __name__ == "__main__":
    sys.exit(main())
