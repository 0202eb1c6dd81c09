#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The data in the page of --report against -o json of the same run, and --at.

For all captures of testdata and all cases of firewalls: packets, connections, changes of
state, counters over time, sizes of the table.  Then what is bounded (bounds.py), and what
must not be written (files.py).  CTREPLAY is the program.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import bounds
import files
from page import Page
from tally import PROGRAM, TESTDATA, TOP, Tally

tally = Tally("check-report-data")
check = tally.check
MOMENTS = 12		# of the table, a capture
STATEFUL = ("tcp", "sctp", "dccp")
NAMES = {"udp": "UDP", "udplite": "UDP-Lite", "icmp": "ICMP", "icmpv6": "ICMPv6",
         "gre": "GRE"}
VERDICTS = {None: 0, "accept": 1, "drop": 2, "reject": 3}
EVERYTHING = ("-p", "-e", "-C", "-s", "-o", "json", *(f"--top={k}:20" for k in
              ("src", "dst", "port", "pair")))


class Run:
    """The page of a run, and the records that it prints."""

    def __init__(self, path, to, *options):
        self.path, self.options = path, options
        args = [*EVERYTHING, *(["-R"] if "--firewall" in options else []), *options]
        plain = self.run(*args)
        self.output = self.run("--report", to, *args)
        self.same = plain == self.output
        self.bytes = to.read_bytes()
        self.page = Page(self.bytes)
        self.json, self.column = self.page.json, self.page.column
        self.records = collections.defaultdict(list)
        for line in self.output.splitlines():
            record = json.loads(line)
            self.records[record["type"]].append(record)
        self.start = int(self.json["start"])

    def run(self, *args):
        return subprocess.run([PROGRAM, *map(str, args), str(self.path)],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              cwd=TOP).stdout

    def micros(self, time):
        """Microseconds since the start of "2001-09-09T01:46:40.119804000Z"."""
        return micros(time) - self.start


def micros(time):
    day, clock = time.rstrip("Z").split("T")
    year, month, dom = map(int, day.split("-"))
    # Days from the civil calendar; datetime ends in the year 9999, and has no nanoseconds.
    year -= month <= 2
    era = year // 400
    yoe = year - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + dom - 1
    days = era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468
    hours, minutes, seconds = clock.split(":")
    whole, fraction = seconds.split(".")
    total = days * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(whole)
    return total * 10 ** 6 + int(fraction[:6])


def state_of(record):
    """The page's name of a record's state."""
    proto, status = record["proto"], record["status"]
    if record["state"]:
        return f"{proto.upper()} {record['state']}"
    if proto in STATEFUL:
        return f"{proto.upper()} NONE"
    word = "ASSURED" if "ASSURED" in status else \
           "UNREPLIED" if "UNREPLIED" in status else "REPLIED"
    return f"{NAMES.get(proto, 'OTHER')} {word}"


def is_dropped(record):
    return record["verdict"] == "drop" or record.get("rule_verdict") in ("drop", "reject")


def check_packets(r, what):
    packets, rows = r.records["packet"], r.page.rows("packet")
    conns = r.column["conn.id"]
    check(f"{what}: {len(rows)} packets, not {len(packets)}", len(rows) == len(packets))
    at = 0
    for p, row in zip(packets, rows):
        at = row["dt"]
        reason = r.json["reasons"][row["reason"]]["name"] if row["reason"] else None
        conn = conns[row["conn"] - 1] if row["conn"] else None
        got = (row["frame"], r.json["words"][row["word"]], reason, row["length"], conn, at,
               r.json["states"][row["state"]] if row["state"] and
               p["proto"] in STATEFUL and p["state"] else None)
        wanted = (p["number"], p["ctstate"], p["reason_code"], p["length"], p["id"],
                  r.micros(p["time"]),
                  state_after(p))
        check(f"{what}: packet {got}, not {wanted}", got == wanted)
        check(f"{what}: frame {p['number']}: direction {row['dir']}",
              row["dir"] in ({"original": (1,), "reply": (2,)}.get(p["ctdir"], (0, 3, 4))))
        check(f"{what}: frame {p['number']}: protocol {row['proto']}",
              row["proto"] == p["protonum"])
        check_way(r, what, p, row)
        check_rule(r, what, p, row)


