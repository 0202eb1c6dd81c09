# SPDX-License-Identifier: GPL-2.0-only
"""robust.py - hostile names, no network, old browsers, no script, damaged data."""
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import time
import zlib

import browser as chromium
from support import CTREPLAY, ROUTER, TOP, make, opened, text, texts

MARKUP = "<img src=x onerror=window.hit=1>"
END = "</script><script>window.hit=2</script>"
HIT = "window.hit ?? 0"


def hostile_files(t, browser, folder):
    """A path may hold any byte but zero: "</script>" is a folder and a name in it."""
    place = folder / "x<" / ("script><script>window.hit=2<" )
    place.mkdir(parents=True)
    capture = place / ("script>" + MARKUP + "]]>-->\"'&amp;\x1b[31m.pcap")
    shutil.copy(TOP / "testdata/tcp-rst.pcap", capture)
    html = make(folder / "hostile.html", str(capture))
    raw = html.read_bytes()
    t.that("no name is in the page's markup", b"onerror" not in raw and b"window.hit" not in raw)
    page = opened(browser, html)
    t.same("the file's name is text", text(page, "#files"), str(capture))
    t.that("and in the title", MARKUP in page.js("document.title"))
    t.same("nothing of it ran", page.js(HIT), 0)
    t.same("no element came of it", page.js("document.querySelectorAll('img, iframe, object').length"), 0)
    t.same("hostile file: console", page.console, [])
    page.close()


def hostile_rules(t, browser, folder):
    """Comments, prefixes and sets' names of a ruleset are whoever's wrote it."""
    place = folder / "firewall"
    shutil.copytree(TOP / ROUTER, place)
    rules = place / "rules"
    lines = rules.read_text().replace(
        '--log-prefix "invalid: "', f'--log-prefix "{MARKUP[:28]}"').replace(
        "-A FORWARD -m conntrack --ctstate INVALID -j DROP",
        f'-A FORWARD -m conntrack --ctstate INVALID -m comment --comment "{END}{MARKUP}" -j DROP')
    lines = lines.replace("--match-set bad src", "--match-set <b>bad</b> src")
    sets = place / "ipsets"
    sets.write_text(re.sub(r"\b(create|add) bad\b", r"\1 <b>bad</b>", sets.read_text()))
    rules.write_text(lines)
    html = make(folder / "rules.html", "--firewall", str(place), "testdata/tcp-rst.pcap")
    raw = html.read_bytes()
    t.that("no rule is in the page's markup", b"onerror" not in raw and b"window.hit" not in raw)
    page = opened(browser, html)
    shown = texts(page, "#rules-table td:nth-child(2)")
    t.that("a rule's comment is text", any(END + MARKUP in s for s in shown), shown)
    t.that("a set's name is text", any("<b>bad</b>" in s for s in shown), shown)
    t.that("a log's prefix is text", any(MARKUP[:28] in s for s in shown), shown)
    t.that("in the summary, too", END in text(page, "#wrong"), text(page, "#wrong"))
    t.that("and in the details", END in text(page, "#detail"), text(page, "#detail"))
    page.js("document.querySelector('#search').value = '<img'; "
            "document.querySelector('#search-form').requestSubmit()")
    page.settle()
    t.that("a search's words are text", "“<img”" in text(page, "#chips"), text(page, "#chips"))
    page.pdf()
    t.same("nothing of it ran", page.js(HIT), 0)
    t.same("no element came of it", page.js("document.querySelectorAll('img, iframe, object, b').length"), 0)
    t.same("hostile rules: console", page.console, [])
    page.close()


def policy(t, browser, html):
    """Whatever gets in all the same may neither run nor ask for anything."""
    page = opened(browser, html)
    page.js("""(() => { const s = document.createElement('script');
        s.textContent = 'window.hit = 3'; document.body.append(s);
        const i = new Image(); i.src = 'https://192.0.2.1/x.png'; document.body.append(i); })()""")
    refused = page.js("fetch('https://192.0.2.1/').then(() => 'sent', e => 'refused')")
    made = page.js("(() => { try { return new Function('return 1')() } catch { return 'refused' } })()")
    page.settle()
    t.same("no script from outside runs", page.js(HIT), 0)
    t.same("no request is sent", refused, "refused")
    t.same("no text becomes a script", made, "refused")
    t.same("and none was seen", page.requests, [html.resolve().as_uri()])
    page.close()


def offline(t, html):
    """The browser in a network namespace without any interface but lo, which is down."""
    if os.getuid() != 0 or not shutil.which("unshare") or \
            subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode:
        print("# no network namespaces here: the page was not opened without a network")
        return
    with chromium.Browser(prefix=["unshare", "-n"]) as b:
        page = opened(b, html)
        t.that("the page needs no network", text(page, "#headline").startswith("Of 14 packets"))
        t.same("offline: console", page.console, [])


def old_browser(t, browser, html, folder):
    page = browser.page()
    page.call("Page.enable")
    page.call("Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream")
    page.open(html)
    page.wait("!document.querySelector('#stop').hidden")
    t.that("an old browser is told so", "DecompressionStream" in text(page, "#stop"))
    page.close()
    # One that understands none of the scripts but the first.
    bare = folder / "bare.html"
    bare.write_text(html.read_text().partition('<script id="ct-data"')[0])
    page = browser.page()
    page.open(bare)
    page.wait("document.querySelector('#loading') && !document.querySelector('#loading').hidden")
    t.that("a very old one keeps a sentence", "too old" in text(page, "#loading"))
    page.close()
    page = browser.page()
    page.call("Page.enable")
    page.call("Page.addScriptToEvaluateOnNewDocument",
              source="delete Uint8Array.fromBase64")
    page.open(html)
    page.wait("document.documentElement.dataset.ready")
    t.that("one without fromBase64 works", text(page, "#headline").startswith("Of 14 packets"))
    page.close()


