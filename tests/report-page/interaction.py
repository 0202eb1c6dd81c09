# SPDX-License-Identifier: GPL-2.0-only
"""interaction.py - zoom, search, selection, sorting, keys, themes, small windows, paper."""
import re

from support import ROUTER, make, number, opened, records, text, texts

FTP = "testdata/ftp-active.pcap"
RANGE = "[...CT.view.range]"
CHIPS = "#chips button"
COUNT = "#packet-count"


def near(a, b, share=0.02):
    return abs(a - b) <= share * max(abs(a), abs(b), 1)


def shown_count(page):
    return number(text(page, COUNT).split(" ")[0])


def zoom(t, page):
    whole = page.js(RANGE)
    lanes = "document.querySelector('#lanes canvas').toDataURL().length"
    before = page.js(lanes)
    width = lambda: (lambda r: r[1] - r[0])(page.js(RANGE))  # noqa: E731
    full = width()
    page.key("+")
    t.that("+ halves the time", near(width(), full / 2), width())
    t.that("the curves follow", page.js("""[...document.querySelectorAll('.uplot')].length""") == 3)
    t.that("the lanes follow", page.js(lanes) != before)
    page.key("ArrowRight")
    t.that("right goes later", near(page.js(RANGE)[0], whole[0] + full * 0.35, 0.05), page.js(RANGE))
    page.key("ArrowLeft")
    page.key("-")
    t.that("- doubles it", near(width(), full), width())
    for key in "+++":
        page.key(key)
    page.key("0")
    t.same("0 shows the whole", page.js(RANGE), whole)
    x, y, w, h = page.box("#curve-table .u-over")
    page.wheel(x + w / 4, y + h / 2, -100)
    narrowed = page.js(RANGE)
    at = whole[0] + full / 4
    t.that("the wheel zooms", near(narrowed[1] - narrowed[0], full * 0.8), narrowed)
    t.that("where it is", near((at - narrowed[0]) / (narrowed[1] - narrowed[0]), 0.25), narrowed)
    page.key("0")
    page.drag(x + w * 0.25, y + h / 2, x + w * 0.75, y + h / 2)
    t.that("a drag zooms", near(width(), full / 2, 0.05), page.js(RANGE))
    x, y, w, h = page.box("#lanes")
    left = 283
    page.drag(x + left + (w - left) * 0.5, y + 30, x + w - 4, y + 30)
    t.that("a drag over the lanes, too", near(width(), full / 4, 0.08), page.js(RANGE))
    t.that("the time is said", "117" not in text(page, "#range"), text(page, "#range"))
    page.js("document.querySelector('[data-do=all]').click()")
    page.settle()
    t.same("the button shows the whole", page.js(RANGE), whole)
    for _ in range(60):
        page.js("CT.view.zoomBy(0.5)")
    page.settle()
    t.that("the zoom has an end", width() > 1, width())
    page.key("0")


def search(t, page):
    packets = records("-p", "--id", FTP, kind="packet")
    conns = records("-C", FTP, kind="connection")
    ids = lambda test: {c["id"] for c in conns if test(c)}  # noqa: E731
    ports = lambda n: ids(lambda c: n in (c["orig_sport"], c["orig_dport"]))  # noqa: E731
    of = lambda found: sum(p["id"] in found for p in packets)  # noqa: E731
    cases = [
        ("198.51.100.20", len(packets)), ("198.51.100.0/24", len(packets)), ("203.0.113.9", 0),
        (":21", of(ports(21))), ("port:50137", of(ports(50137))), ("id:2", of({2})),
        ("frame:7", 1), ("frame:10-19", 10), ("related", sum(
            p["ctstate"] == "RELATED" for p in packets)),
        ("tcp :20", of(ports(20))), ("RELATED :21", 0), ("tcp", len(packets)),
        ("no-such-thing", 0),
    ]
    for query, wanted in cases:
        page.key("/")
        t.same("/ goes to the search", page.js("document.activeElement.id"), "search")
        page.type(query)
        page.wait(f"CT.view.query?.text === {query!r}", 5)
        page.settle()
        t.same(f"search {query}", shown_count(page), wanted)
        if query == "id:2":
            t.same("lanes of a search", page.js("CT.lanes.rows.connections"), 1)
        page.key("Escape")
        t.same("Esc ends the search", (shown_count(page), text(page, CHIPS)), (len(packets), None))
        page.js("document.querySelector('#search').value = ''")


