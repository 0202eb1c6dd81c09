#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
check.py [--graph]

Holds the includes below src/ against the layout that HACKING.md describes:
each module knows the modules below it and none above; files of different
modules never include each other in a circle; files and functions stay short.
--graph prints every arrow between modules with the number of its includes.
"""
import collections
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]

# What a module may include besides its own files and the public headers.
# "conntrack" is the folder itself: the core, and the headers that trackers and
# helpers see.
ALLOWED = {
    "base": (),
    "sandbox": ("base",),
    "packet": ("base",),
    "capture": ("base", "packet", "capture/link"),
    "capture/link": ("base", "packet", "capture"),
    "conntrack/table": ("base", "packet", "conntrack"),
    "conntrack/kernel": ("base", "packet", "conntrack"),
    "conntrack/proto": ("base", "packet", "conntrack", "conntrack/table",
                        "conntrack/kernel"),
    "conntrack/helper": ("base", "packet", "conntrack", "conntrack/table",
                         "conntrack/kernel"),
    "conntrack": ("base", "packet", "conntrack/table", "conntrack/kernel",
                  "conntrack/proto", "conntrack/helper"),
    "rules": ("base", "packet"),
    "report": ("base", "packet"),
    "cli": ("base", "report", "sandbox"),
    "replay": ("base", "sandbox", "packet", "capture", "capture/link", "rules",
               "report", "cli", "replay/quality", "replay/explain", "replay/page"),
    "replay/page": ("base", "packet", "report", "cli", "rules", "replay", "replay/explain"),
    "replay/explain": ("base", "packet", "capture", "capture/link", "report", "cli",
                       "replay"),
    "replay/quality": ("base", "packet", "capture", "report", "replay"),
    "merge": ("base", "sandbox", "capture", "report", "cli"),
    ".": ("base", "cli", "merge", "replay", "sandbox"),
}
# Headers of a lower floor that a leaf must not see although its folder may.
HIDDEN = {"conntrack/table": ("conntrack/track.h", "conntrack/engine.h")}

TOP_NAMES = {
    ".ci", ".clang-format", ".editorconfig", ".gitignore", "CHANGELOG.md",
    "CONTRIBUTING.md", "HACKING.md", "LICENSE", "Makefile", "README.md", "SECURITY.md",
    "completions", "debian", "docs", "examples", "findings", "include", "man", "schema",
    "src", "testdata", "tests", "wireshark",
}

FILE_LINES = 500
FUNCTION_LINES = 80
USUAL_LINES = 30
USUAL_SHARE = 0.9

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def module_of(path):
    return str(path.parent) if path.parent != pathlib.Path(".") else "."


def read_tree():
    """Maps each file below src/ to the files that it includes."""
    files = {}
    for path in sorted((TOP / "src").rglob("*.[ch]")):
        name = path.relative_to(TOP / "src")
        files[name] = [pathlib.Path(i) for i in
                       INCLUDE.findall(path.read_text(encoding="utf-8"))
                       if not i.startswith("ctreplay/")]
    return files


def check_arrows(files, arrows):
    for name, includes in files.items():
        module = module_of(name)
        for include in includes:
            if include not in files:
                yield f"src/{name}: includes {include}, which is not in src"
                continue
            target = module_of(include)
            if target == module:
                continue
            arrows[module, target] += 1
            if target not in ALLOWED.get(module, ()):
                yield f"src/{name}: {module} must not include {include}"
            elif str(include) in HIDDEN.get(module, ()):
                yield f"src/{name}: a leaf must not include {include}"


def check_circles(files):
    """Depth-first search for circles that cross a module's border."""
    state, path = {}, []

    def visit(name):
        state[name] = "open"
        path.append(name)
        for include in files[name]:
            if include not in files:
                continue
            if state.get(include) == "open":
                circle = path[path.index(include):]
                if len({module_of(f) for f in circle}) > 1:
                    yield "a circle of includes: " + " > ".join(
                        str(f) for f in circle + [include])
            elif include not in state:
                yield from visit(include)
        path.pop()
        state[name] = "done"

    for name in files:
        if name not in state:
            yield from visit(name)


def function_lengths(text):
    """Lines of each function: from a "{" in the first column to its "}"."""
    start = None
    for number, line in enumerate(text.split("\n"), 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number - start + 1
            start = None


def check_lengths(files):
    lengths = []
    for name in files:
        text = (TOP / "src" / name).read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > FILE_LINES:
            yield f"src/{name}: {lines} lines, more than {FILE_LINES}"
        for at, length in function_lengths(text):
            lengths.append(length)
            if length > FUNCTION_LINES:
                yield (f"src/{name}:{at}: a function of {length} lines, "
                       f"more than {FUNCTION_LINES}")
    short = sum(n <= USUAL_LINES for n in lengths)
    if short < USUAL_SHARE * len(lengths):
        yield (f"{short} of {len(lengths)} functions have up to {USUAL_LINES} "
               f"lines, fewer than {USUAL_SHARE:.0%}")


def check_guide(files):
    """HACKING.md names files and functions that exist."""
    text = (TOP / "HACKING.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for folder in
                   ("src", "include", "tests/unit", "tests/fuzz")
                   for path in (TOP / folder).rglob("*.[ch]"))
    names = {path.name for path in TOP.rglob("*.[ch]")}
    for span in sorted(set(re.findall(r"`([^`\n]+)`", text))):
        if "NAME" in span or " " in span:
            continue
        call = re.fullmatch(r"(\w+)\(\)", span)
        if call and not re.search(rf"\b{call[1]}\(", code):
            yield f"HACKING.md: there is no function {span}"
        elif re.fullmatch(r"[\w./-]+\.(c|h|py|sh|md)", span) and not (
                (TOP / span).exists() or (TOP / "src" / span).exists() or
                (TOP / "include" / span).exists() or
                pathlib.Path(span).name in names):
            yield f"HACKING.md: there is no file {span}"


def check_top():
    """Nothing else lies in the first folder, but for what git does not keep."""
    if not shutil.which("git"):
        return
    known = subprocess.run(["git", "-C", TOP, "ls-files"], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True,
                           check=False).stdout.splitlines()
    for name in sorted({pathlib.PurePath(path).parts[0] for path in known} - TOP_NAMES):
        yield f"{name}: not a name of the first folder"


def main():
    files = read_tree()
    arrows = collections.Counter()
    faults = [*check_arrows(files, arrows), *check_circles(files),
              *check_lengths(files), *check_guide(files), *check_top()]
    if "--graph" in sys.argv[1:]:
        for (module, target), n in sorted(arrows.items()):
            print(f"{module} > {target}: {n}")
    for fault in faults:
        print("FAIL", fault)
    print(f"layout: {len(files) - len(faults)} passed, {len(faults)} failed")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
