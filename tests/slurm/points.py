# SPDX-License-Identifier: GPL-2.0-only
"""
points.py FOLDER: 64 capture points with two or three files each, see
tests/merge/captures.py.
"""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "merge"))
import captures


def main():
    for number in range(64):
        folder = pathlib.Path(sys.argv[1]) / f"point-{number:02}"
        folder.mkdir(parents=True)
        packets = captures.place(number, 20)
        files = 2 + number % 2
        for i in range(files):
            part = packets[len(packets) * i // files:len(packets) * (i + 1) // files]
            (folder / f"{i}.pcap").write_bytes(captures.pcap(part))


if __name__ == "__main__":
    main()