def selection(t, page):
    x, y, w, h = page.box("#lanes")
    page.click(x + 100, y + 18 * 2 + 10)      # the second connection beneath its host
    t.same("a click on a lane", texts(page, CHIPS), ["connection 2 ✕"])
    t.same("its packets", shown_count(page), len(
        [p for p in records("-p", "--id", FTP, kind="packet") if p["id"] == 2]))
    t.that("its details", "Connection 2" in text(page, "#detail"), text(page, "#detail"))
    t.that("its master", "connection 1" in text(page, "#detail"))
    page.js(f"document.querySelector({CHIPS!r}).click()")
    page.settle()
    t.same("the chip takes it back", texts(page, CHIPS), [])
    page.key("l")
    t.same("l goes to the lanes", page.js("document.activeElement.id"), "lanes")
    page.key("Home")
    for _ in range(3):
        page.key("ArrowDown")
    said = text(page, "#lane-said")
    t.that("the lane is said", said.startswith("Connection 3: tcp 198.51.100.20:20"), said)
    page.key("Enter")
    t.same("Enter selects the lane", texts(page, CHIPS), ["connection 3 ✕"])
    page.key("Escape")
    page.key("k")
    page.key("ArrowDown")
    first = text(page, "#detail h3")
    page.key("End")
    t.that("keys choose a packet", first != text(page, "#detail h3") and
           text(page, "#detail h3").startswith("Frame 98"), text(page, "#detail h3"))
    t.same("the list says which", page.js("""document.getElementById(document.querySelector(
        '#packet-list').getAttribute('aria-activedescendant')).getAttribute('aria-selected')"""), "true")
    page.js("document.querySelectorAll('#words button')[2].click()")
    page.settle()
    t.same("a word selects", shown_count(page), 4)
    page.key("a")
    x, y, w, h = page.box("#curve-words .u-over")
    page.js("document.querySelector('#in-range').click()")
    page.drag(x + w * 0.6, y + 20, x + w * 0.7, y + 20)
    page.wait("document.querySelector('#packet-count').textContent !== '98 packets'", 5)
    a, b = page.js(RANGE)
    wanted = page.js(f"CT.data.packets.at.filter(t => t >= {a} && t < {b}).length")
    t.same("only the time shown", shown_count(page), wanted)
    page.js("document.querySelector('#in-range').click()")
    page.key("0")