def state_after(p):
    """The page's name of the state of a packet's connection."""
    if not p["state"] or p["proto"] not in STATEFUL or not p["id"]:
        return None
    # A reset in answer closes the connection: the packet's line shows it before.
    rejected = p["proto"] == "tcp" and p.get("rule_verdict") == "reject"
    return "TCP CLOSE" if rejected else f"{p['proto'].upper()} {p['state']}"


def check_way(r, what, p, row):
    """The addresses are there, or those of the connection."""
    ends = [None, None]
    if row["conn"]:
        ends = [r.json["hosts"][r.column[f"conn.{k}"][row["conn"] - 1]]
                for k in ("src", "dst")]
    if row["dir"] in (2, 4):
        ends.reverse()
    if row["src"]:
        check(f"{what}: frame {p['number']} has hosts that it need not have",
              row["dir"] not in (3, 4) and (not row["conn"] or p["protonum"] !=
              r.column["conn.proto"][row["conn"] - 1] or
              sorted([p["src"], p["dst"]]) != sorted(ends)))
        ends = [r.json["hosts"][row[k] - 1] for k in ("src", "dst")]
        wanted = tuple(p.get(k) or 0 for k in ("sport", "dport"))
        check(f"{what}: frame {p['number']}: ports of {row}, not {wanted}",
              (row["sport"], row["dport"]) == wanted)
    else:
        check(f"{what}: frame {p['number']} has ports and no hosts",
              row["sport"] == row["dport"] == 0)
    check(f"{what}: frame {p['number']} goes another way: {ends}",
          ends == [p["src"], p["dst"]])


def check_rule(r, what, p, row):
    if p["verdict"] == "drop" and p["ctstate"] != "DROP":
        check(f"{what}: frame {p['number']} was not dropped by a helper",
              (row["verdict"], row["rule"]) == (VERDICTS["drop"], 0))
        return
    if "rule_verdict" not in p:
        check(f"{what}: frame {p['number']} has a rule", row["verdict"] == row["rule"] == 0)
        return
    place = None
    if row["rule"]:
        rule = r.json["rules"][row["rule"] - 1]
        place = f"{rule['table']}:{rule['chain']}:{rule['number'] or 'policy'}"
        check(f"{what}: frame {p['number']}: rule of {rule['l3proto']}",
              rule["l3proto"] == p["l3proto"])
    got = row["verdict"], place
    check(f"{what}: frame {p['number']}: {got}, not {p['rule_verdict']}, {p['rule']}",
          got == (VERDICTS[p["rule_verdict"]], p["rule"]))


def check_connections(r, what):
    # What rules dropped before it was in the table is in the page as packets alone.
    records = sorted((c for c in r.records["connection"] if c["end"] != "dropped"),
                     key=lambda c: c["id"])
    rows = r.page.rows("conn")
    check(f"{what}: {len(rows)} connections, not {len(records)}",
          [row["id"] for row in rows] == [c["id"] for c in records])
    dropped = collections.Counter(p["id"] for p in r.records["packet"] if is_dropped(p))
    end = int(r.json["end"]) - r.start
    for c, row in zip(records, rows):
        hosts = r.json["hosts"]
        got = (hosts[row["src"]], hosts[row["dst"]], row["proto"], row["packets0"],
               row["packets1"], row["bytes0"], row["bytes1"], row["invalid"],
               row["dropped"], row["first"])
        wanted = (c["orig_src"], c["orig_dst"], c["protonum"], c["orig_packets"],
                  c["reply_packets"], c["orig_bytes"], c["reply_bytes"], c["invalid"],
                  dropped[c["id"]], r.micros(c["first_seen"]))
        check(f"{what}: connection {c['id']} {got}, not {wanted}", got == wanted)
        master = rows[row["master"] - 1]["id"] if row["master"] else None
        flags = (1 if "UNREPLIED" in c["status"] else 0) | \
                (2 if "ASSURED" in c["status"] else 0) | (4 if c["master"] else 0)
        check(f"{what}: connection {c['id']}: master {master}, flags {row['flags']}",
              (master, row["flags"]) == (c["master"], flags))
        last = r.micros(c["ended"]) if c["ended"] else end
        ended = 0 if not c["end"] else 1 if c["end"] == "expired" else 2
        check(f"{what}: connection {c['id']} ended at {row['last']}, {row['ended']}, not "
              f"{last}, {ended}", (row["last"], row["ended"]) == (last, ended))
        check(f"{what}: connection {c['id']}: state {r.json['states'][row['state']]}",
              r.json["states"][row["state"]] == state_of(c))
        check_ports(what, c, row)


