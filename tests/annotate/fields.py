# SPDX-License-Identifier: GPL-2.0-only
"""The fields that wireshark/ctreplay.lua makes, against -o json of the same run."""
import json
import os
import pathlib
import re
import shutil
import subprocess

from tally import PROGRAM

TOP = pathlib.Path(__file__).resolve().parents[2]
LUA = TOP / "wireshark/ctreplay.lua"
TESTDATA = TOP / "testdata"
FIELDS = ("state", "dir", "proto_state", "id", "reason", "bound", "set_by",
          "verdict", "rule_verdict", "rule", "rule_why", "rule_unknown", "why")
BOUND = re.compile(r"bound (\d+) ")


class Wireshark:
    """tshark with the Lua file, and with a home of its own."""

    def __init__(self, tmp):
        profile = tmp / "wireshark/profiles/ctreplay"
        profile.mkdir(parents=True)
        for name in ("preferences", "colorfilters"):
            shutil.copy(TOP / "wireshark" / name, profile)
        self.env = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC",
                        WIRESHARK_CONFIG_DIR=str(tmp / "wireshark"))

    def run(self, *args):
        """Standard output, and what standard error says beyond the usual."""
        done = subprocess.run(["tshark", "-n", "-X", f"lua_script:{LUA}",
                               *map(str, args)], env=self.env,
                              capture_output=True, text=True)
        said = [line for line in done.stderr.splitlines()
                if line and not line.startswith("Running as user")]
        return done.stdout, said

    def fields(self, path):
        """{number of the frame: its fields}.  Wireshark counts a custom block as a
        frame, too; it has no link type."""
        names = ("frame.number", "frame.encap_type", *(f"ct.{name}" for name in FIELDS))
        args = [word for name in names for word in ("-e", name)]
        out, said = self.run("-r", path, "-T", "fields", "-E", "aggregator=;", *args)
        rows = [line.split("\t") for line in out.splitlines()]
        return {int(row[0]): row[2:] for row in rows if row[1]}, said


def replay(path, to, *options):
    """The records of the frames of 'path', which is annotated into 'to'."""
    done = subprocess.run([PROGRAM, "-v", "-p", "-o", "json", "--annotate", to,
                           *options, path], capture_output=True, cwd=TESTDATA)
    return [record for record in map(json.loads, done.stdout.splitlines())
            if record["type"] in ("packet", "frame")], done.returncode


def wanted(record):
    """The fields that the record's frame must have."""
    if record["type"] == "frame":
        return ["none", *[""] * (len(FIELDS) - 2), record["class"]]
    bound = BOUND.search(record["reason"] or "")
    return [record["ctstate"], record["ctdir"] or "", record["state"] or "",
            str(record["id"] or ""), record["reason_code"] or "",
            bound.group(1) if bound else "", str(record.get("bound_frame") or ""),
            "drop" if record["verdict"] == "drop" else "",
            *(record.get(key) or "" for key in FIELDS[8:12]), ""]


def same(check, what, got, need):
    for i, (g, n) in enumerate(zip(got, need)):
        if g != n:
            check(f"{what}: frame {i + 1} has {g}, not {n}", False)
            return
    check(f"{what}: {len(got)} frames, {len(need)} wanted", len(got) == len(need))


def annotate_all(check, captures, tmp):
    """Returns the annotated files, and the records of their frames."""
    files, records = [], []
    for path in captures:
        to = tmp / f"{path.name}.annotated"
        found, status = replay(path, to)
        check(f"{path.name}: exit status {status}", status == 0)
        check(f"{path.name}: numbers of frames",
              [r["number"] for r in found] == list(range(1, len(found) + 1)))
        if found:
            files.append(to)
            records += found
    return files, records


def check_links(check, shark, tmp):
    """mergecap cannot write all link types, but files of sections can be joined."""
    files, records = annotate_all(check, sorted(TESTDATA.glob("link-*")), tmp)
    joined = tmp / "joined.pcapng"
    joined.write_bytes(b"".join(path.read_bytes() for path in files))
    rows, _ = shark.fields(joined)
    same(check, "fields of all link types", list(rows.values()), [wanted(r) for r in records])


RULES = """*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p icmp -m icmp --icmp-type 13 -j DROP
COMMIT
*filter
:FORWARD DROP [0:0]
:web - [0:0]
-A FORWARD -m conntrack --ctstate INVALID -j DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -p tcp --dport 80 -j web
-A FORWARD -p udp --dport 53 -j REJECT
-A web -j ACCEPT
COMMIT
"""
FIREWALLED = ("tcp-rst.pcap", "fragments-ipv4.pcap", "dns.pcap", "sip.pcap", "icmp.pcap")