def alone(t, browser, html):
    """The lane of packets without a connection, by mouse and by key."""
    page = opened(browser, html)
    page.js("document.querySelector('#every-packet').click()")
    page.settle()
    args = ["-N", "udp", "testdata/port-scan.pcap", "testdata/dns.pcap"]
    wanted = [p for p in records("-p", "--id", *args, kind="packet") if p["id"] is None]
    row = page.js("CT.lanes.rows.rows.findIndex(r => r >= CT.data.connections.count)")
    host = page.js(f"CT.names.host(CT.lanes.rows.rows[{row}] - CT.data.connections.count)")
    wanted = [p for p in wanted if p["src"] == host]
    t.that("a host has packets without a connection", wanted and row >= 0, (row, host))
    page.js(f"document.querySelector('#lanes').scrollTop = {row * 18}")
    page.settle()
    x, y, w, h = page.box("#lanes")
    at = y + 1 + row * 18 - page.js("document.querySelector('#lanes').scrollTop") + 9
    page.click(x + 100, at)
    t.same("a click on their lane", texts(page, CHIPS), [host + " without a connection ✕"])
    t.same("lists them", shown_count(page), len(wanted))
    t.same("in the list", page.js("[...CT.packets.shown].map(i => CT.data.packets.frame[i])"),
           [p["number"] for p in wanted])
    page.click(x + 100, at)
    t.same("a second click takes it back", texts(page, CHIPS), [])
    page.key("l")
    page.key("Home")
    for _ in range(row):
        page.key("ArrowDown")
    words = {p["ctstate"] for p in wanted}
    said = text(page, "#lane-said")
    t.that("the lane is said", said.startswith(f"Packets of {host} without a connection: ") and
           all(w in said for w in words), said)
    page.key("Enter")
    t.same("Enter selects it", texts(page, CHIPS), [host + " without a connection ✕"])
    page.key("ArrowDown")
    page.key("Enter")
    t.that("a connection's lane takes its place", [c.split()[0] for c in texts(page, CHIPS)] ==
           ["connection"], texts(page, CHIPS))
    page.key("Escape")
    t.same("without a connection: console", page.console, [])
    page.close()


def trouble(t, page):
    t.same("trouble is shown first", shown_count(page), 2)
    t.that("the first is chosen", text(page, "#detail h3").startswith("Frame 6: INVALID"))
    t.same("with the reason's sentence and what is its own", [
        re.search(r"must not have a sequence number|70001 too low", w) is not None
        for w in texts(page, "#detail .why")], [True, True])
    t.that("with its rule", "filter:FORWARD:3" in text(page, "#detail"))
    page.key("n")
    t.that("n goes on", text(page, "#detail h3").startswith("Frame 7"), text(page, "#detail h3"))
    page.key("p")
    t.that("p goes back", text(page, "#detail h3").startswith("Frame 6"))
    page.js("document.querySelectorAll('#wrong button')[1].click()")
    page.settle()
    t.same("a reason selects its packets", (shown_count(page), texts(page, CHIPS)),
           (1, ["tcp-seq-over ✕"]))
    page.js("[...document.querySelectorAll('#rules-table button')].find(b => "
            "b.textContent.includes('INVALID -j DROP')).click()")
    page.settle()
    t.same("a rule selects its packets", (shown_count(page), texts(page, CHIPS)),
           (2, ["filter:FORWARD:3 ✕"]))
    t.same("rules that matched", page.js("""(() => { document.querySelector('#matched-only').click();
        return [...document.querySelectorAll('#rules-table tbody tr')].every(r =>
            r.children[2].textContent !== '0'); })()"""), True)
    page.key("i")
    page.js("document.querySelectorAll('#words button')[1].click()")
    page.settle()
    t.same("a word shows all of its packets", shown_count(page), 11)
    page.js("document.querySelector('#every-packet').click()")
    page.key("i")
    t.same("i shows trouble", shown_count(page), 2)


def other_drops(t, page):
    """What the kernel drops is another list than what the rules drop."""
    rows = page.js("""[...document.querySelectorAll('#wrong table[aria-label^=Dropped] tr')]
        .map(r => [r.querySelector('button').textContent, r.querySelector('.n').textContent])""")
    t.same("drops by the kernel and by a rule", rows, [
        ["dropped by the kernel or a helper", "26"], ["filter:FORWARD:3", "1"]])
    for row, (_, count) in enumerate(rows):
        page.js(f"""document.querySelectorAll('#wrong table[aria-label^=Dropped] button')[{row}]
            .click()""")
        page.settle()
        t.same("a row lists as many as it says", (shown_count(page), len(texts(page, CHIPS))),
               (number(count), 1))


