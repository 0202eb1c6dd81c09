# SPDX-License-Identifier: GPL-2.0-only
"""output_file.py - what holds for each option that writes a file besides the output."""
import gzip
import subprocess

from tally import PROGRAM, TESTDATA


def run(*args, status=0, **how):
    done = subprocess.run([PROGRAM, *args], capture_output=True, **how)
    return done.returncode == status, done


def check_kept(check, tmp, option, captures):
    """As "--annotate *.pcap" has it: the first name is the output's, and a capture."""
    path = tmp / "first"
    for name in captures:
        path.write_bytes((TESTDATA / name).read_bytes())
        check_one(check, path, option, name)
    path.write_bytes(gzip.compress((TESTDATA / captures[0]).read_bytes()))
    check_one(check, path, option, "a compressed one")
    path.unlink()


def check_one(check, path, option, name):
    kept = path.read_bytes()
    fine, done = run(option, path, TESTDATA / "dns.pcap", status=2)
    check(f"{option} over {name}: {done.stderr}", fine and b"it is a capture" in done.stderr
          and path.read_bytes() == kept)
