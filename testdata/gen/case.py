# SPDX-License-Identifier: GPL-2.0-only
"""How a function becomes a capture of the set."""

from . import frames as f


class Case:
    def __init__(self, file, function, options, note):
        self.file, self.function, self.options, self.note = file, function, options, note

    def made(self):
        return self.function()

    def data(self):
        made = self.made()
        return made if isinstance(made, bytes) else f.pcap(made, **self.options)

    def count(self):
        made = self.made()
        return self.note if isinstance(made, bytes) else str(len(made))

    def reason(self):
        return " ".join(self.function.__doc__.split())


class Registry:
    """@capture("name.pcap", linktype=…): the function returns (time, frame) pairs, or a whole
    file as bytes; then readable= says how many of its frames a reader gets."""

    def __init__(self):
        self.cases = []

    def __call__(self, file, *, readable="", **options):
        def register(function):
            self.cases.append(Case(file, function, options, str(readable)))
            return function
        return register