def sorting(t, page):
    column = "[...document.querySelectorAll('#talkers-table tbody tr')].map(r => r.children[%d].textContent)"
    for key, index in (("packets", 3), ("connections", 2)):
        click = f"document.querySelector('#talkers-table [data-key={key}]').click()"
        page.js(click)
        values = [number(v) for v in page.js(column % index)]
        t.same(f"sorted by {key}", values, sorted(values, reverse=True))
        page.js(click)
        t.same(f"the other way by {key}", [number(v) for v in page.js(column % index)],
               sorted(values))
        t.same("the head says so", page.js("document.querySelector('#talkers-table th[aria-sort]')"
                                           ".getAttribute('aria-sort')"), "ascending")
        t.same("the focus stays", page.js("document.activeElement.dataset.key"), key)


def keyboard(t, page):
    page.key("?")
    t.same("? lists the keys", page.js("document.querySelector('#keys').open"), True)
    page.key("Escape")
    t.same("Esc closes the list", page.js("document.querySelector('#keys').open"), False)
    before = page.js("document.documentElement.dataset.theme")
    page.key("d")
    t.that("d changes the theme", page.js("document.documentElement.dataset.theme") != before)
    page.key("d")
    clock = text(page, "#range")
    page.key("t")
    t.that("t changes the times", text(page, "#range") != clock and ":" in text(page, "#range"))
    page.key("t")
    page.key("m")
    t.same("m shows the limit", page.js("document.querySelector('#max-line').getAttribute("
                                        "'aria-pressed')"), "true")
    page.key("m")
    page.js("document.activeElement.blur(); document.querySelector('h1').scrollIntoView()")
    seen = []
    for _ in range(80):
        page.key("Tab")
        seen.append(page.js("(e => e.id || e.dataset.do || e.dataset.key || e.textContent)"
                            "(document.activeElement)"))
    order = [x for x in ("search", "time-mode", "theme", "show-keys", "left", "all", "lanes",
                         "only-trouble", "packet-list", "packets") if x in seen]
    t.same("Tab reaches each part, in order", [x for x in seen if x in order][:len(order)],
           ["search", "time-mode", "theme", "show-keys", "left", "all", "lanes",
            "only-trouble", "packet-list", "packets"])
    nameless = page.js("""[...document.querySelectorAll('button, input')].filter(e =>
        !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).length""")
    t.same("each control has a name", nameless, 0)
    silent = page.js("""[...document.querySelectorAll('canvas')].filter(c =>
        !c.closest('[aria-label]')).length""")
    t.same("each canvas has a text", silent, 0)


def themes(t, browser, html):
    backs = {}
    for theme in ("light", "dark"):
        page = opened(browser, html, before=lambda p, th=theme: p.prefer(th))
        t.same("as the system prefers", page.js("document.documentElement.dataset.theme"), theme)
        backs[theme] = page.js("getComputedStyle(document.documentElement).backgroundColor")
        page.js("document.querySelector('#theme').click()")
        page.settle()
        t.that("the button changes it", page.js(
            "getComputedStyle(document.documentElement).backgroundColor") != backs[theme])
        page.close()
    t.that("dark is not light", backs["light"] != backs["dark"], backs)


def small(t, browser, html):
    page = opened(browser, html, 390, 844, mobile=True)
    t.same("nothing is wider than a telephone", page.js("document.documentElement.scrollWidth"), 390)
    cut = page.js("""[...document.querySelectorAll('main button, main h2, main dd')].filter(e =>
        !e.closest('.scroll, .vlist') && e.getBoundingClientRect().right > 390.5)
        .map(e => e.textContent)""")
    t.same("nothing is cut off", cut, [])
    page.size(1280, 800)
    page.settle()
    t.that("a window may grow", page.js("document.querySelector('#curve-words canvas')"
                                        ".getBoundingClientRect().width") > 900)
    t.same("no word on the console", page.console, [])
    page.close()