def check_rules(check, shark, tmp):
    """The rules' words, with and without packet lines."""
    (tmp / "rules").write_text(RULES, encoding="utf-8")
    options = ("--rules", tmp / "rules", "--hook", "forward", "--in", "a", "--out", "b")
    joined, need = b"", []
    for name in FIREWALLED:
        to = tmp / "rules.pcapng"
        records, status = replay(TESTDATA / name, to, *options)
        check(f"{name} with rules: exit status {status}", status == 0)
        data = to.read_bytes()
        subprocess.run([PROGRAM, "-q", "--annotate", to, *options, TESTDATA / name],
                       check=True)
        check(f"{name} with rules: the same without lines", to.read_bytes() == data)
        joined += data
        need += [wanted(r) for r in records]
    (tmp / "rules.joined").write_bytes(joined)
    rows, _ = shark.fields(tmp / "rules.joined")
    same(check, "fields with rules", list(rows.values()), need)
    check("rules of each verdict decide", {row[8] for row in need} >=
          {"accept", "drop", "reject"} and {row[9] for row in need} >=
          {"filter:web:1", "filter:FORWARD:policy", "filter:FORWARD:1"})


def check_captures(check, shark, tmp):
    """The other captures of testdata, merged by Wireshark's own tool.  Returns the
    merged file, and what the fields of its frames must be, by number."""
    captures = sorted(p for p in TESTDATA.iterdir()
                      if ".pcap" in p.name and not p.name.startswith("link-"))
    files, records = annotate_all(check, captures, tmp)
    merged = tmp / "merged.pcapng"
    done = subprocess.run(["mergecap", "-a", "-w", merged, *files],
                          capture_output=True)
    check(f"mergecap: {done.stderr}", done.returncode == 0)
    rows, said = shark.fields(merged)
    need = [wanted(r) for r in records]
    check(f"the Lua file says nothing: {said[:3]}", not said)
    same(check, "fields of all captures, merged", list(rows.values()), need)
    words = {r.get("ctstate", "none") for r in records}
    check(f"all words are there: {sorted(words)}", words == {
        "NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "FRAGMENT", "DROP",
        "none"})
    check("some bounds are there", sum(bool(row[6]) for row in need) >= 10)
    return merged, dict(zip(rows, need))


def check_filters(check, shark, path, rows):
    """Filters by text, by number and by frame number."""
    filters = (
        ('ct.state == "INVALID"', lambda r: r[0] == "INVALID"),
        ("ct.id > 3 && ct.id < 12", lambda r: r[3] and 3 < int(r[3]) < 12),
        ("ct.bound > 2147483648", lambda r: r[5] and int(r[5]) > 2147483648),
        ("ct.set_by == 4", lambda r: r[6] == "4"),
        ('ct.verdict || ct.why == "arp"', lambda r: r[7] or r[-1] == "arp"),
    )
    for text, matches in filters:
        out, said = shark.run("-r", path, "-Y", text, "-T", "fields",
                              "-e", "frame.number")
        need = [str(number) for number, row in rows.items() if matches(row)]
        check(f"filter {text}: {len(need)} frames, {said}",
              need and out.split() == need)


def luminance(color):
    """WCAG 2.1, relative luminance."""
    parts = [n / 65535 for n in color]
    red, green, blue = (n / 12.92 if n <= 0.04045 else ((n + 0.055) / 1.055) ** 2.4
                        for n in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def check_colors(check):
    """Every rule is one that Wireshark reads, and its text can be read."""
    text = (TOP / "wireshark/colorfilters").read_text(encoding="utf-8")
    rules = [line for line in text.splitlines() if not line.startswith("#")]
    for rule in rules:
        parts = re.fullmatch(r"@(ctreplay: [^@]+)@([^@]+)@\[([\d,]+)\]\[([\d,]+)\]", rule)
        if not parts:
            check(f"the rule {rule} has four parts", False)
            continue
        light, dark = sorted((luminance(map(int, parts[n].split(","))) for n in (3, 4)),
                             reverse=True)
        check(f"{parts[1]} can be read", (light + 0.05) / (dark + 0.05) >= 4.5)


def rule_of(row):
    """The name of the colour rule for a frame with these fields."""
    if row[0] == "DROP" or row[7] or row[8] in ("drop", "reject"):
        return "dropped"
    if row[0] == "ESTABLISHED" and row[4]:
        return "with a reason"
    return {"FRAGMENT": "fragment, waiting", "none": "no state"}.get(row[0], row[0])


def check_profile(check, shark, path, rows):
    """The profile's columns and colours."""
    out, said = shark.run("-C", "ctreplay", "-r", path, "-T", "tabs")
    check(f"the profile is valid: {said}", not said)
    lines = [[cell.strip() for cell in line.split("\t")] for line in out.splitlines()]
    got = [[lines[number - 1][i] for i in (2, 3, 4, 10, 11, 12)] for number in rows]
    same(check, "columns of the profile", got,
         [[w[0], w[1], w[3], w[2], w[4] or w[-1], w[9]] for w in rows.values()])
    out, said = shark.run("-C", "ctreplay", "--color", "-r", path, "-T", "fields",
                          "-e", "frame.coloring_rule.name")
    check(f"the colours are valid: {said}", not said)
    names = out.splitlines()
    same(check, "colour rules", [names[number - 1] for number in rows],
         [f"ctreplay: {rule_of(w)}" for w in rows.values()])