def check_ports(what, c, row):
    if "orig_type" in c:
        wanted = c["orig_type"] * 256 + c["orig_code"], c["orig_id"]
    elif "orig_sport" in c and c["proto"] != "gre":
        wanted = c["orig_sport"], c["orig_dport"]
    else:
        wanted = 0, 0
    check(f"{what}: connection {c['id']}: {row}, not {wanted}",
          (row["sport"], row["dport"]) == wanted)


def states_by_packets(r):
    """{id: [(time, state), ...]} of trackers with states, as packets show them."""
    out = collections.defaultdict(list)
    for line in r.output.splitlines():
        record = json.loads(line)
        if record["type"] not in ("event", "packet") or not record["id"]:
            continue
        if record["type"] == "event" and record["proto"] not in STATEFUL:
            note(out[record["id"]], r.micros(record["time"]), state_of(record))
        elif record["type"] == "packet" and record["proto"] in STATEFUL and record["state"]:
            note(out[record["id"]], r.micros(record["time"]), state_after(record))
        elif record["type"] == "packet" and record["id"] in out and \
                record["ctstate"] == "ESTABLISHED" and record["ctdir"] == "reply":
            # No event tells of an answer that is dropped.
            last = out[record["id"]][-1][1]
            note(out[record["id"]], r.micros(record["time"]),
                 last.replace("UNREPLIED", "REPLIED"))
    return out


def note(states, time, state):
    if not states or states[-1][1] != state:
        states.append((time, state))


def check_segments(r, what):
    """The changes of state are those that packets and events show."""
    wanted = states_by_packets(r)
    segments = r.page.segments()
    ids = r.column["conn.id"]
    check(f"{what}: {len(segments)} connections with states, not {len(ids)}",
          sorted(segments) == list(range(len(ids))))
    for conn, got in segments.items():
        check(f"{what}: connection {ids[conn]}: states {got}",
              got == sorted(got, key=lambda s: s[0]))
        need = wanted[ids[conn]]
        check(f"{what}: connection {ids[conn]}: {got}, not {need}", got == need)
        check(f"{what}: connection {ids[conn]} ends as {got[-1]}",
              got[-1][1] == r.json["states"][r.column["conn.state"][conn]])


def check_words(r, what):
    """Counters over time come to those of -s, and to the packets of each bin."""
    statistics = r.records["statistics"]
    check(f"{what}: statistics differ", r.json["statistics"] == statistics)
    width, count = r.json["bins"]["width_us"], r.json["bins"]["count"]
    need = {word: [0] * count for word in r.json["words"]}
    drops = [0] * count
    for p in r.records["packet"]:
        at = r.micros(p["time"]) // width
        need[p["ctstate"]][at] += 1
        drops[at] += is_dropped(p)
    for word, n in statistics[0]["packets_by_ctstate"].items():
        column = r.column[f"bin.word.{word}"]
        check(f"{what}: {sum(column)} packets {word}, not {n}", sum(column) == n)
        check(f"{what}: packets {word} are in other bins", column == need[word])
    check(f"{what}: dropped packets: {sum(r.column['bin.drop'])}, not {sum(drops)}",
          r.column["bin.drop"] == drops)
    most = max(r.column["bin.entries"], default=0)
    check(f"{what}: at most {most} entries", most == statistics[0]["most_entries"])