def pinched(t, page, what, x, w, y):
    """Two fingers over a place that shows the time from x on, in w pixels."""
    a, b = whole = page.js(RANGE)
    at = lambda share, to: [(x + w * share, y), (x + w * to, y)]  # noqa: E731
    page.touch(at(0.3, 0.2), at(0.5, 0.6))      # twice as far apart, about 0.4
    got = page.js(RANGE)
    t.that(f"{what}: fingers apart show less", near(got[1] - got[0], (b - a) / 2), got)
    middle = a + (b - a) * 0.4
    t.that(f"{what}: about their middle", near((middle - got[0]) / (got[1] - got[0]), 0.4), got)
    page.touch(at(0.4, 0.5), at(0.6, 0.7))      # both to the right
    moved = page.js(RANGE)
    t.that(f"{what}: both to the right go earlier", near(got[0] - moved[0], (b - a) * 0.05, 0.1) and
           near(moved[1] - moved[0], got[1] - got[0]), moved)
    page.touch(at(0.1, 0.4), at(0.9, 0.6))
    t.same(f"{what}: fingers together show all", page.js(RANGE), whole)
    page.touch([(x + w * 0.5, y - 20), (x + w * 0.5, y - 40)],
               [(x + w * 0.5, y + 20), (x + w * 0.5, y + 40)])
    got = page.js(RANGE)
    t.that(f"{what}: fingers above each other, too", near(got[1] - got[0], (b - a) / 2), got)
    page.js("CT.view.all()")
    page.settle()


def fingers(t, browser, html):
    page = opened(browser, html, 390, 844, mobile=True)
    whole = page.js(RANGE)
    x, y, w, h = page.box("#curve-table .u-over")
    pinched(t, page, "curves", x, w, y + h / 2)
    x, y, w, h = page.box("#lanes")
    axis = page.js("CT.view.sizes().axis")
    pinched(t, page, "lanes", x + 1 + axis, w - 2 - axis, y + h / 2)
    t.same("two fingers select no lane", texts(page, CHIPS), [])
    page.js("CT.lanes.resize(1)")
    page.settle()
    page.touch([(x + w / 2, y + h * 0.8), (x + w / 2, y + h * 0.2)])
    t.that("one finger scrolls", page.wait("document.querySelector('#lanes').scrollTop +"
                                           " document.documentElement.scrollTop > 0", 5))
    page.box("#lanes")
    page.touch([(x + w * 0.3, y + h / 2), (x + w * 0.8, y + h / 2)])
    t.same("one finger does not zoom", page.js(RANGE), whole)
    x, y, w, h = page.box("#lanes")
    page.touch([(x + w / 2, y + 50), (x + w / 2, y + 50)])
    t.same("a tap selects a lane", len(texts(page, CHIPS)), 1)
    t.same("fingers: console", page.console, [])
    page.close()


def paper(t, page):
    page.js("document.querySelector('#every-packet').click()")
    page.settle()
    data = page.pdf()
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    t.that("paper has pages", data.startswith(b"%PDF") and 1 <= pages <= 20, pages)
    t.same("afterwards all is as before", (text(page, "#print-packets"), page.console), ("", []))


def check(t, browser, folder):
    html = make(folder / "ftp.html", FTP)
    page = opened(browser, html)
    for part in (zoom, search, selection, sorting, keyboard, paper):
        part(t, page)
    t.same("no word on the console", page.console, [])
    t.same("no request", page.requests, [html.resolve().as_uri()])
    page.close()
    fingers(t, browser, html)
    alone(t, browser, make(folder / "alone.html", "-N", "udp",
                           "testdata/port-scan.pcap", "testdata/dns.pcap"))
    html = make(folder / "firewall.html", "--firewall", ROUTER, "testdata/tcp-rst.pcap")
    page = opened(browser, html)
    trouble(t, page)
    t.same("no word on the console", page.console, [])
    page.close()
    page = opened(browser, make(folder / "drops.html", "--firewall", ROUTER,
                                "testdata/fragments-attacks-ipv4.pcap"))
    other_drops(t, page)
    page.close()
    themes(t, browser, html)
    small(t, browser, html)
