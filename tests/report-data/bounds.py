# SPDX-License-Identifier: GPL-2.0-only
"""How large the page and the program's memory become."""
import os
import pathlib
import random
import struct
import subprocess
import sys

from page import Page
from tally import COMMAND, PROGRAM, TESTDATA, TOP

GENERATE = str(TOP / os.environ.get("GENERATE", "build/tests/bench/generate"))
MILLION = 1_000_000
PAGE_BYTES = 10_000_000
# What the collector may take, beside the tables that any run has.
COLLECTOR_KB = 260 * 1024
KEPT, MORE, CONNECTIONS, TOLD = 2_000_000, 500_000, 100_000, 10_000


def jittered(path):
    """The generator's frames come evenly, real ones do not: their times are the most of
    a page.  As if all had come at random within the same time."""
    data = bytearray(path.read_bytes())
    rng = random.Random(1)
    at, n, times = 24, len(data), []
    while at < n:
        times.append(at)
        at += 16 + struct.unpack_from("<I", data, at + 8)[0]
    step = 2 * 60_000_000 // len(times)
    now = 0
    for at in times:
        now += int(rng.expovariate(1) * step / 2)
        struct.pack_into("<II", data, at, 1_000_000_000 + now // MILLION, now % MILLION)
    path.write_bytes(data)


def check_size(check, tmp):
    path, to = tmp / "million.pcap", tmp / "million.html"
    subprocess.run([GENERATE, "-n", str(MILLION), "-c", "10000", "-l", "1000", path],
                   check=True)
    jittered(path)
    subprocess.run([*COMMAND, "-q", "--report", to, path], check=True, cwd=TOP,
                   stderr=subprocess.DEVNULL)
    size = to.stat().st_size
    page = Page(to.read_bytes())
    limits = page.json["limits"]
    check(f"a million packets: {limits}",
          limits["packets_kept"] == limits["packets_seen"] == MILLION and
          limits["connections_kept"] == limits["connections_seen"] > 9000)
    check(f"a million packets take {size} bytes", size < PAGE_BYTES)
    path.unlink()
    return f"{size / MILLION:.1f} bytes a packet"


# The most memory of a process begins with that of the one that it was forked from, which
# execve(2) does not take back: a small process in between.
MEASURE = """
import os, sys
pid = os.fork()
if not pid:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=sys.stderr)
"""


def replay(path, *options):
    """The status of a run, and its memory in kB."""
    done = subprocess.run([sys.executable, "-c", MEASURE, PROGRAM, "-q", *map(str, options),
                           str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          check=True, text=True)
    status, memory = map(int, done.stderr.splitlines()[-1].split())
    return status, memory


def check_memory(check, tmp):
    """Four million packets of more connections than are kept."""
    path, to = tmp / "large.pcap", tmp / "large.html"
    subprocess.run([GENERATE, "-n", str(4 * MILLION), "-c", "800000", "-l", "20000", "-d",
                    "600", path], check=True)
    _, before = replay(path)
    status, after = replay(path, "--report", to)
    check(f"status {status}", status == 0)
    check(f"the collector takes {after - before} kB", after - before < COLLECTOR_KB)
    page = Page(to.read_bytes())
    limits, column = page.json["limits"], page.column
    statistics = page.json["statistics"][0]
    check(f"limits {limits}", limits["packets_seen"] == 4 * MILLION and
          limits["connections_seen"] == statistics["entries"]["created"] and
          KEPT < limits["packets_kept"] <= KEPT + MORE and
          limits["connections_kept"] == CONNECTIONS == len(column["conn.id"]) and
          len(column["packet.frame"]) == limits["packets_kept"])
    for word, n in statistics["packets_by_ctstate"].items():
        check(f"{word}: not {n}", sum(column[f"bin.word.{word}"]) == n)
    check("bins", 1024 <= page.json["bins"]["count"] <= 2048)
    entries = statistics["entries"]
    last = sum(c[-1] for name, c in column.items() if name.startswith("bin.table."))
    check(f"{last} entries at the end", last == entries["created"] - entries["destroyed"])
    most = max(column["bin.entries"])
    check(f"at most {most} entries", most == statistics["most_entries"])
    check_kept(check, page)
    path.unlink()
    return f"{(after - before) // 1024} MB for four million"


def syn(source):
    """An Ethernet frame; its TCP checksum is wrong."""
    words = [0x4500, 40, 0, 0, 0x4006, 0, source >> 16, source & 0xffff, 0xc633, 0x6401]
    total = sum(words)
    total = (total & 0xffff) + (total >> 16)
    words[5] = 0xffff - ((total & 0xffff) + (total >> 16))
    return struct.pack(">12xH10HHHIIHHHH", 0x0800, *words, 1024, 80, 1, 0, 0x5002,
                       0xffff, 0, 0)


def check_flood(check, tmp):
    """Half a million sources that send one SYN each."""
    path, to, n = tmp / "flood.pcap", tmp / "flood.html", 500_000
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i in range(n):
            out.write(struct.pack("<IIII", 1_000_000_000 + i // 10_000,
                                  i % 10_000 * 100, 54, 54) + syn(0x0b000000 + i))
    options = ("-k", "none", "--sysctl", "nf_conntrack_max=400000")
    _, before = replay(path, *options)
    status, after = replay(path, *options, "--report", to)
    check(f"flood: status {status}", status == 0)
    check(f"flood: the collector takes {after - before} kB", after - before < COLLECTOR_KB)
    page = Page(to.read_bytes())
    limits, statistics = page.json["limits"], page.json["statistics"][0]
    check(f"flood: {limits}", limits["packets_kept"] == n and
          limits["connections_kept"] == CONNECTIONS and limits["top_left"] > 100_000 and
          limits["connections_seen"] == statistics["entries"]["created"] > 300_000)
    check("flood: each source is there, or none", len(set(page.json["hosts"])) ==
          len(page.json["hosts"]) > CONNECTIONS)
    path.unlink()
    return f"{(after - before) // 1024} MB for a flood"


def moved(frame, seconds, ports):
    """A frame of a pcap file, of the client whose port is so much higher."""
    frame, port, checksum = bytearray(frame), 16 + 14 + 20, 16 + 14 + 20 + 16
    struct.pack_into("<I", frame, 0, struct.unpack_from("<I", frame)[0] + seconds)
    port += 0 if struct.unpack_from(">H", frame, port) == (40000,) else 2
    struct.pack_into(">H", frame, port, 40000 + ports)
    total = 0xffff - struct.unpack_from(">H", frame, checksum)[0] + ports
    struct.pack_into(">H", frame, checksum, 0xffff - (total & 0xffff) - (total >> 16))
    return bytes(frame)


def check_told(check, tmp):
    """More packets than are told about; every second one has two reasons."""
    path, to, n = tmp / "told.pcap", tmp / "told.html", 5100
    data, frames, at = (TESTDATA / "reasons-window.pcap").read_bytes(), [], 24
    while len(frames) < 7:
        size = 16 + struct.unpack_from("<I", data, at + 8)[0]
        frames.append(data[at:at + size])
        at += size
    path.write_bytes(data[:24] + b"".join(moved(f, k, k) for k in range(n) for f in frames))
    status, _ = replay(path, "--report", to)
    page = Page(to.read_bytes()).json
    told = page["told"]
    check(f"told: status {status}, {len(told)} and {page['told_left']}", status == 0 and
          len(told) == TOLD and page["told_left"] == 2 * n - TOLD)
    check("told: frames", [t["frame"] for t in told] ==
          [7 * k + i for k in range(TOLD // 2) for i in (6, 7)])
    check("told: reasons", all(("response for index 2" in t["text"]) == (i % 2) and
                               t["text"].startswith("SEQ is over upper bound")
                               for i, t in enumerate(told)))


def check_kept(check, page):
    """After the first two million only what matters; of connections those with most
    trouble, then the largest."""
    column = page.column
    words = page.json["words"]
    late = [i for i in range(KEPT, len(column["packet.frame"]))]
    check("the first packets are kept", column["packet.frame"][:KEPT] ==
          list(range(1, KEPT + 1)))
    state, quiet = {}, 0
    for i, (conn, now) in enumerate(zip(column["packet.conn"], column["packet.state"])):
        before = state.get(conn)
        state[conn] = now
        if i >= KEPT and conn and words[column["packet.word"][i]] != "INVALID":
            quiet += before == now
    check(f"{quiet} of {len(late)} packets changed nothing", quiet <= len(late) // 100)
    seen = [a + b for a, b in zip(column["conn.packets0"], column["conn.packets1"])]
    check(f"connections of {min(seen)} packets are kept", min(seen) > 1)
    check("connections are in order", column["conn.id"] == sorted(column["conn.id"]))


def check_all(check, tmp):
    folder = pathlib.Path(tmp) / "bounds"
    folder.mkdir()
    if not pathlib.Path(GENERATE).exists():
        check(f"there is no {GENERATE}", False)
        return ""
    check_told(check, folder)
    return ", ".join((check_size(check, folder), check_memory(check, folder),
                      check_flood(check, folder)))
