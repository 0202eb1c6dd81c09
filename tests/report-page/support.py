# SPDX-License-Identifier: GPL-2.0-only
"""support.py - what the tests of the page share: pages, and ctreplay's own answers."""
import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
CTREPLAY = str(pathlib.Path(os.environ.get("CTREPLAY", TOP / "build/ctreplay")).resolve())
GENERATE = str(pathlib.Path(os.environ.get("GENERATE", TOP / "build/tests/bench/generate")).resolve())
FACTOR = float(os.environ.get("FACTOR", "2"))
ROUTER = "tests/rules/cases/router"


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def that(self, what, ok, more=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"not ok: {what} {more}")

    def same(self, what, got, wanted):
        self.that(what, got == wanted, f"\n  got    {got!r}\n  wanted {wanted!r}")


def run(*args, cwd=TOP):
    """ctreplay's output; notes go to standard error and are not looked at."""
    done = subprocess.run([CTREPLAY, *args], cwd=cwd, capture_output=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"ctreplay {args}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def records(*args, kind=None, cwd=TOP):
    lines = run("-o", "json", *args, cwd=cwd).decode().splitlines()
    out = [json.loads(line) for line in lines]
    return [r for r in out if kind is None or r["type"] == kind]


def make(path, *args, cwd=TOP):
    run("--report", str(path), *args, cwd=cwd)
    return path


def opened(browser, path, width=1280, height=800, before=None, **more):
    page = browser.page()
    if before:
        before(page)
    page.open(path, width, height, **more)
    page.wait("document.documentElement.dataset.ready")
    page.settle()
    return page


def text(page, selector):
    return page.js(f"document.querySelector({json.dumps(selector)})?.textContent")


def texts(page, selector):
    return page.js(f"[...document.querySelectorAll({json.dumps(selector)})]"
                   ".map(e => e.textContent)")


def number(shown):
    return int(shown.replace(",", ""))