def no_script(t, browser, html):
    page = browser.page()
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.open(html)
    time.sleep(1)
    # Nothing can be asked of the page by script, so the protocol is.
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    node = page.call("DOM.querySelector", nodeId=root, selector="noscript p")["nodeId"]
    t.that("without a script there is a sentence", node and
           "JavaScript is switched" in page.call("DOM.getOuterHTML", nodeId=node)["outerHTML"])
    box = page.call("DOM.getBoxModel", nodeId=node)["model"]
    t.that("which can be seen", box["width"] > 100 and box["height"] > 10, box)
    page.close()


def damaged(t, browser, html, folder):
    whole = html.read_text()
    found = re.search(r'(id="ct-data" type="text/plain">)([^<]*)', whole)
    data = found[2]
    cases = {"cut": data[:len(data) // 2], "empty": "", "no base64": "$%&" * 20,
             "changed": data[:200] + ("A" * 40) + data[240:]}
    for name, block in cases.items():
        path = folder / "damaged.html"
        path.write_text(whole[:found.start(2)] + block + whole[found.end(2):])
        page = browser.page()
        page.open(path)
        page.wait("!document.querySelector('#stop').hidden")
        t.that(f"damaged data ({name}) is said", "cannot be read" in text(page, "#stop"))
        t.same(f"damaged data ({name}): nothing else is shown",
               page.js("document.querySelector('#page').hidden"), True)
        page.close()


def interrupted(html):
    """A run that SIGINT ends when it has printed an event."""
    with subprocess.Popen([CTREPLAY, "--report", html, "-e", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        program.stdin.write((TOP / "testdata/dns.pcap").read_bytes())
        program.stdin.flush()
        program.stdout.read(1)
        program.send_signal(signal.SIGINT)
        program.stdout.read()
    return program.returncode


def ended_early(t, browser, folder):
    """What the numbers are worth comes before all other notes."""
    cut = folder / "cut.pcap"
    cut.write_bytes((TOP / "testdata/dns.pcap").read_bytes()[:-7])
    damaged_html, stopped = folder / "cut.html", folder / "stopped.html"
    status = subprocess.run([CTREPLAY, "--report", damaged_html, cut],
                            capture_output=True).returncode
    t.same("a cut capture and an interrupted run", (status, interrupted(stopped)), (3, 130))
    for html, said, advice in (
            (damaged_html, "A capture is damaged or could not be read to its end",
             "message on standard error says where"),
            (stopped, "The run was interrupted: frames at the end are missing",
             "true of the frames up to there")):
        page = opened(browser, html)
        first = text(page, "#trust .notes li:first-child")
        t.that(f"{html.name}: {said}", first.startswith(said) and advice in first, first)
        t.same(f"{html.name}: said once", text(page, "#trust").count(said), 1)
        x, y, w, h = page.box("#trust .notes li:first-child")
        t.that(f"{html.name}: the note can be seen", w > 100 and h > 20, (w, h))
        t.same(f"{html.name}: console", page.console, [])
        page.close()


def rewritten(html, to, change):
    """The page with other data: what "change" makes of its JSON."""
    whole = html.read_text()
    found = re.search(r'(id="ct-data" type="text/plain">)([^<]*)', whole)
    raw = zlib.decompress(base64.b64decode(found[2]))
    n = int.from_bytes(raw[:4], "little")
    data = json.loads(raw[4:4 + n])
    change(data)
    text_of = json.dumps(data).encode()
    head = len(text_of).to_bytes(4, "little") + text_of
    head += bytes(-len(head) % 8)
    block = base64.b64encode(zlib.compress(head + raw[(4 + n + 7) // 8 * 8:])).decode()
    to.write_text(whole[:found.start(2)] + block + whole[found.end(2):])
    return to


def cut_lists(t, browser, html, folder):
    """Lists of the largest that ran out of room, as after a flood (check-report-data has one)."""
    page = opened(browser, html)
    t.that("whole lists say nothing", "leave" not in text(page, "#talkers") +
           text(page, "#what"))
    page.close()
    page = opened(browser, rewritten(html, folder / "lists.html", lambda data: data[
        "limits"].update(top_left=238000)))
    said = text(page, "#talkers-note")
    t.that("lists say what they lack", "leaves out up to 238,000 connections" in said and
           "too many different addresses" in said, said)
    t.that("so does the summary", "top talkers leave out up to 238,000 connections" in
           text(page, "#what"), text(page, "#what"))
    x, y, w, h = page.box("#talkers-note")
    t.that("it can be seen", w > 100 and h > 10, (w, h))
    t.same("cut lists: console", page.console, [])
    page.close()


def vendored(t, html):
    """uPlot's licence asks to be in every copy."""
    licence = (TOP / "src/report/page/vendor/uplot/LICENSE").read_text().strip()
    t.that("uPlot's licence is in the page", licence in html.read_text())


def check(t, browser, folder):
    html = make(folder / "plain.html", "testdata/tcp-rst.pcap")
    hostile_files(t, browser, folder)
    hostile_rules(t, browser, folder)
    policy(t, browser, html)
    old_browser(t, browser, html, folder)
    no_script(t, browser, html)
    damaged(t, browser, html, folder)
    ended_early(t, browser, folder)
    cut_lists(t, browser, html, folder)
    vendored(t, html)
    offline(t, html)
