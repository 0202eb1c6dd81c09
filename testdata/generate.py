#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make the captures that cannot be recorded: one function of gen/ each, its docstring the reason.

    generate.py [NAME...]     write the captures (all, or those named, without folder and suffix)
    generate.py --check       write nothing; exit 1 if a capture differs from what would be written
    generate.py --list        a table line for each, for README.md

The same bytes every time: no clock, no random number, no host name.  Only the
Python standard library (3.9 or later) is used.
"""

import pathlib
import sys

sys.dont_write_bytecode = True     # no __pycache__ in the source tree

from gen import (bad, broadcast, files, fragments, h323, helpers, kernels, links, links_other, network,  # noqa: E402
                 pptp, reasons, selftests, sequences, sip, tunnels)

HERE = pathlib.Path(__file__).resolve().parent
ROOMS = (files, links, links_other, sequences, network, fragments, selftests, helpers, h323, pptp, broadcast, sip, tunnels,
         kernels, reasons, bad)


def main(arguments):
    cases = [case for room in ROOMS for case in room.capture.cases]
    mode = arguments[0] if arguments[:1] in (["--check"], ["--list"]) else ""
    names = arguments[1:] if mode else arguments
    unknown = set(names) - {pathlib.PurePath(c.file).stem for c in cases}
    if unknown or any(n.startswith("-") for n in names):
        sys.exit(f"generate.py: no such capture: {' '.join(sorted(unknown))}\n{__doc__}")
    differing = 0
    for case in cases:
        if names and pathlib.PurePath(case.file).stem not in names:
            continue
        path = HERE / case.file
        if mode == "--list":
            print(f"| `{case.file}` | {case.count()} | {case.reason()} |")
        elif mode == "--check":
            if not path.exists() or path.read_bytes() != case.data():
                print(f"{case.file}: differs from what generate.py makes")
                differing = 1
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(case.data())
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
