# SPDX-License-Identifier: GPL-2.0-only
"""content.py - what the page shows against what ctreplay prints."""
import re

from support import ROUTER, make, number, opened, records, text, texts

CAPTURES = [
    ("rst", ["testdata/tcp-rst.pcap"]),
    ("firewall", ["--firewall", ROUTER, "testdata/tcp-rst.pcap"]),
    ("ftp", ["testdata/ftp-active.pcap"]),
    ("dns", ["testdata/dns.pcap"]),
    ("errors", ["testdata/icmp-errors.pcap"]),
    ("window", ["testdata/reasons-window.pcap"]),
    ("sctp", ["testdata/reasons-sctp.pcap"]),
    ("scan", ["testdata/port-scan.pcap"]),
    ("clock", ["testdata/clock.pcap"]),
    ("fragments", ["testdata/fragments-time.pcap"]),
    ("one-way", ["testdata/one-way.pcap"]),
    ("none", ["testdata/no-frames.pcap"]),
    ("notrack", ["-N", "udp", "testdata/dns.pcap"]),
    ("refused", ["--firewall", ROUTER, "testdata/ftp-active.pcap"]),
    ("helper", ["testdata/sip-dropped.pcap"]),
    ("two", ["testdata/merge-client.pcap", "testdata/merge-server.pcap"]),
]
# All packets of the list, which has only those in sight as elements.
LIST = """(async () => {
    const box = document.querySelector("#packet-list"), seen = new Map();
    const frame = () => new Promise(d => requestAnimationFrame(() => setTimeout(d, 0)));
    for (let top = 0; ; top += 200) {
        box.scrollTop = top;
        await frame();
        for (const row of box.querySelectorAll(".vrow:not([hidden])"))
            seen.set(Number(row.dataset.index), [...row.children].map(c => c.textContent));
        if (top > box.scrollHeight) break;
    }
    return [...seen].sort((a, b) => a[0] - b[0]).map(x => x[1]);
})()"""


def words(t, name, page, statistics):
    tiles = {b[0]: number(b[1]) for b in page.js(
        "[...document.querySelectorAll('#words button')].map(b => "
        "[b.querySelector('.name').textContent, b.querySelector('.count').textContent])")}
    wanted = {k: v for k, v in statistics["packets_by_ctstate"].items() if v or k in tiles}
    t.same(f"{name}: words", tiles, wanted)
    total = sum(statistics["packets_by_ctstate"].values())
    headline = text(page, "#headline")
    t.same(f"{name}: packets of the headline", number(re.search(
        r"Of ([\d,]+) packet", headline)[1]) if total else headline,
        total or "There are no frames in this capture.")
    invalid = statistics["packets_by_ctstate"]["INVALID"]
    found = re.search(r"([\d,]+) (?:is|are) INVALID", headline)
    t.same(f"{name}: INVALID of the headline", number(found[1]) if found else 0, invalid)


def reasons(t, name, page, statistics):
    shown = page.js("""[...document.querySelectorAll('#wrong table[aria-label^=INVALID] tr')]
        .map(r => [r.querySelector('button').textContent, r.querySelector('.n').textContent])""")
    t.same(f"{name}: reasons", {k: number(n) for k, n in shown}, statistics["invalid_by_reason"])


def dropped(t, name, page, args):
    packets = records("-p", *args, kind="packet")
    wanted = {}
    for p in packets:
        if p.get("rule_verdict") in ("drop", "reject"):
            wanted[p["rule"]] = wanted.get(p["rule"], 0) + 1
    shown = page.js("""[...document.querySelectorAll('#wrong table[aria-label^=Dropped] tr')]
        .map(r => [r.querySelector('button').textContent, r.querySelector('.n').textContent])""")
    if wanted:
        t.same(f"{name}: dropped by rule", {k: number(n) for k, n in shown}, wanted)


def in_trouble(t, name, page, args):
    """What the list of INVALID and dropped packets has, of packets that a helper drops too."""
    wanted = [p["number"] for p in records("-p", *args, kind="packet") if
              p["ctstate"] == "INVALID" or p["verdict"] == "drop" or
              p.get("rule_verdict") in ("drop", "reject")]
    if wanted:
        page.js("document.querySelector('#only-trouble').click()")
        page.settle()
    t.same(f"{name}: packets in trouble", page.js("[...CT.packets.shown].map(i => "
           "CT.data.packets.frame[i])") if wanted else [], wanted)


