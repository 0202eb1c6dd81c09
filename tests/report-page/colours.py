# SPDX-License-Identifier: GPL-2.0-only
"""
colours.py - the page's colours, as people with a colour vision deficiency see them.

Machado, Oliveira and Fernandes (2009) give the matrices for linear RGB; a difference
of 10 in CIELAB is what a glance tells apart.  Text is held to WCAG 2's contrast.
"""
import itertools
import math
import re

from support import TOP

VISION = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((.152286, 1.052583, -.204868), (.114503, .786281, .099216),
                   (-.003882, -.048116, 1.051998)),
    "deuteranopia": ((.367322, .860646, -.227968), (.280085, .672501, .047413),
                     (-.011820, .042940, .968881)),
    "tritanopia": ((1.255528, -.076749, -.178779), (-.078411, .930809, .147602),
                   (.004733, .691367, .303900)),
}
WORDS = ("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "FRAGMENT", "DROP")
LANES = ("opening", "open", "closing", "closed", "INVALID", "DROP", "back")
LEAST = 10
CONTRAST = 4.5


def themes():
    css = (TOP / "src/report/page/page.css").read_text()
    out = {}
    for name, start in (("light", ":root {"), ("dark", ':root[data-theme="dark"] {')):
        block = css[css.index(start):].split("}")[0]
        out[name] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    return out


def linear(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4 for c in parts]


def lab(rgb):
    rows = ((.4124, .3576, .1805), (.2126, .7152, .0722), (.0193, .1192, .9505))
    x, y, z = (sum(a * min(1, max(0, b)) for a, b in zip(row, rgb)) for row in rows)
    f = lambda t: t ** (1 / 3) if t > .008856 else 7.787 * t + 16 / 116  # noqa: E731
    fx, fy, fz = f(x / .9505), f(y), f(z / 1.089)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour, vision):
    rgb = linear(colour)
    return lab([sum(a * b for a, b in zip(row, rgb)) for row in VISION[vision]])


def contrast(a, b):
    light = sorted(.2126 * r + .7152 * g + .0722 * bl for r, g, bl in (linear(a), linear(b)))
    return (light[1] + .05) / (light[0] + .05)


def check(t, *_):
    for theme, colours in themes().items():
        for vision in VISION:
            for group in (WORDS, LANES):
                for a, b in itertools.combinations(group, 2):
                    apart = math.dist(seen(colours[a], vision), seen(colours[b], vision))
                    t.that(f"{theme}, {vision}: {a} and {b}", apart >= LEAST, f"{apart:.1f}")
        for text in ("text", "soft", "accent", "bad-text"):
            t.that(f"{theme}: {text} can be read", contrast(colours[text], colours["back"]) >=
                   CONTRAST, f"{contrast(colours[text], colours['back']):.1f}")