def interesting(r):
    """Bins after which the table is another."""
    tables = [c for n, c in r.column.items() if n.startswith("bin.table.")]
    count = r.json["bins"]["count"]
    changed = [i for i in range(count - 1)
               if any(c[i] != (c[i - 1] if i else 0) for c in tables)]
    # Its last moment, too: what is about to change.
    both = sorted({*changed, *(i - 1 for i in changed if i)})
    step = max(1, len(both) // MOMENTS)
    return both[::step][:MOMENTS]


def check_table(r, what):
    """The table at ends of bins is the one of --at then."""
    width, count = r.json["bins"]["width_us"], r.json["bins"]["count"]
    if count < 2:
        return
    names = [n for n in r.column if n.startswith("bin.table.")]
    moments = interesting(r)
    ends = [(r.start + (i + 1) * width) * 1000 - 1 for i in moments]
    args = [w for e in ends for w in ("--at", f"{e // 10 ** 9}.{e % 10 ** 9:09d}")]
    records = [json.loads(line) for line in
               r.run("-q", "-t", "-o", "json", *args, *r.options).splitlines()]
    tables = collections.defaultdict(collections.Counter)
    for record in records:
        if record["type"] == "conntrack":
            tables[record.get("at")][state_of(record)] += 1
    for i, end in zip(moments, ends):
        got = {n[10:]: r.column[n][i] for n in names if r.column[n][i]}
        found = [t for at, t in tables.items() if at and nanos(at) == end]
        need = dict(found[0]) if found else {}
        check(f"{what}: table at {end} ns: {got}, not {need}", got == need)
    last = {n[10:]: r.column[n][-1] for n in names if r.column[n][-1]}
    check(f"{what}: table at the end: {last}, not {dict(tables[None])}",
          last == dict(tables[None]))


def nanos(time):
    return micros(time) * 1000 + int(time.rstrip("Z").split(".")[1]) % 1000


def check_told(r, what):
    need = {p["number"]: p for p in r.records["packet"]
            if (p["ctstate"] == "INVALID" or is_dropped(p)) and
            (p["reason"] or not p.get("rule_verdict") or
             (p["verdict"] == "drop" and p["ctstate"] != "DROP"))}
    told = r.json["told"]
    check(f"{what}: told about {[t['frame'] for t in told]}, not {list(need)}",
          [t["frame"] for t in told] == list(need) and r.json["told_left"] == 0)
    for t in told:
        reason = need[t["frame"]]["reason"]
        for part in (reason or "").split(" ["):
            check(f"{what}: frame {t['frame']}: {t['text']!r} lacks {part!r}",
                  part.split("; ")[0][:30] in t["text"])
        check(f"{what}: frame {t['frame']}: {t['text']!r}",
              len(t["text"]) > 10 and "  " not in t["text"] and "\n" not in t["text"])


def check_rest(r, what):
    check(f"{what}: output with --report is another", r.same)
    for kind in "note", "top":
        check(f"{what}: {kind}s differ: {r.json[kind if kind == 'top' else 'notes']}",
              r.json[kind if kind == "top" else "notes"] == r.records[kind])
    wanted = r.records["rule"] if "--firewall" in r.options else None
    check(f"{what}: rules differ", r.json["rules"] == wanted)
    limits = r.json["limits"]
    check(f"{what}: limits {limits}",
          all(limits[f"{k}_kept"] == limits[f"{k}_seen"]
              for k in ("packets", "connections", "segments")))
    check(f"{what}: files {r.json['files']}", r.json["files"] == [str(r.path)])


def check_run(path, to, frames, *options):
    r = Run(path, to, *options)
    what = f"{pathlib.Path(path).parent.name}/{path.name} {' '.join(options)}"
    if not r.records["packet"]:
        check(f"{what}: no packets, but rows", not r.column["packet.frame"])
        frames.add(r.page.frame)
        return
    for part in (check_rest, check_packets, check_connections, check_segments,
                 check_words, check_table, check_told):
        part(r, what)
    r.run("--report", to, *options)
    check(f"{what}: another run makes another page", to.read_bytes() == r.bytes)
    for _ in r.column.values():		# those that no check has decoded
        pass
    frames.add(r.page.frame)


def main():
    frames = set()
    with tempfile.TemporaryDirectory() as name:
        tmp = pathlib.Path(name)
        to = tmp / "page.html"
        for path in sorted(p for p in TESTDATA.iterdir() if p.suffix in (".pcap", ".pcapng")):
            check_run(path, to, frames)
        for case in sorted((TOP / "tests/rules/cases").glob("*/in.pcap")):
            check_run(case, to, frames, "--rules-unknown", "--firewall",
                      str(case.parent.relative_to(TOP)))
        check_run(TESTDATA / "tcp-rst.pcap", to, frames, "--kernel", "5.10")
        check_run(TESTDATA / "port-scan.pcap", to, frames, "--sysctl", "nf_conntrack_max=3")
        check("the page is the same but for its data", len(frames) == 1)
        files.check_all(check, tmp)
        measured = bounds.check_all(check, tmp)
    return tally.end(measured)


if __name__ == "__main__":
    sys.exit(main())
