#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Files of states: what is refused, and with which sentence; what damage, full disks,
interrupts and SIGKILL leave.

  files.py [SEED]
"""
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import PROGRAM, TESTDATA, Tally

CAPTURE = str(TESTDATA / "ftp-active.pcap")
OTHER = str(TESTDATA / "tcp-rst.pcap")
ROUTER = str(TESTDATA.parent / "tests/rules/cases/router")
DAMAGES = 300
KILLS = 40

tally = Tally("state files")


def run(*options, **more):
    done = subprocess.run([PROGRAM, *map(str, options)], stdin=subprocess.DEVNULL,
                          stdout=more.pop("stdout", subprocess.PIPE),
                          stderr=subprocess.PIPE, **more)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def expect(what, result, status, text, output=b""):
    tally.check(f"{what}: {result}", result[0] == status and text in result[2] and
                (output is None or (result[1] or b"") == output))


# Options of the run that saves, of the run that loads, and why it is refused.
REFUSALS = (
    ((), ("--kernel", "6.1"), 'it was saved with "kernel 6.18.'),
    ((), ("--kernel", "6.18.20"), 'and this is "kernel 6.18.20"'),
    (("--sysctl", "nf_conntrack_tcp_loose=0"), (),
     'it was saved with "nf_conntrack_tcp_loose 0", and this is "nf_conntrack_tcp_loose 1"'),
    ((), ("--sysctl", "nf_conntrack_max=7"), 'and this is "nf_conntrack_max 7"'),
    ((), ("--sysctl", "net.ipv4.ipfrag_time=7"), 'and this is "ipfrag_time 7"'),
    ((), ("--sysctl", "nf_conntrack_acct=1"), 'and this is "nf_conntrack_acct 1"'),
    ((), ("--no-helpers",), 'it was saved with "helpers ftp:21'),
    ((), ("--helper", "netbios-ns/24"),
     'and this is "helpers ... amanda:10080 snmp:161 sane:6566 "; give'),
    (("-k", "none"), (), 'it was saved with "checksum-mode 2", and this is "checksum-mode 0"'),
    (("-f", "tcp"), (), 'it was saved with "filter tcp", and this is "filter -"'),
    ((), ("-N", "udp\nport 53"), r'and this is "notrack udp\x0aport 53"'),
    ((), ("--interface", "eth0"), 'and this is "interface eth0"'),
    ((), ("--dedup",), 'it was saved with "dedup 0", and this is "dedup 2000000"'),
    ((), ("--decap", "vxlan,gre"), 'and this is "decap vxlan gre"'),
    ((), ("-C",), 'it was saved with "connections -", and this is "connections counted (-C, --top)"'),
    (("-C",), (), 'it was saved with "connections counted (-C, --top)", and this is "connections -"'),
    (("--top", "src"), ("--top", "dst"), 'it was saved with "top src", and this is "top dst"'),
    (("--show", "tcp"), (), 'it was saved with "show tcp", and this is "show -"'),
    ((), ("--ctstate", "NEW"), 'and this is "ctstate NEW"'),
    (("--firewall", ROUTER), (), 'and this is "firewall -"'),
    ((), ("-v",), 'and this is "bounds kept (-v, --annotate)"'),
)


def refusals(directory):
    state = directory / "state"
    for saving, loading, reason in REFUSALS:
        run("-t", *saving, "--save-state", state, CAPTURE)
        expect(f"saved with {saving}, loaded with {loading}",
               run("-t", *loading, "--load-state", state, OTHER), 2, reason)
        expect(f"what to do, {saving}, {loading}",
               run("-t", *loading, "--load-state", state, OTHER), 2,
               '"; give the options that it was saved with' +
               (", and the firewall's files as they were then"
                if "--firewall" in saving else "") + "\n")
        # What is printed may differ.
        status, _, errors = run("-p", "-o", "json", *saving, "--load-state", state, OTHER)
        tally.check(f"with the same settings, {saving}: {errors}", status == 0)
    expect("a capture", run("--load-state", OTHER, CAPTURE), 2,
           "it is no state that ctreplay has saved")
    expect("no file", run("--load-state", directory / "none", CAPTURE), 2,
           "none: No such file or directory")
    expect("a directory", run("--load-state", directory, CAPTURE), 2,
           "it is no state that ctreplay has saved")
    data = state.read_bytes()
    state.write_bytes(data.replace(b"ctreplay-state 1", b"ctreplay-state 2", 1))
    expect("another version", run("--load-state", state, CAPTURE), 2,
           "it has version 2 of the format, and this program reads and writes version 1")


def not_replaced(directory):
    """What is no state stays, and what cannot be one is refused."""
    capture = directory / "a.pcap"
    capture.write_bytes(pathlib.Path(OTHER).read_bytes())
    expect("over a capture", run("--save-state", capture, CAPTURE), 2,
           "there is such a file, and it is no state")
    tally.check("a capture was replaced",
                capture.read_bytes() == pathlib.Path(OTHER).read_bytes())
    expect("over a directory", run("--save-state", directory, CAPTURE), 2,
           "it is no regular file")
    expect("over a device", run("--save-state", "/dev/null", CAPTURE), 2,
           "it is no regular file")
    for option in ("--save-state", "--load-state"):
        expect(f"{option} -", run(option, "-", CAPTURE, cwd=directory), 2,
               f"{option} -: a state is a file")
    expect("what -w writes", run("-w", directory / "w", "--save-state", directory / "w",
                                 CAPTURE), 2, "cannot both write")
    tally.check("a file was made", not (directory / "-").exists() and
                not (directory / "w").exists())
    expect("in no directory", run("--save-state", directory / "no/state", CAPTURE), 2,
           "cannot write")
    empty = directory / "empty"
    empty.touch()
    expect("over an empty file", run("-t", "--save-state", empty, CAPTURE), 0, "")
    tally.check("no state in an empty file", empty.stat().st_size > 0)


def damage(directory, chance):
    state = directory / "state"
    run("-t", "-C", "--save-state", state, CAPTURE)
    data = state.read_bytes()
    lines = data.index(b"\n\n")
    for _ in range(DAMAGES):
        at = chance.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        state.write_bytes(changed)
        result = run("-t", "-C", "--load-state", state, OTHER)
        tally.check(f"byte {at} of {len(data)}: {result}", result[0] == 2 and
                    not result[1] and "--load-state" in result[2])
        state.write_bytes(data[:at])
        result = run("-t", "-C", "--load-state", state, OTHER)
        tally.check(f"cut at {at}: {result}", result[0] == 2 and not result[1] and
                    (at < lines + 2 or "cut short" in result[2]))
    state.write_bytes(data + b"more")
    expect("with an end that is none", run("-t", "-C", "--load-state", state, OTHER), 2,
           "something follows its end")


def full(directory):
    """Neither the state nor the output has room."""
    state = directory / "state"
    run("-t", "--save-state", state, CAPTURE)
    data = state.read_bytes()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    expect("a full disk", run("-t", "--load-state", state, "--save-state", state, OTHER,
                              preexec_fn=limit), 3, f"cannot write {state}: File too large; "
           "it stays as it was")
    with open("/dev/full", "wb") as out:
        expect("full output", run("-p", "--load-state", state, "--save-state", state, OTHER,
                                  stdout=out), 3, "standard output")
    tally.check("a state was changed", state.read_bytes() == data)
    tally.check(f"left behind: {list(directory.iterdir())}",
                not list(directory.glob(".*")))


def interrupted(directory):
    state = directory / "state"
    run("-t", "--save-state", state, CAPTURE)
    data = state.read_bytes()
    process = subprocess.Popen([PROGRAM, "-p", "--load-state", state, "--save-state", state,
                                "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    process.stdin.write(pathlib.Path(OTHER).read_bytes())
    process.stdin.flush()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    errors = process.communicate()[1].decode()
    tally.check(f"interrupted: {process.returncode} {errors}", process.returncode == 130 and
                "stays as it was" in errors)
    tally.check("an interrupt changed the state", state.read_bytes() == data)


def killed(directory, chance, large):
    """Many connections, so that saving takes a while."""
    state = directory / "state"
    options = ["-q", "-s", "--sysctl", "nf_conntrack_max=1000000"]
    run(*options, "-c", "1", "--save-state", state, large)
    begin = time.monotonic()
    run(*options, "--save-state", directory / "new", large)
    usual = time.monotonic() - begin
    old, new = state.read_bytes(), (directory / "new").read_bytes()
    ended = 0
    for _ in range(KILLS):
        state.write_bytes(old)
        process = subprocess.Popen([PROGRAM, *options, "--save-state", state, large],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(usual * 0.3, usual * 1.1))
        process.kill()
        ended += process.wait() == 0
        # The process that gives the file its name may be doing so.
        time.sleep(0.05)
        there = state.read_bytes()
        whole = there == old or (len(there) == len(new) and
                                 run(*options, "--load-state", state)[0] == 0)
        tally.check(f"killed: {len(there)} bytes of {len(old)} or {len(new)}", whole)
    tally.check(f"only {KILLS - ended} of {KILLS} were killed", ended < KILLS)
    time.sleep(0.2)
    tally.check(f"left behind: {[p.name for p in directory.iterdir()]}",
                not list(directory.glob(".*")))


def end_without_file(directory):
    """The sections of the end come from the state alone."""
    state = directory / "state"
    sections = ["-t", "-x", "-s", "-C", "--top", "src"]
    run("-p", "-C", "--top", "src", "--save-state", state, CAPTURE)
    _, one, notes = run(*sections, CAPTURE)
    status, end, later = run(*sections, "--load-state", state)
    ended = [line for line in one.splitlines() if line not in end.splitlines()]
    tally.check(f"the end of a run from its state: {status} {ended[:3]}", status == 0 and
                one.endswith(end) and notes == later)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    chance = random.Random(seed)
    large = os.environ.get("LARGE")
    for test in (refusals, not_replaced, full, interrupted, end_without_file):
        with tempfile.TemporaryDirectory() as name:
            test(pathlib.Path(name))
    with tempfile.TemporaryDirectory() as name:
        damage(pathlib.Path(name), chance)
    if large:
        with tempfile.TemporaryDirectory() as name:
            killed(pathlib.Path(name), chance, large)
    return tally.end(f"SEED={seed}")


sys.exit(main())
