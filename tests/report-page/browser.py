# SPDX-License-Identifier: GPL-2.0-only
"""
browser.py - drives a headless Chromium by its DevTools protocol.

The protocol goes through a pipe: the browser reads file descriptor 3 and writes to 4,
messages of JSON with a zero byte behind each.  No port is opened, and Python's
standard library is all that this needs.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
START = 40          # seconds a loaded machine may take to start the browser


class BrowserError(Exception):
    pass


def find():
    for name in NAMES:
        if shutil.which(name):
            return name
    return None


class Page:
    """A tab; what its console printed and what it wanted to fetch is kept."""

    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.console, self.blocked = [], []
        self.sent = {}      # URLs by request, less those that the page's policy refused

    @property
    def requests(self):
        return list(self.sent.values())

    def call(self, method, **params):
        return self.browser.call(method, params, self.session)

    def hear(self, method, p):
        if method == "Runtime.consoleAPICalled":
            text = " ".join(str(a.get("value", a.get("description"))) for a in p["args"])
            self.console.append(f"{p['type']}: {text}")
        elif method == "Runtime.exceptionThrown":
            d = p["exceptionDetails"]
            self.console.append("exception: " + d.get("exception", {}).get(
                "description", d["text"]))
        elif method == "Log.entryAdded":
            self.console.append(f"{p['entry']['level']}: {p['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            self.sent[p["requestId"]] = p["request"]["url"]
        elif method == "Network.loadingFailed" and p.get("blockedReason") == "csp":
            self.sent.pop(p["requestId"], None)
        elif method == "Audits.issueAdded":
            self.blocked.append(p["issue"]["code"])

    def open(self, path, width=1280, height=800, scale=1, mobile=False):
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(domain + ".enable")
        self.size(width, height, scale, mobile)
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})
        del self.browser.pages[self.session]

    def size(self, width, height, scale=1, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=mobile)

    def prefer(self, theme):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": theme}])

    def js(self, expression):
        """The value of an expression, which may be a promise."""
        r = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                      returnByValue=True, allowUnsafeEvalBlockedByCSP=False)
        if "exceptionDetails" in r:
            d = r["exceptionDetails"]
            raise BrowserError(d.get("exception", {}).get("description", d["text"]))
        return r["result"].get("value")

    def wait(self, expression, seconds=START):
        """Until the expression is true; a page that reloads meanwhile is no error."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                value = self.js(expression)
            except BrowserError:
                value = None
            if value:
                return value
            time.sleep(0.03)
        raise BrowserError(f"never true in {seconds} s: {expression}; console: {self.console}")

    def settle(self):
        """After the next two display frames, when all that was asked for is drawn."""
        self.js("new Promise(d => requestAnimationFrame(() => requestAnimationFrame("
                "() => setTimeout(d, 0))))")

    def key(self, key, text=None, modifiers=0):
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38,
                 "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35,
                 "PageDown": 34, "PageUp": 33}
        text = text if text is not None else key if len(key) == 1 else None
        if key == "Enter":
            text = "\r"
        event = {"key": key, "modifiers": modifiers,
                 "windowsVirtualKeyCode": codes.get(key, 0)}
        if text:
            event["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **event)
        event.pop("text", None)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)
        self.settle()

    def type(self, text):
        self.call("Input.insertText", text=text)

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x, y, count=1):
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y, button="left", clickCount=count,
                       buttons=1 if kind == "mousePressed" else 0)
        self.settle()

    def drag(self, x0, y0, x1, y1):
        self.mouse("mouseMoved", x0, y0)
        self.mouse("mousePressed", x0, y0, button="left", buttons=1, clickCount=1)
        for i in range(1, 6):
            self.mouse("mouseMoved", x0 + (x1 - x0) * i / 5, y0 + (y1 - y0) * i / 5,
                       button="left", buttons=1)
        self.mouse("mouseReleased", x1, y1, button="left", clickCount=1)
        self.settle()

    def wheel(self, x, y, dy, modifiers=0):
        self.mouse("mouseMoved", x, y)
        self.mouse("mouseWheel", x, y, deltaX=0, deltaY=dy, modifiers=modifiers)
        self.settle()

    def touch(self, *paths, steps=8):
        """Fingers, each from a point to another: [(x0, y0), (x1, y1)]."""
        self.call("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)

        def send(kind, share):
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=[
                {"x": a[0] + (b[0] - a[0]) * share, "y": a[1] + (b[1] - a[1]) * share,
                 "id": i} for i, (a, b) in enumerate(paths)] if share is not None else [])
        send("touchStart", 0)
        for i in range(steps + 1):
            send("touchMove", i / steps)
        send("touchEnd", None)
        self.settle()

    def box(self, selector):
        """x, y, width, height of an element, scrolled into sight."""
        return self.js(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            e.scrollIntoView({{block: "center"}}); const r = e.getBoundingClientRect();
            return [r.x, r.y, r.width, r.height]; }})()""")

    def picture(self, path, full=False, clip=None):
        options = {"format": "png", "captureBeyondViewport": full}
        if full:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = (0, 0, size["width"], size["height"])
        if clip:
            options["clip"] = dict(zip(("x", "y", "width", "height"), clip), scale=1)
        data = self.call("Page.captureScreenshot", **options)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])


class Browser:
    """prefix: a command that the browser runs under, such as "unshare -n"."""

    def __init__(self, prefix=(), options=()):
        name = find()
        if not name:
            raise BrowserError("no chromium")
        self.home = tempfile.TemporaryDirectory(prefix="ctreplay-page-")
        self.last, self.answers, self.pages, self.held = 0, {}, {}, b""
        theirs_in, self.out = os.pipe()
        self.read, theirs_out = os.pipe()
        self.process = subprocess.Popen(
            [*prefix, "sh", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "sh", name,
             "--headless=new", "--remote-debugging-pipe", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--hide-scrollbars", "--font-render-hinting=none",
             f"--user-data-dir={self.home.name}",
             # The browser's own sandbox refuses to run as root, which CI is.
             *(["--no-sandbox"] if os.getuid() == 0 else []), *options],
            pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)

    def receive(self, until):
        while b"\0" not in self.held:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.read], [], [], left)[0]:
                raise BrowserError("the browser does not answer")
            data = os.read(self.read, 1 << 20)
            if not data:
                raise BrowserError("the browser ended")
            self.held += data
        message, self.held = self.held.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, params=None, session=None, seconds=120):
        self.last += 1
        number = self.last
        message = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        until = time.monotonic() + seconds
        while True:
            m = self.receive(until)
            if m.get("id") == number:
                break
            page = self.pages.get(m.get("sessionId"))
            if page and "method" in m:
                page.hear(m["method"], m["params"])
        if "error" in m:
            raise BrowserError(f"{method}: {m['error']['message']}")
        return m["result"]

    def page(self):
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget",
                            {"targetId": target, "flatten": True})["sessionId"]
        self.pages[session] = Page(self, session, target)
        return self.pages[session]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close", seconds=5)
        except (BrowserError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.read)
        # Helpers of the browser may write a last time.
        for _ in range(10):
            try:
                self.home.cleanup()
                return
            except OSError:
                time.sleep(0.1)
