#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
check.py [PART...]

The page of --report in a headless Chromium: what it shows against what ctreplay
prints, what a person does with it, hostile names, and a capture of a million
packets.  Parts: colours, content, interaction, robust, big.
"""
import importlib
import pathlib
import sys
import tempfile
import time

import browser
from support import Tally

PARTS = ("colours", "content", "interaction", "robust", "big")


def main():
    if not browser.find():
        print("SKIP: no chromium here")
        return 77
    t = Tally()
    with tempfile.TemporaryDirectory(prefix="ctreplay-page-") as folder, \
            browser.Browser() as b:
        for part in sys.argv[1:] or PARTS:
            begin = time.monotonic()
            importlib.import_module(part).check(t, b, pathlib.Path(folder))
            print(f"# {part}: {time.monotonic() - begin:.1f} s")
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed or not t.passed else 0


if __name__ == "__main__":
    sys.exit(main())
