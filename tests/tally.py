# SPDX-License-Identifier: GPL-2.0-only
"""
tally.py - what the test programs in Python share: paths, a line for each failed
check, and the number of checks in the end.

    sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
    from tally import PROGRAM, Tally

    tally = Tally("check-files")
    tally.check(f"exit status {status}", status == 3)
    sys.exit(tally.end())

CTREPLAY is the program under test.  It may stand behind a wrapper, as in
"valgrind -q build/ctreplay": COMMAND is the whole, PROGRAM the last word's path.
"""
import os
import pathlib
import shlex

TOP = pathlib.Path(__file__).resolve().parents[1]
TESTDATA = TOP / "testdata"
COMMAND = shlex.split(os.environ.get("CTREPLAY", "build/ctreplay"))
PROGRAM = str(TOP / COMMAND[-1])


class Tally:
    SHOWN = 50		# failures that are printed; a broken program has thousands

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = 0

    def fail(self, *text):
        self.failed += 1
        if self.failed <= self.SHOWN:
            print(f"FAIL {self.name}:", *text)

    def check(self, what, fine):
        """'what' is printed where 'fine' is false."""
        if fine:
            self.passed += 1
        else:
            self.fail(what)

    def end(self, note=""):
        """Prints the numbers, as tally.sh does, and returns the exit status."""
        print(f"{self.name}: {note + ', ' if note else ''}"
              f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
