#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""examples/rotate/ctreplay-rotate over twenty files, killed with SIGKILL at random moments,
again and again: the logs must be what one run over all files prints.

  check.py [SEED]
"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "states"))
from split import split
from tally import PROGRAM, TESTDATA, TOP, Tally

SCRIPT = TOP / "examples/rotate/ctreplay-rotate"
OPTIONS = ["-q", "-e", "-C", "-T", "delta", "--sandbox", "no"]
FILES = 20
KILLS = 60
# Connections that live from file to file, expectations, and fragments.
CAPTURE = TESTDATA / "ftp-active.pcap"

tally = Tally("rotate")


def make_files(directory):
    """Two days, so that there are two logs; returns the names."""
    parts = split(CAPTURE.read_bytes(), range(0, 98, 5))[:FILES]
    names = []
    for i, part in enumerate(parts):
        names.append(f"2026-11-{29 + i // 13}_{i:02}0000.pcap")
        (directory / names[-1]).write_bytes(part)
    return names


def environment():
    return {**os.environ, "CTREPLAY": PROGRAM, "CTREPLAY_OPTIONS": " ".join(OPTIONS)}


def start(directory, name):
    return subprocess.Popen([SCRIPT, directory / name], env=environment(),
                            start_new_session=True, stderr=subprocess.PIPE)


def run(directory, name):
    process = start(directory, name)
    errors = process.communicate()[1].decode()
    return process.returncode, errors


def logs(directory):
    return b"".join(p.read_bytes() for p in sorted((directory / "ctreplay").glob("*.log")))


def one_run(directory, names):
    """What is printed once, at the end, is not in the logs."""
    state = directory / "state-of-all"
    done = subprocess.run([PROGRAM, *OPTIONS, "--save-state", state, *names],
                          cwd=directory, stdout=subprocess.PIPE)
    return done.stdout


def kill(process):
    """The script and what it runs; what ignores signals ends by itself."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    process.communicate()
    return process.returncode == -signal.SIGKILL


def plant(directory):
    """What a ctreplay leaves that is killed while it saves: kills seldom hit that moment."""
    (directory / "ctreplay").mkdir()
    (directory / "ctreplay/.state.Aq3x9Z").write_bytes(b"ctreplay-state")


def killed_runs(directory, names, chance, expected, most, usual):
    """Kills runs over all files, at most so many, until all are replayed; returns how
    many.  A call for one file usually takes 'usual' seconds."""
    kills = 0
    while True:
        process = start(directory, names[-1])
        if kills < most:
            time.sleep(chance.uniform(0, 3 * usual))
        else:
            process.wait()
        if process.poll() is not None:
            tally.check("the script fails", process.returncode == 0)
            process.communicate()
            return kills
        kills += kill(process)
        # Whatever is in the logs, its beginning is right.
        length = state_length(directory, names)
        tally.check("a log is shorter than its state says",
                    logs(directory)[:length] == expected[:length])


def state_length(directory, names):
    """How much of the logs the state vouches for."""
    state = directory / "ctreplay/state"
    if not state.exists():
        return 0
    lines = dict(line.split(b" ", 1) for line in
                 state.read_bytes().split(b"\n\n", 1)[0].splitlines()[1:6])
    log = pathlib.Path(lines[b"last"].decode()).name.split("_")[0] + ".log"
    before = [p for p in (directory / "ctreplay").glob("*.log") if p.name < log]
    return sum(p.stat().st_size for p in before) + output_length(state)


def output_length(state):
    for line in state.read_bytes().split(b"\n\n", 1)[0].splitlines():
        if line.startswith(b"output "):
            return int(line.split()[1])
    return 0


def check_calls(directory, names, expected):
    """One call a file, as tcpdump makes them, but for some that never came."""
    begin = time.monotonic()
    for i, name in enumerate(names):
        if i % 5 == 3 and i + 1 < len(names):
            continue
        status, errors = run(directory, name)
        tally.check(f"status {status}: {errors}", status == 0 and not errors)
    tally.check("logs of single calls differ from one run", logs(directory) == expected)
    return (time.monotonic() - begin) / len(names)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name) / "a folder"
        directory.mkdir()
        names = make_files(directory)
        expected = one_run(directory, names)
        tally.check("the capture says too little", expected.count(b"\n") > 40)
        usual = check_calls(directory, names, expected)
        kills = 0
        while kills < KILLS:
            shutil.rmtree(directory / "ctreplay")
            plant(directory)
            kills += killed_runs(directory, names, chance, expected, KILLS - kills,
                                 usual)
            tally.check(f"logs after {kills} kills differ from one run",
                        logs(directory) == expected)
        left = [p.name for p in (directory / "ctreplay").iterdir()]
        tally.check(f"left behind: {left}", sorted(left) ==
                    ["2026-11-29.log", "2026-11-30.log", "lock", "state"])
    return tally.end(f"SEED={seed}, {kills} kills")


sys.exit(main())
