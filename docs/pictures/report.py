#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
report.py CTREPLAY DIR

Pictures of the page of --report, in a headless Chromium: wide and narrow, light and
dark, of captures of testdata and the rules of a test.
"""
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/report-page"))
import browser  # noqa: E402

# All of them begin at the same second.
CAPTURES = ["tcp-window-scale", "tcp-pickup", "selftest-icmp-related", "tcp-reopen",
            "tcp-challenge-ack", "tcp-rst", "tcp6", "tcp-out-of-sync", "tcp-retransmission",
            "tcp-close", "selftest-tcp-unreplied", "sip-register", "netbios-again",
            "tcp-syn-retransmit"]
# A connection with INVALID packets in the middle of its life, and the packet before.
CHOOSE = """(() => { const c = CT.data.connections;
    let best = 0;
    for (let i = 0; i < c.count; i++)
        if (c.invalid[i] && c.last[i] - c.first[i] > c.last[best] - c.first[best]) best = i;
    CT.view.setFacet('conn', best); CT.packets.first(); })()"""


def opened(b, page_file, theme, width, height, mobile=False):
    page = b.page()
    page.prefer(theme)
    page.open(page_file, width, height, mobile=mobile)
    page.wait("document.documentElement.dataset.ready")
    page.settle()
    return page


def scrolled(page, selector):
    page.js(f"document.querySelector('{selector}').scrollIntoView({{block: 'start'}})")
    page.settle()


def main():
    ctreplay, out = sys.argv[1], pathlib.Path(sys.argv[2])
    if not browser.find():
        print("SKIP: no chromium here")
        return 77
    with tempfile.TemporaryDirectory() as folder, browser.Browser() as b:
        html = pathlib.Path(folder) / "report.html"
        subprocess.run([ctreplay, "-q", "--report", html, "--firewall",
                        "tests/rules/cases/router",
                        *(f"testdata/{name}.pcap" for name in CAPTURES)], cwd=TOP, check=True)
        page = opened(b, html, "light", 1280, 1440)
        page.picture(out / "report-light.png")
        page = opened(b, html, "dark", 1280, 960)
        page.js(CHOOSE)
        page.settle()
        scrolled(page, "#timeline")
        page.picture(out / "report-dark.png")
        page = opened(b, html, "light", 390, 844, mobile=True)
        page.picture(out / "report-narrow-light.png")
        page = opened(b, html, "dark", 390, 844, mobile=True)
        page.js("document.querySelector('#lanes').scrollIntoView({block: 'center'})")
        page.settle()
        page.picture(out / "report-narrow-dark.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