def facts(t, name, page, statistics, notes):
    facts = dict(zip(texts(page, "#what dt"), texts(page, "#what dd")))
    t.same(f"{name}: frames", number(facts["Frames"].split(", ")[0]), statistics["frames"])
    made, most = re.match(r"([\d,]+), at most ([\d,]+) at once", facts["Connections"]).groups()
    t.same(f"{name}: connections", (number(made), number(most)),
           (statistics["entries"]["created"], statistics["most_entries"]))
    t.same(f"{name}: kernel", facts["Judged as"], "Linux " + statistics["kernel"])
    t.same(f"{name}: notes", texts(page, "#trust .notes li > div:first-child"),
           [n["text"] for n in notes])
    t.same(f"{name}: advice", texts(page, "#trust .advice"),
           [n["advice"] for n in notes if n["advice"]])


def curves(t, name, page, statistics):
    """The legends sum up what the curves show over the whole time."""
    shown = page.js("""[...document.querySelectorAll('.curve')].map(c =>
        [...c.querySelectorAll('.legend li')].map(l => [l.querySelector('.name').textContent,
            l.querySelector('.value').textContent]))""")
    by = statistics["packets_by_ctstate"]
    t.same(f"{name}: curve of words", {k: number(v) for k, v in shown[0]},
           {k: v for k, v in by.items() if v})
    t.same(f"{name}: curve of INVALID", number(shown[1][0][1]), by["INVALID"])
    bins = page.js("CT.data.bins.words.map(w => [w.name, w.value.reduce((a, b) => a + b, 0)])")
    t.same(f"{name}: bins", dict(map(tuple, bins)), {k: by[k] for k, _ in bins})


def ends_of(p):
    """ "tcp 192.0.2.10:40000 → 198.51.100.20:80", as the list has it; ICMP has no ports."""
    def end(address, port):
        if not port:
            return address
        return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    proto = p["proto"] if p["proto"] != "unknown" else f"protocol {p['protonum']}"
    return f"{proto} {end(p['src'], p.get('sport'))} → {end(p['dst'], p.get('dport'))}"


def packets(t, name, page, args):
    page.js("document.querySelector('#every-packet').click()")
    page.settle()
    shown = page.js(LIST)
    wanted = records("-p", "--id", *args, kind="packet")
    t.same(f"{name}: packets listed", len(shown), len(wanted))
    codes = page.js("[...CT.data.packets.reason].map(r => CT.data.json.reasons[r].name)")
    t.same(f"{name}: reasons of packets", codes,
           [p["reason_code"] or "none" for p in wanted])
    digits = lambda p: p["time"][:-1].partition(".")  # noqa: E731
    for got, p in zip(shown, wanted):
        frame, when, word, shown_ends, why, direction, state, length = got
        t.same(f"{name}: frame", (number(frame), word, direction),
               (p["number"], p["ctstate"], p["ctdir"] or "–"))
        t.same(f"{name}: frame {frame}: ends", shown_ends, ends_of(p))
        t.same(f"{name}: frame {frame}: length", number(length), p["length"])
        if word in ("INVALID", "DROP"):
            # What is particular to this packet begins with the kernel's sentence.
            t.that(f"{name}: frame {frame}: sentence", p["reason"].split("; ")[0] in why, why)
        if p["state"]:
            t.same(f"{name}: frame {frame}: state", state.split(" ")[-1], p["state"])
        if ":" in when:
            whole = (digits(p)[0].replace("T", " ") + "." + digits(p)[2].ljust(6, "0")[:6])
            t.that(f"{name}: frame {frame}: time", whole.endswith(when) and
                   (name != "clock" or when == whole), (when, whole))


def connections(t, name, page, args):
    wanted = records("-C", *args, kind="connection")
    shown = page.js("""(() => { const c = CT.data.connections, out = [];
        for (let i = 0; i < c.count; i++) out.push([c.id[i], CT.names.host(c.src[i]),
            CT.names.host(c.dst[i]), c.packets0[i], c.packets1[i], c.bytes0[i], c.bytes1[i],
            c.invalid[i], c.master[i] ? c.id[c.master[i] - 1] : null]);
        return out.sort((a, b) => a[0] - b[0]); })()""")
    t.same(f"{name}: connections", shown, sorted(
        [c["id"], c["orig_src"], c["orig_dst"], c["orig_packets"], c["reply_packets"],
         c["orig_bytes"], c["reply_bytes"], c["invalid"], c["master"]] for c in wanted))
    lanes = page.js("[...CT.lanes.rows.rows].filter(r => r >= 0 && "
                    "r < CT.data.connections.count).length")
    t.same(f"{name}: lanes", lanes, len(wanted))


def alone(t, name, page, args):
    """A lane for the packets of a host that have no connection."""
    wanted = {}
    for p in records("-p", "--id", *args, kind="packet"):
        if p["id"] is None and p["ctstate"] != "FRAGMENT":
            words = wanted.setdefault(p["src"], {})
            words[p["ctstate"]] = words.get(p["ctstate"], 0) + 1
    shown = page.js("""(() => { const { rows } = CT.lanes.rows, out = {}, m = CT.data;
        for (const row of rows) {
            const host = row - m.connections.count, words = {};
            if (host < 0) continue;
            const { first, list } = m.aloneOf;
            for (const i of list.subarray(first[host], first[host + 1])) {
                const word = m.json.words[m.packets.word[i]];
                words[word] = (words[word] ?? 0) + 1;
            }
            out[CT.names.host(host)] = words;
        }
        return out; })()""")
    t.same(f"{name}: lanes of packets without a connection", shown, wanted)
    n = sum(sum(w.values()) for w in wanted.values())
    t.same(f"{name}: their number is said", re.findall(
        r"and ([\d,]+) packets? without one", text(page, "#lanes-title")),
        [f"{n:,}"] if n else [])
    return n


def talkers(t, name, page, args):
    for by, label in (("src", "Source"), ("dst", "Destination"), ("pair", "Pair")):
        wanted = records("--top", by + ":20", *args, kind="top")
        if not wanted:
            continue
        page.js(f"document.querySelector('#talkers-by [data-by={by}]').click()")
        rows = page.js("""[...document.querySelectorAll('#talkers-table tbody tr')].map(r =>
            [...r.children].map(c => c.title || c.textContent))""")
        names = [r["src"] if by == "src" else r["dst"] if by == "dst" else
                 r["src"] + " → " + r["dst"] for r in wanted]
        t.same(f"{name}: top {label}", [r[0] for r in rows], names)
        t.same(f"{name}: top {label}, numbers", [[number(n) for n in r[1:]] for r in rows],
               [[r["entries"], r["connections"], r["packets"], r["bytes"], r["invalid"]]
                for r in wanted])


def rules(t, name, page, args):
    wanted = records("-R", *args, kind="rule")
    rows = page.js("""[...document.querySelectorAll('#rules-table tbody tr')].map(r =>
        [...r.children].map(c => c.textContent))""")
    t.same(f"{name}: rules' counters", [(number(r[2]), number(r[3])) for r in rows],
           [(r["packets"], r["bytes"]) for r in wanted])
    t.same(f"{name}: rules' text", [r[1] for r in rows],
           [("policy " if r["number"] is None else "") + r["rule"] for r in wanted])


def check(t, browser, folder):
    without = 0
    for name, args in CAPTURES:
        html = make(folder / (name + ".html"), *args)
        page = opened(browser, html)
        [statistics] = records("-s", *args, kind="statistics")
        notes = records("-s", *args, kind="note")
        t.same(f"{name}: console", page.console, [])
        t.same(f"{name}: requests", page.requests, [html.resolve().as_uri()])
        t.same(f"{name}: refused by the policy", page.blocked, [])
        words(t, name, page, statistics)
        reasons(t, name, page, statistics)
        facts(t, name, page, statistics, notes)
        curves(t, name, page, statistics)
        in_trouble(t, name, page, args)
        packets(t, name, page, args)
        connections(t, name, page, args)
        without += alone(t, name, page, args)
        talkers(t, name, page, args)
        if "--firewall" in args:
            dropped(t, name, page, args)
            rules(t, name, page, args)
        t.same(f"{name}: console at the end", page.console, [])
        page.close()
    t.that("there are packets without a connection", without > 20, without)
